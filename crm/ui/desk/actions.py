"""The row of big buttons under a result, with the key of the main one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FlowLayout
from crm.ui.widgets.labels import Label

_MOST = 2


class Actions(QWidget):
    """Up to two buttons, kept and refilled. `pressed` carries the key of an action."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._keys: list[str] = []
        self._buttons = [Button(theme, "", size="big") for _ in range(_MOST)]
        self._hint = Label(theme, "", "sentence", "text2")
        self._hint.setMinimumHeight(self._buttons[0].sizeHint().height())
        row = FlowLayout(self, spacing=12)
        row.setContentsMargins(18, 16, 18, 16)
        for place, button in enumerate(self._buttons):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._press, place))
            row.addWidget(button)
        row.addWidget(self._hint)
        self.set_actions([])

    def set_actions(self, actions: Sequence[tuple[str, str, str, str]]) -> None:
        """Show other actions: (key, words, icon, kind of button)."""
        self._keys = [key for key, *_ in actions]
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(actions))
            if place < len(actions):
                _, words, icon, kind = actions[place]
                button.set_kind(kind)  # type: ignore[arg-type]  # one of the kinds, from a literal of the page
                button.set_icon(icon)
                button.set_text(words)
        self._hint.set_text(_hint(self._keys))
        self._hint.setVisible(bool(self._hint.text()))
        self.setVisible(bool(actions))

    def offers(self, key: str) -> bool:
        """Whether an action is among those shown."""
        return key in self._keys

    def _press(self, place: int) -> None:
        if place < len(self._keys):
            self.pressed.emit(self._keys[place])


def _hint(keys: list[str]) -> str:
    if "admit" in keys:
        return i18n.text("Ctrl Enter · Esc to clear")
    if keys == ["next"]:
        return i18n.text("Esc to clear · no check-in was recorded")
    return ""
