"""The door: what each attempt comes to, what the log keeps, what taking back restores."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from crm import clock as clocks
from crm.models import Attendance, ContactPoint, Event, Person, Scan
from crm.services import attendance, desk, event_lists, events
from crm.services.desk_guests import GuestNameMissing
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import in_community, load_desk
from crm.services.desk_rows import CheckIn, Guest
from crm.services.event_errors import AttendanceNotFound
from crm.services.event_rows import EventDraft
from crm.services.people_editing import ContactDraft, PersonDraft, add_person
from tests.support import makers


class Door:
    """An event with a list, and one desk at it."""

    def __init__(self, workspace, deed, clock) -> None:
        self.workspace, self.deed, self.now = workspace, deed, clock()
        evening = datetime.combine(date(2026, 11, 12), time(12, 30))
        draft = EventDraft("Вечер", evening, evening + timedelta(hours=3), "Europe/Moscow")
        self.event = deed(lambda s: events.add_event(s, draft, clock))

    @property
    def clock(self) -> clocks.Clock:
        return clocks.fixed(self.now)

    def person(self, family: str, given: str = "Иван", *, phone: str = "", **fields: object) -> int:
        def verb(session):
            contacts = (ContactDraft("phone", phone),) if phone else ()
            draft = PersonDraft(family_name=family, given_name=given, contacts=contacts)
            made = session.get_one(Person, add_person(session, draft, self.clock))
            for name, value in fields.items():
                setattr(made, name, value)
            return made.id

        return self.deed(verb)

    def register(self, family: str, given: str = "Иван", *, phone: str = "+79000000001", **fields: object) -> int:
        who = self.person(family, given, phone=phone, **fields)
        return self.deed(lambda s: attendance.add_attendee(s, self.event, who, self.clock))

    def code(self, row: int) -> str:
        return self.workspace.read(lambda s: s.get(Attendance, row).ticket_code)

    def status(self, row: int) -> str | None:
        return self.workspace.read(lambda s: s.scalar(select(Attendance.status).where(Attendance.id == row)))

    def set(self, row: int, **fields: object) -> None:
        self.deed(lambda s: [setattr(s.get(Attendance, row), name, value) for name, value in fields.items()])

    def set_event(self, **fields: object) -> None:
        self.deed(lambda s: [setattr(s.get(Event, self.event), name, value) for name, value in fields.items()])

    def __call__(self, who: str | int, **options: object) -> CheckIn:
        return self.deed(lambda s: desk.check_in(s, self.event, who, self.clock, **options))

    def guest(self, guest: Guest, **options: object) -> CheckIn:
        return self.deed(lambda s: desk.check_in_guest(s, self.event, guest, self.clock, **options))

    def undo(self, row: int | None = None) -> CheckIn:
        return self.deed(lambda s: desk.undo_check_in(s, self.event, row, self.clock))

    def scans(self) -> list[str]:
        return self.workspace.read(lambda s: list(s.scalars(select(Scan.result).order_by(Scan.id))))

    def counters(self):
        return self.workspace.read(lambda s: DeskIndex(load_desk(s, self.event))).counters(self.now)


@pytest.fixture
def door(workspace, deed, clock) -> Door:
    return Door(workspace, deed, clock)


def test_a_ticket_lets_its_holder_in_and_opens_the_event(door):
    row = door.register("Тёмкина", "Ольга")
    result = door(door.code(row))
    assert (result.result, result.recorded, result.person.name) == ("ok", True, "Ольга Тёмкина")
    assert result.at == door.now
    assert door.status(row) == "attended"
    assert door.workspace.read(lambda s: event_lists.event_row(s, door.event)).status == "open"
    assert door.scans() == ["ok"]


@pytest.mark.parametrize("typed", ["тёмк", "ТЕМКИНА", "ntvrbyf", "temkina", "ольга тём", "тём оль", "0001"])
def test_a_text_that_means_one_person_lets_that_person_in(door, typed):
    row = door.register("Тёмкина", "Ольга")
    door.register("Щукин", phone="+79000000002")
    assert door(typed).result == "ok"
    assert door.status(row) == "attended"


def test_among_namesakes_nobody_is_taken_and_both_are_shown(door):
    rows = [door.register("Фёдоров", "Пётр"), door.register("Фёдоров", "Пётр", phone="+79000000002")]
    result = door("фёдоров пётр")
    assert (result.result, result.recorded) == ("ambiguous", False)
    assert {person.phone_end for person in result.candidates} == {"0001", "0002"}
    assert [door.status(row) for row in rows] == ["registered", "registered"]


def test_a_namesake_who_is_in_already_leaves_the_choice_to_be_made(door):
    first = door.register("Фёдоров", "Пётр")
    door.register("Фёдоров", "Пётр", phone="+79000000002")
    door(first)
    door.now += timedelta(minutes=5)
    assert door("фёдоров").result == "ambiguous"


def test_a_misspelt_name_is_offered_and_never_taken(door):
    row = door.register("Тёмкина", "Ольга")
    result = door("темкна")
    assert result.result == "not_found"
    assert [person.attendance_id for person in result.candidates] == [row]
    assert door.status(row) == "registered"


def test_the_organisation_alone_lets_nobody_in(door):
    def with_organisation(session):
        return makers.organisation(session, door.now).id

    company = door.deed(with_organisation)
    row = door.register("Тёмкина", "Ольга", organisation_id=company)
    result = door("ладога")
    assert result.result == "not_found"
    assert [person.attendance_id for person in result.candidates] == [row]


def test_the_second_scan_says_already_since_when_and_makes_no_second_record(door):
    row = door.register("Лётчикова", "Вера")
    first = door.now
    door(row, device="1")
    door.now += timedelta(minutes=10)
    result = door(door.code(row), device="2")
    assert (result.result, result.recorded, result.first_at, result.same_desk) == ("already", False, first, False)
    assert door.workspace.read(lambda s: s.get(Attendance, row).first_in_at) == first
    assert door.scans() == ["ok", "already"]


def test_the_echo_of_a_scanner_is_in_no_log(door):
    row = door.register("Лётчикова")
    door(row)
    door.now += timedelta(seconds=3)
    assert door(row).bounce
    door.now += timedelta(seconds=1)
    assert not door(row).bounce
    assert door.scans() == ["ok", "already"]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("cancelled", "cancelled"),
        ("transferred", "cancelled"),
        ("pending", "not_approved"),
        ("rejected", "not_approved"),
        ("waitlisted", "waitlisted"),
    ],
)
def test_who_has_no_valid_place_is_refused_until_somebody_admits_them(door, status, result):
    row = door.register("Ким")
    door.set(row, status=status)
    assert (door(row).result, door.status(row)) == (result, status)
    assert door(row, admit=True).result == "ok"
    assert door.status(row) == "attended"


@pytest.mark.parametrize("status", ["cancelled", "pending", "waitlisted"])
def test_taking_back_an_admission_restores_the_refused_state(door, status):
    row = door.register("Ким")
    at = door.now if status == "cancelled" else None
    door.set(row, status=status, cancelled_at=at)
    door(row)
    door(row, admit=True)
    assert door.undo(row).result == "undone"
    assert door.status(row) == status


def test_a_blocked_person_is_refused_even_when_admitted(door):
    row = door.register("Ким", blocked=True)
    assert door(row).result == "blocked"
    door.set(row, status="cancelled")
    assert door(row, admit=True).result == "blocked"
    assert door.scans() == ["blocked", "blocked"]


def test_validity_is_checked_before_repetition(door):
    row = door.register("Ким")
    door(row)
    who = door.workspace.read(lambda s: s.get(Attendance, row).person_id)
    door.deed(lambda s: setattr(s.get(Person, who), "blocked", True))
    door.now += timedelta(minutes=1)
    assert door(row).result == "blocked"


def test_a_ticket_of_another_event_names_that_event(door, clock):
    who = door.person("Ким")
    later = datetime.combine(date(2026, 11, 20), time(18))
    draft = EventDraft("Другой вечер", later, later, "Europe/Moscow")
    other = door.deed(lambda s: events.add_event(s, draft, clock))
    row = door.deed(lambda s: attendance.add_attendee(s, other, who, clock))
    result = door(door.code(row))
    assert (result.result, result.other_event) == ("wrong_event", "Другой вечер")
    assert door.status(row) == "registered"


@pytest.mark.parametrize("text", ["", "   ", "!?", "KRUG-123", "я" * 300])
def test_what_can_be_no_ticket_and_no_name_is_malformed_and_logged(door, text):
    assert door(text).result == "malformed"
    assert door.scans() == ["malformed"]


@pytest.mark.parametrize("text", ["') OR 1=1;--", '"" NEAR(', "%", "_" * 20, "\x00Ким", "*"])
def test_hostile_text_finds_nobody(door, text):
    row = door.register("Тёмкина")
    assert door(text).result in {"malformed", "not_found"}
    assert door.status(row) == "registered"


def test_an_unknown_name_offers_others_of_the_community_and_says_who_is_invited(door):
    door.register("Щукин")
    invited = door.person("Коваль", "Илья")
    other = door.person("Ковалёва", "Дарья")
    door.deed(lambda s: attendance.invite_people(s, door.event, [invited], door.clock))
    result = door("кова")
    assert result.result == "not_found"
    assert [(person.person_id, person.status) for person in result.candidates] == [(invited, "invited"), (other, "")]


def test_somebody_invited_who_never_registered_comes_in_as_a_walk_in_and_is_invited_again_when_taken_back(door):
    who = door.person("Коваль")
    door.deed(lambda s: attendance.invite_people(s, door.event, [who], door.clock))
    row = door.workspace.read(lambda s: attendance.attendance_of(s, door.event, who))
    assert door(row).result == "ok"
    assert door.status(row) == "walk_in"
    door.undo(row)
    assert door.status(row) == "invited"


def test_outside_the_hours_is_allowed_and_marked(door):
    row = door.register("Ким")
    door.now += timedelta(hours=10)
    assert door(row).warnings == ("outside_hours",)


def test_a_person_nobody_can_reach_is_marked(door):
    row = door.register("Ким", phone="")
    assert door(row).warnings == ("missing_data",)


def test_a_closed_event_lets_nobody_in_but_takes_late_ticks_which_undo_the_no_show(door):
    row = door.register("Ким")
    arrived = door.now
    door.now += timedelta(hours=8)
    door.deed(lambda s: events.close_event(s, door.event, door.clock))
    assert door(row).result == "event_closed"
    assert door.status(row) == "no_show"
    assert door(row, at=arrived).result == "ok"
    kept = door.workspace.read(lambda s: s.get(Attendance, row))
    assert (kept.status, kept.first_in_at, kept.entered_later) == ("attended", arrived, True)
    door.undo(row)
    assert door.status(row) == "no_show"


def test_one_more_than_the_house_holds_is_let_in_when_allowed_and_marked(door):
    door.set_event(capacity=2)
    row = door.register("Ким")
    door.register("Ли")
    refused = door.guest(Guest("Анна Новая"), allow_over_capacity=False)
    assert (refused.result, refused.recorded) == ("over_capacity", False)
    assert door(row).result == "ok"
    result = door.guest(Guest("Анна Новая"))
    assert (result.result, result.recorded) == ("over_capacity", True)
    assert door.workspace.read(lambda s: s.get(Attendance, result.person.attendance_id).over_capacity)
    assert door.counters().free == -1


def test_a_guest_needs_a_name_and_nothing_else(door):
    result = door.guest(Guest("Анна Новая"))
    assert (result.result, result.person.name, result.person.status) == ("ok", "Анна Новая", "walk_in")
    with pytest.raises(GuestNameMissing):
        door.guest(Guest("  "))
    assert door.counters().walk_ins == 1


def test_a_guest_with_the_phone_or_name_of_somebody_known_is_let_in_and_pointed_out(door):
    known = door.person("Новая", "Анна", phone="+79000000077")
    for guest in (Guest("Новая Анна"), Guest("Другое Имя", "8 900 000-00-77")):
        result = door.guest(guest)
        assert result.result == "ok"
        assert "possible_duplicate" in result.warnings
        assert [person.person_id for person in result.candidates][-1] == known


def test_a_guest_of_the_community_comes_in_without_a_second_person(door):
    known = door.person("Коваль", phone="+79000000077")
    result = door.guest(Guest(person_id=known))
    assert (result.result, result.person.person_id) == ("ok", known)
    assert door.workspace.read(lambda s: s.scalar(select(func.count()).select_from(Person))) == 1


def test_a_guest_who_is_on_the_list_after_all_comes_in_as_registered(door):
    row = door.register("Ким")
    who = door.workspace.read(lambda s: s.get(Attendance, row).person_id)
    assert door.guest(Guest(person_id=who)).result == "ok"
    assert door.status(row) == "attended"


def test_a_blocked_guest_is_refused(door):
    known = door.person("Ким", blocked=True)
    assert door.guest(Guest(person_id=known)).result == "blocked"


def test_taking_back_a_new_guest_takes_the_new_person_too_and_undo_brings_both_back(door):
    result = door.guest(Guest("Анна Новая", "8 900 000-00-55"))
    door.undo(result.person.attendance_id)
    tables = (Person, Attendance, ContactPoint)
    count = lambda s: [s.scalar(select(func.count()).select_from(table)) for table in tables]  # noqa: E731
    assert door.workspace.read(count) == [0, 0, 0]
    door.workspace.undo()
    assert door.workspace.read(count) == [1, 1, 1]
    assert door.scans() == ["ok", "undone"]


def test_a_guest_somebody_has_edited_since_is_not_deleted_with_the_arrival(door):
    result = door.guest(Guest("Анна Новая"))
    door.deed(lambda s: setattr(s.get(Person, result.person.person_id), "changed_at", door.now + timedelta(minutes=1)))
    door.undo(result.person.attendance_id)
    assert door.workspace.read(lambda s: s.scalar(select(func.count()).select_from(Person))) == 1


def test_taking_back_without_a_name_takes_the_last_arrival(door):
    first, second = door.register("Ан"), door.register("Бо", phone="+79000000002")
    door(first)
    door.now += timedelta(minutes=1)
    door(second)
    assert door.undo().person.attendance_id == second
    assert [door.status(row) for row in (first, second)] == ["attended", "registered"]
    door.undo()
    assert door.undo().result == "not_found"


def test_ctrl_z_in_the_window_turns_a_check_in_back_while_the_log_stays(door):
    row = door.register("Ким")
    door(row)
    door.workspace.undo()
    assert door.status(row) == "registered"
    assert door.scans() == ["ok"]


def test_refusals_leave_no_deed_behind(door):
    door.register("Ким")
    assert door("нет такого").result == "not_found"
    door.workspace.undo()
    assert door.counters().expected == 0, "what was undone is the registration, the newest deed there is"


def test_the_log_numbers_attempts_one_by_one_whatever_the_clock_says(door):
    row = door.register("Ким")
    door(row)
    door.now -= timedelta(hours=1)
    door("нет такого")
    order = door.workspace.read(lambda s: list(s.scalars(select(Scan.order_number).order_by(Scan.id))))
    assert order == [1, 2]


def test_counters_add_up(door):
    rows = [door.register(f"Ан{number}", phone=f"+7900000000{number}") for number in range(4)]
    door.set_event(capacity=10)
    door(rows[0])
    door.set(rows[0], guest_count=2)
    door.now += timedelta(minutes=6)
    door(rows[1])
    door.guest(Guest("Анна Новая"))
    counters = door.counters()
    assert (counters.expected, counters.came_registered, counters.left, counters.walk_ins) == (4, 2, 2, 1)
    assert (counters.came, counters.inside, counters.free, counters.last_minutes) == (3, 5, 3, 2)


def test_the_index_kept_in_step_says_what_reading_anew_says(door):
    row = door.register("Ким")
    index = door.workspace.read(lambda s: DeskIndex(load_desk(s, door.event)))
    index.put(door(row).person)
    index.put(door.guest(Guest("Анна Новая")).person)
    assert index.counters(door.now) == door.counters()
    assert [person.name for person in index.last_arrivals()] == ["Анна Новая", "Иван Ким"]


def test_colleagues_still_expected_are_offered(door):
    company = door.deed(lambda s: makers.organisation(s, door.now).id)
    rows = [door.register(family, organisation_id=company) for family in ("Ан", "Бо", "Ве")]
    door.register("Га")
    door(rows[2])
    index = door.workspace.read(lambda s: DeskIndex(load_desk(s, door.event)))
    found = index.colleagues(index.by_attendance(rows[0]))
    assert [person.attendance_id for person in found] == [rows[1]]


def test_the_community_is_searched_without_those_on_the_list(door):
    door.register("Ким", "Анна")
    other = door.person("Ким", "Вера")
    found = door.workspace.read(lambda s: in_community(s, door.event, "ким"))
    assert [person.person_id for person in found] == [other]


def test_somebody_taken_off_the_list_meanwhile_is_said_to_be_gone(door):
    row = door.register("Ким")
    door.deed(lambda s: attendance.remove_attendee(s, row))
    with pytest.raises(AttendanceNotFound):
        door(row)


def test_a_shown_name_comes_before_a_patronymic_which_is_told(door):
    by_patronymic = door.register(
        "Буквин", "Геннадий", additional_name="Алексеевич", search_names="буквин геннадий алексеевич"
    )
    by_name = door.register("Хатажуков", "Али")
    index = door.workspace.read(lambda s: DeskIndex(load_desk(s, door.event)))
    found = [hit.arrival for hit in index.find("ал")]
    assert [arrival.attendance_id for arrival in found] == [by_name, by_patronymic]
    assert found[1].other_names == "Алексеевич"
