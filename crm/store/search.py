"""Finding people however they are typed, for lists, the desk, the palette and the command line alike.

A query is read in several ways, in this order of rank: as typed; with the other forms of a given name (Саша,
Александр); in the other keyboard layout; in the other alphabet; two of these at once. Only when none of them finds
anybody it is guessed: names that sound alike and names one edit away (two for long words), together with any of the
others. Every word of a query must be found, each in any column, in any order, as the beginning of a word. Digits are
the end or the beginning of a phone.

The index answers with bare row ids (`search_index`); those of a reading are put in steps, a name before a note
(`search_rank`), and `Order` puts each step in order without asking the store again, which is what keeps 10,000 hits
within a frame.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from typing import Final

from sqlalchemy.orm import Session

from crm import contact_points, text
from crm.store.name_words import NameWords
from crm.store.search_found import Found
from crm.store.search_guess import doubt_of, guessed
from crm.store.search_index import (
    by_name,
    expression,
    match,
    with_key,
    with_phone,
)
from crm.store.search_rank import ranked
from crm.text import Reading

__all__ = ["Found", "NameWords", "Order", "Reading", "find"]

_PHONE_SIGNS: Final = re.compile(r"[\d\s()+.\-‐-―]+")
_PHONE_PIECE: Final = re.compile(r"\+?\d[\d\s()\-‐-―]*\d|\d+")
_FEWEST_DIGITS: Final = 3
_FEWEST_LETTERS: Final = 2
_LONGEST_QUERY: Final = 200
_MOST_WORDS: Final = 12
_FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Order:
    """People in some order: `ids` from first to last, `rank[id]` the place of a person, `len(ids)` for nobody here."""

    ids: array[int]
    rank: array[int]

    @classmethod
    def of(cls, ids: array[int]) -> Order:
        """The order of `ids`."""
        rank = array("q", [len(ids)]) * (max(ids, default=0) + 1)
        for place, person_id in enumerate(ids):
            rank[person_id] = place
        return cls(ids, rank)

    def arrange(self, wanted: Collection[int]) -> array[int]:
        """Those of `wanted` who are in this order, in this order."""
        rank, ids = self.rank, self.ids
        known, nobody = len(rank), len(ids)
        if len(wanted) * _FEW < nobody:
            places = sorted(rank[person_id] for person_id in wanted if person_id < known)
            return array("q", (ids[place] for place in places if place < nobody))
        # Marking places and reading them off in turn costs the same however many are wanted.
        flags = bytearray(nobody + 1)
        for person_id in wanted:
            if person_id < known:
                flags[rank[person_id]] = 1
        return array("q", compress(ids, flags))


def find(
    session: Session,
    query: str,
    *,
    order: Order | None = None,
    within: Collection[int] | None = None,
    names: NameWords | None = None,
    limit: int | None = None,
    by_rank: bool = True,
) -> Found:
    """People found by `query`, those found as typed first, of these those whose name it is, then in `order`.

    Without `order` the list is by name. `by_rank=False` keeps each reading's people in `order` alone, for a list that
    is sorted by something a person chose. `within` keeps to some people (an event's, a filter's); `names` saves reading
    the words of names again; `limit` cuts the list. Deleted people are never found, archived ones only if `order` has
    them. An empty query finds nobody in particular: everyone of `order`, or of `within`.
    """
    query = text.clean(query[:_LONGEST_QUERY])
    if not query:
        ids = by_name(session, within) if order is None else order.ids if within is None else order.arrange(within)
        return Found(ids if limit is None else ids[:limit])
    short = max(map(len, text.words(query)), default=0) < _FEWEST_LETTERS
    search = _Search(session, order, within, short, by_rank)
    search.run(_readings(query))
    if not search.found:
        search.run(_plainer_readings(query))
    return search.weigh(query, names if names is not None else NameWords(), limit)


@dataclass(slots=True)
class _Search:
    """One search under way: who was found so far, and by what."""

    session: Session
    order: Order | None
    within: Collection[int] | None
    short: bool
    by_rank: bool
    found: list[tuple[Reading, array[int]]] = field(default_factory=list)

    def run(self, readings: Iterable[_Typed | Reading]) -> None:
        """Add those whom each reading finds besides."""
        for one in readings:
            reading = one.reading if isinstance(one, _Typed) else one
            if reading.reason and self.found and self.short:
                # One letter means its own beginnings; in another alphabet it would find nearly everybody.
                continue
            hits = one.hits(self.session) if isinstance(one, _Typed) else match(self.session, expression(one))
            if self.within is not None:
                hits = set(hits).intersection(self.within)
            if hits and self.found:
                hits = set(hits).difference(*(ids for _, ids in self.found))
            if not hits:
                continue
            plain = isinstance(one, _Typed) and not one.expression
            if self.by_rank and not plain:
                arranged = ranked(self.session, reading, hits, self._arrange)
            else:
                arranged = self._arrange(hits)
            if arranged:
                self.found.append((reading, arranged))

    def weigh(self, query: str, names: NameWords, limit: int | None) -> Found:
        """All that was found, and whom the query may have meant besides: nobody being found, or found by chance."""
        words = text.words(query)[:_MOST_WORDS]
        doubt = doubt_of(self.session, *self._likeliest(), words) if self.found else "nobody"
        found = self.answer(None)
        if doubt:
            names.follow(self.session)
            may_be = guessed(self.session, text.guessed(query, names, _MOST_WORDS), self._arrange, self.within, doubt)
            found = found.then(may_be) if doubt == "alike" else may_be.then(found)
            if doubt == "nobody" and (apart := text.initials_apart(words)):
                # A name of two or three letters is likelier to be mistyped than two initials to lack their points.
                self.run([apart])
                found = self.answer(None).then(found) if _in_capitals(query) else found.then(self.answer(None))
        return found if limit is None else Found(found.ids[:limit], found.first, found.later)

    def _likeliest(self) -> tuple[Reading, int]:
        reading, ids = self.found[0]
        return reading, ids[0]

    def _arrange(self, hits: Collection[int]) -> array[int]:
        return self.order.arrange(hits) if self.order is not None else by_name(self.session, hits)

    def answer(self, limit: int | None) -> Found:
        """All that was found, the first reading's people first."""
        if not self.found:
            return Found(array("q"))
        (first, ids), *later = self.found
        for _, more in later:
            ids = ids + more
        return Found(
            ids if limit is None else ids[:limit],
            first,
            tuple((reading, frozenset(more)) for reading, more in later),
        )


