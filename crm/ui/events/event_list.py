"""The list of events: a leaf of the calendar, what and where, how many; months as headings."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crm import i18n
from crm.services.event_rows import EventRow
from crm.services.event_words import attendance_title, kind_title, status_title
from crm.ui import icons
from crm.ui.events.words import state_of, when_and_where
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.chips import event_tone

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[int]], Sequence[EventRow]]
_ROW: Final = 66
_HEADING: Final = 44
_SIDE: Final = 28
_LEAF: Final = 48
_WINDOW: Final = 60
_KEPT: Final = 600
_NUMBERS: Final = 132
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: an event, or (`event_id` 0) the month above its events."""

    event_id: int
    on: date


class EventListModel(QAbstractListModel):
    """Lines in order; rows are fetched by windows."""

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self.lines: list[Line] = []
        self._rows: OrderedDict[int, EventRow] = OrderedDict()

    def set_days(self, days: Iterable[tuple[int, date]]) -> None:
        """Show these events, a heading wherever the month changes."""
        self.beginResetModel()
        self.lines = []
        self._rows.clear()
        month: tuple[int, int] | None = None
        for event_id, on in days:
            if (on.year, on.month) != month:
                month = (on.year, on.month)
                self.lines.append(Line(0, on))
            self.lines.append(Line(event_id, on))
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Events and headings."""
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading can't be chosen."""
        if not index.isValid() or not self.lines[index.row()].event_id:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What screen readers say of a line."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        line = self.lines[index.row()]
        if not line.event_id:
            return month_heading(line.on)
        row = self.row_of(index.row())
        return "" if row is None else f"{row.title}, {i18n.day_long(row.on)}, {status_title(row.status)}"

    def row_of(self, place: int) -> EventRow | None:
        """The event of a line, fetched with its neighbours."""
        event_id = self.lines[place].event_id
        if event_id not in self._rows:
            around = self.lines[max(0, place - 10) : place + _WINDOW]
            for row in self._fetch([line.event_id for line in around if line.event_id]):
                self._rows[row.id] = row
            while len(self._rows) > _KEPT:
                self._rows.popitem(last=False)
        return self._rows.get(event_id)

    def place_of(self, event_id: int) -> int | None:
        """Where an event stands."""
        return next((place for place, line in enumerate(self.lines) if line.event_id == event_id), None)


def month_heading(on: date) -> str:
    """«Ноябрь 2026»."""
    name = i18n.month_long(on)
    return name[:1].upper() + name[1:]


