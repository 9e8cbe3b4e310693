"""Whom a reading means first: a name before what is not a name, a whole word before a beginning.

Four steps: the word is a name; a name begins with it; a patronymic is it or begins with it; it stands elsewhere.
One word may be read of thousands of people, so there the index tells the steps in a few questions, without a name
being read; of tens of thousands the surnames are put first, and that is all. Several words find few people, whose names
are read.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final

from sqlalchemy.orm import Session

from crm import text
from crm.store.search_index import NAMES, any_of, match, names_of, surnames_beginning, words_beginning
from crm.text import Reading

Arrange = Callable[[Collection[int]], "array[int]"]
"""Puts ids in the order of the list."""

_MOST_READ: Final = 1500
_MOST_WORDS: Final = 250
_MOST_STEPPED: Final = 10_000
_ELSEWHERE: Final = 3
_IN_TURN: Final = 1


def ranked(session: Session, reading: Reading, hits: Collection[int], arrange: Arrange) -> array[int]:
    """`hits` of a reading, the likeliest first, equal ones in the order of the list."""
    if len(hits) < 2:
        return arrange(hits)
    if len(reading.words) == 1:
        ids = array("q")
        steps = _steps if len(hits) <= _MOST_STEPPED else _surnames_first
        for step in steps(session, reading, set(hits)):
            if step:
                ids.extend(arrange(step))
        return ids
    return arrange(hits) if len(hits) > _MOST_READ else _by_names(session, reading, arrange(hits))


def _steps(session: Session, reading: Reading, hits: set[int]) -> tuple[set[int], ...]:
    (forms,) = reading.words
    named = set(match(session, NAMES + any_of(forms, reading.wholes))) & hits
    if not named:
        return (hits,)
    whole = set(match(session, NAMES + any_of(forms, forms))) & named
    own, hidden = _kinds(session, reading)
    surnames: set[int] = set()
    if own is None or hidden:
        for form in forms:
            surnames |= surnames_beginning(session, text.sort_key(form))
    if own is None:
        # Too many words begin so: who has it in the surname is told by the order of surnames.
        begun = surnames & named
        return (whole, begun - whole, named - begun - whole, hits - named)
    fathers = set(match(session, NAMES + any_of(hidden, hidden))) & named if hidden else set()
    if fathers:
        # Рабинович is a patronymic by its ending and a surname by its place; Иван Иванович has both.
        fathers -= surnames
    if fathers and own:
        fathers -= set(match(session, NAMES + any_of(own, own)))
    whole -= fathers
    first = set() if any(map(text.is_given_name, forms)) else _whole_surnames(session, forms) & whole
    return (first, whole - first, named - whole - fathers, fathers, hits - named)


def _whole_surnames(session: Session, forms: Sequence[str]) -> set[int]:
    # Иванова before Абзацева-Иванова.
    found: set[int] = set()
    for form in forms:
        found |= surnames_beginning(session, text.sort_key(form + " x")[: len(form) + 1])
    return found


def _surnames_first(session: Session, reading: Reading, hits: set[int]) -> tuple[set[int], ...]:
    # A letter or two are read of half the store; more than this is not worth a frame.
    begun: set[int] = set()
    for form in reading.words[0]:
        begun |= surnames_beginning(session, text.sort_key(form))
    begun &= hits
    hits -= begun
    return (begun, hits)


def _kinds(session: Session, reading: Reading) -> tuple[list[str] | None, list[str]]:
    """The words of names that a one-word reading reaches: those that are no patronymics, and those that are.

    None instead of the first where they are too many to ask for one by one.
    """
    (forms,) = reading.words
    own: list[str] = []
    hidden: list[str] = []
    for form in forms:
        known = words_beginning(session, form, _MOST_WORDS) if form not in reading.wholes else [form]
        if len(known) == _MOST_WORDS:
            return None, []
        for word in (half for one in known for half in text.words(one) if half.startswith(form)):
            (hidden if text.is_patronymic(word) else own).append(word)
    return (own, hidden) if len(own) < _MOST_WORDS else (None, [])


def _by_names(session: Session, reading: Reading, ids: Sequence[int]) -> array[int]:
    # What a word is to a form is asked anew for each person; people share their names.
    met: dict[tuple[int, str], int] = {}
    names = dict(names_of(session, ids))
    turns: Counter[tuple[int, tuple[str, ...]]] = Counter()
    keys = {}
    for place, one in enumerate(ids):
        cost = _cost(reading, names.get(one, ""), met)
        # Where a name may mean several, one person of each comes before the second of any.
        keys[one] = cost[0], turns[cost] if reading.reason else 0, place
        turns[cost] += 1
    return array("q", sorted(ids, key=keys.__getitem__))


def _cost(reading: Reading, name: str, met: dict[tuple[int, str], int]) -> tuple[int, tuple[str, ...]]:
    """The steps of all words together, and the words of the name they met.

    Initials that stand in another order than in the name are dearer, and one half of a double surname is a little.
    """
    free = list(enumerate(text.words(name)))
    found: list[str] = []
    cost = 0
    letters: list[int] = []
    order = sorted(range(len(reading.words)), key=lambda at: -len(reading.words[at][0]))
    for at in order:
        best: tuple[int, int, str] | None = None
        for stands, word in free:
            key = at, word
            if key not in met:
                met[key] = _step(reading.words[at], reading.wholes, word)
            if met[key] < (_ELSEWHERE if best is None else best[0]):
                best = met[key], stands, word
        if best is None:
            cost += _ELSEWHERE
            continue
        free.remove(best[1:])
        found.append(best[2])
        if len(reading.words[at][0]) > 1:
            cost += best[0]
        else:
            letters.append(best[1])
    cost += _IN_TURN * (letters != sorted(letters))
    return 2 * cost + ("-" in name and text.half_met(name, found)), tuple(found)


def unheld(reading: Reading, names: Sequence[str]) -> list[str]:
    """The words of a reading that no word of the name answers, each by its first form."""
    free = list(names)
    missed = []
    for forms in sorted(reading.words, key=lambda forms: -len(forms[0])):
        met = next((word for word in free if _step(forms, reading.wholes, word) < _ELSEWHERE), None)
        if met is None:
            missed.append(forms[0])
        else:
            free.remove(met)
    return missed


def _step(forms: Sequence[str], wholes: Collection[str], word: str) -> int:
    hidden = text.is_patronymic(word)
    if word in forms:
        return 2 if hidden else 0
    if any(word.startswith(form) for form in forms if form not in wholes):
        return 2 if hidden else 1
    return _ELSEWHERE
