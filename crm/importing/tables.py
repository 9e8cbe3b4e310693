"""Text tables: delimiter and header found, records read with their faults mended or named (interop §4, §5)."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from crm import i18n
from crm.importing import dates, limits
from crm.importing.layout import Column, Layout, columns_of, recognised
from crm.importing.rows import ROW, Entry, Place, Reject
from crm.importing.table_rows import RowReader

DELIMITERS: Final = (";", ",", "\t", "|")
_HEADER_SEARCH: Final = 20
_SAMPLE_ROWS: Final = 60
_SAMPLE_CHARACTERS: Final = 262_144
_SHOWN_ROWS: Final = 5
_SHOWN: Final = 200
_MENDABLE: Final = 20_000
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_PHONE: Final = re.compile(r"=?\+?[78]?[\s(.-]*9\d{2}[\s).-]*\d{3}[\s.-]*\d{2}[\s.-]*\d{2}|\+\d[\d\s().-]{8,}")
_PHONE_HEADER: Final = re.compile(r"тел|моб|номер|phone|mobile|contact|контакт", re.IGNORECASE)
_PATRONYMIC: Final = re.compile(r"(?:ич|вна|чна|оглы|кызы)$")
_TELLING: Final = frozenset(("email", "phone", "telegram", "vk"))
_WORDS: Final = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,4}")


class TooManyRows(Exception):
    """More rows than the limit."""


class NoColumns(Exception):
    """Plain text, not a table of people."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in the file: `number` as a spreadsheet counts, `line` of the text it starts on."""

    number: int
    line: int
    cells: Sequence[str]
    stray_quote: bool = False
    unclosed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table understood: its layout, its columns and where its header stands."""

    layout: Layout
    columns: tuple[Column, ...]
    order: str
    guessed_order: bool
    spoilt: bool = False
    sample: tuple[tuple[str, ...], ...] = ()


class _Lines:
    """Lines of a text with a memory of those the current record took, so that a wrong turn can be taken back."""

    def __init__(self, text: str) -> None:
        self._source = io.StringIO(text, newline="")
        self._again: list[str] = []
        self.taken: list[str] = []
        self.started = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._source)
        self.taken.append(line)
        return line

    def next_record(self) -> None:
        self.started += len(self.taken)
        self.taken = []

    def give_back(self) -> None:
        """All lines of the current record but its first are to be read anew."""
        self._again.extend(reversed(self.taken[1:]))
        del self.taken[1:]


def records(text: str, delimiter: str, width: int) -> Iterator[Record]:
    """The records of a text; `width` is the number of columns of its header, 0 when not yet known.

    A quotation mark without a pair swallows lines until the next one. Where the swallowed record does not fit the
    header but its first line alone does, the mark was a part of the text.
    """
    csv.field_size_limit(limits.CELL)
    lines = _Lines(text)
    number = 0
    while True:
        reader = csv.reader(lines, delimiter=delimiter)
        for record in _until_wrong(reader, lines, delimiter, width, number):
            number = record.number
            yield record
        if not lines.taken:
            return
        lines.next_record()


def _until_wrong(
    reader: Iterator[list[str]], lines: _Lines, delimiter: str, width: int, number: int
) -> Iterator[Record]:
    """Records until one had to be taken back (its first line is then still in `lines.taken`) or the text ends."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            lines.taken.clear()
            return
        except csv.Error:
            cells = None
        number += 1
        taken = lines.taken
        line = lines.started + 1
        if cells is not None and not _suspicious(cells, taken, width):
            yield Record(number, line, cells)
            lines.next_record()
            continue
        alone = taken[0].rstrip("\r\n").split(delimiter)
        if width > 1 and len(alone) == width:
            lines.give_back()
            yield Record(number, line, [cell.strip('"') for cell in alone], stray_quote=True)
            return
        if cells is None or _unclosed(taken):
            lines.give_back()
            yield Record(number, line, [taken[0].strip()], unclosed=True)
            return
        yield Record(number, line, cells)
        lines.next_record()


def _suspicious(cells: list[str], taken: list[str], width: int) -> bool:
    """A record that took several lines and does not fit, or whose last quotation mark stayed open."""
    if len(taken) > 1:
        return (width > 1 and len(cells) != width) or _unclosed(taken)
    return bool(width > 1 and len(cells) != width and '"' in taken[0] and _unclosed(taken))


