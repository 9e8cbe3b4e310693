"""What an import says of itself: how many rows of each file became what, and every row not taken, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    """What became of one file: read = added + updated + unchanged + rejected."""

    file: str
    kind: str
    encoding: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
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
        return self.added + self.updated + self.unchanged + len(self.rejected)


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
    def rejected(self) -> int:
        """Rows not taken."""
        return sum(len(file.rejected) for file in self.files)
