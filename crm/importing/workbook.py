"""XLSX by openpyxl's streaming parser, behind a look at the archive (T13, T14). Sheets that are no lists are named."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO, Final

from crm.importing import limits, tables
from crm.importing.layout import Layout
from crm.importing.rows import SHEET, Entry, Place, Reject
from crm.importing.tables import Record, Table

_SMALL: Final = 1_048_576
_SAMPLE_ROWS: Final = 60
BROKEN_BOOK: Final = (
    zipfile.BadZipFile,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    OSError,
)
"""What opening a damaged workbook raises; XML errors are SyntaxErrors, openpyxl's own are ValueErrors or worse."""


class BrokenSheet(Exception):
    """The sheet's XML ends or errs in the middle."""


class Bomb(Exception):
    """The archive unpacks into more than a list of people needs."""


def inspect(file: BinaryIO) -> None:
    """Refuse an archive by what its directory says, before anything is unpacked; raises Bomb or BadZipFile."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > limits.UNPACKED or (unpacked > _SMALL and unpacked / packed > limits.RATIO) or len(members) > 10_000:
        raise Bomb


def opened(
    file: BinaryIO, given: Layout | None, today: date, reached: Callable[[int], None]
) -> tuple[Layout, Table | None, Iterator[Entry]]:
    """The layout of the first list in the workbook, that list, and the entries of all its sheets."""
    import openpyxl

    if not openpyxl.DEFUSEDXML:  # pragma: no cover - the bundle's own test asserts it
        raise RuntimeError("openpyxl works without defusedxml")
    inspect(file)
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [(sheet, _table(sheet, given)) for sheet in book.worksheets]
    if any(table is not None and table.layout.header_row for _, table in sheets):
        # Beside a list with a header, a sheet without one is a page of notes.
        sheets = [(sheet, table if table and table.layout.header_row else None) for sheet, table in sheets]
    lists = [(sheet, table) for sheet, table in sheets if table is not None]
    layout = lists[0][1].layout if lists else Layout(encoding="xlsx")
    return layout, lists[0][1] if lists else None, _entries(book, sheets, len(sheets) > 1, today, reached)


def _entries(
    book: Any,
    sheets: list[tuple[Any, Table | None]],
    several: bool,
    today: date,
    reached: Callable[[int], None],
) -> Iterator[Entry]:
    with closing(book):
        for sheet, table in sheets:
            part = sheet.title if several else ""
            if table is None:
                if any(any(record.cells) for record in _records(sheet)):
                    yield Reject(Place(SHEET, 0, 0, sheet.title), "sheet_without_list", (("sheet", sheet.title),))
                continue
            found = _records(sheet)
            last = 0
            try:
                for entry in tables.entries(found, table, today, part, reached):
                    last = entry.place.number
                    yield entry
            except BrokenSheet:
                yield Reject(Place("row", last + 1, 0, part), "broken_sheet", (("sheet", sheet.title),))


def _table(sheet: Any, given: Layout | None) -> Table | None:
    try:
        sample = list(islice(_records(sheet), _SAMPLE_ROWS))
        if not any(any(record.cells) for record in sample):
            return None

        def cells_of(index: int) -> Iterator[str]:
            return (record.cells[index] for record in _records(sheet) if index < len(record.cells))

        layout = replace(given or Layout(), encoding="xlsx", delimiter="")
        table = tables.table_of(sample, layout, cells_of)
    except (tables.NoColumns, BrokenSheet):
        return None
    known = {column.field for column in table.columns} - {"extra", "ignored", "routine", "label"}
    return table if known else None


def _records(sheet: Any) -> Iterator[Record]:
    """Rows that exist in the sheet, by number; gaps are never filled in, so a far cell costs nothing (T14)."""
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as source, warnings.catch_warnings():  # noqa: SLF001 - the public walk fills gaps
        warnings.simplefilter("ignore")
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        rows = parser.parse()
        while True:
            try:
                number, cells = next(rows)
            except StopIteration:
                return
            except broken() as problem:
                raise BrokenSheet from problem
            row: list[str] = []
            for cell in cells:
                value = cell["value"]
                if value is None:
                    continue
                column = cell["column"]
                if column > limits.COLUMNS:
                    # One cell past the limit is enough for the row to be named.
                    column = limits.COLUMNS + 1
                if column > len(row):
                    row.extend([""] * (column - len(row)))
                row[column - 1] = value if type(value) is str else _text(value)
            yield Record(number, 0, row)


def _text(value: Any) -> str:
    """A cell as a person sees it: whole numbers without a point, days without midnight."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def broken() -> tuple[type[Exception], ...]:
    """What the parser raises for XML or values that are not as they should be."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException

    return (ParseError, DefusedXmlException, zipfile.BadZipFile, ValueError, LookupError, TypeError, EOFError)
