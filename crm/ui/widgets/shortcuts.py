"""Keys: shortcuts of a page, single letters by key position, and the rest they take below a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from crm import text

_TEXT_FIELDS: Final = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)


def is_typing() -> bool:
    """True while a text field has the focus: single letters belong to it."""
    focused = QApplication.focusWidget()
    return isinstance(focused, _TEXT_FIELDS) and focused.isEnabled()


def shortcut(widget: QWidget, keys: str, callback: Callable[[], object]) -> QShortcut:
    """`keys` («Ctrl+F») anywhere in the window while `widget` is to be seen."""
    made = QShortcut(QKeySequence(keys), widget)
    made.setContext(Qt.ShortcutContext.WindowShortcut)
    made.activated.connect(lambda: _run(callback))
    made.activatedAmbiguously.connect(lambda: _run(callback))
    return made


def letter_shortcut(widget: QWidget, letter: str, callback: Callable[[], object]) -> list[QShortcut]:
    """One key without modifiers («N», «/», «1»), by key position: Т in the Russian layout is N.

    It rests while a text field has the focus. A key of the other layout that means a letter keeps its meaning.
    """
    keys = {letter, *_same_key(letter)}
    return [shortcut(widget, key, lambda: None if is_typing() else callback()) for key in sorted(keys)]


def _same_key(letter: str) -> set[str]:
    if letter.isalpha():
        return {text.other_layout(letter).upper()}
    return {"."} if letter == "/" else set()


def _run(callback: Callable[[], object]) -> None:
    callback()


class Rest:
    """The shortcuts behind a dialog, put to rest until `end`."""

    def __init__(self, window: QWidget, front: QWidget) -> None:
        self._resting = [
            key for key in window.findChildren(QShortcut) if key.isEnabled() and not _is_within(key, front)
        ]
        for key in self._resting:
            key.setEnabled(False)

    def end(self) -> None:
        """Wake them; those that went with their page are left alone."""
        for key in self._resting:
            try:
                key.setEnabled(True)
            except RuntimeError:  # the page that owned it is gone
                continue
        self._resting = []


def _is_within(key: QShortcut, front: QWidget) -> bool:
    parent = key.parent()
    while parent is not None:
        if parent is front:
            return True
        parent = parent.parent()
    return False
