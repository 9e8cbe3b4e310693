"""OpenDocument tables: `content.xml` walked as a stream, never held whole, behind the same look at the archive (T14).

A cell says what it holds in attributes: a date as ISO, a number as written by a program. Numbers are taken by their
shown text where that is digits too, so that a phone with a leading zero stays one. Repeats cost nothing: an empty cell
or row repeated a million times is counted, never made; a filled row repeated is bounded by `limits.ROWS`.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO, Final

from crm.importing import limits, tables
from crm.importing.layout import Layout
from crm.importing.rows import SHEET, Entry, Place, Reject
from crm.importing.tables import Record, Table
from crm.importing.workbook import BrokenSheet, broken, inspect

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELLS: Final = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
_SAMPLE_ROWS: Final = 60
_FAR_ROW: Final = 10_000_000
_SHEETS: Final = 500
_DEEPEST: Final = 20


class Locked(Exception):
    """Encrypted by a password."""


def opened(
    file: BinaryIO, given: Layout | None, today: date, reached: Callable[[int], None]
) -> tuple[Layout, Table | None, Iterator[Entry]]:
    """The layout of the first list in the document, that list, and the entries of all its sheets."""
    inspect(file)
    file.seek(0)
    archive = zipfile.ZipFile(file)
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Locked
    samples = list(_samples(archive))
    sheets = [(place, name, _table(archive, place, sample, given)) for place, name, sample in samples]
    if any(table is not None and table.layout.header_row for _, _, table in sheets):
        sheets = [(place, name, table if table and table.layout.header_row else None) for place, name, table in sheets]
    first = next((table for _, _, table in sheets if table is not None), None)
    filled = {place for place, _, sample in samples if sample}
    layout = first.layout if first else Layout(encoding="ods")
    return layout, first, _entries(archive, sheets, filled, today, reached)


def _entries(
    archive: zipfile.ZipFile,
    sheets: list[tuple[int, str, Table | None]],
    filled: set[int],
    today: date,
    reached: Callable[[int], None],
) -> Iterator[Entry]:
    several = len(sheets) > 1
    with closing(archive):
        for place, name, table in sheets:
            part = name if several else ""
            if table is None:
                if place in filled:
                    yield Reject(Place(SHEET, 0, 0, name), "sheet_without_list", (("sheet", name),))
                continue
            last = 0
            try:
                for entry in tables.entries(_records(archive, place), table, today, part, reached):
                    last = entry.place.number
                    yield entry
            except BrokenSheet:
                yield Reject(Place("row", last + 1, 0, part), "broken_sheet", (("sheet", name),))


def _table(archive: zipfile.ZipFile, place: int, sample: list[Record], given: Layout | None) -> Table | None:
    if not sample:
        return None

    def cells_of(index: int) -> Iterator[str]:
        return (record.cells[index] for record in _records(archive, place) if index < len(record.cells))

    try:
        table = tables.table_of(sample, replace(given or Layout(), encoding="ods", delimiter=""), cells_of)
    except (tables.NoColumns, BrokenSheet):
        return None
    known = {column.field for column in table.columns} - {"extra", "ignored", "routine", "label"}
    return table if known else None


def _samples(archive: zipfile.ZipFile) -> Iterator[tuple[int, str, list[Record]]]:
    """Place, name and first filled rows of every sheet."""
    found: dict[int, tuple[str, list[Record]]] = {}
    try:
        for place, name, record in _walk(archive):
            known = found.setdefault(place, (name, []))
            if record is not None and len(known[1]) < _SAMPLE_ROWS:
                known[1].append(record)
    except BrokenSheet as problem:
        # What breaks off later is named when its rows are read; where nothing came before, the file is none.
        if not any(sample for _, sample in found.values()):
            raise ValueError("content.xml") from problem
    yield from ((place, name, sample) for place, (name, sample) in found.items())


def _records(archive: zipfile.ZipFile, wanted: int) -> Iterator[Record]:
    for place, _, record in _walk(archive):
        if place > wanted:
            return
        if place == wanted and record is not None:
            yield record


def _walk(archive: zipfile.ZipFile) -> Iterator[tuple[int, str, Record | None]]:
    """Every filled row of every sheet; each sheet is told of once with no row, an empty one too."""
    from defusedxml.ElementTree import iterparse

    with archive.open("content.xml") as content, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        place, name, number, depth = -1, "", 0, 0
        parents: list[Any] = []
        try:
            for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
                tag = element.tag
                if event == "start":
                    parents.append(element)
                    if tag == f"{_TABLE}table":
                        depth += 1
                        if depth == 1:
                            place, number = place + 1, 0
                            name = element.get(f"{_TABLE}name", "")[:200]
                            if place >= _SHEETS:
                                return
                            yield place, name, None
                    continue
                parents.pop()
                if tag == f"{_TABLE}table":
                    depth -= 1
                elif tag == f"{_TABLE}table-row" and depth == 1:
                    cells = _row(element)
                    times = _repeats(element, "number-rows-repeated")
                    if any(cells):
                        for each in range(min(times, limits.ROWS + 1)):
                            yield place, name, Record(number + each + 1, 0, cells)
                    number = min(number + times, _FAR_ROW)
                else:
                    continue
                # A row that was told of is let go, or the whole document would stay in memory.
                element.clear()
                if parents:
                    parents[-1].remove(element)
        except broken() as problem:
            raise BrokenSheet from problem


def _row(row: Any) -> list[str]:
    cells: list[str] = []
    empty = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = _repeats(cell, "number-columns-repeated")
        words = _value(cell) if cell.tag == f"{_TABLE}table-cell" else ""
        if not words:
            empty += times
            continue
        # One cell past the limit is enough for the row to be named.
        cells.extend([""] * min(empty, limits.COLUMNS + 1 - len(cells)))
        cells.extend([words] * min(times, limits.COLUMNS + 1 - len(cells)))
        empty = 0
        if len(cells) > limits.COLUMNS:
            break
    return cells


def _value(cell: Any) -> str:
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind == "date":
        day = str(cell.get(f"{_OFFICE}date-value", ""))
        return day[:10] if day[10:] in ("", "T00:00:00") else day.replace("T", " ")
    shown = "\n".join(_words(line) for line in cell if line.tag == f"{_TEXT}p")
    if kind == "float":
        value = str(cell.get(f"{_OFFICE}value", ""))
        digits = shown.lstrip("+").isascii() and shown.lstrip("+").isdigit()
        return shown if digits else value.removesuffix(".0") or shown
    if kind == "boolean":
        return "TRUE" if cell.get(f"{_OFFICE}boolean-value") == "true" else "FALSE"
    return shown


def _words(line: Any, depth: int = 0) -> str:
    """The text of a paragraph with its spans and links; several blanks and tabs are elements of their own."""
    parts = [line.text or ""]
    for inner in line:
        if inner.tag == f"{_TEXT}s":
            parts.append(" " * min(_number(inner.get(f"{_TEXT}c")), 100))
        elif inner.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif inner.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif inner.tag in (f"{_TEXT}span", f"{_TEXT}a") and depth < _DEEPEST:
            parts.append(_words(inner, depth + 1))
        parts.append(inner.tail or "")
    return "".join(parts)


def _repeats(element: Any, attribute: str) -> int:
    return _number(element.get(f"{_TABLE}{attribute}"))


def _number(said: str | None) -> int:
    """A count as an attribute says it; 1 for none, for nonsense and for more digits than any table has."""
    return int(said) if said and len(said) <= 8 and said.isascii() and said.isdigit() and int(said) else 1
