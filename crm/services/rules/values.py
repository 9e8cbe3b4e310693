"""Values of conditions: what may stand beside an operator, and how JSON becomes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final, Literal, cast

from crm import text
from crm.models.people import PERSON_KINDS
from crm.models.records import LEVELS
from crm.services.rules.errors import RuleValueEmpty, RuleValueWrong

Editor = Literal[
    "none",
    "text",
    "texts",
    "number",
    "numbers",
    "score",
    "scores",
    "days",
    "date",
    "dates",
    "tag",
    "tags",
    "kinds",
    "levels",
    "contacts",
    "segment",
    "event",
]
"""What a person edits a value with; `numbers`, `scores` and `dates` are both ends of a range, inclusive."""

Value = None | str | int | date | tuple[str, ...] | tuple[int, ...] | tuple[date, ...]

CONTACT_KINDS: Final = ("phone", "email", "telegram", "vk", "whatsapp", "max")
LONGEST_TEXT: Final = 200
MOST_VALUES: Final = 100
MOST_DAYS: Final = 3650
MOST_TIMES: Final = 10_000


class _Wrong(Exception):
    """The value does not fit; turned into a refusal that names the field."""


class _Empty(Exception):
    """There is no value yet."""


def parse_value(editor: Editor, raw: object, field: str) -> Value:
    """The value that JSON `raw` stands for; raises RuleValueEmpty or RuleValueWrong, naming `field`."""
    try:
        if editor == "none":
            if raw is not None:
                raise _Wrong
            return None
        if raw is None or raw in ("", []):
            raise _Empty
        return cast("Value", _PARSERS[editor](raw))
    except _Empty as error:
        raise RuleValueEmpty(field=field) from error
    except _Wrong as error:
        raise RuleValueWrong(field=field) from error


def dump_value(value: Value) -> object:
    """The JSON form of a value."""
    if isinstance(value, tuple):
        return [dump_value(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def whole(raw: object, lowest: int, highest: int) -> int:
    """A whole number within bounds."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not lowest <= raw <= highest:
        raise _Wrong
    return raw


def parse_days(raw: object, field: str) -> int | None:
    """The length of a period in days, None for all time; raises RuleValueWrong."""
    try:
        return None if raw is None else whole(raw, 1, MOST_DAYS)
    except _Wrong as error:
        raise RuleValueWrong(field=field) from error


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise _Wrong
    if len(raw) > LONGEST_TEXT:
        raise _Wrong
    cleaned = text.clean(raw)
    if not text.fold(cleaned):
        raise _Empty
    return cleaned


def _listed(item: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    def parse(raw: object) -> tuple[Any, ...]:
        if not isinstance(raw, (list, tuple)) or len(raw) > MOST_VALUES:
            raise _Wrong
        return tuple(dict.fromkeys(item(one) for one in raw))

    return parse


def _chosen(choices: tuple[str, ...]) -> Callable[[object], str]:
    def parse(raw: object) -> str:
        if not isinstance(raw, str) or raw not in choices:
            raise _Wrong
        return raw

    return parse


def _key(raw: object) -> int:
    return whole(raw, 1, 2**62)


def _day(raw: object) -> date:
    if not isinstance(raw, str):
        raise _Wrong
    try:
        return date.fromisoformat(raw)
    except ValueError as error:
        raise _Wrong from error


def _event(raw: object) -> int | str:
    return "last" if raw == "last" else _key(raw)


def _range(item: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    def parse(raw: object) -> tuple[Any, ...]:
        if not isinstance(raw, (list, tuple)) or len(raw) != 2:
            raise _Wrong
        if raw[0] is None or raw[1] is None:
            raise _Empty
        ends = (item(raw[0]), item(raw[1]))
        if ends[0] > ends[1]:
            raise _Wrong
        return ends

    return parse


def _times(raw: object) -> int:
    return whole(raw, 0, MOST_TIMES)


def _score(raw: object) -> int:
    return whole(raw, 0, 10)


_PARSERS: Final[dict[Editor, Callable[[object], Any]]] = {
    "text": _text,
    "texts": _listed(_text),
    "number": _times,
    "numbers": _range(_times),
    "score": _score,
    "scores": _range(_score),
    "days": lambda raw: whole(raw, 1, MOST_DAYS),
    "date": _day,
    "dates": _range(_day),
    "tag": _key,
    "tags": _listed(_key),
    "kinds": _listed(_chosen(PERSON_KINDS)),
    "levels": _listed(_chosen(LEVELS)),
    "contacts": _listed(_chosen(CONTACT_KINDS)),
    "segment": _key,
    "event": _event,
}
