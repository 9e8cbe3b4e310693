"""Ctrl+V: a list of a chat or a table is looked at, unclear rows are asked about, then it is one deed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crm.models import Attendance, Deed, Person
from crm.services import people_editing
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.ui.events.page import EventsPage
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.page import PeoplePage
from crm.ui.people.pasting import PasteDialog
from tests.conftest import NOON
from tests.support import makers

Key = Qt.Key
LINES = "Идут:\n1. Иван Петров @ivan_p +1, 8 900 000-00-41\n2. Анна Ли, anna@example.org\n3. Пётр Ким\n"


@pytest.fixture
def there(deed, clock):
    def make(session):
        anna = PersonDraft(family_name="Ли", given_name="Анна", contacts=(ContactDraft("email", "anna@example.org"),))
        return [
            people_editing.add_person(session, draft, clock)
            for draft in (anna, PersonDraft(family_name="Ким", given_name="Пётр"))
        ]

    return deed(make)


@pytest.fixture
def operations(workspace, there) -> Operations:
    return Operations(workspace)


@pytest.fixture
def page(qtbot: QtBot, operations, theme) -> PeoplePage:
    jobs = Jobs()
    made = PeoplePage(operations, jobs, theme)
    made.resize(1340, 800)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    return made


def pasted(qtbot: QtBot, window, words: str) -> PasteDialog:
    """The dialog after Ctrl+V, once it is read."""
    QGuiApplication.clipboard().setText(words)
    qtbot.keyClick(window, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = (one for one in window.window().findChildren(PasteDialog) if one.is_open)
    qtbot.waitUntil(lambda: bool(dialog.rows) or bool(dialog.error), timeout=5_000)
    return dialog


def count(workspace, model: type) -> int:
    return workspace.read(lambda s: s.scalar(select(func.count()).select_from(model)))


def test_by_keyboard_alone_a_pasted_list_is_looked_at_asked_about_taken_and_undone(
    qtbot, page, operations, workspace, there
) -> None:
    before = count(workspace, Person), count(workspace, Deed)
    dialog = pasted(qtbot, page, LINES)
    assert [row.who for row in dialog.rows] == ["rejected", "new", "known", "unclear"]
    assert (count(workspace, Person), count(workspace, Deed)) == before, "nothing is written before «Add»"
    dialog.grab()

    window = page.window()
    qtbot.keyClick(dialog.table, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "1 строка неясна" in dialog.error, "an unclear row is not taken by chance"
    assert dialog.table.current_id() == 4
    qtbot.keyClick(dialog.table, Key.Key_Return)
    assert window.focusWidget() is dialog.choice or QApplication.activePopupWidget() is not None
    dialog.choice.hidePopup()
    qtbot.keyClick(dialog.choice, Key.Key_Down)
    assert dialog.wanted().chosen == {"row 4": there[1]}
    assert dialog.error == ""

    with qtbot.waitSignal(operations.said) as said:
        qtbot.keyClick(dialog.table, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said.args[0].what.text() == "Вставлено 3 человека"
    assert count(workspace, Person) == before[0] + 1
    operations.undo(said.args[0].deed)
    assert count(workspace, Person) == before[0]


def test_a_row_left_out_and_a_new_namesake_are_as_decided(qtbot, page, operations, workspace) -> None:
    dialog = pasted(qtbot, page, LINES)
    dialog._decide("new")
    dialog.table.select_id(2)
    dialog._decide("out")
    assert "1 не добавляется" in dialog._text.text()
    with qtbot.waitSignal(operations.said):
        dialog.add.click()
    names = workspace.read(lambda s: list(s.scalars(select(Person.family_name).order_by(Person.family_name))))
    assert names == ["Ким", "Ким", "Ли"]


def test_esc_writes_nothing(qtbot, page, workspace) -> None:
    before = count(workspace, Person)
    dialog = pasted(qtbot, page, LINES)
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.is_open
    assert count(workspace, Person) == before


def test_onto_the_list_of_an_event_with_guests(qtbot, operations, workspace, theme, deed, there) -> None:
    event = deed(lambda s: makers.event(s, NOON + timedelta(days=3), "Осенняя встреча").id)
    jobs = Jobs()
    page = EventsPage(operations, jobs, theme)
    page.resize(1340, 800)
    qtbot.addWidget(page, before_close_func=lambda _: jobs.close())
    page.show()
    page.show_item(event)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    dialog = pasted(qtbot, page, LINES)
    assert dialog.where_to.value() == event
    dialog._decide(there[1])
    with qtbot.waitSignal(operations.said):
        dialog.add.click()
    found = workspace.read(lambda s: list(s.scalars(select(Attendance.guest_count).order_by(Attendance.guest_count))))
    assert found == [0, 0, 1]
    qtbot.waitUntil(lambda: page.view.table is not None and page.view.table.rows.rowCount() == 3)


def test_in_a_field_ctrl_v_is_the_fields(qtbot, page) -> None:
    QGuiApplication.clipboard().setText("Ким")
    page.find()
    QTest.keyClick(page.filters.search, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.filters.search.text() == "Ким"
    assert not page.window().findChildren(PasteDialog)


def test_t24_hostile_texts_are_shown_as_they_are_or_refused_by_name(qtbot, page, operations) -> None:
    dialog = pasted(qtbot, page, "Иван\u202e <b>Петров</b> 8 900 000-00-41\n=cmd|'/c calc'!A1\n\x00\x07\n")
    assert [row.who for row in dialog.rows] == ["new", "rejected", "rejected"]
    dialog.grab()
    dialog.reject()
    big = pasted(qtbot, page, "Имя\tТелефон\n" + "x" * 1_100_000 + "\t8 900 000-00-41")
    assert "МБ" in big.error
    assert not big.add.isEnabled()
    big.reject()
    QGuiApplication.clipboard().setText("  \n")
    with qtbot.waitSignal(operations.said) as said:
        page.paste()
    assert said.args[0].what.text() == "В буфере обмена нет текста"


def test_ten_thousand_lines_are_read_beside_the_window(qtbot, page) -> None:
    words = "\n".join(f"{number}. Иван Щукин{number} @ivan{number}" for number in range(10_000))
    QGuiApplication.clipboard().setText(words)
    page.paste()
    (dialog,) = page.window().findChildren(PasteDialog)
    assert not dialog.rows, "the window does not wait"
    qtbot.waitUntil(lambda: len(dialog.rows) == 10_000, timeout=20_000)
    dialog.reject()
