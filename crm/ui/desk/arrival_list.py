"""The desk's list: people to choose from by arrows, by Alt and a digit, or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm import text as texts
from crm.services.desk_rows import Arrival
from crm.ui import icons
from crm.ui.desk.banner import proportional
from crm.ui.theme import Theme
from crm.ui.widgets.marks import paint_avatar

_ROW: Final = 84
_AVATAR: Final = 54
_TEXT_LEFT: Final = 90
_STATUS_PLACE: Final = 0.745
_DIGITS: Final = 9
_CAP: Final = 32


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: the person, the words shown of them, what to underline, and how they stand."""

    arrival: Arrival
    name: str
    detail: str
    icon: str
    status: str
    tone: str = "text2"
    words: tuple[str, ...] = ()
    initials: str = ""


class ArrivalList(QWidget):
    """Painted rows; as many as fit are shown and the chosen one always is. `chosen` carries the row's Arrival."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[Choice] = []
        self._current = -1
        self._first = 0
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.updateGeometry)

    @property
    def row_height(self) -> int:
        """Height of a row in px."""
        return self._theme.px(_ROW)

    @property
    def rows(self) -> Sequence[Choice]:
        """What is shown."""
        return self._rows

    @property
    def current(self) -> Arrival | None:
        """The chosen person."""
        return self._rows[self._current].arrival if 0 <= self._current < len(self._rows) else None

    def set_rows(self, rows: Sequence[Choice], current: int = -1) -> None:
        """Show other rows; nobody is chosen unless `current` says so."""
        self._rows = list(rows)
        self._first = 0
        self._hovered = -1
        self._choose(current)
        self.updateGeometry()

    def step(self, by: int) -> None:
        """Move the choice; from nobody, down goes to the first row and up to the last."""
        if not self._rows:
            return
        if self._current < 0:
            self._choose(0 if by > 0 else len(self._rows) - 1)
        else:
            self._choose(max(0, min(len(self._rows) - 1, self._current + by)))

    def by_digit(self, digit: int) -> Arrival | None:
        """The person beside a digit."""
        return self._rows[digit - 1].arrival if 1 <= digit <= min(len(self._rows), _DIGITS) else None

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(600, self.row_height * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """One row; the rest is reached by arrows."""
        return QSize(300, self.row_height if self._rows else 0)

    def _choose(self, current: int) -> None:
        self._current = current
        if current >= 0:
            shown = max(1, self.height() // self.row_height)
            self._first = min(self._first, current)
            if current >= self._first + shown:
                self._first = current - shown + 1
            row = self._rows[current]
            self.setAccessibleName(f"{row.name}. {row.detail}. {row.status}")
        else:
            self.setAccessibleName(", ".join(row.name for row in self._rows))
        self.update()

    def _row_at(self, y: float) -> int:
        place = self._first + int(y // self.row_height)
        return place if 0 <= place < len(self._rows) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would take."""
        self._hovered = self._row_at(event.position().y())
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the pointer."""
        self._hovered = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes a row."""
        place = self._row_at(event.position().y())
        if (
            place >= 0
            and event.button() is Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.chosen.emit(self._rows[place].arrival)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by rows."""
        shown = max(1, self.height() // self.row_height)
        step = -1 if event.angleDelta().y() > 0 else 1
        self._first = max(0, min(max(0, len(self._rows) - shown), self._first + step))
        self.update()

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.row_height
        shown = max(1, self.height() // height)
        for offset, row in enumerate(self._rows[self._first : self._first + shown]):
            self._paint_row(painter, QRect(0, offset * height, self.width(), height), row, self._first + offset)

    def _paint_row(self, painter: QPainter, box: QRect, row: Choice, place: int) -> None:
        theme = self._theme
        current = place == self._current
        if current:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(theme.colour("selected"))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -3), 12, 12)
        elif place == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -3), 12, 12)
        if not current and place + 1 != self._current:
            painter.fillRect(
                theme.px(_TEXT_LEFT) - 6, box.bottom(), box.width() - theme.px(_TEXT_LEFT) - 6, 1, theme.colour("hair")
            )
        side = theme.px(_AVATAR)
        paint_avatar(
            painter,
            theme,
            QRect(18, box.top() + (box.height() - side) // 2 - 1, side, side),
            row.arrival.person_id,
            row.initials,
        )
        left = theme.px(_TEXT_LEFT)
        status_left = int(box.width() * _STATUS_PLACE)
        self._paint_words(painter, QRectF(left, box.top(), status_left - left - 16, box.height()), row)
        self._paint_status(painter, box, status_left, row)
        if place < _DIGITS:
            self._paint_cap(painter, box, str(place + 1))

    def _paint_words(self, painter: QPainter, box: QRectF, row: Choice) -> None:
        theme = self._theme
        font = proportional(theme.font("desk_row"))
        metrics = QFontMetricsF(font)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, box.width())
        detail_font = proportional(theme.font("desk_detail"))
        detail_metrics = QFontMetricsF(detail_font)
        top = box.top() + (box.height() - metrics.height() - detail_metrics.height() - 2) / 2
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        baseline = top + metrics.ascent()
        painter.drawText(QPointF(box.left(), baseline), name)
        for start, end in texts.spans(name, row.words):
            x = box.left() + metrics.horizontalAdvance(name[:start])
            painter.fillRect(
                QRectF(x, baseline + 4, metrics.horizontalAdvance(name[start:end]), 2.5), theme.colour("accent")
            )
        painter.setFont(detail_font)
        painter.setPen(theme.colour("text2"))
        painter.drawText(
            QPointF(box.left(), top + metrics.height() + 3 + detail_metrics.ascent()),
            detail_metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, box.width()),
        )

    def _paint_status(self, painter: QPainter, box: QRect, left: int, row: Choice) -> None:
        theme = self._theme
        size = theme.px(20)
        icons.paint(painter, row.icon, left, box.top() + (box.height() - size) / 2 - 1, size, theme.colour(row.tone))
        painter.setFont(theme.font("desk_detail"))
        painter.setPen(theme.colour("text" if row.tone == "ok" else "text2"))
        room = QRectF(
            left + size + 9, box.top() - 1, box.width() - left - size - 24 - theme.px(_CAP) - 16, box.height()
        )
        words = QFontMetricsF(theme.font("desk_detail")).elidedText(
            row.status, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_cap(self, painter: QPainter, box: QRect, digit: str) -> None:
        theme = self._theme
        side = theme.px(_CAP)
        cap = QRectF(box.right() - 16 - side, box.top() + (box.height() - side) / 2 - 1, side, side)
        painter.setPen(QPen(theme.colour("hair2"), 1))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(theme.font("desk_detail"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, digit)
