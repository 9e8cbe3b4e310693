"""Painted signs of people: avatar, level ring, score, tag. Functions, so that lists paint them without widgets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from crm import i18n
from crm.ui import fonts
from crm.ui.theme import Theme
from crm.ui.widgets import shapes

TAG_HEIGHT: Final = 20
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_TAG_GAP: Final = 4
LEVELS: Final = ("core", "active", "member", "new", "fading", "none")
_LEVEL_TOKENS: Final = {
    "core": "accent_text",
    "active": "accent_text",
    "member": "text2",
    "new": "ok",
    "fading": "warn",
    "none": "text3",
}


def level_word(level: str) -> str:
    """«Ядро», «Актив», «Участник», «Новичок», «Затихает», «Ещё не был»."""
    return _level_words(i18n.current())[level]


@cache
def _level_words(language: str) -> dict[str, str]:
    with i18n.using(language):
        return {
            "core": i18n.in_context("level", "Core"),
            "active": i18n.in_context("level", "Active"),
            "member": i18n.in_context("level", "Member"),
            "new": i18n.in_context("level", "Newcomer"),
            "fading": i18n.in_context("level", "Going quiet"),
            "none": i18n.in_context("level", "Not been yet"),
        }


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Two letters for an avatar from a name as it is shown, given name first: «Семён Ёлкин» → СЁ."""
    firsts = [word[0].upper() for word in _WORD.findall(name)]
    return firsts[0] + (firsts[-1] if len(firsts) > 1 else "") if firsts else ""


def paint_avatar(painter: QPainter, theme: Theme, rect: QRect, seed: int, letters: str) -> None:
    """A circle in the person's own tint, with initials fitted to it."""
    back, colour = theme.avatar(seed)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    painter.drawEllipse(rect)
    if letters:
        painter.setFont(_avatar_font(rect.height()))
        painter.setPen(colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters[:2])


@lru_cache(maxsize=32)
def _avatar_font(side: int) -> QFont:
    made = fonts.sized(20, 600)
    made.setFamilies([fonts.FAMILY, *fonts.FALLBACKS])
    made.setPixelSize(max(8, round(side * (0.4 if side < 44 else 0.36))))
    return made


def paint_level(painter: QPainter, theme: Theme, rect: QRectF, level: str, colour: QColor | None = None) -> None:
    """The engagement level as rings. Raises KeyError for another level than `LEVELS`."""
    ink = colour or theme.colour(_LEVEL_TOKENS[level])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = rect.width()
    stroke = max(1.4, side * 0.1)
    ring = rect.adjusted(*(side * part for part in (0.07, 0.07, -0.07, -0.07)))
    middle = rect.center()
    pen = QPen(ink, stroke)
    if level in ("fading", "none"):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if level == "fading" else Qt.PenCapStyle.RoundCap)
        length = 3.14159 * ring.width() / stroke
        pieces = 8 if level == "fading" else 10
        dash = length / pieces
        pen.setDashPattern([dash * 0.62, dash * 0.38] if level == "fading" else [0.01, dash - 0.01])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)
    if level in ("core", "active"):
        radius = side * (0.26 if level == "core" else 0.14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(middle, radius, radius)
    elif level == "new":
        arm = side * 0.2
        painter.setPen(QPen(ink, stroke))
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))


def score_tone(score: int) -> str:
    """The tint of an answer from 0 to 10: 9–10 green, 7–8 grey, the rest red."""
    return "green" if score >= 9 else "grey" if score >= 7 else "red"


def paint_score(painter: QPainter, theme: Theme, rect: QRect, score: int) -> None:
    """A square with the digit inside."""
    back, colour = theme.chip(score_tone(score))
    shapes.box(painter, rect, 5, back)
    role = "sub" if rect.height() >= theme.px(26) else "small_strong"
    shapes.line_of_text(painter, rect, str(score), theme.font(role), theme.metrics(role), colour, "centre")


def tag_width(theme: Theme, words: str) -> int:
    """How wide a tag's chip is."""
    return theme.metrics("caption").horizontalAdvance(words) + 27


def paint_tag(painter: QPainter, theme: Theme, rect: QRect, words: str, colour: str, *, room: int = 0) -> None:
    """A grey chip with a dot of the tag's colour; `room` px at the right stay free."""
    back, ink = theme.chip("grey")
    shapes.box(painter, rect, rect.height() / 2, back)
    painter.setBrush(theme.chip(colour)[1])
    painter.drawEllipse(QRectF(rect.x() + 8, rect.center().y() - 2, 6, 6))
    shapes.line_of_text(
        painter,
        rect.adjusted(18, 0, -7 - room, 0),
        words,
        theme.font("caption"),
        theme.metrics("caption"),
        ink,
    )


def paint_tags(painter: QPainter, theme: Theme, rect: QRect, tags: Sequence[tuple[str, str]]) -> None:
    """As many tags as fit, the first one shortened if it must be, the others as «+2»."""
    if not tags:
        return
    height = theme.px(TAG_HEIGHT)
    y = rect.y() + (rect.height() - height) // 2
    metrics = theme.metrics("caption")
    x, shown = rect.x(), 0
    for place, (words, colour) in enumerate(tags):
        left = len(tags) - place - 1
        reserve = metrics.horizontalAdvance(f"+{left}") + 6 + _TAG_GAP if left else 0
        width = tag_width(theme, words)
        if x + width + reserve > rect.right() + 1:
            if place:
                break
            width = max(40, rect.right() + 1 - x - reserve)
        paint_tag(painter, theme, QRect(x, y, width, height), words, colour)
        x += width + _TAG_GAP
        shown += 1
    if shown < len(tags):
        shapes.line_of_text(
            painter,
            QRect(x + 3, rect.y(), rect.right() - x, rect.height()),
            f"+{len(tags) - shown}",
            theme.font("caption"),
            metrics,
            theme.colour("text2"),
        )
