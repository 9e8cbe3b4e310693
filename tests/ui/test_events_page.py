"""The Events page: the list, one event, its people, and the dialogs that change them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from crm import clock as clocks
from crm.i18n import phrase
from crm.models import Attendance, Event
from crm.services import attendance, event_lists, events
from crm.services.event_rows import EventDraft
from crm.services.people_editing import PersonDraft, add_person
from crm.services.segment_editing import add_segment
from crm.ui.events.editor import EventEditor
from crm.ui.events.page import EventsPage
from crm.ui.events.pickers import AddAttendee, InviteSegment
from crm.ui.events.view import steps
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.widgets.dialogs import Dialog

FAMILIES = ("Ёлкин", "Щукин", "Ким", "Цой", "Гаджиева")


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def operations(workspace) -> Operations:
    return Operations(workspace)


@pytest.fixture
def community(deed, clock) -> dict[str, list[int]]:
    """Four events (two to come, two past) and five people; three on the list of the first, one of them in."""

    def verb(session):
        made = []
        for title, away, kind in (
            ("Как измерять удержание", 0, "meeting"),
            ("Прогнозы", 20, "webinar"),
            ("Дашборды", -30, "meeting"),
            ("Когорты", -45, "talk"),
        ):
            starts = datetime.combine(date(2026, 11, 12) + timedelta(days=away), time(18, 30))
            draft = EventDraft(
                title, starts, starts + timedelta(hours=2), "Europe/Moscow", kind=kind, place="Лофт", capacity=50
            )
            made.append(events.add_event(session, draft, clock))
        people = [add_person(session, PersonDraft(family_name=family, given_name="Ян"), clock) for family in FAMILIES]
        rows = [attendance.add_attendee(session, made[0], who, clock) for who in people[:3]]
        attendance.mark_came(session, rows[0], clock())
        return {"events": made, "people": people, "rows": rows}

    return deed(verb)


@pytest.fixture
def page(qtbot, operations, jobs, theme, community) -> EventsPage:
    made = EventsPage(operations, jobs, theme)
    qtbot.addWidget(made)
    made.resize(1200, 860)
    with qtbot.waitExposed(made):
        made.show()
    return made


def titles(page: EventsPage) -> list[str]:
    model = page.list_page.list.events
    return [model.row_of(place).title for place, line in enumerate(model.lines) if line.event_id]


def names(page: EventsPage) -> list[str]:
    model = page.view.table.rows
    return [model.row_at(place).name for place in range(model.rowCount())]


def dialog(page: EventsPage, kind: type[Dialog]) -> Dialog:
    return next(one for one in page.window().findChildren(kind) if one.is_open)


def test_what_is_coming_is_listed_first_by_months(page, community):
    assert titles(page) == ["Как измерять удержание", "Прогнозы"]
    headings = [line.on.month for line in page.list_page.list.events.lines if not line.event_id]
    assert headings == [11, 12]


def test_past_events_are_listed_back_from_the_last(page):
    page.list_page.half.select("past")
    page.list_page.refresh()
    assert titles(page) == ["Дашборды", "Когорты"]


def test_typing_in_the_search_field_narrows_the_list(page):
    page.list_page.search.setText("прог")
    assert titles(page) == ["Прогнозы"]
    page.list_page.search.setText("такого нет")
    assert titles(page) == []


def test_enter_on_a_row_opens_the_event_and_escape_goes_back(page, qtbot, community):
    page.list_page.list.step(1)
    qtbot.keyClick(page.list_page.list, Qt.Key.Key_Return)
    assert page.view.isVisible()
    assert page.view.card.row.id in community["events"]
    assert page.escape()
    assert page.list_page.isVisible()
    assert not page.escape()


def test_arrows_pass_over_the_months(page):
    chosen = []
    for _ in range(3):
        chosen.append(page.list_page.list.current_id())
        page.list_page.list.step(1)
    assert all(chosen)


def test_an_event_shows_its_people_in_order_of_surname_and_filters_count_them(page, community):
    page.show_item(community["events"][0])
    assert names(page) == ["Ян Ёлкин", "Ян Ким", "Ян Щукин"]
    page.view.filters.chips["came"].click()
    assert names(page) == ["Ян Ёлкин"]
    page.view.filters.chips["waiting"].click()
    assert names(page) == ["Ян Ким", "Ян Щукин"]


def test_the_funnel_says_of_what_each_percentage_is(page, community):
    page.show_item(community["events"][0])
    shown = [(step.title, step.value, step.note) for step in steps(page.view.card)]
    nbsp = "\N{NO-BREAK SPACE}"
    assert shown == [
        ("Записались", 3, ""),
        ("Пришли", 1, f"33{nbsp}% от{nbsp}записавшихся"),
        ("Оставили отзыв", 0, ""),
    ]


def test_an_event_made_by_the_form_is_opened_and_can_be_undone(page, workspace, clock):
    page.add()
    editor = dialog(page, EventEditor)
    editor.title_edit.setText("Завтрак <b>с аналитиками</b>")
    editor.day.set_day(date(2026, 12, 1))
    editor.starts.set_clock_time(time(10))
    editor.ends.set_clock_time(time(12))
    editor.capacity.setText("25")
    editor.save_button.click()
    row = page.view.card.row
    assert (row.title, row.capacity, row.on) == ("Завтрак <b>с аналитиками</b>", 25, date(2026, 12, 1))
    workspace.undo()
    assert page.list_page.isVisible(), "the event is gone, so its page is"


def test_a_form_without_a_title_or_with_a_wrong_capacity_says_so_and_stays(page, workspace, clock):
    page.add()
    editor = dialog(page, EventEditor)
    editor.capacity.setText("много")
    editor.save_button.click()
    assert editor.is_open
    assert workspace.read(lambda s: len(event_lists.event_ids(s, "all", clock))) == 4


def test_an_end_before_the_start_is_pointed_out_and_means_the_next_day(page):
    page.add()
    editor = dialog(page, EventEditor)
    assert editor.next_day.isHidden()
    editor.title_edit.setText("Ночь музеев")
    editor.day.set_day(date(2026, 12, 1))
    editor.starts.set_clock_time(time(22))
    editor.ends.set_clock_time(time(2))
    assert not editor.next_day.isHidden()
    editor.save_button.click()
    row = page.view.card.row
    assert row.on == date(2026, 12, 1)
    assert row.ends_at - row.starts_at == timedelta(hours=4)


def test_the_form_of_an_event_keeps_what_it_does_not_show(page, workspace, community):
    event = community["events"][0]
    workspace.write(phrase("Test"), lambda s: setattr(s.get(Event, event), "agenda", "19:00 доклады"))
    page.show_item(event)
    page.edit()
    editor = dialog(page, EventEditor)
    editor.title_edit.setText("Другое название")
    editor.save_button.click()
    kept = workspace.read(lambda s: event_lists.event_card(s, event))
    assert (kept.row.title, kept.agenda, kept.row.place) == ("Другое название", "19:00 доклады", "Лофт")


def test_an_own_kind_is_made_where_it_is_needed(page):
    page.add()
    editor = dialog(page, EventEditor)
    editor.title_edit.setText("Поход")
    editor.kind.set_value("own kind")
    editor.own_kind.setText("Экскурсия")
    editor.save_button.click()
    assert page.view.card.row.kind_name == "Экскурсия"


def test_somebody_found_by_name_is_put_on_the_list(page, community):
    page.show_item(community["events"][0])
    page.view.add.click()
    picker = dialog(page, AddAttendee)
    picker.search.setText("wjq")
    picker.add.click()
    assert picker.is_open
    assert "Ян Цой" in names(page)
    picker.reject()


def test_a_segment_is_invited_without_those_the_event_knows(page, workspace, deed, clock, community):
    deed(lambda s: add_segment(s, "Все", {"version": 1, "match": "all", "rules": []}, clock))
    page.show_item(community["events"][0])
    page.view.invite_segment()
    picker = dialog(page, InviteSegment)
    picker.invite.click()
    statuses = workspace.read(lambda s: sorted(s.scalars(select(Attendance.status))))
    assert statuses == ["attended", "invited", "invited", "registered", "registered"]
    page.view.tabs.select("invited")
    page.view._tab("invited")
    assert len(names(page)) == 2


def test_closing_is_refused_before_the_end_and_settles_no_shows_after_it(page, qtbot, operations, workspace, community):
    page.show_item(community["events"][0])
    with qtbot.waitSignal(operations.refused):
        page._acts.close(page.view.card.row)
    workspace.clock = clocks.fixed(workspace.clock() + timedelta(days=1))
    with qtbot.waitSignal(operations.said) as said:
        page._acts.close(page.view.card.row)
    assert said.args[0].what.text() == "Событие закрыто: пришли 1, не\N{NO-BREAK SPACE}пришли 2"
    assert page.view.header.desk.isHidden()
    operations.undo(said.args[0].deed)
    assert page.view.card.row.status == "planned"


def test_the_menu_of_a_person_offers_what_fits_their_state(page, workspace, community):
    page.show_item(community["events"][0])
    rows = page.view._fetch(community["rows"])
    waiting, here = rows[community["rows"][1]], rows[community["rows"][0]]

    def offers(row):
        return [action.text() for action in page.view.people_menu([row]).actions() if action.text()]

    assert "Отметить приход" in offers(waiting)
    assert "Отметить приход" not in offers(here)
    assert "Снять отметку" in offers(here)
    action = next(one for one in page.view.people_menu([waiting]).actions() if one.text() == "Отменить запись")
    action.trigger()
    assert workspace.read(lambda s: s.get(Attendance, waiting.id).status) == "cancelled"


def test_the_desk_button_leads_to_the_desk_and_says_whether_it_began(page, qtbot, community):
    page.show_item(community["events"][0])
    assert page.view.header.desk.text() == "Продолжить регистрацию"
    with qtbot.waitSignal(page.navigate) as went:
        page.view.header.desk.click()
    assert went.args == ["desk", community["events"][0]]
    page.show_item(community["events"][1])
    assert page.view.header.desk.text() == "Начать регистрацию"


def test_a_change_made_elsewhere_is_shown_at_once_and_a_hidden_page_catches_up(page, workspace, community, clock):
    page.show_item(community["events"][0])
    workspace.write(phrase("Test"), lambda s: attendance.mark_came(s, community["rows"][1], clock()))
    assert page.view.card.row.came == 2
    page.hide()
    workspace.write(phrase("Test"), lambda s: attendance.mark_came(s, community["rows"][2], clock()))
    assert page.view.card.row.came == 2
    page.show()
    assert page.view.card.row.came == 3


def test_an_event_that_is_gone_is_refused_in_words(page, qtbot, operations):
    with qtbot.waitSignal(operations.refused):
        page.show_item(999)
    assert page.list_page.isVisible()


def test_the_register_sheet_is_written_in_the_background(page, qtbot, operations, community, tmp_path):
    target = tmp_path / "лист.pdf"
    with qtbot.waitSignal(operations.said, timeout=20_000):
        page._acts.write_register_sheet(community["events"][0], target)
    from pypdf import PdfReader

    text = "".join(one.extract_text() for one in PdfReader(target).pages)
    assert all(family in text for family in FAMILIES[:3])
    assert not list(Path(tmp_path).glob("*.part"))


def test_without_events_the_page_offers_to_plan_the_first(qtbot, operations, jobs, theme):
    empty = EventsPage(operations, jobs, theme)
    qtbot.addWidget(empty)
    with qtbot.waitExposed(empty):
        empty.show()
    assert empty.list_page._start.isVisible()


@pytest.mark.parametrize("size", [(844, 600), (1154, 768), (1700, 1000)])
def test_the_page_fits_every_window(page, community, size):
    page.show_item(community["events"][0])
    page.resize(*size)
    assert (page.width(), page.height()) == size
