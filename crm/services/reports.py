"""Reports: what each needs, and its content as plain values, in the language it is asked in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.i18n import mark
from crm.models import (
    Answer,
    Attendance,
    Event,
    FeedbackItem,
    Organisation,
    Person,
    PersonScore,
    ReportRun,
    Response,
)
from crm.services import event_lists
from crm.services.community import community_name
from crm.services.figures import community, satisfaction
from crm.services.figures.attendance import event_counts
from crm.services.figures.scope import ACTIVE_DAYS, Scope, counted_event, counted_response, of_segment, scope_of
from crm.services.headlines import headlines
from crm.services.periods import compared_to_month, month_and_year, month_start
from crm.services.person_cards import names_by_contact
from crm.services.report_contents import (
    Chart,
    ChartPoint,
    EventLine,
    Feedback,
    MonthReport,
    Quote,
    RegisterRow,
    RegisterSheet,
    Thanks,
)
from crm.text import NameParts, display_name, initials

MONTH: Final = "month"
REGISTER: Final = "register"
CHART_MONTHS: Final = 12
MOST_QUOTES: Final = 4
MOST_THANKS: Final = 6
EXPECTED: Final = ("registered", "attended", "walk_in", "no_show")


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report one may ask for: its key, a catalogue entry for its title and detail, and what it cannot do without."""

    key: str
    title: str
    detail: str
    needs: tuple[str, ...] = ()
    group: str = ""


KINDS: Final = (
    ReportKind(MONTH, mark("Month in figures"), mark("figures, events, feedback"), (), mark("For management")),
    ReportKind(REGISTER, mark("Registration sheet"), mark("to print for the door"), ("event",), mark("About events")),
)


@dataclass(frozen=True, slots=True)
class Sections:
    """Which parts a month's report has."""

    headlines: bool = True
    chart: bool = True
    events: bool = True
    feedback: bool = True
    thanks: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """A report that was made: which, of what, when (UTC)."""

    kind: str
    choices: dict[str, Any]
    made_at: datetime
    pages: int


def month_report(
    session: Session,
    month: date,
    clock: Clock,
    *,
    people: Iterable[int] | None = None,
    comment: str = "",
    hide_names: bool = False,
    language: str = "ru",
    sections: Sections = Sections(),
    compare_months: int = 1,
) -> MonthReport:
    """«Итоги месяца» of the month in which `month` lies, about `people` of a segment or everyone (None).

    Compared with the month `compare_months` earlier. With `hide_names` no name gets into the contents at all.
    """
    start = month_start(month)
    scope = scope_of(session, start, month_start(start, 1), clock, people)
    other = month_start(start, -compare_months)
    previous = scope.over(other, month_start(other, 1))
    with i18n.using(language):
        return MonthReport(
            title=i18n.text("Results of {month}", month=month_and_year(start, scope.today)),
            store_name=community_name(session),
            made_at=clock(),
            made_on=scope.today,
            headlines=headlines(session, scope, previous, compared_to_month(start, other))
            if sections.headlines
            else (),
            comment=comment,
            chart=_chart(session, scope) if sections.chart else None,
            events=tuple(event_lines(session, scope)) if sections.events else None,
            feedback=_feedback(session, scope, hide_names=hide_names) if sections.feedback else None,
            thanks=tuple(_thanks(session, scope, hide_names=hide_names)) if sections.thanks else None,
            hide_names=hide_names,
        )


