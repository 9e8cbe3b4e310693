"""Reading segments: the list, one card, who fits, why somebody is in. What is changed stands in `segment_editing`."""

from __future__ import annotations

import contextlib
from typing import Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from crm import i18n, text
from crm.clock import Clock
from crm.models import Event, Person, Segment, SegmentMember, Tag
from crm.services import people, rules
from crm.services.rules import Context, Group, InvalidRule, Leaf, Part
from crm.services.segment_rows import (
    Matching,
    Reason,
    SegmentAmbiguous,
    SegmentCard,
    SegmentRow,
    SegmentUnknown,
    Why,
)

_LONGEST_ID: Final = 18
_SHOWN_AMBIGUOUS: Final = 5


# -- the list -------------------------------------------------------------------------------------------------------


def list_segments(
    session: Session, clock: Clock, *, counted: bool = True, pinned_only: bool = False
) -> list[SegmentRow]:
    """The manager's own segments in their order; with `counted` each with how many are in it now."""
    found = session.execute(
        select(
            Segment.id,
            Segment.name,
            Segment.description,
            Segment.kind,
            Segment.glyph,
            Segment.starter,
            Segment.pinned,
            Segment.rule,
        )
        .where(Segment.archived_at.is_(None), Segment.pinned if pinned_only else true())
        .order_by(Segment.position, Segment.id)
    ).all()
    context = Context(session, clock)
    listed = []
    for row in found:
        count, problem, note = None, "", row.description
        try:
            note = note or rules.gist(sentence_of(context, row.kind, row.rule))
            if counted:
                count = _count(context, rules.membership(context, row.id))
        except InvalidRule as error:
            problem = error.text()
        listed.append(SegmentRow(row.id, row.starter, row.name, note, row.kind, row.glyph, row.pinned, count, problem))
    return listed


def list_starters(session: Session, clock: Clock, *, counted: bool = True) -> list[SegmentRow]:
    """The ready segments that nobody has made their own, with how many are in each now."""
    taken = set(
        session.scalars(select(Segment.starter).where(Segment.archived_at.is_(None), Segment.starter != "")).all()
    )
    context = Context(session, clock)
    return [
        SegmentRow(
            None,
            starter.key,
            i18n.text(starter.name),
            i18n.text(starter.purpose),
            "live",
            starter.glyph,
            pinned=False,
            count=_count(context, starter.tree.where(context)) if counted else None,
            icon=starter.icon,
        )
        for starter in rules.STARTERS
        if starter.key not in taken
    ]


def _icon_of(key: str) -> str:
    starter = rules.starter(key)
    return "" if starter is None else starter.icon


def count_segment(session: Session, key: tuple[str, int | str], clock: Clock) -> int:
    """How many are in a segment or in a ready one, by the key of its row. Raises SegmentUnknown, InvalidRule."""
    context = Context(session, clock)
    return _count(context, _clause_of(context, key))


def pinned_segments(session: Session, clock: Clock) -> list[SegmentRow]:
    """The pinned ones, counted: what the window's navigation shows."""
    return list_segments(session, clock, pinned_only=True)


# -- one segment ----------------------------------------------------------------------------------------------------


def segment_card(session: Session, segment_id: int, clock: Clock) -> SegmentCard:
    """Everything the page of a segment shows but its people. Raises SegmentUnknown."""
    row = segment_row(session, segment_id)
    context = Context(session, clock)
    said: tuple[Part, ...] = ()
    problem = ""
    try:
        said = sentence_of(context, row.kind, row.rule)
        rules.membership(context, segment_id)
    except InvalidRule as error:
        problem = error.text()
    states = session.execute(
        select(SegmentMember.state, func.count())
        .where(SegmentMember.segment_id == segment_id)
        .group_by(SegmentMember.state)
    )
    by_hand = {row[0]: row[1] for row in states}
    return SegmentCard(
        id=row.id,
        uid=row.uid,
        name=row.name,
        description=row.description,
        kind=row.kind,
        glyph=row.glyph,
        starter=row.starter,
        pinned=row.pinned,
        rule=dict(row.rule),
        sentence=said,
        problem=problem,
        included=by_hand.get("include", 0),
        excluded=by_hand.get("exclude", 0),
        changed_at=row.changed_at,
        frozen_at=row.frozen_at,
        used_in=_used_in(context, segment_id),
    )


def starter_card(session: Session, key: str, clock: Clock) -> SegmentCard:
    """A ready segment as a card nobody has saved yet. Raises SegmentUnknown."""
    starter = rules.starter(key)
    if starter is None:
        raise SegmentUnknown(ref=key)
    return SegmentCard(
        id=None,
        uid="",
        name=i18n.text(starter.name),
        description=i18n.text(starter.purpose),
        kind="live",
        glyph=starter.glyph,
        starter=starter.key,
        pinned=False,
        rule=starter.rule,
        sentence=rules.sentence(Context(session, clock), starter.tree),
    )


def describe(session: Session, rule: dict[str, object], clock: Clock) -> tuple[Part, ...]:
    """A rule in words, the meaning strong. Raises InvalidRule."""
    return rules.sentence(Context(session, clock), rules.parse_rule(rule))


