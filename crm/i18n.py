"""One mechanism for words: window, PDF and command line.

Sources hold English; `resources/translations/<language>/*.po` hold the rest, one file per area. The catalogue is
read straight from the `.po` files through Babel, or from one `catalogue.mo` compiled beside them (`make messages`),
which is several times quicker and therefore what start-up finds. Russian is the language used when nobody chose.

User text is only ever an argument of a message, never a message: `text("Added {name}", name=...)`.
"""

from __future__ import annotations

import contextlib
import gettext
import io
import os
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from crm import clock, paths

LANGUAGES: Final = ("ru", "en")
NBSP: Final = "\N{NO-BREAK SPACE}"
_default = "ru"
_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def use(language: str) -> None:
    """Set the language of the whole program."""
    global _default  # noqa: PLW0603 - the one place the program's language is kept
    _default = language if language in LANGUAGES else "en"


@contextlib.contextmanager
def using(language: str) -> Iterator[None]:
    """Within this block, on this thread, speak `language`: a report may be English in a Russian window."""
    token = _chosen.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _chosen.reset(token)


def current() -> str:
    """The language in use: «ru» or «en»."""
    return _chosen.get() or _default


def from_environment() -> str:
    """The language this computer speaks, ru or en; Russian first when it does not say."""
    for name in ("KRUG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value and value.split(".")[0] not in {"C", "POSIX"}:
            return "ru" if value.lower().startswith("ru") else "en"
    return "ru"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = paths.resources() / "translations" / language
    sources = sorted(folder.glob("*.po"))
    if not sources:
        return gettext.NullTranslations()
    compiled = folder / "catalogue.mo"
    newest = max(source.stat().st_mtime for source in sources)
    if compiled.is_file() and compiled.stat().st_mtime >= newest:
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return gettext.GNUTranslations(io.BytesIO(compile_catalogue(folder)))


def read_catalogue(folder: Path, disagreements: list[str] | None = None) -> Any:
    """All `.po` files of one language's `folder` as one Babel catalogue.

    Where two files disagree on an entry the first one counts, and `disagreements` is told.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    whole = Catalog(locale=folder.name, charset="utf-8")
    for source in sorted(folder.glob("*.po")):
        with source.open("rb") as file:
            for entry in read_po(file, locale=folder.name, charset="utf-8"):
                if not entry.id:
                    continue
                singular = entry.id[0] if isinstance(entry.id, tuple) else entry.id
                known = whole.get(singular, context=entry.context)
                if known is not None and known.string != entry.string:
                    if disagreements is not None:
                        disagreements.append(f"{source.name}: another translation of {entry.id!r}")
                    continue
                whole.add(entry.id, entry.string, flags=entry.flags, context=entry.context)
    return whole


def compile_catalogue(folder: Path) -> bytes:
    """The `.po` files of one language's `folder` as one `.mo`."""
    from babel.messages.mofile import write_mo

    target = io.BytesIO()
    write_mo(target, read_catalogue(folder))
    return target.getvalue()


def text(message: str, **arguments: Any) -> str:
    """`message` in the language in use, its `{named}` places filled."""
    found = _catalogue(current()).gettext(message) if message else ""
    return found.format(**arguments) if arguments else found


def in_context(context: str, message: str, **arguments: Any) -> str:
    """Like `text`, for a word that means two things: `context` says which."""
    found = _catalogue(current()).pgettext(context, message)
    return found.format(**arguments) if arguments else found


def plural(one: str, many: str, count: int, **arguments: Any) -> str:
    """The right form for `count`, which is also the `{count}` of the message, with its digits grouped."""
    found = _catalogue(current()).ngettext(one, many, count)
    return found.format(count=number(count), **arguments)


def mark(message: str) -> str:
    """Say that `message` is a catalogue entry without translating it yet."""
    return message


@dataclass(frozen=True, slots=True)
class Phrase:
    """A catalogue entry with what fills it, translated when it is shown: a deed's label, a warning.

    With `many` set it is a plural, and `arguments["count"]` decides its form. Arguments are texts and whole numbers.
    """

    message: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    many: str = ""

    def text(self) -> str:
        """The phrase in the language in use now."""
        rest = {name: value for name, value in self.arguments.items() if name != "count"}
        if self.many:
            return plural(self.message, self.many, int(self.arguments.get("count", 0)), **rest)
        return text(self.message, **self.arguments)


def phrase(message: str, **arguments: Any) -> Phrase:
    """A phrase with its arguments: `phrase("Added {name}", name=…)`."""
    return Phrase(message, arguments)


def phrase_plural(one: str, many: str, count: int, **arguments: Any) -> Phrase:
    """A phrase whose form follows `count`."""
    return Phrase(one, {**arguments, "count": count}, many)


def number(value: float, digits: int | None = None) -> str:
    """«1 284», «5,4», «−3»: groups apart, decimal sign of the language, a true minus; `digits` after the point."""
    if digits is None:
        digits = 0 if float(value).is_integer() else 1
    whole = f"{abs(value):,.{digits}f}"
    if current() == "ru":
        whole = whole.replace(",", NBSP).replace(".", ",")
    negative = value < 0 and any(char not in "0,. " + NBSP for char in whole)
    return ("\N{MINUS SIGN}" if negative else "") + whole


def signed(value: float, digits: int | None = None) -> str:
    """A change: «+17», «−2», «0»."""
    return ("+" if value > 0 else "") + number(value, digits)


def percent(value: float | None, digits: int = 0) -> str:
    """«71 %» in Russian, «71%» in English, «—» for nothing; `value` is already out of 100."""
    if value is None:
        return "\N{EM DASH}"
    return number(value, digits) + (NBSP + "%" if current() == "ru" else "%")


_MONTHS_SHORT: Final = {
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_MONTHS_ALONE: Final = {
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": _MONTHS_SHORT["en"],
}
_WEEKDAYS_SHORT: Final = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def day(value: date | None, today: date | None = None) -> str:
    """«сегодня», «вчера», «завтра», «12 ноя», «12 ноя 2024»: the year only when it is not this one."""
    if value is None:
        return "\N{EM DASH}"
    if today is not None:
        away = (value - today).days
        if away in (-1, 0, 1):
            return (text("today"), text("tomorrow"), text("yesterday"))[away]
    month = _MONTHS_SHORT[current()][value.month - 1]
    shown = f"{value.day}{NBSP}{month}"
    if today is None or value.year != today.year:
        shown += f"{NBSP}{value.year}"
    return shown


def weekday_day(value: date, today: date) -> str:
    """«сб, 14 ноя» within a week of today, else as `day`."""
    if 1 < abs((value - today).days) <= 7:
        return f"{_WEEKDAYS_SHORT[current()][value.weekday()]}, {day(value, today)}"
    return day(value, today)


def weekday(value: date) -> str:
    """«чт», «Thu»."""
    return _WEEKDAYS_SHORT[current()][value.weekday()]


def month_short(month: int) -> str:
    """«ноя» for 11, as a heading of its own («май», not «мая»)."""
    return _MONTHS_ALONE[current()][month - 1]


def birthday(month: int, day_of_month: int) -> str:
    """«14 ноя» for a birthday, whose year is nobody's business."""
    return f"{day_of_month}{NBSP}{_MONTHS_SHORT[current()][month - 1]}"


def time(value: datetime, zone_name: str | None = None) -> str:
    """«18:42» by the wall clock of the named zone or of the laptop."""
    return clock.local(value, zone_name).strftime("%H:%M")


def date_long(value: date) -> str:
    """«12 ноября 2026», «12 November 2026»."""
    return _babel_date(value, "d MMMM y")


def day_long(value: date) -> str:
    """«четверг, 12 ноября»."""
    return _babel_date(value, "EEEE, d MMMM")


def month_long(value: date) -> str:
    """«октябрь 2026», as a name of its own."""
    return _babel_date(value, "LLLL y")


def month_genitive(value: date) -> str:
    """«октября» as in «Итоги октября»; «October» in English."""
    return _babel_date(value, "d MMMM").split(" ", 1)[1]


def _babel_date(value: date, pattern: str) -> str:
    from babel.dates import format_date

    return format_date(value, pattern, locale=current())
