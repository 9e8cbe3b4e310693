"""The timeline of a person: one painted line of entries, each with its sign, its day and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
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
from crm.ui.widgets.labels import Label

_CIRCLE: Final = 24
_GAP: Final = 12
_TITLE_LINES: Final = 2
_DETAIL_LINES: Final = 4
_LONGEST: Final = 600


class EntryLine(QWidget):
    """One entry. What leads somewhere (an event, a deed) can be pressed."""

    pressed = Signal()

    def __init__(self, theme: Theme, entry: Entry, gender: str, today: date, *, last: bool) -> None:
        super().__init__()
        self._theme, self._last = theme, last
        self._icon = words.entry_icon(entry)
        self._title = words.entry_title(entry, gender)
        self._detail = words.entry_detail(entry)[:_LONGEST]
        self._day = i18n.day(entry.on, today)
        self._future = entry.on > today
        self._leads = entry.leads
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

    def set_last(self, *, last: bool) -> None:
        """No line leads on from the last one."""
        self._last = last
        self.update()

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
        """Lead to what happened."""
        if (
            self._leads
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads there too."""
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
    """Entries under each other, and a button for those after them. `chosen` carries an entry that leads on."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: list[EntryLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._said = Label(theme, "", "body", "text2", wrap=True)
        self._said.hide()
        self._column.addWidget(self._said)
        self.more = Button(theme, "", "link")
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def set_entries(self, entries: Sequence[Entry], gender: str, today: date) -> None:
        """Show these, newest first."""
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = []
        self.say("")
        self.add_entries(entries, gender, today)

    def add_entries(self, entries: Sequence[Entry], gender: str, today: date) -> None:
        """And these after them."""
        if self._lines:
            self._lines[-1].set_last(last=not entries)
        for place, entry in enumerate(entries):
            line = EntryLine(self._theme, entry, gender, today, last=place == len(entries) - 1)
            line.pressed.connect(partial(self.chosen.emit, entry))
            self._column.insertWidget(len(self._lines), line)
            self._lines.append(line)

    def set_left(self, left: int) -> None:
        """How many more there are; the button asks for the next of them."""
        if self._lines:
            self._lines[-1].set_last(last=not left)
        self.more.setVisible(left > 0)
        if left > 0:
            self.more.set_text(i18n.text("Show more, {count} left", count=i18n.number(left)))

    def say(self, words: str) -> None:
        """A line where entries would be; «» for none."""
        self._said.set_text(words)
        self._said.setVisible(bool(words))


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
    if entry.kind == "answer" and entry.score is not None:
        return "warn"
    return "text2"
