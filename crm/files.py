"""Files that are whole or absent: written beside their name, synced, then renamed; readable by their owner only."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 20
FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""What a system says when there is no room, or when the file may not grow any more."""
PART: Final = ".part"
"""The end of a name under which a file is still being written."""

Tick = Callable[[], None]
"""Called between pieces of work; may raise `Cancelled`."""


def idle() -> None:
    """A tick that nobody waits for."""


def sync(path: Path) -> None:
    """Make what was written to a file outlast a power cut."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a rename outlast a power cut, where the system lets a folder be synced."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path, tick: Tick = idle) -> str:
    """The checksum of a file's bytes, in hexadecimal digits; raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            tick()
    return digest.hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, over what was there; raises OSError, and what was there stays."""
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class OtherBytes(Exception):
    """What was read back is not what was to be copied."""


def copy_whole(source: Path, target: Path, tick: Tick = idle, *, expected: str = "") -> str:
    """Bring a copy of the bytes of `source` to `target`, whole or not at all; gives the checksum of what was read back.

    Raises OSError, and OtherBytes where that is not the `expected` one; what was at `target` stays then.
    """
    part = target.with_name(target.name + PART)
    part.unlink(missing_ok=True)
    try:
        with (
            source.open("rb") as file,
            os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as to,
        ):
            while piece := file.read(CHUNK):
                to.write(piece)
                tick()
            to.flush()
            os.fsync(to.fileno())
        read_back = sha256_of(part, tick)
        if expected and read_back != expected:
            raise OtherBytes
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return read_back