def sentence_of(context: Context, kind: str, rule: dict[str, object]) -> tuple[Part, ...]:
    """What a segment of this kind with this rule says about itself. Raises InvalidRule."""
    if kind == "frozen":
        return (Part(i18n.text("A frozen list.")),)
    return rules.sentence(context, rules.parse_rule(rule))


def _used_in(context: Context, segment_id: int) -> tuple[str, ...]:
    """Names of the segments that are made of this one."""
    users = []
    for other in context.segments.values():
        try:
            tree = rules.parse_rule(other.rule)
        except InvalidRule:
            continue
        if any(leaf.field.key == "segment" and leaf.value == segment_id for leaf in tree.leaves()):
            users.append(other.name)
    return tuple(users)


# -- who fits -------------------------------------------------------------------------------------------------------


def count(session: Session, rule: dict[str, object], clock: Clock) -> int:
    """How many people a rule fits. Raises InvalidRule."""
    context = Context(session, clock)
    return _count(context, rules.parse_rule(rule).where(context))


def first_people(
    session: Session, rule: dict[str, object], clock: Clock, limit: int = 50, *, segment_id: int | None = None
) -> Matching:
    """How many people a rule fits and the first of them, found in one pass.

    With `segment_id` those put in and kept out of that segment by hand are put in and kept out here too.
    Raises InvalidRule.
    """
    context = Context(session, clock)
    return _matching(context, _as_edited(context, rules.parse_rule(rule), segment_id), limit)


def first_members(session: Session, segment_id: int, clock: Clock, limit: int = 50) -> Matching:
    """How many people are in a segment and the first of them. Raises SegmentUnknown, InvalidRule."""
    context = Context(session, clock)
    return _matching(context, _clause_of(context, ("segment", segment_id)), limit)


def matching_ids(
    session: Session, rule: dict[str, object], clock: Clock, *, segment_id: int | None = None
) -> list[int]:
    """Everyone a rule fits, in the order of lists; `segment_id` as in `first_people`. Raises InvalidRule."""
    context = Context(session, clock)
    return _ordered(context, _as_edited(context, rules.parse_rule(rule), segment_id))


def members(session: Session, segment_id: int, clock: Clock) -> list[int]:
    """Everyone in a segment, in the order of lists. Raises SegmentUnknown, InvalidRule."""
    context = Context(session, clock)
    return _ordered(context, _clause_of(context, ("segment", segment_id)))


def member_clause(session: Session, segment_id: int, clock: Clock) -> ColumnElement[bool]:
    """Membership as a condition over `Person`, for figures and lists. Raises SegmentUnknown, InvalidRule."""
    return _clause_of(Context(session, clock), ("segment", segment_id))


def contains(session: Session, segment_id: int, person_id: int, clock: Clock) -> bool:
    """Whether a person is in a segment now. Raises SegmentUnknown, InvalidRule."""
    context = Context(session, clock)
    clause = _clause_of(context, ("segment", segment_id))
    found = session.execute(select(Person.id).where(Person.id == person_id, *rules.alive(), clause)).first()
    return found is not None


def why(session: Session, segment_id: int, person_id: int, clock: Clock) -> Why:
    """Each condition of a segment for one person, with the rows it looked at. Raises SegmentUnknown, InvalidRule."""
    return why_rule(session, dict(segment_row(session, segment_id).rule), person_id, clock, segment_id=segment_id)


def why_rule(
    session: Session, rule: dict[str, object], person_id: int, clock: Clock, *, segment_id: int | None = None
) -> Why:
    """Each condition of a rule for one person; with `segment_id` as it would be in that segment.

    Raises SegmentUnknown, InvalidRule.
    """
    frozen = segment_id is not None and segment_row(session, segment_id).kind == "frozen"
    tree = rules.EVERYONE if frozen else rules.parse_rule(rule)
    inside = _fits(Context(session, clock), person_id, segment_id, tree)
    by_hand = None
    if segment_id is not None:
        by_hand = session.execute(
            select(SegmentMember.state).where(
                SegmentMember.segment_id == segment_id, SegmentMember.person_id == person_id
            )
        ).scalar()
    context = Context(session, clock)
    # A condition on another segment must know whose rule it stands in, or a cycle would go unseen.
    with contextlib.nullcontext() if segment_id is None else context.inside(segment_id):
        reasons = tuple(
            Reason(
                leaf.says(context),
                session.execute(select(Person.id).where(Person.id == person_id, leaf.where(context))).first()
                is not None,
                leaf.rows(context, person_id),
            )
            for leaf in tree.leaves()
        )
    return Why(inside, by_hand or "", reasons)


def _holds(context: Context, leaf: Leaf, person_id: int) -> bool:
    asked = select(Person.id).where(Person.id == person_id, leaf.where(context))
    return context.session.execute(asked).first() is not None


def _fits(context: Context, person_id: int, segment_id: int | None, tree: Group) -> bool:
    clause = _as_edited(context, tree, segment_id)
    found = context.session.execute(select(Person.id).where(Person.id == person_id, *rules.alive(), clause)).first()
    return found is not None


