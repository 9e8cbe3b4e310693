"""Rows of Today: somebody or something, two lines, and what can be done about it at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.labels import ElidedLabel

SLACK = 8
"""How far the ground of a row reaches beyond its text, px."""


class Row(QWidget):
    """One row: `mark` at the left, two lines, controls at the right. A click, Enter or Space opens it.

    The hairline starts under the text (guide §4) and is left out for the last row.
    """

    opened = Signal()

    def __init__(self, theme: Theme, mark: QWidget, title: str, detail: str = "", *, height: int = 53) -> None:
        super().__init__()
        self._theme = theme
        self._high = height
        self._hovered = False
        self._line = True
        self._mark = mark
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{title}. {detail}" if detail else title)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(ElidedLabel(theme, title, "body_strong"))
        if detail:
            words.addWidget(ElidedLabel(theme, detail, "small", "text2"))
        words.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SLACK, 0, SLACK, 0)
        self._row.setSpacing(12)
        self._row.addWidget(mark)
        self._row.addLayout(words, 1)

    def add(self, widget: QWidget) -> None:
        """Something at the right end."""
        self._row.addWidget(widget)

    def set_last(self) -> None:
        """No hairline below."""
        self._line = False
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(super().sizeHint().width(), self._theme.px(self._high))

    def minimumSizeHint(self) -> QSize:
        """Narrow; never lower."""
        return QSize(super().minimumSizeHint().width(), self._theme.px(self._high))

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer came."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went."""
        self._hovered = False
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open; the arrows go from row to row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        parent = self.parentWidget()
        rows = [] if parent is None else [row for row in parent.findChildren(Row) if row.isVisible()]
        place = rows.index(self) + step if self in rows else -1
        if 0 <= place < len(rows):
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground under the pointer, the ring of the focus, the hairline."""
        painter = QPainter(self)
        area = self.rect().adjusted(0, 1, 0, -2)
        if self.hasFocus():
            shapes.box(painter, area, 6, None, self._theme.colour("accent"), 2)
        elif self._hovered:
            shapes.box(painter, area, 6, self._theme.colour("hover"))
        if self._line:
            left = self._mark.geometry().right() + 13
            shapes.hairline(painter, left, self.height() - 1, self.width() - left - SLACK, self._theme.colour("hair"))


class IconDisc(QWidget):
    """An icon where other rows have an avatar."""

    def __init__(self, theme: Theme, icon: str, token: str = "text2", side: int = 32) -> None:  # noqa: S107 - a colour
        super().__init__()
        icons.resolve(icon)
        self._theme, self._icon, self._token = theme, icon, token
        self.setFixedSize(theme.px(side), theme.px(side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon in the middle."""
        size = self._theme.px(18)
        painter = QPainter(self)
        at = QRect(0, 0, size, size)
        at.moveCenter(self.rect().center())
        icons.paint(painter, self._icon, at.x(), at.y(), size, self._theme.colour(self._token))


def on_click(row: Row, callback: Callable[[], object]) -> Row:
    """`row`, opening by `callback`."""
    row.opened.connect(callback)
    return row
