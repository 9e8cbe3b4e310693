"""Figures about what people say: NPS, its distribution, the response rate, feedback that waits (metrics §3.1)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from crm.models import Answer, Event, FeedbackItem, Person, Response
from crm.services.figures.attendance import event_counts
from crm.services.figures.community import share
from crm.services.figures.scope import Scope, counted_event, counted_person, counted_response
from crm.services.figures_rows import Figure

SCORES: Final = range(11)
PROMOTERS: Final = range(9, 11)
DETRACTORS: Final = range(7)


def nps_of(distribution: Sequence[int]) -> tuple[float | None, float | None]:
    """NPS and its 95 % half-width out of the number of answers 0, 1, …, 10; None where nobody answered.

    %promoters(9–10) − %detractors(0–6), −100…100 (Reichheld, HBR 2003); 1.96·√((p + d − (p − d)²)/n)·100.
    """
    n = sum(distribution)
    if n == 0:
        return None, None
    promoters = sum(distribution[score] for score in PROMOTERS) / n
    detractors = sum(distribution[score] for score in DETRACTORS) / n
    spread = promoters + detractors - (promoters - detractors) ** 2
    return (promoters - detractors) * 100, 1.96 * math.sqrt(max(spread, 0.0) / n) * 100


def distribution(session: Session, scope: Scope) -> tuple[int, ...]:
    """How many answered 0, 1, …, 10 to a question of kind NPS; who skipped it is in no base."""
    rows = session.execute(
        select(Answer.number, func.count())
        .join(Response, Response.id == Answer.response_id)
        .outerjoin(Person, Person.id == Response.person_id)
        .where(Answer.kind == "nps", counted_response(scope))
        .group_by(Answer.number)
    )
    found = dict(rows.all())
    return tuple(found.get(score, 0) for score in SCORES)


def nps(session: Session, scope: Scope) -> Figure:
    """NPS of the answers of the period or event, a signed number of points."""
    answers = distribution(session, scope)
    value, margin = nps_of(answers)
    return Figure("nps", value, sum(answers), "satisfaction.nps", scope.start, scope.end, "points", margin)


def nps_distribution(session: Session, scope: Scope) -> Figure:
    """The answers themselves: rows (score, count)."""
    answers = distribution(session, scope)
    rows = tuple((score, count) for score, count in zip(SCORES, answers, strict=True))
    return Figure(
        "nps_distribution", rows, sum(answers), "satisfaction.nps_distribution", scope.start, scope.end, "rows"
    )


def response_rate(session: Session, scope: Scope) -> Figure:
    """Answers about the events of the scope / people who came to them; a person's several answers count once."""
    came = sum(count.came for count in event_counts(session, scope))
    who = counted_person(scope)
    if scope.people is None:
        who = or_(Response.person_id.is_(None), who)
    rows = (
        select(Response.event_id, func.coalesce(Response.person_id, -Response.id))
        .join(Event, Event.id == Response.event_id)
        .outerjoin(Person, Person.id == Response.person_id)
        .where(counted_event(scope), who)
        .distinct()
    )
    answered = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    return share("response_rate", "satisfaction.response_rate", answered, came, scope)


def waiting() -> Any:
    """Feedback that waits for us: new, not answered, not joined to another."""
    return and_(FeedbackItem.status == "new", FeedbackItem.replied_at.is_(None), FeedbackItem.merged_into_id.is_(None))


def counted_item(scope: Scope) -> Any:
    """Items of people who are counted or of nobody, of the event where there is one (outer join of person)."""
    who = or_(FeedbackItem.person_id.is_(None), Person.deleted_at.is_(None))
    if scope.people is not None:
        who = counted_person(scope)
    return who if scope.event_id is None else and_(who, FeedbackItem.event_id == scope.event_id)


def feedback_waiting(session: Session, scope: Scope) -> Figure:
    """Items waiting for an answer now; the base is all items."""
    items = select(FeedbackItem.id).outerjoin(Person, Person.id == FeedbackItem.person_id).where(counted_item(scope))
    count = select(func.count())
    total = session.scalar(count.select_from(items.subquery())) or 0
    open_now = session.scalar(count.select_from(items.where(waiting()).subquery())) or 0
    return Figure("feedback_waiting", open_now, total, "satisfaction.feedback_waiting")


def respondents(scope: Scope) -> Select[Any]:
    """Named people behind an NPS."""
    return (
        select(Response.person_id)
        .join(Answer, and_(Answer.response_id == Response.id, Answer.kind == "nps"))
        .join(Person, Person.id == Response.person_id)
        .where(counted_response(scope))
        .distinct()
    )
