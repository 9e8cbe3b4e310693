"""The list of people as arrays of ids: in which order, narrowed by what, found by which query.

Ordering a hundred thousand people takes the store tens of milliseconds, so whoever shows a list keeps a `PeopleMemory`
between reads and forgets it when people have changed.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.models import Organisation, Person, PersonScore, PersonTag
from crm.store.dialect import listed, unlisted
from crm.store.search import Found, NameWords, Order, find

SortKey = Literal["name", "organisation", "level", "visit", "events"]
LEVEL_ORDER: Final = ("core", "active", "member", "new", "fading", "none")
"""The ladder from its top, as a list sorted by level shows it."""

NAME_TABLES: Final = frozenset(("person",))
"""A change of these tables may change the order by name."""
SCORE_TABLES: Final = frozenset(("person", "attendance", "response", "event", "organisation", "person_tag", "tag"))
"""A change of these may change the other orders and filters."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By what a list of people is ordered."""

    key: SortKey = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """To whom a list of people is narrowed; nothing set means everybody not archived."""

    level: str = ""
    tag_id: int | None = None
    seen_within_days: int | None = None
    kind: str = ""
    organisation_id: int | None = None
    within: frozenset[int] | None = None
    archived: bool = False

    @property
    def narrows(self) -> bool:
        """True if any condition is set."""
        return self != PeopleFilter()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of people: the ids in order, how many there are without query and filter, and how they were found."""

    found: Found
    total: int

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

    def forget(self, tables: Iterable[str] = SCORE_TABLES) -> None:
        """Drop what a change of `tables` makes wrong."""
        touched = set(tables)
        if touched & NAME_TABLES:
            self.orders.clear()
        if touched & SCORE_TABLES:
            self.narrowed.clear()
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
) -> Listing:
    """The people found by `query` among those `only` lets through, in the order of `sort`."""
    only = only or PeopleFilter()
    order = ordered(session, memory, sort or Sort(), archived=only.archived)
    within = _narrowed(session, memory, only, today)
    by_rank = (sort or Sort()) == Sort()
    found = find(session, query, order=order, within=within, names=memory.names, by_rank=by_rank)
    return Listing(found, len(order.ids))


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
    if sort.key == "organisation":
        return _by_organisation(session, sort)
    columns: dict[str, Any] = {
        "visit": PersonScore.last_visit_on,
        "events": PersonScore.attended,
        "level": PersonScore.level,
    }
    column = columns[sort.key]
    rows = session.execute(
        select(column, listed(PersonScore.person_id)).where(column.is_not(None)).group_by(column)
    ).all()
    found: dict[Any, array[int]] = {value: unlisted(ids) for value, ids in rows if value not in {0, "none"}}
    values = [level for level in LEVEL_ORDER if level in found] if sort.key == "level" else sorted(found)
    # The ladder begins at its top; days and numbers at their smallest.
    return [found[value] for value in (reversed(values) if sort.descending else values)]


def _by_organisation(session: Session, sort: Sort) -> list[array[int]]:
    rows = session.execute(
        select(Organisation.sort_key, listed(Person.id))
        .join(Person, Person.organisation_id == Organisation.id)
        .group_by(Organisation.id)
        .order_by(Organisation.sort_key.desc() if sort.descending else Organisation.sort_key)
    )
    return [unlisted(ids) for _, ids in rows]


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
    if only.organisation_id is not None:
        yield unlisted(
            session.execute(select(listed(Person.id)).where(Person.organisation_id == only.organisation_id)).scalar()
        )
