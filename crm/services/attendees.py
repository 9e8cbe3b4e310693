"""The list of an event as its page shows it: ids in order, rows by id, how many of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session

from crm import text as texts
from crm.models import Answer, Attendance, FeedbackItem, Organisation, Person, Response
from crm.models.events import CAME
from crm.services.event_rows import AttendeeRow
from crm.services.person_cards import names_by_contact
from crm.text import NameParts, fold

Which = Literal["registered", "came", "waiting", "walk_in", "no_show", "waitlisted", "cancelled", "invited", "all"]
STATUSES: Final[dict[str, tuple[str, ...]]] = {
    "registered": ("registered", "attended", "no_show"),
    "came": CAME,
    "waiting": ("registered",),
    "walk_in": ("walk_in",),
    "no_show": ("no_show",),
    "waitlisted": ("waitlisted", "pending"),
    "cancelled": ("cancelled", "rejected", "transferred"),
}
"""Which statuses each filter of the page shows; cancelled people are in no other."""
_CHUNK: Final = 500


def attendee_ids(session: Session, event_id: int, which: Which, text: str = "") -> list[int]:
    """Ids of attendances in order of surname; `text` is looked for in names and organisation, in the other layout too.

    `invited` shows everybody who was ever invited to this event, whatever came of it.
    """
    statement = (
        select(Attendance.id)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.event_id == event_id, Person.deleted_at.is_(None), _of(which))
        .order_by(Person.sort_key, Person.id)
    )
    if fold(text):
        statement = statement.outerjoin(Organisation, Organisation.id == Person.organisation_id)
        readings = dict.fromkeys((fold(text), fold(texts.other_layout(text)), *texts.transliterations(text)))
        words = [found for reading in readings if (found := texts.words(reading))]
        statement = statement.where(or_(*map(_matches, words)) if words else false())
    return list(session.scalars(statement))


def attendee_rows(session: Session, ids: Sequence[int]) -> list[AttendeeRow]:
    """The attendances of `ids`, in their order, each with its answer to «would you recommend it» and what was said."""
    found: dict[int, AttendeeRow] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(_rows().where(Attendance.id.in_(ids[start : start + _CHUNK]))).all()
        said = _said(session, {(row.event_id, row.person_id) for row in rows})
        nameless = names_by_contact(session, [row.person_id for row in rows if not texts.display_name(_name(row))])
        for row in rows:
            score, words = said.get((row.event_id, row.person_id), (None, ""))
            found[row.id] = _attendee(row, score, words, nameless.get(row.person_id, ""))
    return [found[attendance_id] for attendance_id in ids if attendance_id in found]


def attendee_counts(session: Session, event_id: int) -> dict[str, int]:
    """How many people each filter shows."""
    rows = session.execute(
        select(Attendance.status, func.count(), func.count(Attendance.invited_at))
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.event_id == event_id, Person.deleted_at.is_(None))
        .group_by(Attendance.status)
    ).all()
    by_status = {status: count for status, count, _ in rows}
    counts = {which: sum(by_status.get(status, 0) for status in statuses) for which, statuses in STATUSES.items()}
    counts["invited"] = sum(invited for _, _, invited in rows)
    return counts


def attended_person_ids(session: Session, event_id: int, which: Which = "came") -> list[int]:
    """Ids of the people a filter shows, in order of surname: for exports and messages."""
    statement = (
        select(Person.id)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.event_id == event_id, Person.deleted_at.is_(None), _of(which))
        .order_by(Person.sort_key, Person.id)
    )
    return list(session.scalars(statement))


def _of(which: Which) -> ColumnElement[bool]:
    if which == "invited":
        return Attendance.invited_at.is_not(None)
    if which == "all":
        return true()
    return Attendance.status.in_(STATUSES[which])


def _matches(words: Sequence[str]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = true()
    for word in words:
        condition &= or_(
            Person.search_names.startswith(word, autoescape=True),
            Person.search_names.contains(f" {word}", autoescape=True),
            Person.search_names.contains(f"-{word}", autoescape=True),
            Organisation.search_name.contains(word, autoescape=True),
        )
    return condition


def _rows() -> Any:
    return (
        select(
            Attendance.id,
            Attendance.event_id,
            Attendance.person_id,
            Attendance.role,
            Attendance.status,
            Attendance.ticket_code,
            Attendance.invited_at,
            Attendance.registered_at,
            Attendance.first_in_at,
            Attendance.cancelled_at,
            Attendance.guest_count,
            Attendance.over_capacity,
            Attendance.entered_later,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Person.gender,
            Organisation.name.label("organisation"),
        )
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
    )


def _name(row: Any) -> NameParts:
    return NameParts(row.family_name, row.given_name, row.additional_name, row.nickname)


def _attendee(row: Any, score: int | None, said: str, otherwise: str) -> AttendeeRow:
    parts = _name(row)
    return AttendeeRow(
        id=row.id,
        person_id=row.person_id,
        name=texts.display_name(parts) or otherwise,
        initials=texts.initials(parts),
        organisation=row.organisation or "",
        role=row.role,
        status=row.status,
        ticket_code=row.ticket_code or "",
        invited_at=row.invited_at,
        registered_at=row.registered_at,
        first_in_at=row.first_in_at,
        cancelled_at=row.cancelled_at,
        guest_count=row.guest_count,
        over_capacity=row.over_capacity,
        entered_later=row.entered_later,
        gender=row.gender,
        score=score,
        said=said,
    )


def _said(session: Session, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[int | None, str]]:
    if not pairs:
        return {}
    events = {event_id for event_id, _ in pairs}
    people = {person_id for _, person_id in pairs}
    scores: dict[tuple[int, int], int] = {}
    words: dict[tuple[int, int], str] = {}
    answers = session.execute(
        select(Response.event_id, Response.person_id, Answer.kind, Answer.number, Answer.text)
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.event_id.in_(events), Response.person_id.in_(people), Answer.kind.in_(("nps", "text")))
        .order_by(Response.at, Answer.id)
    )
    for event_id, person_id, kind, number, text in answers:
        if event_id is None or person_id is None:
            continue
        if kind == "nps" and number is not None:
            scores[event_id, person_id] = number
        elif text:
            words[event_id, person_id] = text
    items = session.execute(
        select(FeedbackItem.event_id, FeedbackItem.person_id, FeedbackItem.text)
        .where(FeedbackItem.event_id.in_(events), FeedbackItem.person_id.in_(people))
        .order_by(FeedbackItem.at)
    )
    for event_id, person_id, text in items:
        if event_id is not None and person_id is not None:
            words[event_id, person_id] = text
    return {pair: (scores.get(pair), words.get(pair, "")) for pair in pairs}
