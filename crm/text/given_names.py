"""Given names and their diminutives, from two tables of our own in `resources/`.

Modest on purpose: the common names of Russia and its neighbours. They decide the order of a name typed in one field,
lead from «Саша» to Александр and Александра, and give the Latin forms no rule gives (Julia, Peter, Xenia).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache

from crm import paths
from crm.text.folding import fold


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (paths.resources() / table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def genders() -> Mapping[str, str]:
    """Folded given name → «male» or «female»."""
    return {fold(row["name"]): row["gender"] for row in _rows("given_names.csv")}


@cache
def latin_forms() -> Mapping[str, tuple[str, ...]]:
    """Folded Russian given name → the Latin forms it is also known by."""
    return {fold(row["name"]): tuple(row["latin"].split()) for row in _rows("given_names.csv") if row["latin"]}


@cache
def from_latin() -> Mapping[str, tuple[str, ...]]:
    """Folded Latin form → Russian given names, folded."""
    return _turned(latin_forms())


@cache
def diminutives() -> Mapping[str, tuple[str, ...]]:
    """Folded full name → its folded diminutives."""
    return _turned(full_names())


@cache
def full_names() -> Mapping[str, tuple[str, ...]]:
    """Folded diminutive → the folded full names it may stand for."""
    found: dict[str, list[str]] = {}
    for row in _rows("diminutives.csv"):
        found.setdefault(fold(row["diminutive"]), []).append(fold(row["full"]))
    return {diminutive: tuple(full) for diminutive, full in found.items()}


def is_known(word: str) -> bool:
    """Whether the folded `word` is a given name, a diminutive or a Latin form of one."""
    return word in genders() or word in full_names() or word in from_latin()


def _turned(table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, values in table.items():
        for value in values:
            found.setdefault(value, []).append(key)
    return {value: tuple(keys) for value, keys in found.items()}
