"""The lines of an organisation's panel that lead somewhere: a person, an event, a conversation."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Pressable
from crm.ui.widgets.marks import level_word, paint_avatar, paint_level


class Line(Pressable):
    """Two lines of words with a sign before them: an avatar for a person, else an icon; the level at the end."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        detail: str,
        *,
        icon: str = "",
        seed: int = 0,
        letters: str = "",
        level: str = "",
    ) -> None:
        super().__init__(theme)
        if icon:
            icons.resolve(icon)
        self._title, self._detail, self._icon = title, detail, icon
        self._seed, self._letters, self._level = seed, letters, level
        said = (title, detail, level_word(level) if level else "")
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, self._theme.px(44))

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be."""
        return QSize(120, self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, words, level."""
        painter, theme = QPainter(self), self._theme
        if self.ringed:
            shapes.box(painter, self.rect(), 6, None, theme.colour("accent"), 2)
        elif self.hovered:
            shapes.box(painter, self.rect(), 6, theme.colour("hover"))
        side, middle = theme.px(28), self.height() // 2
        area = QRect(8, middle - side // 2, side, side)
        if self._icon:
            size = theme.px(18)
            x, y = area.center().x() - size / 2 + 1, middle - size / 2
            icons.paint(painter, self._icon, x, y, size, theme.colour("text2"))
        else:
            paint_avatar(painter, theme, area, self._seed, self._letters)
        left, right = area.right() + 11, self.width() - 10
        if self._level:
            ring = theme.px(15)
            paint_level(painter, theme, QRectF(right - ring, middle - ring / 2, ring, ring), self._level)
            right -= ring + 8
        line = theme.px(17)
        for words, role, token, top in (
            (self._title, "body_strong", "text", middle - line),
            (self._detail, "small", "text2", middle),
        ):
            place = QRect(left, top if self._detail else middle - line // 2, right - left, line)
            shapes.line_of_text(painter, place, words, theme.font(role), theme.metrics(role), theme.colour(token))
