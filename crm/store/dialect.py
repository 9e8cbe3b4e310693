"""Expressions and small look-ups that only SQLite knows, so that services stay with SQLAlchemy Core."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Date, String, Table, cast, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from crm.models import Base
from crm.store.schema import row_as_json


def last_ids(session: Session, models: Iterable[type[Base]]) -> dict[type[Base], int]:
    """The highest id each table ever gave, so that a bulk write under the write lock can number its own rows."""
    sequence = table("sqlite_sequence", column("name"), column("seq"))
    known = {str(name): int(last) for name, last in session.execute(select(sequence.c.name, sequence.c.seq))}
    return {model: known.get(model.__tablename__, 0) for model in models}


def listed(ids: Any) -> ColumnElement[str]:
    """All ids of a group as one text, commas between them: several times cheaper to fetch than as many rows.

    Over an ordered subquery they come in its order.
    """
    return func.aggregate_strings(cast(ids, String), ",")


def unlisted(ids: str | None) -> array[int]:
    """What `listed` gave, as numbers."""
    return array("q", map(int, ids.split(","))) if ids else array("q")


def among(column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`, however many: they travel as one bound text, not as one variable each."""
    numbers = func.json_each(json.dumps(list(ids))).table_valued("value")
    result: ColumnElement[bool] = column.in_(select(numbers.c.value))
    return result


def day(moment: Any) -> ColumnElement[Any]:
    """The UTC day of a stored moment."""
    return func.date(moment, type_=Date)


def days_after(column: Any, days: int) -> ColumnElement[Any]:
    """The day so many days after a stored day."""
    return func.date(column, f"{days:+d} days", type_=Date)


def row_json(rows_of: Table) -> ColumnElement[str]:
    """A row of a journaled table as the journal keeps it, to be compared with what it was."""
    return literal_column(row_as_json(rows_of, rows_of.name), String)


def noted(before: Any, name: str) -> ColumnElement[Any]:
    """The value of a column in a row as the journal noted it."""
    return func.json_extract(before, f"$.{name}")
