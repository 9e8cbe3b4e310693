"""One family of icons: Phosphor (MIT), painted from its fonts as outlines, so that they are sharp at every ratio.

A name is Phosphor's own, «users»; «users-fill» and «users-bold» pick the other weights. Outlines are read once per
weight when first needed; images are kept by (name, colour, size, ratio).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPainterPath, QPixmap, QRawFont

from crm import paths

_WEIGHTS: Final = {"": "Phosphor.ttf", "-fill": "Phosphor-Fill.ttf", "-bold": "Phosphor-Bold.ttf"}
_EM: Final = 256
_FILL: Final = 0.92  # a little air around every icon keeps them quieter than the words beside them
_RATIOS: Final = (1.0, 1.5, 2.0)


class UnknownIcon(KeyError):
    """A name that Phosphor has not: a slip in our code, never a person's."""


@cache
def _codepoints() -> dict[str, str]:
    table = (paths.fonts() / "phosphor" / "codepoints.txt").read_text("ascii")
    return {name: chr(int(code, 16)) for name, code in (line.split() for line in table.splitlines())}


@cache
def _face(weight: str) -> QRawFont:
    return QRawFont(str(paths.fonts() / "phosphor" / _WEIGHTS[weight]), float(_EM))


@cache
def resolve(name: str) -> tuple[str, str]:
    """The character and the weight («», «-fill», «-bold») of an icon. Raises UnknownIcon."""
    table = _codepoints()
    for weight in ("-fill", "-bold"):
        if name.endswith(weight) and name.removesuffix(weight) in table:
            return table[name.removesuffix(weight)], weight
    if name not in table:
        raise UnknownIcon(name)
    return table[name], ""


@cache
def _outline(name: str) -> QPainterPath:
    char, weight = resolve(name)
    face = _face(weight)
    # The glyph as it stands in the em square, its top at 0.
    return face.pathForGlyph(face.glyphIndexesForString(char)[0]).translated(QPointF(0, face.ascent()))


@lru_cache(maxsize=2048)
def image(name: str, colour: int, size: int, ratio: float) -> QImage:
    """The icon as a picture of `size` logical px; `colour` is QColor.rgba(). Raises UnknownIcon."""
    outline = _outline(name)
    pixels = max(1, round(size * ratio))
    made = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(0)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = pixels * (1 - _FILL) / 2
    painter.translate(inset, inset)
    painter.scale(pixels * _FILL / _EM, pixels * _FILL / _EM)
    painter.fillPath(outline, QColor.fromRgba(colour))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, name: str, x: float, y: float, size: int, colour: QColor) -> None:
    """Paint the icon with its upper left corner at (x, y). Raises UnknownIcon."""
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    painter.drawImage(QPointF(round(x), round(y)), image(name, colour.rgba(), size, ratio))


def icon(name: str, colour: QColor, disabled: QColor, size: int) -> QIcon:
    """The icon for Qt's own widgets (menus, actions). Raises UnknownIcon."""
    made = QIcon()
    for ratio in _RATIOS:
        made.addPixmap(QPixmap.fromImage(image(name, colour.rgba(), size, ratio)))
        made.addPixmap(QPixmap.fromImage(image(name, disabled.rgba(), size, ratio)), QIcon.Mode.Disabled)
    return made
