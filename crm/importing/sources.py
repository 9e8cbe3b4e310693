"""Files on their way into the store: opened one after another, each closed before the next."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from crm.clock import Clock
from crm.importing import child, reading
from crm.importing.layout import Layout
from crm.importing.reading import Report
from crm.importing.rows import Source


def open_sources(paths: Iterable[Path], mapping: Layout | None, report: Report, clock: Clock) -> Iterator[Source]:
    """The files as sources for `crm.services.importing`; raises FileUnreadable at the one that can't be read.

    `report(position, size)` is called while a file is read and may raise Cancelled.
    """
    for path in paths:
        reading.size_of(path)
        with contextlib.closing(child.open_people(path, mapping, report, clock)) as stream:
            yield Source(path.name, stream.kind, stream.encoding, _digest(path), stream.entries, stream.mapping)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
