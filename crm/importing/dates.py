"""Days as people and programs write them (interop §3 rule 8, §5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from crm.partial_date import PartialDate

APPLE_NO_YEAR: Final = 1604
"""The year Apple writes when it knows none."""
EMPTY: Final = frozenset(("0.0.00", "0/0/00", "00.00.0000", "00/00/0000", "0000-00-00", "00.00.00"))
"""How Outlook and others write «no date»."""

_ISO: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)(?:[T ]\S.*)?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)(?:[T ,].*)?")
_NO_YEAR: Final = re.compile(r"--(\d{2})-?(\d{2})(?!\d)(?:T.*)?")
_THREE: Final = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})(?!\d)(?:[T ,].*|\s?г\.?.*)?")
_TWO: Final = re.compile(r"(\d{1,2})[./](\d{1,2})\.?")
_DAY_WORD: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([^\W\d_]{3,})\.?,?(?:[\s-]+(\d{4}|\d{2}))?\s*(?:г\.?|года?)?(?:\s.*)?"
)
_WORD_DAY: Final = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?:[\s,].*)?")
_MONTHS: Final = {
    stem: number
    for number, stems in enumerate(
        (
            ("янв", "jan"),
            ("фев", "feb"),
            ("мар", "mar"),
            ("апр", "apr"),
            ("май", "мая", "may"),
            ("июн", "jun"),
            ("июл", "jul"),
            ("авг", "aug"),
            ("сен", "sep"),
            ("окт", "oct"),
            ("ноя", "nov"),
            ("дек", "dec"),
        ),
        start=1,
    )
    for stem in stems
}
_EXCEL_EPOCH: Final = date(1899, 12, 30)


def of_card(text: str, today: date) -> PartialDate | None:
    """A BDAY: time and zone dropped without a shift, Apple's year 1604 taken as unknown; None if it is no day."""
    return of_cell(text, "dmy", today)


def of_cell(text: str, order: str, today: date) -> PartialDate | None:
    """A birthday as a cell writes it; `order` is «dmy» or «mdy». None if it is no day or lies after `today`."""
    found = _parts(text.strip(), order)
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


def _parts(text: str, order: str) -> tuple[int | None, int, int] | None:
    """Year, month, day as numbers, unchecked."""
    if len(text) > 60:
        return None
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NO_YEAR.fullmatch(text):
        return None, int(found[1]), int(found[2])
    if found := _THREE.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if order == "mdy" else (first, second)
        if month > 12 >= day:
            day, month = month, day
        return int(found[3]), month, day
    if found := _TWO.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        return (None, first, second) if order == "mdy" else (None, second, first)
    if found := _DAY_WORD.fullmatch(text):
        month = _MONTHS.get(found[2][:3].lower(), 0)
        return (int(found[3]) if found[3] else None, month, int(found[1])) if month else None
    if found := _WORD_DAY.fullmatch(text):
        month = _MONTHS.get(found[1][:3].lower(), 0)
        return (int(found[3]) if found[3] else None, month, int(found[2])) if month else None
    if text.isascii() and text.isdigit() and 4 <= len(text) <= 5 and int(text) > 3000:
        whole = _EXCEL_EPOCH + timedelta(days=int(text))
        return whole.year, whole.month, whole.day
    return None


def order_of(cells: Iterable[str]) -> str:
    """«dmy» or «mdy» when any cell of a column tells them apart, «» when none does."""
    months_first = days_first = 0
    for cell in cells:
        found = _THREE.fullmatch(cell.strip())
        if found:
            days_first += int(found[1]) > 12
            months_first += int(found[2]) > 12
    if months_first > days_first:
        return "mdy"
    return "dmy" if days_first else ""


def ambiguous(text: str) -> bool:
    """Day and month could change places and would give another day; with points the day is always first."""
    found = _THREE.fullmatch(text.strip())
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
