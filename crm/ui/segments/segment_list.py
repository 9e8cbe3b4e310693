"""The list at the left: one's own segments, then the ready ones; a ring or an icon, what it is for, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crm import i18n
from crm.services.segment_rows import SegmentRow
from crm.text import fold
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.marks import level_word, paint_level

Key = tuple[str, int | str]
Index = QModelIndex | QPersistentModelIndex
_ROW: Final = 46
_HEADING: Final = 32
_NOWHERE: Final = QModelIndex()


class SegmentModel(QAbstractListModel):
    """Rows and headings in order; a heading is a plain text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[SegmentRow | str] = []

    def set_lines(self, lines: Sequence[SegmentRow | str]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def set_counts(self, counts: Mapping[Key, tuple[int | None, str]]) -> None:
        """Counts and troubles that came later."""
        for place, line in enumerate(self.lines):
            if isinstance(line, SegmentRow) and line.key in counts:
                count, problem = counts[line.key]
                self.lines[place] = replace(line, count=count, problem=problem)
        if self.lines:
            self.dataChanged.emit(self.index(0), self.index(len(self.lines) - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows and headings."""
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading can't be chosen."""
        if not index.isValid() or isinstance(self.lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What screen readers say of a line."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        line = self.lines[index.row()]
        if isinstance(line, str):
            return line
        said = [line.name, line.note]
        if not line.icon:
            said.append(level_word(line.glyph))
        if line.count is not None:
            said.append(i18n.plural("{count} person", "{count} people", line.count))
        return ", ".join(part for part in [*said, line.problem] if part)

    def place_of(self, key: Key) -> int | None:
        """Where a segment stands."""
        return next(
            (place for place, line in enumerate(self.lines) if isinstance(line, SegmentRow) and line.key == key), None
        )


class SegmentList(QListView):
    """Segments one under another. `chosen` carries the key of the row that a click, Enter or an arrow chose."""

    chosen = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._own: list[SegmentRow] = []
        self._ready: list[SegmentRow] = []
        self._filter = ""
        self._quiet = False
        self.lines = SegmentModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(_SegmentDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(i18n.text("Segments"))
        self.hovered = -1
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

    def set_rows(self, own: Sequence[SegmentRow], ready: Sequence[SegmentRow]) -> None:
        """Show these; counts known before stay until new ones come, so that no number blinks."""
        known = {row.key: (row.count, row.problem) for row in (*self._own, *self._ready)}
        self._own = [_with(row, known) for row in own]
        self._ready = [_with(row, known) for row in ready]
        self._fill()

    def set_counts(self, counts: Mapping[Key, tuple[int | None, str]]) -> None:
        """Counts and troubles that came from the worker."""
        self._own = [_with(row, counts) for row in self._own]
        self._ready = [_with(row, counts) for row in self._ready]
        self.lines.set_counts(counts)

    def set_filter(self, typed: str) -> None:
        """Show only what has the typed words in its name or its note."""
        self._filter = fold(typed)
        self._fill()

    def select(self, key: Key | None) -> None:
        """Mark the row of a segment, without saying so."""
        place = self.lines.place_of(key) if key is not None else None
        self._quiet = True
        if place is None:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self.lines.index(place))
        self._quiet = False

    def keys(self) -> list[Key]:
        """The keys of all rows, one's own first, whatever is filtered."""
        return [row.key for row in (*self._own, *self._ready)]

    def current_key(self) -> Key | None:
        """The segment that is marked."""
        index = self.currentIndex()
        line = self.lines.lines[index.row()] if index.isValid() else None
        return line.key if isinstance(line, SegmentRow) else None

    def step(self, by: int) -> None:
        """Move the mark, over headings."""
        places = [place for place, line in enumerate(self.lines.lines) if isinstance(line, SegmentRow)]
        if not places:
            return
        now = self.currentIndex().row()
        at = places.index(now) + by if now in places else 0
        self.setCurrentIndex(self.lines.index(places[max(0, min(len(places) - 1, at))]))

    def _fill(self) -> None:
        kept = self.current_key()
        lines: list[SegmentRow | str] = []
        for heading, rows in ((i18n.text("Mine"), self._own), (i18n.text("Ready"), self._ready)):
            found = [row for row in rows if self._filter in fold(f"{row.name} {row.note}")]
            if found:
                lines.extend([heading, *found])
        self._quiet = True
        self.lines.set_lines(lines)
        self._quiet = False
        self.select(kept)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Say what was chosen, by key."""
        super().currentChanged(current, previous)
        key = self.current_key()
        if not self._quiet and key is not None:
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are the page's."""
        if event.key() == Qt.Key.Key_Escape or (event.text() and event.text().isprintable()):
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
        """The verbs of the row below the pointer, or of the marked one."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        line = self.lines.lines[index.row()] if index.isValid() else None
        if isinstance(line, SegmentRow):
            at = event.globalPos() if by_mouse else self.mapToGlobal(self.visualRect(index).center())
            self.menu_requested.emit(line.key, at)


def _with(row: SegmentRow, counts: Mapping[Key, tuple[int | None, str]]) -> SegmentRow:
    if row.key not in counts:
        return row
    count, problem = counts[row.key]
    return replace(row, count=count, problem=problem)


class _SegmentDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: SegmentList) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, or a heading."""
        line = self._view.lines.lines[index.row()]
        return QSize(200, self._theme.px(_HEADING if isinstance(line, str) else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        theme = self._theme
        area = QRect(option.rect)
        state = option.state
        line = self._view.lines.lines[index.row()]
        painter.save()
        if isinstance(line, str):
            area = area.adjusted(12, theme.px(8), -8, 0)
            shapes.line_of_text(
                painter, area, line, theme.font("small_strong"), theme.metrics("small_strong"), theme.colour("text3")
            )
        else:
            selected = bool(state & QStyle.StateFlag.State_Selected)
            self._paint_row(painter, area, line, selected=selected, hovered=self._view.hovered == index.row())
        painter.restore()

    def _paint_row(self, painter: QPainter, area: QRect, row: SegmentRow, *, selected: bool, hovered: bool) -> None:
        theme = self._theme
        box = area.adjusted(2, 1, -2, -1)
        if selected or hovered:
            ring = theme.colour("accent") if selected and self._view.hasFocus() else None
            shapes.box(painter, box, 6, theme.colour("selected" if selected else "hover"), ring, 2)
        side = theme.px(16)
        x, y = box.x() + 10, box.center().y() - side / 2
        if row.problem:
            icons.paint(painter, "warning-fill", x, y, side, theme.colour("warn"))
        elif row.icon:
            icons.paint(painter, row.icon, x, y, side, theme.colour("text2"))
        else:
            paint_level(painter, theme, QRectF(x, y, side, side), row.glyph)
        count = "\N{EM DASH}" if row.problem else "" if row.count is None else i18n.number(row.count)
        metrics = theme.metrics("small_strong")
        width = metrics.horizontalAdvance(count) + 2
        right = box.right() - 10
        ink = theme.colour("accent_text" if selected else "text2")
        shapes.line_of_text(
            painter,
            QRect(right - width, box.y(), width, box.height()),
            count,
            theme.font("small_strong"),
            metrics,
            ink,
            "right",
        )
        left = int(x) + side + 10
        room = right - width - 8 - left
        middle = box.center().y()
        line = theme.px(18)
        for words, role, token, top in (
            (row.name, "body_strong", "text", middle - line + 1),
            (row.problem or row.note, "small", "text2", middle + 1),
        ):
            shapes.line_of_text(
                painter, QRect(left, top, room, line), words, theme.font(role), theme.metrics(role), theme.colour(token)
            )
