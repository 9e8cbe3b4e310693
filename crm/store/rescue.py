"""What still reads of a damaged store, brought into a new one; the damaged file stays as it is.

Facts, records and logs are read table by table and row by row. Rows that lean on a row which is lost lose the
reference, or go with it where they make no sense alone. The journal comes along only whole: half of one would undo
half of a deed. What follows from the facts is made anew, and the new store is checked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DatabaseError, IntegrityError

from crm import clock as clocks
from crm.clock import Clock
from crm.models import metadata
from crm.store import derived, health, journal_chain, looking, salvage
from crm.store.beside import remove_store
from crm.store.doorstep import look
from crm.store.driver import BEGIN, WORKER_CACHE, make_engine
from crm.store.errors import DiskFull, NothingToRescue, StoreDamaged, StoreEmpty, StoreExists
from crm.store.health import Health, Report
from crm.store.key import Key, Secret, salt_of
from crm.store.lock import StoreLock
from crm.store.migrating import drop_triggers
from crm.store.schema import programs
from crm.store.workspace import Workspace

BATCH: Final = 500
_JOURNAL: Final = ("change", "deed")
_OWN: Final = frozenset({"open_deed"})
"""Tables the new store has by itself."""
_BEGUN: Final = frozenset({"store_note", "event_kind"})
"""Tables every store begins with rows of: what is lost of them stays as in a new store, for every event has a kind."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Of one table: how many rows came over, and how many did not (None: the file does not tell how many it had)."""

    table: str
    saved: int
    lost: int | None


@dataclass(frozen=True, slots=True)
class Rescued:
    """The new store, what it holds of each table that had rows, and what a check says of it."""

    path: Path
    tables: tuple[Saved, ...]
    health: Health

    @property
    def people(self) -> int:
        """People in the new store."""
        return self.health.people or 0

    @property
    def lost(self) -> int:
        """Rows known to be lost."""
        return sum(table.lost or 0 for table in self.tables)


def rescue(
    source: Path,
    target: Path,
    clock: Clock = clocks.now,
    secret: Secret | None = None,
    report: Report | None = None,
) -> Rescued:
    """Bring what reads of the store at `source` into a new one at `target`, encrypted where `source` is.

    Raises StoreExists where `target` is, NothingToRescue where not a row reads, StoreHeld, StoreForeign, StoreEmpty,
    StoreLocked, PassphraseWrong, DiskFull, and what `report` raises; then there is no new store.
    """
    tell = report or (lambda _step, _of: None)
    if target.exists():
        raise StoreExists(path=str(target))
    lock = StoreLock(source)
    lock.take()
    try:
        key = _key_of(source, secret)
        Workspace.create(target, clock, secret=None if key is None else secret).close()
        try:
            new_key, _ = look(target, secret)
            with looking.best_reading(source, key) as connect, contextlib.closing(salvage.Torn(connect)) as old:
                return _fill(old, source, target, new_key, clock, tell)
        except BaseException as error:
            remove_store(target)
            if isinstance(error, DatabaseError):
                full = "full" in str(error.orig) or "disk i/o" in str(error.orig)
                raise (DiskFull() if full else NothingToRescue(path=str(source))) from error
            raise
    finally:
        lock.release(forget=True)


def moments_of_deeds(path: Path, secret: Secret | None = None) -> tuple[datetime, ...] | None:
    """When the deeds were made that the damaged store at `path` still tells of, in order; None where it tells of none.

    Raises StoreHeld, StoreForeign, StoreEmpty, StoreLocked and PassphraseWrong.
    """
    lock = StoreLock(path)
    lock.take()
    try:
        with (
            looking.best_reading(path, _key_of(path, secret)) as connect,
            contextlib.closing(salvage.Torn(connect)) as old,
        ):
            rows = [row["at"] for row in salvage.rows_of(old, "deed", ["at"])]
            whole = salvage.count_of(old, "deed") == len(rows)
    finally:
        lock.release(forget=True)
    moments = []
    for told in rows:
        with contextlib.suppress(TypeError, ValueError):
            moments.append(datetime.fromisoformat(told).replace(tzinfo=UTC))
    # A journal of which a part does not read would tell of less than is lost.
    return tuple(sorted(moments)) if moments and whole else None


def _key_of(path: Path, secret: Secret | None) -> Key | None:
    try:
        return look(path, secret)[0]
    except StoreEmpty:
        raise
    except StoreDamaged:
        salt = salt_of(path)
        return None if salt is None or secret is None else secret(salt)


