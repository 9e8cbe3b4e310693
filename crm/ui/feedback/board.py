"""The idea board: a column for each status, a card for each idea, keys to walk and to move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.feedback import BOARD
from crm.services.feedback_rows import FeedbackRow
from crm.services.feedback_words import about_title, status_title
from crm.ui import icons
from crm.ui.feedback.inbox import first_lines
from crm.ui.feedback.look import ABOUT_TONES, STATUS_ICONS
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button, Pressable
from crm.ui.widgets.labels import Hairline, IconLabel, Label
from crm.ui.widgets.marks import paint_avatar
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import empty

_COLUMN: Final = 164
_GAP: Final = 12
_LINES: Final = 3
_PAD: Final = 12
Columns = dict[str, tuple[int, list[FeedbackRow]]]


class IdeaCard(Pressable):
    """An idea. `moved` asks for another status; arrows walk, Ctrl with an arrow moves."""

    moved = Signal(int, str)
    walked = Signal(object, int, int)

    def __init__(self, theme: Theme, row: FeedbackRow, today: date) -> None:
        super().__init__(theme)
        self.row = row
        self._today = today
        self.chosen = False
        self._words = row.title or row.text
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        votes = i18n.plural("{count} vote", "{count} votes", row.votes)
        parts = (self._words, about_title(row.about), votes, row.person, status_title(row.status))
        self.setAccessibleName(", ".join(filter(None, parts)))

    def set_chosen(self, chosen: bool) -> None:
        """Its panel is open."""
        self.chosen = chosen
        self.update()

    def _lines(self, width: int) -> list[str]:
        return first_lines(self._theme, " ".join(self._words.split())[:400], width, _LINES)

    def _note(self) -> tuple[str, str, str]:
        row = self.row
        if row.status == "done":
            return "megaphone", i18n.text("to be told"), "warn"
        if row.status == "told" and row.told_on is not None:
            return "check", i18n.day(row.told_on, self._today), "ok"
        return "", "", ""

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Lines of the title, the note, the foot."""
        theme = self._theme
        lines = len(self._lines(max(40, width - 2 * _PAD)))
        note = theme.px(20) if self._note()[1] else 0
        return 2 * _PAD + lines * (theme.metrics("body").height() + 1) + note + 8 + theme.px(22)

    def sizeHint(self) -> QSize:
        """As wide as a column."""
        width = self.width() if self.width() > 80 else self._theme.px(_COLUMN)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return QSize(self._theme.px(100), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the board, with Ctrl they move the idea."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and step[0]:
            place = BOARD.index(self.row.status) + step[0]
            if 0 <= place < len(BOARD):
                self.moved.emit(self.row.id, BOARD[place])
        else:
            self.walked.emit(self, *step)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The statuses."""
        menu = Menu(self._theme, self)
        for status in STATUS_ICONS:
            if status != self.row.status:
                icon = STATUS_ICONS[status][0]
                menu.add(status_title(status), partial(self.moved.emit, self.row.id, status), icon)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, note, kind, votes, author."""
        painter = QPainter(self)
        theme = self._theme
        fill = theme.colour("selected" if self.chosen else "hover" if self.hovered else "raised")
        ringed = self.ringed or self.chosen
        shapes.box(painter, self.rect(), 8, fill, theme.colour("accent" if ringed else "hair"), 2 if self.ringed else 1)
        width = self.width() - 2 * _PAD
        y = _PAD
        step = theme.metrics("body").height() + 1
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        for line in self._lines(width):
            at = QRect(_PAD, y, width, step)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
            y += step
        icon, note, token = self._note()
        if note:
            size = theme.px(13)
            high = theme.px(20)
            icons.paint(painter, icon, _PAD, y + (high - size) / 2, size, theme.colour(token))
            area = QRect(_PAD + size + 6, y, width - size - 6, high)
            shapes.line_of_text(painter, area, note, theme.font("small"), theme.metrics("small"), theme.colour("text2"))
        self._paint_foot(painter, self.height() - _PAD - theme.px(22))

    def _paint_foot(self, painter: QPainter, y: int) -> None:
        theme, row = self._theme, self.row
        high = theme.px(22)
        small = theme.metrics("small")
        words = about_title(row.about)
        wide = small.horizontalAdvance(words) + 18
        back, ink = theme.chip(ABOUT_TONES[row.about])
        right = self.width() - _PAD
        if row.person_id is not None:
            side = theme.px(18)
            mark = QRect(right - side, y + (high - side) // 2, side, side)
            paint_avatar(painter, theme, mark, row.person_id, row.initials)
            right -= side + 7
        if row.votes:
            shown = i18n.number(row.votes)
            taken = small.horizontalAdvance(shown) + 1
            area = QRect(right - taken, y, taken, high)
            shapes.line_of_text(painter, area, shown, theme.font("small"), small, theme.colour("text2"))
            size = theme.px(13)
            right -= taken + size + 5
            icons.paint(painter, "arrow-fat-up", right, y + (high - size) / 2, size, theme.colour("accent_text"))
            right -= 6
        chip = QRect(_PAD, y, min(wide, right - _PAD), high)
        shapes.box(painter, chip, high / 2, back)
        inner = chip.adjusted(6, 0, -6, 0)
        shapes.line_of_text(painter, inner, words, theme.font("small"), small, ink, "centre")


class Board(QScrollArea):
    """The columns, on their own ground; they scroll sideways where they must."""

    opened = Signal(int)
    moved = Signal(int, str)
    more_wanted = Signal()

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self._theme = theme
        self._today = today
        self._cards: dict[str, list[IdeaCard]] = {}
        self._chosen: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(16, 3, 20, 20)
        self._row.setSpacing(_GAP)
        self.setWidget(inside)
        # Only now: QScrollArea turns it on, and the ground is the viewport's.
        inside.setAutoFillBackground(False)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, self._theme.colour("sunken"))
        self.setPalette(palette)
        self.viewport().setPalette(palette)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAutoFillBackground(True)

    def set_columns(self, columns: Columns) -> None:
        """Show the ideas; the card that had the focus keeps it."""
        focused = next((card.row.id for card in self._all() if card.hasFocus()), None)
        empty(self._row)
        self._cards = {}
        for status in BOARD:
            count, rows = columns.get(status, (0, []))
            column = self._column(status, count, rows)
            self._row.addWidget(column, 1, Qt.AlignmentFlag.AlignTop)
            # At once, not at the next turn of the event loop: the focus may go to a card of it.
            column.show()
        self.set_chosen(self._chosen)
        for card in self._all():
            if card.row.id == focused:
                card.setFocus(Qt.FocusReason.TabFocusReason)

    def set_chosen(self, item_id: int | None) -> None:
        """Mark the idea whose panel is open."""
        self._chosen = item_id
        for card in self._all():
            card.set_chosen(card.row.id == item_id)

    def _all(self) -> list[IdeaCard]:
        return [card for cards in self._cards.values() for card in cards]

    def _column(self, status: str, count: int, rows: list[FeedbackRow]) -> QWidget:
        theme = self._theme
        column = QWidget()
        column.setMinimumWidth(theme.px(_COLUMN))
        lines = QVBoxLayout(column)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        head = QHBoxLayout()
        icon, token = STATUS_ICONS[status]
        head.addWidget(IconLabel(theme, icon, status_title(status), "small_strong", "text", token), 1)
        head.addWidget(Label(theme, i18n.number(count) if count else "", "small", "text2"))
        lines.addLayout(head)
        cards = []
        today = self._today()
        for row in rows:
            card = IdeaCard(theme, row, today)
            card.clicked.connect(lambda _=False, item=row.id: self.opened.emit(item))
            card.moved.connect(self.moved)
            card.walked.connect(self._walk)
            lines.addWidget(card)
            cards.append(card)
        self._cards[status] = cards
        if count > len(rows):
            more = Button(theme, i18n.text("Show {n} more", n=i18n.number(count - len(rows))), "link")
            more.clicked.connect(self.more_wanted)
            lines.addWidget(more)
        if not rows:
            lines.addWidget(Hairline(theme))
        return column

    def _walk(self, card: IdeaCard, across: int, down: int) -> None:
        column = BOARD.index(card.row.status)
        place = self._cards[card.row.status].index(card)
        if down:
            cards, place = self._cards[card.row.status], place + down
            if 0 <= place < len(cards):
                self._focus(cards[place])
            return
        column += across
        while 0 <= column < len(BOARD):
            cards = self._cards[BOARD[column]]
            if cards:
                self._focus(cards[min(place, len(cards) - 1)])
                return
            column += across

    def _focus(self, card: IdeaCard) -> None:
        card.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(card, 16, 16)
