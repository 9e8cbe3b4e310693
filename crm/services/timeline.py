"""Everything that happened with a person, newest first, a page at a time: visits, talks, feedback, deeds, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import text
from crm.i18n import Phrase
from crm.models import (
    Answer,
    Attendance,
    Consent,
    Deed,
    Event,
    EventKind,
    FeedbackItem,
    Interaction,
    InteractionPerson,
    Response,
    Task,
)
from crm.services import past_deeds
from crm.services.event_words import kind_title
from crm.services.history import phrase_of
from crm.services.past_deeds import EntryKind

KINDS: Final[tuple[EntryKind, ...]] = (
    "event", "conversation", "feedback", "answer", "task", "consent", "tag", "relation", "file", "import", "merge",
    "change",
)  # fmt: skip
PAGE: Final = 20
"""Entries of one page of the timeline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's past (or near future).

    `key` says which sort within the kind: the status of an attendance or a consent, the kind of a conversation or
    feedback item, «open» or «done» for a task, «do», «undo» or «redo» for what a deed did. `id` is that of the row it
    leads to: the event, the feedback item, the deed. `title` and `text` are a person's own words; `label` is a deed's,
    `event_kind` the word for an event's kind. `on` is the local day it is shown under.
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

    @property
    def leads(self) -> bool:
        """Whether there is a page of what happened: of an event, of a feedback item, of a deed."""
        return self.label is not None or (self.kind in {"event", "feedback", "answer"} and self.id > 0)

    @property
    def moment(self) -> tuple[date, datetime, int]:
        """What orders them."""
        return self.on, self.at, self.id


@dataclass(frozen=True, slots=True)
class Past:
    """A page of the timeline; `seen` says how many of each kind were shown with it, to go on from there."""

    entries: tuple[Entry, ...] = ()
    seen: Mapping[EntryKind, int] = field(default_factory=dict)
    more: bool = False
    counts: Mapping[EntryKind, int] = field(default_factory=dict)
    """How many there are of each kind, those without any left out; told with the first page."""


class _Asked:
    """Whose past is read; what the journal knows of them is asked once."""

    def __init__(self, session: Session, person_id: int) -> None:
        self.session, self.person_id = session, person_id

    @cached_property
    def deeds(self) -> dict[EntryKind, list[int]]:
        return past_deeds.by_kind(self.session, self.person_id)


Read = Callable[[_Asked, int, int | None], list[Entry]]
"""Entries of one kind: skip so many of the newest, give at most so many (None: all)."""


def timeline(
    session: Session,
    person_id: int,
    *,
    kind: EntryKind | Literal[""] = "",
    query: str = "",
    seen: Mapping[EntryKind, int] | None = None,
    limit: int = PAGE,
) -> Past:
    """A page of the entries of one kind or of all, the newest that were not `seen`; with words, those that hold them.

    What is looked through for words is everything, so a search has one page only.
    """
    asked = _Asked(session, person_id)
    counts = {} if seen else _counts(asked)
    if query.strip():
        return Past(tuple(_holding(asked, kind, query)), counts=counts)
    kinds: list[EntryKind] = [kind] if kind else list(KINDS)
    done = {one: (seen or {}).get(one, 0) for one in kinds}
    heads = {one: _READERS[one](asked, done[one], limit + 1) for one in kinds}
    chosen: list[Entry] = []
    while len(chosen) < limit:
        waiting = [one for one in kinds if heads[one]]
        if not waiting:
            break
        newest = max(waiting, key=lambda one: heads[one][0].moment)
        chosen.append(heads[newest].pop(0))
        done[newest] += 1
    return Past(tuple(chosen), done, any(heads.values()), counts)


def _counts(asked: _Asked) -> dict[EntryKind, int]:
    person_id = asked.person_id

    def many(column: Any, *wheres: ColumnElement[bool]) -> int:
        return asked.session.scalar(select(func.count(column)).where(*wheres)) or 0

    counted: dict[EntryKind, int] = {
        "event": many(Attendance.id, Attendance.person_id == person_id),
        "conversation": many(InteractionPerson.id, InteractionPerson.person_id == person_id),
        "feedback": many(FeedbackItem.id, FeedbackItem.person_id == person_id, FeedbackItem.response_id.is_(None)),
        "answer": many(Response.id, Response.person_id == person_id),
        "task": many(Task.id, Task.person_id == person_id),
        "consent": many(Consent.id, Consent.person_id == person_id),
    }
    for kind, deeds in asked.deeds.items():
        counted[kind] = counted.get(kind, 0) + len(deeds)
    return {kind: counted[kind] for kind in KINDS if counted.get(kind)}


def _holding(asked: _Asked, kind: EntryKind | Literal[""], query: str) -> list[Entry]:
    words = text.fold(query).split()
    found = []
    kinds: list[EntryKind] = [kind] if kind else list(KINDS)
    for one in kinds:
        for entry in _READERS[one](asked, 0, None):
            label = entry.label.text() if entry.label is not None else ""
            said = text.fold(f"{entry.title} {entry.text} {entry.event_kind} {label}")
            if all(word in said for word in words):
                found.append(entry)
    return sorted(found, key=lambda entry: entry.moment, reverse=True)


