"""Writing the events of the demo community, who was at them and who spoke."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Attendance, Event, EventKind, Series, Talk, Task
from crm.models.events import CAME
from crm.services.demo import tables
from crm.services.demo.personas import Persona
from crm.services.demo.programme import ZONE, Gathering
from crm.services.demo.turnout import Lists, Turnout
from crm.services.demo.writing import Writer
from crm.text import fold

CHUNK: Final = 20_000
_TICKETS: Final = 100_000_000
_PREPARED_DAYS: Final = 5
_SOURCES: Final = (*["сайт"] * 5, *["Telegram"] * 4, *["рассылка"] * 2, "друзья")


def write_events(session: Session, writer: Writer, programme: Sequence[Gathering], now: datetime) -> list[int]:
    """Write the events and their series; gives their ids in order."""
    kinds = {row[0]: row[1] for row in session.execute(select(EventKind.key, EventKind.id))}
    titles = sorted({gathering.series for gathering in programme if gathering.series})
    series = dict(zip(titles, writer.keep(Series, [{"title": title} for title in titles]), strict=True))
    return writer.keep(
        Event,
        [
            {
                "title": gathering.title,
                "search_title": fold(gathering.title),
                "kind_id": kinds[gathering.kind],
                "format": gathering.format,
                "status": gathering.status,
                "starts_at": gathering.starts_at,
                "ends_at": gathering.ends_at,
                "zone": ZONE,
                "held_on": gathering.on,
                "place": gathering.place,
                "address": gathering.address,
                "link": gathering.link,
                "capacity": gathering.capacity,
                "description": gathering.talk and f"Доклад «{gathering.talk}», вопросы, чай.",
                "series_id": series.get(gathering.series),
                "created_at": min(now, gathering.starts_at - timedelta(days=28)),
                "opened_at": gathering.starts_at - timedelta(hours=1) if gathering.past else None,
                "closed_at": gathering.ends_at + timedelta(minutes=40) if gathering.past else None,
            }
            for gathering in programme
        ],
    )


class Attending:
    """Writes the lists of all events; `came` is told who was at each."""

    def __init__(
        self,
        writer: Writer,
        people: Sequence[Persona],
        person_ids: Sequence[int],
        lists: Lists,
        programme: Sequence[Gathering],
        now: datetime,
        rng: random.Random,
    ) -> None:
        self._writer = writer
        self._people = people
        self._person_ids = person_ids
        self._lists = lists
        self._programme = programme
        self._now = now
        self._rng = rng
        self._ticket = 0
        self._ticket_step = _TICKETS // max(1, sum(gathering.size for gathering in programme) + 1)
        self.written = 0

    def write(self, event_ids: Sequence[int], came: Callable[[Gathering, int, list[int]], None]) -> Iterator[int]:
        """Write everything; yields how many attendances are written, chunk by chunk."""
        rows: list[dict[str, Any]] = []
        talks: list[dict[str, Any]] = []
        for gathering, event_id in zip(self._programme, event_ids, strict=True):
            there: list[int] = []
            for turnout in self._lists.draw(gathering):
                rows.append(self._row(gathering, event_id, turnout))
                if turnout.status in CAME:
                    there.append(turnout.number)
                if turnout.role == "speaker" and gathering.talk:
                    talks.append(self._talk(gathering, event_id, turnout, len(talks)))
            came(gathering, event_id, there)
            if len(rows) >= CHUNK:
                yield self._flush(rows)
        yield self._flush(rows)
        self._writer.write(Talk, talks)

    def _flush(self, rows: list[dict[str, Any]]) -> int:
        self._writer.write(Attendance, rows)
        self.written += len(rows)
        rows.clear()
        return self.written

    def _row(self, gathering: Gathering, event_id: int, turnout: Turnout) -> dict[str, Any]:
        code = None
        if turnout.registered_at is not None:
            # One range of codes for each ticket: none comes twice, and their index grows at its end.
            code = f"{self._ticket + self._rng.randrange(self._ticket_step):08}"
            self._ticket += self._ticket_step
        return {
            "event_id": event_id,
            "person_id": self._person_ids[turnout.number],
            "role": turnout.role,
            "status": turnout.status,
            "ticket_code": code,
            "source": self._rng.choice(_SOURCES) if code else "",
            "invited_at": turnout.invited_at,
            "registered_at": turnout.registered_at,
            "first_in_at": turnout.first_in_at,
            "cancelled_at": turnout.cancelled_at,
            "guest_count": turnout.guest_count,
            "minutes": turnout.minutes,
            "event_on": gathering.on,
        }

    def _talk(self, gathering: Gathering, event_id: int, turnout: Turnout, place: int) -> dict[str, Any]:
        agreed = "slides" if gathering.next else "agreed"
        return {
            "person_id": self._person_ids[turnout.number],
            "event_id": event_id,
            "title": gathering.talk if place % 2 == 0 else f"{gathering.talk}: разбор случая",
            "status": "given" if gathering.past else "declined" if gathering.status == "cancelled" else agreed,
            "changed_at": min(self._now, gathering.starts_at),
        }


def write_preparation(writer: Writer, gathering: Gathering, event_id: int, now: datetime) -> None:
    """Write the steps of preparing the next event: the early ones are done."""
    rows = []
    for position, step in enumerate(tables.table("steps")):
        due = gathering.on + timedelta(days=int(step["days"]))
        done = int(step["days"]) <= -_PREPARED_DAYS
        rows.append(
            {
                "kind": "checklist",
                "title": step["title"],
                "due_on": due,
                "event_id": event_id,
                "position": position,
                "created_at": now - timedelta(days=28),
                "done_at": min(now, gathering.starts_at - timedelta(days=-int(step["days"]), hours=3))
                if done
                else None,
            }
        )
    writer.write(Task, rows)
