"""Segments: saved rules and frozen lists."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table, yes_or_no

SEGMENT_KINDS: Final = ("live", "frozen")
MEMBER_STATES: Final = ("frozen", "include", "exclude")


class Segment(Identified, Base):
    """A live rule (`rule`, a small versioned tree) or a frozen list; `starter` names the template it came from."""

    __tablename__ = "segment"
    __table_args__ = table(
        one_of("kind", SEGMENT_KINDS),
        *yes_or_no("pinned"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
    )
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(20), default="live")
    rule: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    glyph: Mapped[str] = mapped_column(String(40), default="member")
    starter: Mapped[str] = mapped_column(String(80), default="")
    pinned: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SegmentMember(Keyed, Base):
    """A person in a frozen list, or put into or kept out of a live one by hand."""

    __tablename__ = "segment_member"
    __table_args__ = table(
        UniqueConstraint("segment_id", "person_id"),
        one_of("state", MEMBER_STATES),
        Index("ix_segment_member_person", "person_id"),
    )
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SegmentAutomation(Keyed, Base):
    """What happens when a person enters a segment: a task or a tag."""

    __tablename__ = "segment_automation"
    __table_args__ = table(
        one_of("action", ("task", "tag")),
        *yes_or_no("active"),
        Index("ix_segment_automation_segment", "segment_id"),
    )
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(20))
    arguments: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    active: Mapped[bool] = mapped_column(default=True)
