"""Thirty days of coming in and going out: up and down from one line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm import i18n
from crm.services.segment_movement import MOVEMENT_DAYS
from crm.services.segment_rows import Movement
from crm.ui.theme import Theme
from crm.ui.widgets import shapes

_HALF: Final = 34
_WORDS: Final = 18


class MovementChart(QWidget):
    """A bar up for those who entered on a day, a bar down for those who left."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._moved: Movement | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_movement(self, moved: Movement | None) -> None:
        """Show these days."""
        self._moved = moved
        if moved is not None:
            self.setAccessibleName(
                i18n.text("In 30 days entered: {entered}, left: {left}", entered=moved.entered, left=moved.left)
            )
        self.update()

    def sizeHint(self) -> QSize:
        """Two halves and the days below."""
        return QSize(240, 2 * self._theme.px(_HALF) + self._theme.px(_WORDS))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, the bars, both ends."""
        moved = self._moved
        if moved is None:
            return
        painter = QPainter(self)
        theme = self._theme
        half = theme.px(_HALF)
        first = moved.until - timedelta(days=MOVEMENT_DAYS - 1)
        most = max((max(entered, left) for _, entered, left in moved.days), default=1)
        step = self.width() / MOVEMENT_DAYS
        width = max(4.0, min(14.0, step - 3))
        for day, entered, left in moved.days:
            x = (day - first).days * step + (step - width) / 2
            if entered:
                high = max(4.0, (half - 4) * entered / most)
                shapes.box(painter, QRectF(x, half - 1 - high, width, high), 2, theme.colour("accent"))
            if left:
                high = max(4.0, (half - 4) * left / most)
                shapes.box(painter, QRectF(x, half + 2, width, high), 2, theme.colour("hair2"))
        shapes.hairline(painter, 0, half, self.width(), theme.colour("hair2"))
        self._paint_ends(painter, first, moved.until, 2 * half)

    def _paint_ends(self, painter: QPainter, first: date, last: date, top: int) -> None:
        theme = self._theme
        area = QRect(0, top, self.width(), theme.px(_WORDS))
        for day, align in ((first, "left"), (last, "right")):
            words = i18n.birthday(day.month, day.day)
            shapes.line_of_text(
                painter, area, words, theme.font("caption"), theme.metrics("caption"), theme.colour("text2"), align
            )
