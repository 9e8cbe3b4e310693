"""How people are connected: one row for two people, shown on both, each from their own side.

Who brought whom is a field of the person (`referred_by_id`), not a row here; it is shown and set among the relations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import Person, Relationship
from crm.services import people_editing
from crm.services.person_columns import LONG_LIMIT
from crm.services.person_errors import PersonUnknown
from crm.text import NameParts, display_name, initials

OTHER_SIDE: Final[Mapping[str, str]] = {
    "friend": "friend",
    "spouse": "spouse",
    "relative": "relative",
    "parent": "child",
    "child": "parent",
    "mentor": "mentee",
    "mentee": "mentor",
    "colleague": "colleague",
    "brought_by": "brought",
    "brought": "brought_by",
    "other": "other",
}
"""What the other is for this person → what this one is for the other. Kinds from elsewhere are the same both ways."""
REFERRALS: Final = frozenset(("brought_by", "brought"))
_STORED: Final = {"child": "parent", "mentee": "mentor"}
"""Sides that are kept as a row of the other person."""
_KIND_LIMIT: Final = 40
_MOST_BROUGHT: Final = 100


class RelationToSelf(CrmError):
    """A person connected with themselves."""

    code = "relation_to_self"
    message = mark("This is the same person. Choose somebody else.")


class RelationThere(CrmError):
    """The two are connected so already."""

    code = "relation_there"
    message = mark("{name} is connected so already.")


class RelationInFuture(CrmError):
    """A connection that is still to begin."""

    code = "relation_in_future"
    message = mark("{day} is still to come. Leave the day empty, or give one that has passed.")


@dataclass(frozen=True, slots=True)
class RelationLine:
    """Somebody connected with a person: `side` is what they are for that person.

    `id` is 0 where it is told by who brought whom.
    """

    id: int
    side: str
    other_id: int
    name: str
    initials: str
    gender: str
    note: str = ""
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class RelationDraft:
    """A connection as a form holds one, seen from a person: the other one is their `side`."""

    other_id: int
    side: str = "friend"
    note: str = ""
    since_on: date | None = None


_NAME: Final = (
    Person.id,
    Person.family_name,
    Person.given_name,
    Person.additional_name,
    Person.nickname,
    Person.gender,
)


def relations_of(session: Session, person_id: int) -> tuple[RelationLine, ...]:
    """Everyone connected with a person, kind by kind; who was deleted is left out."""
    rows = session.execute(
        select(
            Relationship.id,
            Relationship.person_id,
            Relationship.other_id,
            Relationship.kind,
            Relationship.note,
            Relationship.since_on,
        ).where(or_(Relationship.person_id == person_id, Relationship.other_id == person_id))
    ).all()
    brought_by = session.scalar(select(Person.referred_by_id).where(Person.id == person_id))
    brought = session.scalars(
        select(Person.id)
        .where(Person.referred_by_id == person_id, Person.deleted_at.is_(None))
        .order_by(Person.sort_key, Person.id)
        .limit(_MOST_BROUGHT)
    ).all()
    others = {row.other_id if row.person_id == person_id else row.person_id for row in rows} | set(brought)
    if brought_by is not None:
        others.add(brought_by)
    known = {
        row[0]: row for row in session.execute(select(*_NAME).where(Person.id.in_(others), Person.deleted_at.is_(None)))
    }
    lines = []
    for row in rows:
        mine = row.person_id == person_id
        other = row.other_id if mine else row.person_id
        if other in known:
            side = row.kind if mine else OTHER_SIDE.get(row.kind, row.kind)
            lines.append(_line(row.id, side, known[other], row.note, row.since_on))
    if brought_by in known:
        lines.append(_line(0, "brought_by", known[brought_by]))
    lines += [_line(0, "brought", known[one]) for one in brought]
    order = {side: place for place, side in enumerate(OTHER_SIDE)}
    return tuple(sorted(lines, key=lambda line: (order.get(line.side, len(order)), line.name.casefold(), line.id)))


def _line(relation: int, side: str, row: Any, note: str = "", since_on: date | None = None) -> RelationLine:
    """`row` is one of `_NAME`."""
    parts = NameParts(*row[1:5])
    return RelationLine(relation, side, row[0], display_name(parts), initials(parts), row[5], note, since_on)


def add_relation(session: Session, person_id: int, draft: RelationDraft, clock: Clock) -> int:
    """Connect two people; gives the row's id, 0 for who brought whom.

    Raises RelationToSelf, RelationThere, RelationInFuture, PersonUnknown, ReferralLoop, TextTooLong.
    """
    _check(session, person_id, draft, clock)
    if draft.side in REFERRALS:
        came, through = (person_id, draft.other_id) if draft.side == "brought_by" else (draft.other_id, person_id)
        if not people_editing.change_field(session, came, "referred_by_id", through, clock):
            raise RelationThere(name=_name(session, draft.other_id))
        return 0
    _refuse_double(session, person_id, draft, None)
    return int(session.execute(insert(Relationship).values(**_row(person_id, draft)).returning(Relationship.id))
               .scalar_one())  # fmt: skip


def change_relation(session: Session, relation_id: int, person_id: int, draft: RelationDraft, clock: Clock) -> None:
    """Make a connection as the draft says, seen from `person_id`. Raises what `add_relation` raises."""
    _check(session, person_id, draft, clock)
    _refuse_double(session, person_id, draft, relation_id)
    session.execute(update(Relationship).where(Relationship.id == relation_id).values(**_row(person_id, draft)))


def remove_relation(session: Session, person_id: int, line: RelationLine, clock: Clock) -> None:
    """The two are not connected so, or no longer."""
    if line.id:
        session.execute(delete(Relationship).where(Relationship.id == line.id))
    else:
        came = person_id if line.side == "brought_by" else line.other_id
        people_editing.change_field(session, came, "referred_by_id", None, clock)


def _row(person_id: int, draft: RelationDraft) -> dict[str, object]:
    kind = _STORED.get(draft.side, draft.side)
    ends = (person_id, draft.other_id) if kind == draft.side else (draft.other_id, person_id)
    return {
        "person_id": ends[0],
        "other_id": ends[1],
        "kind": text.clean(kind, _KIND_LIMIT),
        "note": text.clean(draft.note, LONG_LIMIT, multiline=True),
        "since_on": draft.since_on,
    }


def _check(session: Session, person_id: int, draft: RelationDraft, clock: Clock) -> None:
    if draft.other_id == person_id:
        raise RelationToSelf
    if draft.since_on is not None and draft.since_on > clocks.today(clock):
        raise RelationInFuture(day=i18n.date_long(draft.since_on))
    for one in (person_id, draft.other_id):
        _name(session, one)


def _name(session: Session, person_id: int) -> str:
    row = session.execute(select(*_NAME).where(Person.id == person_id, Person.deleted_at.is_(None))).first()
    if row is None:
        raise PersonUnknown(ref=f"#{person_id}")
    return display_name(NameParts(*row[1:5]))


def _refuse_double(session: Session, person_id: int, draft: RelationDraft, apart_from: int | None) -> None:
    """The same two, the same way, from whichever end it was entered."""
    row = _row(person_id, draft)
    straight = (Relationship.person_id == row["person_id"]) & (Relationship.other_id == row["other_id"])
    turned = (Relationship.person_id == row["other_id"]) & (Relationship.other_id == row["person_id"])
    same = OTHER_SIDE.get(draft.side, draft.side) == draft.side
    found = session.scalar(
        select(Relationship.id).where(
            Relationship.kind == row["kind"],
            or_(straight, turned) if same else straight,
            Relationship.id != (apart_from or 0),
        )
    )
    if found is not None:
        raise RelationThere(name=_name(session, draft.other_id))
