"""Delegates of lists: they paint, and only paint. No widgets per row, no roles asked, elided text remembered."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.id_list import Cell, GroupHead, IdListModel, Index, PersonCell, StatusCell
from crm.ui.widgets.marks import initials, level_word, paint_avatar, paint_level, paint_score, paint_tags

CELL_GAP: Final = 16
"""Room between two columns, px."""

AVATAR: Final = 26


class RowsView(QTableView):
    """What a delegate must know of its table: the rows, the padding at both sides, the row below the pointer."""

    rows: IdListModel[Any]
    side: int
    right: int
    hovered_row: int


class CellDelegate(QStyledItemDelegate):
    """Background, accent bar, hairline; a subclass paints the value."""

    def __init__(self, theme: Theme, table: RowsView) -> None:
        super().__init__(table)
        self._theme = theme
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row's ground, then the value."""
        theme = self._theme
        rect: QRect = option.rect
        place, column = index.row(), index.column()
        table = self._table
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.colour("selected"))
        elif place == table.hovered_row:
            painter.fillRect(rect, theme.colour("hover"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.colour("hair"))
        if selected and column == 0:
            painter.fillRect(rect.x(), rect.y(), 2, rect.height(), theme.colour("accent"))
        model = table.rows
        head = model.head_at(place)
        if head is not None:
            self._paint_head(painter, rect, column, head)
            return
        row = model.row_at(place)
        if row is None:
            return
        value = model.columns[column].value(row)
        if value is None or value == "":
            return
        left = table.side if column == 0 else 0
        right = table.right if column == len(model.columns) - 1 else CELL_GAP
        self.paint_value(
            painter, QRect(rect.x() + left, rect.y(), rect.width() - left - right, rect.height() - 1), value
        )

    def paint_value(self, painter: QPainter, rect: QRect, value: Any) -> None:
        """The value in `rect`."""
        raise NotImplementedError

    def _paint_head(self, painter: QPainter, rect: QRect, column: int, head: GroupHead) -> None:
        """A heading across the whole row, of which each cell paints its own part."""
        theme, table = self._theme, self._table
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, theme.colour("sunken"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.colour("hair"))
        left = table.columnViewportPosition(0) + table.side
        size = theme.px(12)
        sign = "caret-right" if head.folded else "caret-down"
        icons.paint(painter, sign, left, rect.center().y() - size / 2, size, theme.colour("text2"))
        metrics = theme.metrics("small_strong")
        words = QRect(left + size + 8, rect.y(), table.viewport().width(), rect.height() - 1)
        shapes.line_of_text(painter, words, head.title, theme.font("small_strong"), metrics, theme.colour("text"))
        words.moveLeft(words.x() + metrics.horizontalAdvance(head.title) + 8)
        count = i18n.number(head.count)
        shapes.line_of_text(painter, words, count, theme.font("small"), theme.metrics("small"), theme.colour("text2"))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Fixed: heights and widths are the table's."""
        return QSize(60, self._theme.px(36))


class TextCell(CellDelegate):
    """One line in the second ink."""

    role = "body"
    token = "text2"  # noqa: S105 - a colour
    align = "left"

    def paint_value(self, painter: QPainter, rect: QRect, value: Any) -> None:
        """The line."""
        theme = self._theme
        shapes.line_of_text(
            painter, rect, value, theme.font(self.role), theme.metrics(self.role), theme.colour(self.token), self.align
        )


class StrongCell(TextCell):
    """One line in the first ink."""

    token = "text"  # noqa: S105 - a colour


class NumberCell(TextCell):
    """A number at the right, its figures below each other."""

    role = "figure"
    align = "right"

    def paint_value(self, painter: QPainter, rect: QRect, value: Any) -> None:
        """The number."""
        super().paint_value(painter, rect, str(value))


class PersonCellDelegate(CellDelegate):
    """Avatar and name."""

    def paint_value(self, painter: QPainter, rect: QRect, value: PersonCell) -> None:
        """The circle, the name, the note."""
        theme = self._theme
        side = theme.px(AVATAR)
        circle = QRect(rect.x(), rect.y() + (rect.height() - side) // 2, side, side)
        paint_avatar(painter, theme, circle, value.seed, value.initials or initials(value.name))
        area = rect.adjusted(side + 10, 0, 0, 0)
        metrics = theme.metrics("body_strong")
        shapes.line_of_text(painter, area, value.name, theme.font("body_strong"), metrics, theme.colour("text"))
        if value.note:
            rest = area.adjusted(min(area.width(), metrics.horizontalAdvance(value.name) + 8), 0, 0, 0)
            if rest.width() > 24:
                shapes.line_of_text(
                    painter, rest, value.note, theme.font("small"), theme.metrics("small"), theme.colour("text2")
                )


class TagsCell(CellDelegate):
    """Tags, the rest as «+2»."""

    def paint_value(self, painter: QPainter, rect: QRect, value: Any) -> None:
        """The chips."""
        paint_tags(painter, self._theme, rect, value)


class LevelCell(CellDelegate):
    """Rings and the word."""

    def paint_value(self, painter: QPainter, rect: QRect, value: str) -> None:
        """The glyph, the word."""
        theme = self._theme
        side = theme.px(14)
        paint_level(painter, theme, QRectF(rect.x(), rect.y() + (rect.height() - side) // 2, side, side), value)
        shapes.line_of_text(
            painter,
            rect.adjusted(side + 7, 0, 0, 0),
            level_word(value),
            theme.font("body"),
            theme.metrics("body"),
            theme.colour("text"),
        )


class ScoreCell(CellDelegate):
    """An answer from 0 to 10."""

    def paint_value(self, painter: QPainter, rect: QRect, value: int) -> None:
        """The square."""
        theme = self._theme
        width, height = theme.px(26), theme.px(20)
        paint_score(painter, theme, QRect(rect.x(), rect.y() + (rect.height() - height) // 2, width, height), value)


class StatusCellDelegate(CellDelegate):
    """Icon and word."""

    def paint_value(self, painter: QPainter, rect: QRect, value: StatusCell) -> None:
        """The icon in its tone, the word in ink."""
        theme = self._theme
        side = theme.px(16)
        icons.paint(
            painter, value.icon, rect.x(), rect.y() + (rect.height() - side) / 2, side, theme.colour(value.tone)
        )
        token = "text" if value.tone in ("ok", "warn") else value.tone
        shapes.line_of_text(
            painter,
            rect.adjusted(side + 7, 0, 0, 0),
            value.text,
            theme.font("body"),
            theme.metrics("body"),
            theme.colour(token),
        )


DELEGATES: Final[dict[Cell, type[CellDelegate]]] = {
    "text": TextCell,
    "strong": StrongCell,
    "number": NumberCell,
    "person": PersonCellDelegate,
    "tags": TagsCell,
    "level": LevelCell,
    "score": ScoreCell,
    "status": StatusCellDelegate,
}
