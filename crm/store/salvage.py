"""Reading what can be read of a damaged table: row by row, and round the places that do not read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeDecorator

from crm.store.driver import driver_errors

Row = dict[str, Any]
_MOST_GAPS: Final = 2_000
"""Places that do not read after which a table is given up: every one costs a walk down the tree."""
_HIGHEST: Final = 1 << 40
"""No store gives numbers past this; a number beyond is damage."""
_STRIDE: Final = 4
_DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME: Final = re.compile(r"[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?")


class Torn:
    """A damaged store as one reads it: any bytes are text, and after a page that does not read one begins afresh.

    SQLCipher answers nothing more on a connection that met a page with a broken seal.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: Any = None

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> Any:
        """A cursor; raises the driver's errors, as reading from it does."""
        if self._connection is None:
            self._connection = self._connect()
            self._connection.text_factory = _any_text
        return self._connection.execute(statement, values)

    def close(self) -> None:
        """Let go of the connection; the next statement makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _any_text(found: bytes) -> str:
    return found.decode("utf-8", "replace").replace("\0", "")


def columns_there(connection: Torn, table: Table) -> list[str]:
    """Those columns of `table` that the damaged file has too; none where it does not even tell."""
    try:
        found = {row[1] for row in connection.execute(f"PRAGMA table_info('{table.name}')")}
    except driver_errors():
        connection.close()
        return []
    return [column.name for column in table.columns if column.name in found]


def rows_of(connection: Torn, table: str, columns: list[str]) -> Iterator[Row]:
    """The rows of `table` that read, by ascending number."""
    names = ", ".join(f'"{name}"' for name in columns)
    after, gaps = -1, 0
    while gaps < _MOST_GAPS:
        last = after
        try:
            for number, *values in connection.execute(
                f"SELECT rowid, {names} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid", (after,)
            ):
                if not isinstance(number, int) or number <= last:
                    # A page that points back: what follows is what was, or never ends.
                    break
                last = number
                yield dict(zip(columns, values, strict=True))
            else:
                return
        except driver_errors():
            connection.close()
        gaps += 1
        beyond = _next_readable(connection, table, names, last)
        if beyond is None:
            return
        after = beyond - 1


def _next_readable(connection: Torn, table: str, names: str, last: int) -> int | None:
    """The number of the nearest row past `last` that reads: by ever longer steps, then by halving the last one."""
    low, step = last + 1, 1
    found = None
    while low + step < _HIGHEST:
        found = _first_from(connection, table, names, low + step)
        if found is not None:
            break
        step *= _STRIDE
    if found is None:
        return None
    fails, reads = low + step // _STRIDE, low + step
    while reads - fails > 1:
        middle = (fails + reads) // 2
        nearer = _first_from(connection, table, names, middle)
        if nearer is None:
            fails = middle
        else:
            reads, found = middle, nearer
    return found


def _first_from(connection: Torn, table: str, names: str, number: int) -> int | None:
    try:
        row = connection.execute(
            f"SELECT rowid, {names} FROM {table} NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT 1", (number,)
        ).fetchone()
    except driver_errors():
        connection.close()
        return None
    return row[0] if row is not None and isinstance(row[0], int) and row[0] >= number else None


def count_of(connection: Torn, table: str) -> int | None:
    """How many rows `table` had; None where the file does not tell any more."""
    for statement in (f"SELECT count(*) FROM {table}", f"SELECT count(*) FROM {table} NOT INDEXED"):
        try:
            return int(connection.execute(statement).fetchone()[0])
        except driver_errors():
            connection.close()
    return None


def sequence_of(connection: Torn) -> list[tuple[str, int]]:
    """The highest number each table ever gave, where the file still tells."""
    try:
        rows = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    except driver_errors():
        connection.close()
        return []
    return [(str(name), number) for name, number in rows if isinstance(number, int) and 0 < number < _HIGHEST]


def fitted(table: Table, row: Row) -> Row | None:
    """The row with what its columns may hold; a garbled value that may be missing is, else there is no row."""
    kept: Row = {}
    for name, value in row.items():
        column = table.columns[name]
        kept[name] = value if value is not None and _fits(column, value) else None
        if kept[name] is None and not column.nullable:
            return None
    return kept


def _fits(column: Column[Any], value: Any) -> bool:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, (Integer, Boolean)):
        return isinstance(value, int)
    if isinstance(kind, LargeBinary):
        return isinstance(value, bytes)
    if isinstance(kind, JSON):
        return isinstance(value, (str, int, float)) and _is_json(value)
    if not isinstance(value, str):
        return not isinstance(kind, (String, Date, DateTime))
    if isinstance(kind, DateTime):
        return bool(_DAY.match(value[:10]) and _TIME.fullmatch(value[10:]))
    return bool(_DAY.fullmatch(value)) if isinstance(kind, Date) else True


def _is_json(value: str | float) -> bool:
    try:
        json.loads(str(value))
    except ValueError:
        return False
    return True
