"""What a query that found nobody may have meant: what each of its words may stand for, and how far-fetched that is.

Every word is taken by itself, as typed and in the other layout, so that a slip of the finger and a wrong layout, a
Latin spelling or a diminutive may come together, and one word may be mistaken where the next is not. Whoever is found
by this is put in order by `Guess.fit`: the person whose name is reached with the least pardon comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from crm.text.folding import words as words_of
from crm.text.lexicon import Lexicon, misspelt_names, names_beginning, names_nearly_spelled, names_spelled
from crm.text.naming import name_variants
from crm.text.readings import WAYS, is_patronymic
from crm.text.spelling import other_layout, transliterations

# What it costs to take a word for another; only their order and rough distance matter.
_LAYOUT: Final = 0.3
_SPELLED: Final = 0.2
_SOUNDS: Final = 0.5
_VARIANT: Final = 1.0
_SOUNDS_ALIKE: Final = 1.5
_SIMILAR: Final = 2.0
_SECOND: Final = 0.6
_SHORT: Final = 0.5
_UNFINISHED: Final = 0.4
_UNFINISHED_SLIP: Final = 1.1
_PATRONYMIC: Final = 0.5
_HALF: Final = 0.1
_ELSEWHERE: Final = 4.0
_FARTHEST: Final = 3.6
_SLACK: Final = 1.0
"""Whoever costs more than the best by so much is not meant."""
_MOST_FORMS: Final = 120
_SHORTEST: Final = 4
_SHORTEST_SPELLED: Final = 3


class Meaning(NamedTuple):
    """A word that a word of a query may stand for: its beginning or the whole, at what cost, in which ways."""

    form: str
    whole: bool
    cost: float
    ways: frozenset[str]


class Fit(NamedTuple):
    """How a name answers a guess: at what cost, by which forms, in which ways; and which words of it were met."""

    cost: float
    forms: tuple[str, ...]
    reason: str
    met: tuple[str, ...]


Token = tuple[Meaning, ...]
"""All that one word may stand for."""


@dataclass(frozen=True, slots=True)
class Guess:
    """For each piece of a query between blanks its alternatives (as typed, other layout), each a few words."""

    pieces: tuple[tuple[tuple[Token, ...], ...], ...]
    _met: dict[tuple[int, str], Meaning | None] = field(default_factory=dict, compare=False, repr=False)

    def fit(self, name: str) -> Fit:
        """How far-fetched it is that somebody of this name, as folded, was meant."""
        free = words_of(name)
        cost = 0.0
        forms: list[str] = []
        met: list[str] = []
        ways: set[str] = set()
        for piece in sorted(self.pieces, key=_length, reverse=True):
            best: tuple[float, list[tuple[str, Meaning]]] | None = None
            for tokens in piece:
                taken = self._taken(tokens, free)
                price = sum(meaning.cost for _, meaning in taken) + _ELSEWHERE * (len(tokens) - len(taken))
                if best is None or price < best[0]:
                    best = price, taken
            if best is None:
                continue
            cost += best[0]
            for word, meaning in best[1]:
                free.remove(word)
                forms.append(meaning.form)
                met.append(word)
                ways |= meaning.ways
        if "-" in name and half_met(name, met):
            cost += _HALF
        return Fit(cost, tuple(forms), " ".join(way for way in WAYS if way in ways), tuple(met))

    def answered(self, name: str) -> Fit | None:
        """`fit` where every word of the query stands for a word of the name; else None."""
        fit = self.fit(name)
        return fit if len(fit.forms) >= len(self.pieces) else None

    def _taken(self, tokens: Sequence[Token], free: Sequence[str]) -> list[tuple[str, Meaning]]:
        left = list(free)
        taken = []
        for token in tokens:
            best: tuple[str, Meaning] | None = None
            for word in left:
                meaning = self._meeting(token, word)
                if meaning is not None and (best is None or meaning.cost < best[1].cost):
                    best = word, meaning
            if best is not None:
                left.remove(best[0])
                taken.append(best)
        return taken

    def _meeting(self, token: Token, word: str) -> Meaning | None:
        # People share their names: each pair of words is looked at once.
        key = id(token), word
        if key not in self._met:
            self._met[key] = _cheapest(token, word)
        return self._met[key]


def _length(piece: tuple[tuple[Token, ...], ...]) -> int:
    return len(piece[0][0][0].form) if piece and piece[0] else 0


def _cheapest(token: Token, word: str) -> Meaning | None:
    best: Meaning | None = None
    hidden = _PATRONYMIC if is_patronymic(word) else 0.0
    for meaning in token:
        if meaning.form == word:
            cost = meaning.cost + hidden
        elif not meaning.whole and word.startswith(meaning.form):
            # A misspelt word is rarely unfinished as well.
            cost = meaning.cost + hidden + (_UNFINISHED_SLIP if "similar" in meaning.ways else _UNFINISHED)
        else:
            continue
        if best is None or cost < best.cost:
            best = meaning._replace(cost=cost)
    return best


def guessed(query: str, known: Lexicon, most_words: int) -> Guess | None:
    """What `query` may have meant among the words `known`; None where every word says no more than itself."""
    pieces: list[tuple[tuple[Token, ...], ...]] = []
    left = most_words
    texts = query.split()
    alone = len(words_of(query)) == 1
    news = False
    for piece in texts:
        alternatives = []
        typed = words_of(piece)[:left]
        layout = words_of(other_layout(piece))[:left]
        if typed:
            alternatives.append(tuple(_meanings(word, known, 0.0, (), alone=alone) for word in typed))
        if layout and layout != typed:
            tokens = tuple(_meanings(word, known, _LAYOUT, ("layout",), alone=alone) for word in layout)
            # In the other layout a word that nobody bears says nothing.
            if all(any(known.knows(meaning.form) for meaning in token) for token in tokens):
                alternatives.append(tokens)
        if alternatives:
            pieces.append(tuple(alternatives))
            news = news or len(alternatives) > 1 or any(len(token) > 1 for token in alternatives[0])
        left -= max(len(typed), len(layout))
        if left <= 0:
            break
    return Guess(tuple(pieces)) if news else None


def half_met(name: str, met: Sequence[str]) -> bool:
    """Whether of a double word of the folded `name` one half is among the words `met` and the other is not."""
    halves = (words_of(part) for part in name.split() if "-" in part)
    return any(0 < sum(half in met for half in double) < len(double) for double in halves)


def close_enough(fits: Sequence[float]) -> float:
    """Up to which cost those found are to be believed: not much beyond the best."""
    return min(fits, default=0.0) + _SLACK


def _meanings(word: str, known: Lexicon, base: float, ways: tuple[str, ...], *, alone: bool) -> Token:
    best: dict[tuple[str, bool], Meaning] = {}
    for form, whole, cost, more in (
        (word, False, 0.0, ()),
        *_as_written(word, known, several=not alone),
        *(_in_other_alphabet(word, known, several=not alone) if not ways or len(word) >= _SHORTEST else ()),
    ):
        price = base + cost
        key = form, whole
        if price <= _FARTHEST and (key not in best or price < best[key].cost):
            best[key] = Meaning(form, whole, price, frozenset((*ways, *more)))
    itself, *others = best.values()
    return (itself, *sorted(others, key=_cost)[:_MOST_FORMS])


def _slips(many: int) -> float:
    return _SIMILAR + _SECOND * (many - 1)


def _cost(meaning: Meaning) -> float:
    return meaning.cost


Raw = tuple[str, bool, float, tuple[str, ...]]


def _as_written(word: str, known: Lexicon, *, several: bool) -> Iterator[Raw]:
    for name in name_variants(word):
        yield name, True, _VARIANT, ("diminutive",)
    for name in names_beginning(word):
        for variant in name_variants(name):
            yield variant, True, _VARIANT + _UNFINISHED, ("diminutive",)
    dearer = _SHORT if len(word) < _SHORTEST else 0.0
    for form, distance in known.similar(word, several=several):
        yield form, dearer > 0, _slips(distance) + dearer, ("similar",)
    if not word.isascii() and not dearer:
        for form in known.sounding(word):
            yield form, False, _SOUNDS_ALIKE, ("similar",)
    if several or not dearer:
        for name in misspelt_names(word):
            for variant in name_variants(name):
                yield variant, True, _SIMILAR + _VARIANT + dearer, ("diminutive", "similar")


def _in_other_alphabet(word: str, known: Lexicon, *, several: bool) -> Iterator[Raw]:
    for form in transliterations(word):
        yield form, False, _SPELLED, ("translit",)
        for name in names_beginning(form):
            for variant in name_variants(name):
                yield variant, True, _SPELLED + _VARIANT + _UNFINISHED, ("translit", "diminutive")
    yield from _from_latin(word, known, several=several) if word.isascii() else _to_latin(word, known)


def _to_latin(word: str, known: Lexicon) -> Iterator[Raw]:
    for form in transliterations(word):
        for near, distance in known.similar(form):
            yield near, False, _SPELLED + _slips(distance), ("translit", "similar")


def _from_latin(word: str, known: Lexicon, *, several: bool) -> Iterator[Raw]:
    if len(word) >= _SHORTEST_SPELLED:
        for form, complete in known.spelled(word):
            yield form, False, _SPELLED + (0.0 if complete else _UNFINISHED), ("translit",)
    for form in known.sounding(word):
        yield form, False, _SOUNDS, ("translit",)
    for name in names_spelled(word):
        for variant in name_variants(name):
            yield variant, True, _SPELLED + _VARIANT, ("translit", "diminutive")
    dearer = _SHORT if len(word) < _SHORTEST else 0.0
    for form, complete, distance in known.nearly_spelled(word, several=several):
        unfinished = 0.0 if complete else _UNFINISHED_SLIP
        yield form, complete, _SPELLED + _slips(distance) + dearer + unfinished, ("translit", "similar")
    for name in names_nearly_spelled(word):
        for variant in name_variants(name):
            yield variant, True, _SPELLED + _SIMILAR + _VARIANT, ("translit", "diminutive", "similar")
