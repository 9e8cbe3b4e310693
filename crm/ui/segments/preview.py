"""The pane at the right: how many fit now, who came and went, who is inside, what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.cards import PersonRow
from crm.services.segment_movement import MOVEMENT_DAYS
from crm.services.segment_rows import Matching, Movement
from crm.ui.segments.movement_chart import MovementChart
from crm.ui.segments.people_list import PeopleList
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import ToneChip
from crm.ui.widgets.labels import Hairline, IconLabel, Label, Notice
from crm.ui.widgets.pages import SectionHeader, Surface

SIDE: Final = 24
_BELOW_ROWS: Final = 7


class Preview(Surface):
    """What the rule as it stands means. It asks for deeds by signals: the page does them."""

    invite_requested = Signal()
    export_requested = Signal()
    list_requested = Signal()

    def __init__(
        self, theme: Theme, fetch: Callable[[Sequence[int]], Mapping[int, PersonRow]], today: Callable[[], date]
    ) -> None:
        super().__init__(theme, "surface", "l")
        self._today = today
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self._head = QVBoxLayout()
        self._head.setContentsMargins(SIDE, 20, SIDE, 0)
        self._head.setSpacing(0)
        column.addLayout(self._head)
        self._make_count(theme)
        self._make_movement(theme)
        self.section = SectionHeader(theme, i18n.text("Who is inside"), role="sub")
        self.section.link_clicked.connect(self.list_requested)
        self._head.addWidget(self.section)
        self.people = PeopleList(theme, fetch, today)
        self._empty = Label(theme, i18n.text("Nobody fits now."), "body", "text2", wrap=True)
        self._empty.setContentsMargins(SIDE, 10, SIDE, 0)
        column.addWidget(self._empty)
        column.addWidget(self.people, 1)
        self._make_foot(theme, column)
        self.set_matching(None)
        self.set_movement(None)

    def _make_count(self, theme: Theme) -> None:
        top = QHBoxLayout()
        top.addWidget(Label(theme, i18n.text("Fit now"), "small", "text2"))
        top.addStretch(1)
        self._live = ToneChip(theme, i18n.text("live"), "grey")
        self._pending = ToneChip(theme, i18n.text("unfinished"), "amber")
        self._pending.hide()
        top.addWidget(self._live)
        top.addWidget(self._pending)
        self._head.addLayout(top)
        self._head.addSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._number = Label(theme, "", "display")
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addStretch(1)
        self._people_word = Label(theme, "", "small")
        self._share = Label(theme, "", "small", "text2")
        beside.addWidget(self._people_word)
        beside.addWidget(self._share)
        beside.addStretch(1)
        row.addWidget(self._number)
        row.addLayout(beside)
        row.addStretch(1)
        self._head.addLayout(row)
        self._trouble = Notice(theme, "warning-circle-fill", "", "warn")
        self._trouble.hide()
        self._head.addSpacing(4)
        self._head.addWidget(self._trouble)
        self._head.addSpacing(14)
        self._head.addWidget(Hairline(theme))
        self._head.addSpacing(14)

    def _make_movement(self, theme: Theme) -> None:
        self._movement = QWidget()
        column = QVBoxLayout(self._movement)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(
            Label(theme, i18n.plural("In {count} day", "In {count} days", MOVEMENT_DAYS), "sub"),
        )
        column.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(18)
        self._entered = IconLabel(theme, "arrow-right", "", "body", "text", "accent_text", gap=6)
        self._left = IconLabel(theme, "arrow-left", "", "body", "text", "text2", gap=6)
        self._net = Label(theme, "", "small", "text2")
        row.addWidget(self._entered)
        row.addWidget(self._left)
        row.addStretch(1)
        row.addWidget(self._net)
        column.addLayout(row)
        self._still = Label(theme, "", "small", "text2", wrap=True)
        column.addWidget(self._still)
        column.addSpacing(8)
        self._chart = MovementChart(theme)
        column.addWidget(self._chart)
        column.addSpacing(8)
        column.addWidget(Hairline(theme))
        column.addSpacing(10)
        self._head.addWidget(self._movement)

    def _make_foot(self, theme: Theme, column: QVBoxLayout) -> None:
        foot = Surface(theme, "surface", "t")
        row = QHBoxLayout(foot)
        row.setContentsMargins(SIDE, 12, SIDE, 12)
        row.setSpacing(8)
        self.invite_button = Button(theme, i18n.text("Invite everyone"), "primary", "calendar-plus")
        self.invite_button.clicked.connect(self.invite_requested)
        self.export_button = Button(theme, i18n.text("Export"), icon="export")
        self.export_button.clicked.connect(self.export_requested)
        row.addWidget(self.invite_button)
        row.addWidget(self.export_button)
        row.addStretch(1)
        column.addWidget(foot)

    # -- what it shows ---------------------------------------------------------------------------------------------

    def set_below(self, below: bool) -> None:
        """Stand under the rules instead of beside them, with a few rows of people."""
        self._edges = "t" if below else "l"
        rows = self.people.sizeHintForRow(0) if self.people.people.rowCount() else self._theme.px(48)
        self.people.setMinimumHeight(_BELOW_ROWS * max(rows, 1) if below else 0)

    def set_matching(self, found: Matching | None) -> None:
        """How many fit and the first of them; None while nothing is known."""
        self._matching = found
        count = found.count if found is not None else None
        self._number.set_text("\N{EM DASH}" if count is None else i18n.number(count))
        self._people_word.set_text("" if count is None else i18n.plural("person", "people", count))
        share = "" if found is None or not found.community else percent_of(found.count, found.community)
        self._share.set_text(share and i18n.text("{share} of the community", share=share))
        self._share.setVisible(bool(share))
        self._number.setAccessibleName(
            i18n.text("Fit now") + ": " + ("\N{EM DASH}" if count is None else i18n.number(count))
        )
        self.section.set_count("" if count is None else i18n.number(count))
        self.section.set_link(i18n.text("Open as a list") if count else "")
        self._empty.setVisible(count == 0)
        for button in (self.invite_button, self.export_button):
            button.setEnabled(bool(count))

    def set_trouble(self, text: str) -> None:
        """The rule as it stands means nothing, `text` says why; «» takes it away.

        What was found before stays, faint and out of reach, so that the list does not jump while one edits.
        """
        known = self._matching is not None
        self._live.setVisible(not text)
        self._pending.setVisible(bool(text) and known)
        self._trouble.set_text(text)
        self._trouble.setVisible(bool(text) and not known)
        self._number.set_look(colour="text3" if text else "text")
        self.people.setEnabled(not text)
        if text:
            self.section.set_link("")
            for button in (self.invite_button, self.export_button):
                button.setEnabled(False)

    def forget(self) -> None:
        """Another segment is opened: nothing is known of it yet."""
        self.set_matching(None)
        self.people.set_people(())
        self.set_trouble("")

    def number(self) -> str:
        """The number shown."""
        return self._number.text()

    def set_movement(self, moved: Movement | None, *, recorded: bool = True) -> None:
        """Who came and went; None while there is nothing to compare, `recorded` False where nothing ever will be."""
        self._movement.setVisible(recorded)
        for part in (self._entered, self._left, self._net, self._chart):
            part.setVisible(moved is not None)
        self._still.setVisible(True)
        if moved is None:
            self._still.set_text(i18n.text("Who comes and goes is compared from day to day; there is nothing yet."))
            return
        number = i18n.number
        self._entered.set_content(
            "arrow-right", i18n.text("entered {count}", count=number(moved.entered)), "text", "accent_text"
        )
        self._left.set_content("arrow-left", i18n.text("left {count}", count=number(moved.left)), "text", "text2")
        self._net.set_text(net_words(moved.entered - moved.left))
        whole = (moved.until - moved.since).days + 1 >= MOVEMENT_DAYS
        since = i18n.day(moved.since, self._today())
        self._still.set_text("" if whole else i18n.text("counted since {day}", day=since))
        self._still.setVisible(not whole)
        self._chart.set_movement(moved)


def percent_of(part: int, whole: int) -> str:
    """«3 %», «меньше 1 %»."""
    share = 100 * part / whole
    if 0 < share < 1:
        return i18n.text("less than {share}", share=i18n.percent(1))
    return i18n.percent(round(share))


def net_words(net: int) -> str:
    """«на 5 меньше», «на 5 больше», «столько же»."""
    if net == 0:
        return i18n.text("as many as before")
    if net > 0:
        return i18n.text("{count} more", count=i18n.number(net))
    return i18n.text("{count} fewer", count=i18n.number(-net))
