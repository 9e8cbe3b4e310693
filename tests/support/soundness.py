"""What must hold of any store, whatever was done to the program: facts as one hash, and a list of what is not sound."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.models import Deed
from crm.store import derived, journal
from crm.store.schema import fact_tables
from crm.store.workspace import Workspace

BY_CHANCE = frozenset({"uid", "ticket_code"})
"""Columns that a repetition of the same deeds fills differently."""


def digest(workspace: Workspace, without: frozenset[str] = frozenset()) -> str:
    """The fact tables as one hash, `without` columns of these names."""
    return workspace.read(lambda session: _digest(session.connection(), without))


def _digest(connection: Connection, without: frozenset[str]) -> str:
    whole = hashlib.sha256()
    for table in sorted(fact_tables(), key=lambda each: each.name):
        columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in without)
        order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        whole.update(table.name.encode())
        for row in connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}" ORDER BY {order}'):
            whole.update(repr(tuple(row)).encode())
    return whole.hexdigest()


class _Seen(Exception):
    """Ends a look at what a rebuild would make."""


def faults(workspace: Workspace) -> list[str]:
    """What is not sound: pages, keys, journal, search index and totals out of step. Empty of a sound store."""
    found: list[str] = []

    def verb(session: Session) -> None:
        connection = session.connection()
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        found.extend(f"pages: {line}" for line in said if line != "ok")
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            found.append("keys: a row points to none")
        found.extend(_of_journal(session))
        before = _followers(session)
        derived.rebuild(connection, clocks.today(workspace.clock))
        after = _followers(session)
        found.extend(f"{name} out of step" for name, rows in before.items() if rows != after[name])
        raise _Seen

    with contextlib.suppress(_Seen):
        workspace.maintain(verb)
    return found


def _of_journal(session: Session) -> list[str]:
    found = []
    if session.execute(text("SELECT deed_id FROM open_deed")).scalar_one() is not None:
        found.append("journal: a deed stands open")
    owned = {
        row[0]: (row[1], row[2], row[3])
        for row in session.execute(text("SELECT deed_id, min(id), max(id), count(*) FROM change GROUP BY deed_id"))
    }
    deeds = session.scalars(select(Deed).order_by(Deed.id)).all()
    if set(owned) - {deed.id for deed in deeds}:
        found.append("journal: changes of no deed")
    previous = deeds[0].previous_hash if deeds else ""
    for deed in deeds:
        first, last = deed.first_change or 0, deed.last_change or 0
        if deed.id in owned and owned[deed.id] != (first, last, last - first + 1):
            found.append(f"journal: deed {deed.id} has gaps")
        said = (deed.uid, deed.kind, deed.label, deed.at, first, last)
        if deed.previous_hash != previous or deed.hash != journal.header_hash(previous, *said):
            found.append(f"journal: the chain breaks at deed {deed.id}")
        previous = deed.hash
    return found


def _followers(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    session.execute(text("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, person_search, 'instance')"))
    asked = {
        "search index": "SELECT term, doc, col FROM temp.words ORDER BY 1, 2, 3",
        "scores": "SELECT * FROM person_score WHERE attended > 0 OR love_hundredths <> 0 ORDER BY person_id",
        "totals": "SELECT * FROM event_totals ORDER BY event_id",
        "queues": "SELECT 1 FROM stale_person UNION ALL SELECT 1 FROM stale_event",
    }
    try:
        return {name: [tuple(row) for row in session.execute(text(sql))] for name, sql in asked.items()}
    finally:
        session.execute(text("DROP TABLE temp.words"))
