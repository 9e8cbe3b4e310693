"""What floats over a page: menus and small popups, with round corners and a hairline."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget

from crm.ui.theme import Theme
from crm.ui.widgets import shapes


def round_corners(widget: QWidget, radius: int) -> None:
    """Cut the corners of a popup off: where no compositor runs, what is transparent would be black."""
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(widget.rect()), radius, radius)
    widget.setMask(QRegion(shape.toFillPolygon().toPolygon()))


class Menu(QMenu):
    """A menu of verbs."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        self.setFont(theme.font("body"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round corners everywhere."""
        super().resizeEvent(event)
        round_corners(self, 10)

    def add(
        self,
        text: str,
        callback: Callable[[], object],
        icon: str = "",
        keys: str = "",
        *,
        danger: bool = False,
        checked: bool | None = None,
    ) -> QAction:
        """One verb; `keys` is shown beside it and works in the menu only; `checked` None = no mark."""
        action = QAction(text.replace("&", "&&"), self)
        mark = "check" if checked else icon
        if mark:
            action.setIcon(self._theme.icon(mark, "bad" if danger else "accent_text" if checked else "text2"))
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
        action.triggered.connect(lambda _=False: callback())
        self.addAction(action)
        return action


class Floating(QFrame):
    """One widget in a popup that a click elsewhere or Esc closes; it goes with its closing."""

    def __init__(self, theme: Theme, owner: QWidget, content: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(content)

    def open_at(self, at: QPoint) -> None:
        """Show with the upper left corner there, or as near as the screen allows."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        at.setX(max(room.left(), min(at.x(), room.right() - self.width())))
        at.setY(max(room.top(), min(at.y(), room.bottom() - self.height())))
        self.move(at)
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round corners everywhere."""
        super().resizeEvent(event)
        round_corners(self, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded box."""
        theme = self._theme
        shapes.box(QPainter(self), self.rect(), 10, theme.colour("raised"), theme.colour("hair2"))
