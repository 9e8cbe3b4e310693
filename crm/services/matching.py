"""Is this the same person? The rules an import joins rows by; a form uses them to warn of a double.

In this order: the uid; then an e-mail, phone or handle in common where the names do not contradict each other (two
people may share an address: the second becomes a person of their own, marked as a possible double). A name and a
birthday alone never join: a person decides (reference interop §1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import text
from crm.models import ContactPoint, MergedPerson, Person

SURE_KINDS = ("email", "phone", "telegram", "whatsapp", "vk", "max")
"""Kinds of contact points by which people are joined."""
CHUNK = 5_000
UID_LIMIT = 64
FEW = 5
"""Up to so many people with a contact in common each may be another's double; a contact of more is an office's."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: folded."""

    family: str
    given: str
    additional: str = ""

    @classmethod
    def of(cls, family: str, given: str, additional: str = "") -> Name:
        """The comparable form of a name as typed."""
        return cls(text.fold(family), text.fold(given), text.fold(additional) if additional else "")


def names_contradict(one: Name, other: Name) -> bool:
    """True where both names say something and it cannot be the same person.

    A missing part, an initial, a diminutive (Саша, Александр) and another alphabet (Ivanov, Иванов) contradict
    nothing; family and given name in each other's place do not either.
    """
    straight = part_differs(one.family, other.family) or given_differs(one.given, other.given)
    if not straight:
        return bool(one.additional and other.additional and part_differs(one.additional, other.additional))
    if one.family and one.given and other.family and other.given:
        return part_differs(one.family, other.given) or given_differs(one.given, other.family)
    if not (one.family and one.given) and not (other.family and other.given):
        # «Пётр» in the family column of one file and in the given column of another.
        return part_differs(one.family or one.given, other.family or other.given)
    return True


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """`text.sound_key` of a folded name, kept: a scan asks for the same few thousand names again and again."""
    return text.sound_key(word)


def part_differs(one: str, other: str) -> bool:
    """True where two folded family names say something and are not one in two spellings, nor its initial."""
    if not one or not other or one == other:
        return False
    if len(one.rstrip(".")) == 1 or len(other.rstrip(".")) == 1:
        return one[0] != other[0]
    mine, theirs = sound(one), sound(other)
    return not mine or mine != theirs


def given_differs(one: str, other: str) -> bool:
    """The same of given names, whose short forms say the same."""
    if not part_differs(one, other):
        return False
    first, second = {one, *text.name_variants(one)}, {other, *text.name_variants(other)}
    return first.isdisjoint(second)


@dataclass(slots=True)
class Known:
    """People already there, as far as an import needs them: by uid, by contact key, and their names."""

    by_uid: dict[str, int] = field(default_factory=dict)
    taken_uids: set[str] = field(default_factory=set)
    """Uids of deleted people: nobody else may carry them."""
    by_key: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, Name] = field(default_factory=dict)
    former: dict[int, list[Name]] = field(default_factory=lambda: defaultdict(list))
    """Names of those who were made one with a person: an old list knows them by these."""

    def load(self, session: Session, uids: Iterable[str], keys: Iterable[tuple[str, str]]) -> None:
        """Learn who in the store has these uids and contact keys; deleted people are not known."""
        wanted_uids = sorted(set(uids) - self.by_uid.keys())
        for chunk in _chunks(wanted_uids):
            for person, uid, deleted_at in session.execute(
                select(Person.id, Person.uid, Person.deleted_at).where(Person.uid.in_(chunk))
            ):
                if deleted_at is None:
                    self.by_uid[uid] = person
                else:
                    self.taken_uids.add(uid)
            for person, uid in session.execute(
                select(MergedPerson.person_id, MergedPerson.old_uid)
                .join(Person, Person.id == MergedPerson.person_id)
                .where(MergedPerson.old_uid.in_(chunk), Person.deleted_at.is_(None))
            ):
                self.by_uid.setdefault(uid, person)
        wanted_keys = {key for _, key in keys}
        for chunk in _chunks(sorted(wanted_keys)):
            for person, kind, key in session.execute(
                select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.key)
                .join(Person, Person.id == ContactPoint.person_id)
                .where(ContactPoint.key.in_(chunk), Person.deleted_at.is_(None))
                .order_by(ContactPoint.person_id)
            ):
                self.remember_key(kind, str(key), person)
        self.load_names(
            session, {person for people in self.by_key.values() for person in people} | set(self.by_uid.values())
        )

    def load_names(self, session: Session, people: set[int]) -> None:
        """Learn the names of these people, where they are not known yet."""
        for chunk in _chunks(sorted(people - self.names.keys())):
            for row in session.execute(
                select(Person.id, Person.family_name, Person.given_name, Person.additional_name).where(
                    Person.id.in_(chunk)
                )
            ):
                self.names[row[0]] = Name.of(row[1], row[2], row[3])
            for row in session.execute(
                select(MergedPerson.person_id, Person.family_name, Person.given_name, Person.additional_name)
                .join(Person, Person.id == MergedPerson.old_id)
                .where(MergedPerson.person_id.in_(chunk))
            ):
                self.former[row[0]].append(Name.of(row[1], row[2], row[3]))

    def remember_key(self, kind: str, key: str, person: int) -> None:
        """A person has this contact."""
        people = self.by_key[kind, key]
        if person not in people:
            people.append(person)

    def contradicts(self, name: Name, person: int) -> bool:
        """True where this can be neither the name of the person nor one that somebody made one with them had."""
        known = (self.names[person], *self.former.get(person, ()))
        return all(names_contradict(name, one) for one in known)

    def refuses(self, uid: str) -> bool:
        """True for a uid that a person of ours can't carry: it is too long, or a deleted person has it."""
        return len(uid) > UID_LIMIT or uid in self.taken_uids

    def find(self, name: Name, keys: Iterable[tuple[str, str]]) -> tuple[int | None, list[tuple[int, str]]]:
        """The person a row with these contacts is, or None; and people it shares a contact with but is not, with the
        reason key. A contact of many (the number of an office) makes nobody a possible double."""
        shared: dict[int, str] = {}
        hits: dict[int, int] = defaultdict(int)
        for kind, key in keys:
            people = self.by_key.get((kind, key), ())
            for person in people:
                hits[person] += 1
                if len(people) <= FEW:
                    shared.setdefault(person, f"same_{kind}")
        same = [person for person in hits if not self.contradicts(name, person)]
        if same:
            # The one with the same name as it is written, then with most in common, then the oldest.
            best = min(same, key=lambda person: (self.names[person] != name, -hits[person], person))
            return best, [
                (person, reason) for person, reason in shared.items() if person != best and person not in same
            ]
        return None, list(shared.items())


def _chunks(values: list[str] | list[int]) -> Iterable[list[str] | list[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
