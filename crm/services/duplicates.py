"""Looking through the whole store for people who are there twice, and keeping what was found until somebody decides.

Nobody is compared with everybody: only people who share a contact of their own, a birthday, or a name by its sound,
its full form and its spelling. The pairs stay in `possible_duplicate` with their weightiest reason; the score is
weighed anew when they are shown, so that it is never older than the people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.orm import Session, aliased

from crm import text
from crm.clock import Clock
from crm.models import ContactPoint, NotDuplicate, Person, PossibleDuplicate
from crm.services import likeness, matching
from crm.services.likeness import Likeness, Sharing, Subject
from crm.services.matching import Name
from crm.store.dialect import among

Report = Callable[[int, int], None]
NAMESAKES: Final = 12
"""A name borne by more people than this says nothing of any two of them."""
CROWD: Final = 400
"""So many people of one organisation, or born on one day, are looked through for similar names; a larger block is
not: what it would find is no more than a likeness of names."""
_STEP: Final = 2_000
_SHORTEST_SPELLING: Final = 4

PairIds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one, the lower id first."""

    person_id: int
    other_id: int
    likeness: Likeness


def find_pairs(session: Session, report: Report) -> list[Pair]:
    """All pairs of people who may be one, the surest first; those somebody said are two are left out.

    `report` hears how far it is and may raise to stop it.
    """
    report(0, 0)
    people = {one.id: one for one in _subjects(session)}
    sharing = Sharing(_crowded(people.values()))
    told = {(row[0], row[1]) for row in session.execute(select(NotDuplicate.person_id, NotDuplicate.other_id))}
    return weigh(people, sharing, told, report)


def weigh(people: dict[int, Subject], sharing: Sharing, told: Collection[PairIds], report: Report) -> list[Pair]:
    """The pairs among `people`, without those in `told`, the surest first."""
    candidates: set[PairIds] = set()
    report(0, 0)
    for pairs in _blocks(people, sharing):
        candidates.update(pairs)
        report(0, 0)
    candidates.difference_update(told)
    found = []
    for place, (one, other) in enumerate(candidates):
        if place % _STEP == 0:
            report(place, len(candidates))
        likeness_of = likeness.compare(people[one], people[other], sharing)
        if likeness_of is not None and _worth_showing(likeness_of, people[one], people[other]):
            found.append(Pair(one, other, likeness_of))
    found.sort(key=_order)
    return found


def _order(pair: Pair) -> tuple[bool, int, int, int]:
    return (not pair.likeness.sure, -pair.likeness.score, pair.person_id, pair.other_id)


def _worth_showing(found: Likeness, one: Subject, other: Subject) -> bool:
    """A likeness of names alone is shown where nothing contradicts it; one with a slip needs something in common."""
    if found.reasons[0] == "same_name":
        return not found.against
    if found.reasons[0] == "similar_name":
        together = one.organisation_id is not None and one.organisation_id == other.organisation_id
        bare = not one.contacts or not other.contacts
        alike = bool(one.name.additional) and one.name.additional == other.name.additional
        return not found.against and (together or (bare and (alike or bool(one.city and one.city == other.city))))
    return True


# -- whom to compare ----------------------------------------------------------------------------------------------


def _blocks(people: dict[int, Subject], sharing: Sharing) -> Iterator[set[PairIds]]:
    """Pairs worth a comparison, block by block."""
    everyone = people.values()
    yield _pairs(
        ((contact, one.id) for one in everyone for contact in one.contacts if sharing.tells(contact)), matching.FEW
    )
    yield _pairs(((key, one.id) for one in everyone for key in _name_keys(one.name)), NAMESAKES)
    yield _pairs(
        (((one.year, one.month, one.day), one.id) for one in everyone if one.day is not None and one.year is not None),
        CROWD,
    )
    yield _pairs(
        (
            ((one.month, one.day, token), one.id)
            for one in everyone
            if one.day is not None
            for token in (*likeness.tokens(one.name.given), matching.sound(one.name.family))
            if token
        ),
        CROWD,
    )
    yield _spelt_alike(people)


def _name_keys(name: Name) -> Iterator[Hashable]:
    """What people of one name share however it is written: the family name by its sound with each full given name it
    may stand for; the other way round too where the given name may stand in the place of the family name."""
    if not name.family or not name.given:
        return
    family, given = matching.sound(name.family), matching.sound(name.given)
    for token in likeness.tokens(name.given):
        yield family, token
    for token in likeness.tokens(name.family):
        if token != family or text.name_variants(name.family):
            yield given, token
    yield tuple(sorted((family, given)))


