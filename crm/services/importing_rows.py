"""What an import says of itself: how many rows of each file became what, and every row not taken, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

Matches = Literal["fill", "update", "skip"]
Result = Literal["added", "updated", "unchanged", "rejected", "left_out"]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What becomes of one row: of whom it tells, and what of a person already there changes, as (field, before, after).

    `where` is its place for programs; `cells` are those of a table's row that was not taken; `person` is who it became
    or is.
    """

    file: int
    where: str
    shown_place: str
    number: int
    part: str
    name: str
    result: Result
    changes: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""
    cells: tuple[str, ...] = ()
    person: int | None = None


def nobody(_row: RowResult) -> None:
    """Tell of rows to nobody."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants an import: what of a row about somebody already there is taken, and which rows are not.

    «fill» fills what is empty and keeps the rest beside in the note, «update» replaces it, «skip» leaves the person as
    they are. `left_out` are pairs of a file's number from 0 and a row's place. `tell` hears of every row.
    """

    matches: Matches = "fill"
    left_out: frozenset[tuple[int, str]] = frozenset()
    tell: Callable[[RowResult], None] = nobody


AS_ALWAYS: Final = Wishes()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row not taken: its place for programs and people, and why."""

    where: str
    shown_place: str
    code: str
    message: str
    cells: tuple[str, ...] = ()
    """The row of a table as written, where the reading refused it."""


@dataclass(frozen=True, slots=True)
class NoticedRow:
    """Something a person should know of a row that was taken."""

    shown_place: str
    name: str
    code: str
    message: str


@dataclass(slots=True)
class FileOutcome:
    """What became of one file: read = added + updated + unchanged + left out + rejected."""

    file: str
    kind: str
    encoding: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0
    possible_doubles: int = 0
    headers: tuple[str, ...] = ()
    """The headers of a table, as its layout names them."""
    rejected: list[RejectedRow] = field(default_factory=list)
    notices: list[NoticedRow] = field(default_factory=list)

    def count(self, result: str) -> None:
        """Note what became of one row: added, updated or unchanged."""
        setattr(self, result, getattr(self, result) + 1)

    @property
    def read(self) -> int:
        """Every entry of the file, blank rows not counted."""
        return self.added + self.updated + self.unchanged + self.left_out + len(self.rejected)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of all files of one import."""

    files: tuple[FileOutcome, ...]

    @property
    def added(self) -> int:
        """People who were not there before."""
        return sum(file.added for file in self.files)

    @property
    def updated(self) -> int:
        """Rows that changed a person already there."""
        return sum(file.updated for file in self.files)

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return sum(file.unchanged for file in self.files)

    @property
    def left_out(self) -> int:
        """Rows a person did not want."""
        return sum(file.left_out for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows not taken."""
        return sum(len(file.rejected) for file in self.files)
