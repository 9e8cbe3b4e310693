"""Calendar months as half-open periods, and what they are called."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm import i18n
from crm.i18n import mark

_COMPARED: Final = (
    mark("vs January"),
    mark("vs February"),
    mark("vs March"),
    mark("vs April"),
    mark("vs May"),
    mark("vs June"),
    mark("vs July"),
    mark("vs August"),
    mark("vs September"),
    mark("vs October"),
    mark("vs November"),
    mark("vs December"),
)


def month_start(day: date, months: int = 0) -> date:
    """The first day of the month of `day`, or of the month so many months later (earlier where negative)."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def compared_to_month(month: date, other: date) -> str:
    """What a change from the month of `other` to that of `month` is called: «к сентябрю», «к октябрю 2025»."""
    words = i18n.text(_COMPARED[other.month - 1])
    return words if other.year == month.year else f"{words}{i18n.NBSP}{other.year}"


def month_and_year(month: date, today: date) -> str:
    """«октября», with the year where it is not this one: «октября 2025»."""
    words = i18n.month_genitive(month)
    return words if month.year == today.year else f"{words}{i18n.NBSP}{month.year}"
