"""The list of people as arrays of ids: in which order, narrowed by what, found by which query.

Ordering a hundred thousand people takes the store tens of milliseconds, so whoever shows a list keeps a `PeopleMemory`
between reads and forgets it when people have changed.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import text
from crm.models import Consent, ContactPoint, CustomValue, MergedPerson, Person, PersonScore, PersonTag
from crm.services import custom_fields, list_columns
from crm.store.dialect import listed, unlisted
from crm.store.search import Found, NameWords, Order, find

NAME_TABLES: Final = frozenset(("person",))
"""A change of these tables may change the order by name."""
SCORE_TABLES: Final = frozenset((
    "person", "attendance", "response", "event", "organisation", "person_tag", "tag", "contact_point", "consent",
    "custom_value", "custom_field", "language", "skill",
))  # fmt: skip
"""A change of these may change the other orders and filters."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By what a list of people is ordered."""

    key: str = "name"
    """«name», or a column of `crm.services.list_columns`."""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """To whom a list of people is narrowed; nothing set means everybody not archived."""

    level: str = ""
    tag_id: int | None = None
    seen_within_days: int | None = None
    kind: str = ""
    organisation_id: int | None = None
    city: str = ""
    source: str = ""
    reach: str = ""
    """A kind of contact they have, or «nobody»: no way to reach them at all."""
    birth_month: int | None = None
    added_within_days: int | None = None
    without_consent: bool = False
    """Nobody asked them, or they said no, whether messages may be sent to them."""
    own: tuple[int, str] | None = None
    """A field of the manager's own, and the value stored in it."""
    within: frozenset[int] | None = None
    archived: bool = False
    deleted: bool = False
    """The trash: people who were deleted, the last first. Nothing else narrows it, and no query finds in it."""

    @property
    def narrows(self) -> bool:
        """True if any condition is set."""
        return self != PeopleFilter()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of people: the ids in order, how many there are without query and filter, and how they were found.

    A grouped list tells where each group begins (`heads`), what its value is, and how many are in it.
    """

    found: Found
    total: int
    heads: tuple[tuple[int, Any, int], ...] = ()

    @property
    def ids(self) -> array[int]:
        """The people, from first to last."""
        return self.found.ids


@dataclass(slots=True)
class PeopleMemory:
    """What a list keeps between reads. Made by whoever shows a list; `forget` it when tables have changed."""

    names: NameWords = field(default_factory=NameWords)
    orders: dict[tuple[Sort, bool], Order] = field(default_factory=dict)
    narrowed: dict[PeopleFilter, frozenset[int]] = field(default_factory=dict)
    grouped: dict[str, tuple[list[Any], dict[int, int]]] = field(default_factory=dict)
    """By column the values of groups, and of each person which of them is theirs."""

    def forget(self, tables: Iterable[str] = SCORE_TABLES) -> None:
        """Drop what a change of `tables` makes wrong."""
        touched = set(tables)
        if touched & NAME_TABLES:
            self.orders.clear()
        if touched & SCORE_TABLES:
            self.narrowed.clear()
            self.grouped.clear()
            for sort, archived in list(self.orders):
                if sort.key != "name":
                    del self.orders[sort, archived]


def list_people(
    session: Session,
    memory: PeopleMemory,
    today: date,
    *,
    query: str = "",
    only: PeopleFilter | None = None,
    sort: Sort | None = None,
    group: str = "",
) -> Listing:
    """The people found by `query` among those `only` lets through, in the order of `sort`, under groups if asked."""
    only = only or PeopleFilter()
    if only.deleted:
        ids = _deleted(session)
        return Listing(Found(ids), len(ids))
    order = ordered(session, memory, sort or Sort(), archived=only.archived)
    within = _narrowed(session, memory, only, today)
    by_rank = (sort or Sort()) == Sort() and not group
    found = find(session, query, order=order, within=within, names=memory.names, by_rank=by_rank)
    if not group:
        return Listing(found, len(order.ids))
    ids, heads = _grouped(session, memory, found.ids, group)
    return Listing(replace(found, ids=ids), len(order.ids), heads)


def ordered(session: Session, memory: PeopleMemory, sort: Sort, *, archived: bool = False) -> Order:
    """All people in the order of `sort`; equal ones by name. Archived ones instead of the rest if asked."""
    known = memory.orders.get((sort, archived))
    if known is None:
        known = _by_name(session, archived=archived) if sort == Sort() else _sorted(session, memory, sort, archived)
        memory.orders[sort, archived] = known
    return known


def level_counts(session: Session) -> dict[str, int]:
    """How many people stand on each level; those who never came have level «none»."""
    level = func.coalesce(PersonScore.level, "none")
    rows = session.execute(
        select(level, func.count())
        .select_from(Person)
        .outerjoin(PersonScore, PersonScore.person_id == Person.id)
        .where(Person.deleted_at.is_(None), Person.archived_at.is_(None))
        .group_by(level)
    )
    return {row[0]: row[1] for row in rows}


def _grouped(
    session: Session, memory: PeopleMemory, ids: array[int], group: str
) -> tuple[array[int], tuple[tuple[int, Any, int], ...]]:
    """`ids` by the values of a column, each group in the order it had; who has no value comes last."""
    if group not in memory.grouped:
        memory.grouped[group] = _group_of_everybody(session, group)
    values, value_of = memory.grouped[group]
    parts = [array("q") for _ in range(len(values) + 1)]
    for person in ids:
        parts[value_of.get(person, len(values))].append(person)
    arranged, heads = array("q"), []
    for value, part in zip((*values, None), parts, strict=True):
        if part:
            heads.append((len(arranged), value, len(part)))
            arranged.extend(part)
    return arranged, tuple(heads)


def _group_of_everybody(session: Session, group: str) -> tuple[list[Any], dict[int, int]]:
    value_of: dict[int, int] = {}
    values: list[Any] = []
    for value, people in list_columns.groups_of(session, group, custom_fields.fields(session)):
        # Days of birth stand under their month.
        shown = (value[0], 0) if group == "birthday" else value
        if not values or values[-1] != shown:
            values.append(shown)
        for person in people:
            value_of[person] = len(values) - 1
    return values, value_of


def _deleted(session: Session) -> array[int]:
    """Who is in the trash; whoever became somebody else by a merge is not."""
    merged = select(MergedPerson.old_id)
    wanted = select(Person.id).where(Person.deleted_at.is_not(None), Person.id.not_in(merged))
    return array("q", session.scalars(wanted.order_by(Person.deleted_at.desc(), Person.sort_key, Person.id)))


def _by_name(session: Session, *, archived: bool) -> Order:
    # The index alone gives the order; whoever is away is few and taken out here: asking for each row costs four times.
    everyone = select(Person.id).order_by(Person.sort_key, Person.id).subquery()
    ids = unlisted(session.execute(select(listed(everyone.c.id))).scalar())
    away = select(Person.id).where(Person.deleted_at.is_not(None) | Person.archived_at.is_not(None))
    gone = set(session.scalars(away))
    if archived:
        put_away = set(session.scalars(select(Person.id).where(Person.deleted_at.is_(None), Person.id.in_(away))))
        return Order.of(array("q", (one for one in ids if one in put_away)))
    return Order.of(array("q", (one for one in ids if one not in gone)) if gone else ids)


def _sorted(session: Session, memory: PeopleMemory, sort: Sort, archived: bool) -> Order:
    by_name = ordered(session, memory, Sort(), archived=archived)
    if sort.key == "name":
        return Order.of(by_name.ids[::-1])
    groups = _groups(session, sort)
    ids = array("q")
    for group in groups:
        ids.extend(by_name.arrange(group))
    rest = set(by_name.ids).difference(ids) if len(ids) < len(by_name.ids) else set()
    # Whoever has no value stands last in either direction.
    ids.extend(by_name.arrange(rest))
    return Order.of(ids)


def _groups(session: Session, sort: Sort) -> list[array[int]]:
    found = list_columns.groups_of(session, sort.key, custom_fields.fields(session))
    return [ids for _, ids in (reversed(found) if sort.descending else found)]


def _narrowed(session: Session, memory: PeopleMemory, only: PeopleFilter, today: date) -> Collection[int] | None:
    if only in {PeopleFilter(), PeopleFilter(archived=True)}:
        return None
    known = memory.narrowed.get(only)
    if known is None:
        sets = list(_conditions(session, memory, only, today))
        known = memory.narrowed[only] = frozenset(set(sets[0]).intersection(*sets[1:]))
    return known


def _conditions(session: Session, memory: PeopleMemory, only: PeopleFilter, today: date) -> Iterable[Collection[int]]:
    if only.within is not None:
        yield only.within
    if only.level == "none":
        came = select(listed(PersonScore.person_id)).where(PersonScore.level != "none")
        order = ordered(session, memory, Sort(), archived=only.archived)
        yield set(order.ids).difference(unlisted(session.execute(came).scalar()))
    elif only.level:
        yield unlisted(
            session.execute(select(listed(PersonScore.person_id)).where(PersonScore.level == only.level)).scalar()
        )
    if only.tag_id is not None:
        yield unlisted(
            session.execute(select(listed(PersonTag.person_id)).where(PersonTag.tag_id == only.tag_id)).scalar()
        )
    if only.seen_within_days is not None:
        # N days are today and the N − 1 before it (reference segments, rule 2).
        since = today - timedelta(days=only.seen_within_days - 1)
        yield unlisted(
            session.execute(
                select(listed(PersonScore.person_id)).where(PersonScore.last_visit_on.between(since, today))
            ).scalar()
        )
    if only.kind:
        yield unlisted(session.execute(select(listed(Person.id)).where(Person.kind == only.kind)).scalar())
    yield from _more_conditions(session, memory, only, today)
    if only.organisation_id is not None:
        yield unlisted(
            session.execute(select(listed(Person.id)).where(Person.organisation_id == only.organisation_id)).scalar()
        )


def _more_conditions(
    session: Session, memory: PeopleMemory, only: PeopleFilter, today: date
) -> Iterable[Collection[int]]:
    """Conditions that are seldom set, each as the people it lets through."""

    def those(*conditions: Any) -> Collection[int]:
        return unlisted(session.execute(select(listed(Person.id)).where(*conditions)).scalar())

    if only.city:
        yield those(Person.search_city == text.fold(only.city))
    if only.source:
        yield those(Person.source == only.source)
    if only.birth_month is not None:
        yield those(Person.birth_month == only.birth_month)
    if only.added_within_days is not None:
        since = today - timedelta(days=only.added_within_days - 1)
        yield those(Person.created_at >= clocks.day_start(since))
    if only.reach == "nobody":
        yield those(~exists().where(ContactPoint.person_id == Person.id))
    elif only.reach:
        points = select(listed(ContactPoint.person_id)).where(ContactPoint.kind == only.reach)
        yield unlisted(session.execute(points).scalar())
    if only.without_consent:
        order = ordered(session, memory, Sort(), archived=only.archived)
        yield set(order.ids).difference(_consenting(session))
    if only.own is not None:
        values = CustomValue.__table__.c
        held = select(listed(values.person_id)).where(values.field_id == only.own[0], values.value == only.own[1])
        yield unlisted(session.execute(held).scalar())


def _consenting(session: Session) -> set[int]:
    """Those whose last word on messages, in any channel, is yes."""
    last: dict[tuple[int, str], str] = {}
    corrected = set(session.scalars(select(Consent.corrects_id).where(Consent.corrects_id.is_not(None))))
    for consent_id, person, channel, status in session.execute(
        select(Consent.id, Consent.person_id, Consent.channel, Consent.status)
        .where(Consent.purpose == "messages", Consent.status != "entered_by_mistake")
        .order_by(Consent.id)
    ):
        if consent_id not in corrected:
            last[person, channel] = status
    return {person for (person, _), status in last.items() if status == "given"}
