"""Two people who are one become one: every row of the other goes to the survivor, in one deed that can be undone.

What may stand side by side does (contacts, tags, notes, feedback, conversations). Where there can be one only, the
fuller is kept: of two rows at one event the one who came, of two wishes not to be reached the longer. Consents stay
with whoever gave them and are read through the survivor, the stricter answer first (`consents`). The other person
stays as a deleted row: their uid and number lead to the survivor, so that a file imported again finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import MergedPerson, Person, metadata
from crm.services.cards import PersonCard
from crm.services.people_editing import change_fields
from crm.services.person_cards import card
from crm.services.person_columns import LONG_LIMIT
from crm.services.person_errors import PersonUnknown

FIELDS: Final = (
    "family_name", "given_name", "additional_name", "nickname", "prefix", "suffix", "address_as", "address_form",
    "gender", "kind", "preferred_channel", "organisation", "job_title", "city", "birthday", "joined_on", "source",
)  # fmt: skip
"""Fields of which a person has one: for each somebody chooses whose stays."""
_NOTHING: Final[dict[str, Any]] = {"address_form": "unknown", "gender": "unknown", "kind": "member"}
_NOTES: Final = ("note", "care_note")
_FULLER: Final = (
    "attended", "walk_in", "registered", "no_show", "pending", "waitlisted", "invited", "cancelled", "rejected",
    "transferred",
)  # fmt: skip
"""Of two rows at one event the status that stands earlier here is kept."""
_ROLES: Final = ("organiser", "speaker", "mentor", "volunteer", "guest")


class MergeOfOne(CrmError):
    """Nobody to merge with."""

    code = "merge_of_one"
    message = mark("Choose two different people to make one of them.")


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of which people say different things: whose is suggested, and why (filled, newer, fuller, same)."""

    field: str
    values: tuple[Any, ...]
    """Of each person in the order given; empty ones are «»."""
    suggested: int
    """Whose, as a place in `values`."""
    why: str


def field_choices(people: Sequence[PersonCard]) -> tuple[FieldChoice, ...]:
    """The fields in which these people differ, the survivor first, with a suggestion for each.

    A filled value stands before an empty one, a fuller spelling (Александр) before a shorter (Саша), then that of
    whoever was changed last.
    """
    found = []
    for name in FIELDS:
        values = tuple(_value(person, name) for person in people)
        told = {_plain(value) for value in values if value != ""}
        if len(told) == 0 or (len(told) == 1 and "" not in values):
            continue
        place, why = _suggested(name, people, values)
        found.append(FieldChoice(name, values, place, why))
    return tuple(found)


def merge_people(
    session: Session, survivor_id: int, other_ids: Collection[int], chosen: Mapping[str, int], clock: Clock
) -> None:
    """Make one of these people: `survivor_id` stays, `chosen` says of fields of `FIELDS` whose value stays (an id).

    Fields nobody chose are as `field_choices` suggests. Raises MergeOfOne, PersonUnknown.
    """
    others = [one for one in dict.fromkeys(other_ids) if one != survivor_id]
    if not others:
        raise MergeOfOne
    cards = [card(session, person_id) for person_id in (survivor_id, *others)]
    changes = _changes(cards, chosen)
    for other in cards[1:]:
        _move(session, survivor_id, other, clock)
    if changes:
        change_fields(session, survivor_id, changes, clock)


def _changes(cards: Sequence[PersonCard], chosen: Mapping[str, int]) -> dict[str, Any]:
    by_id = {one.id: one for one in cards}
    survivor = cards[0]
    changes: dict[str, Any] = {}
    for choice in field_choices(cards):
        owner = by_id.get(chosen.get(choice.field, 0), cards[choice.suggested])
        value = _raw(owner, choice.field)
        if value != _raw(survivor, choice.field):
            changes[choice.field] = value
    for name in _NOTES:
        parts: list[str] = []
        for one in cards:
            said = getattr(one, name).strip()
            if said and said not in parts:
                parts.append(said)
        joined = "\n\n".join(parts)
        if len(joined) <= LONG_LIMIT and joined != getattr(survivor, name).strip():
            changes[name] = joined
    return changes


def _value(person: PersonCard, name: str) -> Any:
    """A field as it is compared: «» where it says nothing."""
    value = _raw(person, name)
    return "" if value is None or value == _NOTHING.get(name, "") else value


def _raw(person: PersonCard, name: str) -> Any:
    return getattr(person, name)


def _plain(value: Any) -> Any:
    return text.fold(value) if isinstance(value, str) else value


