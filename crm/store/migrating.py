"""Bringing an older store to today's schema, one version and one transaction at a time, after a copy of the file.

Alembic is imported here and nowhere else, so a store of today's version never pays for it. A batch copy of a table
with `foreign_keys=ON` was seen to delete every child row, so the connection has it off before BEGIN; triggers are
dropped first and made anew last; rows are counted, keys and pages checked before the commit. A store left between two
versions by a crash has no triggers; it is not today's, so the next opening goes on with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from crm import clock as clocks
from crm.clock import Clock
from crm.store import folders
from crm.store.copies import Snapshot, write_copy
from crm.store.copy_errors import CopyDiskFull, CopyFolderMissing, CopyNoRights, CopyUnsound, StoreNotCopied
from crm.store.driver import BEGIN, WORKER_CACHE, make_engine
from crm.store.errors import StoreDamaged
from crm.store.key import Key
from crm.store.schema import programs, schema_rank

VERSIONS: Final = {1: "0001", 2: "0002"}
"""Schema version → Alembic revision, in the order in which they follow each other."""
REVISIONS: Final = (Path(__file__).parent / "migrations" / "versions",)
"""Folders in which Alembic finds the revisions."""


def migrate(path: Path, key: Key | None = None, clock: Clock = clocks.now, *, copy: bool = True) -> Path | None:
    """Bring the store at `path` up to today's schema; returns the copy made before, None where there was no need.

    Raises StoreDamaged, with the file as it was, where the result would not be sound; StoreNotCopied.
    Without `copy` none is made: the file is itself one.
    """
    engine = make_engine(path, WORKER_CACHE, key, foreign_keys=False, shared=folders.kind_of(path).shared)
    try:
        with engine.connect() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            connection.rollback()
            steps = [step for step in VERSIONS if schema_rank(step) > schema_rank(version)]
            if not steps:
                return None
            made = None
            if copy:
                made = _copy_first(connection, path, key, clock)
            for step in steps:
                _migrate_one(connection, path, step, last=step == steps[-1])
        return made
    finally:
        engine.dispose()


def _copy_first(connection: Connection, path: Path, key: Key | None, clock: Clock) -> Path:
    try:
        return write_copy(Snapshot(connection.connection.dbapi_connection, key), path, "before_migration", clock).path
    except (CopyDiskFull, CopyNoRights, CopyFolderMissing) as error:
        raise StoreNotCopied(path=str(path)) from error
    except CopyUnsound as error:
        raise StoreDamaged(path=str(path)) from error


def upgrade(connection: Connection, revision: str) -> None:
    """Run Alembic's upgrade to `revision` on `connection`, inside the transaction that is open."""
    from alembic.command import upgrade as alembic_upgrade
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, REVISIONS)))
    config.attributes["connection"] = connection
    alembic_upgrade(config, revision)


def _migrate_one(connection: Connection, path: Path, step: int, *, last: bool) -> None:
    with connection.execution_options(**{BEGIN: "IMMEDIATE"}).begin():
        drop_triggers(connection)
        before = _row_counts(connection)
        upgrade(connection, VERSIONS[step])
        after = _row_counts(connection)
        if any(after.get(name, -1) < count for name, count in before.items()):
            raise StoreDamaged(path=str(path))
        connection.exec_driver_sql(f"PRAGMA user_version = {step}")
        if last:
            for _, statement in programs():
                connection.exec_driver_sql(statement)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None or connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
            raise StoreDamaged(path=str(path))


def drop_triggers(connection: Connection) -> None:
    """Take every trigger away; they are generated again from the metadata."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _row_counts(connection: Connection) -> dict[str, int]:
    """Rows by table; the search index and SQLite's and Alembic's own tables are not counted."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' "
        "AND name NOT GLOB 'person_search*' AND name NOT GLOB '*alembic*'"
    ).scalars()
    return {
        name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()) for name in names.all()
    }
