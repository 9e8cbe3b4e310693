"""The journal: every change a person made, row by row, in deeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table, yes_or_no


class Deed(Identified, Base):
    """One thing a person did: one transaction, one label.

    `label` is a catalogue entry, `arguments` what fills it. `reverses_id` is the deed an undo (or a redo, which is the
    undo of an undo) turned back; `root_id` the deed such a chain began with; on a root, `in_force` says whether what
    it did stands. `previous_hash` and `hash` chain the headers, values left out. `thinned_at` is when its changes were
    taken out of the journal: from then on it is told, but not undone.
    """

    __tablename__ = "deed"
    __table_args__ = table(
        one_of("kind", ("do", "undo", "redo")),
        *yes_or_no("in_force"),
        Index("ix_deed_root", "root_id"),
        Index("ix_deed_reverses", "reverses_id"),
        nature="log",
    )
    kind: Mapped[str] = mapped_column(String(10), default="do")
    label: Mapped[str] = mapped_column(String(200))
    arguments: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id"))
    in_force: Mapped[bool] = mapped_column(default=True)
    first_change: Mapped[int | None]
    last_change: Mapped[int | None]
    tables: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64), default="")
    # Last, where ALTER TABLE puts it in a store of schema 1.
    thinned_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=1)


class Change(Keyed, Base):
    """One row touched by a deed: I(nsert) with its id alone, U(pdate) and D(elete) with the row before, as JSON."""

    __tablename__ = "change"
    __table_args__ = table(
        CheckConstraint("action IN ('I', 'U', 'D')", name="action"),
        CheckConstraint("(action = 'I') = (before IS NULL)", name="before"),
        Index("ix_change_row", "table_name", "row_id", "id"),
        Index("ix_change_person", "person_id", "id"),
        nature="log",
    )
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id"))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    action: Mapped[str] = mapped_column(String(1))
    before: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int | None]


class OpenDeed(Base):
    """The deed being written now: its one row is read by the journal's triggers and is null between deeds."""

    __tablename__ = "open_deed"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"info": {"nature": "log"}})
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deed_id: Mapped[int | None]


class StalePerson(Base):
    """People whose search row, score or totals must follow before the deed commits; empty between deeds."""

    __tablename__ = "stale_person"
    __table_args__ = ({"info": {"nature": "derived"}},)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    search: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(default=0)


class StaleEvent(Base):
    """Events whose totals must follow before the deed commits; empty between deeds."""

    __tablename__ = "stale_event"
    __table_args__ = ({"info": {"nature": "derived"}},)
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