def _unclosed(taken: list[str]) -> bool:
    return sum(line.count('"') for line in taken) % 2 == 1


def understood(text: str, encoding: str, given: Layout | None) -> tuple[Table, str]:
    """Find the layout of a text table, what is given going before what is guessed; also the text without `sep=`."""
    wanted = given or Layout()
    delimiter = wanted.delimiter
    if found := _SEPARATOR_LINE.match(text):
        # A line that is gone would move every row number by one: it stays as a blank row.
        delimiter = delimiter or found[1]
        text = "\n" + text[found.end() :]
    head = text[:_SAMPLE_CHARACTERS]
    delimiter = delimiter or _delimiter(head)
    sample = _sample(head, delimiter)
    layout = replace(wanted, encoding=encoding, delimiter=delimiter)

    def cells_of(index: int) -> Iterator[str]:
        return (record.cells[index] for record in records(text, delimiter, 0) if index < len(record.cells))

    table = table_of(sample, layout, cells_of)
    return replace(table, spoilt="\N{REPLACEMENT CHARACTER}" in text), text


def table_of(sample: Sequence[Record], layout: Layout, cells_of: Callable[[int], Iterator[str]]) -> Table:
    """Header, columns and date order of a table from its first records; `cells_of` walks a whole column."""
    header_row = layout.header_row
    if header_row is None:
        header_row = _header_row(sample)
    if header_row:
        header = next((list(record.cells) for record in sample if record.number == header_row), [])
        while header and not header[-1].strip():
            header.pop()
        columns = columns_of(header, layout.columns)
    else:
        width = max((len(record.cells) for record in sample), default=0)
        columns = columns_of([str(place) for place in range(1, width + 1)], layout.columns)
    data = [record.cells for record in sample if record.number > header_row and any(record.cells)]
    columns = _by_content(columns, data, headless=not header_row)
    order, guessed = _order_of(columns, layout, data, cells_of)
    pairs = tuple((column.header, _field_text(column)) for column in columns if column.header)
    return Table(
        replace(layout, header_row=header_row, columns=pairs, date_order=order),
        tuple(columns),
        order,
        guessed,
        sample=tuple(tuple(cell[:_SHOWN] for cell in row) for row in data[:_SHOWN_ROWS]),
    )


def entries(
    found: Iterator[Record], table: Table, today: date, part: str, reached: Callable[[int], None]
) -> Iterator[Entry]:
    """Every row of a table as a person or a reject; blank rows are passed over. Raises TooManyRows."""
    header_row = table.layout.header_row or 0
    reader = RowReader(table.columns, table.order, table.guessed_order, table.spoilt, today)
    count = 0
    mended = {number: cells for sheet, number, cells in table.layout.mended if sheet == part}
    for record in found:
        if record.number == header_row:
            continue
        if record.number in mended:
            record = Record(record.number, record.line, mended[record.number])  # noqa: PLW2901
        place = Place(ROW, record.number, record.line, part)
        entry: Entry | None
        if record.unclosed:
            entry = Reject(place, "unclosed_quote", (("value", record.cells[0][:80]),))
        elif record.number < header_row:
            shown = next((cell.strip() for cell in record.cells if cell.strip()), "")
            entry = Reject(place, "title_row", (("value", shown[:80]),)) if shown else None
        else:
            entry = reader.entry(record.cells, place, record.stray_quote)
        if entry is None:
            continue
        if isinstance(entry, Reject) and sum(map(len, record.cells)) <= _MENDABLE:
            entry = replace(entry, cells=tuple(record.cells[: limits.COLUMNS]))
        count += 1
        if count > limits.ROWS:
            raise TooManyRows
        reached(record.number)
        yield entry


def _sample(head: str, delimiter: str) -> list[Record]:
    found: list[Record] = []
    for record in records(head, delimiter, 0):
        found.append(record)
        if len(found) >= _SAMPLE_ROWS:
            break
    return found


def _delimiter(head: str) -> str:
    """The sign under which most headers are known, then under which most rows have the same number of cells."""
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        rows = [record.cells for record in _sample(head, delimiter)[:_HEADER_SEARCH] if any(record.cells)]
        if not rows:
            continue
        width, times = Counter(len(row) for row in rows).most_common(1)[0]
        known = max(recognised(row) for row in rows)
        score = known * 10 + (times / len(rows) * min(width, 10) if width > 1 else 0.0)
        if score > most:
            best, most = delimiter, score
    return best


