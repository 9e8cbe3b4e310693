"""What the recovery is shown, and what it may ask for; it opens no store itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from crm.ui.jobs import Report


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the file did not open: `what` is the sentence of the refusal. «doubted»: its passphrase did not fit."""

    kind: Literal["damaged", "tampered", "empty", "doubted"]
    file: Path
    what: str


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """A copy to go back to. `behind`: from the copy to the last change of the file; `deeds` made meanwhile, where the
    file still tells. `size` in bytes. «locked»: another passphrase opens it.
    """

    key: str
    made_at: datetime
    people: int | None
    events: int | None
    size: int
    verdict: Literal["sound", "damaged", "unchecked", "checking", "locked"]
    behind: timedelta
    deeds: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Of one kind of rows: how many came over, how many did not (None: the file does not tell)."""

    table: str
    saved: int
    lost: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was rescued into the new file `key`."""

    key: str
    people: int
    events: int
    parts: tuple[Part, ...]


class Recoverer(Protocol):
    """Who can bring the community back. What takes a `report` is slow and belongs into a job; errors are `CrmError`."""

    @property
    def trouble(self) -> Trouble:
        """What happened."""

    def copies(self) -> tuple[CopyChoice, ...]:
        """The copies, newest first; quick."""

    def add(self, file: Path) -> CopyChoice:
        """A copy that lies elsewhere, on a stick for one."""

    def count_deeds(self, report: Report) -> None:
        """Read of the damaged file when deeds were made; `copies` knows more afterwards."""

    def check(self, key: str, report: Report) -> CopyChoice:
        """Read all of a copy and give it with the verdict."""

    def bring_back(self, key: str, report: Report) -> None:
        """Put the copy in the place of the file, which is kept."""

    def rescue(self, report: Report) -> Found:
        """Bring what reads of the file into a new one."""

    def use(self, found: Found, report: Report) -> None:
        """Put what was rescued in the place of the file, which is kept."""

    def forget(self, found: Found) -> None:
        """Take the rescued file away again."""
