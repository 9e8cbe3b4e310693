"""Painting that every part of the kit shares: hairlines, rounded boxes, soft shadows, elided text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

SHADOW: Final = 28
"""How far a soft shadow reaches, px."""

_MOST: Final = 8192
_cut: dict[tuple[str, int, str], str] = {}
_ONE_LINE: Final = Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
_ALIGN: Final = {
    "left": int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(_ONE_LINE),
    "right": int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) | int(_ONE_LINE),
    "centre": int(Qt.AlignmentFlag.AlignCenter) | int(_ONE_LINE),
}


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A rounded box; its border lies inside `rect`, so that a thicker one moves nothing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    area = QRectF(rect)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(area, radius, radius)
        return
    painter.setPen(QPen(border, width))
    half = width / 2
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius - half, radius - half)


def hairline(painter: QPainter, x: int, y: int, length: int, colour: QColor, *, vertical: bool = False) -> None:
    """One logical pixel, sharp at every ratio."""
    painter.fillRect(QRect(x, y, 1, length) if vertical else QRect(x, y, length, 1), colour)


def shadow(painter: QPainter, rect: QRect, radius: int, strength: int = 34) -> None:
    """A soft shadow below a floating layer, `SHADOW` px around `rect`. Cheap: a few rings, no effect object."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    steps = SHADOW // 2
    painter.setBrush(QColor(0, 0, 0, max(1, strength // steps)))
    for step in range(steps):
        spread = step * 2 - 4
        painter.drawRoundedRect(
            QRectF(rect).adjusted(-spread, -spread + 8, spread, spread + 8), radius + spread, radius + spread
        )


def elided(text: str, width: int, font: QFont, metrics: QFontMetrics) -> str:
    """`text` cut to `width` px with «…», remembered by (text, width, font)."""
    key = (text, width, font.key())
    found = _cut.get(key)
    if found is None:
        if len(_cut) >= _MOST:
            _cut.clear()
        # The advance is rounded, and Qt elides by the exact one: what measures `width` must never be cut at `width`.
        fits = metrics.horizontalAdvance(text) <= width
        found = _cut[key] = text if fits else metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return found


def line_of_text(
    painter: QPainter, rect: QRect, text: str, font: QFont, metrics: QFontMetrics, colour: QColor, align: str = "left"
) -> None:
    """One line, elided to `rect`; `align` is left, right or centre."""
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, _ALIGN[align], elided(text, rect.width(), font, metrics))
