"""Organisations as a list shows them: who belongs there, who comes, when somebody was last seen or spoken to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import text
from crm.models import Interaction, InteractionPerson, Organisation, Person, PersonScore
from crm.services.figures.community import percent
from crm.services.organisation_errors import OrganisationUnknown
from crm.store.dialect import among

ATTENDED_WITHIN: Final = 180
"""Days in which a visit counts for the share who came."""
QUIET_VISITS: Final = 3
QUIET_DAYS: Final = 90
_CHAMPIONS: Final = 2
_MOST_CHAMPIONS: Final = 3
_CHAMPION_LEVELS: Final = ("core", "active")

SortKey = Literal["name", "city", "people", "champions", "contact", "attendance"]
Which = Literal["all", "quiet", "empty", "archived"]


@dataclass(frozen=True, slots=True)
class Champion:
    """One of those who do most for the community in their organisation."""

    id: int
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in the list. People in the archive and the trash are not counted."""

    id: int
    name: str
    city: str
    people: int
    came: int
    """How many of its people came to something within `ATTENDED_WITHIN` days."""
    visits: int
    """Visits of all its people, ever."""
    champions: tuple[Champion, ...]
    last_contact: date | None
    """The newest day on which one of its people came or was spoken to."""
    quiet: bool
    archived: bool
    sort_key: str = ""
    words: tuple[str, ...] = ()
    """The folded words of name and city, which a search looks at."""

    @property
    def attendance(self) -> float | None:
        """The share of its people who came, in percent; None for nobody."""
        return percent(self.came, self.people)


def is_quiet(visits: int, last_contact: date | None, today: date) -> bool:
    """«Затихает»: its people came at least `QUIET_VISITS` times, and for more than `QUIET_DAYS` days none of them came
    or was spoken to.
    """
    return visits >= QUIET_VISITS and last_contact is not None and (today - last_contact).days > QUIET_DAYS


def organisation_rows(session: Session, today: date, ids: Collection[int] | None = None) -> list[OrganisationRow]:
    """Organisations by name, those in the archive too; `ids` narrows. The one place where their figures are made."""
    wanted = select(Organisation).order_by(Organisation.sort_key, Organisation.id)
    if ids is not None:
        wanted = wanted.where(among(Organisation.id, ids))
    counts = _counts(session, today, ids)
    talks = _talks(session, ids)
    champions = _champions(session, ids, _CHAMPIONS)
    rows = []
    for one in session.scalars(wanted):
        people, came, visits, last_visit = counts.get(one.id, (0, 0, 0, None))
        last = max((day for day in (last_visit, talks.get(one.id)) if day is not None), default=None)
        rows.append(
            OrganisationRow(
                one.id,
                one.name,
                one.city,
                people,
                came,
                visits,
                champions.get(one.id, ()),
                last,
                is_quiet(visits, last, today),
                one.archived_at is not None,
                one.sort_key,
                tuple(text.words(f"{one.name} {one.city}")),
            )
        )
    return rows


def organisation_row(session: Session, organisation_id: int, today: date) -> OrganisationRow:
    """One organisation, with the figures of the list. Raises OrganisationUnknown."""
    found = organisation_rows(session, today, (organisation_id,))
    if not found:
        raise OrganisationUnknown(ref=f"#{organisation_id}")
    return found[0]


def narrowed(rows: Iterable[OrganisationRow], which: Which) -> list[OrganisationRow]:
    """Those of one filter; the archive is shown by its own filter alone."""
    if which == "archived":
        return [row for row in rows if row.archived]
    kept = [row for row in rows if not row.archived]
    if which == "quiet":
        return [row for row in kept if row.quiet]
    return [row for row in kept if not row.people] if which == "empty" else kept


def arranged(rows: Iterable[OrganisationRow], key: SortKey, *, descending: bool = False) -> list[OrganisationRow]:
    """In the order of a column, equal ones by name; what has no value comes last either way."""
    by_name = sorted(rows, key=attrgetter("sort_key", "id"), reverse=descending and key == "name")
    if key == "name":
        return by_name
    valued = [(_value(row, key), row) for row in by_name]
    ordered = sorted((pair for pair in valued if pair[0] is not None), key=lambda pair: pair[0], reverse=descending)
    return [row for _, row in ordered] + [row for value, row in valued if value is None]


