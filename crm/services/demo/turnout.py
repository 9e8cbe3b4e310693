"""Who is on the list of which event, and what became of it."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final

from crm.services.demo import tables
from crm.services.demo.personas import EAGERNESS, Persona
from crm.services.demo.programme import Gathering
from crm.services.demo.scale import Scale

_COMES: Final = {
    "loyal": 0.9,
    "regular": 0.8,
    "occasional": 0.68,
    "new": 0.8,
    "fading": 0.78,
    "tried": 0.7,
    "never": 0.0,
}
"""The share of those on the list who come, by path; online it is less."""
_ON_STAGE: Final = 5
_ASKED_FOR_NEXT: Final = 2.1
"""The list of the next event over those registered: the others were invited and have not answered yet."""
_LIST_OPEN_DAYS: Final = 24
_STAYING: Final = {"loyal": 0.95, "regular": 0.9, "occasional": 0.5}
"""The share of those who come a second time within `_SOON`, by path."""
_SOON: Final = timedelta(days=85)
_VISITS_OF_FADING: Final = 4


@dataclass(slots=True)
class Turnout:
    """One person at one event; `number` is the person's place among the personas."""

    number: int
    role: str
    status: str
    invited_at: datetime | None = None
    registered_at: datetime | None = None
    first_in_at: datetime | None = None
    cancelled_at: datetime | None = None
    guest_count: int = 0
    minutes: int | None = None


