"""Search at the desk: a few thousand people held in memory, found before the next key.

The same readings of a query as everywhere (as typed, other layout, transliterated, diminutives), then the
organisation, then one typo. A hit through a typo or an organisation is shown and never taken without being chosen.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Final

from crm import text as texts
from crm.services.desk_rows import Arrival, Counters, DeskList
from crm.services.event_rows import EventRow
from crm.text import Forms, Reading

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_PHONE_SIGNS: Final = re.compile(r"[\s()+\-\N{NO-BREAK SPACE}]+")
_FEWEST_DIGITS: Final = 3
_RECENT: Final = timedelta(minutes=5)
_LAST: Final = "\U0010ffff"
_DESK_WORDS: Final = {"": "typed", "diminutive": "name"}
_MOST_WORDS: Final = 12
_SETTLED: Final = ("cancelled", "rejected", "transferred")


@dataclass(frozen=True, slots=True)
class Hit:
    """A person a query found: `reason` is typed, layout, translit, name, phone, ticket, handle, organisation or
    similar; `words` are the folded beginnings to underline."""

    arrival: Arrival
    reason: str
    words: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether Enter may take this hit when it is the only one."""
        return self.reason not in {"similar", "organisation"}


class DeskIndex:
    """Everybody the desk knows, kept in step act by act. Not thread-safe: it belongs to one desk."""

    def __init__(self, desk: DeskList) -> None:
        self.event: EventRow = desk.event
        self.last_scan_at = desk.last_scan_at
        self._by_attendance: dict[int, Arrival] = {}
        self._by_person: dict[int, Arrival] = {}
        self._by_code: dict[str, int] = {}
        self._statuses: Counter[str] = Counter()
        self._guests = 0
        self._times: list[tuple[datetime, int]] = []
        self._words: list[tuple[str, int]] | None = None
        self._lexicon: texts.Lexicon | None = None
        self._found: tuple[str, list[Hit]] | None = None
        for arrival in desk.arrivals:
            self.put(arrival)

    def put(self, arrival: Arrival) -> None:
        """Take a person in, or note what became of one."""
        if arrival.attendance_id is None:
            return
        before = self._by_attendance.get(arrival.attendance_id)
        if before is not None:
            self._count(before, -1)
        if before is None or before.words != arrival.words:
            self._words = self._lexicon = None
        self._found = None
        self._by_person[arrival.person_id] = arrival
        self._by_attendance[arrival.attendance_id] = arrival
        self._count(arrival, 1)
        if arrival.ticket_code:
            self._by_code[arrival.ticket_code] = arrival.attendance_id

    def drop(self, person_id: int) -> None:
        """Forget a walk-in that was taken back."""
        arrival = self._by_person.pop(person_id, None)
        if arrival is not None and arrival.attendance_id is not None:
            del self._by_attendance[arrival.attendance_id]
            self._count(arrival, -1)
            self._words = self._lexicon = None
            self._found = None

    def _count(self, arrival: Arrival, by: int) -> None:
        self._statuses[arrival.status] += by
        if not arrival.is_here:
            return
        self._guests += by * arrival.guest_count
        if arrival.first_in_at is not None:
            moment = (arrival.first_in_at, arrival.attendance_id or 0)
            if by > 0:
                insort(self._times, moment)
            else:
                del self._times[bisect_left(self._times, moment)]

    def by_attendance(self, attendance_id: int) -> Arrival | None:
        """The person of an attendance."""
        return self._by_attendance.get(attendance_id)

    def by_person(self, person_id: int) -> Arrival | None:
        """A person by id, if the desk knows one."""
        return self._by_person.get(person_id)

    def by_code(self, code: str) -> Arrival | None:
        """The holder of a ticket of this event."""
        attendance_id = self._by_code.get(code)
        return None if attendance_id is None else self._by_attendance.get(attendance_id)

    def people(self) -> Iterable[Arrival]:
        """Everybody the desk knows."""
        return self._by_attendance.values()

    def last_arrivals(self, many: int = 5) -> list[Arrival]:
        """Who arrived last, the latest first."""
        return [self._by_attendance[attendance_id] for _, attendance_id in reversed(self._times[-many:])]

    def colleagues(self, arrival: Arrival, many: int = 4) -> list[Arrival]:
        """Others from the same organisation who are still expected."""
        if arrival.organisation_id is None:
            return []
        found = [
            other
            for other in self.people()
            if other.organisation_id == arrival.organisation_id
            and other.status == "registered"
            and other.person_id != arrival.person_id
        ]
        return sorted(found, key=lambda other: other.words)[:many]

    def counters(self, now: datetime) -> Counters:
        """What the desk shows of itself at `now` (UTC)."""
        counts = self._statuses
        came, missing, walk_ins = counts["attended"], counts["no_show"], counts["walk_in"]
        expected = counts["registered"] + came + missing
        recent = len(self._times) - bisect_right(self._times, (now - _RECENT, sys.maxsize))
        capacity = self.event.capacity
        free = None if capacity is None else capacity - (expected - missing) - walk_ins - self._guests
        return Counters(expected, came, walk_ins, self._guests, expected - came - missing, capacity, free, recent)

    # -- search ---------------------------------------------------------------------------------------------------

    def find(self, text: str, limit: int = 9) -> list[Hit]:
        """Who on the list `text` may mean, the likeliest first; empty for less than anything to look for.

        Invited people who never registered are not on the list and are not found here.
        """
        return nsmallest(limit, self._all(text), key=_order)

    def count(self, text: str) -> int:
        """How many people `find` would give without a limit."""
        return len(self._all(text))

    def _all(self, text: str) -> list[Hit]:
        if self._found is None or self._found[0] != text:
            self._found = (text, self._certain(text) or self._by_organisation(text))
        return self._found[1]

    def similar(self, text: str, limit: int = 5, *, invited: bool = True) -> list[Hit]:
        """Who was perhaps meant: hits of `find`, invited people, then names one letter away (two in long words)."""
        found: dict[int, Hit] = {hit.arrival.person_id: hit for hit in self.find(text, limit)}
        if invited:
            for hit in self._certain(text, on_list=False):
                found.setdefault(hit.arrival.person_id, hit)
        for hit in self._misspelt(text, invited=invited):
            found.setdefault(hit.arrival.person_id, hit)
        return list(found.values())[:limit]

    def _certain(self, text: str, *, on_list: bool = True) -> list[Hit]:
        digits = _PHONE_SIGNS.sub("", text)
        if _DIGITS.fullmatch(digits):
            return self._by_digits(digits, on_list=on_list)
        hits: dict[int, Hit] = {}
        for reason, query in _readings(text):
            # One word in one form: whoever the index gives has it.
            only = query.words[0] if len(query.words) == 1 == len(query.words[0]) else ()
            for attendance_id in self._beginning(query.words):
                arrival = self._by_attendance[attendance_id]
                if attendance_id in hits or arrival.on_list is not on_list:
                    continue
                matched = only or _matched(arrival.words, query)
                if matched:
                    hits[attendance_id] = Hit(arrival, reason, matched)
        handle = texts.fold(text).lstrip("@")
        if len(handle) >= _FEWEST_DIGITS:
            for arrival in self.people():
                if arrival.on_list is on_list and any(known.startswith(handle) for known in arrival.handles):
                    hits.setdefault(arrival.attendance_id or 0, Hit(arrival, "handle"))
        return list(hits.values())

    def _beginning(self, query: Forms) -> Iterable[int]:
        """Attendances of people in whose names some form of each word of a query begins a word."""
        if self._words is None:
            self._words = sorted((word, one) for one, arrival in self._by_attendance.items() for word in arrival.words)
        found: set[int] | None = None
        for forms in query:
            those: set[int] = set()
            for form in forms:
                first = bisect_left(self._words, (form, 0))
                last = bisect_left(self._words, (form + _LAST, 0))
                those.update(one for _, one in self._words[first:last])
            found = those if found is None else found & those
        return found or ()

    def _by_digits(self, digits: str, *, on_list: bool) -> list[Hit]:
        if len(digits) < _FEWEST_DIGITS:
            return []
        national = digits[1:] if len(digits) == 11 and digits[0] in "78" else digits
        backwards = national[::-1]
        hits = []
        for arrival in self.people():
            if arrival.on_list is not on_list:
                continue
            if arrival.ticket_code and arrival.ticket_code.endswith(digits):
                hits.append(Hit(arrival, "ticket"))
            elif any(phone.startswith(backwards) or _begins_phone(phone, national) for phone in arrival.digits):
                hits.append(Hit(arrival, "phone"))
        return hits

    def _by_organisation(self, text: str) -> list[Hit]:
        queries = [query for reason, query in _readings(text) if reason != "name"]
        # Hundreds of people share a few firms: each firm is looked at once.
        firms = {arrival.organisation_words for arrival in self.people() if arrival.on_list}
        meant = {words for words in firms if words and any(_matched(words, query) for query in queries)}
        return [
            Hit(arrival, "organisation")
            for arrival in (self.people() if meant else ())
            if arrival.on_list and arrival.organisation_words in meant
        ]

    def _misspelt(self, text: str, *, invited: bool) -> list[Hit]:
        if self._lexicon is None:
            self._lexicon = texts.Lexicon(word for arrival in self.people() for word in arrival.words)
        guess = texts.guessed(text, self._lexicon, _MOST_WORDS)
        if guess is None:
            return []
        fits = [
            (fit, arrival)
            for arrival in self.people()
            if (invited or arrival.on_list) and (fit := guess.answered(" ".join(arrival.words))) is not None
        ]
        farthest = texts.close_enough([fit.cost for fit, _ in fits])
        near = sorted((fit.cost, arrival.words, arrival.person_id, fit, arrival) for fit, arrival in fits)
        return [Hit(arrival, "similar", fit.forms) for cost, _, _, fit, arrival in near if cost <= farthest]


