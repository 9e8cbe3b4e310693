"""One of several places side by side: segments of one control, underlined tabs, steps of a longer job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes

_MARK: Final = 16
_GAP: Final = 9


class _Choices(QWidget):
    """A row of choices of which one is in force: arrows move, a click picks. What `Segmented` and `Tabs` share."""

    changed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._keys: list[str] = []
        self._current = ""
        self._over = -1
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        theme.changed.connect(self.updateGeometry)

    @property
    def current(self) -> str:
        """The key of the choice in force, «» when there is none."""
        return self._current

    def select(self, key: str) -> None:
        """Put a choice in force; says so if it is another one. Unknown keys are refused with ValueError."""
        if key not in self._keys:
            raise ValueError(key)
        if key != self._current:
            self._current = key
            self.setAccessibleDescription(self._title(self._keys.index(key)))
            self.update()
            self.changed.emit(key)

    def _title(self, place: int) -> str:
        raise NotImplementedError

    def _rects(self) -> list[QRect]:
        raise NotImplementedError

    def _at(self, at: QPoint) -> int:
        return next((place for place, rect in enumerate(self._rects()) if rect.contains(at)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click picks."""
        place = self._at(event.position().toPoint())
        if place >= 0:
            self.select(self._keys[place])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would pick."""
        place = self._at(event.position().toPoint())
        if place != self._over:
            self._over = place
            self.update()

    def leaveEvent(self, event: object) -> None:
        """Nothing would be picked."""
        self._over = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._keys:
            super().keyPressEvent(event)
            return
        place = self._keys.index(self._current) if self._current in self._keys else 0
        self.select(self._keys[max(0, min(len(self._keys) - 1, place + step))])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went."""
        super().focusOutEvent(event)
        self.update()


