"""What the demo community is invented from: tables of our own in `resources/demo`, cells parted by «|»."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from crm import paths

Row = Mapping[str, str]
HERITAGES: Final = {
    "russian": 70,
    "tatar": 8,
    "ukrainian": 4,
    "caucasian": 4,
    "armenian": 4,
    "korean": 3,
    "georgian": 2,
    "german": 2,
    "latin": 3,
}
"""Where surnames come from, of a hundred."""


@cache
def table(name: str) -> tuple[Row, ...]:
    """The rows of one table."""
    with (paths.resources() / "demo" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True, slots=True)
class Weighted:
    """Words to draw from, the weighty ones more often."""

    words: tuple[str, ...]
    weights: tuple[int, ...]

    def draw(self, rng: random.Random) -> str:
        """One word."""
        return rng.choices(self.words, self.weights)[0]


@cache
def words(name: str) -> Weighted:
    """One list of `words.csv`: city, job, tag, source, offers, seeks, note."""
    rows = [row for row in table("words") if row["list"] == name]
    return Weighted(tuple(row["value"] for row in rows), tuple(int(row["weight"]) for row in rows))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one heritage, each as a pair (male, female)."""

    family: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, ...], tuple[str, ...]]
    patronymic: tuple[tuple[str, str], ...]


@cache
def names() -> Mapping[str, Names]:
    """Names by heritage."""
    found = {}
    for heritage in HERITAGES:
        rows = [row for row in table("names") if row["heritage"] == heritage]
        pairs = {
            part: tuple((row["male"], row["female"]) for row in rows if row["part"] == part)
            for part in ("family", "given", "patronymic")
        }
        men = tuple(male for male, _ in pairs["given"] if male)
        women = tuple(female for _, female in pairs["given"] if female)
        found[heritage] = Names(pairs["family"], (men, women), pairs["patronymic"])
    return found


@cache
def known_names() -> frozenset[tuple[str, str]]:
    """Full names that somebody well known bears: nobody here is called so."""
    return frozenset((row["family"], row["given"]) for row in table("known_names"))


def _any(_: Row) -> bool:
    return True


@dataclass(slots=True)
class Deck:
    """Cards dealt in shuffled order; when none is left that fits, all are shuffled again: repeats stay far apart."""

    cards: Sequence[Row]
    rng: random.Random
    _left: list[Row] = field(default_factory=list)

    def deal(self, fits: Callable[[Row], bool] = _any) -> Row:
        """The next card that fits. Raises LookupError where no card does."""
        for _ in range(2):
            for place in range(len(self._left) - 1, -1, -1):
                if fits(self._left[place]):
                    return self._left.pop(place)
            self._left = list(self.cards)
            self.rng.shuffle(self._left)
        raise LookupError("no card fits")
