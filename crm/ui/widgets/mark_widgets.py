"""The signs of `marks` as widgets of their own, each with a name for a screen reader; the leaf of a day; the mark."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm import i18n, paths
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.labels import IconLabel
from crm.ui.widgets.marks import initials, level_word, paint_avatar, paint_level, paint_score


class _Painted(QWidget):
    """A small painted sign of a fixed size."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Avatar(_Painted):
    """A person's circle; 18, 26, 32 or 52 px."""

    def __init__(self, theme: Theme, seed: int = 0, name: str = "", size: int = 32) -> None:
        super().__init__(theme)
        self._size = size
        self.set_person(seed, name)

    def set_person(self, seed: int, name: str, letters: str = "") -> None:
        """Show the person with this id and name; `letters` instead of the initials of the name."""
        self._seed = seed
        self._letters = letters or initials(name)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the circle."""
        paint_avatar(QPainter(self), self._theme, self.rect(), self._seed, self._letters)


class LevelMark(_Painted):
    """A level as rings, with the word unless it is written elsewhere."""

    _SIDE: Final = 16

    def __init__(self, theme: Theme, level: str = "none", *, word: bool = True, role: str = "body") -> None:
        super().__init__(theme)
        self._word = word
        self._role = role
        self.set_level(level)

    def set_level(self, level: str) -> None:
        """Another level."""
        self._level = level
        self.setAccessibleName(level_word(level))
        if not self._word:
            self.setToolTip(level_word(level))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The ring, and the word beside it."""
        side = self._theme.px(self._SIDE)
        width = side
        if self._word:
            width += 8 + self._theme.metrics(self._role).horizontalAdvance(level_word(self._level)) + 2
        return QSize(width, max(side, self._theme.metrics(self._role).height()) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring and the word."""
        painter = QPainter(self)
        theme = self._theme
        side = theme.px(self._SIDE)
        paint_level(painter, theme, QRectF(0, (self.height() - side) // 2, side, side), self._level)
        if self._word:
            shapes.line_of_text(
                painter,
                self.rect().adjusted(side + 8, 0, 0, 0),
                level_word(self._level),
                theme.font(self._role),
                theme.metrics(self._role),
                theme.colour("text"),
            )


class ScoreSquare(_Painted):
    """An answer from 0 to 10."""

    def __init__(self, theme: Theme, score: int, size: int = 28) -> None:
        super().__init__(theme)
        self._size = size
        self._score = score
        self.setAccessibleName(i18n.text("{score} out of 10", score=score))

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the square."""
        paint_score(QPainter(self), self._theme, self.rect(), self._score)


class StatusLabel(IconLabel):
    """A state as an icon of its colour and a word: «Здесь с 18:42», «просрочено вчера»."""

    def __init__(self, theme: Theme, icon: str, text: str, tone: str = "text2") -> None:
        super().__init__(theme, icon, text, "body", _word_token(tone), tone)

    def set_status(self, icon: str, text: str, tone: str = "text2") -> None:
        """Another state."""
        self.set_content(icon, text, _word_token(tone), tone)


def _word_token(tone: str) -> str:
    return "text" if tone in ("ok", "warn") else tone


class DateBlock(_Painted):
    """The leaf of a calendar: «ноя», 12."""

    def __init__(self, theme: Theme, month: str = "", day: str = "", size: int = 48) -> None:
        super().__init__(theme)
        self._size = size
        self.set_day(month, day)

    def set_day(self, month: str, day: str) -> None:
        """Another day."""
        self._month, self._day = month, day
        self.setAccessibleName(f"{day} {month}")
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the leaf."""
        painter = QPainter(self)
        theme = self._theme
        shapes.box(painter, self.rect(), 9 if self._size < 60 else 10, theme.colour("raised"), theme.colour("hair2"))
        large = self._size >= 60
        month, day = ("small_strong", "number_large") if large else ("caption", "number_medium")
        high = theme.metrics(month).height()
        block = high + theme.metrics(day).height() - 4
        top = (self.height() - block) // 2
        for words, role, token, y in (
            (self._month, month, "accent_text", top),
            (self._day, day, "text", top + high - 3),
        ):
            metrics = theme.metrics(role)
            shapes.line_of_text(
                painter,
                QRect(0, y, self.width(), metrics.height()),
                words,
                theme.font(role),
                metrics,
                theme.colour(token),
                "centre",
            )


class BrandMark(_Painted):
    """The program's own circle."""

    def __init__(self, theme: Theme, size: int = 24) -> None:
        super().__init__(theme)
        self._size = size
        self.setAccessibleName(i18n.text("Krug"))

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        paint_brand(QPainter(self), self._theme, QRectF(self.rect()))


def paint_brand(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """An accent disc, a ring and a dot: the circle and who is in it."""
    side = rect.width()
    shapes.box(painter, rect, side / 2, theme.colour("accent"))
    white = theme.colour("on_accent")
    inset = side * 0.235
    shapes.box(painter, rect.adjusted(inset, inset, -inset, -inset), side, None, white, side * 0.095)
    dot = side * 0.405
    shapes.box(painter, rect.adjusted(dot, dot, -dot, -dot), side, white)


def program_icon() -> QIcon:
    """The icon of the window, from the pictures shipped."""
    icon = QIcon()
    for file in sorted((paths.resources() / "icon").glob("krug-*.png")):
        icon.addFile(str(file))
    return icon
