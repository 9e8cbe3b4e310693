"""Changing segments. Every verb here runs inside a deed, so that one Ctrl+Z takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, text
from crm.clock import Clock
from crm.models import Segment, SegmentMember
from crm.services import rules
from crm.services.rules import Match
from crm.services.segment_rows import SegmentFrozen, SegmentNameless, SegmentNameTaken, SegmentUnknown
from crm.services.segments import check_rule, members, segment_row

NAME_LIMIT: Final = 200
DESCRIPTION_LIMIT: Final = 2_000

ByHand = Literal["include", "exclude"]


def add_segment(
    session: Session,
    name: str,
    rule: dict[str, object],
    clock: Clock,
    *,
    description: str = "",
    glyph: str = "member",
    starter: str = "",
    pinned: bool = False,
) -> int:
    """A new live segment. Raises SegmentNameless, SegmentNameTaken, InvalidRule; gives its id."""
    tree = check_rule(session, rule, clock)
    return _insert(
        session,
        clock,
        name,
        rule=rules.dump_rule(tree),
        description=text.clean(description, DESCRIPTION_LIMIT, multiline=True),
        glyph=glyph,
        starter=starter,
        pinned=pinned,
    )


def add_starter(session: Session, key: str, clock: Clock, *, pinned: bool = False) -> int:
    """Make a ready segment one's own, under a name that is free. Raises SegmentUnknown; gives its id."""
    starter = rules.starter(key)
    if starter is None:
        raise SegmentUnknown(ref=key)
    return add_segment(
        session,
        free_name(session, i18n.text(starter.name)),
        starter.rule,
        clock,
        description=i18n.text(starter.purpose),
        glyph=starter.glyph,
        starter=starter.key,
        pinned=pinned,
    )


def rename_segment(session: Session, segment_id: int, name: str) -> None:
    """Raises SegmentUnknown, SegmentNameless, SegmentNameTaken."""
    row = segment_row(session, segment_id)
    row.name, row.search_name = _names(session, name, besides=segment_id)


def describe_segment(session: Session, segment_id: int, description: str) -> None:
    """Change what a segment is for. Raises SegmentUnknown."""
    segment_row(session, segment_id).description = text.clean(description, DESCRIPTION_LIMIT, multiline=True)


def change_rule(session: Session, segment_id: int, rule: dict[str, object], clock: Clock) -> None:
    """Raises SegmentUnknown, SegmentFrozen, InvalidRule."""
    row = segment_row(session, segment_id)
    if row.kind == "frozen":
        raise SegmentFrozen(name=row.name)
    dumped = rules.dump_rule(check_rule(session, rule, clock, segment_id))
    if dumped != row.rule:
        row.rule = dumped
        row.changed_at = clock()


def pin_segment(session: Session, segment_id: int, *, pinned: bool) -> None:
    """Show a segment in the navigation, or no longer. Raises SegmentUnknown."""
    segment_row(session, segment_id).pinned = pinned


def duplicate_segment(session: Session, segment_id: int, clock: Clock) -> int:
    """A copy with everything decided by hand, under a free name. Raises SegmentUnknown; gives its id."""
    row = segment_row(session, segment_id)
    copied = _insert(
        session,
        clock,
        free_name(session, row.name),
        kind=row.kind,
        rule=dict(row.rule),
        description=row.description,
        glyph=row.glyph,
        frozen_at=row.frozen_at,
    )
    _copy_members(session, segment_id, copied)
    return copied


def freeze_segment(session: Session, segment_id: int, clock: Clock, name: str = "") -> int:
    """A frozen list of everyone who is in a segment now. Raises SegmentUnknown, InvalidRule; gives the list's id.

    Without `name` it is called after the segment and the day.
    """
    row = segment_row(session, segment_id)
    now = clock()
    if not name:
        day = i18n.day(clocks.today(clock))
        name = free_name(session, i18n.text("{name}, {day}", name=row.name[: NAME_LIMIT - 40], day=day))
    inside = members(session, segment_id, clock)
    frozen = _insert(session, clock, name, kind="frozen", glyph=row.glyph, frozen_at=now)
    _put(session, frozen, inside, "frozen", clock)
    return frozen


