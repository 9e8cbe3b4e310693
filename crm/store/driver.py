"""The driver: SQLAlchemy over sqlcipher3, for plain and encrypted stores alike.

sqlcipher3 brings SQLite ≥ 3.53; the standard library's may carry the WAL-reset bug (3.7.0–3.51.2), and Krug has two
connections. Transactions are opened by hand: SQLAlchemy's default does not roll back DDL.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

APPLICATION_ID: Final = 0x4B525547
"""«KRUG» at byte 68 of the file: how a store is known from any other SQLite file."""
WINDOW_CACHE: Final = 64_000
WORKER_CACHE: Final = 16_000
BUSY_MILLISECONDS: Final = 10_000
BEGIN: Final = "krug_begin"
"""Execution option: DEFERRED for reading, IMMEDIATE for writing."""


def make_engine(path: Path, cache_kib: int, *, foreign_keys: bool = True) -> Engine:
    """An engine on the store at `path`, one connection at a time, its pragmas set; the file must exist."""
    from sqlcipher3 import dbapi2

    address = existing(path)

    def connect() -> Any:
        connection = dbapi2.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        cursor = connection.cursor()
        for pragma in (
            "cipher_log_level = NONE",
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            "recursive_triggers = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "temp_store = MEMORY",
            f"cache_size = -{cache_kib}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        return connection

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_reset_on_return=None,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get(BEGIN, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def existing(path: Path) -> str:
    """The address of a file that must be there: by its bare name SQLite would make an empty one where none is."""
    return f"file:{quote(os.fsencode(path.absolute().as_posix()))}?mode=rw"


def make_private_file(path: Path) -> None:
    """Create an empty file readable by its owner only, before the driver would make a wider one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def mark_file(path: Path) -> None:
    """Write the application id into an empty file, past the write-ahead log, so that its header says what it is."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(existing(path), uri=True, isolation_level=None)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