def _readings(text: str) -> list[tuple[str, Reading]]:
    typed = texts.words(text)
    plain = [Reading("", tuple((word,) for word in typed))] if typed else []
    apart = texts.initials_apart(typed)
    found = [*plain, *texts.other_readings(text, typed), *([apart] if apart else ())]
    # Of two ways at once the first is named: the other layout, the other alphabet.
    return [(_DESK_WORDS.get(way := reading.reason.partition(" ")[0], way), reading) for reading in found]


def _matched(words: tuple[str, ...], query: Reading) -> tuple[str, ...]:
    """The form of each word of a query that begins a word of its own, or is the whole; empty when one has none."""
    free = list(words)
    matched = []
    for forms in sorted(query.words, key=_length, reverse=True) if len(query.words) > 1 else query.words:
        for form in forms:
            if form in query.wholes:
                found = form if form in free else None
            else:
                found = next((word for word in free if word.startswith(form)), None)
            if found is not None:
                free.remove(found)
                matched.append(form)
                break
        else:
            return ()
    return tuple(matched)


def _length(forms: tuple[str, ...]) -> int:
    return len(forms[0])


def _begins_phone(backwards: str, digits: str) -> bool:
    forwards = backwards[::-1]
    return forwards.startswith(digits) or forwards[1:].startswith(digits)


_REASONS: Final = ("ticket", "typed", "phone", "handle", "layout", "translit", "name", "organisation", "similar")


def _order(hit: Hit) -> tuple[int, int, int, int, tuple[str, ...], int]:
    settled = 2 if hit.arrival.status in _SETTLED else 1 if hit.arrival.is_here else 0
    whole = 0 if hit.words and set(hit.words) <= set(hit.arrival.words) else 1
    # A name that is shown comes before a patronymic that is not.
    hidden = 1 if hit.words and not texts.spans(hit.arrival.name, hit.words) else 0
    return (_REASONS.index(hit.reason), whole, hidden, settled, hit.arrival.words, hit.arrival.person_id)
