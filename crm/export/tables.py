"""Rows as CSV, XLSX or JSON.

User text never becomes a formula (threat T12; CWE-1236): see `neutralise` and its reverse `restore`. Text past a
spreadsheet's limit of a cell goes on, whole, on a second sheet.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from crm import i18n
from crm.errors import CrmError
from crm.export.whole_file import Report, silent, whole_file
from crm.partial_date import PartialDate

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | float | bool | date | datetime | PartialDate | Sequence[str] | None
"""What a cell may hold. A date and time is aware and is written as the wall clock it carries."""

KINDS: Final = ("csv", "xlsx", "json")
SIGNS: Final = "=+-@\t\r＝＋－＠'"
"""A cell that begins with one of these is written with one `'` more."""
CELL_LIMIT: Final = 32_767
"""Characters in a cell, by the limits of Excel; openpyxl cuts there in silence."""
ROW_LIMIT: Final = 1_048_576
_RISKY: Final = frozenset(SIGNS)
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_CHUNK: Final = 500
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONG_PART: Final = 32_000


class TooManyRows(CrmError):
    """More rows than a spreadsheet holds."""

    code: ClassVar[str] = "too_many_rows"
    message: ClassVar[str] = i18n.mark(
        "A spreadsheet holds {limit} rows, “{name}” would have more. Choose CSV, or write a segment at a time."
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON, its heading for people, its width in characters."""

    key: str
    title: str
    width: int = 18


def write_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    target: Path | str,
    kind: str,
    *,
    title: str = "",
    delimiter: str = ";",
    report: Report = silent,
) -> int:
    """Write `rows` to `target` as `kind` (csv, xlsx, json); return how many.

    CSV is UTF-8 with a mark, CRLF, `delimiter` (`;` is what Excel in Russian opens; the decimal sign follows it),
    days as YYYY-MM-DD. JSON is one list of objects by column key. `title` names the sheet. Raises NotWritten,
    TooManyRows, ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no table of the kind {kind}")
    of = len(rows) if isinstance(rows, Sized) else 0
    told = _reported(rows, report, of)
    with whole_file(target) as file:
        if kind == "csv":
            return _write_csv(columns, told, file, delimiter)
        if kind == "json":
            return _write_json(columns, told, file)
        return _write_xlsx(columns, told, file, title or Path(target).stem, Path(target).name)


def neutralise(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula.

    A valid E.164 phone stays bare; any other text that begins with one of `SIGNS` gets one leading `'`.
    """
    if text and text[0] in _RISKY and not _E164.match(text):
        return "'" + text
    return text


def restore(cell: str) -> str:
    """The text `neutralise` was given: exactly one `'` goes away before one of `SIGNS`."""
    if len(cell) > 1 and cell[0] == "'" and cell[1] in _RISKY:
        return cell[1:]
    return cell


def _reported(rows: Iterable[Sequence[Cell]], report: Report, of: int) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(rows):
        if number % _CHUNK == 0:
            report(number, of)
        yield row


