"""Files on their way into the store: opened one after another, each closed before the next."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm.clock import Clock
from crm.importing import child, reading
from crm.importing.layout import Layout
from crm.importing.reading import Report
from crm.importing.rows import Source, Stream


@dataclass(frozen=True, slots=True)
class Origin:
    """Where people are brought from: a file, or a table that was pasted; with the layout it is to be read by."""

    name: str
    path: Path | None = None
    pasted: str = field(default="", repr=False)
    layout: Layout | None = None

    def open(self, report: Report, clock: Clock) -> Stream:
        """Begin to read; raises FileUnreadable."""
        if self.path is None:
            return reading.open_pasted(self.pasted, self.name, self.layout, clock)
        return child.open_people(self.path, self.layout, report, clock)


def sources_of(origins: Iterable[Origin], report: Report, clock: Clock) -> Iterator[Source]:
    """As `open_sources`, each by its own layout."""
    for origin in origins:
        with contextlib.closing(origin.open(report, clock)) as stream:
            digest = hashlib.sha256(origin.pasted.encode("utf-8", "replace")).hexdigest()
            sha256 = digest if origin.path is None else _digest(origin.path)
            yield Source(origin.name, stream.kind, stream.encoding, sha256, stream.entries, stream.mapping)


def open_sources(paths: Iterable[Path], mapping: Layout | None, report: Report, clock: Clock) -> Iterator[Source]:
    """The files as sources for `crm.services.importing`; raises FileUnreadable at the one that can't be read.

    `report(position, size)` is called while a file is read and may raise Cancelled.
    """
    return sources_of((Origin(path.name, path, layout=mapping) for path in paths), report, clock)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
