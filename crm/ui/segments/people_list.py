"""Who is inside: everyone, a row each; rows are fetched by windows of ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crm import i18n
from crm.services.cards import PersonRow
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.id_list import Column, IdListModel
from crm.ui.widgets.marks import level_word, paint_avatar, paint_level

Index = QModelIndex | QPersistentModelIndex
_ROW: Final = 48
_AVATAR: Final = 30


def detail(row: PersonRow, today: date) -> str:
    """«визит 12 авг · 7 визитов»."""
    if row.last_visit is None:
        return i18n.text("no visits yet")
    visits = i18n.plural("{count} visit", "{count} visits", row.attended)
    return i18n.text("visit {day} · {visits}", day=i18n.day(row.last_visit, today), visits=visits)


def spoken(row: PersonRow, today: date) -> str:
    """A whole person in words."""
    return ", ".join((row.display_name, detail(row, today), level_word(row.level)))


class PeopleList(QListView):
    """People by id. Enter or a double click opens the profile, Space or a right click says why and offers more."""

    opened = Signal(int)
    why_requested = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(
        self, theme: Theme, fetch: Callable[[Sequence[int]], Mapping[int, PersonRow]], today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._theme = theme
        self.today = today
        self.newcomers: frozenset[int] = frozenset()
        said: Column[PersonRow] = Column("person", "", text=lambda row: spoken(row, today()))
        self.people: IdListModel[PersonRow] = IdListModel([said], fetch, parent=self)
        self.setModel(self.people)
        self.setItemDelegate(_PersonDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(i18n.text("Who is inside"))
        self.hovered = -1
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes and colours from the theme anew."""
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, self._theme.colour("surface"))
        self.setPalette(palette)
        self.viewport().setPalette(palette)
        self.verticalScrollBar().setSingleStep(self._theme.px(_ROW))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Moved under the rules and back it keeps its ground: the stylesheet would give back the first it had."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.restyle()

    def set_people(
        self, ids: Iterable[int], rows: Iterable[PersonRow] = (), newcomers: frozenset[int] = frozenset()
    ) -> None:
        """Show these ids in this order; `rows` are those already known."""
        self.newcomers = newcomers
        self.people.prime({row.id: row for row in rows})
        self.people.set_ids(ids)
        self.viewport().update()

    def forget_rows(self) -> None:
        """People were changed: fetch what is shown anew."""
        self.people.invalidate()

    def current_id(self) -> int | None:
        """The id of the current person."""
        index = self.currentIndex()
        return self.people.id_at(index.row()) if index.isValid() else None

    def _open(self, place: int) -> None:
        one = self.people.id_at(place)
        if one is not None:
            self.opened.emit(one)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space says why; letters are the page's."""
        one = self.current_id()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Space:
            if one is not None:
                self.why_requested.emit(one)
        elif event.key() == Qt.Key.Key_Escape or (event.text() and event.text().isprintable()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would choose."""
        super().mouseMoveEvent(event)
        place = self.indexAt(event.position().toPoint()).row()
        if place != self.hovered:
            self.hovered = place
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The verbs of the person below the pointer, or of the current one."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        one = self.people.id_at(index.row()) if index.isValid() else None
        if one is not None:
            at = event.globalPos() if by_mouse else self.mapToGlobal(self.visualRect(index).center())
            self.menu_requested.emit(one, at)


class _PersonDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: PeopleList) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines."""
        return QSize(200, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one person."""
        row = self._view.people.row_at(index.row())
        if row is None:
            return
        theme = self._theme
        area = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        box = area.adjusted(16, 1, -16, -1)
        if selected or self._view.hovered == index.row():
            ring = theme.colour("accent") if selected and self._view.hasFocus() else None
            shapes.box(painter, box, 6, theme.colour("selected" if selected else "hover"), ring, 2)
        side = theme.px(_AVATAR)
        place = QRect(box.x() + 8, box.center().y() - side // 2 + 1, side, side)
        paint_avatar(painter, theme, place, row.id, row.initials)
        right = box.right() - 8
        if row.id in self._view.newcomers:
            right = self._paint_chip(painter, box, right)
        else:
            ring_side = theme.px(15)
            y = box.center().y() - ring_side / 2
            paint_level(painter, theme, QRectF(right - ring_side, y, ring_side, ring_side), row.level)
            right -= ring_side
        left = place.right() + 12
        line = theme.px(18)
        middle = box.center().y()
        for words, role, token, top in (
            (row.display_name, "body_strong", "text", middle - line + 1),
            (detail(row, self._view.today()), "small", "text2", middle + 1),
        ):
            shapes.line_of_text(
                painter,
                QRect(left, top, right - 8 - left, line),
                words,
                theme.font(role),
                theme.metrics(role),
                theme.colour(token),
            )
        painter.restore()

    def _paint_chip(self, painter: QPainter, box: QRect, right: int) -> int:
        theme = self._theme
        back, ink = theme.chip("blue")
        words = i18n.text("lately")
        metrics = theme.metrics("caption")
        width, height = metrics.horizontalAdvance(words) + 18, theme.px(20)
        area = QRect(right - width, box.center().y() - height // 2 + 1, width, height)
        shapes.box(painter, area, height / 2, back)
        shapes.line_of_text(painter, area, words, theme.font("caption"), metrics, ink, "centre")
        return right - width
