"""Tools for tests of copies: a quick secret, a clock that is moved, what a store holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from crm.i18n import phrase
from crm.store.key import Key
from crm.store.workspace import Workspace
from tests.support import makers


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, **more: float) -> None:
        self.now += timedelta(**more)


def quick(salt: bytes) -> Key:
    """A secret without the half second of the real one."""
    return Key(b"one".ljust(32, b"."), salt)


def other(salt: bytes) -> Key:
    return Key(b"two".ljust(32, b"."), salt)


def add(workspace: Workspace, family: str) -> str:
    """Add a person; gives their uid."""
    return workspace.write(phrase("Add"), lambda s: makers.person(s, workspace.clock(), family).uid).value


def families(workspace: Workspace) -> list[str]:
    return workspace.read(
        lambda s: list(s.execute(text("SELECT family_name FROM person ORDER BY family_name")).scalars())
    )


def flip(path: Path, place: int) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a child process of its own, to be killed or limited there; gives how it ended (minus a signal)."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is, the parent hears of it
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
