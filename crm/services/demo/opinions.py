"""What the demo community says: forms filled in after events, ideas, problems, praise and questions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.models import Answer, FeedbackItem, ItemTopic, Question, Response, Survey, Topic, Vote
from crm.services import surveys
from crm.services.demo import tables
from crm.services.demo.personas import Persona
from crm.services.demo.programme import ZONE, Gathering
from crm.services.demo.scale import Scale
from crm.services.demo.writing import Writer
from crm.text import fold

CHUNK: Final = 10_000
_SCORES: Final = (9.3, 1.5)
"""Mean and spread of an answer before it is rounded into 0–10."""
_ABOUT_THE_PLACE: Final = frozenset(("зал", "еда", "регистрация", "нетворкинг"))
_UNHAPPY: Final = 0.04
_ANONYMOUS: Final = 0.12
_FRESH_DAYS: Final = 6
_JUST_SAID: Final = 2
"""So many items were said in the last days and not at an event."""
_SPOKEN: Final = 0.7
"""The share of items that came with a form; the others were said elsewhere."""
_FATES: Final = {
    "idea": (("new", 16), ("considering", 22), ("in_progress", 14), ("done", 16), ("told", 27), ("declined", 5)),
    "problem": (("new", 8), ("considering", 10), ("in_progress", 12), ("done", 35), ("told", 35)),
    "praise": (("new", 40), ("told", 60)),
    "question": (("done", 30), ("told", 70)),
}


@dataclass(slots=True)
class Said:
    """Words of one person, before they are written."""

    words: Mapping[str, str]
    at: datetime
    person_id: int | None
    event_id: int | None
    response: int | None


class Opinions:
    """Collects forms while events are written, then writes forms and items."""

    def __init__(
        self,
        session: Session,
        writer: Writer,
        people: Sequence[Persona],
        person_ids: Sequence[int],
        scale: Scale,
        clock: Clock,
        rng: random.Random,
    ) -> None:
        self._session = session
        self._writer = writer
        self._people = people
        self._person_ids = person_ids
        self._scale = scale
        self._clock = clock
        self._now = clock()
        self._rng = rng
        self._quotes = {row["family"]: row for row in tables.table("quotes")}
        quoted = {row["text"] for row in self._quotes.values()}
        voices = [row for row in tables.table("voices") if row["text"] not in quoted]
        self._spoken = tables.Deck([row for row in voices if row["low"]], rng)
        self._elsewhere = tables.Deck([row for row in voices if not row["low"]], rng)
        self._replies = {
            kind: tables.Deck([row for row in tables.table("replies") if row["kind"] == kind], rng) for kind in _FATES
        }
        answered = 0.33 if scale.small else scale.responses / (0.7 * scale.attendance)
        self._answer_share = answered
        expected = min(scale.responses, round(0.33 * 0.68 * scale.attendance))
        self._words_share = _SPOKEN * scale.feedback / max(1, expected)
        self._responses: list[dict[str, Any]] = []
        self._scores: list[int | None] = []
        self._said: list[Said] = []
        self._last_events: list[int] = []
        self._last_event_id = 0
        self._elsewhere_said = 0

    def expect_quotes(self, event_id: int) -> None:
        """Say which event is the last one held: what the people of the design pictures said is about that."""
        self._last_event_id = event_id

    def _quote(self, words: tables.Row, number: int, gathering: Gathering, event_id: int) -> None:
        at = min(self._now, gathering.ends_at + timedelta(hours=self._rng.randint(1, 30)))
        person_id = self._person_ids[number]
        self._answer(at, person_id, event_id)
        self._scores.append(int(words["score"]))
        self._said.append(Said(words, at, person_id, event_id, len(self._responses) - 1))

    def _answer(self, at: datetime, person_id: int | None, event_id: int) -> None:
        self._responses.append(
            {
                "event_id": event_id,
                "person_id": person_id,
                "anonymous": person_id is None,
                "at": at,
                "on_day": clocks.local(at, ZONE).date(),
                "source": self._rng.choice(("анкета", "анкета", "киоск", "бумага")),
            }
        )

    def collect(self, gathering: Gathering, event_id: int, came: list[int]) -> None:
        """Ask those who came to an event what they thought of it."""
        rng = self._rng
        if not gathering.past:
            return
        self._last_events.append(event_id)
        quality = rng.gauss(0.0, 0.35)
        last = event_id == self._last_event_id
        for number in came:
            if last and self._people[number].cast and self._people[number].family in self._quotes:
                self._quote(self._quotes[self._people[number].family], number, gathering, event_id)
                continue
            if rng.random() >= self._answer_share or len(self._responses) >= self._scale.responses:
                continue
            at = gathering.ends_at + timedelta(minutes=10 + int(rng.expovariate(1 / 500)))
            if at > self._now:
                continue
            anonymous = rng.random() < _ANONYMOUS
            score = _score(quality + self._people[number].mood, rng)
            person_id = None if anonymous else self._person_ids[number]
            self._answer(at, person_id, event_id)
            # Some only write, some only choose a number.
            self._scores.append(None if rng.random() < 0.03 else score)
            if rng.random() < self._words_share and len(self._said) < self._scale.feedback:
                words = self._spoken.deal(_about(score, online=gathering.format == "online"))
                self._said.append(Said(words, at, person_id, event_id, len(self._responses) - 1))

    def write(self) -> Iterator[int]:
        """Write the forms, then the items; yields how many items are written, chunk by chunk."""
        questions = self._write_surveys()
        response_ids: list[int] = []
        for start in range(0, len(self._responses), CHUNK):
            chunk = self._responses[start : start + CHUNK]
            response_ids += self._writer.keep(
                Response, [row | {"survey_id": questions[row["event_id"]][0]} for row in chunk]
            )
        self._write_answers(response_ids, questions)
        while len(self._said) < self._scale.feedback:
            self._said.append(self._said_elsewhere())
        self._said.sort(key=lambda said: said.at)
        topics = self._write_topics()
        for start in range(0, len(self._said), CHUNK):
            chunk_said = self._said[start : start + CHUNK]
            ids = self._writer.keep(FeedbackItem, [self._item(said, response_ids) for said in chunk_said])
            self._writer.write(
                ItemTopic,
                [
                    {"item_id": item_id, "topic_id": topics[said.words["topic"]]}
                    for said, item_id in zip(chunk_said, ids, strict=True)
                    if said.words["topic"]
                ],
            )
            self._writer.write(Vote, list(self._votes(chunk_said, ids)))
            yield start + len(chunk_said)

    # -- forms ----------------------------------------------------------------------------------------------------

    def _write_surveys(self) -> dict[int, tuple[int, int, int]]:
        """A standing survey for every event somebody answered about: survey, number question, text question."""
        events = sorted({row["event_id"] for row in self._responses})
        if not events:
            return {}
        first = surveys.standing_survey(self._session, events[0], self._clock)
        made = {events[0]: (first.survey_id, first.nps_question_id, first.text_question_id)}
        survey = self._session.execute(
            select(Survey.title, Survey.template_key, Survey.language).where(Survey.id == first.survey_id)
        ).one()
        texts = self._session.execute(
            select(Question.kind, Question.text, Question.position)
            .where(Question.survey_id == first.survey_id)
            .order_by(Question.position)
        ).all()
        ids = self._writer.keep(
            Survey,
            [survey._asdict() | {"event_id": event_id, "created_at": self._now} for event_id in events[1:]],
        )
        questions = self._writer.keep(
            Question, [row._asdict() | {"survey_id": survey_id} for survey_id in ids for row in texts]
        )
        for place, (event_id, survey_id) in enumerate(zip(events[1:], ids, strict=True)):
            made[event_id] = (survey_id, questions[2 * place], questions[2 * place + 1])
        return made

    def _write_answers(self, response_ids: Sequence[int], questions: Mapping[int, tuple[int, int, int]]) -> None:
        words = {said.response: said.words["text"] for said in self._said}
        rows: list[dict[str, Any]] = []
        for place, (row, score, response_id) in enumerate(
            zip(self._responses, self._scores, response_ids, strict=True)
        ):
            _, number_question, text_question = questions[row["event_id"]]
            if score is not None or place not in words:
                number = 8 if score is None else score
                rows.append(_answer_row(response_id, number_question, "nps", number, ""))
            if place in words:
                rows.append(_answer_row(response_id, text_question, "text", None, words[place]))
            if len(rows) >= CHUNK:
                self._writer.write(Answer, rows)
                rows.clear()
        self._writer.write(Answer, rows)

    # -- items ----------------------------------------------------------------------------------------------------

    def _said_elsewhere(self) -> Said:
        rng = self._rng
        words = self._elsewhere.deal()
        self._elsewhere_said += 1
        days = rng.uniform(0.1, 6.0) if self._elsewhere_said <= _JUST_SAID else rng.expovariate(1 / 130)
        at = self._now - timedelta(days=min(days, 700), minutes=rng.randrange(30, 600))
        number = rng.randrange(len(self._people))
        while self._people[number].start >= at.date() and rng.random() < 0.99:
            number = rng.randrange(len(self._people))
        person_id = None if rng.random() < 0.05 or not self._person_ids else self._person_ids[number]
        event_id = rng.choice(self._last_events[-6:]) if words["about"] == "event" and self._last_events else None
        return Said(words, at, person_id, None if (self._now - at).days > 60 else event_id, None)

    def _item(self, said: Said, response_ids: Sequence[int]) -> dict[str, Any]:
        rng, words = self._rng, said.words
        kind, age = words["kind"], (self._now - said.at).days
        fresh = age < _FRESH_DAYS if self._scale.small else age < 2
        status = "new"
        if not fresh:
            names, weights = zip(*_FATES[kind], strict=True)
            status = rng.choices(names, weights)[0]
        answered = not fresh or (said.words not in self._quotes.values() and rng.random() < 0.6)
        replied_at = said.at + timedelta(hours=rng.randint(2, 24 * min(6, max(1, age)))) if answered else None
        told_on = None
        if status == "told":
            told_on = clocks.local(said.at, ZONE).date() + timedelta(days=rng.randint(1, max(1, min(age, 45))))
        text = words["text"]
        return {
            "kind": kind,
            "about": words["about"],
            "title": words["title"],
            "text": text,
            "search_text": fold(f"{words['title']} {text}"),
            "person_id": said.person_id,
            "anonymous": said.person_id is None,
            "event_id": said.event_id,
            "response_id": None if said.response is None else response_ids[said.response],
            "at": said.at,
            "status": status,
            "reply": self._replies[kind].deal()["text"] if answered else "",
            "replied_at": None if replied_at is None else min(replied_at, self._now),
            "told_on": told_on,
            "quote_consent": rng.choices(("unknown", "granted", "refused"), (70, 24, 6))[0],
        }

    def _votes(self, chunk: Sequence[Said], ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        rng = self._rng
        most = min(22, len(self._people) // 6) if self._scale.small else 1
        for said, item_id in zip(chunk, ids, strict=True):
            if said.words["kind"] != "idea" or not said.words["title"]:
                continue
            many = min(most, int(rng.expovariate(1 / 7)))
            for person_id in rng.sample(self._person_ids, many):
                yield {"item_id": item_id, "person_id": person_id, "at": self._between(said.at)}

    def _between(self, since: datetime) -> datetime:
        return since + (self._now - since) * self._rng.random()

    def _write_topics(self) -> dict[str, int]:
        names = sorted({row["topic"] for row in tables.table("voices") if row["topic"]})
        ids = self._writer.keep(Topic, [{"name": name, "search_name": fold(name)} for name in names])
        return dict(zip(names, ids, strict=True))


def _score(mood: float, rng: random.Random) -> int:
    if rng.random() < _UNHAPPY:
        return rng.randint(0, 6)
    mean, spread = _SCORES
    return max(0, min(10, round(rng.gauss(mean + mood, spread))))


def _about(score: int, *, online: bool) -> Callable[[tables.Row], bool]:
    """Whether words go with a score, and with an event that has no hall."""

    def fits(row: tables.Row) -> bool:
        fitting = int(row["low"]) <= score <= int(row["high"])
        return fitting and not (online and row["topic"] in _ABOUT_THE_PLACE)

    return fits


def _answer_row(response_id: int, question_id: int, kind: str, number: int | None, text: str) -> dict[str, Any]:
    return {"response_id": response_id, "question_id": question_id, "kind": kind, "number": number, "text": text}
