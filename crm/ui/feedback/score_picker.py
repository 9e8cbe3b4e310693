"""The eleven answers of an NPS question, by pointer, by arrows, or by typing the number."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.marks import score_tone

_GAP: Final = 5
_HIGH: Final = 38


class ScorePicker(QWidget):
    """0–10 in a row. A digit chooses it, a 0 after a 1 makes it 10; the same again, or Delete, takes it back."""

    changed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.score: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_score(None)

    def set_score(self, score: int | None) -> None:
        """Choose an answer, or none."""
        self.score = score
        said = i18n.text("no answer") if score is None else i18n.text("{score} of 10", score=score)
        self.setAccessibleName(i18n.text("Score from 0 to 10: {score}", score=said))
        self.update()

    def _take(self, score: int | None) -> None:
        self.set_score(score)
        self.changed.emit(score)

    def sizeHint(self) -> QSize:
        """Eleven squares."""
        return QSize(11 * self._theme.px(44), self._theme.px(_HIGH))

    def minimumSizeHint(self) -> QSize:
        """Eleven narrow squares."""
        return QSize(11 * self._theme.px(28), self._theme.px(_HIGH))

    def _area(self, place: int) -> QRect:
        step = (self.width() + _GAP) / 11
        left = round(place * step)
        return QRect(left, 0, round((place + 1) * step) - _GAP - left, self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses; on the chosen one it takes it back."""
        for place in range(11):
            if self._area(place).contains(event.position().toPoint()):
                self._take(None if place == self.score else place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, arrows, Delete."""
        key = event.key()
        if event.text().isdigit() and event.text().isascii():
            digit = int(event.text())
            self._take(10 if digit == 0 and self.score == 1 else digit)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -1 if key == Qt.Key.Key_Left else 1
            now = self.score if self.score is not None else (11 if step < 0 else -1)
            self._take(min(10, max(0, now + step)))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._take(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The squares; the chosen one in its tint, ringed."""
        painter = QPainter(self)
        theme = self._theme
        for place in range(11):
            area = self._area(place)
            chosen = place == self.score
            back, ink = theme.chip(score_tone(place)) if chosen else (theme.colour("raised"), theme.colour("text"))
            border = theme.colour("accent") if self.hasFocus() else ink if chosen else theme.colour("hair2")
            shapes.box(painter, area, 6, back, border, 2 if chosen else 1)
            role = "sub" if chosen else "body"
            shapes.line_of_text(painter, area, str(place), theme.font(role), theme.metrics(role), ink, "centre")
