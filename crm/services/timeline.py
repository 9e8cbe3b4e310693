"""Everything that happened with a person, newest first: events, conversations, feedback, tasks, changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.i18n import Phrase
from crm.models import (
    Answer,
    Attendance,
    Change,
    Deed,
    Event,
    EventKind,
    FeedbackItem,
    Interaction,
    InteractionPerson,
    Response,
    Task,
)
from crm.services.event_words import kind_title
from crm.services.history import phrase_of

EntryKind = Literal["event", "conversation", "feedback", "task", "change"]
KINDS: Final[tuple[EntryKind, ...]] = ("event", "conversation", "feedback", "task", "change")
_OWN_TABLES: Final = ("person", "contact_point", "person_tag", "address", "consent", "need_offer", "relationship")
"""Tables whose change is a change of the person; what else a deed did has an entry of its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's past (or near future).

    `key` says which sort within the kind: the status of an attendance, the kind of a conversation or feedback item,
    «survey», «open» or «done» for a task, «do», «undo» or «redo» for a change. `title` and `text` are a person's own
    words; `label` is a deed's, `event_kind` the word for an event's kind. `on` is the local day it is shown under.
    """

    kind: EntryKind
    key: str
    id: int
    at: datetime
    on: date
    title: str = ""
    text: str = ""
    event_kind: str = ""
    role: str = ""
    score: int | None = None
    minutes: int | None = None
    label: Phrase | None = None


def timeline(session: Session, person_id: int, limit: int = 200) -> tuple[Entry, ...]:
    """The newest entries of each kind, at most `limit` of a kind, in one line from the newest to the oldest."""
    entries = [
        *_events(session, person_id, limit),
        *_conversations(session, person_id, limit),
        *_responses(session, person_id, limit),
        *_items(session, person_id, limit),
        *_tasks(session, person_id, limit),
        *_changes(session, person_id, limit),
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.on, entry.at, entry.id), reverse=True))


def _events(session: Session, person_id: int, limit: int) -> list[Entry]:
    rows = session.execute(
        select(
            Attendance.id,
            Attendance.status,
            Attendance.role,
            Attendance.first_in_at,
            Attendance.event_on,
            Event.id.label("event_id"),
            Event.title,
            Event.starts_at,
            Event.zone,
            EventKind.key,
            EventKind.name,
        )
        .join(Event, Event.id == Attendance.event_id)
        .join(EventKind, EventKind.id == Event.kind_id)
        .where(Attendance.person_id == person_id)
        .order_by(Attendance.event_on.desc(), Attendance.id.desc())
        .limit(limit)
    )
    return [
        Entry(
            kind="event",
            key=row.status,
            id=row.event_id,
            at=row.first_in_at or row.starts_at,
            on=row.event_on,
            title=row.title,
            text=clocks.local(row.first_in_at, row.zone).strftime("%H:%M") if row.first_in_at else "",
            event_kind=kind_title(row.key, row.name),
            role=row.role,
        )
        for row in rows
    ]


def _conversations(session: Session, person_id: int, limit: int) -> list[Entry]:
    rows = session.execute(
        select(Interaction.id, Interaction.kind, Interaction.at, Interaction.summary, Interaction.minutes)
        .join(InteractionPerson, InteractionPerson.interaction_id == Interaction.id)
        .where(InteractionPerson.person_id == person_id)
        .order_by(Interaction.at.desc())
        .limit(limit)
    )
    return [
        Entry("conversation", row.kind, row.id, row.at, _day(row.at), text=row.summary, minutes=row.minutes)
        for row in rows
    ]


def _responses(session: Session, person_id: int, limit: int) -> list[Entry]:
    rows = session.execute(
        select(Response.id, Response.at, Response.on, Event.title)
        .outerjoin(Event, Event.id == Response.event_id)
        .where(Response.person_id == person_id)
        .order_by(Response.at.desc())
        .limit(limit)
    ).all()
    scores: dict[int, int] = {}
    texts: dict[int, list[str]] = {}
    for response, kind, number, text in session.execute(
        select(Answer.response_id, Answer.kind, Answer.number, Answer.text)
        .where(Answer.response_id.in_([row.id for row in rows]))
        .order_by(Answer.id)
    ):
        if kind == "nps" and number is not None:
            scores[response] = number
        if text:
            texts.setdefault(response, []).append(text)
    return [
        Entry(
            "feedback",
            "survey",
            row.id,
            row.at,
            row.on,
            title=row.title or "",
            text="\n".join(texts.get(row.id, ())),
            score=scores.get(row.id),
        )
        for row in rows
    ]


def _items(session: Session, person_id: int, limit: int) -> list[Entry]:
    rows = session.execute(
        select(FeedbackItem.id, FeedbackItem.kind, FeedbackItem.at, FeedbackItem.title, FeedbackItem.text)
        .where(FeedbackItem.person_id == person_id, FeedbackItem.response_id.is_(None))
        .order_by(FeedbackItem.at.desc())
        .limit(limit)
    )
    return [Entry("feedback", row.kind, row.id, row.at, _day(row.at), title=row.title, text=row.text) for row in rows]


def _tasks(session: Session, person_id: int, limit: int) -> list[Entry]:
    rows = session.execute(
        select(Task.id, Task.title, Task.note, Task.due_on, Task.created_at, Task.done_at)
        .where(Task.person_id == person_id)
        .order_by(Task.id.desc())
        .limit(limit)
    )
    return [
        Entry(
            "task",
            "done" if row.done_at else "open",
            row.id,
            row.done_at or row.created_at,
            _day(row.done_at) if row.done_at else row.due_on or _day(row.created_at),
            title=row.title,
            text=row.note,
        )
        for row in rows
    ]


def _changes(session: Session, person_id: int, limit: int) -> list[Entry]:
    touched = select(Change.deed_id).where(Change.person_id == person_id, Change.table_name.in_(_OWN_TABLES))
    rows = session.execute(
        select(Deed.id, Deed.kind, Deed.label, Deed.arguments, Deed.at)
        .where(Deed.id.in_(touched))
        .order_by(Deed.id.desc())
        .limit(limit)
    )
    return [
        Entry("change", row.kind, row.id, row.at, _day(row.at), label=phrase_of(row.label, row.arguments))
        for row in rows
    ]


def _day(moment: datetime) -> date:
    return clocks.local(moment).date()
