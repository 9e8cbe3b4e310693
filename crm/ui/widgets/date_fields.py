"""A day and a time of day as fields: typed in the usual ways, or picked."""

from __future__ import annotations

import re
from datetime import date, time

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.fields import dress, mark
from crm.ui.widgets.menus import Floating
from crm.ui.widgets.month_grid import MonthGrid


class DateField(QLineEdit):
    """A day: typed («12.11», «12.11.2026», «12/11/26») or picked from a calendar. Empty is allowed.

    `day_changed` carries a date or None when what is written became another day; `is_wrong`: a text that is no day.
    """

    day_changed = Signal(object)

    def __init__(self, theme: Theme, name: str = "", *, today: date | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._today = today
        self._last: date | None = None
        self.setAccessibleName(name)
        self.setPlaceholderText(i18n.text("DD.MM.YYYY"))
        self._open = IconButton(theme, "calendar-blank", i18n.text("Pick a day"), size=26)
        self._open.setParent(self)
        self._open.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._open.clicked.connect(self.open_calendar)
        self.textChanged.connect(self._typed)
        self.editingFinished.connect(self._settle)
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)
        self.setTextMargins(0, 0, self._theme.px(24), 0)
        self.setMinimumWidth(self._theme.px(136))

    def day(self) -> date | None:
        """The day written, None for nothing and for what is no day."""
        return _read_day(self.text(), self._today)

    @property
    def is_wrong(self) -> bool:
        """Something is written and it is no day."""
        return bool(self.text().strip()) and self.day() is None

    def set_day(self, day: date | None) -> None:
        """Write a day."""
        self.setText("" if day is None else day.strftime("%d.%m.%Y"))

    def set_error(self, *, wrong: bool) -> None:
        """A red border; the sentence is the `Field`'s."""
        mark(self, wrong=wrong)

    def _typed(self) -> None:
        day = self.day()
        if day != self._last:
            self._last = day
            self.day_changed.emit(day)

    def _settle(self) -> None:
        self.set_error(wrong=self.is_wrong)
        day = self.day()
        if day is not None:
            self.set_day(day)

    def open_calendar(self) -> None:
        """Show the month and let one pick."""
        now = QDate.currentDate()
        shown = self.day() or self._today or date(now.year(), now.month(), now.day())
        month = MonthGrid(self._theme, shown, self._today)
        floating = Floating(self._theme, self, month)
        month.picked.connect(self.set_day)
        month.picked.connect(floating.close)
        floating.open_at(self.mapToGlobal(QPoint(0, self.height() + 4)))
        month.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the calendar at the right."""
        super().resizeEvent(event)
        side = self._open.sizeHint().height()
        self._open.setGeometry(self.width() - side - 3, (self.height() - side) // 2, side, side)


def _read_day(written: str, today: date | None) -> date | None:
    parts = written.replace("/", ".").replace("-", ".").replace(",", ".").strip(" .").split(".")
    if not all(part.strip().isdecimal() for part in parts) or len(parts) not in (2, 3):
        return None
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 2:
            return date(today.year, numbers[1], numbers[0]) if today is not None else None
        if len(parts[0].strip()) == 4:
            return date(*numbers)
        year = numbers[2] + 2000 if numbers[2] < 100 else numbers[2]
        return date(year, numbers[1], numbers[0])
    except ValueError:
        return None


class TimeField(QLineEdit):
    """A time of day, typed («18:30», «1830», «18.30», «9») or stepped by a quarter of an hour with the arrows.

    What is no time gives way to the last one that was when the field is left.
    """

    time_changed = Signal(object)

    def __init__(self, theme: Theme, name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._last = time(0, 0)
        self.setAccessibleName(name)
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(lambda: self.set_clock_time(self._last))
        theme.changed.connect(self.restyle)
        self.restyle()
        self.set_clock_time(self._last)

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)
        self.setMinimumWidth(self._theme.px(72))

    def clock_time(self) -> time:
        """The time written, or the last one that was."""
        return self._last

    def set_clock_time(self, value: time) -> None:
        """Write a time."""
        self.setText(value.strftime("%H:%M"))
        self._take(value.replace(second=0, microsecond=0))

    def set_error(self, *, wrong: bool) -> None:
        """A red border; the sentence is the `Field`'s."""
        mark(self, wrong=wrong)

    def sizeHint(self) -> QSize:
        """Five characters and some air."""
        return QSize(self._theme.px(84), super().sizeHint().height())

    def _typed(self, written: str) -> None:
        read = _read_time(written)
        if read is not None:
            self._take(read)

    def _take(self, value: time) -> None:
        if value != self._last:
            self._last = value
            self.time_changed.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go by a quarter of an hour, round the clock."""
        step = {Qt.Key.Key_Up: 15, Qt.Key.Key_Down: -15}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        minutes = self._last.hour * 60 + self._last.minute
        # To the next full quarter first.
        moved = (minutes // 15 * 15 + (step if step > 0 or minutes % 15 == 0 else 0)) % 1440
        self.set_clock_time(time(moved // 60, moved % 60))


def _read_time(written: str) -> time | None:
    found = re.fullmatch(r"\s*(\d{1,2})(?:[:.,\- ]?(\d{2}))?\s*", written)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
