"""Another key for a store and its copies: written beside, checked, and put in place by one rename.

A key is never changed inside the file: a program killed in the middle would leave pages of two keys. Instead every
row is exported into a private file beside the old one; renaming it over the old one is the moment of the change. The
copies are written first and renamed last: whoever is killed between finds the rest done at the next opening, where
what opens with the store's key is put in place and everything else is dropped.

Bytes that could be read without a key are overwritten after the change. That is all a program can do: a solid-state
disk or a file system that copies on write may keep old blocks, and only encrypting the whole disk answers that.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crm.files import FULL, sync, sync_folder
from crm.store.beside import has_log
from crm.store.driver import APPLICATION_ID, connect, driver_errors, file_address, make_private_file
from crm.store.errors import DiskFull, EncryptionMissing, NotRekeyed, RoomMissing, StoreBusy
from crm.store.key import PLAIN, Key

Report = Callable[[int, int], None]
READY: Final = ".new-key"
"""Ends the name of a file that is written and checked, and waits to be put in place."""
PART: Final = ".new-key-part"
"""Ends the name of a file that is still being written."""
OLD: Final = ".old-key"
"""Ends the second name of a file that is to be overwritten once the new one is in its place."""
_ROOM: Final = 1.15
"""Pages of an encrypted file hold a little less than those of a plain one."""
_STEPS: Final = 20_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """How many copies were written anew, and those that no key at hand opens: they stayed as they are."""

    copies: int
    left: tuple[Path, ...]


def prepare(store: Path, old: Key | None, new: Key | None, copies: Sequence[Path], report: Report) -> Rekeyed:
    """Write the store and `copies` under the `new` key (None: readable by anyone) beside themselves, and check them.

    Nothing is changed yet; nobody may write into the store until `commit`. `report` is told of the progress in
    hundredths. Raises RoomMissing, DiskFull, NotRekeyed and what `report` raises; everything written is gone then.
    """
    real = store.resolve()
    known = {copy: fitting for copy in copies if (fitting := _key_of(copy, (old, None, new))) is not None}
    _look_for_room(real, [real, *known])
    sizes = {path: path.stat().st_size for path in (*known, real)}
    total, done = sum(sizes.values()), 0
    written: list[Path] = []
    try:
        for path, size in sizes.items():

            def step(so_far: int, before: int = done, size: int = size) -> None:
                report(100 * (before + min(so_far, size)) // max(total, 1), 100)

            key = old if path == real else known[path].key
            try:
                written.append(_write_beside(path, key, new, step, live=path == real))
            except OSError as error:
                raise (DiskFull() if error.errno in FULL else NotRekeyed(path=str(path))) from error
            done += size
    except BaseException:
        give_up(real, tuple(known))
        raise
    return Rekeyed(len(known), tuple(copy for copy in copies if copy not in known))


def give_up(store: Path, copies: Sequence[Path]) -> None:
    """Take away what `prepare` wrote."""
    for path in (store.resolve(), *copies):
        drop(path.with_name(path.name + PART))
        drop(path.with_name(path.name + READY))


def commit(store: Path) -> None:
    """Put the new file in the store's place: the one moment of the change. No connection may be open.

    Raises StoreBusy where somebody still has the old one open, and NotRekeyed where the file may not be exchanged.
    """
    real = store.resolve()
    # The last one to close takes both away; one that stays would be written into the file of another key.
    if has_log(real):
        raise StoreBusy
    try:
        _put_in_place(real)
    except OSError as error:
        raise NotRekeyed(path=str(real)) from error


def finish(store: Path, key: Key | None, folder: Path, moved: Callable[[Path], object] | None = None) -> int:
    """What is left after `commit`, or after a kill: copies under the store's `key` are put in place, the rest dropped.

    `folder` holds the copies; `moved` is told of each, so that what stands beside it follows. Gives their number.
    What can't be moved or taken away now, because a folder may only be read or a file is held, waits for the next time:
    a store is not kept from opening by its copies.
    """
    real = store.resolve()
    count = 0
    for suffix in (PART, READY, OLD):
        with contextlib.suppress(OSError):
            drop(real.with_name(real.name + suffix))
    left: list[Path] = []
    with contextlib.suppress(OSError):
        left = sorted(path for path in folder.iterdir() if path.name.endswith((READY, PART, OLD)))
    for path in left:
        with contextlib.suppress(OSError):
            if path.name.endswith(READY) and _key_of(path, (key,)) is not None:
                target = path.with_name(path.name.removesuffix(READY))
                _put_in_place(target)
                if moved is not None:
                    moved(target)
                count += 1
            else:
                drop(path)
    return count


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A key that opens a file; None in it is a key too, that of a file anyone can read."""

    key: Key | None


