"""Many rows at once: Core inserts from lists, every column given, ids read back in the order of the rows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ColumnDefault, Table, func, insert, select
from sqlalchemy.orm import Session

from crm.models import Base

Values = Mapping[str, Any]


class Writer:
    """Writes rows of the demo; made for one deed. Row uids come from the seed, like everything else."""

    def __init__(self, session: Session, rng: random.Random) -> None:
        self._session = session
        self._rng = rng
        self._blanks: dict[str, dict[str, Any]] = {}

    def write(self, model: type[Base], rows: Sequence[Values]) -> None:
        """Insert rows given by column name; a column not given has its default."""
        if rows:
            table = cast(Table, model.__table__)
            blank = self._blank(table)
            uids = "uid" in table.columns
            filled = [blank | row for row in rows] if not uids else [blank | row | {"uid": self.uid()} for row in rows]
            self._session.connection().execute(insert(table), filled)

    def keep(self, model: type[Base], rows: Sequence[Values]) -> list[int]:
        """As `write`, and give the ids of the rows in their order."""
        table = cast(Table, model.__table__)
        before = self._session.scalar(select(func.max(table.c.id))) or 0
        self.write(model, rows)
        return list(self._session.scalars(select(table.c.id).where(table.c.id > before).order_by(table.c.id)))

    def uid(self) -> str:
        """A uid in the form of a UUID 4."""
        digits = f"{self._rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def _blank(self, table: Table) -> dict[str, Any]:
        if table.name not in self._blanks:
            defaults = {}
            for column in table.columns:
                if column.name in {"id", "uid"}:
                    continue
                default = column.default
                if default is None:
                    defaults[column.name] = None
                else:
                    value = cast(ColumnDefault, default).arg
                    defaults[column.name] = value(None) if callable(value) else value
            self._blanks[table.name] = defaults
        return self._blanks[table.name]