def register_sheet(
    session: Session, event_id: int, clock: Clock, *, language: str = "ru", signatures: bool = False
) -> RegisterSheet:
    """«Лист регистрации»: everyone registered for the event or there already, by surname. Raises EventNotFound."""
    event = event_lists.event_row(session, event_id)
    rows = session.execute(
        select(
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Organisation.name,
            Attendance.ticket_code,
            Person.id,
        )
        .join(Attendance, Attendance.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Attendance.event_id == event_id, Attendance.status.in_(EXPECTED), Person.deleted_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    ).all()
    # A line without a name cannot be ticked: who is known by a contact alone stands under it.
    nameless = names_by_contact(session, [row[6] for row in rows if not any(row[:4])])
    with i18n.using(language):
        today = clocks.today(clock)
        day = i18n.day_long(event.on) if event.on.year == today.year else i18n.date_long(event.on)
        details = f"{day}, {i18n.time(event.starts_at, event.zone)}"
        return RegisterSheet(
            title=event.title,
            store_name=community_name(session),
            made_at=clock(),
            made_on=today,
            details=" · ".join(filter(None, (details, event.place))),
            rows=tuple(
                RegisterRow(
                    family_name=row[0] if any(row[:3]) else row[3] or nameless.get(row[6], ""),
                    given_name=row[1],
                    additional_name=row[2],
                    organisation=row[4] or "",
                    ticket_code=row[5] or "",
                )
                for row in rows
            ),
            organisations=any(row[4] for row in rows),
            tickets=any(row[5] for row in rows),
            signatures=signatures,
        )


def note_run(session: Session, kind: str, choices: dict[str, Any], pages: int, clock: Clock) -> None:
    """Note that a report was made."""
    session.add(ReportRun(kind=kind, choices=choices, made_at=clock(), pages=pages))


def last_runs(session: Session, limit: int = 20) -> list[Run]:
    """Reports that were made, the newest first."""
    rows = session.scalars(select(ReportRun).order_by(ReportRun.made_at.desc(), ReportRun.id.desc()).limit(limit))
    return [Run(row.kind, dict(row.choices), row.made_at, row.pages) for row in rows]


# -- parts -------------------------------------------------------------------------------------------------------------


def event_lines(session: Session, scope: Scope) -> list[EventLine]:
    """The events of the period with their counts and NPS, without the team, in order of time."""
    counts = {count.event_id: count for count in event_counts(session, scope)}
    scores = _scores_by_event(session, scope)
    rows = session.execute(
        select(Event.id, Event.title, Event.on).where(counted_event(scope)).order_by(Event.starts_at)
    )
    lines = []
    for event_id, title, on in rows:
        count = counts.get(event_id)
        answers, promoters, detractors = scores.get(event_id, (0, 0, 0))
        lines.append(
            EventLine(
                title=title,
                on=on,
                registered=count.registered if count else 0,
                came=count.came if count else 0,
                walk_ins=count.walk_ins if count else 0,
                answers=answers,
                nps=(promoters - detractors) / answers * 100 if answers else None,
            )
        )
    return lines


def _scores_by_event(session: Session, scope: Scope) -> dict[int, tuple[int, int, int]]:
    # The answers of an event count whenever they were given.
    given = scope.over(date.min, date.max)
    rows = session.execute(
        select(
            Response.event_id,
            func.count(),
            func.sum(case((Answer.number >= 9, 1), else_=0)),
            func.sum(case((Answer.number <= 6, 1), else_=0)),
        )
        .join(Answer, Answer.response_id == Response.id)
        .join(Event, Event.id == Response.event_id)
        .outerjoin(Person, Person.id == Response.person_id)
        .where(Answer.kind == "nps", counted_event(scope), counted_response(given))
        .group_by(Response.event_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _chart(session: Session, scope: Scope) -> Chart:
    first = session.scalar(select(func.min(PersonScore.first_visit_on)))
    months = [month_start(scope.start, -back) for back in range(CHART_MONTHS - 1, -1, -1)]
    scopes = [scope.over(month, month_start(month, 1)) for month in months]
    counts = community.active_counts(session, scopes)
    points = [
        ChartPoint(i18n.month_short(each.start.month), count if first is not None and first < each.end else None)
        for each, count in zip(scopes, counts, strict=True)
    ]
    return Chart(
        i18n.text("Active people"), i18n.text("at the end of the month, came at least once in 90 days"), tuple(points)
    )


def _feedback(session: Session, scope: Scope, *, hide_names: bool) -> Feedback:
    look = scope.last(ACTIVE_DAYS)
    score = satisfaction.nps(session, look)
    answers = satisfaction.distribution(session, look)
    asked = sum(count.came for count in event_counts(session, look))
    return Feedback(
        nps=score,
        promoters=sum(answers[9:]),
        passives=sum(answers[7:9]),
        detractors=sum(answers[:7]),
        asked=asked if asked >= score.n else None,
        quotes=tuple(_quotes(session, scope, hide_names=hide_names)),
    )


def _quotes(session: Session, scope: Scope, *, hide_names: bool) -> list[Quote]:
    rows = session.execute(
        select(
            FeedbackItem.text,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Organisation.name,
            Event.title,
            Answer.number,
        )
        .outerjoin(Person, Person.id == FeedbackItem.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Event, Event.id == FeedbackItem.event_id)
        .outerjoin(Answer, (Answer.response_id == FeedbackItem.response_id) & (Answer.kind == "nps"))
        .where(
            FeedbackItem.quote_consent == "granted",
            FeedbackItem.at >= clocks.day_start(scope.start),
            FeedbackItem.at < clocks.day_start(scope.end),
            Person.deleted_at.is_(None),
            of_segment(scope, FeedbackItem.person_id),
        )
        .order_by(FeedbackItem.at.desc(), FeedbackItem.id.desc())
        .limit(MOST_QUOTES)
    )
    return [
        Quote(
            text=row[0],
            author="" if hide_names else display_name(NameParts(*(part or "" for part in row[1:5]))),
            organisation=row[5] or "",
            about=row[6] or "",
            score=row[7],
        )
        for row in rows
    ]


def _thanks(session: Session, scope: Scope, *, hide_names: bool) -> list[Thanks]:
    brought = community.new_by_referral(scope).with_only_columns(Person.referred_by_id.label("by")).subquery()
    how_many = func.count()
    rows = session.execute(
        select(
            Person.id,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Organisation.name,
            how_many,
        )
        .join(brought, brought.c.by == Person.id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.deleted_at.is_(None))
        .group_by(Person.id)
        .order_by(how_many.desc(), Person.sort_key)
        .limit(MOST_THANKS)
    )
    found = []
    for row in rows:
        name = NameParts(row[1], row[2], row[3], row[4])
        found.append(
            Thanks(
                person_id=0 if hide_names else row[0],
                name="" if hide_names else display_name(name),
                initials="" if hide_names else initials(name),
                reason=i18n.plural(
                    "{count} person came on their recommendation", "{count} people came on their recommendation", row[6]
                ),
                organisation=row[5] or "",
            )
        )
    return found
