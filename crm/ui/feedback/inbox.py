"""The inbox: what people said, newest first, painted in rows of one height over an array of ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crm import clock as clocks
from crm import i18n
from crm.services.feedback_rows import FeedbackRow
from crm.services.feedback_words import kind_title
from crm.ui import icons
from crm.ui.feedback.look import KIND_ICONS
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.id_list import Column, IdListModel
from crm.ui.widgets.marks import paint_score

LINES: Final = 2
_PAD: Final = 16
_MARK: Final = 28
Fetch = Callable[[Sequence[int]], Mapping[int, FeedbackRow]]


class InboxModel(IdListModel[FeedbackRow]):
    """Items by id; a row in words for screen readers."""

    def __init__(self, fetch: Fetch) -> None:
        super().__init__([Column("item", i18n.text("Feedback"), value=_sentence, text=_sentence)], fetch, window=100)


class InboxList(QListView):
    """The list. `chosen` follows the current row, by mouse or keys; None when there is none."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, fetch: Fetch, today: Callable[[], date]) -> None:
        super().__init__()
        self._theme = theme
        self.rows = InboxModel(fetch)
        self.setModel(self.rows)
        self.setItemDelegate(_RowDelegate(theme, self, today))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAccessibleName(i18n.text("Inbox"))
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, self._theme.colour("surface"))
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these items; the current one stays current where it is still there."""
        current = self.current_id()
        self.rows.invalidate()
        self.rows.set_ids(ids)
        if current is not None:
            self.select_id(current)

    def current_id(self) -> int | None:
        """The item under the cursor."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    def select_id(self, item_id: int | None) -> bool:
        """Go to an item; False where it is not in the list."""
        place = None if item_id is None else self.rows.place_of(item_id)
        if place is None:
            self.setCurrentIndex(QModelIndex())
            return False
        self.setCurrentIndex(self.rows.index(place, 0))
        return True

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which item it is."""
        super().currentChanged(current, previous)
        self.chosen.emit(self.rows.id_at(current.row()) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for the item again: its panel may have been closed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.current_id())
            return
        super().keyPressEvent(event)


class _RowDelegate(QStyledItemDelegate):
    """Score or sign, who and when, two lines of what they said, kind and topics."""

    def __init__(self, theme: Theme, view: InboxList, today: Callable[[], date]) -> None:
        super().__init__(view)
        self._theme, self._view, self._today = theme, view, today

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = self._theme
        body = theme.metrics("body")
        height = 12 + body.height() + 2 + LINES * (body.height() + 1) + 6 + theme.px(20) + 13
        return QSize(100, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._view.rows.row_at(index.row())
        rect = self._rect(option)
        theme = self._theme
        painter.save()
        state: Any = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.colour("selected"))
            painter.fillRect(QRect(rect.x(), rect.y(), 2, rect.height()), theme.colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        shapes.hairline(painter, rect.x(), rect.bottom(), rect.width(), theme.colour("hair"))
        if row is not None:
            self._paint_row(painter, rect, row)
        painter.restore()

    def _rect(self, option: QStyleOptionViewItem) -> QRect:
        rect: QRect = option.rect
        return rect

    def _paint_row(self, painter: QPainter, rect: QRect, row: FeedbackRow) -> None:
        theme = self._theme
        side = theme.px(_MARK)
        mark = QRect(rect.x() + _PAD, rect.y() + 13, side, side)
        if row.score is not None:
            paint_score(painter, theme, mark, row.score)
        else:
            back, ink = theme.chip("grey")
            shapes.box(painter, mark, 5, back)
            size = theme.px(16)
            inset = (side - size) / 2
            icons.paint(painter, KIND_ICONS[row.kind], mark.x() + inset, mark.y() + inset, size, ink)
        left = mark.right() + 13
        width = rect.right() - _PAD - left
        y = rect.y() + 12
        high = theme.metrics("body").height()
        self._paint_head(painter, QRect(left, y, width, high), row)
        y += high + 2
        token = "text" if row.waiting else "text2"
        self._paint_text(painter, QRect(left, y, width, LINES * (high + 1)), " ".join(row.text.split()), token)
        y += LINES * (high + 1) + 6
        self._paint_chips(painter, QRect(left, y, width, theme.px(20)), row)

    def _paint_head(self, painter: QPainter, area: QRect, row: FeedbackRow) -> None:
        theme = self._theme
        dot = theme.px(7) if row.waiting else 0
        if dot:
            spot = QRectF(area.right() - dot + 1, area.center().y() - dot / 2 + 1, dot, dot)
            shapes.box(painter, spot, dot / 2, theme.colour("accent"))
        day = i18n.day(clocks.local(row.at).date(), self._today())
        small = theme.metrics("small")
        taken = small.horizontalAdvance(day) + 2
        right = area.right() + 1 - (dot + 7 if dot else 0)
        shapes.line_of_text(
            painter,
            QRect(right - taken, area.y(), taken, area.height()),
            day,
            theme.font("small"),
            small,
            theme.colour("text2"),
            "right",
        )
        shapes.line_of_text(
            painter,
            QRect(area.x(), area.y(), right - taken - 8 - area.x(), area.height()),
            row.person or i18n.text("Anonymous"),
            theme.font("sub"),
            theme.metrics("sub"),
            theme.colour("text" if row.waiting else "text2"),
        )

    def _paint_text(self, painter: QPainter, area: QRect, words: str, token: str) -> None:
        theme = self._theme
        metrics = theme.metrics("body")
        painter.setPen(theme.colour(token))
        painter.setFont(theme.font("body"))
        step = metrics.height() + 1
        for place, line in enumerate(first_lines(theme, words[:600], area.width(), LINES)):
            at = QRect(area.x(), area.y() + place * step, area.width(), step)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_chips(self, painter: QPainter, area: QRect, row: FeedbackRow) -> None:
        theme = self._theme
        metrics = theme.metrics("caption")
        x = area.x()
        for words in (kind_title(row.kind), *row.topics):
            width = metrics.horizontalAdvance(words) + 17
            if x + width > area.right():
                break
            back, ink = theme.chip("grey")
            chip = QRect(x, area.y(), width, area.height())
            shapes.box(painter, chip, area.height() / 2, back)
            shapes.line_of_text(painter, chip, words, theme.font("caption"), metrics, ink, "centre")
            x += width + 5


_broken: dict[tuple[str, int, str], list[str]] = {}


def first_lines(theme: Theme, words: str, width: int, most: int) -> list[str]:
    """`words` in at most `most` lines of the body font, the last one cut with «…» where it must be."""
    font = theme.font("body")
    key = (words, width, font.key())
    found = _broken.get(key)
    if found is None:
        if len(_broken) > 2000:
            _broken.clear()
        found = _broken[key] = _break(theme, words, width, most)
    return found


def _break(theme: Theme, words: str, width: int, most: int) -> list[str]:
    layout = QTextLayout(words, theme.font("body"))
    layout.setTextOption(_WRAP)
    layout.beginLayout()
    lines: list[str] = []
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        if len(lines) == most - 1:
            lines.append(shapes.elided(words[start:], width, theme.font("body"), theme.metrics("body")))
            break
        lines.append(words[start : start + length].rstrip())
    layout.endLayout()
    return lines


_WRAP: Final = QTextOption()
_WRAP.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def _sentence(row: FeedbackRow) -> str:
    score = "" if row.score is None else i18n.text("{score} of 10", score=row.score)
    who = row.person or i18n.text("Anonymous")
    waits = i18n.text("waits for an answer") if row.waiting else ""
    return ", ".join(filter(None, (who, score, kind_title(row.kind), row.text, waits)))
