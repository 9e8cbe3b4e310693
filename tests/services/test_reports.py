"""Reports: their contents follow the figures, speak the language asked for and keep names back where asked to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import Person
from crm.services import feedback, reports
from crm.services.community import rename_community
from crm.services.event_errors import EventNotFound
from crm.services.figures import all_figures
from crm.services.people_editing import ContactDraft, PersonDraft, add_person
from crm.services.report_contents import MonthReport
from crm.services.reports import Sections, register_sheet
from crm.services.surveys import record_response
from crm.store.workspace import Workspace
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
EARLY = datetime(2024, 1, 1, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def october(deed: Deed, clock: Clock) -> int:
    """An evening in October: Алёна brought two people; one of the four registered did not come; one quote is agreed."""

    def verb(session: Session) -> int:
        rename_community(session, "Данные и люди")
        bank = makers.organisation(session, EARLY, "Ладога Банк")
        helper = makers.person(session, EARLY, "Ржевская", "Алёна", organisation_id=bank.id)
        before = makers.event(session, datetime(2026, 9, 3, 15, tzinfo=UTC), "Разминка", status="closed")
        makers.attendance(session, before, helper)
        event = makers.event(session, datetime(2026, 10, 8, 15, tzinfo=UTC), "Когорты без боли", status="closed")
        makers.attendance(session, event, helper)
        for family in ("Елкин", "Елагин"):
            brought = makers.person(session, EARLY, family, "Семён", referred_by_id=helper.id)
            makers.attendance(session, event, brought, "attended" if family == "Елкин" else "walk_in")
        makers.attendance(session, event, makers.person(session, EARLY, "Юсупова", "Гульнара"), "no_show")
        made = record_response(
            session,
            event_id=event.id,
            person_id=helper.id,
            nps=10,
            text="Лучшая встреча за год",
            on=date(2026, 10, 9),
            clock=lambda: datetime(2026, 10, 9, 9, tzinfo=UTC),
        )
        assert made.item_id is not None
        feedback.allow_quoting(session, made.item_id, "granted")
        record_response(session, event_id=event.id, text="Тесно", clock=lambda: datetime(2026, 10, 9, 9, tzinfo=UTC))
        return event.id

    return deed(verb)


def month(workspace: Workspace, clock: Clock, **choices: object) -> MonthReport:
    return workspace.read(lambda session: reports.month_report(session, OCTOBER, clock, **choices))  # type: ignore[arg-type]


def test_the_month_says_what_the_figures_say(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock)
    figures = {
        figure.key: figure
        for figure in workspace.read(lambda session: all_figures(session, OCTOBER, date(2026, 11, 1), clock))
    }
    active, fresh, again, score = report.headlines
    assert active.figure == figures["active_people"]
    assert fresh.figure == figures["new_people"]
    assert (fresh.figure.value, fresh.figure.n) == (2, 3)
    assert again.figure.value is None
    assert (score.figure.value, score.figure.n) == (100, 1)
    assert active.compared_to == "к\u00a0сентябрю"
    assert active.previous is not None
    assert active.previous.value == 1
    assert (report.title, report.store_name, report.made_on) == ("Итоги октября", "Данные и люди", date(2026, 11, 12))


def test_the_events_have_their_funnel(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock)
    assert report.events is not None
    (line,) = report.events
    assert (line.title, line.registered, line.came, line.walk_ins) == ("Когорты без боли", 3, 3, 1)
    assert line.show_up == pytest.approx(100 * 2 / 3)
    assert (line.answers, line.nps) == (1, 100)


def test_only_agreed_words_are_quoted(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock)
    assert report.feedback is not None
    (quote,) = report.feedback.quotes
    assert (quote.text, quote.author, quote.organisation, quote.score) == (
        "Лучшая встреча за год",
        "Алёна Ржевская",
        "Ладога Банк",
        10,
    )


def test_who_brought_people_is_thanked(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock)
    assert report.thanks is not None
    (thanks,) = report.thanks
    assert (thanks.name, thanks.reason) == ("Алёна Ржевская", "по\u00a0рекомендации пришли 2\u00a0человека")


def test_hidden_names_do_not_get_into_the_contents(workspace: Workspace, clock: Clock, october: int) -> None:
    assert "Ржевская" in str(month(workspace, clock))
    assert "Ржевская" not in str(month(workspace, clock, hide_names=True))


def test_the_report_speaks_the_language_asked_for(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock, language="en")
    assert report.title == "Results of October"
    assert report.headlines[0].compared_to == "vs September"


def test_sections_that_are_left_out_are_not_computed(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock, sections=Sections(False, False, False, False, False))
    assert (report.headlines, report.chart, report.events, report.feedback, report.thanks) == (
        (),
        None,
        None,
        None,
        None,
    )


def test_the_chart_ends_with_the_month_and_knows_nothing_before_the_first_visit(
    workspace: Workspace, clock: Clock, october: int
) -> None:
    report = month(workspace, clock)
    assert report.chart is not None
    assert [point.label for point in report.chart.points[-2:]] == ["сен", "окт"]
    assert [point.value for point in report.chart.points[-3:]] == [None, 1, 3]
    assert report.chart.points[-1].value == report.headlines[0].figure.value


def test_a_report_about_a_segment_counts_its_people_only(workspace: Workspace, clock: Clock, october: int) -> None:
    report = month(workspace, clock, people=[])
    assert report.headlines[0].figure.value == 0
    assert report.feedback is not None
    assert report.feedback.quotes == ()
    assert report.thanks == ()


def test_the_register_lists_the_expected_by_surname(workspace: Workspace, clock: Clock, october: int) -> None:
    sheet = workspace.read(lambda session: reports.register_sheet(session, october, clock))
    assert [row.family_name for row in sheet.rows] == ["Елагин", "Елкин", "Ржевская", "Юсупова"]
    assert sheet.title == "Когорты без боли"
    assert sheet.details == "четверг, 8 октября, 18:00"
    assert sheet.organisations
    assert not sheet.tickets


def test_the_register_of_no_event_is_refused(workspace: Workspace, clock: Clock) -> None:
    with pytest.raises(EventNotFound):
        workspace.read(lambda session: reports.register_sheet(session, 7, clock))


def test_a_run_is_noted(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    deed(lambda session: reports.note_run(session, "month", {"month": "2026-10-01"}, 4, clock))
    (run,) = workspace.read(reports.last_runs)
    assert (run.kind, run.choices, run.pages, run.made_at) == ("month", {"month": "2026-10-01"}, 4, clock())


def test_the_register_has_surname_given_name_and_patronymic_and_nobody_without_a_name(
    workspace: Workspace, clock: Clock, deed: Deed
) -> None:
    def verb(session: Session) -> int:
        event = makers.event(session, clock(), "Встреча")
        drafts = (
            PersonDraft(family_name="Щёголев", given_name="Пётр", additional_name="Ильич"),
            PersonDraft(nickname="Кит"),
            PersonDraft(contacts=(ContactDraft("phone", "8 900 000-41-17"),)),
        )
        for draft in drafts:
            person = session.get(Person, add_person(session, draft, clock))
            assert person is not None
            makers.attendance(session, event, person, "registered")
        return event.id

    event_id = deed(verb)
    sheet = workspace.read(lambda s: register_sheet(s, event_id, clock))
    names = {(row.family_name, row.given_name, row.additional_name) for row in sheet.rows}
    assert names == {("Щёголев", "Пётр", "Ильич"), ("Кит", "", ""), ("+7 900 000-41-17", "", "")}
