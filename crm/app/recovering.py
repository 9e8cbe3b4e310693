"""What stands behind the recovery: the copies of the store, what still reads of it, and the way back to a window."""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from crm import clock as clocks
from crm.app.locking import StoreDoubted
from crm.clock import Clock
from crm.errors import CrmError
from crm.store import copies, rescue, restoring
from crm.store.beside import remove_store
from crm.store.copies import Copy
from crm.store.doorstep import look
from crm.store.errors import PassphraseWrong, StoreDamaged, StoreEmpty, StoreError, StoreForeign, StoreTampered
from crm.store.key import Secret, salt_of
from crm.ui.jobs import Report
from crm.ui.recovery.rows import CopyChoice, Found, Part, Trouble
from crm.ui.recovery.window import RecoveryWindow
from crm.ui.theme import Theme


def helps(path: Path, error: CrmError) -> bool:
    """True where a recovery has something to offer: the file was a store, or copies of one lie beside it.

    A newer store, one that is held or locked, and a stranger's file are only named.
    """
    if isinstance(error, (StoreDamaged, StoreTampered)):
        return True
    return isinstance(error, StoreForeign) and path.is_file() and bool(copies.list_copies(copies.folder_of(path)))


def sealed_copy(path: Path) -> Path | None:
    """The newest copy of the store at `path` where every one has a passphrase."""
    there = copies.list_copies(copies.folder_of(path))
    return there[0].path if there and all(copy.encrypted for copy in there) else None


def offer(
    theme: Theme,
    path: Path,
    error: StoreError,
    clock: Clock,
    ended: Callable[[bool], None],
    secret: Secret | None = None,
) -> RecoveryWindow:
    """The window of the recovery of the store at `path`; `ended` is told whether the file is whole again."""
    window = RecoveryWindow(theme, Recovery(path, error, clock, secret), clocks.today(clock))
    window.ended.connect(ended)
    return window


class Recovery:
    """The copies and the damaged file of one store; `secret` opens both where they are encrypted."""

    def __init__(self, path: Path, error: StoreError, clock: Clock, secret: Secret | None = None) -> None:
        self._path, self._clock, self._secret = path, clock, secret
        self._trouble = Trouble(_kind(error), path, error.text())
        self._elsewhere: dict[str, Copy] = {}
        self._opened: set[str] = set()
        """Copies that the secret was seen to open."""
        self._deeds: tuple[datetime, ...] | None = None
        self._changed_at = clock()
        with contextlib.suppress(OSError):
            self._changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)

    @property
    def trouble(self) -> Trouble:
        """What happened."""
        return self._trouble

    def copies(self) -> tuple[CopyChoice, ...]:
        """The copies beside the store, newest first."""
        return tuple(self._choice(copy) for copy in copies.list_copies(copies.folder_of(self._path)))

    def add(self, file: Path) -> CopyChoice:
        """A copy from elsewhere: its time is that of its file where its name does not tell. Raises StoreForeign."""
        try:
            facts = file.stat()
            plain = Copy(file, datetime.fromtimestamp(facts.st_mtime, UTC), "", facts.st_size)
            copy = copies.read_copy(file) or replace(plain, encrypted=salt_of(file) is not None)
        except OSError as error:
            raise StoreForeign(path=str(file)) from error
        self._elsewhere[str(file)] = copy
        return self._choice(copy)

    def count_deeds(self, report: Report) -> None:
        """Read the times of the deeds that the damaged file still tells of."""
        report(0, 0)
        self._deeds = rescue.moments_of_deeds(self._path, self._secret)

    def check(self, key: str, report: Report) -> CopyChoice:
        """Read all of a copy; its note keeps the verdict, but not that another passphrase would open it."""
        copy = self._copy(key)
        if copy.encrypted and self._secret is not None:
            try:
                look(copy.path, self._secret)
            except PassphraseWrong:
                return replace(self._choice(copy), verdict="locked")
            except StoreError:
                pass
            self._opened.add(key)
        return self._choice(copies.check_copy(copy, self._secret, self._clock, report))

    def bring_back(self, key: str, report: Report) -> None:
        """Put the copy in the place of the file; the file is kept beside the copies, byte for byte."""
        restoring.restore(self._path, Path(key), self._clock, self._secret, report=report)

    def rescue(self, report: Report) -> Found:
        """Bring what reads into a new file beside the damaged one."""
        number = 1
        while (target := self._path.with_name(f"{self._path.stem}.rescued-{number}{self._path.suffix}")).exists():
            number += 1
        saved = rescue.rescue(self._path, target, self._clock, self._secret, report)
        events = sum(part.saved for part in saved.tables if part.table == "event")
        parts = tuple(Part(part.table, part.saved, part.lost) for part in saved.tables)
        return Found(str(target), saved.people, events, parts)

    def use(self, found: Found, report: Report) -> None:
        """Put what was rescued in the place of the file, which is kept beside the copies, byte for byte."""
        restoring.restore(self._path, Path(found.key), self._clock, self._secret, report=report)
        self.forget(found)

    def forget(self, found: Found) -> None:
        """Take the rescued file away: the damaged one still has all of it."""
        remove_store(Path(found.key))

    def _copy(self, key: str) -> Copy:
        known = self._elsewhere.get(key) or copies.read_copy(Path(key))
        if known is None:
            raise StoreForeign(path=key)
        return known

    def _choice(self, copy: Copy) -> CopyChoice:
        behind = max(timedelta(0), self._changed_at - copy.made_at)
        deeds = None if self._deeds is None else len(self._deeds) - bisect_right(self._deeds, copy.made_at)
        key, verdict = str(copy.path), copy.verdict
        if self._trouble.kind == "doubted" and copy.encrypted and verdict == "sound" and key not in self._opened:
            # Sound it is; whether this passphrase opens it is what all hangs on.
            verdict = "unchecked"
        return CopyChoice(key, copy.made_at, copy.people, copy.events, copy.size, verdict, behind, deeds)


def _kind(error: StoreError) -> Literal["damaged", "tampered", "empty", "doubted"]:
    if isinstance(error, StoreTampered):
        return "tampered"
    if isinstance(error, StoreDoubted):
        return "doubted"
    return "empty" if isinstance(error, StoreEmpty) else "damaged"
