"""Several of a known set: chips in a field, a menu that adds and takes away."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.chips import FlowLayout, TagChip
from crm.ui.widgets.labels import Label
from crm.ui.widgets.menus import Menu

_LEFT: Final = 6
_RIGHT: Final = 26
_TOP: Final = 5


class Chooser(QFrame):
    """What was chosen stands as chips; Enter, Space, ↓ or a click opens the menu, the cross of a chip takes it out.

    A value that is no longer among the options stays, so that a rule about it can be seen and mended.
    """

    changed = Signal()

    def __init__(self, theme: Theme, options: Sequence[tuple[Hashable, str]], name: str) -> None:
        super().__init__()
        self._theme = theme
        self._options = list(options)
        self._chosen: list[Hashable] = []
        self._menu: Menu | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, _TOP, _RIGHT, _TOP)
        self._hint = Label(theme, i18n.text("Choose"), "body", "text3")
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, 4)
        row.addWidget(self._hint)
        row.addWidget(self._chips, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def value(self) -> list[Hashable]:
        """What is chosen, in the order of choosing."""
        return list(self._chosen)

    def set_value(self, chosen: Sequence[Hashable]) -> None:
        """Choose these."""
        self._chosen = list(chosen)
        self._fill()

    def _restyle(self) -> None:
        self._fill()

    def _fill(self) -> None:
        self._flow.clear()
        titles = dict(self._options)
        for value in self._chosen:
            chip = TagChip(self._theme, titles.get(value, i18n.text("removed")), self._tone(value), removable=True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.removed.connect(partial(self._toggle, value))
            chip.clicked.connect(self.open_menu)
            self._flow.addWidget(chip)
        self._hint.setVisible(not self._chosen)
        self._chips.setVisible(bool(self._chosen))
        named = ", ".join(titles.get(value, i18n.text("removed")) for value in self._chosen)
        self.setAccessibleDescription(named)
        self._fit()

    def _fit(self) -> None:
        """As high as its chips need at this width."""
        inner = self.width() - _LEFT - _RIGHT
        wanted = self._flow.heightForWidth(max(inner, 40)) + 2 * _TOP if self._chosen else 0
        high = max(self._theme.px(32), wanted)
        if self.height() != high or self.minimumHeight() != high:
            self.setFixedHeight(high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        self._fit()

    def _tone(self, value: Hashable) -> str:
        return "grey" if any(value == known for known, _ in self._options) else "red"

    def _toggle(self, value: Hashable) -> None:
        if value in self._chosen:
            self._chosen.remove(value)
        else:
            self._chosen.append(value)
        self._fill()
        self.changed.emit()

    def open_menu(self) -> None:
        """The whole set, what is chosen ticked."""
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for value, title in self._options:
            menu.add(title, partial(self._toggle, value), checked=value in self._chosen)
        if not self._options:
            menu.add(i18n.text("There is nothing to choose from yet"), lambda: None).setEnabled(False)
        self._menu = menu
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, or take the last one out."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.open_menu()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._chosen:
            self._toggle(self._chosen[-1])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A field with a caret."""
        painter = QPainter(self)
        theme = self._theme
        focused = self.hasFocus()
        border = theme.colour("accent" if focused else "hair2")
        shapes.box(painter, self.rect(), 6, theme.colour("raised"), border, 2 if focused else 1)
        size = theme.px(12)
        icons.paint(
            painter, "caret-down", self.width() - size - 10, (self.height() - size) / 2, size, theme.colour("text2")
        )
