"""The way the list is looked at: columns, groups, order, under a name or not; kept, changed, given back, undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crm.services import custom_fields, people_editing, saved_views
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.services.people_order import PeopleFilter, Sort
from crm.services.saved_views import COLUMNS, ListView
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.page import PeoplePage

Key = Qt.Key


@pytest.fixture
def crowd(deed, clock):
    def make(session):
        size = custom_fields.define_field(session, "Размер", "choice", ("S", "L"))
        people = []
        for number, (family, city) in enumerate((("Аникин", "Омск"), ("Борисов", "Елец"), ("Власов", "Омск"))):
            draft = PersonDraft(
                family_name=family, city=city, contacts=(ContactDraft("phone", f"+7900000004{number}"),)
            )
            people.append(people_editing.add_person(session, draft, clock))
        people.append(people_editing.add_person(session, PersonDraft(family_name="Гусев"), clock))
        custom_fields.set_value(session, people[:1], size, "L", clock)
        return people

    return deed(make)


@pytest.fixture
def open_page(qtbot: QtBot, workspace, theme):
    def run() -> PeoplePage:
        operations, jobs = Operations(workspace), Jobs()
        page = PeoplePage(operations, jobs, theme)
        page.resize(1240, 800)
        qtbot.addWidget(page, before_close_func=lambda _: jobs.close())
        page.show()
        qtbot.waitExposed(page)
        return page

    return run


def keys(page: PeoplePage) -> list[str]:
    return [column.key for column in page.table.rows.columns]


def shown(page: PeoplePage) -> list[int]:
    return list(page.table.rows.ids)


def choose(menu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_columns_are_chosen_moved_and_remembered_over_a_restart(qtbot, open_page, crowd) -> None:
    page = open_page()
    assert keys(page) == list(COLUMNS)
    dialog = page.choose_columns()
    for key in ("tags", "level", "events"):
        dialog.boxes[key].setChecked(False)
    dialog.boxes["phone"].setChecked(True)
    dialog.boxes["field:1"].setChecked(True)
    dialog._move("phone", -10)
    dialog.accept()
    assert keys(page) == ["name", "phone", "organisation", "visit", "field:1"]
    index = page.table.rows.index(0, 1)
    assert page.table.rows.data(index) == "+7 900 000-00-40"
    assert page.table.rows.data(page.table.rows.index(0, 4)) == "L"
    page.table.horizontalHeader().resizeSection(1, 222)
    page.sort_by("phone", False)
    assert page.table.sort == ("phone", False)
    assert shown(page)[-1] == crowd[3]
    page.grab()
    qtbot.waitUntil(lambda: page._noted[0].columns == ("name", "phone", "organisation", "visit", "field:1"))
    qtbot.waitUntil(lambda: page._noted[0].sort == Sort("phone"))
    again = open_page()
    assert keys(again) == ["name", "phone", "organisation", "visit", "field:1"]
    assert again.table.sort == ("phone", False)
    assert again.table.widths()["phone"] == 222
    assert again.actions_of_people.view_columns()[:5] == (
        "family_name", "given_name", "additional_name", "nickname", "phones",
    )  # fmt: skip


def test_a_view_is_saved_changed_given_back_renamed_and_deleted(qtbot, open_page, workspace, crowd) -> None:
    page = open_page()
    page.filters.narrow(city="Омск")
    dialog = page.view.ask_name()
    dialog.name.setText("Омичи")
    dialog.answer()
    assert page.view.named is not None
    assert not page.view.is_changed()
    page.sort_by("city", False)
    assert page.view.is_changed()
    assert "изменён" in page.view.accessibleName()
    choose(page.view.menu_of_views(), "Вернуть, как сохранено")
    assert page.table.sort == ("name", False)
    page.sort_by("city", True)
    choose(page.view.menu_of_views(), "Сохранить изменения")
    assert not page.view.is_changed()
    choose(page.view.menu_of_views(), "Все")
    assert len(shown(page)) == 4
    choose(page.view.menu_of_views(), "Омичи")
    assert len(shown(page)) == 2
    assert page.table.sort == ("city", True)
    again = page.view.ask_name(rename=True)
    again.name.setText("")
    again.answer()
    assert again.error == "Виду нужно название."
    again.name.setText("Из Омска")
    again.answer()
    assert [view.name for view in workspace.read(saved_views.views)] == ["Из Омска"]
    choose(page.view.menu_of_views(), "Удалить вид")
    assert workspace.read(saved_views.views) == ()
    page._operations.undo()
    assert [view.name for view in workspace.read(saved_views.views)] == ["Из Омска"]


def test_built_in_views_need_no_saving(open_page, crowd) -> None:
    page = open_page()
    choose(page.view.menu_of_views(), "Не с чем связаться")
    assert shown(page) == [crowd[3]]
    choose(page.view.menu_of_views(), "Добавлены за 30 дней")
    assert keys(page)[3:5] == ["created", "source"]
    assert page.escape()
    assert page.filters.only == PeopleFilter()


def test_groups_have_their_number_fold_and_are_passed_over_by_keys(qtbot, open_page, crowd) -> None:
    page = open_page()
    page.look_as(replace(page.current_view(), group="city"))
    assert [one for one in shown(page) if one > 0] == [crowd[1], crowd[0], crowd[2], crowd[3]]
    heads = [page.table.rows.head_at(place) for place, one in enumerate(shown(page)) if one < 0]
    assert [(head.title, head.count) for head in heads] == [("Елец", 1), ("Омск", 2), ("Не указано", 1)]
    page.table.select_id(crowd[1])
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_Down)
    assert page.table.current_id() == crowd[0]
    page.table.selectAll()
    assert page.table.selected_ids() == [crowd[1], crowd[0], crowd[2], crowd[3]]
    at = page.table.visualRect(page.table.rows.index(2, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at.x(), at.y()))
    assert crowd[0] not in shown(page)
    assert page.table.rows.head_at(2).folded
    page.grab()
    page.table.select_id(crowd[3])
    qtbot.keyClick(page.table, Key.Key_Left)
    assert crowd[3] not in shown(page)
    qtbot.keyClick(page.table, Key.Key_Right)
    assert set(crowd) <= set(shown(page))
    page.filters.search.setText("Власов")
    assert [one for one in shown(page) if one > 0] == [crowd[2]]


def test_a_view_of_a_field_put_away_shows_the_rest(open_page, workspace, deed, clock, crowd) -> None:
    workspace.maintain(
        lambda s: saved_views.remember_view(s, ListView(columns=("name", "field:1", "city"), group="field:1"), None)
    )
    deed(lambda s: custom_fields.archive_field(s, 1, clock))
    page = open_page()
    assert keys(page) == ["name", "city"]
    assert len([one for one in shown(page) if one > 0]) == 4


def test_several_selected_stay_so_when_the_order_changes_and_a_ready_view_is_named(open_page, crowd) -> None:
    page = open_page()
    page.table.selectAll()
    page.sort_by("city", False)
    assert set(page.table.selected_ids()) == set(crowd)
    assert not page.selection.isHidden()
    choose(page.view.menu_of_views(), "Затихают")
    assert page.view.accessibleName() == "Вид: Затихают"
    sorts = next(action.menu() for action in page.view.menu_of_views().actions() if action.text() == "Упорядочить")
    choose(sorts, "События")
    assert page.table.sort == ("events", True)
    assert page.view.accessibleName() == "Вид: Все"


def test_the_chip_follows_an_undo_and_views_are_moved(open_page, workspace, crowd) -> None:
    page = open_page()
    for name in ("Первый", "Второй"):
        dialog = page.view.ask_name()
        dialog.name.setText(name)
        dialog.answer()
    choose(page.view.menu_of_views(), "Переместить вид выше")
    assert [view.name for view in workspace.read(saved_views.views)] == ["Второй", "Первый"]
    page._operations.undo()
    page._operations.undo()
    assert page.view.named is None
    assert [view.name for view in workspace.read(saved_views.views)] == ["Первый"]


def test_who_never_came_stands_under_that_level(open_page, crowd) -> None:
    page = open_page()
    page.look_as(replace(page.current_view(), group="level"))
    head = page.table.rows.head_at(0)
    assert head is not None
    assert (head.title, head.count) == ("Ещё не был", 4)
