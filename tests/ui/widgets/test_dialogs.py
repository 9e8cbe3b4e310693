"""Dialogs: keys stay within, Enter takes the main button, Esc is no, the focus returns."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1000, 700)
    QVBoxLayout(made).addWidget(QLineEdit())
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=2000)
    made.findChild(QLineEdit).setFocus()
    return made


@pytest.fixture
def dialog(theme: Theme, host: QWidget) -> Dialog:
    made = Dialog(theme, host, "Новый человек", "Хватит имени", icon="user-plus")
    made.body.addWidget(Field(theme, "Имя", LineEdit(theme)))
    made.body.addWidget(Field(theme, "Фамилия", LineEdit(theme)))
    made.add_button(Button(theme, "Отмена"), "reject")
    made.add_button(Button(theme, "Сохранить", "primary"), "accept")
    made.open()
    return made


def test_it_opens_on_its_first_field_and_gives_the_focus_back(host: QWidget, dialog: Dialog) -> None:
    assert host.focusWidget().accessibleName() == "Имя"
    dialog.accept()
    assert host.focusWidget() is host.layout().itemAt(0).widget()


def test_tab_goes_round_within_it(qtbot: QtBot, host: QWidget, dialog: Dialog) -> None:
    seen = []
    for _ in range(6):
        qtbot.keyClick(host.focusWidget(), Qt.Key.Key_Tab)
        seen.append(host.focusWidget().accessibleName())
    assert seen == ["Фамилия", "Отмена", "Сохранить", "Закрыть", "Имя", "Фамилия"]


def test_enter_in_a_field_takes_the_main_button(qtbot: QtBot, host: QWidget, dialog: Dialog) -> None:
    with qtbot.waitSignals([dialog.accepted, dialog.finished]):
        qtbot.keyClick(host.focusWidget(), Qt.Key.Key_Return)


def test_esc_is_no(qtbot: QtBot, host: QWidget, dialog: Dialog) -> None:
    with qtbot.waitSignal(dialog.finished) as finished:
        qtbot.keyClick(host.focusWidget(), Qt.Key.Key_Escape)
    assert finished.args == [False]


def test_it_ends_once(dialog: Dialog) -> None:
    ends: list[bool] = []
    dialog.finished.connect(ends.append)
    dialog.accept()
    dialog.reject()
    assert ends == [True]


def test_an_error_makes_room_for_itself(dialog: Dialog) -> None:
    dialog.set_error("Не хватает места на диске: освободите 20 МБ и повторите.")
    assert dialog.error.startswith("Не хватает")
    assert dialog.rect().contains(dialog.panel.geometry())
    assert dialog.panel.width() == 600
    dialog.set_error("")
    assert dialog.error == ""


def test_it_follows_the_size_of_its_window(host: QWidget, dialog: Dialog) -> None:
    host.resize(700, 620)
    assert dialog.size() == host.size()
    assert dialog.rect().contains(dialog.panel.geometry())
