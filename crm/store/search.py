"""Finding people however they are typed, for lists, the desk, the palette and the command line alike.

A query is read in several ways, in this order of rank: as typed; with the other forms of a given name (Саша,
Александр); in the other keyboard layout; in the other alphabet. Only when none of them finds anybody, names that sound
alike and names one edit away (two for long words) are looked for. Every word of a query must be found, each in any
column, in any order, as the beginning of a word. Digits are the end or the beginning of a phone.

The index answers with bare row ids; `Order` puts them in order without asking the store again, which is what keeps
10,000 hits within a frame.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from typing import Final, Literal

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm import contact_points, text
from crm.store.name_words import NameWords

__all__ = ["Found", "NameWords", "Order", "Reading", "Reason", "find"]

Reason = Literal["", "diminutive", "layout", "translit", "similar"]

_PHONE_SIGNS: Final = re.compile(r"[\d\s()+.\-‐-―]+")
_PHONE_PIECE: Final = re.compile(r"\+?\d[\d\s()\-‐-―]*\d|\d+")
_FEWEST_DIGITS: Final = 3
_FEWEST_LETTERS: Final = 2
_LONGEST_QUERY: Final = 200
_MOST_WORDS: Final = 12
_FEW: Final = 20
_ELSEWHERE: Final = "{names handles organisation facts} : "
"""Where a query in another layout or alphabet is looked for: not in notes, where every word would hit something."""


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


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query: why, and for each of its words the folded forms looked for."""

    reason: Reason
    words: tuple[tuple[str, ...], ...]

    @property
    def needles(self) -> tuple[str, ...]:
        """All forms looked for, for underlining."""
        return tuple(dict.fromkeys(form for forms in self.words for form in forms))


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found, in order, and by which reading: by `first`, unless among those of a later one."""

    ids: array[int]
    first: Reading | None = None
    later: tuple[tuple[Reading, frozenset[int]], ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def reading(self, person_id: int) -> Reading | None:
        """The reading that found the person; None when nothing was asked."""
        return next((reading for reading, ids in self.later if person_id in ids), self.first)


def find(
    session: Session,
    query: str,
    *,
    order: Order | None = None,
    within: Collection[int] | None = None,
    names: NameWords | None = None,
    limit: int | None = None,
) -> Found:
    """People found by `query`, those found as typed first, each group in `order` (by name when none is given).

    `within` keeps to some people (an event's, a filter's); `names` saves reading the words of names again; `limit`
    cuts the list. Deleted people are never found, archived ones only if `order` has them. An empty query finds
    nobody in particular: everyone of `order`, or of `within`.
    """
    query = text.clean(query[:_LONGEST_QUERY])
    if not query:
        ids = _by_name(session, within) if order is None else order.ids if within is None else order.arrange(within)
        return Found(ids if limit is None else ids[:limit])
    search = _Search(session, order, within, max(map(len, text.words(query)), default=0) < _FEWEST_LETTERS)
    search.run(_readings(query))
    if not search.found:
        known = names if names is not None else NameWords()
        known.follow(session)
        for reading in _guesses(query, known):
            search.run([reading])
            if search.found:
                break
    return search.answer(limit)


@dataclass(slots=True)
class _Search:
    """One search under way: who was found so far, and by what."""

    session: Session
    order: Order | None
    within: Collection[int] | None
    short: bool
    found: list[tuple[Reading, array[int]]] = field(default_factory=list)

    def run(self, readings: Iterable[_Typed | Reading]) -> None:
        """Add those whom each reading finds besides."""
        for one in readings:
            reading = one.reading if isinstance(one, _Typed) else one
            if reading.reason and self.found and self.short:
                # One letter means its own beginnings; in another alphabet it would find nearly everybody.
                continue
            hits = one.hits(self.session) if isinstance(one, _Typed) else _match(self.session, _expression(one))
            if self.within is not None:
                hits = set(hits).intersection(self.within)
            if hits and self.found:
                hits = set(hits).difference(*(ids for _, ids in self.found))
            if not hits:
                continue
            arranged = self.order.arrange(hits) if self.order is not None else _by_name(self.session, hits)
            if arranged:
                self.found.append((reading, arranged))

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
            return _with_key(session, self.handle)
        found: set[int] | None = None
        for phone in self.phones:
            those = _with_phone(session, phone)
            found = those if found is None else found & those
        if not self.expression:
            return found or ()
        matched = _match(session, self.expression)
        return matched if found is None else found.intersection(matched)


def _readings(query: str) -> Iterator[Reading | _Typed]:
    handle = _handle(query)
    if handle:
        yield _Typed(Reading("", tuple((word,) for word in text.words(handle))), handle=handle)
        return
    phones, rest = _phones(query)
    words = text.words(rest)[:_MOST_WORDS]
    typed = Reading("", tuple((word,) for word in (*phones, *words)))
    if not typed.words:
        return
    columns = "- digits : " if words and all(word.isdecimal() for word in words) else ""
    yield _Typed(typed, columns + _expression(Reading("", tuple((word,) for word in words))) if words else "", phones)
    if phones:
        # A number that is no phone's may still stand in a name or a note.
        yield _Typed(typed, "- digits : " + _expression(typed))
        return
    yield from (Reading(why, forms) for why, forms in text.other_readings(query, words, _MOST_WORDS))


def _guesses(query: str, names: NameWords) -> Iterator[Reading]:
    """Readings for a query that found nobody: by sound, then one edit away, as typed before the other layout."""
    words = text.words(query)[:_MOST_WORDS]
    sounding = tuple((word, *names.sounding(word)) for word in words)
    if words and any(len(forms) > 1 for forms in sounding):
        yield Reading("translit" if query.isascii() else "similar", sounding)
    attempts = [words, text.words(text.other_layout(query))[:_MOST_WORDS]]
    attempts += [text.words(spelled)[:_MOST_WORDS] for spelled in text.transliterations(query)]
    for attempt in attempts:
        similar = tuple((word, *names.similar(word)) for word in attempt)
        if any(len(forms) > 1 for forms in similar):
            yield Reading("similar", similar)


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


def _with_phone(session: Session, number: str) -> set[int]:
    """People with a phone that ends or begins with these digits.

    Both reversed digits and whole numbers stand in the digits column, so its hits are held against the phones.
    """
    connection = session.connection()
    backwards = number[::-1]
    ends = connection.exec_driver_sql(
        "SELECT DISTINCT person_id FROM contact_point "
        "WHERE kind IN ('phone', 'whatsapp') AND substr(search_text, 1, ?1) = ?2 "
        "AND person_id IN (SELECT rowid FROM person_search WHERE person_search MATCH ?3)",
        (len(backwards), backwards, "{digits handles} : " + _prefix(backwards)),
    )
    found = {row[0] for row in ends}
    beginnings = {"+" + number, "+7" + number}
    if number.startswith("8"):
        beginnings.add("+7" + number[1:])
    for beginning in beginnings:
        found |= _with_key(session, beginning, ("phone", "whatsapp"))
    return found


def _with_key(session: Session, beginning: str, kinds: Collection[str] = ()) -> set[int]:
    """People with a contact point whose key begins so; deleted ones fall out when the people are put in order."""
    among = f"AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    listed = (
        session.connection()
        .exec_driver_sql(
            f"SELECT group_concat(person_id) FROM contact_point WHERE key >= ? AND key < ? {among}",
            (beginning, beginning + "\U0010ffff", *kinds),
        )
        .scalar()
    )
    return set(map(int, listed.split(","))) if listed else set()


def _expression(reading: Reading) -> str:
    """The FTS5 expression of a reading; nothing of a query but letters and digits can be in it."""
    whole = reading.reason == "diminutive"
    terms = []
    for forms in reading.words:
        first, *others = forms
        alternatives = [_prefix(first), *(f'"{form}"' if whole else _prefix(form) for form in others)]
        terms.append(f"({' OR '.join(alternatives)})" if others else alternatives[0])
    joined = f"({' AND '.join(terms)})"
    return _ELSEWHERE + joined if reading.reason in {"layout", "translit"} else joined


def _prefix(word: str) -> str:
    return f'"{word}" *'


def _match(session: Session, expression: str) -> list[int]:
    # One string of ids is several times cheaper to fetch than as many rows.
    statement = "SELECT group_concat(rowid) FROM person_search WHERE person_search MATCH ?"
    try:
        listed = session.connection().exec_driver_sql(statement, (expression,)).scalar()
    except OperationalError as error:
        if "phrase" in str(error.orig):
            # A letter younger than the tokenizer's tables parts a word there and not here: nobody has that word.
            return []
        raise
    return list(map(int, listed.split(","))) if listed else []


def _by_name(session: Session, wanted: Collection[int] | None) -> array[int]:
    chosen = "" if wanted is None else "AND id IN (SELECT value FROM json_each(?))"
    bound = () if wanted is None else (f"[{','.join(map(str, wanted))}]",)
    rows = session.connection().exec_driver_sql(
        f"SELECT id FROM person WHERE deleted_at IS NULL AND archived_at IS NULL {chosen} ORDER BY sort_key, id", bound
    )
    return array("q", (row[0] for row in rows))