def freeze_people(session: Session, name: str, person_ids: Sequence[int], clock: Clock) -> int:
    """A frozen list of these people. Raises SegmentNameless, SegmentNameTaken; gives the list's id."""
    frozen = _insert(session, clock, name, kind="frozen", frozen_at=clock())
    _put(session, frozen, list(dict.fromkeys(person_ids)), "frozen", clock)
    return frozen


def decide_by_hand(session: Session, segment_id: int, person_id: int, decision: ByHand | None, clock: Clock) -> None:
    """Put a person in, keep them out, or leave it to the rule (None); what is decided by hand beats the rule.

    A frozen list simply gains or loses the person. Raises SegmentUnknown.
    """
    row = segment_row(session, segment_id)
    session.execute(
        delete(SegmentMember).where(SegmentMember.segment_id == segment_id, SegmentMember.person_id == person_id)
    )
    state = {"include": "frozen", "exclude": None}[decision or "exclude"] if row.kind == "frozen" else decision
    if state is not None:
        _put(session, segment_id, [person_id], state, clock)


def leave_to_the_rule(session: Session, segment_id: int) -> int:
    """Take back everything decided by hand in a live segment; gives how many people that was. Raises SegmentUnknown."""
    segment_row(session, segment_id)
    decided = session.scalars(
        select(SegmentMember.id).where(SegmentMember.segment_id == segment_id, SegmentMember.state != "frozen")
    ).all()
    session.execute(
        delete(SegmentMember).where(SegmentMember.segment_id == segment_id, SegmentMember.state != "frozen")
    )
    return len(decided)


def order_segments(session: Session, ids: Sequence[int]) -> None:
    """Put the segments in this order."""
    for position, segment_id in enumerate(ids):
        session.execute(update(Segment).where(Segment.id == segment_id).values(position=position))


def remove_segment(session: Session, segment_id: int, clock: Clock) -> None:
    """Take a segment away; what it recorded of its past stays for an undo. Raises SegmentUnknown.

    A segment whose rule speaks of it becomes broken and says so.
    """
    row = segment_row(session, segment_id)
    row.archived_at = clock()
    row.pinned = False


def free_name(session: Session, name: str) -> str:
    """`name`, or with the first number that makes it free: «Регулярные 2»."""
    taken = set(session.scalars(select(Segment.search_name).where(Segment.archived_at.is_(None))))
    if text.fold(name) not in taken:
        return name
    base = name[: NAME_LIMIT - 8]
    return next(
        numbered for number in range(2, len(taken) + 3) if text.fold(numbered := f"{base} {number}") not in taken
    )


def empty_rule(match: Match = "all") -> dict[str, object]:
    """The rule that fits everyone."""
    return {"version": 1, "match": match, "rules": []}


def _names(session: Session, name: str, besides: int | None = None) -> tuple[str, str]:
    cleaned = text.clean(name, NAME_LIMIT)
    folded = text.fold(cleaned)[:NAME_LIMIT]
    if not folded:
        raise SegmentNameless
    taken = select(Segment.id).where(Segment.search_name == folded, Segment.archived_at.is_(None))
    if besides is not None:
        taken = taken.where(Segment.id != besides)
    if session.execute(taken).first():
        raise SegmentNameTaken(name=cleaned)
    return cleaned, folded


def _insert(session: Session, clock: Clock, name: str, **fields: object) -> int:
    shown, folded = _names(session, name)
    now = clock()
    last = session.execute(select(func.max(Segment.position))).scalar()
    row = Segment(
        name=shown,
        search_name=folded,
        position=0 if last is None else last + 1,
        created_at=now,
        changed_at=now,
        **fields,
    )
    session.add(row)
    session.flush()
    return row.id


def _put(session: Session, segment_id: int, person_ids: Sequence[int], state: str, clock: Clock) -> None:
    if person_ids:
        now = clock()
        session.execute(
            insert(SegmentMember),
            [
                {"segment_id": segment_id, "person_id": person_id, "state": state, "added_at": now}
                for person_id in person_ids
            ],
        )


def _copy_members(session: Session, source: int, target: int) -> None:
    columns = (SegmentMember.person_id, SegmentMember.state, SegmentMember.added_at)
    rows = session.execute(select(*columns).where(SegmentMember.segment_id == source)).all()
    if rows:
        session.execute(insert(SegmentMember), [{"segment_id": target, **row._asdict()} for row in rows])