def _text(value: Cell) -> str:
    """A value that is no number as text, without a lone surrogate, which no file can hold."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return i18n.in_context("table", "yes") if value else i18n.in_context("table", "no")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PartialDate):
        return value.iso()
    if isinstance(value, Sequence):
        return _text(", ".join(value))
    return str(value)


def _write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], file: IO[bytes], delimiter: str) -> int:
    point = "," if delimiter == ";" else "."
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([neutralise(column.title) for column in columns])
    written = 0
    for row in rows:
        writer.writerow([_csv_cell(value, point) for value in row])
        written += 1
    text.flush()
    text.detach()
    return written


def _csv_cell(value: Cell, point: str) -> str:
    if isinstance(value, float):
        return repr(value).replace(".", point)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, PartialDate):
        return value.iso()
    return neutralise(_text(value))


def _write_json(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], file: IO[bytes]) -> int:
    keys = [column.key for column in columns]
    written = 0
    file.write(b"[")
    for row in rows:
        entry = dict(zip(keys, map(_json_value, row), strict=True))
        file.write(b",\n " if written else b"\n ")
        file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace"))
        written += 1
    file.write(b"\n]\n")
    return written


def _json_value(value: Cell) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date | PartialDate):
        return _text(value)
    return list(value)


def _write_xlsx(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], file: IO[bytes], title: str, name: str
) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    try:
        sheet = book.create_sheet(_sheet_title(title))
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        heading = []
        for column in columns:
            cell = WriteOnlyCell(sheet, value="")
            cell.value = _visible(column.title)
            cell.data_type = "s"
            cell.font = Font(bold=True)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            heading.append(cell)
        sheet.append(heading)
        cells = _XlsxCells(sheet, columns)
        written = 0
        for row in rows:
            written += 1
            if written >= ROW_LIMIT:
                raise TooManyRows(limit=i18n.number(ROW_LIMIT), name=name)
            sheet.append([cells.cell(value, written + 1, place) for place, value in enumerate(row)])
        if cells.long:
            _write_long(book.create_sheet(i18n.in_context("table", "Long text")), cells.long)
        book.save(file)
    except BaseException:
        _clean_up(book)
        raise
    return written


def _clean_up(book: Workbook) -> None:
    """Remove what openpyxl has put aside on the disk: it does so itself only after a save."""
    for sheet in book.worksheets:
        # On a full disk closing fails, and what was put aside must go all the same.
        with contextlib.suppress(OSError, ValueError):
            if not sheet.closed:
                sheet.close()
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sheet._writer.cleanup()  # noqa: SLF001 - openpyxl offers no other way


class _XlsxCells:
    """Makes cells; keeps what did not fit as (row, heading, text)."""

    def __init__(self, sheet: WriteOnlyWorksheet, columns: Sequence[Column]) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._new = WriteOnlyCell
        self._sheet = sheet
        self._columns = columns
        self.long: list[tuple[int, str, str]] = []

    def cell(self, value: Cell, row: int, place: int) -> Any:
        if type(value) is str or isinstance(value, str):
            return self._text(value, row, place)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        if isinstance(value, datetime):
            cell = self._new(self._sheet, value=value.replace(tzinfo=None))
            cell.number_format = "yyyy-mm-dd hh:mm"
            return cell
        if isinstance(value, date):
            cell = self._new(self._sheet, value=value)
            cell.number_format = "yyyy-mm-dd"
            return cell
        return self._text(_text(value), row, place)

    def _text(self, value: str, row: int, place: int) -> Any:
        """Text as text. A sheet stores the type of a cell, so no `'` is added to its content, only shown as kept."""
        value = _visible(value)
        if len(value) > CELL_LIMIT:
            self.long.append((row, self._columns[place].title, value))
            value = value[:_LONG_PART] + "… " + i18n.text("(whole on the sheet “Long text”)")
        if value and value[0] in _RISKY and not _E164.match(value):
            cell = self._new(self._sheet, value="")
            cell.value = restorable(value)
            cell.data_type = "s"
            cell.quotePrefix = True
            return cell
        return value


def restorable(text: str) -> str:
    """`text` for a typed cell, which needs no `'`, so that `restore` still gives it back.

    `="text"` gets one too: an importer takes it for Excel's way of writing text.
    """
    return "'" + text if restore(text) != text or text.startswith('="') else text


def _visible(text: str) -> str:
    """Control characters, which XML cannot hold, as their pictures (␀ for NUL); no lone surrogates."""
    text = _text(text)
    if text.isprintable():
        return text
    return _NOT_IN_XML.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "\ufffd", text)


def _sheet_title(title: str) -> str:
    return re.sub(r"[\\*?:/\[\]]", " ", _visible(title)).strip("' ")[:31] or "Krug"


def _write_long(sheet: WriteOnlyWorksheet, texts: Iterable[tuple[int, str, str]]) -> None:
    """Every text that passed a cell's limit, in parts: row, column, part, text."""
    from openpyxl.cell import WriteOnlyCell

    row_heading, column_heading = i18n.in_context("table", "Row"), i18n.in_context("table", "Column")
    part_heading, text_heading = i18n.in_context("table", "Part"), i18n.in_context("table", "Text")
    sheet.append([row_heading, column_heading, part_heading, text_heading])
    for row, heading, text in texts:
        for part, start in enumerate(range(0, len(text), _LONG_PART), start=1):
            cell = WriteOnlyCell(sheet, value="")
            cell.value = text[start : start + _LONG_PART]
            cell.data_type = "s"
            cell.quotePrefix = True
            sheet.append([row, heading, part, cell])
