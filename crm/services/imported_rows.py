"""A row of a file made ready for the store: its columns, its contact points, what has no column, how it is known again.

Pure functions over what `crm.importing` read; the import itself is in crm/services/importing.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from crm import contact_points, i18n, text
from crm.errors import CrmError
from crm.importing.rows import ImportedPerson, Reject, field_detail
from crm.services.importing_rows import NoticedRow, RejectedRow
from crm.services.matching import SURE_KINDS
from crm.services.person_columns import LONG_LIMIT, NAME_LIMIT, contact_columns

_NAME_FIELDS: Final = ("family_name", "given_name", "additional_name", "nickname", "prefix", "suffix")
_LIMITED: Final = (*_NAME_FIELDS, "organisation", "job_title", "city")
YES: Final = frozenset({"да", "yes", "y", "true", "1", "+", "согласен", "согласна", "даю согласие", "истина", "x", "х"})
NO: Final = frozenset({"нет", "no", "n", "false", "0", "-", "не согласен", "не согласна", "ложь"})


class TooLongValue(CrmError):
    """A value over its limit: the row is rejected, never cut."""

    code = "too_long"
    message = i18n.mark("The field “{field}” is longer than {limit} characters.")


class ContactInNote(CrmError):
    """A contact that does not fit where contacts are; it is kept whole in the note."""

    code = "contact_in_note"
    message = i18n.mark("The contact “{value}” is too long to be one. It went into the note.")


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row made ready: its contact points as columns, the keys it can be matched by, its fingerprint without any,
    what goes into the note part by part, and what a person should know of it."""

    entry: ImportedPerson
    points: tuple[dict[str, Any], ...]
    keys: tuple[tuple[str, str], ...]
    fingerprint: str
    notes: tuple[str, ...]
    notices: tuple[NoticedRow, ...]


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
    for tag in row.tags:
        if len(tag) > NAME_LIMIT:
            raise TooLongValue(field=i18n.in_context("column", "Tags"), limit=NAME_LIMIT)
    return fields


def joined_note(note: str, parts: Iterable[str]) -> str:
    """`note` with the parts it does not hold yet as whole lines; raises TooLongValue over the limit of notes."""
    for part in parts:
        if part and f"\n{part}\n" not in f"\n{note}\n":
            note = f"{note}\n{part}" if note else part
    if len(note) > LONG_LIMIT:
        raise TooLongValue(field=i18n.in_context("column", "Note"), limit=LONG_LIMIT)
    return note


def _note_lines(row: ImportedPerson) -> Iterator[str]:
    """What has no column of its own, as parts of the note."""
    if row.note:
        yield row.note
    if row.full_name and (row.family_name or row.given_name or row.additional_name) and _says_more(row):
        yield f"{i18n.in_context('column', 'Full name')}: {row.full_name}"
    if len(row.birthday_text) > NAME_LIMIT:
        yield f"{i18n.text('Birthday')}: {row.birthday_text}"
    if row.department:
        yield f"{i18n.text('Department')}: {row.department}"
    for header, cell in row.extra_columns:
        yield f"{header}: {cell}" if header else cell
    for header, cell in row.consents:
        if text.fold(cell).strip() not in YES | NO:
            yield f"{header}: {cell}"


def _says_more(row: ImportedPerson) -> bool:
    """True where the full name has words that no field of the card has: «Маша йога» beside Иванова, Мария."""
    family, given = row.family_name, row.given_name
    if row.full_name in (f"{given} {family}", f"{family} {given}", given, family):
        return False
    fields = (family, given, row.additional_name, row.nickname, row.prefix, row.suffix, row.organisation, row.job_title)
    known = set(text.words(" ".join(fields)))
    initials = {word[0] for word in known}
    return not known.union(initials).issuperset(text.words(row.full_name))


def adds_year(there: dict[str, Any], birthday: dict[str, int | None]) -> bool:
    return (
        there["birth_year"] is None
        and birthday["birth_year"] is not None
        and (there["birth_month"], there["birth_day"]) == (birthday["birth_month"], birthday["birth_day"])
    )


def ready(entry: ImportedPerson, own_fields: Container[str] = ()) -> ReadyRow:
    """The row with its contacts read; one that does not fit goes into the note whole, with a notice.

    A column headed like a field of the manager's own (folded names, `own_fields`) is a value of that field. The
    fingerprint is that of the row as read: a field made later does not make the same row another person.
    """
    as_read, entry = entry, _with_own_fields(entry, own_fields)
    points = []
    notes = list(_note_lines(entry))
    notices = [_noticed(entry, notice.code, notice.text()) for notice in entry.notices]
    for contact in entry.contacts:
        try:
            points.append(contact_columns(contact.kind, contact.raw, contact.label, preferred=contact.preferred))
        except text.TextTooLong:
            kind = contact_points.KINDS.get(contact.kind, contact_points.KINDS["other"])
            label = f" ({contact.label})" if contact.label else ""
            notes.append(f"{i18n.text(kind.label)}: {contact.raw}{label}")
            told = ContactInNote(value=contact.raw[:79] + "…")
            notices.append(_noticed(entry, told.code, told.text()))
    keys = tuple((point["kind"], point["key"]) for point in points if point["key"] and point["kind"] in SURE_KINDS)
    mark = "" if keys else fingerprint_of(as_read)
    if entry.uid:
        mark = _short_hash("uid", entry.uid)
    return ReadyRow(entry, tuple(points), keys, mark, tuple(notes), tuple(notices))


def _with_own_fields(entry: ImportedPerson, own_fields: Container[str]) -> ImportedPerson:
    own = [(header, cell) for header, cell in entry.extra_columns if text.fold(header) in own_fields]
    if not own:
        return entry
    return replace(
        entry,
        extra_columns=tuple(pair for pair in entry.extra_columns if pair not in own),
        details=(*entry.details, *((field_detail(header, ""), cell) for header, cell in own)),
    )


def _noticed(row: ImportedPerson, code: str, message: str) -> NoticedRow:
    return NoticedRow(row.place.text(), row.shown_name(), code, message)


def fingerprint_of(row: ImportedPerson) -> str:
    """A hash of all a row says, for one that has neither uid nor a contact to be known by."""
    told = (
        row.full_name, row.family_name, row.given_name, row.additional_name, row.nickname, row.organisation,
        row.job_title, row.city, row.birthday.iso() if row.birthday else row.birthday_text, row.note,
        repr([(contact.kind, contact.raw) for contact in row.contacts]), repr(row.extra_columns), repr(row.tags),
        repr(row.addresses), *(f"{key}={value}" for key, value in row.details),
    )  # fmt: skip
    return _short_hash(*told)


def _short_hash(*told: str) -> str:
    return hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def rejected(entry: Reject) -> RejectedRow:
    return RejectedRow(entry.place.key(), entry.place.text(), entry.code, entry.text(), entry.cells)
