"""The inbox: ideas, problems, praise and questions, from the moment they are written down until the author is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.models import Answer, Event, FeedbackItem, ItemTopic, Person, Response, Topic, Vote
from crm.models.feedback import FEEDBACK_STATUSES
from crm.services.feedback_rows import (
    FeedbackDraft,
    FeedbackEmpty,
    FeedbackFilter,
    FeedbackGone,
    FeedbackRow,
    FeedbackSummary,
    TopicRow,
)
from crm.services.figures import satisfaction
from crm.services.figures.scope import Scope, counted_response, scope_of
from crm.services.figures_rows import Figure
from crm.text import NameParts, clean, display_name, fold, initials, words

TEXT_LIMIT: Final = 20_000
TITLE_LIMIT: Final = 300
BOARD: Final = tuple(status for status in FEEDBACK_STATUSES if status != "declined")
"""The columns of the idea board, in order."""
LOOK_BACK_DAYS: Final = 90
"""The period of the head of the Feedback page."""


# -- verbs -------------------------------------------------------------------------------------------------------------


def add_item(session: Session, draft: FeedbackDraft, clock: Clock) -> int:
    """Write an item down; returns its id. Raises FeedbackEmpty, TextTooLong."""
    text = clean(draft.text, TEXT_LIMIT, multiline=True)
    title = clean(draft.title, TITLE_LIMIT)
    if not text:
        text = title
    if not text:
        raise FeedbackEmpty
    item = FeedbackItem(
        kind=draft.kind,
        about=draft.about,
        title=title,
        text=text,
        search_text=fold(f"{title} {text}"),
        person_id=draft.person_id,
        anonymous=draft.person_id is None,
        event_id=draft.event_id,
        response_id=draft.response_id,
        at=clock(),
    )
    session.add(item)
    session.flush()
    return item.id


def edit_item(session: Session, item_id: int, *, text: str, title: str, kind: str, about: str) -> None:
    """Change the words and sort of an item. Raises FeedbackGone, FeedbackEmpty, TextTooLong."""
    item = _item(session, item_id)
    cleaned, heading = clean(text, TEXT_LIMIT, multiline=True), clean(title, TITLE_LIMIT)
    if not cleaned:
        raise FeedbackEmpty
    item.text, item.title, item.kind, item.about = cleaned, heading, kind, about
    item.search_text = fold(f"{heading} {cleaned}")


def set_status(session: Session, item_id: int, status: str, clock: Clock) -> None:
    """Move an item along; «told» notes the day, any other status forgets it. Raises FeedbackGone."""
    item = _item(session, item_id)
    item.status = status
    item.told_on = clocks.today(clock) if status == "told" else None


def reply(session: Session, item_id: int, text: str, clock: Clock) -> None:
    """Note what the author was answered («» where it was said in person): the item waits no more.

    Krug sends nothing; what is written here is kept beside the item. Raises FeedbackGone, TextTooLong.
    """
    item = _item(session, item_id)
    item.reply = clean(text, TEXT_LIMIT, multiline=True)
    item.replied_at = clock()


def unreply(session: Session, item_id: int) -> None:
    """Let an item wait for an answer again. Raises FeedbackGone."""
    item = _item(session, item_id)
    item.reply, item.replied_at = "", None


def allow_quoting(session: Session, item_id: int, consent: str) -> None:
    """Note whether the author agreed to be quoted: granted, refused or unknown. Raises FeedbackGone."""
    _item(session, item_id).quote_consent = consent


def remove_item(session: Session, item_id: int) -> None:
    """Take an item out; the form it came with stays in its figures. Raises FeedbackGone."""
    session.delete(_item(session, item_id))


def set_topics(session: Session, item_id: int, names: Iterable[str]) -> None:
    """Let the item have exactly these topics, new ones made; case and ё do not make another topic."""
    _item(session, item_id)
    wanted: dict[str, str] = {}
    for name in names:
        shown = clean(name, 200)
        if shown:
            wanted.setdefault(fold(shown)[:200], shown)
    known = dict(session.execute(select(Topic.search_name, Topic.id).where(Topic.search_name.in_(wanted))).all())
    for folded, shown in wanted.items():
        if folded not in known:
            topic = Topic(name=shown, search_name=folded)
            session.add(topic)
            session.flush()
            known[folded] = topic.id
    links = session.scalars(select(ItemTopic).where(ItemTopic.item_id == item_id)).all()
    for link in links:
        if link.topic_id not in known.values():
            session.delete(link)
    there = {link.topic_id for link in links}
    session.add_all(ItemTopic(item_id=item_id, topic_id=topic) for topic in known.values() if topic not in there)


def vote(session: Session, item_id: int, person_id: int, clock: Clock) -> None:
    """Note that a person wants this too; a second time changes nothing. Raises FeedbackGone."""
    _item(session, item_id)
    if session.scalar(select(Vote.id).where(Vote.item_id == item_id, Vote.person_id == person_id)) is None:
        session.add(Vote(item_id=item_id, person_id=person_id, at=clock()))


# -- lists -------------------------------------------------------------------------------------------------------------


def feedback_ids(session: Session, wanted: FeedbackFilter = FeedbackFilter(), limit: int | None = None) -> list[int]:  # noqa: B008 - frozen
    """Ids of items, the newest first; items of deleted people and joined ones are out."""
    return list(
        session.scalars(_filtered(wanted).order_by(FeedbackItem.at.desc(), FeedbackItem.id.desc()).limit(limit))
    )


def feedback_count(session: Session, wanted: FeedbackFilter = FeedbackFilter()) -> int:  # noqa: B008 - frozen
    """How many items `feedback_ids` would give."""
    return session.scalar(select(func.count()).select_from(_filtered(wanted).subquery())) or 0


def feedback_rows(session: Session, ids: Sequence[int]) -> list[FeedbackRow]:
    """The items of `ids`, in their order; what is no longer there is left out."""
    rows = session.execute(
        select(
            FeedbackItem,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Event.title.label("event"),
            Answer.number,
        )
        .outerjoin(Person, Person.id == FeedbackItem.person_id)
        .outerjoin(Event, Event.id == FeedbackItem.event_id)
        .outerjoin(Answer, (Answer.response_id == FeedbackItem.response_id) & (Answer.kind == "nps"))
        .where(FeedbackItem.id.in_(ids))
    ).all()
    topics: dict[int, list[str]] = {}
    for item_id, name in session.execute(
        select(ItemTopic.item_id, Topic.name)
        .join(Topic, Topic.id == ItemTopic.topic_id)
        .where(ItemTopic.item_id.in_(ids))
        .order_by(Topic.search_name)
    ):
        topics.setdefault(item_id, []).append(name)
    votes = dict(
        session.execute(select(Vote.item_id, func.count()).where(Vote.item_id.in_(ids)).group_by(Vote.item_id)).all()
    )
    found: dict[int, FeedbackRow] = {}
    for row in rows:
        item: FeedbackItem = row[0]
        parts = NameParts(row[1] or "", row[2] or "", row[3] or "", row[4] or "")
        found[item.id] = FeedbackRow(
            id=item.id,
            kind=item.kind,
            about=item.about,
            title=item.title,
            text=item.text,
            status=item.status,
            at=item.at,
            person_id=item.person_id,
            person=display_name(parts),
            initials=initials(parts),
            event_id=item.event_id,
            event=row[5] or "",
            score=row[6],
            reply=item.reply,
            replied_at=item.replied_at,
            told_on=item.told_on,
            quote_consent=item.quote_consent,
            topics=tuple(topics.get(item.id, ())),
            votes=votes.get(item.id, 0),
        )
    return [found[item_id] for item_id in ids if item_id in found]


def feedback_row(session: Session, item_id: int) -> FeedbackRow:
    """One item. Raises FeedbackGone."""
    rows = feedback_rows(session, [item_id])
    if not rows:
        raise FeedbackGone
    return rows[0]


def waiting_rows(session: Session, limit: int) -> list[FeedbackRow]:
    """Items that wait longest, those of detractors and questions before the rest."""
    urgent = case((FeedbackItem.kind.in_(("problem", "question")), 0), else_=1)
    ids = session.scalars(
        _filtered(FeedbackFilter(waiting=True)).order_by(urgent, FeedbackItem.at, FeedbackItem.id).limit(limit)
    )
    return feedback_rows(session, list(ids))


def board(session: Session, most: int = 20) -> dict[str, tuple[int, list[FeedbackRow]]]:
    """Ideas by status, the most wanted first: how many there are and the first `most` of each column."""
    columns: dict[str, tuple[int, list[FeedbackRow]]] = {}
    for status in BOARD:
        wanted = FeedbackFilter(kinds=("idea",), statuses=(status,))
        votes = select(func.count()).where(Vote.item_id == FeedbackItem.id).correlate(FeedbackItem).scalar_subquery()
        ids = list(
            session.scalars(
                _filtered(wanted).order_by(votes.desc(), FeedbackItem.at.desc(), FeedbackItem.id).limit(most)
            )
        )
        columns[status] = (feedback_count(session, wanted), feedback_rows(session, ids))
    return columns


def all_topics(session: Session) -> list[str]:
    """Names of topics in order."""
    return list(session.scalars(select(Topic.name).order_by(Topic.search_name)))


# -- the head of the page ----------------------------------------------------------------------------------------------


def summary(session: Session, clock: Clock, days: int = LOOK_BACK_DAYS) -> FeedbackSummary:
    """NPS, its answers and the topics of the last `days` days up to today; beside NPS as it stood 30 days ago."""
    end = clocks.today(clock) + timedelta(days=1)
    scope = scope_of(session, end - timedelta(days=days), end, clock)
    before = scope.over(scope.start - timedelta(days=30), scope.end - timedelta(days=30))
    answers = satisfaction.distribution(session, scope)
    value, margin = satisfaction.nps_of(answers)
    score = Figure("nps", value, sum(answers), "satisfaction.nps", scope.start, scope.end, "points", margin)
    return FeedbackSummary(
        responses=_responses(session, scope),
        nps=score,
        previous=satisfaction.nps(session, before),
        distribution=answers,
        topics=tuple(_topics(session, scope.start, end)),
    )


def _responses(session: Session, scope: Scope) -> int:
    statement = (
        select(func.count(Response.id))
        .outerjoin(Person, Person.id == Response.person_id)
        .where(counted_response(scope))
    )
    return session.scalar(statement) or 0


def _topics(session: Session, start: date, end: date, limit: int = 8) -> list[TopicRow]:
    count = func.count(FeedbackItem.id.distinct())
    mood = func.sum(case((Answer.number >= 9, 1), (Answer.number <= 6, -1), else_=0))
    rows = session.execute(
        select(Topic.name, count, func.coalesce(mood, 0))
        .join(ItemTopic, ItemTopic.topic_id == Topic.id)
        .join(FeedbackItem, FeedbackItem.id == ItemTopic.item_id)
        .outerjoin(Answer, (Answer.response_id == FeedbackItem.response_id) & (Answer.kind == "nps"))
        .where(FeedbackItem.at >= clocks.day_start(start), FeedbackItem.at < clocks.day_start(end))
        .group_by(Topic.id)
        .order_by(count.desc(), Topic.search_name)
        .limit(limit)
    )
    return [TopicRow(name, items, (balance > 0) - (balance < 0)) for name, items, balance in rows]


def _filtered(wanted: FeedbackFilter) -> Select[int]:
    statement = (
        select(FeedbackItem.id)
        .outerjoin(Person, Person.id == FeedbackItem.person_id)
        .where(Person.deleted_at.is_(None), FeedbackItem.merged_into_id.is_(None))
    )
    if wanted.waiting:
        statement = statement.where(satisfaction.waiting())
    if wanted.kinds:
        statement = statement.where(FeedbackItem.kind.in_(wanted.kinds))
    if wanted.statuses:
        statement = statement.where(FeedbackItem.status.in_(wanted.statuses))
    if wanted.event_id is not None:
        statement = statement.where(FeedbackItem.event_id == wanted.event_id)
    if wanted.person_id is not None:
        statement = statement.where(FeedbackItem.person_id == wanted.person_id)
    for word in words(wanted.text):
        statement = statement.where(FeedbackItem.search_text.contains(word, autoescape=True))
    return statement


def _item(session: Session, item_id: int) -> FeedbackItem:
    item = session.get(FeedbackItem, item_id)
    if item is None:
        raise FeedbackGone
    return item
