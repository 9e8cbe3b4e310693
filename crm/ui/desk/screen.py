"""The desk's screen: field, banner, list, side, and which of them each state shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.desk.actions import Actions
from crm.ui.desk.arrival_list import ArrivalList, Choice
from crm.ui.desk.banner import Banner
from crm.ui.desk.door import Door
from crm.ui.desk.field import DeskField
from crm.ui.desk.guest import GuestForm
from crm.ui.desk.side import DeskSide
from crm.ui.desk.top import DeskTop
from crm.ui.desk.words import Shown
from crm.ui.theme import Theme
from crm.ui.widgets.labels import ElidedLabel, Label

State = Literal["idle", "matches", "banner", "guest"]
_BELOW_BANNER: Final = 4
_NARROW: Final = 1120


class DeskScreen(QWidget):
    """The parts of the desk and which of them are seen; what they do is the page's."""

    def __init__(self, theme: Theme, door: Door) -> None:
        super().__init__()
        self._theme = theme
        self.door = door
        # The list is followed for as long as it is seen.
        door.setParent(self)
        self.shown = Shown(door.zone)
        self.state: State = "idle"
        self.top = DeskTop(theme)
        self.field = DeskField(theme)
        self.banner = Banner(theme)
        self.next_steps = Actions(theme)
        self.other_ways = Actions(theme)
        self.list = ArrivalList(theme)
        self.side = DeskSide(theme)
        self.guest_form = GuestForm(theme, door, self.shown)
        self._count = ElidedLabel(theme, "", "heading", "text2")
        self._hint = ElidedLabel(theme, "", "sentence", "text2", align="right")
        self._idle = Label(theme, "", "sentence", "text3", wrap=True)
        self._build()

    # -- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(18, 14, 18, 0)
        heading.setSpacing(16)
        heading.addWidget(self._count, 1)
        heading.addWidget(self._hint, 2)
        self._left = QVBoxLayout()
        self._left.setContentsMargins(28, 24, 28, 20)
        self._left.setSpacing(0)
        self._left.addWidget(self.field)
        self._left.addSpacing(16)
        self._left.addWidget(self.banner, 10)
        self._left.addWidget(self.next_steps)
        self._left.addLayout(heading)
        self._left.addSpacing(6)
        self._left.addWidget(self.list)
        self._left.addWidget(self.other_ways)
        self._left.addWidget(self.guest_form, 1)
        self._left.addWidget(self._idle, 0, Qt.AlignmentFlag.AlignTop)
        self._filler = QWidget()
        self._left.addWidget(self._filler, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(self._left, 1)
        body.addWidget(self.side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.top)
        whole.addLayout(body, 1)
        self.setAutoFillBackground(True)
        self._idle.setContentsMargins(18, 8, 18, 0)
        self._idle.set_text(
            i18n.text(
                "Type two letters of a surname or scan a ticket.\n"
                "↑↓ to choose, Enter to check in, Alt 1–9 at once, Ctrl Z to undo."
            )
        )

    # -- states ---------------------------------------------------------------------------------------------------

    def _go(self, state: State) -> None:
        self.state = state
        banner = state == "banner"
        self.banner.setVisible(banner)
        self.guest_form.setVisible(state == "guest")
        self._idle.setVisible(state == "idle")
        self.field.setVisible(state != "guest")
        self._filler.setVisible(state in {"idle", "matches"})
        self.next_steps.set_actions([])
        self.other_ways.set_actions([])
        if state not in {"banner", "matches"}:
            self._show_list([], "", "")

    def _show_list(self, rows: Sequence[Choice], title: str, hint: str) -> None:
        below = self.state == "banner"
        shown = rows[: self._rows_below()] if below else rows
        self.list.set_rows(shown)
        self.list.setFixedHeight(self.list.row_height * len(shown) if below else self._list_height(len(shown)))
        self.list.setVisible(bool(rows))
        self._count.set_text(title)
        self._hint.set_text(hint)
        self._count.setVisible(bool(title))
        self._hint.set_look(colour="text2")
        self._hint.setVisible(bool(hint))

    def _rows_below(self) -> int:
        room = self.height() - self._theme.px(64 + 24 + 76 + 16 + 80 + 40 + 24) - 230
        return max(1, min(_BELOW_BANNER, room // self.list.row_height))

    def _list_height(self, rows: int) -> int:
        room = self.height() - self._theme.px(64 + 24 + 76 + 16 + 41 + 64 + 20)
        return self.list.row_height * max(1, min(rows, room // self.list.row_height)) if rows else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list shows whole rows only; a narrow window has a narrow side."""
        self.side.set_narrow(narrow=self.width() < self._theme.px(_NARROW))
        if self.state == "matches":
            self.list.setFixedHeight(self._list_height(len(self.list.rows)))

    def _show_side(self) -> None:
        counters = self.door.counters()
        self.top.show_event(self.door.index.event, self.door.index.last_scan_at)
        self.side.show_state(counters, self.door.index.last_arrivals(), self.shown)
