"""What the wizard knows of each file before anything is done with it: its shape, its first rows, how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from crm.clock import Clock
from crm.errors import CrmError
from crm.importing import layout as layouts
from crm.importing.layout import Column, Layout, signature_of
from crm.importing.rows import ImportedPerson
from crm.importing.sources import Origin
from crm.services import import_layouts
from crm.services.importing_rows import ImportOutcome, Result, RowResult
from crm.ui.jobs import Report
from crm.ui.operations import Operations

SHOWN_PEOPLE: Final = 5
KEPT: Final = 2_000
"""Rows of each result that a check keeps to be shown; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Look:
    """One file looked into. `columns` are empty for cards; `met` says that a table of this shape was read before."""

    origin: Origin
    layout: Layout | None
    columns: tuple[Column, ...]
    sample: tuple[tuple[str, ...], ...]
    people: tuple[ImportedPerson, ...]
    rows: int
    encoding_guessed: bool
    met: bool = False

    @property
    def signature(self) -> str:
        """What the shape is known by."""
        return signature_of(self.columns)


def look_into(origin: Origin, report: Report, clock: Clock) -> Look:
    """Read the beginning of a file; raises FileUnreadable."""
    with closing(origin.open(report, clock)) as stream:
        first = [entry for entry in islice(stream.entries, 40) if isinstance(entry, ImportedPerson)]
        return Look(
            origin,
            stream.mapping,
            stream.columns,
            stream.sample,
            tuple(first[:SHOWN_PEOPLE]),
            stream.size if stream.columns else 0,
            stream.encoding_guessed,
        )


def look_as_before(origin: Origin, report: Report, operations: Operations) -> Look:
    """As `look_into`; a table of a shape met before is read as it was then."""
    look = look_into(origin, report, operations.clock)
    if not look.columns or origin.layout is not None:
        return look
    kept = operations.read(lambda s: import_layouts.remembered(s, look.signature))
    try:
        known = None if kept is None else layouts.from_json(kept)
    except CrmError:
        # Kept by a newer program in words not known here.
        known = None
    if known is None:
        return look
    return replace(look_into(replace(origin, layout=known), report, operations.clock), met=True)


class Checked:
    """What a check told: the counts of every result, the first rows of each, every row that was not taken."""

    def __init__(self) -> None:
        self.rows: list[RowResult] = []
        self.counts: dict[Result, int] = {}
        self.outcome: ImportOutcome | None = None

    def tell(self, row: RowResult) -> None:
        """Hear of one row."""
        count = self.counts[row.result] = self.counts.get(row.result, 0) + 1
        if count <= KEPT:
            self.rows.append(row)

    def of(self, results: Sequence[Result]) -> int:
        """How many rows became one of these."""
        return sum(self.counts.get(result, 0) for result in results)


def remembering(looks: Sequence[Look], clock: Clock) -> Any:
    """A verb that keeps how each table of `looks` is read."""

    def verb(session: Any) -> None:
        for look in looks:
            if look.columns and look.layout is not None:
                import_layouts.remember(session, look.signature, look.origin.name, look.layout.as_json(), clock)

    return verb
