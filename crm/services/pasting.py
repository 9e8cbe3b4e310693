"""Pasted people brought in, and where it is wished put on an event's list: one verb for preview and deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.importing.rows import Source
from crm.services import attendance, people
from crm.services.importing import Report, import_people, silent
from crm.services.importing_rows import RowResult, Wishes

_COMPANIONS: Final[Mapping[int, int]] = {}


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of every row; `names` are those of the people the store knows them as."""

    rows: tuple[RowResult, ...]
    names: Mapping[int, str]

    def count(self, result: str) -> int:
        """How many rows became that."""
        return sum(row.result == result for row in self.rows)


def take_pasted(
    session: Session,
    source: Source,
    clock: Clock,
    report: Report = silent,
    *,
    event_id: int | None = None,
    companions: Mapping[int, int] = _COMPANIONS,
) -> Pasted:
    """Bring the people of a pasted text in, registered for `event_id`; `companions` by a row's number come with them.

    Raises what reading raises, EventNotFound, EventIsCancelled.
    """
    rows: list[RowResult] = []
    import_people(session, [source], clock, report, Wishes(tell=rows.append))
    ids = list(dict.fromkeys(row.person for row in rows if row.person is not None))
    if event_id is not None:
        attendance.register_people(session, event_id, ids, clock)
        for row in rows:
            count = companions.get(row.number, 0)
            if count and row.person is not None:
                found = attendance.attendance_of(session, event_id, row.person)
                if found is not None:
                    attendance.set_guest_count(session, found, count)
    known = [row.person for row in rows if row.person is not None and row.result in {"updated", "unchanged"}]
    names = {one.id: one.display_name for one in people.rows(session, list(dict.fromkeys(known)))}
    return Pasted(tuple(rows), names)
