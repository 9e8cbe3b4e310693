"""Single letters: by key position in both layouts, silent while somebody types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm.ui.widgets.shortcuts import letter_shortcut


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.addWidget(QLineEdit())
    column.addWidget(QPushButton("Кнопка"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=2000)
    return made


def press(widget: QWidget, key: int, text: str) -> None:
    """A key as the system sends it in the layout in force: shortcuts first, then the widget."""
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
        if kind == QKeyEvent.Type.KeyPress:
            QTest.simulateEvent(widget, True, key, Qt.KeyboardModifier.NoModifier, text, False, -1)
        else:
            QApplication.sendEvent(widget, event)


@pytest.mark.parametrize(("key", "text"), [(Qt.Key.Key_N, "n"), (ord("Т"), "т")], ids=["latin", "russian"])
def test_a_letter_works_by_its_key_in_both_layouts(page: QWidget, key: int, text: str) -> None:
    heard: list[int] = []
    letter_shortcut(page, "N", lambda: heard.append(1))
    button = page.findChild(QPushButton)
    button.setFocus()
    press(button, key, text)
    assert heard == [1]


@pytest.mark.parametrize(("key", "text"), [(Qt.Key.Key_N, "n"), (ord("Т"), "т")], ids=["latin", "russian"])
def test_a_letter_rests_while_somebody_types(page: QWidget, key: int, text: str) -> None:
    heard: list[int] = []
    letter_shortcut(page, "N", lambda: heard.append(1))
    field = page.findChild(QLineEdit)
    field.setFocus()
    press(field, key, text)
    assert heard == []
    assert field.text() == text
