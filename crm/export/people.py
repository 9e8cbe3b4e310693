"""People as rows of a table, under headings that the importer knows again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from crm import i18n
from crm.export.tables import Cell, Column, write_table
from crm.export.whole_file import Report, silent
from crm.services.cards import PersonCard

_HANDLES: Final = ("telegram", "vk", "whatsapp", "max")


def columns() -> tuple[Column, ...]:
    """The columns of a table of people, headed in the language in use."""
    return (
        Column("family_name", i18n.in_context("table", "Family name"), 20),
        Column("given_name", i18n.in_context("table", "Given name"), 16),
        Column("additional_name", i18n.in_context("table", "Middle name"), 20),
        Column("nickname", i18n.in_context("table", "Nickname"), 16),
        Column("phones", i18n.in_context("table", "Phone"), 18),
        Column("emails", i18n.in_context("table", "E-mail"), 28),
        Column("telegram", i18n.in_context("table", "Telegram"), 18),
        Column("vk", "VK", 18),
        Column("whatsapp", "WhatsApp", 18),
        Column("max", "MAX", 18),
        Column("sites", i18n.in_context("table", "Website"), 24),
        Column("organisation", i18n.in_context("table", "Organisation"), 24),
        Column("job_title", i18n.in_context("table", "Job title"), 24),
        Column("city", i18n.in_context("table", "City"), 18),
        Column("birthday", i18n.in_context("table", "Birthday"), 14),
        Column("tags", i18n.in_context("table", "Tags"), 24),
        Column("note", i18n.in_context("table", "Note"), 40),
        Column("uid", "UID", 38),
    )


def row(person: PersonCard) -> tuple[Cell, ...]:
    """The cells of one person, in the order of `columns`."""
    handles = (_values(person, kind) for kind in _HANDLES)
    return (
        person.family_name,
        person.given_name,
        person.additional_name,
        person.nickname,
        _values(person, "phone"),
        _values(person, "email"),
        *handles,
        _values(person, "site"),
        person.organisation,
        person.job_title,
        person.city,
        person.birthday or person.birthday_text,
        tuple(name for name, _ in person.tags),
        person.note,
        person.uid,
    )


def write_people(
    people: Iterable[PersonCard], target: Path | str, kind: str, *, title: str = "", report: Report = silent
) -> int:
    """Write `people` as a table of `kind` (csv, xlsx, json); return how many. Raises what `write_table` raises."""
    rows = [row(person) for person in people]
    return write_table(columns(), rows, target, kind, title=title, report=report)


def _values(person: PersonCard, kind: str) -> tuple[str, ...]:
    return tuple(contact.value or contact.typed for contact in person.contacts if contact.kind == kind)
