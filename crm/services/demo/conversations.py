"""Conversations with the people of the demo community, and what is to be done after them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any, Final

from crm.models import Interaction, InteractionPerson, Task
from crm.services.demo import tables
from crm.services.demo.personas import EAGERNESS, Persona
from crm.services.demo.scale import Scale
from crm.services.demo.writing import Writer

CHUNK: Final = 10_000
_DAYS: Final = 730
_TOGETHER: Final = 0.03
_FOLLOWED: Final = 0.12


class Conversations:
    """Writes contacts with people, the follow-ups that are done, and what is still open."""

    def __init__(
        self,
        writer: Writer,
        people: Sequence[Persona],
        person_ids: Sequence[int],
        scale: Scale,
        today: date,
        now: datetime,
        rng: random.Random,
    ) -> None:
        self._writer = writer
        self._people = people
        self._person_ids = person_ids
        self._scale = scale
        self._today = today
        self._now = now
        self._rng = rng
        self._deck = tables.Deck(tables.table("conversations"), rng)

    def write(self) -> Iterator[int]:
        """Write everything; yields how many conversations are written, chunk by chunk."""
        weights = list(accumulate(EAGERNESS[persona.path] + 0.6 for persona in self._people))
        chosen = self._rng.choices(range(len(self._people)), cum_weights=weights, k=self._scale.interactions)
        for start in range(0, len(chosen), CHUNK):
            chunk = chosen[start : start + CHUNK]
            talks = [self._talk(number) for number in chunk]
            ids = self._writer.keep(Interaction, [row for row, _ in talks])
            self._writer.write(
                InteractionPerson,
                [
                    {"interaction_id": interaction_id, "person_id": person_id}
                    for interaction_id, number in zip(ids, chunk, strict=True)
                    for person_id in self._company(number)
                ],
            )
            self._writer.write(
                Task,
                [
                    self._done(title, row["at"], number)
                    for number, (row, title) in zip(chunk, talks, strict=True)
                    if title and self._rng.random() < _FOLLOWED
                ],
            )
            yield start + len(chunk)
        self._writer.write(Task, list(self._open()))

    def _talk(self, number: int) -> tuple[dict[str, Any], str]:
        rng, words = self._rng, self._deck.deal()
        known = max(1, min(_DAYS, (self._today - self._people[number].start).days))
        day = self._today - timedelta(days=rng.randrange(1, known + 1))
        at = datetime.combine(day, time(rng.randrange(7, 18), rng.randrange(60)), UTC)
        talked = words["kind"] in {"call", "meeting"}
        row = {
            "kind": words["kind"],
            "at": min(at, self._now),
            "direction": words["direction"],
            "channel": words["channel"],
            "minutes": rng.randint(3, 45) if talked else None,
            "summary": words["summary"],
        }
        return row, words["follow_up"]

    def _company(self, number: int) -> set[int]:
        people = {self._person_ids[number]}
        if self._rng.random() < _TOGETHER:
            people.update(self._rng.sample(self._person_ids, min(3, len(self._person_ids))))
        return people

    def _done(self, title: str, at: datetime, number: int) -> dict[str, Any]:
        due = at + timedelta(days=self._rng.randint(1, 10))
        return {
            "kind": "follow_up",
            "title": title,
            "due_on": due.date(),
            "person_id": self._person_ids[number],
            "created_at": at,
            "done_at": min(self._now, due + timedelta(hours=self._rng.randint(-20, 40))),
        }

    def _open(self) -> Iterator[dict[str, Any]]:
        by_family = {persona.family: number for number, persona in enumerate(self._people) if persona.cast}
        for position, row in enumerate(tables.table("tasks")):
            if row["family"] in by_family:
                yield {
                    "kind": "follow_up",
                    "title": row["title"],
                    "due_on": self._today + timedelta(days=int(row["days"])),
                    "person_id": self._person_ids[by_family[row["family"]]],
                    "position": position,
                    "created_at": self._now - timedelta(days=8),
                }
