"""Days as people and programs write them: one reading for files, forms and fields."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_ISO: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)(?:[T ]\S.*)?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)(?:[T ,].*)?")
_NO_YEAR: Final = re.compile(r"--(\d{2})-?(\d{2})(?!\d)(?:T.*)?")
THREE: Final = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})(?!\d)(?:[T ,].*|\s?г\.?.*)?")
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


def whole_day(text: str, order: str = "dmy") -> date | None:
    """A day with its year, past or to come; None if `text` is none. `order` is «dmy» or «mdy»."""
    found = day_parts(text.strip(), order)
    if found is None or found[0] is None:
        return None
    year, month, day = found[0], found[1], found[2]
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def day_parts(text: str, order: str) -> tuple[int | None, int, int] | None:
    """Year (as written, perhaps of two digits, None where there is none), month, day: numbers, unchecked."""
    if len(text) > 60:
        return None
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NO_YEAR.fullmatch(text):
        return None, int(found[1]), int(found[2])
    if found := THREE.fullmatch(text):
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
