"""Damage of every kind, from a seed, and what the program must make of it: for tests and for the torture.

    what = corrupt(path, seed)      # damages the closed store at `path`, says how
    verdict = survives(path)        # opens it as the program does, reads everything, writes, closes

A verdict's `ok` is False for a traceback, for a refused file that changed by a byte, and for an empty store where
people were.
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.errors import CrmError
from crm.i18n import phrase
from crm.models import Person, metadata
from crm.store.key import PAGE, Secret
from crm.store.workspace import Workspace
from tests.support import makers

BESIDE = ("", "-wal", "-journal")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`what`: refused, noticed (while working) or unnoticed, with the error's code; `fault` is empty if all is well."""

    what: str
    fault: str = ""

    @property
    def ok(self) -> bool:
        return not self.fault


def corrupt(path: Path, seed: int) -> str:
    """Damage the store at `path`, which nobody has open, in a way that `seed` decides."""
    dice = random.Random(seed)
    kind = dice.choice(KINDS)
    kind(path, dice)
    return kind.__name__.lstrip("_")


def survives(path: Path, secret: Secret | None = None, people: int | None = None) -> Verdict:
    """Open the store as the program does, read and search all of it, add a person, close; and look what became of it.

    `people`: how many were in it, where the caller knows.
    """
    before, beside = _digests(path), set(path.parent.iterdir())
    try:
        with Workspace.open(path, clocks.now, secret) as workspace:
            found = _use(workspace)
    except CrmError as error:
        if workspace_was_opened(error):
            return Verdict(f"noticed: {error.code}")
        if _digests(path) != before:
            return Verdict(f"refused: {error.code}", "the refused file was changed")
        # Beside a store whose passphrase is wrong another process may be waiting on the lock: its file stays.
        lock = {path.name + ".lock"} if error.code == "passphrase_wrong" else set()
        left = {one.name for one in set(path.parent.iterdir()) - beside} - lock
        if left:
            return Verdict(f"refused: {error.code}", f"left beside it: {', '.join(sorted(left))}")
        return Verdict(f"refused: {error.code}")
    except Exception as error:  # noqa: BLE001 - any other is the traceback this is about
        return Verdict("broke", f"{type(error).__name__}: {error}"[:400])
    if people and not found:
        return Verdict("unnoticed", "an empty store stands where people were")
    return Verdict("unnoticed")


def workspace_was_opened(error: CrmError) -> bool:
    """The error came out of the work, not out of the opening."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_name == "_use":
            return True
        trace = trace.tb_next
    return False


def _use(workspace: Workspace) -> int:
    def everything(session: Session) -> int:
        for table in metadata.sorted_tables:
            session.execute(select(table)).all()
        return session.execute(select(func.count()).select_from(Person)).scalar_one()

    people = workspace.read(everything)
    workspace.write(phrase("Test"), lambda session: makers.person(session, workspace.clock()).id)
    return people


def _digests(path: Path) -> list[str]:
    files = [path.with_name(path.name + suffix) for suffix in BESIDE]
    return [hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "" for file in files]


# -- kinds of damage ----------------------------------------------------------------------------------------------


def _flip(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 1, 1, 8, 64))):
        place = dice.randrange(len(content))
        content[place] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def _flip_in_the_schema(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(dice.randrange(1, 20)):
        content[dice.randrange(min(len(content), 20 * PAGE))] = dice.randrange(256)
    path.write_bytes(content)


def _cut(path: Path, dice: random.Random) -> None:
    size = path.stat().st_size
    keep = dice.choice((0, 1, 50, 100, PAGE, size // 2, size // 2 // PAGE * PAGE, size - PAGE, size - 1))
    path.write_bytes(path.read_bytes()[:keep])


def _zero_pages(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 1, 5, 30))):
        place = dice.randrange(max(1, len(content) // PAGE)) * PAGE
        content[place : place + PAGE] = bytes(PAGE)
    path.write_bytes(content)


def _noise_in_pages(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    place = dice.randrange(max(1, len(content) // PAGE)) * PAGE
    content[place : place + PAGE] = dice.randbytes(PAGE)
    path.write_bytes(content)


def _swap_pages(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    one, other = (dice.randrange(max(1, len(content) // PAGE)) * PAGE for _ in range(2))
    content[one : one + PAGE], content[other : other + PAGE] = (
        content[other : other + PAGE],
        content[one : one + PAGE],
    )
    path.write_bytes(content)


def _garbage_log(path: Path, dice: random.Random) -> None:
    log = path.with_name(path.name + "-wal")
    log.write_bytes(dice.choice((dice.randbytes(20_000), bytes(20_000), b"\x37\x7f\x06\x82" + dice.randbytes(9_000))))


def _log_of_another_store(path: Path, dice: random.Random) -> None:
    """A log that adds up, as another store would have left it: pages in places where they do not belong."""
    content = path.read_bytes()
    pages = [content[place : place + PAGE] for place in range(0, len(content), PAGE)]
    frames = [(dice.randrange(1, len(pages) + 1), dice.choice(pages)) for _ in range(dice.randrange(2, 12))]
    path.with_name(path.name + "-wal").write_bytes(log_of(frames, len(pages)))


def _garbage_journal(path: Path, dice: random.Random) -> None:
    path.with_name(path.name + "-journal").write_bytes(dice.randbytes(9_000))


KINDS: tuple[Callable[[Path, random.Random], None], ...] = (
    _flip,
    _flip,
    _flip_in_the_schema,
    _cut,
    _zero_pages,
    _noise_in_pages,
    _swap_pages,
    _garbage_log,
    _log_of_another_store,
    _garbage_journal,
)


def log_of(frames: list[tuple[int, bytes]], size: int) -> bytes:
    """A write-ahead log that adds up and puts each (page number, page); the last frame commits `size` pages."""
    salt = b"\x01\x02\x03\x04\x05\x06\x07\x08"
    head = struct.pack(">4I", 0x377F0682, 3007000, PAGE, 0) + salt
    total = _sum(head, (0, 0))
    log = head + struct.pack(">2I", *total)
    for place, (number, page) in enumerate(frames, start=1):
        start = struct.pack(">2I", number, size if place == len(frames) else 0)
        total = _sum(start + page, total)
        log += start + salt + struct.pack(">2I", *total) + page
    return log


def _sum(data: bytes, total: tuple[int, int]) -> tuple[int, int]:
    first, second = total
    words = struct.unpack(f"<{len(data) // 4}I", data)
    for place in range(0, len(words), 2):
        first = (first + words[place] + second) & 0xFFFFFFFF
        second = (second + words[place + 1] + first) & 0xFFFFFFFF
    return first, second
