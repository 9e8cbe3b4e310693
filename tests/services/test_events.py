"""Events: what a form may say, moving, closing, finding one by a reference."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from crm import clock as clocks
from crm.models import Attendance, Event
from crm.services import event_lists, events
from crm.services.event_errors import (
    EventAmbiguous,
    EventCapacityWrong,
    EventEndsBeforeStart,
    EventIsCancelled,
    EventKindUnknown,
    EventNotFound,
    EventNotOver,
    EventTitleMissing,
)
from crm.services.event_rows import EventDraft, EventRow
from tests.support import makers

EVENING = datetime.combine(date(2026, 11, 12), time(18, 30))


def draft(**changes: object) -> EventDraft:
    fields: dict[str, object] = {
        "title": "Как измерять удержание",
        "starts": EVENING,
        "ends": EVENING + timedelta(hours=2, minutes=30),
        "zone": "Europe/Moscow",
        "place": "Лофт «Заря», зал 2",
        "capacity": 200,
    }
    return EventDraft(**(fields | changes))  # type: ignore[arg-type]  # names checked by the dataclass


def row(workspace, event_id: int) -> EventRow:
    return workspace.read(lambda s: event_lists.event_row(s, event_id))


def with_list(deed, clock, *statuses: str, **fields: object) -> int:
    """An event with one person of each status on its list."""

    def verb(session):
        event_id = events.add_event(session, draft(**fields), clock)
        event = session.get(Event, event_id)
        for number, status in enumerate(statuses):
            who = makers.person(session, clock(), f"Фамилия{number}")
            makers.attendance(session, event, who, status)
        return event_id

    return deed(verb)


def test_wall_clock_of_the_event_is_stored_as_utc_and_read_back(workspace, deed, clock):
    event_id = deed(lambda s: events.add_event(s, draft(zone="Asia/Yekaterinburg"), clock))
    found = workspace.read(lambda s: event_lists.event_card(s, event_id))
    assert found.row.starts_at.hour == 13
    assert found.row.on == date(2026, 11, 12)
    assert found.draft() == draft(zone="Asia/Yekaterinburg")


def test_the_local_day_counts_not_the_day_in_utc(workspace, deed, clock):
    night = datetime.combine(date(2026, 11, 13), time(1))
    event_id = deed(lambda s: events.add_event(s, draft(starts=night, ends=night), clock))
    assert row(workspace, event_id).starts_at.day == 12
    assert row(workspace, event_id).on == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " \u200b "}, EventTitleMissing),
        ({"ends": EVENING - timedelta(minutes=1)}, EventEndsBeforeStart),
        ({"kind": "party"}, EventKindUnknown),
        ({"capacity": 0}, EventCapacityWrong),
    ],
)
def test_a_draft_that_cannot_be_is_refused_and_nothing_is_added(workspace, deed, clock, changes, refusal):
    with pytest.raises(refusal) as caught:
        deed(lambda s: events.add_event(s, draft(**changes), clock))
    assert caught.value.text()
    assert workspace.read(lambda s: event_lists.event_ids(s, "all", clock)) == []


def test_moving_an_event_moves_the_day_of_everybody_on_its_list_and_undo_moves_it_back(workspace, deed, clock):
    event_id = with_list(deed, clock, "registered", "attended")
    later = draft(starts=EVENING + timedelta(days=3), ends=EVENING + timedelta(days=3, hours=2))
    deed(lambda s: events.edit_event(s, event_id, later))

    def days(session):
        return set(session.scalars(select(Attendance.event_on)))

    assert workspace.read(days) == {date(2026, 11, 15)}
    workspace.undo()
    assert workspace.read(days) == {date(2026, 11, 12)}


def test_closing_before_the_end_is_refused(workspace, deed, clock):
    event_id = with_list(deed, clock, "registered")
    with pytest.raises(EventNotOver, match="21:00"):
        deed(lambda s: events.close_event(s, event_id, clock))
    assert row(workspace, event_id).no_shows == 0


def test_closing_makes_no_shows_of_those_still_expected_and_only_of_them(workspace, deed, clock):
    event_id = with_list(deed, clock, "registered", "registered", "attended", "walk_in", "cancelled", "invited")
    after = clocks.fixed(clock() + timedelta(days=1))
    closed = deed(lambda s: events.close_event(s, event_id, after))
    assert (closed.came, closed.walk_ins, closed.no_shows) == (2, 1, 2)
    found = row(workspace, event_id)
    assert (found.status, found.registered, found.came, found.no_shows, found.waiting) == ("closed", 3, 2, 2, 0)
    deed(lambda s: events.reopen_event(s, event_id))
    found = row(workspace, event_id)
    assert (found.no_shows, found.waiting, found.registered) == (0, 2, 3)


def test_a_cancelled_event_is_neither_opened_nor_closed(deed, clock):
    event_id = with_list(deed, clock, "registered")
    deed(lambda s: events.cancel_event(s, event_id))
    for verb in (events.open_event, events.close_event):
        with pytest.raises(EventIsCancelled):
            deed(lambda s, verb=verb: verb(s, event_id, clock))


def test_registered_is_those_who_came_plus_those_waited_for_without_cancelled_ones(workspace, deed, clock):
    event_id = with_list(deed, clock, "attended", "attended", "registered", "cancelled", "walk_in", "waitlisted")
    found = row(workspace, event_id)
    assert found.registered == found.came_registered + found.waiting == 3
    assert found.came == 3
    assert found.free_places == 200 - 3 - 1


def test_a_copy_keeps_the_hours_and_has_nobody_on_its_list(workspace, deed, clock):
    event_id = with_list(deed, clock, "registered")
    copied = deed(lambda s: events.copy_event(s, event_id, date(2026, 12, 10), clock))
    found = workspace.read(lambda s: event_lists.event_card(s, copied))
    assert (found.row.on, found.draft().starts.time(), found.row.registered) == (
        date(2026, 12, 10),
        EVENING.time(),
        0,
    )


def test_upcoming_runs_forward_and_past_runs_back(workspace, deed, clock):
    def verb(session):
        return [
            events.add_event(
                session, draft(starts=EVENING + timedelta(days=d), ends=EVENING + timedelta(days=d)), clock
            )
            for d in (-20, -3, 1, 9)
        ]

    ids = deed(verb)
    assert workspace.read(lambda s: event_lists.event_ids(s, "upcoming", clock)) == [ids[2], ids[3]]
    assert workspace.read(lambda s: event_lists.event_ids(s, "past", clock)) == [ids[1], ids[0]]
    assert workspace.read(lambda s: event_lists.next_event(s, clock)).id == ids[2]


def test_search_in_titles_takes_percent_and_underscore_as_letters(workspace, deed, clock):
    deed(lambda s: events.add_event(s, draft(title="Рост 100%_и больше"), clock))
    deed(lambda s: events.add_event(s, draft(title="Рост"), clock))
    found = workspace.read(lambda s: event_lists.event_ids(s, "all", clock, text="%_"))
    assert len(found) == 1


def test_an_event_is_found_by_number_uid_title_and_the_part_of_one_title(workspace, deed, clock):
    event_id = deed(lambda s: events.add_event(s, draft(), clock))
    deed(lambda s: events.add_event(s, draft(title="Ёлка"), clock))
    uid = row(workspace, event_id).uid
    for ref in (f"#{event_id}", str(event_id), uid, "как измерять удержание", "УДЕРЖАНИЕ"):
        assert workspace.read(lambda s, ref=ref: event_lists.resolve_event(s, ref)) == event_id
    for ref in ("#999", "", "нет такого"):
        with pytest.raises(EventNotFound):
            workspace.read(lambda s, ref=ref: event_lists.resolve_event(s, ref))


def test_two_events_of_one_title_are_told_apart_by_number(workspace, deed, clock):
    ids = [deed(lambda s: events.add_event(s, draft(), clock)) for _ in range(2)]
    with pytest.raises(EventAmbiguous) as caught:
        workspace.read(lambda s: event_lists.resolve_event(s, "Как измерять удержание"))
    assert all(f"#{event_id}" in caught.value.text() for event_id in ids)


def test_an_own_kind_is_made_once_whatever_its_case(workspace, deed, clock):
    key = deed(lambda s: events.add_kind(s, "Экскурсия"))
    assert deed(lambda s: events.add_kind(s, "экскурсия")) == key
    event_id = deed(lambda s: events.add_event(s, draft(kind=key), clock))
    assert row(workspace, event_id).kind_name == "Экскурсия"
