"""Looking at a store without touching a byte of it: what opening it would find, and whether that is sound.

A log (`-wal`) left by a kill is read as it stands, through a read-only connection that cannot write it back. A
rollback journal (`-journal`, in folders that others share) can only be followed by writing, so it is followed on a
copy. Only a file found sound is opened for writing afterwards.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, NoResultFound

from crm.store import wal
from crm.store.beside import beside, holds_log, size_of
from crm.store.driver import WORKER_CACHE, connect, make_engine
from crm.store.errors import DiskFull, StoreDamaged, StoreNewer, StoreNoRights, StoreTampered
from crm.store.key import Key
from crm.store.schema import SCHEMA_VERSION, is_newer, schema_rank
from crm.store.shape import SCHEMA, strangeness

SMALL: Final = 32 * 1024 * 1024
"""Bytes of a store whose pages are all looked at each time it is opened: about a tenth of a second at most."""
_VALUES: Final = re.compile(
    r"(CHECK constraint failed|NULL value|non-unique entry|(NUMERIC|TEXT|INT|REAL|BLOB)\w* value) in "
)
"""What `integrity_check` says of rows that break a rule while the pages that hold them are sound."""
_LOOKING: Final = ".krug-"
"""How the folder begins in which a store is looked at on a copy."""
_SEARCH: Final = re.compile(r"fts5: |malformed inverted index|unable to validate the inverted index")


@dataclass(frozen=True, slots=True)
class Complaints:
    """What `integrity_check` has to say: of pages, of values that break a rule, of the search index."""

    pages: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    search: tuple[str, ...] = ()


def examine(path: Path, key: Key | None) -> int:
    """The schema version of the store at `path` as opening would find it; not one byte is touched.

    Raises StoreNewer, StoreTampered with what was found, StoreDamaged, StoreNoRights. Looks at every page of a small
    store, and of any store that was not closed.
    """
    left_open = holds_log(path)
    try:
        with reading(path, key) as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            if is_newer(version):
                raise StoreNewer(path=str(path), found=schema_rank(version)[0], known=schema_rank(SCHEMA_VERSION)[0])
            rows = [(row[0], row[1], row[2], row[3]) for row in connection.exec_driver_sql(SCHEMA)]
            every_page = left_open or path.stat().st_size <= SMALL
            # Before the schema is judged: a damaged page of it is damage, not somebody's doing.
            if every_page and complaints(connection, quick=True).pages:
                raise StoreDamaged(path=str(path))
            if strange := strangeness(rows, version):
                raise StoreTampered(path=str(path), found=", ".join(one.text() for one in strange))
            if version:
                connection.exec_driver_sql("SELECT deed_id FROM open_deed").one()
    except (DatabaseError, NoResultFound) as error:
        if "unable to open" in str(error).lower():
            raise StoreNoRights(path=str(path)) from error
        raise StoreDamaged(path=str(path)) from error
    except UnicodeError as error:
        # A damaged page may hold names that are no text.
        raise StoreDamaged(path=str(path)) from error
    return version


@contextlib.contextmanager
def reading(path: Path, key: Key | None) -> Iterator[Connection]:
    """A connection that reads the store at `path` as opening it would find it, and changes nothing there.

    Whoever calls holds the lock of the store, or a file of which there is no other user. Raises StoreDamaged for a
    log that is not whole, and the driver's errors.
    """
    journal, log, index = beside(path, "-journal"), beside(path, "-wal"), beside(path, "-shm")
    if size_of(journal):
        with _copied(path, journal) as copy, _connected(copy, key, shared=True) as connection:
            yield connection
        return
    if not size_of(log):
        with _connected(path, key, untouched=True) as connection:
            yield connection
        return
    was_there = index.exists()
    try:
        with _connected(path, key, log=True) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
            yield connection
        if index.exists() and not wal.is_whole(log, index):
            raise StoreDamaged(path=str(path))
    finally:
        if not was_there:
            index.unlink(missing_ok=True)


@contextlib.contextmanager
def best_reading(path: Path, key: Key | None) -> Iterator[Callable[[], Any]]:
    """What makes connections of the driver on a damaged store: with the log beside it, unless that is the damage."""
    index = beside(path, "-shm")
    was_there = index.exists()
    log = size_of(beside(path, "-wal")) > 0 and not (_spoilt(path, key, log=True) and not _spoilt(path, key, log=False))
    try:
        yield lambda: connect(path, key, untouched=not log, log=log, damaged=True)
    finally:
        if not was_there:
            index.unlink(missing_ok=True)


def _spoilt(path: Path, key: Key | None, *, log: bool) -> bool:
    try:
        with _connected(path, key, untouched=not log, log=log) as connection:
            return bool(complaints(connection, quick=True).pages)
    except DatabaseError:
        return True


def complaints(connection: Connection, *, quick: bool = False) -> Complaints:
    """What SQLite finds wrong with pages and rows, at most a hundred things; `quick` leaves the indexes out.

    Encrypted pages are also held against their own seals, unless `quick`.
    """
    pages: list[str] = []
    values: list[str] = []
    search: list[str] = []
    try:
        if not quick:
            sealed = connection.exec_driver_sql("PRAGMA cipher_integrity_check")
            # A plain store has no seals, and the pragma no rows.
            pages += [str(row[0]) for row in sealed] if sealed.returns_rows else []
        for (line,) in connection.exec_driver_sql(f"PRAGMA {'quick' if quick else 'integrity'}_check"):
            for told in str(line).splitlines():
                if told == "ok" or told.startswith("***"):
                    continue
                kind = values if _VALUES.match(told) else search if _SEARCH.match(told) else pages
                kind.append(told)
    except DatabaseError as error:
        pages.append(str(error.orig))
    return Complaints(tuple(pages), tuple(values), tuple(search))


def is_garbled(error: ValueError) -> bool:
    """The error arose while SQLAlchemy made a date or a list out of a stored row: what is stored is no such thing."""
    rooms = [
        frame.filename
        for frame in traceback.extract_tb(error.__traceback__)
        if f"{os.sep}json{os.sep}" not in frame.filename
    ]
    return bool(rooms) and "sqlalchemy" in rooms[-1]


@contextlib.contextmanager
def _connected(
    path: Path,
    key: Key | None,
    *,
    untouched: bool = False,
    log: bool = False,
    shared: bool = False,
) -> Iterator[Connection]:
    engine = make_engine(path, WORKER_CACHE, key, shared=shared, untouched=untouched, log=log)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextlib.contextmanager
def _copied(path: Path, journal: Path) -> Iterator[Path]:
    real = path.resolve()
    # What a kill left is a whole copy of the store; whoever is here holds the store's lock.
    for left in real.parent.glob(f"{_LOOKING}*/{glob.escape(real.name)}"):
        shutil.rmtree(left.parent, ignore_errors=True)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_LOOKING, dir=real.parent))
    except OSError as error:
        raise StoreNoRights(path=str(path)) from error
    try:
        copy = folder / real.name
        try:
            shutil.copyfile(path, copy)
            shutil.copyfile(journal, folder / journal.name)
        except OSError as error:
            raise DiskFull from error
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)
