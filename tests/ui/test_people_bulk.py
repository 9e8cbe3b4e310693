"""Many people at once: a field, tags, the trash and back, onto the clipboard; one deed, one undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crm.models import Deed, Person
from crm.services import bulk, custom_fields, people, people_editing
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.services.people_order import PeopleFilter
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.bulk import rows_as_text
from crm.ui.people.page import PeoplePage
from tests.support import makers

Key = Qt.Key


@pytest.fixture
def crowd(deed, clock):
    def make(session):
        people = []
        for number, family in enumerate(("Аникин", "=Борисов", "Власов")):
            phone = ContactDraft("phone", f"+7900000004{number}")
            draft = PersonDraft(family_name=family, organisation="Ладога" if number else "", contacts=(phone,))
            people.append(people_editing.add_person(session, draft, clock))
        return people

    return deed(make)


@pytest.fixture
def page(qtbot: QtBot, workspace, theme, crowd) -> PeoplePage:
    operations, jobs = Operations(workspace), Jobs()
    made = PeoplePage(operations, jobs, theme)
    made.resize(1340, 800)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    made.show()
    qtbot.waitExposed(made)
    return made


def deeds(workspace) -> int:
    return workspace.read(lambda s: s.scalar(select(func.count()).select_from(Deed)))


def test_several_selected_people_bring_the_bar_and_one_takes_it_away(page, crowd) -> None:
    assert page.selection.isHidden()
    page.table.selectAll()
    assert not page.selection.isHidden()
    assert page.selection._count.text() == "Выбрано 3"
    assert page.selection.buttons["restore"].isHidden()
    page.grab()
    page.table.select_id(crowd[2])
    assert page.selection.isHidden()


def test_a_field_is_given_to_all_by_one_deed(page, workspace, deed, crowd) -> None:
    size = deed(lambda s: custom_fields.define_field(s, "Взнос", "number"))
    before = deeds(workspace)
    page.table.selectAll()
    dialog = page.bulk.set_field(page._chosen())
    dialog.field.set_value("city")
    dialog.line.setText("Ёлкино")
    dialog.save.click()
    assert {workspace.read(lambda s, one=one: people.card(s, one)).city for one in crowd} == {"Ёлкино"}
    assert workspace.read(lambda s: s.get(Person, crowd[0])).search_city == "елкино"
    assert deeds(workspace) == before + 1
    page._operations.undo()
    assert {workspace.read(lambda s, one=one: people.card(s, one)).city for one in crowd} == {""}
    dialog = page.bulk.set_field(crowd)
    dialog.field.set_value(f"field:{size}")
    dialog.line.setText("много")
    dialog.save.click()
    assert "не число" in dialog.error
    dialog.line.setText("1500")
    dialog.save.click()
    assert workspace.read(lambda s: custom_fields.values_of(s, crowd))[crowd[2]] == {size: "1500"}


def test_the_trash_shows_who_was_deleted_and_gives_them_back(qtbot, page, workspace, crowd) -> None:
    page.table.select_id(crowd[1])
    page.delete()
    assert crowd[1] not in list(page.table.rows.ids)
    page.filters.narrow(deleted=True)
    assert list(page.table.rows.ids) == [crowd[1]]
    page.table.select_id(crowd[1])
    assert not page.selection.isHidden()
    page.grab()
    page.selection.buttons["restore"].click()
    qtbot.waitUntil(lambda: list(page.table.rows.ids) == [])
    assert page.escape()
    assert set(page.table.rows.ids) == set(crowd)
    page.filters.search.setText("борисов")
    assert list(page.table.rows.ids) == [crowd[1]]


def test_rows_are_copied_as_a_table_a_list_and_contacts(qtbot, page, crowd) -> None:
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[:2] == ["Имя", "Организация"]
    assert sorted(line.split("\t")[0] for line in lines[1:]) == ["'=Борисов", "Аникин", "Власов"]
    page.copy_rows("list")
    said = QGuiApplication.clipboard().text().split("\n")
    assert said[0] in {"1. Аникин", "1. =Борисов — Ладога"}
    assert "3. Власов — Ладога" in said
    page.copy_rows("phone")
    assert "+7 900 000-00-40" in QGuiApplication.clipboard().text().split("\n")


def test_hostile_cells_stay_one_line_each() -> None:
    class Title:
        title = "=Имя"

        def words(self, row: str) -> str:
            return row

    assert rows_as_text([Title()], ["a\tb\nc", "@SUM(1)", "+79000000041"]) == "'=Имя\na b c\n'@SUM(1)\n+79000000041"


def test_thousands_are_changed_in_a_few_statements(workspace, deed, clock) -> None:
    def make(session):
        return [makers.person(session, clock(), f"Имя{number}").id for number in range(3_000)]

    ids = deed(make)
    assert deed(lambda s: bulk.set_field(s, ids, "organisation", "ООО «Ладога»", clock)) == 3_000
    assert deed(lambda s: bulk.set_field(s, ids, "organisation", "Ладога", clock)) == 0
    assert deed(lambda s: bulk.set_field(s, ids[:10], "kind", "partner", clock)) == 10
    deed(lambda s: people_editing.delete_people(s, ids, clock))
    assert deed(lambda s: bulk.restore_people(s, ids[:2_000], clock)) == 2_000
    workspace.undo()
    assert workspace.read(people.people_count) == 0
    assert PeopleFilter(deleted=True).narrows
