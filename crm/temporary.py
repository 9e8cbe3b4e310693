"""Temporary files hold people's data as much as the store does: they lie in a folder of our own, and go with us.

What writes aside (previews of reports, openpyxl, a folder of cards) asks Python's `tempfile`, which is told the place.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crm import paths


@contextlib.contextmanager
def private_temporary_folder() -> Iterator[Path]:
    """Make Python's temporary files of this process lie in a folder of the person's alone, removed at the end.

    What processes that were killed have left goes first: their locks are free. Where the person's folder cannot be
    written, the system's own place stays.
    """
    before = tempfile.tempdir
    with contextlib.ExitStack() as held:
        try:
            folder = held.enter_context(_own_folder(paths.private_folder(paths.data_folder() / "temp")))
        except OSError:
            folder = Path(tempfile.gettempdir())
        else:
            tempfile.tempdir = str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = before


@contextlib.contextmanager
def _own_folder(base: Path) -> Iterator[Path]:
    from filelock import FileLock

    _wipe(base)
    folder = base / secrets.token_hex(8)
    lock = FileLock(_lock_of(folder), timeout=0, mode=0o600, is_singleton=False)
    # The lock first: a folder without one held is wiped by whoever starts next.
    lock.acquire()
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def _wipe(base: Path) -> None:
    """Remove the folders of processes that are gone."""
    from filelock import FileLock, Timeout

    for folder in base.iterdir():
        if not folder.is_dir():
            continue
        lock = FileLock(_lock_of(folder), timeout=0, mode=0o600, is_singleton=False)
        with contextlib.suppress(Timeout, OSError):
            lock.acquire()
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
            _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")
