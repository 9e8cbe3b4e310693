"""What was done, with «Undo»: one line at the bottom that goes by itself and never takes the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes

SECONDS: Final = 8
_HEIGHT: Final = 44
_UP: Final = 28


class Toast(QWidget):
    """One at a time, over the bottom of `area` within `host`. Stays while the pointer is on it."""

    gone = Signal()

    def __init__(self, theme: Theme, host: QWidget, area: Callable[[], QRect] | None = None) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self._area = area or host.rect
        self._text = ""
        self._icon = ""
        self._undo: Callable[[], object] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(SECONDS * 1000)
        self.timer.timeout.connect(self.dismiss)
        host.installEventFilter(self)
        theme.changed.connect(self._place)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str, icon: str = "check-circle-fill", undo: Callable[[], object] | None = None) -> None:
        """Say what was done; an older line goes (its deed stays undoable by Ctrl+Z). Raises icons.UnknownIcon."""
        icons.resolve(icon)
        self._text, self._icon, self._undo = text, icon, undo
        spoken = text if undo is None else f"{text}. {i18n.text('Undo')}: Ctrl+Z"
        self.setAccessibleName(spoken)
        self._place()
        self.show()
        self.raise_()
        self.timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))

    def dismiss(self) -> None:
        """Take it away."""
        self.timer.stop()
        self._undo = None
        self.hide()
        self.gone.emit()

    def _line(self) -> QRect:
        """The dark box within the room for its shadow."""
        edge = shapes.SHADOW
        return self.rect().adjusted(edge, edge, -edge, -edge)

    def _parts(self) -> tuple[int, int, int]:
        """Widths of the text, of «Undo» and of its key."""
        theme = self._theme
        text = theme.metrics("body_strong").horizontalAdvance(self._text) + 2
        if self._undo is None:
            return text, 0, 0
        action = theme.metrics("sub").horizontalAdvance(i18n.text("Undo")) + 2
        return text, action, theme.metrics("small").horizontalAdvance("Ctrl Z") + 2

    def sizeHint(self) -> QSize:
        """The line and its shadow, never wider than the place it stands in."""
        text, action, keys = self._parts()
        width = 16 + self._theme.px(16) + 12 + text + (18 + action + 10 + keys if action else 0) + 18
        room = max(200, self._area().width() - 48)
        return QSize(min(width, room) + 2 * shapes.SHADOW, self._theme.px(_HEIGHT) + 2 * shapes.SHADOW)

    def _place(self) -> None:
        size, area = self.sizeHint(), self._area()
        self.setGeometry(
            area.x() + (area.width() - size.width()) // 2,
            area.bottom() + 1 - size.height() + shapes.SHADOW - _UP,
            size.width(),
            size.height(),
        )
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the place it stands in."""
        if event.type() == QEvent.Type.Resize and watched is self._host and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """It stays while it is looked at."""
        self.timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Its time runs again."""
        if self.isVisible():
            self.timer.start()
        super().leaveEvent(event)

    def _action_area(self) -> QRect:
        line = self._line()
        _, action, keys = self._parts()
        left = line.right() - 18 - keys - 10 - action
        return QRect(left - 8, line.y(), line.right() - left + 8, line.height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The hand over «Undo»."""
        over = self._undo is not None and self._action_area().contains(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """«Undo» undoes; the rest of the line does nothing."""
        if self._undo is not None and self._action_area().contains(event.position().toPoint()):
            undo = self._undo
            self.dismiss()
            undo()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dark line."""
        painter = QPainter(self)
        theme = self._theme
        line = self._line()
        shapes.shadow(painter, line, 10, 40)
        shapes.box(painter, line, 10, theme.colour("toast"), theme.colour("toast_edge"))
        size = theme.px(16)
        token = "toast_ok" if self._icon.startswith("check") else "toast_text"
        icons.paint(painter, self._icon, line.x() + 16, line.center().y() - size / 2 + 1, size, theme.colour(token))
        _, action, keys = self._parts()
        right = line.right() - 18
        if action:
            for width, words, role, ink in (
                (keys, "Ctrl Z", "small", "toast_hint"),
                (action, i18n.text("Undo"), "sub", "toast_link"),
            ):
                area = QRect(right - width, line.y(), width, line.height())
                shapes.line_of_text(painter, area, words, theme.font(role), theme.metrics(role), theme.colour(ink))
                right -= width + 10
            right -= 8
        left = line.x() + 16 + size + 12
        shapes.line_of_text(
            painter,
            QRect(left, line.y(), right - left + 2, line.height()),
            self._text,
            theme.font("body_strong"),
            theme.metrics("body_strong"),
            theme.colour("toast_text"),
        )
