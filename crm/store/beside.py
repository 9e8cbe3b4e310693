"""What lies beside a store: SQLite's logs, our lock, who holds it, the knock of a second start. One list of them."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

LOGS: Final = ("-wal", "-journal")
"""What SQLite keeps beside a file and the file alone lacks."""
INDEX: Final = "-shm"
OF_DRIVER: Final = (*LOGS, INDEX)
"""All that SQLite keeps beside a file; of an older file it would be replayed into one that came in its place."""
LOCK: Final = ".lock"
_OURS: Final = (LOCK, ".owner", ".knock")


def real_file(store: Path) -> Path:
    """Where the bytes are: SQLite keeps its files beside what a link leads to, not beside the link."""
    return Path(os.path.realpath(store))


def beside(store: Path, ending: str) -> Path:
    """The file beside the store whose name is the store's with `ending`."""
    place = real_file(store)
    return place.with_name(place.name + ending)


def size_of(path: Path) -> int:
    """The bytes of a file; none where there is no file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def holds_log(store: Path) -> bool:
    """Whether something stands in a log that the file alone lacks."""
    return any(size_of(beside(store, ending)) for ending in LOGS)


def has_log(store: Path) -> bool:
    """Whether there is a log at all, be it empty: somebody has the store open, or did not close it."""
    return any(os.path.lexists(beside(store, ending)) for ending in LOGS)


def drop_logs(store: Path) -> None:
    """Take away what SQLite kept beside the file. Raises OSError."""
    for ending in OF_DRIVER:
        _drop(beside(store, ending))


def remove_store(store: Path) -> None:
    """Delete a store that is nobody's any more, with all that lies beside it; its copies stay. Raises OSError."""
    drop_logs(store)
    for ending in ("", *_OURS):
        _drop(store.with_name(store.name + ending))


def _drop(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        # A store whose name just fits has no room for a longer one beside it.
        if error.errno != errno.ENAMETOOLONG:
            raise
