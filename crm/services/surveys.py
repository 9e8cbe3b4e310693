"""Answers of people: the standing survey of an event and the forms entered into it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.models import Answer, Question, Response, Survey
from crm.services import feedback
from crm.services.feedback_rows import FeedbackDraft, FeedbackEmpty, NpsOutOfRange, Recorded, StandingSurvey
from crm.text import clean

STANDING = "standing"
"""`template_key` of the survey that is there without anybody making it."""


def standing_survey(session: Session, event_id: int | None, clock: Clock) -> StandingSurvey:
    """The survey «Feedback» of the event (None: of no event), made when it is first needed."""
    survey_id = session.scalar(
        select(Survey.id)
        .where(
            Survey.template_key == STANDING,
            Survey.event_id == event_id if event_id is not None else Survey.event_id.is_(None),
            Survey.archived_at.is_(None),
        )
        .order_by(Survey.id)
        .limit(1)
    )
    if survey_id is None:
        survey = Survey(
            title=i18n.text("Feedback"),
            template_key=STANDING,
            event_id=event_id,
            language=i18n.current(),
            created_at=clock(),
        )
        session.add(survey)
        session.flush()
        survey_id = survey.id
        texts = {
            "nps": i18n.text("How likely are you to recommend our events to a friend, from 0 to 10?"),
            "text": i18n.text("What was good, what should be different?"),
        }
        for position, (kind, text) in enumerate(texts.items()):
            session.add(Question(survey_id=survey_id, kind=kind, text=text, position=position))
        session.flush()
    rows = session.execute(
        select(Question.kind, Question.id).where(Question.survey_id == survey_id).order_by(Question.position.desc())
    )
    questions = dict(rows.all())
    return StandingSurvey(survey_id, questions["nps"], questions["text"])


def record_response(
    session: Session,
    *,
    event_id: int | None = None,
    person_id: int | None = None,
    nps: int | None = None,
    text: str = "",
    kind: str = "",
    about: str = "event",
    on: date | None = None,
    source: str = "",
    clock: Clock,
) -> Recorded:
    """Enter one form: an answer to the NPS question (0–10, None: skipped), words (an item of the inbox), or both.

    Without a person the form is anonymous. `kind` of the item follows the score where it is not given. `on` is the
    local day of the answer, today by default. Raises NpsOutOfRange, FeedbackEmpty, TextTooLong.
    """
    if nps is not None and (isinstance(nps, bool) or not isinstance(nps, int) or not 0 <= nps <= 10):
        raise NpsOutOfRange(score=str(nps))
    words = clean(text, feedback.TEXT_LIMIT, multiline=True)
    if nps is None and not words:
        raise FeedbackEmpty
    survey = standing_survey(session, event_id, clock)
    response = Response(
        survey_id=survey.survey_id,
        event_id=event_id,
        person_id=person_id,
        anonymous=person_id is None,
        at=clock(),
        on=on or clocks.today(clock),
        source=source,
    )
    session.add(response)
    session.flush()
    if nps is not None:
        session.add(Answer(response_id=response.id, question_id=survey.nps_question_id, kind="nps", number=nps))
    if not words:
        session.flush()
        return Recorded(response.id, None)
    session.add(Answer(response_id=response.id, question_id=survey.text_question_id, kind="text", text=words))
    draft = FeedbackDraft(
        text=words,
        kind=kind or suggested_kind(nps),
        about=about,
        person_id=person_id,
        event_id=event_id,
        response_id=response.id,
    )
    return Recorded(response.id, feedback.add_item(session, draft, clock))


def suggested_kind(nps: int | None) -> str:
    """What the words beside a score most likely are: a detractor's a problem, a promoter's praise, else an idea."""
    if nps is None or nps in (7, 8):
        return "idea"
    return "problem" if nps <= 6 else "praise"
