"""How alike are two people? The evidence for and against their being one, weighed into a score of 0–100.

`sure` is said only where a person would not hesitate either: a contact of their own or a whole birthday in common,
names that are the same name however written, and nothing that speaks against it. Namesakes, families behind one
phone and people who share an office's number are «maybe» at most. No database here; `duplicates` chooses whom to
compare.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from crm import text
from crm.services import matching
from crm.services.matching import Name
from crm.text import given_names

CONTACT_REASONS: Final = tuple(f"same_{kind}" for kind in matching.SURE_KINDS)
OTHER_REASONS: Final = ("same_name_birthday", "similar_name_birthday", "same_name", "similar_name")
REASONS: Final = (*CONTACT_REASONS, *OTHER_REASONS)
"""Why two people may be one, the weightiest first: the keys that `possible_duplicate.reason` holds."""
LISTED: Final = 30
"""Pairs below this score are not shown."""
_LONG: Final = 8
_WEIGHT_AGAINST: Final = {"birthday": 40, "patronymic": 34, "contacts": 24, "names": 10}
_SHORTEST_TYPO: Final = 4
_WOMANS: Final = ("ова", "ева", "ина", "ына", "ая", "яя")


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as far as likeness goes. Names are folded, one typed in the other layout put right."""

    id: int
    name: Name
    contacts: frozenset[tuple[str, str]] = frozenset()
    """Kind and key of each contact by which people are joined."""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    organisation_id: int | None = None
    city: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two people have in common: a score of 0–100, whether it is beyond doubt, the reasons by weight."""

    score: int
    sure: bool
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()
    """What speaks against it: another birthday, patronymic, given name, contacts."""


@dataclass(slots=True)
class Sharing:
    """How many people have each contact: one of many people is an office's and says nothing of any two of them."""

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def tells(self, contact: tuple[str, str]) -> bool:
        """True where the contact may be one person's own."""
        return self.counts.get(contact, 0) <= matching.FEW


def compare(one: Subject, other: Subject, sharing: Sharing) -> Likeness | None:
    """How alike two people are, or None where nothing worth showing says that they are one."""
    shared = {kind for kind, key in one.contacts & other.contacts if sharing.tells((kind, key))}
    born = _birthdays(one, other)
    if not shared and born not in ("same", "day") and (born == "other" or _contacts_differ(one, other)):
        # Of namesakes that anything tells apart there are thousands.
        return None
    names = name_likeness(one.name, other.name)
    against = [*_against(one, other, names, born)]
    reasons = [reason for reason in CONTACT_REASONS if reason.removeprefix("same_") in shared]
    if names in ("same", "alike", "typo") and born in ("same", "day"):
        reasons.append("similar_name_birthday" if names == "typo" else "same_name_birthday")
    elif names in ("same", "alike"):
        reasons.append("same_name")
    elif names == "typo":
        reasons.append("similar_name")
    if not reasons:
        return None
    score = _score(one, other, shared, names, born, against)
    whole = names in ("same", "alike", "typo")
    sure = whole and not against and (bool(shared) or born == "same")
    if not sure:
        score = min(score, 84)
    return Likeness(score, sure, tuple(reasons), tuple(against)) if score >= LISTED else None


def _score(
    one: Subject, other: Subject, shared: Collection[str], names: str, born: str, against: Collection[str]
) -> int:
    by_name = {"same": 40, "alike": 36, "typo": 30, "part": 14, "": 0}[names]
    score = by_name + (54 + 3 * (len(shared) - 1) if shared else 0)
    if born == "same":
        score += 46 if not shared else 5
    elif born == "day":
        score += 26 if not shared else 3
    if not shared and born == "":
        if one.organisation_id is not None and one.organisation_id == other.organisation_id:
            score += 16
        if one.city and one.city == other.city:
            score += 6
        if one.name.additional and one.name.additional == other.name.additional:
            score += 12
        # Someone of whom only the name is known may well be the one of whom all is known.
        if not one.contacts or not other.contacts:
            score += 6
    score -= sum(
        {"birthday": 40, "patronymic": 34, "names": 10, "contacts": 24}[one_against] for one_against in against
    )
    return max(0, min(99, score))


def _against(one: Subject, other: Subject, names: str, born: str) -> list[str]:
    found = []
    if not names:
        found.append("names")
    if born == "other":
        found.append("birthday")
    if _patronymics_differ(one.name.additional, other.name.additional):
        found.append("patronymic")
    if _contacts_differ(one, other):
        found.append("contacts")
    return found


