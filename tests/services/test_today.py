"""Today: whom to reach, who goes quiet, who is new, whose birthday, what comes next, and four figures with a past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import ContactPoint, DoNotContact, Event, Interaction, InteractionPerson, Person, Task
from crm.services import tasks, today
from crm.services.figures import all_figures
from crm.services.surveys import record_response
from crm.services.tasks import TaskGone
from crm.store.workspace import Workspace
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
TODAY = date(2026, 11, 12)
EARLY = datetime(2024, 1, 1, tzinfo=UTC)


def task(session: Session, due: date | None, who: Person, **fields: object) -> Task:
    made = Task(title="Прислать запись", due_on=due, person_id=who.id, created_at=EARLY, **fields)
    session.add(made)
    session.flush()
    return made


def event_on(session: Session, day: date, **fields: object) -> Event:
    moment = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    return makers.event(session, moment, status=fields.pop("status", "closed"), **fields)


def page(workspace: Workspace, clock: Clock, rows: int = 5) -> today.Today:
    return workspace.read(lambda session: today.today(session, clock, rows))


def test_an_empty_store_needs_nothing(workspace: Workspace, clock: Clock) -> None:
    found = page(workspace, clock)
    assert (found.contacts, found.quiet, found.newcomers, found.waiting, found.birthdays) == ((), (), (), (), ())
    assert found.next_event is None
    assert workspace.read(lambda session: today.waits_for_me(session, clock)) == {"today": 0, "feedback": 0}


def test_contacts_are_due_up_to_tomorrow_and_the_oldest_comes_first(
    workspace: Workspace, clock: Clock, deed: Deed
) -> None:
    def verb(session: Session) -> None:
        who = makers.person(session, EARLY, "Берёзкин", "Артём")
        for days in (2, 1, 0, -3):
            task(session, TODAY + timedelta(days=days), who)
        task(session, None, who)
        task(session, TODAY, who, done_at=EARLY)
        task(session, TODAY, who, kind="checklist")
        task(session, TODAY, makers.person(session, EARLY, deleted_at=EARLY))

    deed(verb)
    found = page(workspace, clock, rows=2)
    assert [((row.due_on or TODAY) - TODAY).days for row in found.contacts] == [-3, 0, 1]
    assert found.contact_count == 3
    assert (found.contacts[0].person, found.contacts[0].initials) == ("Артём Берёзкин", "АБ")


def test_a_task_is_done_put_off_and_undone(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    task_id = deed(lambda session: task(session, TODAY, makers.person(session, EARLY)).id)
    deed(lambda session: tasks.finish_task(session, task_id, clock))
    assert page(workspace, clock).contact_count == 0
    workspace.undo()
    assert page(workspace, clock).contact_count == 1
    deed(lambda session: tasks.put_off_task(session, task_id, TODAY + timedelta(days=7)))
    assert page(workspace, clock).contact_count == 0
    with pytest.raises(TaskGone):
        deed(lambda session: tasks.finish_task(session, task_id + 1, clock))


def test_who_goes_quiet_is_shown_with_days_and_visits(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        for family, last in (("Королёв", date(2026, 8, 30)), ("Давний", date(2025, 3, 1))):
            who = makers.person(session, EARLY, family, "Максим")
            for back in (0, 14, 28):
                makers.attendance(session, event_on(session, last - timedelta(days=back)), who)

    deed(verb)
    found = page(workspace, clock)
    assert [note.name for note in found.quiet] == ["Максим Королёв", "Максим Давний"]
    note = found.quiet[0]
    assert (note.attended, note.last_visit_on, note.days_away) == (3, date(2026, 8, 30), 74)
    assert note.visits == (0, 0, 0, 0, 3, 0, 0, 0)
    assert found.quiet_count == 2


def test_newcomers_are_greeted_until_somebody_has_talked_with_them(
    workspace: Workspace, clock: Clock, deed: Deed
) -> None:
    def verb(session: Session) -> None:
        evening = event_on(session, date(2026, 11, 5), title="Когорты без боли")
        host = makers.person(session, EARLY, "Ёлкин", "Семён", kind="team")
        fresh = makers.person(session, EARLY, "Подъяпольская", "Есения", referred_by_id=host.id)
        greeted = makers.person(session, EARLY)
        for who in (host, fresh, greeted):
            makers.attendance(session, evening, who)
        talk = Interaction(kind="call", at=datetime(2026, 11, 6, tzinfo=UTC))
        session.add(talk)
        session.flush()
        session.add(InteractionPerson(interaction_id=talk.id, person_id=greeted.id))

    deed(verb)
    found = page(workspace, clock)
    (note,) = found.newcomers
    assert (note.name, note.referred_by, note.first_event) == (
        "Есения Подъяпольская",
        "Семён Ёлкин",
        "Когорты без боли",
    )
    assert found.newcomer_count == 1


@pytest.mark.parametrize(
    ("start", "birthday", "on"),
    [
        (TODAY, (11, 12), TODAY),
        (TODAY, (11, 18), date(2026, 11, 18)),
        (TODAY, (11, 19), None),
        (TODAY, (11, 11), None),
        (date(2026, 12, 29), (1, 2), date(2027, 1, 2)),
        (date(2026, 2, 25), (2, 29), date(2026, 2, 28)),
        (date(2028, 2, 25), (2, 29), date(2028, 2, 29)),
    ],
)
def test_birthdays_of_the_next_seven_days(
    workspace: Workspace, deed: Deed, start: date, birthday: tuple[int, int], on: date | None
) -> None:
    deed(lambda session: makers.person(session, EARLY, birth_month=birthday[0], birth_day=birthday[1]).id)
    found = workspace.read(lambda session: today.birthdays(session, start, 7))
    assert [each.on for each in found] == ([] if on is None else [on])


def test_the_next_event_knows_its_preparation(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> int:
        event_on(session, TODAY + timedelta(days=9), status="planned")
        event_on(session, TODAY + timedelta(days=1), status="cancelled")
        soon = event_on(session, TODAY + timedelta(days=3), status="planned")
        who = makers.person(session, EARLY)
        for done in (EARLY, None):
            task(session, TODAY, who, kind="checklist", event_id=soon.id, done_at=done)
        makers.attendance(session, soon, who, "registered")
        return soon.id

    soon = deed(verb)
    found = page(workspace, clock).next_event
    assert found is not None
    assert (found.event.id, found.event.registered, found.prepared, found.steps) == (soon, 1, 1, 2)


def test_the_pulse_says_what_the_figures_say(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        evening = event_on(session, date(2026, 11, 5))
        for _ in range(3):
            makers.attendance(session, evening, makers.person(session, EARLY))
        record_response(session, nps=10, clock=clock)

    deed(verb)
    end = TODAY + timedelta(days=1)
    figures = {
        figure.key: figure
        for figure in workspace.read(lambda session: all_figures(session, end - timedelta(days=30), end, clock))
    }
    pulse = workspace.read(lambda session: today.pulse(session, clock))
    active, fresh, again, score = pulse
    assert active.headline.figure == figures["active_people"]
    assert fresh.headline.figure == figures["new_people"]
    assert again.headline.figure.value is None
    assert score.headline.figure.value == 100
    for each in pulse:
        assert len(each.past) == today.SPARK_POINTS
        assert each.past[-1] == each.headline.figure.value


def test_the_counts_beside_the_navigation_are_those_of_the_page(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        task(session, TODAY, makers.person(session, EARLY))
        record_response(session, text="Где запись?", kind="question", clock=clock)

    deed(verb)
    found = page(workspace, clock)
    counts = workspace.read(lambda session: today.waits_for_me(session, clock))
    assert counts == {"today": found.contact_count, "feedback": found.waiting_count} == {"today": 1, "feedback": 1}
    assert found.waiting[0].text == "Где запись?"


def test_one_writes_in_the_preferred_channel_and_to_nobody_who_asked_not_to(workspace: Workspace, deed: Deed) -> None:
    def verb(session: Session) -> tuple[int, int, int]:
        both = makers.person(session, EARLY, preferred_channel="email")
        handle = makers.person(session, EARLY)
        closed = makers.person(session, EARLY)
        for who in (both, handle, closed):
            session.add(ContactPoint(person_id=who.id, kind="telegram", value="semyon"))
        session.add(ContactPoint(person_id=both.id, kind="email", value="semyon@example.org"))
        session.add(DoNotContact(person_id=closed.id, since_on=TODAY))
        session.add(DoNotContact(person_id=handle.id, channel="telegram", since_on=EARLY.date(), until_on=EARLY.date()))
        session.flush()
        return both.id, handle.id, closed.id

    both, handle, closed = deed(verb)
    links = [
        workspace.read(lambda session, who=who: today.way_to_write(session, who, TODAY))
        for who in (both, handle, closed)
    ]
    assert links == ["mailto:semyon@example.org", "https://t.me/semyon", None]


def test_the_people_of_a_list_are_those_it_counts(workspace: Workspace, clock: Clock, deed: Deed) -> None:
    def verb(session: Session) -> None:
        evening = event_on(session, date(2026, 11, 5))
        for _ in range(7):
            makers.attendance(session, evening, makers.person(session, EARLY))

    deed(verb)
    found = page(workspace, clock)
    assert len(found.newcomers) == 5
    assert found.newcomer_count == 7
    assert len(workspace.read(lambda session: today.people_of_list(session, "new"))) == 7