class Lists:
    """Draws the list of every event: `must` holds the visits that a person's path promises."""

    def __init__(
        self, people: Sequence[Persona], programme: Sequence[Gathering], scale: Scale, now: datetime, rng: random.Random
    ) -> None:
        self._people = people
        self._rng = rng
        self._now = now
        self._invited_share = scale.invited_share
        self._pools: dict[tuple[int, int], tuple[list[int], list[float]]] = {}
        self._by_role = {
            "organiser": [n for n, persona in enumerate(people) if persona.kind == "team"],
            "speaker": [n for n, persona in enumerate(people) if "спикер" in persona.tags],
            "volunteer": [n for n, persona in enumerate(people) if "волонтёр" in persona.tags],
        }
        self._must = _promised_visits(people, programme, rng)
        self._size(programme, scale)

    def draw(self, gathering: Gathering) -> Iterator[Turnout]:
        """The list of an event, the people on its stage first."""
        rng = self._rng
        taken: dict[int, str] = {}
        for role, many in (("organiser", 1), ("speaker", 2 if gathering.kind == "meeting" else 1), ("volunteer", 2)):
            if gathering.status == "cancelled" or (role == "volunteer" and gathering.format == "online"):
                continue
            free = [n for n in self._sample(self._by_role[role], many + 2) if self._there(n, gathering.on)]
            for number in free[:many]:
                taken.setdefault(number, role)
        promised = self._must.get(id(gathering), ())
        for number in promised:
            taken.setdefault(number, "guest")
        numbers, weights = self._pool(gathering.on)
        attempts = 0
        while len(taken) < gathering.size and attempts < 40:
            attempts += 1
            for number in rng.choices(numbers, cum_weights=weights, k=gathering.size - len(taken)):
                if number not in taken and self._there(number, gathering.on):
                    taken[number] = "guest"
        full = gathering.capacity
        waiting = gathering.size if not gathering.next else self._registered
        for place, (number, role) in enumerate(taken.items()):
            yield self._outcome(gathering, number, role, number in promised, place, waiting, full)

    # -- how many -------------------------------------------------------------------------------------------------

    def _size(self, programme: Sequence[Gathering], scale: Scale) -> None:
        """Share the attendance of the whole community among its events, by appeal and by how many there were."""
        self._registered = scale.next_registered
        weights, limits = [], []
        for gathering in programme:
            numbers, cumulated = self._pool(gathering.on)
            far = max(0, (gathering.on - self._now.date()).days)
            early = 1.0 if gathering.past else max(0.25, 0.7 - far / 50)
            weights.append(0.0 if gathering.next else cumulated[-1] * gathering.appeal * early if numbers else 0.0)
            limits.append(len(numbers) * 7 // 10)
        upcoming = next(place for place, gathering in enumerate(programme) if gathering.next)
        limits[upcoming] = max(
            self._registered, min(limits[upcoming] * 13 // 10, round(_ASKED_FOR_NEXT * self._registered))
        )
        sizes = [
            min(limit, len(self._must.get(id(gathering), ())) + _ON_STAGE)
            for gathering, limit in zip(programme, limits, strict=True)
        ]
        sizes[upcoming] = limits[upcoming]
        left = max(0, scale.attendance - sum(sizes))
        for _ in range(20):
            open_weight = sum(w for w, size, limit in zip(weights, sizes, limits, strict=True) if size < limit)
            if left <= 0 or open_weight <= 0:
                break
            share = left / open_weight
            for place, weight in enumerate(weights):
                more = min(limits[place] - sizes[place], round(weight * share), left)
                if weight and more > 0:
                    sizes[place] += more
                    left -= more
        for place in sorted(range(len(sizes)), key=lambda place: -weights[place]):
            if left and sizes[place] < limits[place] and weights[place]:
                sizes[place] += 1
                left -= 1
        for gathering, size in zip(programme, sizes, strict=True):
            gathering.size = size
            if gathering.next:
                gathering.capacity = -(-self._registered * 11 // 100) * 10
            elif gathering.format == "offline" and size:
                roomy = 2.5 if not gathering.past else 0.86 if self._rng.random() < 0.2 else 1.25
                gathering.capacity = max(10, -(-round(size * roomy) // 5) * 5)

    # -- who ------------------------------------------------------------------------------------------------------

    def _pool(self, on: date) -> tuple[list[int], list[float]]:
        month = (on.year, on.month)
        if month not in self._pools:
            numbers = [
                number
                for number, persona in enumerate(self._people)
                if persona.start <= on.replace(day=28) and persona.end >= on.replace(day=1)
            ]
            eager = accumulate(EAGERNESS[self._people[number].path] for number in numbers)
            self._pools[month] = (numbers, list(eager))
        return self._pools[month]

    def _there(self, number: int, on: date) -> bool:
        persona = self._people[number]
        return persona.start <= on <= persona.end

    def _sample(self, numbers: list[int], many: int) -> list[int]:
        return self._rng.sample(numbers, min(many, len(numbers)))

    # -- what became of it ----------------------------------------------------------------------------------------

    def _outcome(
        self,
        gathering: Gathering,
        number: int,
        role: str,
        promised: bool,
        place: int,
        waiting: int,
        full: int | None,
    ) -> Turnout:
        rng, persona = self._rng, self._people[number]
        latest = min(gathering.starts_at, self._now)
        days = min(_LIST_OPEN_DAYS, max(0, (latest.date() - persona.start).days - 1))
        registered_at = latest - timedelta(seconds=int(rng.random() * (days * 86_400 + 3_600)))
        invited_at = registered_at - timedelta(seconds=int(rng.random() * 320_000)) if rng.random() < 0.8 else None
        turnout = Turnout(number, role, "registered", invited_at, registered_at)
        if gathering.status == "planned":
            if gathering.next and place >= waiting:
                return Turnout(number, "guest", "invited", invited_at=registered_at)
            if role == "guest" and not gathering.next and rng.random() < 0.4:
                return Turnout(number, "guest", "invited", invited_at=registered_at)
            return turnout
        if role == "guest" and not promised and rng.random() < self._invited_share:
            return Turnout(number, "guest", "invited", invited_at=registered_at)
        draw = rng.random()
        if gathering.status == "cancelled" or (role == "guest" and not promised and draw < 0.07):
            turnout.status, turnout.cancelled_at = "cancelled", self._before(registered_at, gathering.starts_at)
        elif role == "guest" and not promised and full is not None and place >= full:
            turnout.status = "waitlisted"
        elif role == "guest" and draw > 0.93 and persona.path not in {"loyal", "never"}:
            turnout = Turnout(number, role, "walk_in")
        elif role != "guest" or promised or rng.random() < self._comes(persona, gathering):
            turnout.status = "attended"
        else:
            turnout.status = "no_show"
        if turnout.status in {"attended", "walk_in"}:
            self._let_in(turnout, gathering)
        return turnout

    def _comes(self, persona: Persona, gathering: Gathering) -> float:
        return _COMES[persona.path] * (0.85 if gathering.format == "online" else 1.0)

    def _let_in(self, turnout: Turnout, gathering: Gathering) -> None:
        rng = self._rng
        if gathering.format == "online":
            length = int((gathering.ends_at - gathering.starts_at).total_seconds() // 60)
            turnout.first_in_at = gathering.starts_at + timedelta(seconds=-300 + int(rng.random() * 1200))
            turnout.minutes = length // 4 + int(rng.random() * length * 0.75)
            return
        early = -5400 if turnout.role != "guest" else -1500
        turnout.first_in_at = gathering.starts_at + timedelta(seconds=early + int(rng.random() * (900 - early)))
        if turnout.role == "guest" and rng.random() < 0.02:
            turnout.guest_count = 1

    def _before(self, since: datetime, until: datetime) -> datetime:
        return since + (until - since) * self._rng.random()


def _promised_visits(
    people: Sequence[Persona], programme: Sequence[Gathering], rng: random.Random
) -> dict[int, list[int]]:
    """By event, the people who surely came: a newcomer once, somebody going quiet several times, those who stay twice
    soon after they joined, and the people of the design pictures at the last event."""
    held = [gathering for gathering in programme if gathering.past]
    days = [gathering.on for gathering in held]
    quoted = {row["family"] for row in tables.table("quotes")}
    promised: dict[int, list[int]] = {}
    for number, persona in enumerate(people):
        since = bisect_left(days, persona.start)
        if persona.cast and persona.family in quoted:
            seen, wanted = held[-1:], 1
        elif persona.path == "new":
            if since == len(held):
                persona.start, since = days[-1], len(held) - 1
            seen, wanted = held[since:], 1
        elif persona.path == "fading":
            seen, wanted = held[since : bisect_right(days, persona.end)][-8:], _VISITS_OF_FADING
        elif persona.path in _STAYING and rng.random() < _STAYING[persona.path]:
            seen, wanted = held[since : bisect_right(days, persona.start + _SOON)], 2
        else:
            continue
        for gathering in rng.sample(seen, min(wanted, len(seen))):
            promised.setdefault(id(gathering), []).append(number)
    return promised
