"""People as rows of a table, under headings that the importer knows again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crm import i18n
from crm.export.tables import Cell, Column, write_table
from crm.export.whole_file import Report, silent
from crm.services import custom_fields, person_words
from crm.services.cards import PersonCard
from crm.services.custom_fields import FieldDefinition
from crm.services.level_words import level_word

OWN: Final = "field:"
"""The key of a column of the manager's own field is this and the field's id."""
USUAL: Final = (
    "family_name", "given_name", "additional_name", "nickname", "phones", "emails", "telegram", "vk", "whatsapp", "max",
    "sites", "organisation", "job_title", "city", "birthday", "tags", "note", "uid",
)  # fmt: skip
"""Keys of the columns of a table of people while nobody chose."""


@dataclass(frozen=True, slots=True)
class PeopleColumn:
    """A column of people: how it is headed, and what it holds for people to read or, in JSON, for programs."""

    column: Column
    cell: Callable[[PersonCard], Cell]
    key_cell: Callable[[PersonCard], Cell] | None = None

    @property
    def key(self) -> str:
        """Its key in JSON."""
        return self.column.key


def columns(fields: Sequence[FieldDefinition] = ()) -> tuple[PeopleColumn, ...]:
    """Every column a table of people may have, headed in the language in use; `fields` are the manager's own."""
    return (
        *_named(),
        *_reached(),
        *_about(),
        *(_own(field) for field in fields),
        _plain("uid", "UID", 38, lambda person: person.uid),
    )


def usual_keys(fields: Sequence[FieldDefinition] = ()) -> tuple[str, ...]:
    """The columns of a table while nobody chose: the usual ones and the manager's own fields."""
    return (*USUAL[:-1], *(f"{OWN}{field.id}" for field in fields), USUAL[-1])


def write_people(
    people: Iterable[PersonCard],
    target: Path | str,
    kind: str,
    *,
    keys: Sequence[str] | None = None,
    fields: Sequence[FieldDefinition] = (),
    delimiter: str = ";",
    title: str = "",
    report: Report = silent,
) -> int:
    """Write `people` as a table of `kind` (csv, xlsx, json) with the columns of these keys (None: the usual ones).

    Returns how many. Keys that no column has are left out. Raises what `write_table` raises.
    """
    known = {one.key: one for one in columns(fields)}
    chosen = [known[key] for key in (usual_keys(fields) if keys is None else keys) if key in known]
    cells = [(one.key_cell or one.cell) if kind == "json" else one.cell for one in chosen]
    rows = [tuple(cell(person) for cell in cells) for person in people]
    heads = [one.column for one in chosen]
    return write_table(heads, rows, target, kind, delimiter=delimiter, title=title, report=report)


def _plain(key: str, title: str, width: int, cell: Callable[[PersonCard], Cell]) -> PeopleColumn:
    return PeopleColumn(Column(key, title, width), cell)


def _named() -> tuple[PeopleColumn, ...]:
    return (
        _plain("family_name", i18n.in_context("table", "Family name"), 20, lambda person: person.family_name),
        _plain("given_name", i18n.in_context("table", "Given name"), 16, lambda person: person.given_name),
        _plain("additional_name", i18n.in_context("table", "Middle name"), 20, lambda person: person.additional_name),
        _plain("nickname", i18n.in_context("table", "Nickname"), 16, lambda person: person.nickname),
        _plain("address_as", i18n.text("Address as"), 16, lambda person: person.address_as),
        PeopleColumn(
            Column("address_form", i18n.text("Form"), 14),
            lambda person: person_words.address_form(person.address_form),
            lambda person: person.address_form,
        ),
        PeopleColumn(
            Column("gender", i18n.text("Gender"), 12),
            lambda person: person_words.gender(person.gender),
            lambda person: person.gender,
        ),
    )


def _reached() -> tuple[PeopleColumn, ...]:
    handles = (
        ("telegram", i18n.in_context("table", "Telegram")),
        ("vk", "VK"),
        ("whatsapp", "WhatsApp"),
        ("max", "MAX"),
    )
    return (
        _plain("phones", i18n.in_context("table", "Phone"), 18, lambda person: _values(person, "phone")),
        _plain("emails", i18n.in_context("table", "E-mail"), 28, lambda person: _values(person, "email")),
        *(_plain(kind, title, 18, _of_kind(kind)) for kind, title in handles),
        _plain("sites", i18n.in_context("table", "Website"), 24, lambda person: _values(person, "site")),
        PeopleColumn(
            Column("preferred_channel", i18n.text("Preferred channel"), 18),
            lambda person: person_words.contact_kind(person.preferred_channel),
            lambda person: person.preferred_channel,
        ),
    )


def _about() -> tuple[PeopleColumn, ...]:
    return (
        _plain("organisation", i18n.in_context("table", "Organisation"), 24, lambda person: person.organisation),
        _plain("job_title", i18n.in_context("table", "Job title"), 24, lambda person: person.job_title),
        _plain("city", i18n.in_context("table", "City"), 18, lambda person: person.city),
        _plain(
            "birthday",
            i18n.in_context("table", "Birthday"),
            14,
            lambda person: person.birthday or person.birthday_text,
        ),
        PeopleColumn(
            Column("kind", i18n.text("Kind of person"), 14),
            lambda person: person_words.person_kind(person.kind),
            lambda person: person.kind,
        ),
        PeopleColumn(
            Column("level", i18n.text("Level"), 14),
            lambda person: level_word(person.level),
            lambda person: person.level,
        ),
        _plain("attended", i18n.text("Visits"), 10, lambda person: person.attended),
        _plain("last_visit", i18n.text("Last visit"), 14, lambda person: person.last_visit),
        _plain("joined_on", i18n.text("Joined"), 14, lambda person: person.joined_on),
        _plain("source", i18n.text("Source"), 18, lambda person: person.source),
        _plain("referred_by", i18n.text("Came through"), 24, lambda person: person.referred_by),
        _plain("tags", i18n.in_context("table", "Tags"), 24, lambda person: tuple(name for name, _ in person.tags)),
        _plain("languages", i18n.text("Languages"), 18, lambda person: person.languages),
        _plain("skills", i18n.text("Skills"), 24, lambda person: person.skills),
        _plain("motives", i18n.text("Motives"), 24, lambda person: person.motives),
        _plain("offers", i18n.text("Can help"), 24, _needs("offers")),
        _plain("seeks", i18n.text("Looks for"), 24, _needs("seeks")),
        _plain("note", i18n.in_context("table", "Note"), 40, lambda person: person.note),
    )


def _own(field: FieldDefinition) -> PeopleColumn:
    def stored(person: PersonCard) -> str:
        return next((value for field_id, value in person.custom if field_id == field.id), "")

    def cell(person: PersonCard) -> Cell:
        value = stored(person)
        if field.kind == "number" and value:
            return float(value) if "." in value else int(value)
        return value if field.kind == "date" else custom_fields.shown_value(field, value)

    return PeopleColumn(Column(f"{OWN}{field.id}", field.name, 18), cell, stored)


def _of_kind(kind: str) -> Callable[[PersonCard], Cell]:
    return lambda person: _values(person, kind)


def _needs(direction: str) -> Callable[[PersonCard], Cell]:
    return lambda person: tuple(
        need.text for need in person.needs if need.direction == direction and need.closed_on is None
    )


def _values(person: PersonCard, kind: str) -> tuple[str, ...]:
    return tuple(contact.value or contact.typed for contact in person.contacts if contact.kind == kind)
