"""Bringing a copy back: all of it checked first, today's file kept first, the exchange itself one rename.

Whoever was erased since the copy was made is taken out of it before it becomes the store.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DatabaseError

from crm import clock as clocks
from crm import paths
from crm.clock import Clock
from crm.errors import CrmError
from crm.files import PART, copy_whole, sha256_of, sync, sync_folder
from crm.store import erasures, folders
from crm.store.beside import LOGS, OF_DRIVER, beside, drop_logs, holds_log, real_file, size_of
from crm.store.copies import (
    Copied,
    Report,
    Snapshot,
    folder_of,
    make_copy,
    read_copy,
    silent,
    told_apart,
    write_copy,
)
from crm.store.copy_check import examine, state_of
from crm.store.copy_errors import CopyStale
from crm.store.doorstep import look
from crm.store.driver import (
    APPLICATION_ID,
    BEGIN,
    WORKER_CACHE,
    connect,
    driver_errors,
    file_address,
    fits,
    make_engine,
    make_private_file,
)
from crm.store.errors import PassphraseWrong, StoreDamaged, StoreError, StoreLocked, StoreNewer, StoreTampered
from crm.store.key import Key, Secret, salt_of
from crm.store.lock import StoreLock
from crm.store.migrating import migrate
from crm.store.schema import SCHEMA_VERSION, is_newer
from crm.store.shape import SCHEMA, strangeness

WAITING: Final = ".restoring"
"""The end of the name under which a copy waits beside the store."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of it: where today's file was kept (None: there was none), and how many people came back."""

    kept: Path | None
    people: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A checked copy, cleaned and waiting beside the store; `state` is that of the store it was made ready for."""

    store: Path
    waiting: Path
    kept: Path | None
    people: int
    state: str = ""


def restore(
    store: Path,
    source: Path,
    clock: Clock = clocks.now,
    secret: Secret | None = None,
    *,
    today: Secret | None = None,
    report: Report = silent,
) -> Restored:
    """Put the store kept in `source` in the place of `store`, which nobody may have open; it may also be missing.

    `secret` opens the copy, and today's file too unless `today` does. Today's file is kept first: as a checked copy,
    or, where it does not read, byte for byte. Raises, with nothing changed, StoreHeld, StoreMissing, StoreForeign,
    StoreNewer, StoreDamaged, StoreTampered, StoreLocked, PassphraseWrong, CopyDiskFull, CopyNoRights.
    """
    secret, today = _once(secret), _once(today)
    paths.private_folder(store.parent)
    lock = StoreLock(store)
    lock.take()
    try:
        with _waiting(store) as waiting:
            opens = today or secret
            key = _take_in(source, waiting, secret, report)
            key = _keep_encrypted(waiting, key, store, opens)
            kept, memory = _keep_today(store, clock, opens, report)
            people = _make_ready(waiting, key, memory, clock)
            report(95, 100)
            _exchange(waiting, store)
        return Restored(kept, people)
    finally:
        lock.release()


def make_ready(workspace: Copied, source: Path, secret: Secret | None = None, report: Report = silent) -> Ready:
    """The slow part of bringing back a copy into an open store: check, copy of today's file, cleaning; for a job.

    Without a `secret` the store's own key opens the copy. `swap` ends it; `give_up` takes it back. Errors as `restore`.
    """
    store = workspace.path
    with _waiting(store, stays=True) as waiting:
        with workspace.snapshot() as source_of_today:
            mine = source_of_today.key
            state = state_of(source_of_today.connection)
        opens = secret or (None if mine is None else lambda salt: Key(mine.raw, salt))
        key = _take_in(source, waiting, opens, report)
        if mine is not None and key is None:
            key = _encrypt(waiting, mine)
        kept = make_copy(workspace, "before_restore", report)
        memory = _memory_of(store, mine)
        people = _make_ready(waiting, key, memory, workspace.clock)
    return Ready(store, waiting, None if kept is None else kept.path, people, state)


def swap(ready: Ready, state: str) -> Restored:
    """Put what waits in the place of the store, which was closed; `state` is that which it was closed with.

    Raises CopyStale, with nothing changed, where something was saved since; StoreHeld.
    """
    if state != ready.state:
        give_up(ready)
        raise CopyStale
    lock = StoreLock(ready.store)
    lock.take()
    try:
        with told_apart(ready.store.parent):
            _exchange(ready.waiting, ready.store)
    finally:
        lock.release()
    return Restored(ready.kept, ready.people)


def sweep(store: Path) -> None:
    """Take away what a killed restoration left; nobody may be restoring."""
    with contextlib.suppress(OSError):
        _clear(beside(store, WAITING))


def give_up(ready: Ready) -> None:
    """Leave the store as it is."""
    _clear(ready.waiting)


def _once(secret: Secret | None) -> Secret | None:
    """The same secret, which derives a key once: half a second each time is too long to ask it thrice."""
    if secret is None:
        return None
    keys: dict[bytes, Key] = {}

    def derive(salt: bytes) -> Key:
        if salt not in keys:
            keys[salt] = secret(salt)
        return keys[salt]

    return derive


# -- the copy -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _waiting(store: Path, *, stays: bool = False) -> Iterator[Path]:
    """A place beside the store; empty again when the block fails, or ends and nothing `stays`."""
    waiting = beside(store, WAITING)
    with told_apart(store.parent):
        _clear(waiting)
        try:
            yield waiting
        except BaseException:
            _clear(waiting)
            raise
        if not stays:
            _clear(waiting)


def _clear(waiting: Path) -> None:
    _clear_bytes(waiting)
    waiting.with_name(waiting.name + PART).unlink(missing_ok=True)


def _take_in(source: Path, waiting: Path, secret: Secret | None, report: Report) -> Key | None:
    """Bring the bytes beside the store, with what stands in a log of theirs, and read every page."""
    look(source, secret)
    digest = copy_whole(source, waiting, lambda: report(15, 100))
    known = read_copy(source)
    if known is not None and known.sha256 and known.sha256 != digest:
        raise StoreDamaged(path=str(source))
    try:
        for ending in LOGS:
            # Also the log of what was begun and not ended: without it half a deed would come back.
            log = beside(source, ending)
            if size_of(log):
                copy_whole(log, waiting.with_name(waiting.name + ending))
        key, version = _settled(waiting, secret)
        if is_newer(version):
            raise StoreNewer(path=str(source), found=version, known=SCHEMA_VERSION)
        examine(waiting, key, lambda: report(30, 100))
        _refuse_strangers(waiting, key, source, version)
    except StoreDamaged as error:
        raise StoreDamaged(path=str(source)) from error
    return key


def _settled(waiting: Path, secret: Secret | None) -> tuple[Key | None, int]:
    """Everything in the one file: a log that came along is written into it."""
    key, _ = look(waiting, secret)
    with _reading(waiting, key, waiting) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return key, version


def _refuse_strangers(waiting: Path, key: Key | None, source: Path, version: int) -> None:
    with _reading(waiting, key, source, untouched=True) as connection:
        rows = connection.execute(SCHEMA).fetchall()
    if strange := strangeness(rows, version):
        raise StoreTampered(path=str(source), found=", ".join(one.text() for one in strange))


@contextlib.contextmanager
def _reading(file: Path, key: Key | None, named: Path, *, untouched: bool = False) -> Iterator[Any]:
    try:
        with contextlib.closing(connect(file, key, untouched=untouched)) as connection:
            yield connection
    except driver_errors() as error:
        if "full" in str(error).lower():
            raise
        raise StoreDamaged(path=str(named)) from error


def _keep_encrypted(waiting: Path, key: Key | None, store: Path, secret: Secret | None) -> Key | None:
    """A plain copy in the place of an encrypted store becomes encrypted: encryption is never silently off."""
    if key is not None or not store.is_file():
        return key
    salt = salt_of(store)
    if salt is None:
        return None
    if secret is None:
        raise StoreLocked(path=str(store))
    mine = secret(salt)
    if not fits(store, mine):
        # Under a passphrase with a slip of the finger nobody could open what came back.
        raise PassphraseWrong(path=str(store))
    return _encrypt(waiting, mine)


def _encrypt(waiting: Path, key: Key) -> Key:
    """Write the plain file anew with `key`, in its own place."""
    fresh = waiting.with_name(waiting.name + PART)
    fresh.unlink(missing_ok=True)
    make_private_file(fresh)
    with contextlib.closing(connect(fresh, key, shared=True)) as connection:
        # Nothing is lost with it: a file half written is thrown away, a whole one is synced before it is used.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (file_address(waiting),))
        version = int(connection.execute("PRAGMA plain.user_version").fetchone()[0])
        connection.execute("SELECT sqlcipher_export('main', 'plain')").fetchall()
        connection.execute("DETACH DATABASE plain")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
    examine(fresh, key)
    fresh.replace(waiting)
    return key


# -- today's file -------------------------------------------------------------------------------------------------


def _keep_today(
    store: Path, clock: Clock, secret: Secret | None, report: Report
) -> tuple[Path | None, erasures.Memory | None]:
    """Where today's file was kept, and what it remembers of those it forgot."""
    if not store.is_file():
        return None, None
    why, bytes_kept, key = "damaged", None, None
    try:
        key, _ = look(store, secret)
        if holds_log(store):
            # Opening a file settles its log, or throws away one that does not read: its bytes are kept before that.
            bytes_kept = _keep_bytes(store, clock, why)
        else:
            examine(store, key)
        with contextlib.closing(connect(store, key, shared=folders.kind_of(store).shared)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy = write_copy(Snapshot(connection, key), store, "before_restore", clock, report)
        if bytes_kept is not None:
            _clear_bytes(bytes_kept)
        return copy.path, _memory_of(store, key)
    except (StoreLocked, PassphraseWrong):
        why = "unopened"
    except StoreError:
        pass
    except driver_errors() as error:
        if "full" in str(error).lower():
            raise
    except CrmError as error:
        # A file whose copy does not pass its check is a damaged one; a full disk is not its fault.
        if error.code != "copy_unsound":
            raise
    kept = bytes_kept or _keep_bytes(store, clock, why)
    # What a damaged file still tells of those it forgot holds too: nobody comes back because a page is lost.
    return kept, None if why == "unopened" else _memory_of(store, key, damaged=True)


def _clear_bytes(kept: Path) -> None:
    for ending in ("", *OF_DRIVER):
        kept.with_name(kept.name + ending).unlink(missing_ok=True)


def _keep_bytes(store: Path, clock: Clock, why: str) -> Path:
    folder = paths.private_folder(folder_of(store))
    stamp = clock().astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    number, target = 1, folder / f"{store.name}.{why}-{stamp}"
    while target.exists():
        number += 1
        target = folder / f"{store.name}.{why}-{stamp}-{number}"
    for ending in (*LOGS, ""):
        file = beside(store, ending)
        if file.is_file():
            digest = copy_whole(file, target.with_name(target.name + ending))
            if digest != sha256_of(file):
                raise StoreDamaged(path=str(target))
    return target


def _memory_of(store: Path, key: Key | None, *, damaged: bool = False) -> erasures.Memory | None:
    engine = make_engine(store, WORKER_CACHE, key, shared=folders.kind_of(store).shared, untouched=damaged)
    try:
        with engine.connect() as connection:
            memory = erasures.remembered(connection)
            return erasures.what_reads(memory) if damaged else memory
    except (DatabaseError, UnicodeError):
        # Of a schema that knew no erasures, or a page of theirs is the lost one.
        return None
    finally:
        engine.dispose()


# -- the exchange -------------------------------------------------------------------------------------------------


def _make_ready(waiting: Path, key: Key | None, memory: erasures.Memory | None, clock: Clock) -> int:
    migrate(waiting, key, clock, copy=False)
    if memory is not None and memory.secret:
        engine = make_engine(waiting, WORKER_CACHE, key, shared=True)
        try:
            with engine.connect().execution_options(**{BEGIN: "IMMEDIATE"}) as connection, connection.begin():
                erasures.replay(connection, memory, clocks.today(clock))
        finally:
            engine.dispose()
    with contextlib.closing(connect(waiting, key)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    sync(waiting)
    return examine(waiting, key).people or 0


def _exchange(waiting: Path, store: Path) -> None:
    """Nothing of the old file's log may stand beside the new one: SQLite would replay it. So it goes first."""
    drop_logs(store)
    place = real_file(store)
    os.replace(waiting, place)  # noqa: PTH105 - the exchange is one system call
    sync_folder(place.parent)
