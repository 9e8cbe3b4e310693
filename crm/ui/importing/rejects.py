"""Rows not taken, as a table that can be mended and brought in again: their own columns, where they stood and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crm import i18n
from crm.export.tables import Column, write_table
from crm.services.importing_rows import FileOutcome


def write_rejects(files: Iterable[FileOutcome], target: Path) -> int:
    """Write every row not taken to `target` as CSV; return how many. Raises what `write_table` raises.

    Files of one shape share their columns; where and why stand last, under headers that an import passes over.
    """
    told = [file for file in files if file.rejected]
    headers = list(dict.fromkeys(header for file in told for header in file.headers))
    rows = []
    for file in told:
        for row in file.rejected:
            cells = dict(zip(file.headers, row.cells, strict=False))
            place = row.shown_place if len(told) == 1 else f"{file.file}, {row.shown_place}"
            rows.append((*(cells.get(header, "") for header in headers), place, row.message))
    columns = [Column(f"column_{number}", header) for number, header in enumerate(headers)]
    columns += [
        Column("place", i18n.text("Where it stood")),
        Column("reason", i18n.text("Why it was not taken")),
    ]
    return write_table(columns, rows, target, "csv")
