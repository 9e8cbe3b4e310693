"""Keys of the desk, by position: Ctrl+Z is Ctrl+Я too."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from crm import text as texts

COMMANDS: Final = {"N": "guest", "F": "community", "H": "hide", "W": "fold", "Z": "undo"}
"""What Ctrl and a letter do."""


def letter(key: int) -> str:
    """The Latin letter on a key, in the Russian layout too."""
    try:
        char = chr(key)
    except ValueError:
        return ""
    return char if char.isascii() else texts.other_layout(char).upper()


def is_ours(event: QKeyEvent) -> bool:
    """Whether the desk wants a key before shortcuts of the window do."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = event.key()
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        return letter(key) in COMMANDS or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if modifiers == Qt.KeyboardModifier.AltModifier:
        return Qt.Key.Key_1 <= key <= Qt.Key.Key_9
    return modifiers == Qt.KeyboardModifier.NoModifier and (
        key == Qt.Key.Key_Escape or (bool(event.text()) and event.text().isprintable())
    )