def _contacts_differ(one: Subject, other: Subject) -> bool:
    """Both have a phone, or a mailbox, and nothing in common."""
    if not one.contacts or not other.contacts or not one.contacts.isdisjoint(other.contacts):
        return False
    kinds = {kind for kind, _ in one.contacts}
    return any(kind in kinds for kind, _ in other.contacts)


def _birthdays(one: Subject, other: Subject) -> str:
    """«same» whole, «day» without a year on one side, «other», «» where one is not known."""
    if one.day is None or other.day is None:
        return ""
    if (one.month, one.day) != (other.month, other.day):
        return "other"
    if one.year is None or other.year is None:
        return "day"
    return "same" if one.year == other.year else "other"


@lru_cache(maxsize=65536)
def _patronymics_differ(one: str, other: str) -> bool:
    if not one or not other or not matching.part_differs(one, other):
        return False
    return not near(one, other)


def name_likeness(one: Name, other: Name) -> str:
    """«same» as written, «alike» in another alphabet, order, or short form, «typo» one slip apart, «part» where one
    lacks a part and nothing contradicts, «» where they are names of two people."""
    if not (one.family and one.given and other.family and other.given):
        mine, theirs = one.family or one.given, other.family or other.given
        return "part" if mine and theirs and not matching.names_contradict(one, other) else ""
    if one.family == other.family and one.given == other.given:
        return "same"
    best = ""
    for family, given in ((other.family, other.given), (other.given, other.family)):
        parts = (_family_likeness(one.family, family), _given_likeness(one.given, given))
        if "" in parts or parts == ("typo", "typo"):
            continue
        found = "typo" if "typo" in parts else "part" if "part" in parts else "alike"
        if best in ("", "part") or found == "alike":
            best = found
    if best in ("alike", "typo") and _of_two_genders(one, other):
        return ""
    return best


@lru_cache(maxsize=65536)
def _family_likeness(one: str, other: str) -> str:
    if one == other:
        return "same"
    if min(len(one.rstrip(".")), len(other.rstrip("."))) == 1:
        return "part" if one[0] == other[0] else ""
    if not matching.part_differs(one, other):
        return "alike"
    return "typo" if near(one, other) else ""


@lru_cache(maxsize=65536)
def _given_likeness(one: str, other: str) -> str:
    if min(len(one.rstrip(".")), len(other.rstrip("."))) == 1:
        return "same" if one == other else "part" if one[0] == other[0] else ""
    if not matching.given_differs(one, other):
        return "alike"
    # Мария and Марина are two names, not one with a slip.
    if given_names.is_known(one) and given_names.is_known(other):
        return ""
    return "typo" if near(one, other) else ""


def _of_two_genders(one: Name, other: Name) -> bool:
    """Саша Иванов and Александра Иванова: a brother and a sister rather than a slip."""
    mine, theirs = one.family.endswith(_WOMANS), other.family.endswith(_WOMANS)
    if mine == theirs or one.given == other.given:
        return False
    shorter, longer = sorted((one.family, other.family), key=len)
    return longer[: len(shorter) - 1] == shorter[:-1]


def near(one: str, other: str) -> bool:
    """One slip apart, two in long words: as they are written, or as they sound."""
    from rapidfuzz.distance import OSA

    most = 2 if min(len(one), len(other)) >= _LONG else 1
    if min(len(one), len(other)) >= _SHORTEST_TYPO and OSA.distance(one, other, score_cutoff=most) <= most:
        return True
    mine, theirs = matching.sound(one), matching.sound(other)
    return min(len(mine), len(theirs)) >= _SHORTEST_TYPO and OSA.distance(mine, theirs, score_cutoff=1) <= 1


@lru_cache(maxsize=65536)
def right_layout(word: str) -> str:
    """A folded word typed in the Latin layout, put right, where only that makes it a given name; else as it is."""
    if not word or given_names.is_known(word):
        return word
    turned = text.fold(text.other_layout(word))
    return turned if given_names.is_known(turned) else word


@lru_cache(maxsize=65536)
def tokens(given: str) -> tuple[str, ...]:
    """What a given name is looked up by: the sounds of the full names it may stand for."""
    full = given_names.full_names()
    forms = {given, *text.name_variants(given)}
    return tuple(sorted({matching.sound(form) for form in forms if form not in full} - {""})) or (given,)