def _header_row(sample: Sequence[Record]) -> int:
    """The row among the first twenty that holds most known headers; 0 when the table starts with data."""
    best, most = 0, 0
    filled = 0
    for record in sample[:_HEADER_SEARCH]:
        known = recognised(record.cells)
        if known > most:
            best, most = record.number, known
        filled = max(filled, sum(bool(cell.strip()) for cell in record.cells))
    if most >= 2 or (most == 1 and (filled <= 2 or best == _first_filled(sample))):
        return best
    first = next((record for record in sample if any(cell.strip() for cell in record.cells)), None)
    if first is None or any("@" in cell or _PHONE.fullmatch(cell.strip()) for cell in first.cells):
        return 0
    rest = [record for record in sample if record.number > first.number]
    looks_like_data = any("@" in cell for record in rest for cell in record.cells)
    return first.number if looks_like_data and len(first.cells) > 1 else 0


def _first_filled(sample: Sequence[Record]) -> int:
    return next((record.number for record in sample if any(cell.strip() for cell in record.cells)), 0)


def _by_content(columns: list[Column], data: Sequence[Sequence[str]], headless: bool) -> list[Column]:
    """Columns no header explains, explained by their cells where these leave no doubt."""
    taken = {column.field for column in columns}
    result: list[Column] = []
    named = bool(taken & {"full_name", "given_name", "family_name"})
    name_parts = 0
    for column in columns:
        if column.field != "extra":
            result.append(column)
            continue
        cells = [row[column.index].strip() for row in data if column.index < len(row) and row[column.index].strip()]
        field = _field_by_cells(cells, bool(headless or _PHONE_HEADER.search(column.header)))
        if field in taken and not headless:
            field = ""
        if not field and headless and not named and _may_be_name(cells, name_parts):
            whole = sum(" " in cell for cell in cells) * 2 > len(cells)
            if whole and not name_parts:
                field, named = "full_name", True
            elif not whole:
                field = "name_part"
                name_parts += 1
        result.append(replace(column, field=field) if field else column)
    if headless and not any(column.field != "extra" for column in result):
        raise NoColumns
    if headless and not any(column.field in _TELLING for column in result):
        # Names alone are a list only while its lines are as short as names are.
        long = sum(sum(map(len, row)) > 60 for row in data)
        if long * 4 > len(data):
            raise NoColumns
    return result


def _may_be_name(cells: Sequence[str], parts_before: int) -> bool:
    """Words; after two columns of them only a patronymic still belongs to the name, a town does not."""
    if parts_before >= 2:
        return parts_before == 2 and _share(cells, _PATRONYMIC.search) > 0.5
    return _share(cells, _WORDS.fullmatch) > 0.7


def _field_by_cells(cells: Sequence[str], may_be_phone: bool) -> str:
    if not cells:
        return ""
    if _share(cells, lambda cell: "t.me/" in cell or (cell.startswith("@") and " " not in cell)) > 0.6:
        return "telegram"
    if _share(cells, lambda cell: "@" in cell and "." in cell.rpartition("@")[2]) > 0.6:
        return "email"
    if _share(cells, lambda cell: "vk.com/" in cell or "vk.ru/" in cell) > 0.6:
        return "vk"
    if may_be_phone and _share(cells, _PHONE.fullmatch) > 0.6:
        return "phone"
    return ""


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _order_of(
    columns: Sequence[Column],
    layout: Layout,
    data: Sequence[Sequence[str]],
    cells_of: Callable[[int], Iterator[str]],
) -> tuple[str, bool]:
    """Day or month first in the birthday column, and whether that is a guess. Russian headers mean day first.

    The whole column is walked only when its first cells leave the question open: points mean day first everywhere.
    """
    birthday = next((column.index for column in columns if column.field == "birthday"), None)
    if layout.date_order:
        return layout.date_order, False
    if birthday is None:
        return "dmy", False
    first = [row[birthday] for row in data if birthday < len(row)]
    proven = dates.order_of(first)
    if not proven and any(map(dates.ambiguous, first)):
        proven = dates.order_of(cells_of(birthday))
    if proven:
        return proven, False
    russian = any("а" <= char <= "я" for column in columns for char in column.header.casefold())
    if russian or i18n.current() == "ru":
        return "dmy", not russian
    return "mdy", True


def _field_text(column: Column) -> str:
    return f"{column.field}:{column.label}" if column.label else column.field
