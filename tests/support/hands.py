"""Hands on a whole window: keys to whatever has the keyboard, fields reached by Tab, every action counted.

An action is one click, one shortcut, one Enter or one field filled; Tabs that lead to a field belong to filling it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
_TABS = 60


class Hands:
    """Types, presses and clicks; `actions` is how many of them there were."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.actions = 0

    @contextmanager
    def at_most(self, most: int) -> Iterator[None]:
        """Hold a job to its bar."""
        before = self.actions
        yield
        assert self.actions - before <= most, f"{self.actions - before} actions, {most} are the bar"

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A shortcut, an Enter, an arrow."""
        self.actions += 1
        self._key(key, modifier)

    def write(self, words: str) -> None:
        """Fill what has the keyboard."""
        self.actions += 1
        for letter in words:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self._target(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
        QApplication.processEvents()

    def fill(self, field: QWidget, words: str) -> None:
        """Go to a field by Tab and fill it."""
        self.go(field)
        self.write(words)

    def go(self, field: QWidget) -> None:
        """Go to a field by Tab; one that Tab does not reach is a fault."""
        wanted = field.focusProxy() or field
        for _ in range(_TABS):
            if self._window.focusWidget() is wanted:
                return
            self._key(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {field.accessibleName() or field!r}")

    def choose(self, select: QComboBox, title: str) -> None:
        """Go to a list that drops down and take an entry by arrows."""
        self.go(select)
        self.actions += 1
        for _ in range(select.count()):
            if select.currentText() == title:
                return
            self._key(Qt.Key.Key_Down)
        raise AssertionError(f"{title} is not among the choices")

    def click(self, widget: QWidget) -> None:
        """A click in the middle."""
        assert widget.isVisible(), widget
        self.actions += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def _key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self._target(), key, modifier)
        QApplication.processEvents()

    def _target(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        if not self._window.isActiveWindow():
            # The offscreen platform does not give the keyboard back when a list of completions closes.
            self._window.activateWindow()
            QApplication.processEvents()
        return QApplication.focusWidget() or self._window
