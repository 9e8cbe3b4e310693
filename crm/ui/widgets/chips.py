"""Chips: filters with a caret or a cross, tags with a dot, types and kinds in a tint; and a layout that wraps them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Pressable
from crm.ui.widgets.labels import plain_tooltip
from crm.ui.widgets.marks import TAG_HEIGHT, paint_tag, tag_width

_EVENT_TONES: Final = {"meeting": "blue", "webinar": "teal", "talk": "plum"}


def event_tone(kind: str) -> str:
    """The tint of an event's kind; the manager's own kinds are grey."""
    return _EVENT_TONES.get(kind, "grey")


class FilterChip(Pressable):
    """A filter above a list. Quiet: an outline. Active: a tint, and a cross when it can be taken away.

    `clicked` for the chip, `cleared` for its cross (also Delete and Backspace).
    """

    cleared = Signal()

    def __init__(
        self, theme: Theme, text: str, *, count: str | int | None = None, caret: bool = False, removable: bool = False
    ) -> None:
        super().__init__(theme)
        self._caret = caret
        self._removable = removable
        self._active = False
        self._count = ""
        self._words = ""
        self.set_text(text)
        self.set_count(count)

    @property
    def active(self) -> bool:
        """It is in force."""
        return self._active

    def set_active(self, active: bool) -> None:
        """Put it in force, or not."""
        self._active = active
        self.restyle()

    def set_text(self, text: str) -> None:
        """Another word."""
        self._words = text
        self._name()
        self.restyle()

    def set_count(self, count: str | int | None) -> None:
        """How many it would leave; None shows nothing."""
        self._count = "" if count is None else str(count)
        self._name()
        self.restyle()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._words} {self._count}".strip())

    @property
    def _crossed(self) -> bool:
        return self._active and self._removable

    def sizeHint(self) -> QSize:
        """Padding, words, count, caret or cross."""
        metrics = self._theme.metrics("small_strong")
        width = 24 + metrics.horizontalAdvance(self._words) + 1
        if self._count:
            width += 7 + metrics.horizontalAdvance(self._count)
        if self._caret or self._crossed:
            width += 5 + self._theme.px(12)
        return QSize(width, self._theme.px(28))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cross takes it away, the rest is a click."""
        at = event.position().toPoint()
        if self._crossed and at.x() > self.width() - 28 and self.rect().contains(at):
            self.setDown(False)
            self.cleared.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes it away."""
        if self._crossed and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        metrics, font = theme.metrics("small_strong"), theme.font("small_strong")
        radius = self.height() / 2
        hovered = self.hovered
        fill = theme.colour("accent_soft" if self._active else "hover" if hovered else "raised")
        border = None if self._crossed else theme.colour("accent" if self._active else "hair2")
        if hovered and self._crossed:
            border = theme.colour("hair2")
        width = 1.0
        if self.ringed:
            border, width = theme.colour("accent"), 2.0
        shapes.box(painter, self.rect(), radius, fill, border, width)
        enabled = self.isEnabled()
        colour = theme.colour("text3" if not enabled else "accent_text" if self._active else "text2")
        x = 12
        words = metrics.horizontalAdvance(self._words) + 1
        shapes.line_of_text(painter, QRect(x, 0, words, self.height()), self._words, font, metrics, colour)
        x += words
        if self._count:
            advance = metrics.horizontalAdvance(self._count) + 1
            shapes.line_of_text(painter, QRect(x + 7, 0, advance, self.height()), self._count, font, metrics, colour)
            x += 7 + advance
        if self._caret or self._crossed:
            size = theme.px(12)
            name = "x" if self._crossed else "caret-down"
            icons.paint(painter, name, x + 5, (self.height() - size) / 2, size, colour)


class ToneChip(QWidget):
    """A type or a kind in its tint: встреча, продукт, идёт сейчас."""

    def __init__(self, theme: Theme, text: str, tone: str = "grey", icon: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_content(text, tone, icon)
        theme.changed.connect(self.updateGeometry)

    def set_content(self, text: str, tone: str = "grey", icon: str = "") -> None:
        """Another word, tint, icon. Raises KeyError for a tint that is not in the tokens."""
        self._theme.chip(tone)
        if icon:
            icons.resolve(icon)
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Padding, icon, word."""
        theme = self._theme
        width = theme.metrics("small_strong").horizontalAdvance(self._text) + 21
        return QSize(width + (theme.px(14) + 5 if self._icon else 0), theme.px(23))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and the word."""
        painter = QPainter(self)
        theme = self._theme
        back, colour = theme.chip(self._tone)
        shapes.box(painter, self.rect(), self.height() / 2, back)
        x = 10
        if self._icon:
            size = theme.px(14)
            icons.paint(painter, self._icon, x, (self.height() - size) / 2, size, colour)
            x += size + 5
        shapes.line_of_text(
            painter,
            QRect(x, 0, self.width() - x - 6, self.height()),
            self._text,
            theme.font("small_strong"),
            theme.metrics("small_strong"),
            colour,
        )


class TagChip(Pressable):
    """A tag; `removable` shows a cross while the pointer or the focus is on it, and then says `removed`."""

    removed = Signal()
    _LONGEST: Final = 220

    def __init__(self, theme: Theme, text: str, colour: str = "grey", *, removable: bool = False) -> None:
        super().__init__(theme)
        theme.chip(colour)
        self._words = text
        self._colour = colour
        self._removable = removable
        self.setAccessibleName(text)
        self.setToolTip(plain_tooltip(text) if tag_width(theme, text) > self._LONGEST else "")
        if not removable:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """As wide as the word, up to a limit."""
        width = min(self._LONGEST, tag_width(self._theme, self._words))
        return QSize(width + (self._theme.px(14) if self._removable else 0), self._theme.px(TAG_HEIGHT + 2))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cross takes it away, the rest is a click."""
        at = event.position().toPoint()
        if self._removable and at.x() > self.width() - 22 and self.rect().contains(at):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes it away."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tag."""
        painter = QPainter(self)
        theme = self._theme
        room = theme.px(14) if self._removable else 0
        paint_tag(painter, theme, self.rect(), self._words, self._colour, room=room)
        if self._removable:
            size = theme.px(10)
            token = "text" if self.hovered or self.ringed else "text3"
            icons.paint(painter, "x", self.width() - size - 8, (self.height() - size) / 2, size, theme.colour(token))
        if self.ringed:
            shapes.box(painter, self.rect(), self.height() / 2, None, theme.colour("accent"), 2)


class FlowLayout(QLayout):
    """Items side by side, wrapped into as many lines as they need."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's way in."""
        self._items.append(item)

    def count(self) -> int:
        """How many items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def clear(self) -> None:
        """Take all items out and let their widgets go."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        """It takes what it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that `width` asks for."""
        return self._lay_out(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._lay_out(rect, move=True)

    def sizeHint(self) -> QSize:
        """All on one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        height = max((size.height() for size in shown), default=0)
        return QSize(width, height).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        """The largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _lay_out(self, rect: QRect, *, move: bool) -> int:
        margins: QMargins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        x, y, line = inner.x(), inner.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > inner.x() and x + size.width() > inner.x() + inner.width():
                x, y, line = inner.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y() + margins.bottom()
