"""What people say: surveys and their answers, ideas, problems, praise and questions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table, yes_or_no

QUESTION_KINDS: Final = ("nps", "csat", "choice", "choices", "scale", "text", "yes_no", "contact")
ANONYMITY: Final = ("anonymous", "named", "choice")
FEEDBACK_KINDS: Final = ("idea", "problem", "praise", "question")
FEEDBACK_ABOUT: Final = ("product", "service", "support", "event", "community")
FEEDBACK_STATUSES: Final = ("new", "considering", "in_progress", "done", "told", "declined")


class Survey(Identified, Base):
    """A set of questions, for one event or standing."""

    __tablename__ = "survey"
    __table_args__ = table(
        one_of("anonymity", ANONYMITY), one_of("language", ("ru", "en")), Index("ix_survey_event", "event_id")
    )
    title: Mapped[str] = mapped_column(String(300))
    template_key: Mapped[str] = mapped_column(String(80), default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    anonymity: Mapped[str] = mapped_column(String(20), default="choice")
    language: Mapped[str] = mapped_column(String(5), default="ru")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Question(Keyed, Base):
    """One question of a survey as it was asked in `version`; only kind `nps` gives an NPS."""

    __tablename__ = "question"
    __table_args__ = table(
        one_of("kind", QUESTION_KINDS),
        *yes_or_no("required"),
        Index("ix_question_survey", "survey_id", "version", "position"),
    )
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    required: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    scale_low: Mapped[int | None]
    scale_high: Mapped[int | None]
    asked_when: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=0)


class Response(Identified, Base):
    """One filled-in form; an anonymous one has no person, by constraint."""

    __tablename__ = "response"
    __table_args__ = table(
        *yes_or_no("anonymous"),
        CheckConstraint("anonymous = 0 OR person_id IS NULL", name="anonymous_has_no_person"),
        Index("ix_response_event", "event_id"),
        Index("ix_response_person", "person_id", "on_day"),
        Index("ix_response_survey", "survey_id"),
        Index("ix_response_on", "on_day"),
    )
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    anonymous: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    on: Mapped[date] = mapped_column("on_day")
    source: Mapped[str] = mapped_column(String(200), default="")
    external_key: Mapped[str] = mapped_column(String(200), default="")


class Answer(Keyed, Base):
    """The answer to one question; a skipped question has no row, so it is in no base. An NPS is 0–10 by constraint."""

    __tablename__ = "answer"
    __table_args__ = table(
        UniqueConstraint("response_id", "question_id"),
        Index("ix_answer_question", "question_id"),
        Index("ix_answer_kind", "kind", "number"),
        one_of("kind", QUESTION_KINDS),
        CheckConstraint("kind <> 'nps' OR number BETWEEN 0 AND 10", name="nps_range"),
        CheckConstraint("kind <> 'csat' OR number BETWEEN 1 AND 5", name="csat_range"),
    )
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)


class Topic(Keyed, Base):
    """What feedback is about, in the manager's words."""

    __tablename__ = "topic"
    __table_args__ = table()
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200), unique=True)


class FeedbackItem(Identified, Base):
    """An idea, a problem, praise or a question, on its way to an answer."""

    __tablename__ = "feedback_item"
    __table_args__ = table(
        one_of("kind", FEEDBACK_KINDS),
        one_of("about", FEEDBACK_ABOUT),
        one_of("status", FEEDBACK_STATUSES),
        one_of("quote_consent", ("unknown", "granted", "refused")),
        *yes_or_no("anonymous"),
        CheckConstraint("anonymous = 0 OR person_id IS NULL", name="anonymous_has_no_person"),
        CheckConstraint("length(text) > 0", name="text"),
        Index("ix_feedback_item_status", "status", "kind"),
        Index("ix_feedback_item_person", "person_id"),
        Index("ix_feedback_item_event", "event_id"),
        Index("ix_feedback_item_response", "response_id"),
        Index("ix_feedback_item_at", "at"),
        Index("ix_feedback_item_merged_into", "merged_into_id"),
    )
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(20), default="event")
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    anonymous: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner: Mapped[str] = mapped_column(String(200), default="")
    external_number: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="new")
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"))
    quote_consent: Mapped[str] = mapped_column(String(20), default="unknown")


class ItemTopic(Keyed, Base):
    """A topic on a feedback item."""

    __tablename__ = "item_topic"
    __table_args__ = table(UniqueConstraint("item_id", "topic_id"), Index("ix_item_topic_topic", "topic_id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))


class Vote(Keyed, Base):
    """A person who wants an idea too."""

    __tablename__ = "vote"
    __table_args__ = table(UniqueConstraint("item_id", "person_id"), Index("ix_vote_person", "person_id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
