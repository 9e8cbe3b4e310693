"""Bringing an older store to today's schema, one version and one transaction at a time, after a copy of the file.

Alembic is imported here and nowhere else, so a store of today's version never pays for it. A batch copy of a table
with `foreign_keys=ON` was seen to delete every child row, so the connection has it off before BEGIN; triggers are
dropped first and made anew last; rows are counted, keys and pages checked before the commit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from crm import clock as clocks
from crm.clock import Clock
from crm.models import metadata
from crm.store import folders
from crm.store.copies import Snapshot, write_copy
from crm.store.driver import BEGIN, WORKER_CACHE, make_engine
from crm.store.errors import StoreDamaged
from crm.store.key import Key
from crm.store.schema import SCHEMA_VERSION, programs

VERSIONS: Final = {1: "0001"}
"""Schema version → Alembic revision."""


def migrate(path: Path, key: Key | None = None, clock: Clock = clocks.now, *, copy: bool = True) -> Path | None:
    """Bring the store at `path` up to `SCHEMA_VERSION`; returns the copy made before, None where there was no need.

    Raises StoreDamaged, with the file as it was, where the result would not be sound, and what `write_copy` raises.
    Without `copy` none is made: the file is itself one.
    """
    engine = make_engine(path, WORKER_CACHE, key, foreign_keys=False, shared=folders.kind_of(path).shared)
    try:
        with engine.connect() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            connection.rollback()
            if version >= SCHEMA_VERSION:
                return None
            made = None
            if copy:
                raw = connection.connection.dbapi_connection
                made = write_copy(Snapshot(raw, key), path, "before_migration", clock).path
            for step in range(version + 1, SCHEMA_VERSION + 1):
                _migrate_one(connection, path, step)
        return made
    finally:
        engine.dispose()


def upgrade(connection: Connection, revision: str) -> None:
    """Run Alembic's upgrade to `revision` on `connection`, inside the transaction that is open."""
    from alembic.command import upgrade as alembic_upgrade
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    alembic_upgrade(config, revision)


def _migrate_one(connection: Connection, path: Path, step: int) -> None:
    with connection.execution_options(**{BEGIN: "IMMEDIATE"}).begin():
        drop_triggers(connection)
        before = _row_counts(connection)
        upgrade(connection, VERSIONS[step])
        connection.exec_driver_sql(f"PRAGMA user_version = {step}")
        if step == SCHEMA_VERSION:
            for _, statement in programs():
                connection.exec_driver_sql(statement)
        after = _row_counts(connection)
        lost = [name for name, count in before.items() if after.get(name, 0) < count]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        if lost or broken is not None or sound != "ok":
            raise StoreDamaged(path=str(path))


def drop_triggers(connection: Connection) -> None:
    """Take every trigger away; they are generated again from the metadata."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _row_counts(connection: Connection) -> dict[str, int]:
    there = set(connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars())
    return {
        table.name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one())
        for table in metadata.sorted_tables
        if table.name in there
    }
