"""An empty list in words: what would be here, and the next step."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets.labels import Label

_SIDE = 28


class Nothing(QWidget):
    """Icon, a line of what is missing, a line of what to do; the words change with the list above."""

    def __init__(self, theme: Theme, icon: str) -> None:
        super().__init__()
        icons.resolve(icon)
        self._theme = theme
        self._icon = icon
        self._title = Label(theme, "", "sub")
        self._text = Label(theme, "", "small", "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE + 34, 20, _SIDE, 20)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addStretch(1)

    def set_words(self, title: str, text: str) -> None:
        """Other words."""
        self._title.set_text(title)
        self._text.set_text(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon beside the words."""
        size = self._theme.px(20)
        middle = (self._title.geometry().top() + self._text.geometry().bottom()) / 2
        icons.paint(QPainter(self), self._icon, _SIDE, middle - size / 2, size, self._theme.colour("text2"))
