"""Talking with people: contacts made, things to do, messages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table

INTERACTION_KINDS: Final = ("call", "message", "meeting", "letter", "note")
TASK_KINDS: Final = ("task", "follow_up", "checklist", "cadence")
RECIPIENT_STATES: Final = ("queued", "sent", "skipped", "left_out")


class Interaction(Identified, Base):
    """A call, message, meeting or letter with one or many people."""

    __tablename__ = "interaction"
    __table_args__ = table(
        one_of("kind", INTERACTION_KINDS),
        one_of("direction", ("", "in", "out")),
        CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        Index("ix_interaction_at", "at"),
        Index("ix_interaction_event", "event_id"),
    )
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    direction: Mapped[str] = mapped_column(String(10), default="")
    channel: Mapped[str] = mapped_column(String(40), default="")
    minutes: Mapped[int | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))


class InteractionPerson(Keyed, Base):
    """Who took part in a contact."""

    __tablename__ = "interaction_person"
    __table_args__ = table(
        UniqueConstraint("interaction_id", "person_id"), Index("ix_interaction_person_person", "person_id")
    )
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class Task(Identified, Base):
    """Something to do, by a day, about a person, an event or a segment."""

    __tablename__ = "task"
    __table_args__ = table(
        one_of("kind", TASK_KINDS),
        Index("ix_task_due", "done_at", "due_on"),
        Index("ix_task_person", "person_id"),
        Index("ix_task_event", "event_id"),
        Index("ix_task_segment", "segment_id"),
        Index("ix_task_feedback_item", "feedback_item_id"),
    )
    kind: Mapped[str] = mapped_column(String(20), default="task")
    title: Mapped[str] = mapped_column(String(500))
    note: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"))
    feedback_item_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"))
    checklist_item_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Cadence(Keyed, Base):
    """How often to be in touch with a person, or with everyone in a segment."""

    __tablename__ = "cadence"
    __table_args__ = table(
        CheckConstraint("(person_id IS NULL) <> (segment_id IS NULL)", name="one_owner"),
        CheckConstraint("days BETWEEN 1 AND 3650", name="days"),
        UniqueConstraint("person_id"),
        UniqueConstraint("segment_id"),
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    days: Mapped[int]


class Template(Keyed, Base):
    """A text to start a message from."""

    __tablename__ = "template"
    __table_args__ = table(UniqueConstraint("name", "language"), one_of("language", ("ru", "en")))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(5), default="ru")
    subject: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text)


class Message(Identified, Base):
    """A text written to several people, each in their own channel."""

    __tablename__ = "message"
    __table_args__ = table(Index("ix_message_event", "event_id"), Index("ix_message_segment", "segment_id"))
    purpose: Mapped[str] = mapped_column(String(40), default="messages")
    subject: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("template.id", ondelete="SET NULL"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MessageRecipient(Keyed, Base):
    """One person of a message: where it goes, its own text, what became of it."""

    __tablename__ = "message_recipient"
    __table_args__ = table(
        UniqueConstraint("message_id", "person_id"),
        one_of("state", RECIPIENT_STATES),
        Index("ix_message_recipient_person", "person_id", "state"),
    )
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20), default="queued")
    reason: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
