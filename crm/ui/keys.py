"""The window of keys (F1): what every key does, by place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import KeyCap, Label

Group = tuple[str, tuple[tuple[tuple[str, ...], str], ...]]
"""A heading and its keys, each with what it does; translated."""


def groups() -> tuple[Group, ...]:
    """What the window itself and its lists answer, in the language in use."""
    return (
        (
            i18n.text("Everywhere"),
            (
                (("Ctrl K",), i18n.in_context("key", "Find anything")),
                (("Ctrl F", "/"), i18n.in_context("key", "Search here")),
                (("Ctrl 1", "Ctrl 7"), i18n.in_context("key", "Sections")),
                (("Ctrl Z",), i18n.in_context("key", "Undo")),
                (("Ctrl Shift Z",), i18n.in_context("key", "Redo")),
                (("Ctrl H",), i18n.in_context("key", "History")),
                (("Esc",), i18n.in_context("key", "Back, clear, close")),
                (("Ctrl Shift L",), i18n.in_context("key", "Lock with the passphrase")),
                (("F11",), i18n.in_context("key", "Full screen")),
                (("F1", "?"), i18n.in_context("key", "This window")),
            ),
        ),
        (
            i18n.text("In a list"),
            (
                (("↑", "↓"), i18n.in_context("key", "Rows")),
                (("Shift ↑", "Shift ↓"), i18n.in_context("key", "Select several")),
                (("Enter",), i18n.in_context("key", "Open")),
                (("Space",), i18n.in_context("key", "Quick look")),
                (("N",), i18n.in_context("key", "New")),
                (("E",), i18n.in_context("key", "Edit")),
            ),
        ),
        (
            i18n.text("At the desk"),
            (
                (("Enter",), i18n.in_context("key", "Mark the arrival")),
                (("Alt 1", "Alt 9"), i18n.in_context("key", "Pick a result")),
                (("Ctrl Z",), i18n.in_context("key", "Take the last arrival back")),
            ),
        ),
    )


def keys_dialog(theme: Theme, host: QWidget, shown: Sequence[Group] | None = None) -> Dialog:
    """The dialog, not yet open."""
    dialog = Dialog(theme, host, i18n.text("Keys"), width=720)
    columns = QHBoxLayout()
    columns.setSpacing(40)
    halves = [QVBoxLayout(), QVBoxLayout()]
    for place, group in enumerate(shown or groups()):
        halves[0 if place == 0 else 1].addLayout(_group(theme, group))
    for half in halves:
        half.setSpacing(20)
        half.addStretch(1)
        columns.addLayout(half, 1)
    dialog.body.addLayout(columns)
    dialog.add_button(Button(theme, i18n.in_context("button", "Close"), "primary"), "accept")
    return dialog


def _group(theme: Theme, group: Group) -> QGridLayout:
    title, keys = group
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    grid.addWidget(Label(theme, title, "sub"), 0, 0, 1, 2)
    for row, (caps, words) in enumerate(keys, start=1):
        grid.addWidget(Label(theme, words, "body", "text2"), row, 0)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addStretch(1)
        for cap in caps:
            line.addWidget(KeyCap(theme, cap), 0, Qt.AlignmentFlag.AlignRight)
        grid.addLayout(line, row, 1)
    return grid
