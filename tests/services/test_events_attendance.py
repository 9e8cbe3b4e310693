"""Who is on the list of an event."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.models import Answer, Attendance, Event, Person, Question, Response, Survey
from crm.services import attendance, attendees, ticket_codes
from crm.services.desk_reading import load_desk
from crm.services.event_errors import EventIsCancelled
from crm.services.people_editing import ContactDraft, PersonDraft, add_person
from tests.support import makers


@pytest.fixture
def event_id(deed, clock) -> int:
    return deed(lambda s: makers.event(s, clock(), "Встреча").id)


def people(deed, clock, *families: str) -> list[int]:
    return deed(lambda s: [makers.person(s, clock(), family).id for family in families])


def statuses(workspace) -> dict[int, str]:
    return workspace.read(
        lambda s: {row[0]: row[1] for row in s.execute(select(Attendance.person_id, Attendance.status))}
    )


def test_inviting_twice_invites_once_and_leaves_the_registered_alone(workspace, deed, clock, event_id):
    first, second, third = people(deed, clock, "Ан", "Бо", "Ве")
    deed(lambda s: attendance.register_people(s, event_id, [first], clock))
    done = deed(lambda s: attendance.invite_people(s, event_id, [first, second, second, third], clock))
    assert (done.invited, done.already) == (2, 1)
    assert workspace.read(lambda s: attendees.attendee_counts(s, event_id))["invited"] == 2
    again = deed(lambda s: attendance.invite_people(s, event_id, [second, third], clock))
    assert (again.invited, again.already) == (0, 2)
    assert statuses(workspace) == {first: "registered", second: "invited", third: "invited"}


def test_deleted_people_are_neither_invited_nor_registered(workspace, deed, clock, event_id):
    (gone,) = people(deed, clock, "Ан")
    deed(lambda s: setattr(s.get(Person, gone), "deleted_at", clock()))
    assert deed(lambda s: attendance.invite_people(s, event_id, [gone], clock)).invited == 0
    assert deed(lambda s: attendance.register_people(s, event_id, [gone], clock)) == 0
    assert statuses(workspace) == {}


def test_registered_people_have_tickets_of_eight_digits_no_two_alike(workspace, deed, clock, event_id):
    ids = people(deed, clock, *(f"Ан{number}" for number in range(50)))
    deed(lambda s: attendance.register_people(s, event_id, ids, clock))
    codes = workspace.read(lambda s: s.scalars(select(Attendance.ticket_code)).all())
    assert len(set(codes)) == 50
    assert all(len(code) == 8 and code.isdecimal() for code in codes)


def test_an_event_that_asks_for_approval_lets_nobody_on_its_list_unasked(workspace, deed, clock, event_id):
    (who,) = people(deed, clock, "Ан")
    deed(lambda s: setattr(s.get(Event, event_id), "approval", True))
    deed(lambda s: attendance.register_people(s, event_id, [who], clock))
    assert statuses(workspace) == {who: "pending"}


def test_a_full_event_puts_the_next_on_the_waiting_list(workspace, deed, clock, event_id):
    ids = people(deed, clock, "Ан", "Бо", "Ве")
    deed(lambda s: setattr(s.get(Event, event_id), "capacity", 2))
    deed(lambda s: attendance.register_people(s, event_id, ids, clock))
    assert [statuses(workspace)[one] for one in ids] == ["registered", "registered", "waitlisted"]


def test_a_cancelled_registration_frees_its_place_and_can_be_taken_up_again(workspace, deed, clock, event_id):
    (who,) = people(deed, clock, "Ан")
    row = deed(lambda s: attendance.add_attendee(s, event_id, who, clock))
    code = workspace.read(lambda s: s.get(Attendance, row).ticket_code)
    deed(lambda s: attendance.cancel_attendance(s, row, clock))
    counts = workspace.read(lambda s: attendees.attendee_counts(s, event_id))
    assert (counts["registered"], counts["waiting"], counts["cancelled"]) == (0, 0, 1)
    assert deed(lambda s: attendance.add_attendee(s, event_id, who, clock)) == row
    assert workspace.read(lambda s: (s.get(Attendance, row).status, s.get(Attendance, row).ticket_code)) == (
        "registered",
        code,
    )


def test_nobody_is_added_to_a_cancelled_event(deed, clock, event_id):
    (who,) = people(deed, clock, "Ан")
    deed(lambda s: setattr(s.get(Event, event_id), "status", "cancelled"))
    with pytest.raises(EventIsCancelled):
        deed(lambda s: attendance.invite_people(s, event_id, [who], clock))


def test_the_list_is_in_order_of_surname_and_each_filter_counts_what_it_shows(workspace, deed, clock, event_id):
    def verb(session):
        event = session.get(Event, event_id)
        for family, status in (
            ("Яшин", "registered"), ("Ан", "attended"), ("Бо", "walk_in"), ("Ве", "no_show"), ("Ге", "cancelled"),
            ("Да", "waitlisted"),
        ):  # fmt: skip
            makers.attendance(session, event, makers.person(session, clock(), family), status)

    deed(verb)
    counts = workspace.read(lambda s: attendees.attendee_counts(s, event_id))
    for which, families in (
        ("registered", ["Ан", "Ве", "Яшин"]), ("came", ["Ан", "Бо"]), ("waiting", ["Яшин"]), ("no_show", ["Ве"]),
        ("walk_in", ["Бо"]), ("cancelled", ["Ге"]), ("waitlisted", ["Да"]),
    ):  # fmt: skip
        ids = workspace.read(lambda s, which=which: attendees.attendee_ids(s, event_id, which))
        rows = workspace.read(lambda s, ids=ids: attendees.attendee_rows(s, ids))
        assert [row.name.split()[1] for row in rows] == families
        assert counts[which] == len(families)


def test_the_list_is_searched_in_any_layout_and_alphabet(workspace, deed, clock, event_id):
    ids = people(deed, clock, "Ёлкин", "Щукин")
    deed(lambda s: attendance.register_people(s, event_id, ids, clock))
    for text in ("елк", "Ёл", "tkrby", "elkin", "иван ёл"):
        rows = workspace.read(lambda s, text=text: attendees.attendee_ids(s, event_id, "all", text))
        assert len(rows) == 1, text
    assert workspace.read(lambda s: attendees.attendee_ids(s, event_id, "all", "%")) == []


def test_a_row_shows_the_score_and_the_words_a_person_gave_this_event(workspace, deed, clock, event_id):
    (who,) = people(deed, clock, "Ан")

    def verb(session):
        attendance.register_people(session, event_id, [who], clock)
        survey = Survey(title="Отзыв", created_at=clock())
        session.add(survey)
        session.flush()
        asked = [Question(survey_id=survey.id, kind=kind, text="?") for kind in ("nps", "text")]
        response = Response(survey_id=survey.id, event_id=event_id, person_id=who, at=clock(), on=date(2026, 11, 12))
        session.add_all([*asked, response])
        session.flush()
        session.add(Answer(response_id=response.id, question_id=asked[0].id, kind="nps", number=9))
        session.add(Answer(response_id=response.id, question_id=asked[1].id, kind="text", text="Хороший темп"))

    deed(verb)
    ids = workspace.read(lambda s: attendees.attendee_ids(s, event_id, "all"))
    (row,) = workspace.read(lambda s: attendees.attendee_rows(s, ids))
    assert (row.score, row.said) == (9, "Хороший темп")


def test_a_late_tick_is_marked_as_entered_later_and_taking_it_back_restores_what_was(workspace, deed, clock, event_id):
    (who,) = people(deed, clock, "Ан")
    row = deed(lambda s: attendance.add_attendee(s, event_id, who, clock))
    at = clock() - timedelta(hours=1)
    deed(lambda s: attendance.mark_came(s, row, at))
    kept = workspace.read(lambda s: s.get(Attendance, row))
    assert (kept.status, kept.first_in_at, kept.entered_later) == ("attended", at, True)
    deed(lambda s: attendance.mark_not_come(s, row))
    kept = workspace.read(lambda s: s.get(Attendance, row))
    assert (kept.status, kept.first_in_at, kept.entered_later) == ("registered", None, False)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12345678", "12345678"),
        (" 1234 5678 ", "12345678"),
        ("KRUG-12345678", "12345678"),
        ("ЛКГП-12345678", "12345678"),
        ("!@#$%^&*", "12345678"),
        ('!"№;%:?*', "12345678"),
        ("1234567", None),
        ("+79000000031", None),
        ("Иванов", None),
        ("", None),
    ],
)
def test_a_ticket_is_read_however_the_scanner_typed_it(typed, code):
    assert ticket_codes.read_code(typed) == code


def test_who_is_known_by_a_contact_alone_is_called_by_it_in_the_list_and_at_the_door(workspace, deed, clock, event_id):
    draft = PersonDraft(contacts=(ContactDraft("phone", "8 900 000-41-17"),))
    nameless = deed(lambda s: add_person(s, draft, clock))
    deed(lambda s: attendance.register_people(s, event_id, [nameless], clock))
    ids = workspace.read(lambda s: attendees.attendee_ids(s, event_id, "registered"))
    rows = workspace.read(lambda s: attendees.attendee_rows(s, ids))
    arrivals = workspace.read(lambda s: load_desk(s, event_id)).arrivals
    assert [row.name for row in rows] == [row.name for row in arrivals] == ["+7 900 000-41-17"]
