"""A disk of a megabyte or two, and a limit on the size of files: two ways of being full, told by different errors."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.forks import finished

Squeeze = Callable[[], contextlib.AbstractContextManager[None]]
Place = Callable[[Path, Squeeze], str]
"""Does something in a folder, squeezes the disk at the right moment, and says what went wrong: nothing, if all well."""
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_FILLER = "filler"


def on_full_disk(folder: Path, place: Place, megabytes: int = 12) -> str:
    """Run `place` on a disk of its own that fills up; «skipped: …» where the system does not let us mount one."""

    def work(say: Callable[[str], None]) -> None:
        if why := _mount(folder, megabytes):
            say(json.dumps(f"skipped: {why}"))
            return
        say(json.dumps(place(folder, lambda: _filled(folder))))

    return _answer(work)


def under_limit(folder: Path, place: Place) -> str:
    """Run `place` where no file may grow: writing gives an I/O error instead of «no space»."""
    return _answer(lambda say: say(json.dumps(place(folder, _limited))))


def _answer(work: Callable[[Callable[[str], None]], None]) -> str:
    ended = finished(work)
    return str(json.loads(ended.lines[-1])) if not ended.code and ended.lines else " ".join(ended.lines) or "no answer"


def _mount(folder: Path, megabytes: int) -> str:
    if sys.platform != "linux":
        return "no tmpfs here"
    user, group = os.getuid(), os.getgid()
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_USER | _NEW_MOUNTS):
        return f"unshare: {os.strerror(ctypes.get_errno())}"
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", "ascii")
    try:
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", "ascii")
    except OSError as error:
        return f"no map of users: {error.strerror}"
    if library.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={megabytes}m".encode()):
        return f"mount: {os.strerror(ctypes.get_errno())}"
    return ""


@contextlib.contextmanager
def _filled(folder: Path) -> Iterator[None]:
    filler = folder / _FILLER
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"." * 4096)
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
