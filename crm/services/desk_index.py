"""Search at the desk: a few thousand people held in memory, found before the next key.

The same readings of a query as everywhere (as typed, other layout, transliterated, diminutives), then the
organisation, then one typo. A hit through a typo or an organisation is shown and never taken without being chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from crm import text as texts
from crm.services.desk_rows import Arrival, Counters, DeskList
from crm.services.event_rows import EventRow
from crm.store.search import NameWords

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_PHONE_SIGNS: Final = re.compile(r"[\s()+\-\N{NO-BREAK SPACE}]+")
_FEWEST_DIGITS: Final = 3
_RECENT: Final = timedelta(minutes=5)
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
        for arrival in desk.arrivals:
            self.put(arrival)

    def put(self, arrival: Arrival) -> None:
        """Take a person in, or note what became of one."""
        if arrival.attendance_id is None:
            return
        self._by_person[arrival.person_id] = arrival
        self._by_attendance[arrival.attendance_id] = arrival
        if arrival.ticket_code:
            self._by_code[arrival.ticket_code] = arrival.attendance_id

    def drop(self, person_id: int) -> None:
        """Forget a walk-in that was taken back."""
        arrival = self._by_person.pop(person_id, None)
        if arrival is not None and arrival.attendance_id is not None:
            del self._by_attendance[arrival.attendance_id]

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
        here = [arrival for arrival in self.people() if arrival.is_here and arrival.first_in_at is not None]
        here.sort(key=lambda arrival: (arrival.first_in_at, arrival.attendance_id), reverse=True)
        return here[:many]

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
        expected = came = walk_ins = guests = missing = recent = 0
        since = now - _RECENT
        for arrival in self.people():
            status = arrival.status
            if status == "registered":
                expected += 1
            elif status == "attended":
                expected += 1
                came += 1
            elif status == "no_show":
                expected += 1
                missing += 1
            elif status == "walk_in":
                walk_ins += 1
            else:
                continue
            if arrival.is_here:
                guests += arrival.guest_count
                recent += arrival.first_in_at is not None and arrival.first_in_at > since
        capacity = self.event.capacity
        free = None if capacity is None else capacity - (expected - missing) - walk_ins - guests
        return Counters(expected, came, walk_ins, guests, expected - came - missing, capacity, free, recent)

    # -- search ---------------------------------------------------------------------------------------------------

    def find(self, text: str, limit: int = 9) -> list[Hit]:
        """Who on the list `text` may mean, the likeliest first; empty for less than anything to look for.

        Invited people who never registered are not on the list and are not found here.
        """
        hits = self._certain(text)
        if not hits:
            hits = self._by_organisation(text)
        hits.sort(key=_order)
        return hits[:limit]

    def count(self, text: str) -> int:
        """How many people `find` would give without a limit."""
        return len(self._certain(text) or self._by_organisation(text))

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
        readings = _readings(text)
        handle = texts.fold(text).lstrip("@")
        hits = []
        for arrival in self.people():
            if arrival.on_list is not on_list:
                continue
            for reason, query in readings:
                if _begin(arrival.words, query):
                    hits.append(Hit(arrival, reason, query))
                    break
            else:
                if handle and any(known.startswith(handle) for known in arrival.handles):
                    hits.append(Hit(arrival, "handle"))
        return hits

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
        return [
            Hit(arrival, "organisation")
            for arrival in self.people()
            if arrival.on_list
            and any(_begin(arrival.organisation_words, query) for reason, query in _readings(text) if reason != "name")
        ]

    def _misspelt(self, text: str, *, invited: bool) -> list[Hit]:
        known = NameWords(sorted({word for arrival in self.people() for word in arrival.words}))
        hits = []
        for reason, query in _readings(text):
            if reason not in {"typed", "layout"}:
                continue
            near = [{word, *known.similar(word), *known.sounding(word)} for word in query]
            for arrival in self.people():
                if not invited and not arrival.on_list:
                    continue
                if all(any(one.startswith(tuple(forms)) for one in arrival.words) for forms in near):
                    hits.append(Hit(arrival, "similar", tuple(sorted(set().union(*near)))))
        return hits


def arrived(arrival: Arrival, status: str, at: datetime) -> Arrival:
    """The same person, now here since `at`."""
    return replace(arrival, status=status, first_in_at=arrival.first_in_at or at)


def _readings(text: str) -> list[tuple[str, tuple[str, ...]]]:
    readings: dict[tuple[str, ...], str] = {}

    def add(reason: str, query: Iterable[str]) -> None:
        found = tuple(query)
        if found:
            readings.setdefault(found, reason)

    typed = texts.words(text)
    add("typed", typed)
    add("layout", texts.words(texts.other_layout(text)))
    for spelling in texts.transliterations(text):
        add("translit", texts.words(spelling))
    for place, word in enumerate(typed):
        for variant in texts.name_variants(word):
            add("name", (*typed[:place], variant, *typed[place + 1 :]))
    return [(reason, query) for query, reason in readings.items()]


def _begin(words: tuple[str, ...], query: tuple[str, ...]) -> bool:
    if len(query) == 1:
        beginning = query[0]
        return any(word.startswith(beginning) for word in words)
    free = list(words)
    for beginning in sorted(query, key=len, reverse=True):
        found = next((word for word in free if word.startswith(beginning)), None)
        if found is None:
            return False
        free.remove(found)
    return True


def _begins_phone(backwards: str, digits: str) -> bool:
    forwards = backwards[::-1]
    return forwards.startswith(digits) or forwards[1:].startswith(digits)


_REASONS: Final = ("ticket", "typed", "phone", "handle", "layout", "translit", "name", "organisation", "similar")


def _order(hit: Hit) -> tuple[int, int, int, tuple[str, ...], int]:
    settled = 2 if hit.arrival.status in _SETTLED else 1 if hit.arrival.is_here else 0
    whole = 0 if hit.words and set(hit.words) <= set(hit.arrival.words) else 1
    return (_REASONS.index(hit.reason), whole, settled, hit.arrival.words, hit.arrival.person_id)