def _fill(old: salvage.Torn, path: Path, target: Path, key: Key | None, clock: Clock, tell: Report) -> Rescued:
    engine = make_engine(target, WORKER_CACHE, key, foreign_keys=False)
    tables = [table for table in metadata.sorted_tables if table.info["nature"] != "derived" and table.name not in _OWN]
    steps = len(tables) + 3
    try:
        with _writing(engine) as connection:
            drop_triggers(connection)
            had = {}
            for step, table in enumerate(tables):
                tell(step, steps)
                had[table.name] = _bring(old, connection, table, lambda step=step: tell(step, steps))
            if not any(_count(connection, metadata.tables[name]) for name in ("person", "event", "organisation")):
                raise NothingToRescue(path=str(path))
            _drop_what_leans_on_nothing(connection)
            tell(steps - 3, steps)
            _keep_only_a_whole_journal(connection, had)
            _go_on_counting(old, connection)
            derived.rebuild(connection, clocks.today(clock))
            for _, statement in programs():
                connection.exec_driver_sql(statement)
        tell(steps - 2, steps)
        with engine.connect() as connection:
            found = health.check(connection)
            saved = tuple(_saved(connection, table, had[table.name]) for table in tables)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        tell(steps, steps)
        return Rescued(target, tuple(one for one in saved if one.saved or one.lost != 0), found)
    finally:
        engine.dispose()


def _bring(old: salvage.Torn, new: Connection, table: Table, tell: Any) -> int | None:
    """Bring the rows of `table` that read; gives how many there were, None where the file does not tell."""
    columns = salvage.columns_there(old, table)
    if not columns:
        return None
    if table.name not in _BEGUN:
        new.execute(table.delete())
    batch: list[salvage.Row] = []
    for row in salvage.rows_of(old, table.name, columns):
        fitting = salvage.fitted(table, row)
        if fitting is not None:
            batch.append(fitting)
        if len(batch) >= BATCH:
            tell()
            _insert(new, table, batch)
            batch = []
    _insert(new, table, batch)
    return salvage.count_of(old, table.name)


def _insert(new: Connection, table: Table, rows: list[salvage.Row]) -> None:
    if not rows:
        return
    names = list(rows[0])
    listed = ", ".join(f'"{name}"' for name in names)
    how = "INSERT OR REPLACE" if table.name in _BEGUN else "INSERT"
    statement = f"{how} INTO {table.name} ({listed}) VALUES ({', '.join('?' * len(names))})"
    values = [tuple(row[name] for name in names) for row in rows]
    try:
        with new.begin_nested():
            new.exec_driver_sql(statement, values)
    except IntegrityError:
        # One of them breaks a rule of the table: that one stays behind.
        for one in values:
            with contextlib.suppress(IntegrityError), new.begin_nested():
                new.exec_driver_sql(statement, one)


def _drop_what_leans_on_nothing(connection: Connection) -> None:
    while broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        for table_name, row, _, place in broken:
            keys = connection.exec_driver_sql(f"PRAGMA foreign_key_list('{table_name}')").all()
            key = next(key for key in keys if key[0] == place)
            column = metadata.tables[table_name].columns[key[3]]
            if key[6] == "SET NULL" or (column.nullable and table_name == "deed"):
                connection.exec_driver_sql(f'UPDATE {table_name} SET "{key[3]}" = NULL WHERE rowid = ?', (row,))
            else:
                connection.exec_driver_sql(f"DELETE FROM {table_name} WHERE rowid = ?", (row,))
    for (owner,) in connection.exec_driver_sql("SELECT DISTINCT owner_table FROM attachment").all():
        known = owner in metadata.tables and "id" in metadata.tables[owner].columns
        gone = f"AND owner_id NOT IN (SELECT id FROM {owner})" if known else ""
        connection.exec_driver_sql(f"DELETE FROM attachment WHERE owner_table = ? {gone}", (owner,))


def _keep_only_a_whole_journal(connection: Connection, had: dict[str, int | None]) -> None:
    whole = all(had[name] == _count(connection, metadata.tables[name]) for name in _JOURNAL)
    if whole and not journal_chain.gaps(connection) and journal_chain.verify_chain(connection) is None:
        return
    for name in _JOURNAL:
        connection.exec_driver_sql(f"DELETE FROM {name}")


def _go_on_counting(old: salvage.Torn, new: Connection) -> None:
    """Numbers are never used again, not even those of rows that were lost."""
    for name, number in salvage.sequence_of(old):
        if name in metadata.tables:
            new.exec_driver_sql("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, name))
            new.exec_driver_sql(
                "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT EXISTS "
                "(SELECT 1 FROM sqlite_sequence WHERE name = ?)",
                (name, number, name),
            )


def _saved(connection: Connection, table: Table, had: int | None) -> Saved:
    count = _count(connection, table)
    return Saved(table.name, count, None if had is None else max(0, had - count))


def _count(connection: Connection, table: Table) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one())


@contextlib.contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(**{BEGIN: "IMMEDIATE"}) as connection, connection.begin():
        yield connection