def _key_of(path: Path, keys: Sequence[Key | None]) -> _Fitting | None:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return None
    for key in keys:
        if (key is None) != (head == PLAIN):
            continue
        fitting = None if key is None else Key(key.raw, head)
        try:
            with contextlib.closing(connect(path, fitting, untouched=True)) as connection:
                if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
                    return _Fitting(fitting)
        except driver_errors():
            continue
    return None


def _look_for_room(store: Path, files: Sequence[Path]) -> None:
    # All of them exist twice until the change; the folder of the copies is on the store's disk.
    needed = int(sum(path.stat().st_size for path in files) * _ROOM)
    free = shutil.disk_usage(store.parent).free
    if free < needed:
        raise RoomMissing(path=str(store.parent), needed=_megabytes(needed), free=_megabytes(free))


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def _write_beside(path: Path, old: Key | None, new: Key | None, step: Callable[[int], None], *, live: bool) -> Path:
    part, ready = path.with_name(path.name + PART), path.with_name(path.name + READY)
    for leftover in (part, ready):
        drop(leftover)
    make_private_file(part)
    stopped: list[BaseException] = []

    def follow() -> int:
        try:
            step(part.stat().st_size)
        except BaseException as error:  # noqa: BLE001 - the driver would swallow it; it is raised below
            stopped.append(error)
            return 1
        return 0

    try:
        with contextlib.closing(connect(part, new, foreign_keys=False, shared=True)) as connection:
            connection.set_progress_handler(follow, _STEPS)
            content = _export(connection, file_address(path, untouched=not live), old)
            connection.set_progress_handler(None, 0)
        step(part.stat().st_size)
        _check(part, new, content)
    except driver_errors() as error:
        if stopped:
            raise stopped[0] from None
        if any(word in str(error).lower() for word in ("disk is full", "disk i/o")):
            raise DiskFull from error
        raise NotRekeyed(path=str(path)) from error
    sync(part)
    part.replace(ready)
    return ready


def _export(connection: Any, source: str, old: Key | None) -> dict[str, object]:
    """Every row and every piece of the schema, and what `sqlcipher_export` leaves behind: the two marks of the header.

    Gives what the source holds, to be compared.
    """
    # Nobody relies on this file before it is whole and synced: it needs no journal on the way.
    connection.execute("PRAGMA main.journal_mode = OFF")
    connection.execute("PRAGMA main.synchronous = OFF")
    key = "" if old is None else old.pragma
    connection.execute(f'ATTACH DATABASE ? AS source KEY "{key}"', (source,))
    connection.execute("BEGIN")
    connection.execute("SELECT sqlcipher_export('main', 'source')")
    connection.execute("COMMIT")
    for name in ("application_id", "user_version"):
        value = connection.execute(f"PRAGMA source.{name}").fetchone()[0]
        connection.execute(f"PRAGMA main.{name} = {int(value)}")
    content = _content(connection, "source")
    connection.execute("DETACH DATABASE source")
    return content


def _content(connection: Any, schema: str) -> dict[str, object]:
    """What must be the same in both: each piece of the schema, and the rows of each table."""
    pieces = connection.execute(f"SELECT type, name, sql FROM {schema}.sqlite_schema").fetchall()
    found: dict[str, object] = {f"{kind} {name}": sql for kind, name, sql in pieces}
    for kind, name, _ in pieces:
        if kind == "table":
            found[f"rows of {name}"] = connection.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchone()[0]
    return found


def _check(path: Path, key: Key | None, content: dict[str, object]) -> None:
    with path.open("rb") as file:
        head = file.read(16)
    if head != (PLAIN if key is None else key.salt):
        raise EncryptionMissing(path=str(path))
    with contextlib.closing(connect(path, key, untouched=True)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        sound = sound and _content(connection, "main") == content
        if key is not None and connection.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
            sound = False
    if not sound:
        raise NotRekeyed(path=str(path))


def _put_in_place(target: Path) -> None:
    ready, aside = target.with_name(target.name + READY), target.with_name(target.name + OLD)
    readable = _is_plain(target)
    if readable:
        # A second name keeps hold of the old bytes across the rename, also on Windows and across a kill.
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
            os.link(target, aside)
    ready.replace(target)
    sync_folder(target.parent)
    if readable:
        # The change is made: a name that does not go now, held by another program, goes at the next opening.
        with contextlib.suppress(OSError):
            drop(aside)


def _is_plain(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == PLAIN
    except OSError:
        return False


def drop(path: Path) -> None:
    """Take a file of ours away, its bytes overwritten first where anyone could read them.

    A file that still has another name is only unnamed: those bytes are in use.
    """
    with contextlib.suppress(FileNotFoundError):
        if _is_plain(path) and path.stat().st_nlink == 1:
            with contextlib.suppress(OSError):
                _overwrite(path)
        path.unlink()


def _overwrite(path: Path) -> None:
    with path.open("rb+") as file:
        left = file.seek(0, os.SEEK_END)
        file.seek(0)
        while left > 0:
            left -= file.write(bytes(min(left, _BLOCK)))
        file.flush()
        os.fsync(file.fileno())