def _clause_of(context: Context, key: tuple[str, int | str]) -> ColumnElement[bool]:
    sort, name = key
    if sort == "starter":
        starter = rules.starter(str(name))
        if starter is None:
            raise SegmentUnknown(ref=str(name))
        return starter.tree.where(context)
    if not isinstance(name, int) or name not in context.segments:
        raise SegmentUnknown(ref=f"#{name}")
    return rules.membership(context, name)


def _as_edited(context: Context, tree: Group, segment_id: int | None) -> ColumnElement[bool]:
    if segment_id is None:
        return tree.where(context)
    return rules.membership(context, segment_id, tree)


def _count(context: Context, clause: ColumnElement[bool]) -> int:
    return context.session.execute(select(func.count()).select_from(Person).where(*rules.alive(), clause)).scalar_one()


def _ordered(context: Context, clause: ColumnElement[bool]) -> list[int]:
    return list(
        context.session.scalars(select(Person.id).where(*rules.alive(), clause).order_by(Person.sort_key, Person.id))
    )


def _matching(context: Context, clause: ColumnElement[bool], limit: int) -> Matching:
    fitting = select(Person.id, Person.sort_key).where(*rules.alive(), clause).cte("fitting")
    # Without the word SQLite would look for everyone twice: once to count, once to show.
    fitting = fitting.prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(fitting).scalar_subquery()
    found = context.session.execute(
        select(fitting.c.id, total).order_by(fitting.c.sort_key, fitting.c.id).limit(limit)
    ).all()
    ids = [row[0] for row in found]
    return Matching(found[0][1] if found else 0, context.people(), tuple(people.rows(context.session, ids)))


# -- references and choices -----------------------------------------------------------------------------------------


def resolve_segment(session: Session, ref: str) -> int:
    """Which segment `ref` means: #3 or 3, a uid, else an unambiguous name (case and ё do not matter).

    Raises SegmentUnknown or SegmentAmbiguous.
    """
    ref = text.clean(ref)
    number = ref.removeprefix("#")
    living = select(Segment.id).where(Segment.archived_at.is_(None))
    if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_ID:
        known = session.execute(living.where(Segment.id == int(number))).scalar()
        if known is not None:
            return known
    known = session.execute(living.where(Segment.uid == ref)).scalar()
    if known is not None:
        return known
    folded = text.fold(ref)
    if not folded:
        raise SegmentUnknown(ref=ref)
    for condition in (
        Segment.search_name == folded,
        Segment.search_name.startswith(folded, autoescape=True),
        Segment.search_name.contains(folded, autoescape=True),
    ):
        named = session.execute(
            select(Segment.id, Segment.name).where(Segment.archived_at.is_(None), condition).order_by(Segment.id)
        ).all()
        if len(named) == 1:
            return int(named[0].id)
        if named:
            listed = "; ".join(f"#{row.id} {row.name}" for row in named[:_SHOWN_AMBIGUOUS])
            raise SegmentAmbiguous(ref=ref, segments=listed)
    raise SegmentUnknown(ref=ref)


def segment_row(session: Session, segment_id: int) -> Segment:
    """The row of a segment that was not removed, for the verbs of this area. Raises SegmentUnknown."""
    row = session.get(Segment, segment_id)
    if row is None or row.archived_at is not None:
        raise SegmentUnknown(ref=f"#{segment_id}")
    return row


def choices(session: Session, clock: Clock) -> dict[str, list[tuple[int | str, str]]]:
    """What a person may choose from in the rule builder: tags, segments, kinds of event, events, usual cities.

    Built-in kinds of event have an empty name and are worded by the page.
    """
    context = Context(session, clock)
    events = session.execute(
        select(Event.id, Event.title, Event.on).order_by(Event.starts_at.desc(), Event.id.desc()).limit(200)
    )
    tags = session.execute(select(Tag.id, Tag.name).order_by(Tag.search_name))
    return {
        "tags": [(row.id, row.name) for row in tags],
        "segments": [(one.id, one.name) for one in context.segments.values()],
        "kinds": [(one.key, one.name) for one in context.kinds.values()],
        "events": [(row.id, f"{row.title}, {i18n.day(row.on, context.today)}") for row in events],
        "cities": [
            (row.city, row.city)
            for row in session.execute(
                select(Person.city)
                .where(Person.city != "", *rules.alive())
                .group_by(Person.city)
                .order_by(func.count().desc(), Person.city)
                .limit(50)
            )
        ],
    }


def check_rule(session: Session, rule: dict[str, object], clock: Clock, segment_id: int | None = None) -> Group:
    """The tree of a rule that may be saved for `segment_id`.

    Raises InvalidRule: what means nothing, what speaks of something removed, what would be made of itself.
    """
    tree = rules.parse_rule(rule)
    context = Context(session, clock)
    if segment_id is None:
        tree.where(context)
    else:
        with context.inside(segment_id):
            tree.where(context)
    rules.sentence(context, tree)
    return tree
