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

from crm.store.errors import EncryptionMissing
from crm.store.key import PLAIN, Key

APPLICATION_ID: Final = 0x4B525547
"""«KRUG» at byte 68 of the file: how a store is known from any other SQLite file."""
WINDOW_CACHE: Final = 64_000
WORKER_CACHE: Final = 16_000
BUSY_MILLISECONDS: Final = 10_000
BEGIN: Final = "krug_begin"
"""Execution option: DEFERRED for reading, IMMEDIATE for writing."""


def connect(
    path: Path,
    key: Key | None = None,
    *,
    foreign_keys: bool = True,
    cache_kib: int = WORKER_CACHE,
    shared: bool = False,
    untouched: bool = False,
    log: bool = False,
    damaged: bool = False,
) -> Any:
    """A connection of the driver itself on the store at `path`, its pragmas set; the file must be there.

    `shared`: the folder is a network's or a cloud's, where the log of a WAL does not work or does not travel.
    `untouched`: look only, and leave not one byte behind, no `-wal` either; what stands in a `-wal` is not seen.
    `log`: look only, and see what stands in a `-wal`; it stays as it is, a `-shm` comes to lie beside it.
    `damaged`: a schema that is wrong in one place still tells of the others.
    Raises EncryptionMissing where a key is given and the driver cannot encrypt, and the driver's own errors.
    """
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(
        file_address(path, untouched=untouched, log=log), uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")
        if key is not None:
            if not cursor.execute("PRAGMA cipher_version").fetchone():
                raise EncryptionMissing(path=str(path))
            cursor.execute(f'PRAGMA key = "{key.pragma}"')
        for pragma in (
            *(("writable_schema = ON",) if damaged else ()),
            f"busy_timeout = {BUSY_MILLISECONDS}",
            *(() if untouched or log else _durability(shared=shared)),
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
    except BaseException:
        connection.close()
        raise
    return connection


def fits(path: Path, key: Key) -> bool:
    """The first page of the store opens with the key, whatever became of the others. Not one byte is touched."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(file_address(path, untouched=True), uri=True)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f'PRAGMA key = "{key.pragma}"')
        # A file that was cut short does not say «damaged» but «no database» without this.
        connection.execute("PRAGMA writable_schema = ON")
        # It reads the header alone; nearly every other pragma reads the schema first.
        connection.execute("PRAGMA application_id").fetchone()
    except dbapi2.DatabaseError:
        return False
    finally:
        connection.close()
    return True


def driver_errors() -> type[Exception]:
    """What the driver raises where a file does not read: its own family, not the standard library's."""
    from sqlcipher3 import dbapi2

    family: type[Exception] = dbapi2.DatabaseError
    return family


def _durability(*, shared: bool) -> tuple[str, str]:
    return ("journal_mode = DELETE", "synchronous = EXTRA") if shared else ("journal_mode = WAL", "synchronous = FULL")


def make_engine(
    path: Path,
    cache_kib: int,
    key: Key | None = None,
    *,
    foreign_keys: bool = True,
    shared: bool = False,
    untouched: bool = False,
    log: bool = False,
) -> Engine:
    """An engine on the store at `path`, one connection at a time, as `connect` makes it; the file must be there."""
    from sqlcipher3 import dbapi2

    def connected() -> Any:
        return connect(
            path,
            key,
            foreign_keys=foreign_keys,
            cache_kib=cache_kib,
            shared=shared,
            untouched=untouched,
            log=log,
        )

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connected,
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


def file_address(path: Path, *, untouched: bool = False, log: bool = False) -> str:
    """The address of a file that must be there: by its bare name SQLite would make an empty one where none is."""
    mode = "mode=ro&immutable=1" if untouched else "mode=ro" if log else "mode=rw"
    return f"file:{quote(os.fsencode(path.absolute().as_posix()))}?{mode}"


def make_private_file(path: Path) -> None:
    """Create an empty file readable by its owner only, before the driver would make a wider one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def mark_file(path: Path, key: Key | None = None) -> None:
    """Write the application id into an empty file, past the write-ahead log, so that its header says what it is.

    With a key the header is its salt from here on; raises EncryptionMissing if the bytes on disk say otherwise.
    """
    connection = connect(path, key, shared=True)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
    with path.open("rb") as file:
        head = file.read(16)
    if (key is not None) == head.startswith(PLAIN):
        raise EncryptionMissing(path=str(path))
