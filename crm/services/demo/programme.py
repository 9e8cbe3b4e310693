"""The events of the demo community: two years of them up to a month ahead, more in autumn than in summer."""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from crm import clock as clocks
from crm.clock import Clock
from crm.services.demo import tables
from crm.services.demo.personas import SEASON
from crm.services.demo.scale import Scale

ZONE: Final = "Europe/Moscow"
MONTHS_BACK: Final = 24
DAYS_AHEAD: Final = 31
_LAST_CALL: Final = 17
"""The hour after which the next event is tomorrow, not today."""
_SHAPES: Final = {
    "meeting": ((1, 2, 3), time(18, 30), timedelta(hours=2, minutes=30)),
    "webinar": ((1, 2), time(19, 0), timedelta(hours=1, minutes=30)),
    "talk": ((3, 5), time(18, 0), timedelta(hours=2)),
}
"""Weekdays (Monday 0), start by the wall clock, length."""
_APPEAL: Final = {"meeting": 1.2, "webinar": 1.0, "talk": 0.5}


@dataclass(slots=True)
class Gathering:
    """One event before it is written. `size` is how many people are on its list, whatever becomes of them."""

    title: str
    series: str
    talk: str
    kind: str
    format: str
    on: date
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    link: str
    status: str
    appeal: float
    size: int = 0
    capacity: int | None = None
    next: bool = False

    @property
    def past(self) -> bool:
        """Whether it was held and is closed."""
        return self.status == "closed"


def plan(scale: Scale, clock: Clock, rng: random.Random) -> list[Gathering]:
    """All events in the order of their dates, sizes not yet known. The first one that is not past is the next one."""
    now = clocks.local(clock(), ZONE)
    soon = now.date() if now.hour < _LAST_CALL else now.date() + timedelta(days=1)
    titles = _Titles(rng)
    days = sorted(_days(scale.events - 1, soon, rng))
    made = [_gathering(day, kind, titles, now.date(), rng) for day, kind in days]
    cancelled = [gathering for gathering in made if gathering.past]
    for gathering in rng.sample(cancelled, max(1, len(cancelled) // 50)):
        gathering.status = "cancelled"
    made.append(_next(soon))
    made.sort(key=lambda gathering: gathering.starts_at)
    return made


def _days(count: int, soon: date, rng: random.Random) -> Iterator[tuple[date, str]]:
    """Days and kinds of events: none on the day of the next one, none between now and then.

    Every month has its share by season. One meeting was held in the days before the next event: what people said of
    it still waits for an answer.
    """
    last = soon + timedelta(days=DAYS_AHEAD)
    used = {_evening_before(soon)}
    yield _evening_before(soon), "meeting"
    for first, many in _by_month(count - 1, soon, last):
        length = calendar.monthrange(first.year, first.month)[1]
        left = many
        while left > 0:
            kind = rng.choices(("meeting", "webinar", "talk"), (45, 34, 21))[0]
            day = first.replace(day=rng.randint(1, length))
            if day.weekday() not in _SHAPES[kind][0] or day > last or abs((day - soon).days) < 2 or _is_holiday(day):
                continue
            if day in used and many < length // 3:
                continue
            used.add(day)
            left -= 1
            yield day, kind


def _by_month(count: int, soon: date, last: date) -> Iterator[tuple[date, int]]:
    """How many events each month has, by largest remainder; a month that is not over yet has its part."""
    months = [_month(soon, away) for away in range(-MONTHS_BACK, 2)]
    weights = [SEASON[first.month - 1] * _share_of_month(first, last) for first in months]
    exact = [count * weight / sum(weights) for weight in weights]
    many = [int(share) for share in exact]
    for place in sorted(range(len(months)), key=lambda place: many[place] - exact[place])[: count - sum(many)]:
        many[place] += 1
    return zip(months, many, strict=True)


def _share_of_month(first: date, last: date) -> float:
    length = calendar.monthrange(first.year, first.month)[1]
    # A month of which less than ten days lie before the last one may hold no weekday that fits.
    days = (last - first).days + 1
    return 1.0 if days >= length else days / length if days >= 10 else 0.0


def _evening_before(soon: date) -> date:
    """The evening for a meeting that is at least two days before."""
    day = soon - timedelta(days=2)
    while day.weekday() not in _SHAPES["meeting"][0]:
        day -= timedelta(days=1)
    return day


def _is_holiday(day: date) -> bool:
    return (day.month == 1 and day.day < 10) or (day.month == 12 and day.day > 28)


def _month(day: date, away: int) -> date:
    months = day.year * 12 + day.month - 1 + away
    return date(months // 12, months % 12 + 1, 1)


class _Titles:
    """Titles by kind, each as far from its repetition as can be; a repetition is told apart by its number."""

    def __init__(self, rng: random.Random) -> None:
        rows = tables.table("events")
        self._next = rows[0]["title"]
        self._decks = {
            kind: tables.Deck(
                [row for row in rows[1:] if row["kind"] == kind and not row["month"]],
                rng,
            )
            for kind in _SHAPES
        }
        self._yearly = {int(row["month"]): row for row in rows if row["month"]}
        self._held: dict[str, int] = {}
        self._years: set[tuple[int, int]] = set()

    def take(self, kind: str, day: date) -> tuple[tables.Row, str]:
        """The row of a title and the title as it is given to this event."""
        yearly = self._yearly.get(day.month)
        if kind == "meeting" and yearly is not None and (day.year, day.month) not in self._years:
            self._years.add((day.year, day.month))
            return yearly, yearly["title"]
        row = self._decks[kind].deal()
        number = self._held[row["title"]] = self._held.get(row["title"], 0) + 1
        return row, row["title"] if number == 1 else f"{row['title']}, часть {number}"


def _gathering(day: date, kind: str, titles: _Titles, today: date, rng: random.Random) -> Gathering:
    row, title = titles.take(kind, day)
    _, start, length = _SHAPES[kind]
    online = kind == "webinar" or (kind == "talk" and rng.random() < 0.3)
    form = "online" if online else "hybrid" if kind == "meeting" and rng.random() < 0.12 else "offline"
    starts_at = _utc(day, start)
    place = rng.choice(tables.table("places"))
    return Gathering(
        title=title,
        series=row["series"],
        talk=row["talk"],
        kind=kind,
        format=form,
        on=day,
        starts_at=starts_at,
        ends_at=starts_at + length,
        place="" if online else place["place"],
        address="" if online else f"{place['city']}, {place['address']}",
        link="" if form == "offline" else f"https://efir.example/{day:%Y%m%d}",
        status="closed" if day < today else "planned",
        appeal=_APPEAL[kind] * SEASON[day.month - 1] * rng.uniform(0.7, 1.3),
    )


def _next(day: date) -> Gathering:
    row = tables.table("events")[0]
    place = tables.table("places")[0]
    starts_at = _utc(day, time(18, 30))
    return Gathering(
        title=row["title"],
        series=row["series"],
        talk=row["talk"],
        kind="meeting",
        format="offline",
        on=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2, minutes=30),
        place=place["place"],
        address=f"{place['city']}, {place['address']}",
        link="",
        status="planned",
        appeal=1.0,
        next=True,
    )


def _utc(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=clocks.zone(ZONE)).astimezone(UTC)