def _suggested(name: str, people: Sequence[PersonCard], values: Sequence[Any]) -> tuple[int, str]:
    filled = [place for place, value in enumerate(values) if value != ""]
    if len(filled) == 1:
        return filled[0], "filled"
    if name == "birthday":
        whole = [place for place in filled if values[place].year is not None]
        if whole and len(whole) < len(filled):
            return whole[0], "fuller"
    if name in {"family_name", "given_name", "additional_name"}:
        written = [place for place in filled if not str(values[place]).isascii()]
        pool = written if written and len(written) < len(filled) else filled
        longest = max(pool, key=lambda place: (len(str(values[place])), -place))
        if pool is not filled or len(str(values[longest])) > min(len(str(values[place])) for place in filled):
            return longest, "fuller"
    newest = max(filled, key=lambda place: (_changed(people[place]), -place))
    return newest, "newer"


def _changed(person: PersonCard) -> float:
    return person.changed_at.timestamp() if person.changed_at is not None else 0.0


# -- rows ---------------------------------------------------------------------------------------------------------

Rule = Callable[[Session, int, int], None]


def _move(session: Session, survivor: int, other: PersonCard, clock: Clock) -> None:
    for rule in RULES.values():
        rule(session, survivor, other.id)
    _references(session, survivor, other.id)
    now = clock()
    session.execute(update(MergedPerson).where(MergedPerson.person_id == other.id).values(person_id=survivor))
    session.execute(insert(MergedPerson).values(old_uid=other.uid, old_id=other.id, person_id=survivor, merged_at=now))
    gone = update(Person).where(Person.id == other.id, Person.deleted_at.is_(None))
    if session.execute(gone.values(deleted_at=now, changed_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        raise PersonUnknown(ref=f"#{other.id}")


def _references(session: Session, survivor: int, other: int) -> None:
    """Who was brought by the other was brought by the survivor; nobody brought themselves."""
    people = Person.__table__.c
    session.execute(
        update(Person)
        .where(people.referred_by_id == other, people.id.not_in((survivor, other)))
        .values(referred_by_id=survivor)
    )
    session.execute(
        update(Person).where(people.referred_by_id == other, people.id == survivor).values(referred_by_id=None)
    )
    before = session.execute(
        select(people.referred_by_id).where(people.id == other, people.referred_by_id.is_not(None))
    ).scalar()
    mine = session.execute(select(people.referred_by_id).where(people.id == survivor)).scalar()
    if before is not None and mine is None and before != survivor and not _leads_to(session, before, survivor):
        session.execute(update(Person).where(people.id == survivor).values(referred_by_id=before))


def _leads_to(session: Session, start: int, end: int) -> bool:
    people, seen = Person.__table__.c, set()
    at: int | None = start
    while at is not None and at not in seen:
        if at == end:
            return True
        seen.add(at)
        at = session.execute(select(people.referred_by_id).where(people.id == at)).scalar()
    return False


def _table(name: str) -> Table:
    return metadata.tables[name]


def _repoint(name: str, column: str = "person_id") -> Rule:
    """Rows that stand beside each other: all of them become the survivor's."""

    def rule(session: Session, survivor: int, other: int) -> None:
        table = _table(name)
        session.execute(update(table).where(table.c[column] == other).values({column: survivor}))

    return rule


def _unless_there(name: str, *same: str) -> Rule:
    """Rows of which a person has one for each `same`: the survivor's stays, others become the survivor's."""

    def rule(session: Session, survivor: int, other: int) -> None:
        table = _table(name)
        mine = _keyed(session, table, survivor, same)
        for row in _rows(session, table, other):
            key = tuple(row[column] for column in same)
            if key in mine:
                session.execute(delete(table).where(table.c.id == row["id"]))
            else:
                session.execute(update(table).where(table.c.id == row["id"]).values(person_id=survivor))
                mine[key] = row

    return rule


def _rows(session: Session, table: Table, person: int) -> list[dict[str, Any]]:
    found = session.execute(select(table).where(table.c.person_id == person).order_by(table.c.id))
    return [dict(row) for row in found.mappings()]


def _keyed(session: Session, table: Table, person: int, same: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[column] for column in same): row for row in _rows(session, table, person)}


def _contacts(session: Session, survivor: int, other: int) -> None:
    """After the survivor's own; the preferred one of a kind stays the survivor's."""
    table = _table("contact_point")
    mine = _rows(session, table, survivor)
    known = {(row["kind"], row["value"]) for row in mine}
    preferred = {row["kind"] for row in mine if row["preferred"]}
    place = max((row["position"] for row in mine), default=-1)
    for row in _rows(session, table, other):
        if (row["kind"], row["value"]) in known:
            session.execute(delete(table).where(table.c.id == row["id"]))
            continue
        place += 1
        changed = {
            "person_id": survivor,
            "position": place,
            "preferred": row["preferred"] and row["kind"] not in preferred,
        }
        session.execute(update(table).where(table.c.id == row["id"]).values(changed))
        if changed["preferred"]:
            preferred.add(row["kind"])


def _acts(session: Session, survivor: int, other: int) -> None:
    """Acts of one month are counted together."""
    table, same = _table("act"), ("kind", "month", "source")
    mine = _keyed(session, table, survivor, same)
    for row in _rows(session, table, other):
        there = mine.get(tuple(row[column] for column in same))
        if there is None:
            session.execute(update(table).where(table.c.id == row["id"]).values(person_id=survivor))
            continue
        session.execute(update(table).where(table.c.id == there["id"]).values(count=there["count"] + row["count"]))
        session.execute(delete(table).where(table.c.id == row["id"]))


def _wishes(session: Session, survivor: int, other: int) -> None:
    """Of two wishes not to be reached in a channel the longer stands."""
    table = _table("do_not_contact")
    mine = _keyed(session, table, survivor, ("channel",))
    for row in _rows(session, table, other):
        there = mine.get((row["channel"],))
        if there is None:
            session.execute(update(table).where(table.c.id == row["id"]).values(person_id=survivor))
            continue
        until: date | None = None
        if there["until_on"] is not None and row["until_on"] is not None:
            until = max(there["until_on"], row["until_on"])
        reasons = [there["reason"], row["reason"] if row["reason"] not in there["reason"] else ""]
        values = {
            "until_on": until,
            "since_on": min(there["since_on"], row["since_on"]),
            "reason": "\n".join(filter(None, reasons)),
        }
        session.execute(update(table).where(table.c.id == there["id"]).values(values))
        session.execute(delete(table).where(table.c.id == row["id"]))


def _attendances(session: Session, survivor: int, other: int) -> None:
    """At an event where both were listed one row stays, with all that either says."""
    table = _table("attendance")
    mine = _keyed(session, table, survivor, ("event_id",))
    for row in _rows(session, table, other):
        there = mine.get((row["event_id"],))
        if there is None:
            session.execute(update(table).where(table.c.id == row["id"]).values(person_id=survivor))
            continue
        _follow_attendance(session, row["id"], there["id"])
        session.execute(delete(table).where(table.c.id == row["id"]))
        session.execute(update(table).where(table.c.id == there["id"]).values(_one_attendance(there, row)))
    for column in ("guest_of_id", "transferred_to_id"):
        mine_too = table.c.person_id == survivor
        session.execute(update(table).where(table.c[column] == other, mine_too).values({column: None}))
        session.execute(update(table).where(table.c[column] == other).values({column: survivor}))
        session.execute(update(table).where(table.c[column] == survivor, mine_too).values({column: None}))


def _one_attendance(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    fuller = min(one, other, key=lambda row: _FULLER.index(row["status"]))
    values: dict[str, Any] = {
        "status": fuller["status"],
        "role": min(one["role"], other["role"], key=_ROLES.index),
        "guest_count": max(one["guest_count"], other["guest_count"]),
        "ticket_code": fuller["ticket_code"] or one["ticket_code"] or other["ticket_code"],
        "minutes": max((row["minutes"] for row in (one, other) if row["minutes"] is not None), default=None),
        "over_capacity": fuller["over_capacity"],
        "entered_later": fuller["entered_later"],
    }
    for column in ("invited_at", "registered_at", "first_in_at"):
        values[column] = min((row[column] for row in (one, other) if row[column] is not None), default=None)
    values["cancelled_at"] = fuller["cancelled_at"]
    for column in ("external_key", "source"):
        values[column] = one[column] or other[column]
    notes = [row["desk_note"] for row in (one, other) if row["desk_note"]]
    lost = {row["ticket_code"] for row in (one, other)} - {None, values["ticket_code"]}
    # A second ticket can no longer be scanned; whoever stands at the desk can still read it.
    values["desk_note"] = "\n".join(dict.fromkeys((*notes, *(f"№ {code}" for code in sorted(lost)))))
    return values


def _follow_attendance(session: Session, gone: int, stays: int) -> None:
    answers, scans = _table("attendance_answer"), _table("scan")
    answered = set(session.scalars(select(answers.c.question_id).where(answers.c.attendance_id == stays)))
    session.execute(
        update(answers)
        .where(answers.c.attendance_id == gone, answers.c.question_id.not_in(answered))
        .values(attendance_id=stays)
    )
    session.execute(update(scans).where(scans.c.attendance_id == gone).values(attendance_id=stays))


def _relations(session: Session, survivor: int, other: int) -> None:
    """Nobody is related to themselves, nor twice in one way."""
    table = _table("relationship")
    c = table.c
    session.execute(delete(table).where(c.person_id.in_((survivor, other)), c.other_id.in_((survivor, other))))
    for mine, theirs in (("person_id", "other_id"), ("other_id", "person_id")):
        there = session.execute(select(c[theirs], c.kind).where(c[mine] == survivor))
        known = {(row[0], row[1]) for row in there}
        for row_id, end, kind in session.execute(select(c.id, c[theirs], c.kind).where(c[mine] == other)).all():
            if (end, kind) in known:
                session.execute(delete(table).where(c.id == row_id))
            else:
                session.execute(update(table).where(c.id == row_id).values({mine: survivor}))
                known.add((end, kind))


def _pairs(name: str) -> Rule:
    """What was said of the other and a third is said of the survivor; of the two themselves nothing more is."""

    def rule(session: Session, survivor: int, other: int) -> None:
        table = _table(name)
        c = table.c
        rows = session.execute(select(table).where((c.person_id == other) | (c.other_id == other))).mappings().all()
        for row in rows:
            third = row["other_id"] if row["person_id"] == other else row["person_id"]
            low, high = min(survivor, third), max(survivor, third)
            there = session.execute(select(c.id).where(c.person_id == low, c.other_id == high)).first()
            if third == survivor or there is not None:
                session.execute(delete(table).where(c.id == row["id"]))
            else:
                session.execute(update(table).where(c.id == row["id"]).values(person_id=low, other_id=high))

    return rule


def _attachments(session: Session, survivor: int, other: int) -> None:
    """Files go over; of two photos the survivor's stays the first, the other's is kept as a file."""
    table = _table("attachment")
    c = table.c
    has_photo = session.execute(
        select(func.count()).where(c.owner_table == "person", c.owner_id == survivor, c.purpose == "photo")
    ).scalar()
    owned = (c.owner_table == "person") & (c.owner_id == other)
    if has_photo:
        session.execute(
            update(table)
            .where(owned, c.purpose == "photo")
            .values(purpose="file", owner_id=survivor, person_id=survivor)
        )
    session.execute(update(table).where(owned).values(owner_id=survivor))
    session.execute(update(table).where(c.person_id == other).values(person_id=survivor))


def _stays(session: Session, survivor: int, other: int) -> None:
    """Rows that stay with whoever they were written for."""


RULES: Final[dict[str, Rule]] = {
    "contact_point": _contacts,
    "person_tag": _unless_there("person_tag", "tag_id"),
    "language": _unless_there("language", "search_name"),
    "skill": _unless_there("skill", "search_name"),
    "motive": _unless_there("motive", "search_name"),
    "need_offer": _unless_there("need_offer", "direction", "search_text", "closed_on"),
    "custom_value": _unless_there("custom_value", "field_id"),
    "address": _unless_there("address", "street", "city", "region", "postcode", "country"),
    "extra_property": _unless_there("extra_property", "name", "parameters", "value"),
    "segment_member": _unless_there("segment_member", "segment_id"),
    "interaction_person": _unless_there("interaction_person", "interaction_id"),
    "message_recipient": _unless_there("message_recipient", "message_id"),
    "vote": _unless_there("vote", "item_id"),
    "cadence": _unless_there("cadence", "segment_id"),
    "act": _acts,
    "do_not_contact": _wishes,
    "attendance": _attendances,
    "relationship": _relations,
    "possible_duplicate": _pairs("possible_duplicate"),
    "not_duplicate": _pairs("not_duplicate"),
    "attachment": _attachments,
    "talk": _repoint("talk"),
    "response": _repoint("response"),
    "feedback_item": _repoint("feedback_item"),
    "task": _repoint("task"),
    "consent": _stays,
}
"""What becomes of the rows of the other, by table; a test fails on a table of facts about people that is not here."""
BY_HAND: Final = frozenset(("person", "merged_person"))
"""Tables of facts that `_move` itself writes."""
