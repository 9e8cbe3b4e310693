"""The list of reports, each with a small picture of its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from crm import i18n
from crm.services.reports import MONTH, ReportKind
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Pressable
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import SidePane

_WIDTH: Final = 252
_ROW: Final = 70


class KindRow(Pressable):
    """One report. The arrows go to its neighbours."""

    stepped = Signal(object, int)

    def __init__(self, theme: Theme, kind: ReportKind) -> None:
        super().__init__(theme)
        self.kind = kind
        self.chosen = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{i18n.text(kind.title)}: {i18n.text(kind.detail)}")

    def sizeHint(self) -> QSize:
        """A picture and two lines."""
        return QSize(180, self._theme.px(_ROW))

    def minimumSizeHint(self) -> QSize:
        """Narrow, as high."""
        return QSize(120, self._theme.px(_ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(self, 1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, the title, the detail."""
        painter = QPainter(self)
        theme = self._theme
        if self.chosen or self.hovered:
            shapes.box(painter, self.rect(), 8, theme.colour("selected" if self.chosen else "hover"))
        if self.ringed:
            shapes.box(painter, self.rect(), 8, None, theme.colour("accent"), 2)
        page = QRect(10, 10, theme.px(40), self.height() - 20)
        self._paint_page(painter, page)
        left = page.right() + 13
        middle = self.height() // 2
        for words, role, token, top in (
            (i18n.text(self.kind.title), "sub", "text", middle - theme.px(19)),
            (i18n.text(self.kind.detail), "small", "text2", middle + 1),
        ):
            area = QRect(left, top, self.width() - left - 8, theme.px(18))
            shapes.line_of_text(painter, area, words, theme.font(role), theme.metrics(role), theme.colour(token))

    def _paint_page(self, painter: QPainter, page: QRect) -> None:
        theme = self._theme
        shapes.box(painter, page, 3, theme.colour("raised"), theme.colour("hair2"))
        accent, pale = theme.colour("accent"), QColor(theme.colour("accent"))
        pale.setAlphaF(0.35)
        painter.fillRect(QRectF(page.x() + 6, page.y() + 6, 15, 2), theme.colour("text2"))
        left, right, bottom = page.x() + 6, page.right() - 5, page.bottom() - 6
        if self.kind.key == MONTH:
            wide = (right - left) / 5
            for place, share in enumerate((0.35, 0.55, 0.5, 0.75, 1.0)):
                high = share * (page.height() - 22)
                bar = QRectF(left + place * wide, bottom - high, wide - 1.5, high)
                painter.fillRect(bar, accent if share == 1.0 else pale)
            return
        y = page.y() + 13
        while y < bottom - 2:
            shapes.box(painter, QRectF(left, y, 4, 4), 1, None, accent, 1)
            painter.fillRect(QRectF(left + 8, y + 1, right - left - 8, 2), pale)
            y += 7


class KindList(SidePane):
    """Reports by what they are about."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, kinds: Sequence[ReportKind]) -> None:
        super().__init__(theme, _WIDTH, "left")
        self.setAccessibleName(i18n.text("Kinds of reports"))
        self.body.setContentsMargins(12, 14, 13, 12)
        self.body.setSpacing(4)
        self._rows: list[KindRow] = []
        group = ""
        for kind in kinds:
            if kind.group != group:
                if group:
                    self.body.addSpacing(12)
                group = kind.group
                head = Label(theme, i18n.text(group), "small_strong", "text2")
                head.setContentsMargins(10, 0, 0, 2)
                self.body.addWidget(head)
            row = KindRow(theme, kind)
            row.clicked.connect(lambda _=False, key=kind.key: self.choose(key))
            row.stepped.connect(self._step)
            self.body.addWidget(row)
            self._rows.append(row)
        self.body.addStretch(1)

    def choose(self, key: str) -> None:
        """Go to a report."""
        for row in self._rows:
            row.chosen = row.kind.key == key
            row.update()
        self.chosen.emit(key)

    def current(self) -> KindRow:
        """The chosen report."""
        return next((row for row in self._rows if row.chosen), self._rows[0])

    def _step(self, row: KindRow, by: int) -> None:
        place = self._rows.index(row) + by
        if 0 <= place < len(self._rows):
            self._rows[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.choose(self._rows[place].kind.key)
