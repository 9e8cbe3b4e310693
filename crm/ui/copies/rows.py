"""What the page of copies is shown, and what it may ask for. Whoever keeps the copies gives it; the page knows no file
format and opens no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import SignalInstance

from crm.ui.jobs import Report


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One copy. `key` is its file's name; times are aware, in UTC; `size` in bytes."""

    key: str
    made_at: datetime
    reason: str
    size: int
    people: int | None
    verdict: Literal["sound", "damaged", "unchecked"]
    checked_at: datetime | None
    encrypted: bool


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """The other place. `used_at`: when a copy was last brought there; `overdue`: too long ago."""

    folder: Path
    there: bool
    used_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class SelfTest:
    """How the last self-test ended; `live`: the open community was compared too. `trouble` is «» when all is well."""

    at: datetime
    rows: int
    live: bool
    trouble: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is known of the copies now. `paused`: none are made by themselves until the next start.

    `stale`: the newest sound copy is too old for what was changed since.
    """

    rows: tuple[CopyRow, ...]
    place: SecondPlace | None
    tested: SelfTest | None
    paused: bool
    stale: bool

    @property
    def newest(self) -> CopyRow | None:
        """The newest copy that passed its check."""
        return next((row for row in self.rows if row.verdict == "sound"), None)


class CopyKeeper(Protocol):
    """Who keeps the copies. What takes a `report` is slow and belongs into a job; errors are `CrmError`."""

    @property
    def changed(self) -> SignalInstance:
        """Said on the window's thread when the overview is another."""

    def overview(self) -> Overview:
        """Read the list anew; quick, but on the disk."""

    def make(self, report: Report) -> str:
        """Make a copy now; gives its key."""

    def check(self, key: str, report: Report) -> CopyRow:
        """Read all of a copy and give it with the verdict."""

    def save(self, key: str, target: Path, report: Report) -> Path:
        """Bring a copy to a file or folder; gives where it is."""

    def get_ready(self, key: str, report: Report) -> object:
        """Check a copy, keep today's file and prepare the exchange."""

    def bring_back(self, ready: object) -> None:
        """Exchange the open store for what is ready and open the window anew; the page is gone then."""

    def test(self, report: Report) -> SelfTest | None:
        """Bring back the newest copy into a file of its own and compare."""

    def mirror(self, report: Report) -> bool:
        """Bring the newest copy to the second place; False where it is not there now."""

    def set_place(self, folder: Path | None) -> None:
        """Choose the second place, or none."""
