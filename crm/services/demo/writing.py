"""Many rows at once: Core inserts from lists, every column given, ids read back in the order of the rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnDefault, Dialect, Table, func, insert, select
from sqlalchemy.orm import Session

from crm.models import Base

Values = Mapping[str, Any]
_Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How rows that give certain columns become what the driver takes."""

    statement: str
    blank: Mapping[str, Any]
    processors: tuple[tuple[str, _Processor], ...]


class Writer:
    """Writes rows of the demo; made for one deed. Row uids come from the seed, like everything else.

    A statement is compiled and the columns that no row gives are converted once, not for every row: with a million
    rows that is ten seconds.
    """

    def __init__(self, session: Session, rng: random.Random) -> None:
        self._session = session
        self._rng = rng
        self._uids = 0
        self._plans: dict[tuple[str, tuple[str, ...]], _Plan] = {}

    def write(self, model: type[Base], rows: Sequence[Values]) -> None:
        """Insert rows given by column name; a column that none gives has its default.

        Raises ValueError for rows that do not all give the same columns.
        """
        if not rows:
            return
        table = cast("Table", model.__table__)
        connection = self._session.connection()
        given = tuple(rows[0])
        plan = self._plans.get((table.name, given))
        if plan is None:
            plan = self._plans[table.name, given] = _plan(table, given, connection.dialect)
        tuples = []
        keys = rows[0].keys()
        for row in rows:
            if row.keys() != keys:
                raise ValueError(table.name)
            values = {**plan.blank, **row}
            if "uid" in values:
                values["uid"] = self.uid()
            for name, process in plan.processors:
                values[name] = process(values[name])
            tuples.append(tuple(values.values()))
        connection.exec_driver_sql(plan.statement, tuples)

    def keep(self, model: type[Base], rows: Sequence[Values]) -> list[int]:
        """As `write`, and give the ids of the rows in their order."""
        table = cast("Table", model.__table__)
        before = self._session.scalar(select(func.max(table.c.id))) or 0
        self.write(model, rows)
        return list(self._session.scalars(select(table.c.id).where(table.c.id > before).order_by(table.c.id)))

    def uid(self) -> str:
        """A uid in the form of a UUID. They ascend, so that their index grows at its end, which is quicker."""
        self._uids += 1
        digits = f"{self._rng.getrandbits(80):020x}"
        return f"{self._uids:08x}-{digits[:4]}-4{digits[5:8]}-a{digits[9:12]}-{digits[8:]}"


def _plan(table: Table, given: tuple[str, ...], dialect: Dialect) -> _Plan:
    blank: dict[str, Any] = {}
    processors: list[tuple[str, _Processor]] = []
    for column in table.columns:
        if column.name == "id" and "id" not in given:
            continue
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        if column.name in given:
            blank[column.name] = None
            if process is not None:
                processors.append((column.name, process))
        elif column.name == "uid" or column.default is None:
            blank[column.name] = None
        else:
            default = cast("ColumnDefault", column.default).arg
            value = default(None) if callable(default) else default
            blank[column.name] = value if process is None else process(value)
    compiled = insert(table).compile(dialect=dialect, column_keys=list(blank))
    return _Plan(str(compiled), blank, tuple(processors))