class Segmented(_Choices):
    """Two to five choices in one control."""

    def __init__(self, theme: Theme, options: Sequence[tuple[str, str]], *, name: str = "") -> None:
        super().__init__(theme)
        self._titles = [title for _, title in options]
        self._keys = [key for key, _ in options]
        self._current = self._keys[0] if self._keys else ""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _title(self, place: int) -> str:
        return self._titles[place]

    def _rects(self) -> list[QRect]:
        metrics = self._theme.metrics("small_strong")
        x, rects = 2, []
        for title in self._titles:
            width = metrics.horizontalAdvance(title) + 24
            rects.append(QRect(x, 2, width, self.height() - 4))
            x += width
        return rects

    def sizeHint(self) -> QSize:
        """All choices side by side."""
        metrics = self._theme.metrics("small_strong")
        return QSize(4 + sum(metrics.horizontalAdvance(title) + 24 for title in self._titles), self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the control."""
        painter = QPainter(self)
        theme = self._theme
        ring = self._ring and self.hasFocus()
        shapes.box(painter, self.rect(), 8, theme.colour("track"))
        for place, rect in enumerate(self._rects()):
            chosen = self._keys[place] == self._current
            if chosen:
                border = theme.colour("accent" if ring else "hair2")
                shapes.box(painter, rect, 6, theme.colour("raised"), border, 2 if ring else 1)
            colour = theme.colour("text" if chosen or place == self._over else "text2")
            shapes.line_of_text(
                painter,
                rect,
                self._titles[place],
                theme.font("small_strong"),
                theme.metrics("small_strong"),
                colour,
                "centre",
            )


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its key, its title, and what stands beside it («178», «7/12»)."""

    key: str
    title: str
    count: str = ""


class Tabs(_Choices):
    """Underlined tabs, as on an event's page."""

    _GAP: Final = 24

    def __init__(self, theme: Theme, *, name: str = "") -> None:
        super().__init__(theme)
        self._tabs: list[Tab] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these tabs; the current one stays in force if it is among them."""
        self._tabs = list(tabs)
        self._keys = [tab.key for tab in tabs]
        if self._current not in self._keys:
            self._current = self._keys[0] if self._keys else ""
        self.updateGeometry()
        self.update()

    def _title(self, place: int) -> str:
        return f"{self._tabs[place].title} {self._tabs[place].count}".strip()

    def _width(self, tab: Tab) -> int:
        theme = self._theme
        width = theme.metrics("sub").horizontalAdvance(tab.title) + 1
        return width + (7 + theme.metrics("small_strong").horizontalAdvance(tab.count) if tab.count else 0)

    def _rects(self) -> list[QRect]:
        x, rects = 0, []
        for tab in self._tabs:
            width = self._width(tab)
            rects.append(QRect(x, 0, width, self.height()))
            x += width + self._GAP
        return rects

    def sizeHint(self) -> QSize:
        """All tabs side by side."""
        width = sum(self._width(tab) + self._GAP for tab in self._tabs)
        return QSize(max(0, width - self._GAP), self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tabs."""
        painter = QPainter(self)
        theme = self._theme
        for place, (tab, rect) in enumerate(zip(self._tabs, self._rects(), strict=True)):
            chosen = tab.key == self._current
            role = "sub" if chosen else "body_strong"
            title = theme.metrics(role).horizontalAdvance(tab.title) + 1
            colour = theme.colour("text" if chosen or place == self._over else "text2")
            shapes.line_of_text(painter, rect, tab.title, theme.font(role), theme.metrics(role), colour)
            shapes.line_of_text(
                painter,
                rect.adjusted(title + 7, 0, 4, 0),
                tab.count,
                theme.font("small_strong"),
                theme.metrics("small_strong"),
                theme.colour("text2"),
            )
            if chosen:
                painter.fillRect(rect.x(), rect.bottom() - 1, rect.width(), 2, theme.colour("accent"))
                if self._ring and self.hasFocus():
                    shapes.box(painter, rect.adjusted(-6, 8, 6, -7), 6, None, theme.colour("accent"), 2)


class Steps(QWidget):
    """Where one is in a longer job: done, now, to come."""

    def __init__(self, theme: Theme, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = list(titles)
        self._now = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._parts = [_Step(theme, place, title) for place, title in enumerate(titles)]
        for part in self._parts:
            row.addWidget(part)
        self.set_current(0)

    def set_current(self, place: int) -> None:
        """The step one is at, from 0."""
        self._now = place
        self.setAccessibleName(self._titles[place])
        for part in self._parts:
            part.show_against(place)


class _Step(QWidget):
    def __init__(self, theme: Theme, place: int, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._place = place
        self._title = title
        self._now = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_against(self, now: int) -> None:
        """Done, now or to come."""
        self._now = now
        self.updateGeometry()
        self.update()

    def _lead(self) -> int:
        return 44 if self._place else 0

    def sizeHint(self) -> QSize:
        width = self._lead() + self._theme.px(21) + 8 + self._theme.metrics("sub").horizontalAdvance(self._title) + 2
        return QSize(width, self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        x, middle = self._lead(), self.height() // 2
        if x:
            shapes.hairline(painter, 8, middle, x - 16, theme.colour("hair2"))
        side = theme.px(20)
        disc = QRect(x, middle - side // 2, side, side)
        done, now = self._place < self._now, self._place == self._now
        if done:
            shapes.box(painter, disc, side / 2, theme.colour("accent_soft"))
            icons.paint(painter, "check-bold", disc.x() + 5, disc.y() + 5, side - 10, theme.colour("accent_text"))
        elif now:
            shapes.box(painter, disc, side / 2, theme.colour("accent"))
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("hair2"), 1.2))
            painter.drawEllipse(QRectF(disc).adjusted(1, 1, -1, -1))
        if not done:
            shapes.line_of_text(
                painter,
                disc,
                str(self._place + 1),
                theme.font("small_strong"),
                theme.metrics("small_strong"),
                theme.colour("on_accent" if now else "text2"),
                "centre",
            )
        role = "sub" if now else "body_strong"
        shapes.line_of_text(
            painter,
            QRect(x + side + 8, 0, self.width(), self.height()),
            self._title,
            theme.font(role),
            theme.metrics(role),
            theme.colour("text" if now else "text2"),
        )
