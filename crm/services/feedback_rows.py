"""Feedback as other rooms see it, the drafts forms fill, and what can be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from crm import i18n
from crm.errors import CrmError
from crm.services.figures_rows import Figure


class NpsOutOfRange(CrmError):
    """An answer to an NPS question that is not a whole number from 0 to 10."""

    code = "nps_out_of_range"
    message: ClassVar[str] = i18n.mark("“{score}” is not an answer from 0 to 10. Choose one of the eleven numbers.")


class FeedbackEmpty(CrmError):
    """Neither a score nor a word."""

    code = "feedback_empty"
    message: ClassVar[str] = i18n.mark("There is neither a score nor a text yet. Choose a number or write a line.")


class FeedbackGone(CrmError):
    """An item that is no longer in the store."""

    code = "feedback_gone"
    message: ClassVar[str] = i18n.mark("This feedback is no longer in the store.")


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """An idea, problem, praise or question to be written down; without a person it is anonymous."""

    text: str
    kind: str = "praise"
    about: str = "event"
    title: str = ""
    person_id: int | None = None
    event_id: int | None = None
    response_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was made of an answer: the form, and the item where there were words."""

    response_id: int
    item_id: int | None


@dataclass(frozen=True, slots=True)
class StandingSurvey:
    """The survey «Feedback» of one event, or of none, with its two questions."""

    survey_id: int
    nps_question_id: int
    text_question_id: int


@dataclass(frozen=True, slots=True)
class FeedbackFilter:
    """Which items a list holds; empty and None mean any."""

    waiting: bool = False
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    event_id: int | None = None
    person_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One item of the inbox or the board. `score` is the NPS answer of the same form; moments are UTC."""

    id: int
    kind: str
    about: str
    title: str
    text: str
    status: str
    at: datetime
    person_id: int | None
    person: str
    """Shown name; empty where nobody is known."""
    initials: str
    event_id: int | None
    event: str
    score: int | None
    reply: str
    replied_at: datetime | None
    told_on: date | None
    quote_consent: str
    topics: tuple[str, ...] = ()
    votes: int = 0

    @property
    def waiting(self) -> bool:
        """New and not answered."""
        return self.status == "new" and self.replied_at is None


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with its items; `mood` is 1 where more of their authors recommend than criticise, −1 fewer, else 0."""

    name: str
    count: int
    mood: int


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """The head of the Feedback page over a period."""

    responses: int
    nps: Figure
    previous: Figure
    distribution: tuple[int, ...]
    """How many answered 0, 1, …, 10."""
    topics: tuple[TopicRow, ...]

    @property
    def promoters(self) -> int:
        """Answers 9 and 10."""
        return sum(self.distribution[9:])

    @property
    def passives(self) -> int:
        """Answers 7 and 8."""
        return sum(self.distribution[7:9])

    @property
    def detractors(self) -> int:
        """Answers 0 to 6."""
        return sum(self.distribution[:7])
