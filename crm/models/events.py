"""Events, who is at them, and what happened at the door."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table, yes_or_no

EVENT_FORMATS: Final = ("offline", "online", "hybrid")
EVENT_STATUSES: Final = ("planned", "open", "closed", "cancelled")
ROLES: Final = ("guest", "speaker", "organiser", "volunteer", "mentor")
ATTENDANCE_STATUSES: Final = (
    "invited",
    "pending",
    "waitlisted",
    "registered",
    "attended",
    "walk_in",
    "no_show",
    "cancelled",
    "rejected",
    "transferred",
)
CAME: Final = ("attended", "walk_in")
"""Statuses of people who were there."""
COUNTED: Final = ("registered", "attended", "walk_in", "no_show")
"""Statuses that count as taking part or meaning to (reference metrics §3.2)."""
SCAN_RESULTS: Final = (
    "ok",
    "already",
    "ambiguous",
    "not_found",
    "wrong_event",
    "malformed",
    "not_approved",
    "cancelled",
    "waitlisted",
    "blocked",
    "event_closed",
    "over_capacity",
    "undone",
)
TALK_STATUSES: Final = ("proposed", "agreed", "abstract", "slides", "given", "recorded", "declined")


class EventKind(Keyed, Base):
    """A kind of event. The built-in ones are translated by `key`; the manager's own carry a `name`."""

    __tablename__ = "event_kind"
    __table_args__ = table()
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    colour: Mapped[str] = mapped_column(String(20), default="grey")
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Series(Identified, Base):
    """What recurring events share."""

    __tablename__ = "series"
    __table_args__ = table()
    title: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")


class EventTemplate(Keyed, Base):
    """A form for new events; `fields` are the event's columns by name."""

    __tablename__ = "event_template"
    __table_args__ = table()
    name: Mapped[str] = mapped_column(String(200), unique=True)
    fields: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


class ChecklistItem(Keyed, Base):
    """A step of preparation, so many days before (negative) or after the event."""

    __tablename__ = "checklist_item"
    __table_args__ = table(Index("ix_checklist_item_template", "template_id"))
    template_id: Mapped[int] = mapped_column(ForeignKey("event_template.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(500))
    offset_days: Mapped[int]
    day_off_allowed: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class Event(Identified, Base):
    """One date. `starts_at` and `ends_at` are UTC, `zone` says whose wall clock shows them, `on` is the local day."""

    __tablename__ = "event"
    __table_args__ = table(
        one_of("format", EVENT_FORMATS),
        one_of("status", EVENT_STATUSES),
        *yes_or_no("approval", "tracks_exits"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("length(title) BETWEEN 1 AND 300", name="title"),
        Index("ix_event_starts_at", "starts_at"),
        Index("ix_event_kind", "kind_id"),
        Index("ix_event_series", "series_id"),
    )
    title: Mapped[str] = mapped_column(String(300))
    search_title: Mapped[str] = mapped_column(String(300))
    kind_id: Mapped[int] = mapped_column(ForeignKey("event_kind.id", ondelete="RESTRICT"))
    format: Mapped[str] = mapped_column(String(20), default="offline")
    status: Mapped[str] = mapped_column(String(20), default="planned")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(64))
    on: Mapped[date] = mapped_column("held_on", index=True)
    place: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    link: Mapped[str] = mapped_column(String(1000), default="")
    capacity: Mapped[int | None]
    approval: Mapped[bool] = mapped_column(default=False)
    tracks_exits: Mapped[bool] = mapped_column(default=False)
    minutes_threshold: Mapped[int | None]
    description: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("event_template.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EventCost(Keyed, Base):
    """Money planned and spent, in minor units (kopecks)."""

    __tablename__ = "event_cost"
    __table_args__ = table(Index("ix_event_cost_event", "event_id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(300))
    planned_minor: Mapped[int | None]
    actual_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="RUB")


class Talk(Identified, Base):
    """A person's talk, from proposal to recording."""

    __tablename__ = "talk"
    __table_args__ = table(
        one_of("status", TALK_STATUSES),
        Index("ix_talk_person", "person_id"),
        Index("ix_talk_event", "event_id"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(300))
    abstract: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default="proposed")
    materials: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EventQuestion(Keyed, Base):
    """A question of the registration form, shown or asked at the desk where the flags say so."""

    __tablename__ = "event_question"
    __table_args__ = table(UniqueConstraint("event_id", "key"), *yes_or_no("show_at_desk", "ask_at_desk"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    show_at_desk: Mapped[bool] = mapped_column(default=False)
    ask_at_desk: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class Attendance(Identified, Base):
    """One person at one event. `event_on` is the event's local day, rewritten by the deed that moves the event."""

    __tablename__ = "attendance"
    __table_args__ = table(
        UniqueConstraint("event_id", "person_id"),
        one_of("role", ROLES),
        one_of("status", ATTENDANCE_STATUSES),
        *yes_or_no("entered_later", "over_capacity"),
        CheckConstraint("guest_count >= 0", name="guest_count"),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        CheckConstraint("ticket_code IS NULL OR ticket_code NOT GLOB '*[^0-9]*'", name="ticket_code"),
        Index("ix_attendance_person", "person_id", "status", "event_on"),
        # Covers the totals of an event, which follow every arrival at its desk.
        Index("ix_attendance_event", "event_id", "status", "guest_count", "invited_at"),
        Index("ix_attendance_guest_of", "guest_of_id"),
        Index("ix_attendance_transferred_to", "transferred_to_id"),
    )
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20), default="guest")
    status: Mapped[str] = mapped_column(String(20), default="registered")
    ticket_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    external_key: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    guest_count: Mapped[int] = mapped_column(default=0)
    guest_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    transferred_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    entered_later: Mapped[bool] = mapped_column(default=False)
    over_capacity: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int | None]
    desk_note: Mapped[str] = mapped_column(Text, default="")
    event_on: Mapped[date]


class AttendanceAnswer(Keyed, Base):
    """What a person answered to a registration question."""

    __tablename__ = "attendance_answer"
    __table_args__ = table(
        UniqueConstraint("attendance_id", "question_id"),
        Index("ix_attendance_answer_question", "question_id"),
    )
    attendance_id: Mapped[int] = mapped_column(ForeignKey("attendance.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("event_question.id", ondelete="CASCADE"))
    answer: Mapped[str] = mapped_column(Text)


class Scan(Identified, Base):
    """Append-only: everything that was typed or scanned at a desk, refused attempts included."""

    __tablename__ = "scan"
    __table_args__ = table(
        one_of("result", SCAN_RESULTS),
        one_of("direction", ("in", "out")),
        Index("ix_scan_event", "event_id", "id"),
        Index("ix_scan_attendance", "attendance_id"),
        nature="log",
    )
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    attendance_id: Mapped[int | None] = mapped_column(ForeignKey("attendance.id", ondelete="SET NULL"))
    device: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(200))
    direction: Mapped[str] = mapped_column(String(10), default="in")
    order_number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(20))
