"""A file that is whole or absent: what every exporter writes through (promise P10)."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, ClassVar, Final

from crm import i18n
from crm.errors import CrmError
from crm.files import FULL, PART, sync_folder

Report = Callable[[int, int], None]
"""Called as `report(step, of)`; raises `crm.errors.Cancelled` when the person pressed Stop. `of` is 0 if unknown."""


def silent(step: int, of: int) -> None:
    """A `Report` that tells nobody."""


class NotWritten(CrmError):
    """The file could not be written for a reason only the system knows."""

    code: ClassVar[str] = "not_written"
    message: ClassVar[str] = i18n.mark("“{name}” was not written: {reason}. Choose another place.")


class NoRights(NotWritten):
    """The folder or the old file may not be written by this user."""

    code = "no_rights"
    message = i18n.mark(
        "No rights to write “{name}” in the folder {folder}. Choose another place; an older file is untouched."
    )


class DiskFull(NotWritten):
    """No room for the whole file; the part was removed."""

    code = "disk_full"
    message = i18n.mark(
        "The disk is full: “{name}” was not written; an older file is untouched. Free some space and try again."
    )


class TargetIsDirectory(NotWritten):
    """A folder stands where the file should be."""

    code = "target_is_directory"
    message = i18n.mark("“{name}” in {folder} is a folder. Give the file another name.")


class TargetBusy(NotWritten):
    """Another program holds the old file."""

    code = "target_busy"
    message = i18n.mark(
        "“{name}” is open in another program. Close it there and try again; the older file is untouched."
    )


class FolderMissing(NotWritten):
    """The folder to write into is not there."""

    code = "folder_missing"
    message = i18n.mark("There is no folder {folder} for “{name}”. Make it or choose another place.")


_BUSY = {errno.EBUSY, errno.ETXTBSY}
_RIGHTS = {errno.EACCES, errno.EPERM, errno.EROFS}
_WINDOWS_SHARING = {5, 32, 33}
"""ERROR_ACCESS_DENIED (what replacing a file open elsewhere gives), SHARING_VIOLATION, LOCK_VIOLATION."""


def not_written(error: OSError, target: Path) -> NotWritten:
    """The sentence for what the system said about `target`."""
    details = {"name": target.name, "folder": str(target.parent), "reason": error.strerror or type(error).__name__}
    windows = getattr(error, "winerror", None)
    kind = NotWritten
    if error.errno in FULL or windows == 112:  # ERROR_DISK_FULL
        kind = DiskFull
    elif (windows in _WINDOWS_SHARING and target.is_file()) or error.errno in _BUSY:
        kind = TargetBusy
    elif error.errno == errno.EISDIR or target.is_dir():
        kind = TargetIsDirectory
    elif error.errno in _RIGHTS:
        kind = NoRights
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        kind = FolderMissing
    return kind(**details)


@contextlib.contextmanager
def whole_file(target: Path | str) -> Iterator[IO[bytes]]:
    """A binary file to write into; `target` appears, readable by its owner only, when the block ends well.

    The bytes go to a new file in the same folder, are synced and renamed over `target`; when the block raises, the
    new file is removed and an older `target` stays as it was. A link is followed. What a killed program left half
    written in the folder is taken away. Raises NotWritten or one of its subclasses, all naming the file.
    """
    shown = Path(target)
    real = Path(os.path.realpath(shown))
    if real.is_dir():
        raise TargetIsDirectory(name=shown.name, folder=str(shown.parent), reason="")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{real.name[:80]}.{_writer()}-", suffix=PART, dir=real.parent)
    except OSError as error:
        raise not_written(error, shown) from error
    part = Path(name)
    _sweep(part)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(real)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise not_written(error, shown) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(real.parent)


_OURS: Final = re.compile(r"\..+\.([0-9a-f]{8})-([0-9]+)-[a-z0-9_]{8}\.part")
"""The name of a file that is being written: which computer writes it, and which process there."""
_LEFT: Final = 86_400.0
"""Seconds after which nobody writes any more, whoever it was."""


def _writer() -> str:
    return f"{_computer()}-{os.getpid()}"


def _computer() -> str:
    # A folder may be shared by several computers, whose processes have the same numbers.
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _sweep(part: Path) -> None:
    """Take away what stands beside `part`, is named like it, and is written by nobody any more."""
    with contextlib.suppress(OSError):
        now = part.stat().st_mtime
        for path in part.parent.glob(".*.part"):
            ours = _OURS.fullmatch(path.name)
            if ours is None or path == part:
                continue
            computer, process = ours.groups()
            with contextlib.suppress(OSError):
                gone = computer == _computer() and not _is_running(int(process))
                if gone or now - path.lstat().st_mtime > _LEFT:
                    path.unlink()


def _is_running(process: int) -> bool:
    if process == os.getpid():
        return True
    if sys.platform == "win32":
        # Asking would end it there; a file that somebody has open cannot be taken away anyway.
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
