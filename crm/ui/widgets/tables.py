"""The table of every list: 36 px rows, a quiet header, hairlines, the selected row is the focus (guide §6, §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.cells import AVATAR, CELL_GAP, DELEGATES, RowsView
from crm.ui.widgets.id_list import Column, IdListModel

_ROW: Final = 36
_HEADER: Final = 32


class _Header(QHeaderView):
    """Titles in the second ink, the sorted one in the first with an arrow."""

    def __init__(self, theme: Theme, table: ListTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme = theme
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """One title."""
        theme, table = self._theme, self._table
        column = table.rows.columns[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        shapes.hairline(painter, rect.x(), rect.bottom(), rect.width(), theme.colour("hair"))
        key, descending = table.sort
        sorted_here = column.key == key
        last = logicalIndex == len(table.rows.columns) - 1
        left = table.side if logicalIndex == 0 else 0
        area = rect.adjusted(left, 0, -(table.right if last else CELL_GAP), -1)
        metrics = theme.metrics("small_strong")
        number = column.cell == "number"
        token = "text" if sorted_here else "text2"
        arrow = theme.px(12) + 5 if sorted_here else 0
        if number and arrow:
            area.adjust(0, 0, -arrow, 0)
        shapes.line_of_text(
            painter,
            area,
            column.title,
            theme.font("small_strong"),
            metrics,
            theme.colour(token),
            "right" if number else "left",
        )
        if sorted_here:
            x = area.right() + 6 if number else area.x() + metrics.horizontalAdvance(column.title) + 5
            name = "arrow-down" if descending else "arrow-up"
            icons.paint(painter, name, x, rect.center().y() - theme.px(12) / 2, theme.px(12), theme.colour("text"))
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The titles, and the ground right of them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.colour("surface"))
        height = self.viewport().height()
        shapes.hairline(painter, 0, height - 1, self.viewport().width(), self._theme.colour("hair"))
        painter.end()
        super().paintEvent(event)


class ListTable(RowsView):
    """A list of rows by id. Enter or a double click opens, Space looks, a right click offers the same actions.

    Signals carry ids, never places. `side` and `right` are the padding of the first and the last column.
    """

    opened = Signal(int)
    quick_look = Signal(int)
    current_changed = Signal(object)
    selection_changed = Signal()
    sort_requested = Signal(str, bool)
    menu_requested = Signal(int, QPoint)
    head_toggled = Signal(int)
    fold_requested = Signal(bool)
    copy_requested = Signal(bool)
    """Ctrl+C, and with Shift as a list. A key of the table alone: elsewhere it copies what is marked there."""
    columns_wanted = Signal(QPoint)
    widths_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        model: IdListModel[Any],
        *,
        name: str,
        side: int = 28,
        right: int = 28,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows = model
        self.side = side
        self.right = right
        self.hovered_row = -1
        self.sort: tuple[str, bool] = ("", False)
        self._chosen: dict[str, int] = {}
        self._last: int | None = None
        self._kept: int | None = None
        self._kept_chosen: frozenset[int] = frozenset()
        self._restoring = False
        self._fitting = False
        self._dress()
        self.setAccessibleName(name)
        self.setHorizontalHeader(_Header(theme, self))
        self.setModel(model)
        self._own_delegates: dict[str, Any] = {}
        self._made_delegates: list[Any] = []
        self._delegate()
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.columns_wanted.emit(header.mapToGlobal(at)))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionClicked.connect(self._header_clicked)
        header.sectionResized.connect(self._resized)
        # Before the view's own answer to a reset, which forgets the current row.
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        theme.changed.connect(self.restyle)
        self.restyle()

    def set_delegate(self, key: str, delegate: Any) -> None:
        """Paint the column of this key in a way of one's own, wherever it stands."""
        self._own_delegates[key] = delegate
        self._delegate()

    def set_columns(self, columns: Sequence[Column[Any]]) -> None:
        """Show these columns; the current row stays so."""
        self.rows.set_columns(columns)
        self._delegate()
        self._fit()

    def _delegate(self) -> None:
        for made in self._made_delegates:
            made.deleteLater()
        self._made_delegates = []
        for place, column in enumerate(self.rows.columns):
            own = self._own_delegates.get(column.key)
            if own is None:
                own = DELEGATES[column.cell](self._theme, self)
                self._made_delegates.append(own)
            self.setItemDelegateForColumn(place, own)

    def _dress(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda index: self._emit_open(index.row()))

    def restyle(self) -> None:
        """Take sizes and colours from the theme anew."""
        self.verticalHeader().setMinimumSectionSize(self._theme.px(_ROW))
        self.verticalHeader().setDefaultSectionSize(self._theme.px(_ROW))
        self.horizontalHeader().setFixedHeight(self._theme.px(_HEADER))
        self.verticalScrollBar().setSingleStep(self._theme.px(_ROW))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, self._theme.colour("surface"))
        self.setPalette(palette)
        self._fit()
        self.viewport().update()

    # -- rows --------------------------------------------------------------------------------------------------

    def current_id(self) -> int | None:
        """The id of the current row."""
        index = self.currentIndex()
        one = self.rows.id_at(index.row()) if index.isValid() else None
        return None if one is None or one < 0 else one

    def selected_ids(self) -> list[int]:
        """The ids of the selected rows, in the order of the list."""
        chosen = self.selectionModel().selection()
        parts = [chosen.at(number) for number in range(chosen.count())]
        places = sorted({place for part in parts for place in range(part.top(), part.bottom() + 1)})
        return [one for place in places if (one := self.rows.id_at(place)) is not None and one > 0]

    def select_id(self, one: int | None) -> bool:
        """Make the row with this id current and bring it into sight; None or an id not here selects nothing."""
        place = self.rows.place_of(one) if one is not None else None
        if place is None:
            self.selectionModel().clear()
            self._say_current()
            return False
        self._make_current(place)
        self.scrollTo(self.rows.index(place, 0))
        return True

    def _make_current(self, place: int) -> None:
        # The view's own way asks which keys are held: with Ctrl it would take the row out of the selection.
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self.rows.index(place, 0), flags.ClearAndSelect | flags.Rows)

    def step(self, by: int) -> None:
        """Move the current row, as the arrows of a search field above the list do."""
        number = self.rows.rowCount()
        if number:
            now = self.currentIndex().row()
            place = 0 if now < 0 else max(0, min(number - 1, now + by))
            way = 1 if by > 0 or now < 0 or place == 0 else -1
            while 0 <= place < number and self.rows.head_at(place) is not None:
                place += way
            if 0 <= place < number:
                self._make_current(place)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say so, by id."""
        super().currentChanged(current, previous)
        if not self._restoring:
            self._say_current()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Say so."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()
        self.selection_changed.emit()

    def _say_current(self) -> None:
        one = self.current_id()
        if one != self._last:
            self._last = one
            self.current_changed.emit(one)

    def _remember(self) -> None:
        self._kept = self.current_id()
        chosen = self.selected_ids()
        self._kept_chosen = frozenset(chosen) if len(chosen) > 1 else frozenset()
        self._restoring = True

    def _restore(self) -> None:
        place = self.rows.place_of(self._kept) if self._kept is not None else None
        if place is not None:
            scrolling = self.hasAutoScroll()
            self.setAutoScroll(False)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.rows.index(place, 0), flags.ClearAndSelect | flags.Rows)
            self.setAutoScroll(scrolling)
        if self._kept_chosen:
            self._choose_again()
        self._restoring = False
        self._say_current()

    def _choose_again(self) -> None:
        """Several rows that were selected are so still, wherever they stand now."""
        last = len(self.rows.columns) - 1
        selection = QItemSelection()
        start = -1
        ids = self.rows.ids
        for place in range(len(ids) + 1):
            inside = place < len(ids) and ids[place] in self._kept_chosen
            if inside and start < 0:
                start = place
            elif not inside and start >= 0:
                selection.select(self.rows.index(start, 0), self.rows.index(place - 1, last))
                start = -1
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    def _emit_open(self, place: int) -> None:
        one = self.rows.id_at(place)
        if one is not None and one > 0:
            self.opened.emit(one)

    # -- keys and pointer --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space looks; Home and End go to the ends; the rest is Qt's."""
        place = self.currentIndex().row()
        key = event.key()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._emit_open(place)
        elif key == Qt.Key.Key_Space and plain:
            one = self.rows.id_at(place)
            if one is not None:
                self.quick_look.emit(one)
        elif key == Qt.Key.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.copy_requested.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and plain and self.rows.has_heads:
            self.fold_requested.emit(key == Qt.Key.Key_Left)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and plain:
            self.step(-self.rows.rowCount() if key == Qt.Key.Key_Home else self.rows.rowCount())
        elif key == Qt.Key.Key_Escape or (event.text().isprintable() and event.text() and plain):
            # Letters belong to the page: Qt's search by first letter would fetch every row.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a heading folds or unfolds what is under it."""
        place = self.rowAt(event.position().toPoint().y())
        one = self.rows.id_at(place) if place >= 0 else None
        if one is not None and one < 0:
            self.head_toggled.emit(one)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer left, or the rows moved below it."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        elif event.type() == QEvent.Type.ToolTip:
            return self._tip(event)
        return super().viewportEvent(event)

    def _tip(self, event: QEvent) -> bool:
        from PySide6.QtGui import QHelpEvent
        from PySide6.QtWidgets import QToolTip

        from crm.ui.widgets.labels import plain_tooltip

        assert isinstance(event, QHelpEvent)  # noqa: S101 - Qt's own promise, for the type checker
        index = self.indexAt(event.pos())
        text = ""
        if index.isValid():
            row = self.rows.row_at(index.row())
            column = self.rows.columns[index.column()]
            if row is not None:
                text = (
                    column.tooltip(row)
                    if column.tooltip is not None
                    else self._cut(index, column.words(row), column.cell)
                )
        QToolTip.showText(event.globalPos(), plain_tooltip(text), self.viewport())
        return True

    def _cut(self, index: QModelIndex, words: str, cell: str) -> str:
        """`words` when the column is too narrow for them."""
        first, last = index.column() == 0, index.column() == len(self.rows.columns) - 1
        room = self.columnWidth(index.column()) - (self.side if first else 0) - (self.right if last else CELL_GAP)
        if cell == "person":
            room -= self._theme.px(AVATAR) + 10
        wide = self._theme.metrics("body_strong").horizontalAdvance(words)
        return words if cell == "tags" or wide > room else ""

    def _hover(self, place: int) -> None:
        if place == self.hovered_row:
            return
        before, self.hovered_row = self.hovered_row, place
        for one in (before, place):
            if one >= 0:
                y = self.rowViewportPosition(one)
                self.viewport().update(0, y, self.viewport().width(), self.rowHeight(one))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The actions of the row below the pointer, or of the current one."""
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        one = self.rows.id_at(index.row()) if index.isValid() else None
        if one is not None and one > 0:
            at = self.visualRect(index).bottomLeft() if keyboard else event.pos()
            self.menu_requested.emit(one, self.viewport().mapToGlobal(at))

    # -- columns -----------------------------------------------------------------------------------------------

    def set_sort(self, key: str, descending: bool) -> None:
        """Show the arrow there; the order of the ids is the page's."""
        self.sort = (key, descending)
        self.horizontalHeader().viewport().update()

    def _header_clicked(self, place: int) -> None:
        column = self.rows.columns[place]
        if column.sortable:
            key, descending = self.sort
            self.sort_requested.emit(column.key, not descending if key == column.key else False)

    def widths(self) -> dict[str, int]:
        """Column widths that the person chose, by key, px."""
        return dict(self._chosen)

    def set_widths(self, widths: Mapping[str, int]) -> None:
        """Widths chosen another day."""
        known = {column.key for column in self.rows.columns}
        self._chosen = {key: width for key, width in widths.items() if key in known}
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns their room."""
        super().resizeEvent(event)
        self._fit()

    def _resized(self, place: int, old: int, new: int) -> None:
        if not self._fitting:
            self._chosen[self.rows.columns[place].key] = new
            self._fit(kept=place)
            self.widths_changed.emit()

    def _fit(self, kept: int = -1) -> None:
        if self.model() is None or self._fitting:
            return
        widths = _fitted(self._wishes(), self.viewport().width(), kept)
        self._fitting = True
        header = self.horizontalHeader()
        for place, width in enumerate(widths):
            header.resizeSection(place, width)
        self._fitting = False

    def _wishes(self) -> list[tuple[int, int, int]]:
        """Per column: wished width, least width, share of what is left."""
        wishes = []
        last = len(self.rows.columns) - 1
        for place, column in enumerate(self.rows.columns):
            extra = (self.side if place == 0 else 0) + (self.right if place == last else CELL_GAP)
            wished = self._chosen.get(column.key, self._theme.px(column.width) + extra)
            wishes.append((wished, self._theme.px(column.minimum) + extra, column.stretch))
        return wishes


def _fitted(wishes: Sequence[tuple[int, int, int]], room: int, kept: int) -> list[int]:
    """Widths that fill `room`: what is left goes to the columns that stretch, what lacks is taken from all above
    their least width, from those that stretch first; the column `kept` (being dragged) stays as it is."""
    widths = [wished for wished, _, _ in wishes]
    left = room - sum(widths)
    if left > 0:
        shares = [0 if place == kept else share for place, (_, _, share) in enumerate(wishes)]
        total = sum(shares)
        for place, share in enumerate(shares):
            if share:
                part = left * share // total
                widths[place] += part
                left, total = left - part, total - share
        return widths
    for stretching in (True, False):
        slack = {
            place: widths[place] - least
            for place, (_, least, share) in enumerate(wishes)
            if place != kept and bool(share) == stretching and widths[place] > least
        }
        total = sum(slack.values())
        lacking = min(-left, total)
        left += lacking
        for place, room_here in slack.items():
            part = -(-lacking * room_here // total)
            widths[place] -= part
            lacking, total = lacking - part, total - room_here
    return widths