def found(rows: Sequence[OrganisationRow], query: str) -> list[OrganisationRow]:
    """Those whose name or city has all words of `query`, as typed, or else read in the other layout or alphabet."""
    asked = text.words(query)
    if not asked:
        return list(rows)
    for forms in _meanings(query, asked):
        hits = [row for row in rows if _has(row.words, forms)]
        if hits:
            return hits
    return []


def _meanings(query: str, asked: Sequence[str]) -> Iterator[text.Forms]:
    yield tuple((word,) for word in asked)
    bare = text.without_legal_form(asked)
    if bare is not None:
        yield bare.words
    for reading in text.other_readings(query, asked):
        yield reading.words


def _has(mine: Sequence[str], forms: text.Forms) -> bool:
    return all(any(word.startswith(form) for form in meant for word in mine) for meant in forms)


def _value(row: OrganisationRow, key: SortKey) -> Any:
    if key == "people":
        return row.people
    if key == "contact":
        return row.last_contact
    if key == "attendance":
        return row.attendance
    if key == "champions":
        return text.fold(row.champions[0].name) if row.champions else None
    return text.fold(row.city) or None


def _present(ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    present: list[ColumnElement[bool]] = [
        Person.organisation_id.is_not(None),
        Person.deleted_at.is_(None),
        Person.archived_at.is_(None),
    ]
    return present if ids is None else [*present, among(Person.organisation_id, ids)]


def _counts(session: Session, today: date, ids: Collection[int] | None) -> dict[int, tuple[int, int, int, date | None]]:
    since = today - timedelta(days=ATTENDED_WITHIN)
    counted = (
        select(
            Person.organisation_id,
            func.count(),
            func.count().filter(PersonScore.last_visit_on >= since),
            func.coalesce(func.sum(PersonScore.attended), 0),
            func.max(PersonScore.last_visit_on),
        )
        .outerjoin(PersonScore, PersonScore.person_id == Person.id)
        .where(*_present(ids))
        .group_by(Person.organisation_id)
    )
    return {row[0] or 0: (row[1], row[2], row[3], row[4]) for row in session.execute(counted)}


def _talks(session: Session, ids: Collection[int] | None) -> dict[int, date]:
    newest = (
        select(Person.organisation_id, func.max(Interaction.at))
        .select_from(InteractionPerson)
        .join(Interaction, Interaction.id == InteractionPerson.interaction_id)
        .join(Person, Person.id == InteractionPerson.person_id)
        .where(*_present(ids))
        .group_by(Person.organisation_id)
    )
    zone = clocks.laptop_zone()
    return {row[0] or 0: row[1].astimezone(zone).date() for row in session.execute(newest)}


def champions_of(session: Session, organisation_id: int) -> tuple[Champion, ...]:
    """Those of the organisation on the levels «ядро» and «актив», by what they do for the community."""
    return _champions(session, (organisation_id,), _MOST_CHAMPIONS).get(organisation_id, ())


def _champions(session: Session, ids: Collection[int] | None, most: int) -> dict[int, tuple[Champion, ...]]:
    wanted = (
        select(
            Person.organisation_id,
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.nickname,
            PersonScore.level,
        )
        .join(PersonScore, PersonScore.person_id == Person.id)
        .where(PersonScore.level.in_(_CHAMPION_LEVELS), *_present(ids))
        .order_by(PersonScore.level == "active", PersonScore.love_hundredths.desc(), Person.sort_key, Person.id)
    )
    best: dict[int, list[Champion]] = defaultdict(list)
    for row in session.execute(wanted):
        there = best[row.organisation_id or 0]
        if len(there) < most:
            name = text.display_name(text.NameParts(row.family_name, row.given_name)) or row.nickname
            there.append(Champion(row.id, name, row.level))
    return {one: tuple(there) for one, there in best.items()}
