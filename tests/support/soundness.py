"""What must hold of any store, whatever was done to the program: facts as one hash, and a list of what is not sound."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.store import derived, journal_chain
from crm.store.schema import fact_tables
from crm.store.workspace import Workspace

BY_CHANCE = frozenset({"uid", "ticket_code"})
"""Columns that a repetition of the same deeds fills differently."""
_IN_USE = "WHERE id IN (SELECT content_id FROM attachment)"
"""Bytes that no row leads to are no fact any more: they stay for an undo and go when there is none."""


def digest(workspace: Workspace, without: frozenset[str] = frozenset()) -> str:
    """The fact tables as one hash, `without` columns of these names."""
    return workspace.read(lambda session: _digest(session.connection(), without))


def _digest(connection: Connection, without: frozenset[str]) -> str:
    whole = hashlib.sha256()
    for table in sorted(fact_tables(), key=lambda each: each.name):
        columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in without)
        order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        whole.update(table.name.encode())
        used = _IN_USE if table.name == "attachment_content" else ""
        for row in connection.exec_driver_sql(f'SELECT {columns} FROM "{table.name}" {used} ORDER BY {order}'):
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
        before, words = _followers(session), _name_words(session)
        derived.rebuild(connection, clocks.today(workspace.clock))
        after = _followers(session)
        if not _name_words(session) <= words:
            found.append("a name is unknown to the search")
        found.extend(f"{name} out of step" for name, rows in before.items() if rows != after[name])
        raise _Seen

    with contextlib.suppress(_Seen):
        workspace.maintain(verb)
    return found


def _of_journal(session: Session) -> list[str]:
    """Deeds own their changes without gaps, and the chain of headers holds."""
    connection = session.connection()
    found = [f"journal: the chain breaks at deed {number}" for number in journal_chain.broken_links(connection)]
    found += [f"journal: deed {number} has gaps" for number in journal_chain.gaps(connection)]
    if session.execute(text("SELECT deed_id FROM open_deed")).scalar_one() is not None:
        found.append("journal: a deed stands open")
    owners = (
        "SELECT 1 FROM change c LEFT JOIN deed d ON c.id BETWEEN d.first_change AND d.last_change "
        "WHERE d.id IS NOT c.deed_id"
    )
    if session.execute(text(owners)).first() is not None:
        found.append("journal: a change of another deed")
    return found


def _name_words(session: Session) -> set[str]:
    return set(session.execute(text("SELECT word FROM name_word")).scalars())


def _followers(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """What is derived, without rows that say nothing."""
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
