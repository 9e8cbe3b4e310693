"""A row of a file made ready for the store: its columns, its contact points, what has no column, how it is known again.

Pure functions over what `crm.importing` read; the import itself is in crm/services/importing.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crm import i18n, text
from crm.errors import CrmError
from crm.importing.rows import ImportedPerson, Reject
from crm.services.importing_rows import RejectedRow
from crm.services.matching import SURE_KINDS
from crm.services.person_columns import NAME_LIMIT, contact_columns

_NAME_FIELDS: Final = ("family_name", "given_name", "additional_name", "nickname", "prefix", "suffix")
_LIMITED: Final = (*_NAME_FIELDS, "organisation", "job_title", "city")
YES: Final = frozenset({"да", "yes", "y", "true", "1", "+", "согласен", "согласна", "даю согласие", "истина", "x", "х"})
NO: Final = frozenset({"нет", "no", "n", "false", "0", "-", "не согласен", "не согласна", "ложь"})


class TooLongValue(CrmError):
    """A value over its limit: the row is rejected, never cut."""

    code = "too_long"
    message = i18n.mark("The field “{field}” is longer than {limit} characters.")


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row made ready: its contact points as columns, the keys it can be matched by, its fingerprint without any."""

    entry: ImportedPerson
    points: tuple[dict[str, Any], ...]
    keys: tuple[tuple[str, str], ...]
    fingerprint: str


FIELD_WORDS: Final = {
    "family_name": i18n.mark("Surname"),
    "given_name": i18n.mark("Given name"),
    "additional_name": i18n.mark("Patronymic"),
    "nickname": i18n.mark("Nickname"),
    "prefix": i18n.mark("Title before the name"),
    "suffix": i18n.mark("Addition after the name"),
    "organisation": i18n.mark("Organisation"),
    "job_title": i18n.mark("Job title"),
    "city": i18n.mark("City"),
}


def plain_columns(row: ImportedPerson) -> dict[str, Any]:
    """The plain columns of a row; raises TooLongValue where one is over its limit."""
    family, given, additional = row.family_name, row.given_name, row.additional_name
    if not (family or given or additional) and row.full_name:
        order: Any = {"family": "family_first", "given": "given_first"}.get(row.name_order, "auto")
        parts = text.split_name(row.full_name, order)
        family, given, additional = parts.family, parts.given, parts.additional
    fields = {
        "family_name": family,
        "given_name": given,
        "additional_name": additional,
        "nickname": row.nickname,
        "prefix": row.prefix,
        "suffix": row.suffix,
        "job_title": row.job_title,
        "city": row.city,
    }
    for name in _LIMITED:
        value = row.organisation if name == "organisation" else fields[name]
        limit = 100 if name in {"prefix", "suffix"} else NAME_LIMIT
        if len(value) > limit:
            raise TooLongValue(field=i18n.text(FIELD_WORDS[name]), limit=limit)
    return fields


def note_lines(row: ImportedPerson) -> Iterator[str]:
    """What has no column of its own, as lines of the note."""
    if row.department:
        yield f"{i18n.text('Department')}: {row.department}"
    for header, cell in row.extra_columns:
        yield f"{header}: {cell}" if header else cell
    for header, cell in row.consents:
        if text.fold(cell).strip() not in YES | NO:
            yield f"{header}: {cell}"


def adds_year(there: dict[str, Any], birthday: dict[str, int | None]) -> bool:
    return (
        there["birth_year"] is None
        and birthday["birth_year"] is not None
        and (there["birth_month"], there["birth_day"]) == (birthday["birth_month"], birthday["birth_day"])
    )


def ready(entry: ImportedPerson) -> ReadyRow:
    points = tuple(
        contact_columns(contact.kind, contact.raw, contact.label, preferred=contact.preferred)
        for contact in entry.contacts
    )
    keys = tuple((point["kind"], point["key"]) for point in points if point["key"] and point["kind"] in SURE_KINDS)
    return ReadyRow(entry, points, keys, "" if entry.uid or keys else fingerprint_of(entry))


def fingerprint_of(row: ImportedPerson) -> str:
    """A hash of all a row says, for one that has neither uid nor a contact to be known by."""
    told = (
        row.full_name, row.family_name, row.given_name, row.additional_name, row.nickname, row.organisation,
        row.job_title, row.city, row.birthday.iso() if row.birthday else row.birthday_text, row.note,
        repr([(contact.kind, contact.raw) for contact in row.contacts]), repr(row.extra_columns), repr(row.tags),
        repr(row.addresses),
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:20]


def rejected(entry: Reject) -> RejectedRow:
    return RejectedRow(entry.place.key(), entry.place.text(), entry.code, entry.text())
