"""Typefaces and roles: Inter and Inter Display from `resources/fonts`, every size through one scale (guide §3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from crm import paths

FAMILY: Final = "Inter"
DISPLAY: Final = "Inter Display"
FALLBACKS: Final = ("Segoe UI Variable Text", "Segoe UI", ".AppleSystemUIFont", "Noto Sans", "PT Sans")
SCALES: Final = (100, 115, 130)
_DISPLAY_FROM: Final = 20
_MINIMUM: Final = 11


@dataclass(frozen=True, slots=True)
class Role:
    """What a text is: size in px at 100 %, weight, tracking in px, digits of one width or not."""

    size: int
    weight: int
    tracking: float = 0.0
    tabular: bool = False


ROLES: Final = {
    "display": Role(28, 600, -0.7),
    "title": Role(20, 600, -0.35),
    "heading": Role(16, 600, -0.2),
    "sub": Role(13, 600),
    "sentence": Role(15, 400),
    "body": Role(13, 400),
    "body_strong": Role(13, 500),
    "figure": Role(13, 400, tabular=True),
    "small": Role(12, 400),
    "small_strong": Role(12, 500),
    "caption": Role(11, 500, 0.1),
    "number_large": Role(26, 600, -0.9, tabular=True),
    "number_medium": Role(20, 600, -0.5, tabular=True),
    "desk_search": Role(28, 400, -0.5),
    "desk_row": Role(26, 600, -0.5),
    "desk_detail": Role(16, 400),
    "desk_banner": Role(62, 700, -1.6),
    "desk_banner_name": Role(38, 600, -0.8),
    "desk_banner_detail": Role(24, 500, -0.3),
    "desk_number": Role(54, 700, -1.2, tabular=True),
    "kiosk_question": Role(56, 700, -1.4),
    "kiosk_digit": Role(40, 600, -0.8, tabular=True),
}


@cache
def load() -> tuple[str, ...]:
    """Give the shipped typefaces to Qt, once; the families found. Needs a QGuiApplication."""
    found: list[str] = []
    for file in sorted(paths.fonts().glob("Inter*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            found.extend(QFontDatabase.applicationFontFamilies(number))
    return tuple(sorted(set(found)))


def scaled(size: float, scale: int) -> int:
    """`size` px at a text size of `scale` per cent: the one place where sizes grow."""
    return round(size * scale / 100)


def font(role: str, scale: int = 100) -> QFont:
    """The font of a role. Raises KeyError for a role that is not in `ROLES`."""
    of = ROLES[role]
    return sized(of.size, of.weight, scale, tracking=of.tracking, tabular=of.tabular)


def sized(size: float, weight: int, scale: int = 100, *, tracking: float = 0.0, tabular: bool = False) -> QFont:
    """A font of `size` px; sizes from 20 px use Inter Display when it has the weight."""
    if QGuiApplication.instance() is not None:
        load()
    pixels = max(_MINIMUM, scaled(size, scale))
    display = size >= _DISPLAY_FROM and weight >= QFont.Weight.DemiBold
    made = QFont([DISPLAY if display else FAMILY, *FALLBACKS])
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tracking:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tracking * pixels / size)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