class EventList(QListView):
    """Events by months. `opened` and `menu_requested` carry the id of an event."""

    opened = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(self, theme: Theme, fetch: Fetch, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme = theme
        self.events = EventListModel(fetch, self)
        self.setModel(self.events)
        self.setItemDelegate(_EventDelegate(theme, self, now))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(i18n.text("Events"))
        self.hovered = -1
        self.clicked.connect(lambda index: self._open(index.row()))
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes and colours from the theme anew."""
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, self._theme.colour("surface"))
        self.setPalette(palette)
        self.verticalScrollBar().setSingleStep(self._theme.px(_ROW))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def set_days(self, days: Iterable[tuple[int, date]]) -> None:
        """Show these events; the chosen one stays chosen if it is among them."""
        kept = self.current_id()
        self.events.set_days(days)
        place = self.events.place_of(kept) if kept is not None else None
        if place is not None:
            self.setCurrentIndex(self.events.index(place))

    def current_id(self) -> int | None:
        """The id of the chosen event."""
        index = self.currentIndex()
        return self.events.lines[index.row()].event_id if index.isValid() else None

    def step(self, by: int) -> None:
        """Move the choice, over headings."""
        place = self.currentIndex().row()
        places = [number for number, line in enumerate(self.events.lines) if line.event_id]
        if not places:
            return
        found = places.index(place) + by if place in places else 0
        self.setCurrentIndex(self.events.index(places[max(0, min(len(places) - 1, found))]))

    def _open(self, place: int) -> None:
        if 0 <= place < len(self.events.lines) and self.events.lines[place].event_id:
            self.opened.emit(self.events.lines[place].event_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters are the page's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape or (event.text() and event.text().isprintable()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would open."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer left."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            self.hovered = place
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The actions of an event."""
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if index.isValid() and self.events.lines[index.row()].event_id:
            self.menu_requested.emit(self.events.lines[index.row()].event_id, event.globalPos())


class _EventDelegate(QStyledItemDelegate):
    """Paints months and events."""

    def __init__(self, theme: Theme, view: EventList, now: Callable[[], datetime]) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._now = now

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A heading is lower than an event."""
        heading = not self._view.events.lines[index.row()].event_id
        return QSize(300, self._theme.px(_HEADING if heading else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        painter.save()
        line = self._view.events.lines[index.row()]
        rect: QRect = option.rect
        if line.event_id:
            row = self._view.events.row_of(index.row())
            if row is not None:
                chosen = bool(option.state & QStyle.StateFlag.State_Selected)
                self._paint_event(painter, rect, row, chosen=chosen, hovered=index.row() == self._view.hovered)
        else:
            self._text(painter, rect.adjusted(_SIDE, 14, -_SIDE, 0), month_heading(line.on), "sub", "text2")
        painter.restore()

    def _paint_event(self, painter: QPainter, rect: QRect, row: EventRow, *, chosen: bool, hovered: bool) -> None:
        theme = self._theme
        if chosen or hovered:
            painter.fillRect(rect, theme.colour("selected" if chosen else "hover"))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), theme.colour("accent"))
        leaf = theme.px(_LEAF)
        left = rect.left() + _SIDE
        self._paint_leaf(painter, QRect(left, rect.top() + (rect.height() - leaf) // 2, leaf, leaf), row)
        left += leaf + 16
        shapes.hairline(painter, left, rect.bottom(), rect.right() - left, theme.colour("hair"))
        right = rect.right() - _SIDE
        numbers = theme.px(_NUMBERS)
        self._paint_numbers(painter, QRect(right - numbers, rect.top(), numbers, rect.height()), row)
        right -= numbers + 20
        right = self._paint_chips(painter, right, rect, row, chosen=chosen)
        title, detail = theme.metrics("heading"), theme.metrics("small")
        top = rect.top() + (rect.height() - title.height() - detail.height() - 3) // 2
        width = right - left - 16
        called_off = row.status == "cancelled"
        self._text(
            painter, QRect(left, top, width, title.height()), row.title, "heading", "text3" if called_off else "text"
        )
        self._text(
            painter,
            QRect(left, top + title.height() + 3, width, detail.height()),
            when_and_where(row),
            "small",
            "text2",
        )

    def _paint_leaf(self, painter: QPainter, rect: QRect, row: EventRow) -> None:
        theme = self._theme
        shapes.box(painter, rect, 9, theme.colour("raised"), theme.colour("hair2"))
        month, day = theme.metrics("caption"), theme.metrics("number_medium")
        top = rect.top() + (rect.height() - month.height() - day.height() + 4) // 2
        self._text(
            painter,
            QRect(rect.left(), top, rect.width(), month.height()),
            i18n.month_short(row.on.month),
            "caption",
            "accent_text",
            "centre",
        )
        self._text(
            painter,
            QRect(rect.left(), top + month.height() - 4, rect.width(), day.height()),
            str(row.on.day),
            "number_medium",
            "text",
            "centre",
        )

    def _paint_chips(self, painter: QPainter, right: int, rect: QRect, row: EventRow, *, chosen: bool) -> int:
        chips = [(kind_title(row.kind, row.kind_name), event_tone(row.kind) if not row.kind_name else row.colour, "")]
        state = state_of(row, self._now())
        if state is not None:
            chips.append(state)
        for words, tone, icon in chips:
            width = self._chip_width(words, icon)
            right -= width
            self._paint_chip(
                painter, QRect(right, 0, width, self._theme.px(23)), rect, (words, tone, icon), chosen=chosen
            )
            right -= 8
        return right

    def _chip_width(self, words: str, icon: str) -> int:
        theme = self._theme
        return theme.metrics("small_strong").horizontalAdvance(words) + 21 + (theme.px(14) + 5 if icon else 0)

    def _paint_chip(
        self, painter: QPainter, chip: QRect, rect: QRect, look: tuple[str, str, str], *, chosen: bool
    ) -> None:
        theme = self._theme
        words, tone, icon = look
        back, colour = theme.chip(tone)
        chip.moveTop(rect.top() + (rect.height() - chip.height()) // 2)
        # A blue chip would drown in the blue of the chosen row.
        shapes.box(painter, chip, chip.height() / 2, theme.colour("raised") if chosen else back)
        left = chip.left() + 10
        if icon:
            size = theme.px(14)
            icons.paint(painter, icon, left, chip.top() + (chip.height() - size) / 2, size, colour)
            left += size + 5
        shapes.line_of_text(
            painter,
            QRect(left, chip.top(), chip.right() - left, chip.height()),
            words,
            theme.font("small_strong"),
            theme.metrics("small_strong"),
            colour,
        )

    def _paint_numbers(self, painter: QPainter, rect: QRect, row: EventRow) -> None:
        theme = self._theme
        number, note = numbers_of(row)
        if not number:
            return
        figures, words = theme.metrics("sub"), theme.metrics("small")
        below = words.height() + 3 if note else 0
        top = rect.top() + (rect.height() - figures.height() - below) // 2
        self._text(painter, QRect(rect.left(), top, rect.width(), figures.height()), number, "sub", "text", "right")
        self._text(
            painter,
            QRect(rect.left(), top + figures.height() + 3, rect.width(), words.height()),
            note,
            "small",
            "text2",
            "right",
        )

    def _text(self, painter: QPainter, rect: QRect, words: str, role: str, token: str, align: str = "left") -> None:
        theme = self._theme
        shapes.line_of_text(painter, rect, words, theme.font(role), theme.metrics(role), theme.colour(token), align)


def numbers_of(row: EventRow) -> tuple[str, str]:
    """The figure of a row and what it says: who came of those registered, or who is registered for how many places."""
    if row.came:
        share = i18n.percent(row.came_registered / row.registered * 100) if row.registered else ""
        return i18n.text("{count} came", count=i18n.number(row.came)), " · ".join(
            part
            for part in (i18n.text("of {count} registered", count=i18n.number(row.registered)), share)
            if part and row.registered
        )
    if row.registered:
        places = "" if row.capacity is None else i18n.text("of {count} places", count=i18n.number(row.capacity))
        return i18n.text("{count} registered", count=i18n.number(row.registered)), places
    if row.invited:
        return i18n.number(row.invited), attendance_title("invited").lower()
    return "", ""
