"""What an import does to each row, told while it does it: the check of an import is the import itself, watched.

Nothing here decides anything. `crm.services.importing` calls it only where somebody listens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import contact_points, i18n
from crm.importing.rows import Reject
from crm.models import CustomField, Organisation
from crm.services.imported_rows import FIELD_WORDS, ReadyRow
from crm.services.importing_details import WORDS, Plan
from crm.services.importing_rows import FileOutcome, Result, RowResult
from crm.services.people_there import PersonThere
from crm.services.person_columns import birthday_of

_NO_BIRTHDAY: Final[dict[str, None]] = {"birth_year": None, "birth_month": None, "birth_day": None}


class Watched:
    """Listens to one import and tells of its rows."""

    def __init__(self, session: Session, told: Callable[[RowResult], None]) -> None:
        self._session, self._told = session, told
        self._result: Result = "rejected"
        self._person: int | None = None
        self._columns: dict[str, Any] = {}
        self._points: set[tuple[str, str]] = set()
        self._tags: set[int] = set()
        self._changes: tuple[tuple[str, str, str], ...] = ()

    def before(self, there: PersonThere) -> None:
        """A row is about somebody; remember them as they are."""
        self._columns, self._points, self._tags = dict(there.columns), set(there.points), set(there.tags)
        self._changes = ()

    def after(
        self, there: PersonThere, change: dict[str, Any], taken: ReadyRow, tag: Callable[[str], int | None]
    ) -> None:
        """The row changed them; `tag` gives the id of a tag by its word."""
        found: list[tuple[str, str, str]] = []
        for column, value in change.items():
            held = self._columns[column]
            if column in FIELD_WORDS:
                found.append((i18n.text(FIELD_WORDS[column]), held, value))
            elif column == "organisation_id":
                name = self._organisation(held)
                found.append((i18n.text("Organisation"), name, taken.entry.organisation))
            elif column == "birthday_text":
                found.append((i18n.text("Birthday"), held, value))
            elif column == "note":
                found.append((i18n.in_context("column", "Note"), "", value[len(held) :].strip() or value))
            elif column in WORDS:
                found.append((i18n.text(WORDS[column]), _word(held), _word(value)))
        if _NO_BIRTHDAY.keys() & change.keys():
            found.append((i18n.text("Birthday"), _birthday(self._columns), _birthday(there.columns)))
        for kind, value in sorted(there.points - self._points):
            found.append((i18n.text(contact_points.KINDS[kind].label), "", value))
        new = there.tags - self._tags
        words = ", ".join(word for word in taken.entry.tags if tag(word) in new)
        if words:
            found.append((i18n.in_context("column", "Tags"), "", words))
        self._changes = tuple(found)

    def details(self, plan: Plan) -> None:
        """What the row adds to lists and own fields of the person."""
        added = [(i18n.text(WORDS[what]), "", name) for (what, _), name in plan.names.items()]
        for number, value in plan.values.items():
            name = self._session.scalar(select(CustomField.name).where(CustomField.id == number)) or ""
            added.append((name, "", value))
        self._changes += tuple(added)

    def counted(self, result: Result, person: int) -> None:
        """What the row is counted as, and who it is; a row that never is was refused."""
        self._result, self._person = result, person

    def took(self, file: int, row: ReadyRow, outcome: FileOutcome) -> None:
        """The row was taken, or refused while it was."""
        result, self._result = self._result, "rejected"
        reason = outcome.rejected[-1].message if result == "rejected" else _told(row)
        self.tell(file, row, result, reason=reason)

    def tell(self, file: int, row: ReadyRow | Reject, result: Result, *, reason: str = "") -> None:
        """What became of a row."""
        entry = row if isinstance(row, Reject) else row.entry
        place = entry.place
        name, cells = ("", entry.cells) if isinstance(entry, Reject) else (entry.shown_name(), ())
        changes = self._changes if result == "updated" else ()
        person, self._person = self._person, None
        self._changes = ()
        told = RowResult(
            file, place.key(), place.text(), place.number, place.part, name, result, changes, reason, cells, person
        )
        self._told(told)

    def _organisation(self, number: int | None) -> str:
        name = (
            None if number is None else self._session.scalar(select(Organisation.name).where(Organisation.id == number))
        )
        return name or ""


def _told(row: ReadyRow) -> str:
    return " ".join(notice.message for notice in row.notices)


def _birthday(columns: dict[str, Any]) -> str:
    known = birthday_of(columns["birth_year"], columns["birth_month"], columns["birth_day"])
    return "" if known is None else known.iso()


def _word(value: Any) -> str:
    return "" if value in (None, "unknown") else str(value)
