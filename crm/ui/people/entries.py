"""The timeline of a person: one painted line of entries, each with its sign, its day and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.timeline import Entry
from crm.ui import icons
from crm.ui.people import words
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button

_CIRCLE: Final = 24
_GAP: Final = 12
_TITLE_LINES: Final = 2
_DETAIL_LINES: Final = 4
_FIRST: Final = 20
_LONGEST: Final = 600


class EntryLine(QWidget):
    """One entry. What leads somewhere (an event) can be pressed."""

    pressed = Signal()

    def __init__(self, theme: Theme, entry: Entry, gender: str, today: date, *, last: bool) -> None:
        super().__init__()
        self._theme, self._last = theme, last
        self._icon = words.entry_icon(entry)
        self._title = words.entry_title(entry, gender)
        self._detail = words.entry_detail(entry)[:_LONGEST]
        self._day = i18n.day(entry.on, today)
        self._future = entry.on > today
        self._leads = entry.kind == "event"
        self._tone = _tone(entry)
        self.setAccessibleName(". ".join(part for part in (self._day, self._title, self._detail) if part))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if self._leads:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_Hover)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One or two lines of title, up to four of detail."""
        title, detail = self._areas(width)
        bottom = detail.bottom() if self._detail else title.bottom()
        return max(bottom + 15, self._theme.px(_CIRCLE) + 14)

    def sizeHint(self) -> QSize:
        """At the width it has."""
        width = max(self.width(), self._theme.px(240))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow, and still readable."""
        return QSize(self._theme.px(160), self._theme.px(_CIRCLE) + 14)

    def _areas(self, width: int) -> tuple[QRect, QRect]:
        """Where the title and the detail stand at this width."""
        theme = self._theme
        left = theme.px(_CIRCLE) + _GAP
        day = theme.metrics("small").horizontalAdvance(self._day) + 12
        room = max(40, width - left - day)
        title = QRect(left, 3, room, self._height("body_strong", self._title, room, _TITLE_LINES))
        room = max(40, width - left)
        return title, QRect(left, title.bottom() + 3, room, self._height("small", self._detail, room, _DETAIL_LINES))

    def _height(self, role: str, text: str, width: int, most: int) -> int:
        return len(wrapped(text, self._theme.font(role), width, most)) * self._theme.metrics(role).lineSpacing()

    def _paint_lines(self, painter: QPainter, role: str, area: QRect, text: str, most: int, colour: str) -> None:
        theme = self._theme
        metrics = theme.metrics(role)
        for place, line in enumerate(wrapped(text, theme.font(role), area.width(), most)):
            rect = QRect(area.x(), area.y() + place * metrics.lineSpacing(), area.width(), metrics.lineSpacing())
            shapes.line_of_text(painter, rect, line, theme.font(role), metrics, theme.colour(colour))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, the circle, the words."""
        painter = QPainter(self)
        theme = self._theme
        side = theme.px(_CIRCLE)
        if not self._last:
            shapes.hairline(painter, side // 2, side + 3, self.height() - side - 3, theme.colour("hair"), vertical=True)
        circle = QRect(0, 0, side, side)
        shapes.box(painter, circle, side / 2, theme.colour("sunken"), theme.colour("hair"))
        size = theme.px(14)
        icons.paint(painter, self._icon, (side - size) / 2, (side - size) / 2, size, theme.colour(self._tone))
        title, detail = self._areas(self.width())
        lit = self._leads and (self.underMouse() or self.hasFocus())
        self._paint_lines(painter, "body_strong", title, self._title, _TITLE_LINES, "accent_text" if lit else "text")
        shapes.line_of_text(
            painter,
            QRect(0, title.y(), self.width(), theme.metrics("body_strong").lineSpacing()),
            self._day,
            theme.font("small"),
            theme.metrics("small"),
            theme.colour("accent_text" if self._future else "text2"),
            "right",
        )
        self._paint_lines(painter, "small", detail, self._detail, _DETAIL_LINES, "text2")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lead to the event."""
        if (
            self._leads
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to the event too."""
        if self._leads and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It is gone."""
        super().focusOutEvent(event)
        self.update()


class EntryList(QWidget):
    """Entries under each other, the first twenty; the rest on demand. `event_chosen` carries an event's id."""

    event_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: Sequence[Entry] = ()
        self._gender, self._today = "unknown", date.min
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.more = Button(theme, "", "link")
        self.more.clicked.connect(lambda: self._show(len(self._entries)))
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def set_entries(self, entries: Sequence[Entry], gender: str, today: date) -> None:
        """Show these, newest first."""
        self._entries, self._gender, self._today = entries, gender, today
        self._show(_FIRST)

    def _show(self, most: int) -> None:
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = self._entries[:most]
        for place, entry in enumerate(shown):
            line = EntryLine(self._theme, entry, self._gender, self._today, last=place == len(self._entries) - 1)
            if entry.kind == "event":
                line.pressed.connect(lambda event_id=entry.id: self.event_chosen.emit(event_id))
            self._column.insertWidget(place, line)
        left = len(self._entries) - len(shown)
        self.more.setVisible(left > 0)
        if left > 0:
            self.more.set_text(i18n.text("Show {count} more", count=i18n.number(left)))


_REMEMBERED = 2_000
_wrapped: dict[tuple[str, str, int, int], list[str]] = {}


def wrapped(text: str, font: QFont, width: int, most: int) -> list[str]:
    """`text` as at most `most` lines of `width` px, broken between words where it can be; the last line holds the rest
    and is elided by whoever paints it. Remembered by (text, font, width, lines), for a layout asks many times."""
    key = (text, font.key(), width, most)
    known = _wrapped.get(key)
    if known is None:
        if len(_wrapped) >= _REMEMBERED:
            _wrapped.clear()
        known = _wrapped[key] = _broken(text, font, width, most)
    return known


def _broken(text: str, font: QFont, width: int, most: int) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not paragraph.strip():
            continue
        layout = QTextLayout(paragraph, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start = line.textStart()
            if len(lines) == most - 1:
                lines.append(paragraph[start:])
                layout.endLayout()
                return lines
            lines.append(paragraph[start : start + line.textLength()].rstrip())
        layout.endLayout()
    return lines


def _tone(entry: Entry) -> str:
    if entry.kind == "event":
        return {"attended": "ok", "walk_in": "ok", "no_show": "bad"}.get(entry.key, "text2")
    if entry.kind == "feedback" and entry.score is not None:
        return "warn"
    return "text2"
