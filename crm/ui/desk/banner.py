"""The banner: what came of the last attempt, in colour, shape and words, readable from two metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm.ui import icons
from crm.ui.theme import Theme

_RADIUS: Final = 16
_EDGE: Final = 36
_LOW, _HIGH = 190.0, 470.0
_SMALLEST_TITLE: Final = 30
_SMALLEST_NAME: Final = 22
_SMALLEST_DETAIL: Final = 16
_LOOKS: Final = {
    "ok": ("ok_fill", "on_accent", "check-bold"),
    "warn": ("warn_fill", "on_warn", "warning-bold"),
    "bad": ("bad_fill", "on_accent", "x-bold"),
    "quiet": ("track", "text", "arrow-counter-clockwise-bold"),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a banner says: `look` is ok, warn, bad or quiet."""

    look: str
    title: str
    name: str = ""
    detail: str = ""


class Banner(QWidget):
    """Grows with its height; its words shrink to fit, and a name is cut only below 22 px."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.said = Announcement("quiet", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        theme.changed.connect(self.update)

    def say(self, announcement: Announcement) -> None:
        """Show it, and tell screen readers."""
        self.said = announcement
        self.setAccessibleName(". ".join(part for part in (announcement.title, announcement.name) if part))
        self.setAccessibleDescription(announcement.detail)
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def sizeHint(self) -> QSize:
        """As high as there is room for."""
        return QSize(600, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint colour, shape and words."""
        fill, ink, icon = _LOOKS[self.said.look]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(fill))
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        colour = self._theme.colour(ink)
        grown = max(0.0, min(1.0, (self.height() - _LOW) / (_HIGH - _LOW)))
        side = 84 + 66 * grown
        self._paint_shape(painter, QRectF(_EDGE, (self.height() - side) / 2, side, side), icon, colour)
        self._paint_words(painter, _EDGE * 2 + side, grown, colour)

    def _paint_shape(self, painter: QPainter, box: QRectF, icon: str, colour: QColor) -> None:
        pale = QColor(colour)
        pale.setAlphaF(0.15)
        painter.setBrush(pale)
        if self.said.look == "warn":
            painter.drawRoundedRect(box, box.width() / 6, box.width() / 6)
        elif self.said.look == "bad":
            painter.drawPolygon(_octagon(box))
        else:
            painter.drawEllipse(box)
        size = round(box.width() * 0.52)
        icons.paint(painter, icon, box.center().x() - size / 2, box.center().y() - size / 2, size, colour)

    def _paint_words(self, painter: QPainter, left: float, grown: float, colour: QColor) -> None:
        width = self.width() - left - _EDGE
        lines = [
            self._fitted(self.said.title, 44 + 26 * grown, _SMALLEST_TITLE, 700, -1.6, width),
            self._fitted(self.said.name, 30 + 12 * grown, _SMALLEST_NAME, 600, -0.8, width),
            self._fitted(self.said.detail, 19 + 7 * grown, _SMALLEST_DETAIL, 500, -0.1, width),
        ]
        lines = [line for line in lines if line[1]]
        gap = 6 + 8 * grown
        height = sum(QFontMetricsF(font).height() for font, _ in lines) + gap * (len(lines) - 1)
        top = (self.height() - height) / 2
        painter.setPen(colour)
        for font, words in lines:
            line_height = QFontMetricsF(font).height()
            painter.setFont(font)
            painter.drawText(
                QRectF(left, top, width, line_height), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words
            )
            top += line_height + gap

    def _fitted(
        self, words: str, size: float, smallest: float, weight: int, tracking: float, width: float
    ) -> tuple[QFont, str]:
        font = proportional(self._theme.sized_font(size, weight, tracking))
        fitted = size
        while fitted > smallest and QFontMetricsF(font).horizontalAdvance(words) > width:
            fitted = max(smallest, min(fitted - 1, fitted * width / QFontMetricsF(font).horizontalAdvance(words)))
            font = proportional(self._theme.sized_font(fitted, weight, tracking * fitted / size))
        words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, width)
        return font, words


def _octagon(box: QRectF) -> QPolygonF:
    cut = box.width() * 0.293
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    corners = (
        (left + cut, top),
        (right - cut, top),
        (right, top + cut),
        (right, bottom - cut),
        (right - cut, bottom),
        (left + cut, bottom),
        (left, bottom - cut),
        (left, top + cut),
    )
    return QPolygonF([QPointF(x, y) for x, y in corners])


def proportional(font: QFont) -> QFont:
    """`font` with figures and hyphens of their own widths: tabular ones tear «Анна-Мария» apart in large type."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 0)
    return made