@dataclass(frozen=True, slots=True)
class _Typed:
    """The query as typed: besides words it may hold phones, or be one handle or address."""

    reading: Reading
    expression: str = ""
    phones: tuple[str, ...] = ()
    handle: str = ""

    def hits(self, session: Session) -> Collection[int]:
        """Who has all of it."""
        if self.handle:
            return with_key(session, self.handle)
        found: set[int] | None = None
        for phone in self.phones:
            those = with_phone(session, phone)
            found = those if found is None else found & those
        if not self.expression:
            return found or ()
        matched = match(session, self.expression)
        return matched if found is None else found.intersection(matched)


def _plainer_readings(query: str) -> Iterator[Reading]:
    """What is left when nobody has all of it: the end of an address by its words, a firm without its legal form."""
    words = text.words(query)[:_MOST_WORDS]
    if words and _handle(query):
        yield _as_typed(words)
    bare = text.without_legal_form(words)
    if bare is not None:
        yield bare


def _as_typed(words: Iterable[str]) -> Reading:
    return Reading("", tuple((word,) for word in words))


def _in_capitals(query: str) -> bool:
    return any(len(word) > 1 and word.isupper() for word in query.split()) and not query.isupper()


def _readings(query: str) -> Iterator[Reading | _Typed]:
    handle = _handle(query)
    if handle:
        yield _Typed(_as_typed(text.words(handle)), handle=handle)
        return
    phones, rest = _phones(query)
    words = text.words(rest)[:_MOST_WORDS]
    typed = _as_typed((*phones, *words))
    if not typed.words:
        return
    columns = "- digits : " if words and all(word.isdecimal() for word in words) else ""
    yield _Typed(typed, columns + expression(_as_typed(words)) if words else "", phones)
    if phones:
        # A number that is no phone's may still stand in a name or a note, in one piece or as it is typed.
        yield _Typed(typed, "- digits : " + expression(typed))
        apart = _as_typed(text.words(query)[:_MOST_WORDS])
        if apart.words and apart != typed:
            yield _Typed(apart, "- digits : " + expression(apart))
        return
    yield from text.other_readings(query, words, _MOST_WORDS)


def _handle(query: str) -> str:
    """The handle or address that the query begins to spell, as contact points are compared; else nothing."""
    if "/" in query:
        kind = contact_points.guessed_kind(query)
        return contact_points.key(kind, query) or "" if kind in {"telegram", "vk", "max"} else ""
    return query.removeprefix("@").casefold() if "@" in query and " " not in query else ""


def _phones(query: str) -> tuple[tuple[str, ...], str]:
    """The ends or beginnings of phones in a query, as digits, and the rest of it."""
    if _PHONE_SIGNS.fullmatch(query):
        number = contact_points.digits(query)
        return ((number,), "") if len(number) >= _FEWEST_DIGITS else ((), query)
    phones: list[str] = []

    def take(match: re.Match[str]) -> str:
        number = contact_points.digits(match.group())
        if len(number) < _FEWEST_DIGITS:
            return match.group()
        phones.append(number)
        return " "

    # Digits inside a word («ivan2000») stay with it.
    pieces = re.split(r"(?<=\s)|(?=\s)", query)
    rest = "".join(_PHONE_PIECE.sub(take, piece) if _PHONE_PIECE.fullmatch(piece) else piece for piece in pieces)
    return tuple(phones), rest
