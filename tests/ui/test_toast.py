"""The toast: one line, eight seconds, stays while looked at, takes no focus, undoes on a click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.toast import SECONDS, Toast


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(800, 500)
    QVBoxLayout(made).addWidget(QLineEdit())
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_stands_at_the_bottom_centre_and_goes_by_itself(theme: Theme, host: QWidget) -> None:
    toast = Toast(theme, host)
    toast.say("Удалено 12 человек", "trash")
    assert toast.isVisible()
    assert abs(toast.geometry().center().x() - 399) <= 1
    assert toast.timer.interval() == SECONDS * 1000 == 8000
    assert toast.timer.isActive()
    toast.timer.timeout.emit()
    assert not toast.isVisible()


def test_it_stays_while_the_pointer_is_on_it(theme: Theme, host: QWidget) -> None:
    toast = Toast(theme, host)
    toast.say("Готово")
    toast.enterEvent(QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert not toast.timer.isActive()
    toast.leaveEvent(QEvent(QEvent.Type.Leave))
    assert toast.timer.isActive()


def test_it_takes_no_focus(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    field = host.findChild(QLineEdit)
    field.setFocus()
    Toast(theme, host).say("Готово", undo=lambda: None)
    assert host.focusWidget() is field


def test_undo_undoes_once_and_the_rest_of_the_line_does_nothing(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    done: list[str] = []
    toast = Toast(theme, host)
    toast.say("Удалено 12 человек", "trash", lambda: done.append("undone"))
    middle = toast.height() // 2
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton, pos=QPoint(60, middle))
    assert done == []
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton, pos=QPoint(toast.width() - 110, middle))
    assert done == ["undone"]
    assert not toast.isVisible()


def test_a_newer_line_takes_the_place_of_the_older_one(theme: Theme, host: QWidget) -> None:
    toast = Toast(theme, host)
    toast.say("Первое", undo=lambda: None)
    toast.say("Второе")
    assert toast.text == "Второе"
    assert "Отменить" not in toast.accessibleName()


def test_a_long_line_never_leaves_its_place(theme: Theme, host: QWidget) -> None:
    toast = Toast(theme, host)
    toast.say("Ж" * 400, undo=lambda: None)
    assert toast.width() <= host.width() + 20
