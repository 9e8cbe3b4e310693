"""What is known of a copy after reading all of it: schema, people, the state of its data. Nothing is written."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crm.errors import Cancelled
from crm.files import Tick, idle
from crm.store.driver import APPLICATION_ID, connect, driver_errors
from crm.store.errors import StoreDamaged, StoreForeign
from crm.store.key import Key

STEPS_BETWEEN_TICKS: Final = 200_000
"""Instructions of SQLite's machine between two looks at Stop: a few hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a sound file holds; None where its schema has no such table yet. `state` differs where the data does."""

    schema: int
    people: int | None
    events: int | None
    state: str


def examine(path: Path, key: Key | None, tick: Tick = idle) -> Findings:
    """Read every page of the file at `path`, leaving not one byte behind; what stands in a `-wal` is not seen.

    Raises StoreDamaged (also where the key does not fit), StoreForeign, and what `tick` raises.
    """
    try:
        with contextlib.closing(connect(path, key, untouched=True)) as connection:
            return _examine(connection, path, key is not None, tick)
    except driver_errors() as error:
        raise StoreDamaged(path=str(path)) from error


def _examine(connection: Any, path: Path, encrypted: bool, tick: Tick) -> Findings:
    stopped: list[Cancelled] = []

    def look_up() -> int:
        try:
            tick()
        except Cancelled as stop:
            stopped.append(stop)
            return 1
        return 0

    connection.set_progress_handler(look_up, STEPS_BETWEEN_TICKS)
    try:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreForeign(path=str(path))
        schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
        # The pages' own seals first: an encrypted page that was touched does not even reach the second check.
        wrong = connection.execute("PRAGMA cipher_integrity_check").fetchall() if encrypted else []
        if wrong or connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StoreDamaged(path=str(path))
        tick()
        people = _count(connection, "person", " WHERE deleted_at IS NULL")
        return Findings(schema, people, _count(connection, "event"), state_of(connection))
    except driver_errors():
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _count(connection: Any, table: str, which: str = "") -> int | None:
    there = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    return None if there is None else int(connection.execute(f"SELECT count(*) FROM {table}{which}").fetchone()[0])


def state_of(connection: Any) -> str:
    """A short digest that changes with every deed, undo, record and log: ids are never used again, so counters tell."""
    there = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").fetchone()
    rows = [] if there is None else connection.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:16]