# -- what is read of each kind ---------------------------------------------------------------------------------------


def _events(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
    came = func.coalesce(Attendance.first_in_at, Event.starts_at)
    rows = asked.session.execute(
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
        .where(Attendance.person_id == asked.person_id)
        .order_by(Attendance.event_on.desc(), came.desc(), Attendance.id.desc())
        .limit(limit)
        .offset(skip)
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


def _conversations(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
    rows = asked.session.execute(
        select(Interaction.id, Interaction.kind, Interaction.at, Interaction.summary, Interaction.minutes)
        .join(InteractionPerson, InteractionPerson.interaction_id == Interaction.id)
        .where(InteractionPerson.person_id == asked.person_id)
        .order_by(Interaction.at.desc(), Interaction.id.desc())
        .limit(limit)
        .offset(skip)
    )
    return [
        Entry("conversation", row.kind, row.id, row.at, _day(row.at), text=row.summary, minutes=row.minutes)
        for row in rows
    ]


def _responses(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
    rows = asked.session.execute(
        select(Response.id, Response.at, Response.on, Response.event_id, Event.title)
        .outerjoin(Event, Event.id == Response.event_id)
        .where(Response.person_id == asked.person_id)
        .order_by(Response.at.desc(), Response.id.desc())
        .limit(limit)
        .offset(skip)
    ).all()
    scores: dict[int, int] = {}
    texts: dict[int, list[str]] = {}
    for response, kind, number, words in asked.session.execute(
        select(Answer.response_id, Answer.kind, Answer.number, Answer.text)
        .where(Answer.response_id.in_([row.id for row in rows]))
        .order_by(Answer.id)
    ):
        if kind == "nps" and number is not None:
            scores[response] = number
        if words:
            texts.setdefault(response, []).append(words)
    return [
        Entry(
            "answer",
            "survey",
            row.event_id or 0,
            row.at,
            row.on,
            title=row.title or "",
            text="\n".join(texts.get(row.id, ())),
            score=scores.get(row.id),
        )
        for row in rows
    ]


def _items(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
    rows = asked.session.execute(
        select(FeedbackItem.id, FeedbackItem.kind, FeedbackItem.at, FeedbackItem.title, FeedbackItem.text)
        .where(FeedbackItem.person_id == asked.person_id, FeedbackItem.response_id.is_(None))
        .order_by(FeedbackItem.at.desc(), FeedbackItem.id.desc())
        .limit(limit)
        .offset(skip)
    )
    return [Entry("feedback", row.kind, row.id, row.at, _day(row.at), title=row.title, text=row.text) for row in rows]


def _tasks(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
    shown = func.coalesce(Task.done_at, Task.due_on, Task.created_at)
    rows = asked.session.execute(
        select(Task.id, Task.title, Task.note, Task.due_on, Task.created_at, Task.done_at)
        .where(Task.person_id == asked.person_id)
        .order_by(shown.desc(), Task.id.desc())
        .limit(limit)
        .offset(skip)
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


def _consents(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
    """What was agreed to, under the day it was said; wishes not to be written to, under the day they were noted."""
    rows = asked.session.execute(
        select(Consent.id, Consent.purpose, Consent.status, Consent.on, Consent.source, Consent.entered_at)
        .where(Consent.person_id == asked.person_id)
        .order_by(Consent.on.desc(), Consent.id.desc())
        .limit(None if limit is None else limit + skip)
    )
    said = [
        Entry("consent", row.status, row.id, row.entered_at, row.on, title=row.purpose, text=row.source) for row in rows
    ]
    both = [*said, *_deeds("consent")(asked, 0, None)]
    both.sort(key=lambda entry: entry.moment, reverse=True)
    return both[skip:] if limit is None else both[skip : skip + limit]


def _deeds(kind: EntryKind) -> Read:
    def read(asked: _Asked, skip: int, limit: int | None) -> list[Entry]:
        numbers = asked.deeds.get(kind, [])
        numbers = numbers[skip:] if limit is None else numbers[skip : skip + limit]
        if not numbers:
            return []
        rows = asked.session.execute(
            select(Deed.id, Deed.kind, Deed.label, Deed.arguments, Deed.at)
            .where(past_deeds.chosen(numbers))
            .order_by(Deed.id.desc())
        )
        return [
            Entry(kind, row.kind, row.id, row.at, _day(row.at), label=phrase_of(row.label, row.arguments))
            for row in rows
        ]

    return read


def _day(moment: datetime) -> date:
    return clocks.local(moment).date()


_READERS: Final[Mapping[EntryKind, Read]] = {
    "event": _events,
    "conversation": _conversations,
    "feedback": _items,
    "answer": _responses,
    "task": _tasks,
    "consent": _consents,
    "tag": _deeds("tag"),
    "relation": _deeds("relation"),
    "file": _deeds("file"),
    "import": _deeds("import"),
    "merge": _deeds("merge"),
    "change": _deeds("change"),
}
