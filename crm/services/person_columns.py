"""The columns of a person that follow from the others: folded names, order, keys. One place for forms and imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm import contact_points, text
from crm.partial_date import PartialDate
from crm.services.organisation_keys import organisation_key

NAME_LIMIT: Final = 200
CONTACT_LIMIT: Final = 500
LONG_LIMIT: Final = 200_000


def name_columns(fields: Mapping[str, Any]) -> dict[str, str]:
    """`search_names` and `sort_key` of a person with these name fields."""
    family, given = fields.get("family_name", ""), fields.get("given_name", "")
    additional, nickname = fields.get("additional_name", ""), fields.get("nickname", "")
    searched = " ".join(part for part in (family, given, additional, nickname, fields.get("address_as", "")) if part)
    return {
        "search_names": text.fold(searched),
        "sort_key": text.sort_key(family, given, additional, nickname),
    }


def note_columns(fields: Mapping[str, Any]) -> dict[str, str]:
    """`search_note` (note and job title) and `search_city` of a person with these fields."""
    note, job_title = fields.get("note", ""), fields.get("job_title", "")
    return {
        "search_note": text.fold(f"{job_title} {note}".strip()),
        "search_city": text.fold(fields.get("city", "")),
    }


def birthday_columns(birthday: PartialDate | None) -> dict[str, int | None]:
    """The three columns of a birthday."""
    if birthday is None:
        return {"birth_year": None, "birth_month": None, "birth_day": None}
    return {"birth_year": birthday.year, "birth_month": birthday.month, "birth_day": birthday.day}


def birthday_of(year: int | None, month: int | None, day: int | None) -> PartialDate | None:
    """The birthday in three columns."""
    return None if month is None or day is None else PartialDate(month, day, year)


def contact_columns(kind: str, raw: str, label: str = "", *, preferred: bool = False) -> dict[str, Any]:
    """The columns of a contact point from what was typed; raises TextTooLong where it does not fit whole."""
    point = contact_points.read(kind if kind in contact_points.KINDS else "other", raw)
    for value, limit in ((point.typed, CONTACT_LIMIT), (point.value, CONTACT_LIMIT), (label, NAME_LIMIT)):
        if len(value) > limit:
            raise text.TextTooLong(length=len(value), limit=limit)
    by_end = kind in {"phone", "whatsapp"}
    searched = contact_points.reversed_digits(point.value) if by_end else text.fold(point.value)
    return {
        "kind": kind,
        "value": point.value,
        "typed": point.typed,
        "label": label,
        "preferred": preferred,
        "valid": point.valid,
        "key": point.key,
        "search_text": searched,
    }


def organisation_columns(name: str) -> dict[str, str]:
    """`match_key`, `search_name` and `sort_key` of an organisation."""
    return {
        "match_key": organisation_key(name),
        "search_name": text.fold(name)[:NAME_LIMIT],
        "sort_key": text.sort_key(name)[:400],
    }
