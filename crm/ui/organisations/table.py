"""The columns of the list of organisations."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm import i18n
from crm.services.organisation_rows import ATTENDED_WITHIN, QUIET_DAYS, QUIET_VISITS, OrganisationRow
from crm.ui.widgets.id_list import Column

FIRST_DESCENDING: Final = frozenset(("people", "contact", "attendance"))
"""Columns whose first click shows the greatest first."""


def columns(today: date) -> list[Column[OrganisationRow]]:
    """Name, city, people, champions, last contact, attendance."""
    return [
        Column("name", i18n.text("Organisation"), "strong", 190, lambda row: row.name, 3, 130),
        Column("city", i18n.text("City"), "text", 96, lambda row: row.city, 1, 64),
        Column("people", i18n.text("People"), "number", 62, lambda row: i18n.number(row.people), minimum=54),
        Column("champions", i18n.text("Champions"), "text", 150, champions, 2, 96),
        Column(
            "contact", i18n.text("Last contact"), "text", 136, lambda row: contact(row, today), minimum=88, tooltip=told
        ),
        Column("attendance", i18n.text("Came"), "number", 72, attendance, minimum=64, tooltip=attendance_told),
    ]


def champions(row: OrganisationRow) -> str:
    """Their names."""
    return ", ".join(one.name for one in row.champions)


def contact(row: OrganisationRow, today: date) -> str:
    """The day, or a dash; and «затихает»."""
    day = i18n.day(row.last_contact, today)
    return f"{day} · {i18n.text('going quiet')}" if row.quiet and not row.archived else day


def told(row: OrganisationRow) -> str:
    """What «затихает» means, of those who do."""
    return quiet_means() if row.quiet else ""


def attendance(row: OrganisationRow) -> str:
    """The share who came, or a dash."""
    return i18n.percent(row.attendance)


def attendance_told(row: OrganisationRow) -> str:
    """The share in whole words."""
    return i18n.text(
        "{came} of {people} came to something in the last {days} days",
        came=i18n.number(row.came),
        people=i18n.number(row.people),
        days=i18n.number(ATTENDED_WITHIN),
    )


def quiet_means() -> str:
    """The rule in words."""
    return i18n.text(
        "At least {visits} visits, but nobody came or was spoken to for more than {days} days",
        visits=i18n.number(QUIET_VISITS),
        days=i18n.number(QUIET_DAYS),
    )
