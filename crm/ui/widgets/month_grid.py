"""A month to pick a day from, in the language of the program."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.labels import Label

_SIDE: Final = 32
_WEEKS: Final = 6
_MONDAY: Final = date(2024, 1, 1)


class MonthGrid(QWidget):
    """Arrows move by days and weeks, Page Up and Page Down by months, Enter or a click picks."""

    picked = Signal(object)

    def __init__(self, theme: Theme, day: date, today: date | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._day = day
        self._today = today
        self._title = Label(theme, "", "sub")
        before = IconButton(theme, "caret-left", i18n.text("Previous month"))
        after = IconButton(theme, "caret-right", i18n.text("Next month"))
        for button, step in ((before, -1), (after, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, step=step: self.set_day(_months_away(self._day, step)))
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.addWidget(self._title, 1)
        row.addWidget(before)
        row.addWidget(after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        self._days = _Days(theme, self)
        column.addWidget(self._days)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_day(day)

    @property
    def day(self) -> date:
        """The day the arrows stand on."""
        return self._day

    @property
    def today(self) -> date | None:
        """The day that is marked."""
        return self._today

    def set_day(self, day: date) -> None:
        """Stand on a day and show its month."""
        self._day = day
        month = i18n.month_long(day)
        self._title.set_text(month[:1].upper() + month[1:])
        self.setAccessibleName(i18n.date_long(day))
        self._days.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move or pick."""
        key = Qt.Key(event.key())
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}.get(key)
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(key)
        if days is not None:
            self.set_day(self._day + timedelta(days=days))
        elif months is not None:
            self.set_day(_months_away(self._day, months))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._day)
        else:
            super().keyPressEvent(event)


class _Days(QWidget):
    def __init__(self, theme: Theme, grid: MonthGrid) -> None:
        super().__init__()
        self._theme = theme
        self._grid = grid
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = self._theme.px(_SIDE)
        return QSize(side * 7, side * (_WEEKS + 1))

    def _first(self) -> date:
        first = self._grid.day.replace(day=1)
        return first - timedelta(days=first.weekday())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at: QPoint = event.position().toPoint()
        side = self._theme.px(_SIDE)
        week, weekday = at.y() // side - 1, at.x() // side
        if 0 <= week < _WEEKS and 0 <= weekday < 7:
            self._grid.picked.emit(self._first() + timedelta(days=7 * week + weekday))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, grid = self._theme, self._grid
        side = theme.px(_SIDE)
        for weekday in range(7):
            area = QRect(weekday * side, 0, side, side)
            name = i18n.weekday(_MONDAY + timedelta(days=weekday))
            font, metrics = theme.font("caption"), theme.metrics("caption")
            shapes.line_of_text(painter, area, name, font, metrics, theme.colour("text3"), "centre")
        for place in range(7 * _WEEKS):
            day = self._first() + timedelta(days=place)
            area = QRect(place % 7 * side, (place // 7 + 1) * side, side, side)
            chosen = day == grid.day
            if chosen or day == grid.today:
                fill = theme.colour("accent" if chosen else "accent_soft")
                shapes.box(painter, area.adjusted(2, 2, -2, -2), 6, fill)
            usual = "text" if day.month == grid.day.month else "text3"
            ink = "on_accent" if chosen else "accent_text" if day == grid.today else usual
            role = "body_strong" if chosen or day == grid.today else "body"
            colour = theme.colour(ink)
            shapes.line_of_text(painter, area, str(day.day), theme.font(role), theme.metrics(role), colour, "centre")


def _months_away(day: date, months: int) -> date:
    """The same day of another month, or its last one."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    after = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (after - first).days))
