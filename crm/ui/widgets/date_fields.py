"""A day and a time of day as fields: typed in the usual ways, or picked."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import QDate, QPoint, Qt, QTime, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCalendarWidget, QLineEdit, QSizePolicy, QTimeEdit

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.fields import dress, mark
from crm.ui.widgets.menus import Floating


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
        calendar = QCalendarWidget()
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setFont(self._theme.font("body"))
        day = self.day() or self._today
        if day is not None:
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        floating = Floating(self._theme, self, calendar)
        calendar.clicked.connect(self._picked)
        calendar.clicked.connect(floating.close)
        calendar.activated.connect(self._picked)
        calendar.activated.connect(floating.close)
        floating.open_at(self.mapToGlobal(QPoint(0, self.height() + 4)))
        calendar.setFocus()

    def _picked(self, day: QDate) -> None:
        self.set_day(date(day.year(), day.month(), day.day()))

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


class TimeField(QTimeEdit):
    """A time of day, «18:30»; arrows step by a quarter of an hour of the minutes."""

    def __init__(self, theme: Theme, name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setDisplayFormat("HH:mm")
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)
        self.setMinimumWidth(self._theme.px(72))

    def clock_time(self) -> time:
        """The time shown."""
        shown = self.time()
        return time(shown.hour(), shown.minute())

    def set_clock_time(self, value: time) -> None:
        """Show a time."""
        self.setTime(QTime(value.hour, value.minute))

    def stepBy(self, steps: int) -> None:
        """An hour, or a quarter of one."""
        quarter = self.currentSection() == QTimeEdit.Section.MinuteSection
        super().stepBy(steps * 15 if quarter else steps)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that scrolls below the pointer changes nothing."""
        event.ignore()