def _spelt_alike(people: dict[int, Subject]) -> set[PairIds]:
    """People of one given name whose family names are a slip apart, or the reverse, and who have an organisation in
    common or of whom little more than the name is known."""
    together: list[tuple[Hashable, int]] = []
    bare: list[tuple[Hashable, int]] = []
    for one in people.values():
        if not one.name.family or not one.name.given:
            continue
        given = likeness.tokens(one.name.given)
        keys = {(spelling, token) for spelling in _spellings(one.name.family) for token in given}
        bare.extend((key, one.id) for key in keys)
        if one.organisation_id is not None:
            keys |= {(one.name.family, spelling) for spelling in _spellings(one.name.given)}
            together.extend(((one.organisation_id, key), one.id) for key in keys)
    found = _pairs(together, NAMESAKES)
    found.update(
        (one, other) for one, other in _pairs(bare, NAMESAKES) if not people[one].contacts or not people[other].contacts
    )
    return found


def _spellings(word: str) -> set[str]:
    """The word without any one of its letters: two words a slip apart share one of these."""
    if len(word) < _SHORTEST_SPELLING:
        return {word}
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _pairs(keyed: Iterable[tuple[Hashable, int]], most: int) -> set[PairIds]:
    """Pairs of people with a key in common; a key of more than `most` people says too little."""
    # Nearly every key is of one person: a set is made where a second comes.
    alone: dict[Hashable, int] = {}
    blocks: dict[Hashable, set[int]] = {}
    for key, person in keyed:
        first = alone.setdefault(key, person)
        if first != person:
            blocks.setdefault(key, {first}).add(person)
    found: set[PairIds] = set()
    for block in blocks.values():
        if len(block) <= most:
            found.update(combinations(sorted(block), 2))
    return found


# -- reading people -----------------------------------------------------------------------------------------------


def _subjects(session: Session, ids: Collection[int] | None = None) -> Iterator[Subject]:
    contacts: dict[int, set[tuple[str, str]]] = defaultdict(set)
    asked = select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.key).where(
        ContactPoint.key.is_not(None), ContactPoint.kind.in_(matching.SURE_KINDS)
    )
    for person, kind, key in session.execute(asked if ids is None else asked.where(among(ContactPoint.person_id, ids))):
        contacts[person].add((kind, str(key)))
    columns = select(
        Person.id,
        Person.family_name,
        Person.given_name,
        Person.additional_name,
        Person.birth_year,
        Person.birth_month,
        Person.birth_day,
        Person.organisation_id,
        Person.search_city,
    ).where(Person.deleted_at.is_(None))
    rows = session.execute(columns if ids is None else columns.where(among(Person.id, ids))).all()
    families = {text.fold(row[1]) for row in rows} if ids is None else set()
    for row in rows:
        name = _right_name(Name.of(row[1], row[2], row[3]), families)
        yield Subject(row[0], name, frozenset(contacts.get(row[0], ())), *row[4:])


def _right_name(name: Name, families: Collection[str]) -> Name:
    """The name with what was typed in the other keyboard layout put right."""
    given = likeness.right_layout(name.given)
    if given != name.given:
        return Name(_turned(name.family), given, _turned(name.additional))
    if name.family.isascii() and name.family and name.given and not name.given.isascii():
        turned = _turned(name.family)
        if turned in families:
            return Name(turned, name.given, name.additional)
    return name


def _turned(word: str) -> str:
    return text.fold(text.other_layout(word)) if word and word.replace(" ", "").isascii() else word


