"""Days as people and programs write them (interop §3 rule 8, §5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from crm.partial_date import PartialDate
from crm.text.days import THREE, day_parts

APPLE_NO_YEAR: Final = 1604
"""The year Apple writes when it knows none."""
EMPTY: Final = frozenset(("0.0.00", "0/0/00", "00.00.0000", "00/00/0000", "0000-00-00", "00.00.00"))
"""How Outlook and others write «no date»."""


def of_card(text: str, today: date) -> PartialDate | None:
    """A BDAY: time and zone dropped without a shift, Apple's year 1604 taken as unknown; None if it is no day."""
    return of_cell(text, "dmy", today)


def of_cell(text: str, order: str, today: date) -> PartialDate | None:
    """A birthday as a cell writes it; `order` is «dmy» or «mdy». None if it is no day or lies after `today`."""
    found = day_parts(text.strip(), order)
    if found is None:
        return None
    year, month, day = found
    if year is not None and year < 100:
        year += 2000
        if (year, month, day) > (today.year, today.month, today.day):
            year -= 100
    if year in (APPLE_NO_YEAR, 0):
        year = None
    try:
        result = PartialDate(month, day, year)
    except ValueError:
        return None
    if year is not None and (year, month, day) > (today.year, today.month, today.day):
        return None
    return result


def order_of(cells: Iterable[str]) -> str:
    """«dmy» or «mdy» when any cell of a column tells them apart, «» when none does."""
    months_first = days_first = 0
    for cell in cells:
        found = THREE.fullmatch(cell.strip())
        if found:
            days_first += int(found[1]) > 12
            months_first += int(found[2]) > 12
    if months_first > days_first:
        return "mdy"
    return "dmy" if days_first else ""


def ambiguous(text: str) -> bool:
    """Day and month could change places and would give another day; with points the day is always first."""
    found = THREE.fullmatch(text.strip())
    if found is None or "." in text:
        return False
    return found[1] != found[2] and int(found[1]) <= 12 and int(found[2]) <= 12


def moment(text: str) -> datetime | None:
    """A REV: an aware moment in UTC, read as UTC where no zone is given; None if it is none."""
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
