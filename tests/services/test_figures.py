"""Figures: each follows its definition (reference metrics), counts nobody twice and never divides by zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm import i18n
from crm.clock import Clock
from crm.models import Event, Person
from crm.services.changes import change_of, half_width
from crm.services.figures import all_figures, community, rows_behind, words
from crm.services.figures.satisfaction import nps_of
from crm.services.figures.scope import scope_of
from crm.services.figures_rows import Figure
from crm.services.report_contents import Headline
from crm.services.surveys import record_response
from crm.store.workspace import Workspace
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
TODAY = date(2026, 11, 12)
NOVEMBER = (date(2026, 11, 1), date(2026, 12, 1))
OCTOBER = (date(2026, 10, 1), date(2026, 11, 1))
EARLY = datetime(2024, 1, 1, tzinfo=UTC)


def held(session: Session, day: date, title: str = "Встреча", status: str = "closed") -> Event:
    return makers.event(session, datetime(day.year, day.month, day.day, 15, tzinfo=UTC), title, status=status)


def visit(session: Session, who: Person, *days: date, status: str = "attended") -> None:
    for day in days:
        makers.attendance(session, held(session, day), who, status)


def figure(
    workspace: Workspace, clock: Clock, key: str, period: tuple[date, date] = NOVEMBER, **limits: object
) -> Figure:
    found = workspace.read(lambda session: all_figures(session, *period, clock, **limits))  # type: ignore[arg-type]
    return {each.key: each for each in found}[key]


def test_an_empty_store_divides_nothing_by_zero(workspace: Workspace, clock: Clock) -> None:
    found = workspace.read(lambda session: all_figures(session, *NOVEMBER, clock))
    rates = [each for each in found if each.unit in {"percent", "points"}]
    assert rates
    assert all(each.value is None and each.n == 0 for each in rates)
    assert {each.value for each in found if each.unit == "count"} == {0}


def test_every_figure_has_words_in_both_languages(workspace: Workspace, clock: Clock) -> None:
    found = workspace.read(lambda session: all_figures(session, *NOVEMBER, clock))
    assert {each.key for each in found} == set(words.DEFINITIONS)
    for each in found:
        with i18n.using("ru"):
            russian = words.explained(each)
        with i18n.using("en"):
            assert words.explained(each) != russian


# -- attendance --------------------------------------------------------------------------------------------------------


@pytest.fixture
def evening(deed: Deed, clock: Clock) -> int:
    """R = 4 (3 came, 1 did not), W = 1, C = 2, one waits, and one of the team came."""

    def verb(session: Session) -> int:
        event = held(session, date(2026, 11, 5))
        statuses = ("attended", "attended", "attended", "no_show", "walk_in", "cancelled", "cancelled", "waitlisted")
        for status in statuses:
            makers.attendance(session, event, makers.person(session, clock()), status)
        makers.attendance(session, event, makers.person(session, clock(), kind="team"), "attended")
        return event.id

    return deed(verb)


@pytest.mark.parametrize(
    ("key", "value", "n"),
    [
        ("attendance", 4, 4),
        ("show_up_rate", 75.0, 4),
        ("no_show_rate", 25.0, 4),
        ("cancellation_rate", 100 * 2 / 6, 6),
        ("walk_in_share", 25.0, 4),
    ],
)
def test_attendance_follows_its_definitions_and_leaves_the_team_out(
    workspace: Workspace, clock: Clock, evening: int, key: str, value: float, n: int
) -> None:
    for found in (figure(workspace, clock, key), figure(workspace, clock, key, event_id=evening)):
        assert found.value == pytest.approx(value)
        assert found.n == n


def test_nobody_is_a_no_show_before_the_event_is_over(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> int:
        event = held(session, date(2026, 11, 20), status="planned")
        makers.attendance(session, event, makers.person(session, clock()), "registered")
        return event.id

    event_id = deed(verb)
    assert figure(workspace, clock, "no_show_rate").value is None
    assert figure(workspace, clock, "no_show_rate", event_id=event_id).value is None
    assert figure(workspace, clock, "show_up_rate", event_id=event_id).value == 0


def test_cancelled_events_are_in_no_figure(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        event = held(session, date(2026, 11, 5), status="cancelled")
        makers.attendance(session, event, makers.person(session, clock()), "registered")

    deed(verb)
    assert figure(workspace, clock, "no_show_rate").n == 0


def test_a_period_is_half_open(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        who = makers.person(session, EARLY)
        visit(session, who, date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1))

    deed(verb)
    assert figure(workspace, clock, "attendance", OCTOBER).value == 2
    assert figure(workspace, clock, "attendance", NOVEMBER).value == 1


# -- people ------------------------------------------------------------------------------------------------------------


def test_active_people_came_in_the_ninety_days_before_the_end(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    end = NOVEMBER[1]

    def verb(session: Session) -> None:
        for days in (90, 91, 1):
            visit(session, makers.person(session, EARLY), end - timedelta(days=days))
        makers.person(session, EARLY)
        visit(session, makers.person(session, EARLY, kind="team"), date(2026, 11, 5))
        visit(session, makers.person(session, EARLY, deleted_at=EARLY), date(2026, 11, 5))

    deed(verb)
    found = figure(workspace, clock, "active_people")
    assert (found.value, found.n) == (2, 4)


def test_active_people_of_a_past_month_include_who_came_again_since(
    workspace: Workspace, clock: Clock, deed: Deed
) -> None:
    def verb(session: Session) -> None:
        visit(session, makers.person(session, EARLY), date(2026, 9, 10), date(2026, 11, 5))
        visit(session, makers.person(session, EARLY), date(2026, 11, 6))

    deed(verb)
    assert figure(workspace, clock, "active_people", OCTOBER).value == 1
    assert figure(workspace, clock, "active_people", NOVEMBER).value == 2


def test_new_people_are_counted_by_their_first_visit(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> tuple[int, int]:
        old, fresh = makers.person(session, EARLY), makers.person(session, EARLY)
        visit(session, old, date(2026, 9, 1), date(2026, 11, 3))
        visit(session, fresh, date(2026, 11, 3))
        fresh.referred_by_id = old.id
        return old.id, fresh.id

    old, fresh = deed(verb)
    found = figure(workspace, clock, "new_people")
    assert (found.value, found.n) == (1, 2)
    share = figure(workspace, clock, "referral_share")
    assert (share.value, share.n) == (100, 1)
    assert workspace.read(lambda session: rows_behind(session, "new_people", *NOVEMBER, clock)) == [fresh]
    assert figure(workspace, clock, "new_people", people=[old]).value == 0


def test_second_visit_waits_until_ninety_days_have_passed(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        first = date(2026, 8, 5)
        # The ninetieth day counts, the next one does not.
        visit(session, makers.person(session, EARLY), first, first + timedelta(days=90))
        visit(session, makers.person(session, EARLY), first, first + timedelta(days=91))
        visit(session, makers.person(session, EARLY), first)
        # The ninety days of this one end today and are not over.
        visit(session, makers.person(session, EARLY), TODAY - timedelta(days=90), TODAY - timedelta(days=50))

    deed(verb)
    found = figure(workspace, clock, "second_visit")
    assert found.n == 3
    assert found.value == pytest.approx(100 / 3)
    assert figure(workspace, clock, "second_visit", OCTOBER).value is None


def test_repeat_attendance_is_of_those_who_came_at_all(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        visit(session, makers.person(session, EARLY), date(2026, 11, 2), date(2026, 11, 9))
        visit(session, makers.person(session, EARLY), date(2026, 10, 30), date(2026, 11, 9))

    deed(verb)
    found = figure(workspace, clock, "repeat_attendance")
    assert (found.value, found.n) == (50, 2)


def test_period_retention_leaves_the_new_out_of_the_end(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        visit(session, makers.person(session, EARLY), date(2026, 10, 20))
        visit(session, makers.person(session, EARLY), date(2026, 8, 20))
        visit(session, makers.person(session, EARLY), date(2026, 11, 5))

    deed(verb)
    found = figure(workspace, clock, "period_retention")
    assert (found.value, found.n) == (50, 2)


def test_first_timers_of_an_event_have_no_earlier_one(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> int:
        old, fresh = makers.person(session, EARLY), makers.person(session, EARLY)
        visit(session, old, date(2026, 11, 1))
        event = held(session, date(2026, 11, 3))
        makers.attendance(session, event, old)
        makers.attendance(session, event, fresh)
        visit(session, fresh, date(2026, 11, 8))
        return event.id

    event_id = deed(verb)
    assert figure(workspace, clock, "first_timer_share", event_id=event_id).value == 50
    assert figure(workspace, clock, "first_timer_share").value == pytest.approx(100 * 2 / 4)


def test_figures_over_time_are_the_figures_of_each_period(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        chance = Random(7)
        for number in range(40):
            who = makers.person(session, EARLY, kind="team" if number % 9 == 0 else "member")
            for _ in range(chance.randrange(5)):
                visit(session, who, date(2026, 1, 1) + timedelta(days=chance.randrange(315)))

    deed(verb)

    def compare(session: Session) -> None:
        scopes = [scope_of(session, date(2026, month, 1), date(2026, month + 1, 1), clock) for month in range(1, 12)]
        assert community.active_counts(session, scopes) == [
            community.active_people(session, scope).value for scope in scopes
        ]
        assert community.new_counts(session, scopes) == [community.new_people(session, scope).value for scope in scopes]
        again = community.second_visits(session, scopes)
        assert again == [community.second_visit(session, scope).value for scope in scopes]
        assert any(again)

    workspace.read(compare)


# -- satisfaction ------------------------------------------------------------------------------------------------------


def test_nps_of_every_score_once_is_minus_45() -> None:
    value, _ = nps_of([1] * 11)
    assert value == pytest.approx(-45.4545, abs=1e-4)


def test_the_margin_of_12_10_8_is_28_8() -> None:
    answers = [8, 0, 0, 0, 0, 0, 0, 10, 0, 0, 12]
    value, margin = nps_of(answers)
    assert value == pytest.approx(13.333, abs=1e-3)
    assert margin == pytest.approx(28.8, abs=0.05)


@given(st.lists(st.integers(0, 500), min_size=11, max_size=11))
def test_nps_stays_between_minus_and_plus_100(answers: list[int]) -> None:
    value, margin = nps_of(answers)
    if sum(answers) == 0:
        assert value is margin is None
    else:
        assert value is not None
        assert margin is not None
        assert -100 <= value <= 100
        assert 0 <= margin <= 196


def test_skipped_answers_are_in_no_base(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        record_response(session, nps=10, clock=clock)
        record_response(session, text="Больше света в зале", clock=clock)

    deed(verb)
    found = figure(workspace, clock, "nps")
    assert (found.value, found.n, found.margin) == (100, 1, 0)
    rows = figure(workspace, clock, "nps_distribution").value
    assert isinstance(rows, tuple)
    assert rows[10] == (10, 1)


def test_the_answers_of_the_team_and_of_deleted_people_do_not_count(
    workspace: Workspace, clock: Clock, deed: Deed
) -> None:
    def verb(session: Session) -> int:
        member = makers.person(session, EARLY)
        record_response(session, nps=9, person_id=member.id, clock=clock)
        record_response(session, nps=0, person_id=makers.person(session, EARLY, kind="team").id, clock=clock)
        gone = makers.person(session, EARLY, deleted_at=EARLY)
        record_response(session, nps=0, person_id=gone.id, clock=clock)
        return member.id

    member = deed(verb)
    assert figure(workspace, clock, "nps").n == 1
    assert workspace.read(lambda session: rows_behind(session, "nps", *NOVEMBER, clock)) == [member]


def test_response_rate_is_of_those_who_came(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> int:
        event = held(session, date(2026, 11, 5))
        people = [makers.person(session, EARLY) for _ in range(4)]
        for who in people:
            makers.attendance(session, event, who)
        for who in (people[0], people[0], people[1]):
            record_response(session, event_id=event.id, person_id=who.id, nps=8, clock=clock)
        return event.id

    event_id = deed(verb)
    found = figure(workspace, clock, "response_rate", event_id=event_id)
    assert (found.value, found.n) == (50, 4)


def test_only_members_of_the_segment_count(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> int:
        inside, outside = makers.person(session, EARLY), makers.person(session, EARLY)
        visit(session, inside, date(2026, 11, 5))
        visit(session, outside, date(2026, 11, 5))
        record_response(session, nps=2, person_id=inside.id, clock=clock)
        record_response(session, nps=10, clock=clock)
        return inside.id

    inside = deed(verb)
    for key, value in (("attendance", 1), ("people_total", 1), ("active_people", 1), ("nps", -100)):
        assert figure(workspace, clock, key, people=[inside]).value == value, key
    assert figure(workspace, clock, "people_total", people=[]).value == 0


# -- changes -----------------------------------------------------------------------------------------------------------


def headline(now: Figure, before: Figure | None, better: int = 1) -> Headline:
    return Headline("NPS", now, "", previous=before, better=better)


def points(value: float | None, n: int, margin: float = 10) -> Figure:
    return Figure("nps", value, n, "satisfaction.nps", unit="points", margin=margin)


@pytest.mark.parametrize(
    ("now", "before", "better", "quality"),
    [
        (points(54, 146), points(20, 140), 1, 1),
        (points(20, 146), points(54, 140), 1, -1),
        (points(20, 146), points(54, 140), -1, 1),
        (points(54, 146), points(51, 140), 1, 0),
        (points(54, 29), points(20, 140), 1, 0),
        (points(54, 146), points(20, 29), 1, 0),
    ],
)
def test_a_change_is_certain_only_beyond_its_margin_and_on_thirty(
    now: Figure, before: Figure, better: int, quality: int
) -> None:
    found = change_of(headline(now, before, better))
    assert found is not None
    assert found.quality == quality


def test_there_is_no_change_without_two_values() -> None:
    assert change_of(headline(points(54, 146), None)) is None
    assert change_of(headline(points(None, 0), points(54, 146))) is None


def test_the_half_width_of_a_share_follows_from_its_base() -> None:
    assert half_width(Figure("second_visit", 50.0, 100, "", unit="percent")) == pytest.approx(9.8)
    assert half_width(Figure("new_people", 50, 100, "")) == 0