def _crowded(people: Iterable[Subject]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for one in people:
        counts.update(one.contacts)
    return counts


# -- what was found -----------------------------------------------------------------------------------------------


def keep_pairs(session: Session, pairs: Sequence[Pair], clock: Clock) -> int:
    """Write down what a scan found, in the place of what stood there. Returns how many pairs are new.

    A pair that stands already is left as it is; one that is nothing any more goes.
    """
    there = {
        (row.person_id, row.other_id): (row.id, row.reason)
        for row in session.execute(
            select(
                PossibleDuplicate.id, PossibleDuplicate.person_id, PossibleDuplicate.other_id, PossibleDuplicate.reason
            )
        )
    }
    found = {(pair.person_id, pair.other_id): pair.likeness.reasons[0] for pair in pairs}
    gone = [number for ids, (number, reason) in there.items() if found.get(ids) != reason]
    if gone:
        session.execute(delete(PossibleDuplicate).where(among(PossibleDuplicate.id, gone)))
    now = clock()
    new = [
        {"person_id": one, "other_id": other, "reason": reason, "found_at": now}
        for (one, other), reason in found.items()
        if (one, other) not in there or there[one, other][1] != reason
    ]
    if new:
        session.execute(insert(PossibleDuplicate), new)
    return len(found.keys() - there.keys())


def _standing() -> Any:
    """Pairs of two people who are both there, and whom nobody has called two."""
    one, other = aliased(Person), aliased(Person)
    said = select(NotDuplicate.id).where(
        NotDuplicate.person_id == PossibleDuplicate.person_id, NotDuplicate.other_id == PossibleDuplicate.other_id
    )
    return (
        select(PossibleDuplicate.person_id, PossibleDuplicate.other_id, PossibleDuplicate.reason)
        .join(one, and_(one.id == PossibleDuplicate.person_id, one.deleted_at.is_(None)))
        .join(other, and_(other.id == PossibleDuplicate.other_id, other.deleted_at.is_(None)))
        .where(~said.exists())
    )


def count_pairs(session: Session) -> int:
    """How many pairs wait for somebody to decide."""
    return int(session.execute(select(func.count()).select_from(_standing().subquery())).scalar_one())


def pairs(session: Session) -> list[Pair]:
    """The pairs that wait, weighed as the people are now, the surest first."""
    rows = session.execute(_standing()).all()
    ids = {person for row in rows for person in row[:2]}
    people = {one.id: one for one in _subjects(session, ids)}
    sharing = Sharing(_owners(session, [contact for one in people.values() for contact in one.contacts]))
    found = []
    for one, other, reason in rows:
        likeness_of = likeness.compare(people[one], people[other], sharing)
        if likeness_of is None or likeness_of.reasons[0] != reason:
            # An import saw it before the two were changed; it still waits for somebody's word.
            likeness_of = likeness_of or Likeness(likeness.LISTED, sure=False, reasons=(reason,))
        found.append(Pair(one, other, likeness_of))
    found.sort(key=_order)
    return found


def pair_of(session: Session, one: int, other: int) -> Pair | None:
    """How alike these two people are, whether or not a scan found them; None where nothing says that they are one."""
    ids = (min(one, other), max(one, other))
    people = {subject.id: subject for subject in _subjects(session, ids)}
    if len(people) < len(set(ids)):
        return None
    sharing = Sharing(_owners(session, [contact for subject in people.values() for contact in subject.contacts]))
    found = likeness.compare(people[ids[0]], people[ids[1]], sharing)
    return None if found is None else Pair(*ids, found)


def _owners(session: Session, contacts: Collection[tuple[str, str]]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    keys = sorted({key for _, key in contacts})
    for start in range(0, len(keys), matching.CHUNK):
        for kind, key, owners in session.execute(
            select(ContactPoint.kind, ContactPoint.key, func.count(func.distinct(ContactPoint.person_id)))
            .join(Person, Person.id == ContactPoint.person_id)
            .where(ContactPoint.key.in_(keys[start : start + matching.CHUNK]), Person.deleted_at.is_(None))
            .group_by(ContactPoint.kind, ContactPoint.key)
        ):
            counts[kind, str(key)] = owners
    return counts


def clusters(found: Iterable[Pair]) -> list[tuple[int, ...]]:
    """People joined by these pairs, directly or through others, the lowest id first."""
    leader: dict[int, int] = {}

    def lead(one: int) -> int:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for pair in found:
        mine, theirs = sorted((lead(pair.person_id), lead(pair.other_id)))
        leader[theirs] = mine
    groups: dict[int, list[int]] = defaultdict(list)
    for one in sorted(leader):
        groups[lead(one)].append(one)
    return [tuple(group) for group in groups.values()]


def say_two(session: Session, people: Collection[int]) -> int:
    """Remember that these people are each somebody else; no scan and no import asks again. Returns how many pairs."""
    said = 0
    for one, other in combinations(sorted(set(people)), 2):
        there = select(NotDuplicate.id).where(NotDuplicate.person_id == one, NotDuplicate.other_id == other)
        if session.execute(there).first() is None:
            session.execute(insert(NotDuplicate).values(person_id=one, other_id=other))
            said += 1
        session.execute(
            delete(PossibleDuplicate).where(PossibleDuplicate.person_id == one, PossibleDuplicate.other_id == other)
        )
    return said
