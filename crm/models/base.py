"""What every table shares: names of constraints, moments in UTC, and which set of tables it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Nature = Literal["fact", "derived", "record", "log"]
"""fact: journaled, undoable. derived: rebuilt from facts. record: written by housekeeping, never rebuilt for a closed
day. log: what the program notes about itself; neither journaled nor undone (docs/architecture.md)."""

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the store. A naive moment is a mistake of ours and raises ValueError."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The metadata of the one store."""

    metadata = MetaData(naming_convention=NAMING)


class Keyed:
    """Every table has a whole-number key that is never used again, so that a journal entry means one row for ever."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)


def new_uid() -> str:
    """A fresh random uid (UUID 4)."""
    return str(uuid.uuid4())


class Identified(Keyed):
    """A thing that other programs and other stores may know: it has a uid besides its key."""

    uid: Mapped[str] = mapped_column(String(64), unique=True, default=new_uid)


def table(*constraints: Any, nature: Nature = "fact") -> tuple[Any, ...]:
    """The `__table_args__` of a table: its constraints, its set, ids never reused."""
    return (*constraints, {"sqlite_autoincrement": True, "info": {"nature": nature}})


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """`column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def yes_or_no(*columns: str) -> tuple[CheckConstraint, ...]:
    """Each column holds 0 or 1."""
    return tuple(CheckConstraint(f"{column} IN (0, 1)", name=column) for column in columns)
