"""One deed, whole: what it changed, row by row, before and after, and its undo."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import history_words
from crm.services.history import DeedRow
from crm.services.history_details import DeedDetails, RowChange
from crm.ui.history import words
from crm.ui.people.facts import LinkLine
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.labels import Hairline, IconLabel, Label, Notice
from crm.ui.widgets.pages import ScrollColumn, SidePane, Surface

WIDTH: Final = 374
_SIDE: Final = 24
_INDENT: Final = 26
_BAR: Final = 12
_SHOWN: Final = 60
"""Rows listed; a person who wants more of a large import opens the people themselves."""


class DeedPanel(SidePane):
    """The pane beside the list of deeds."""

    closed = Signal()
    undo_requested = Signal(int)
    person_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, WIDTH)
        self._theme = theme
        self.details: DeedDetails | None = None
        self._top = Surface(theme, "surface", "b")
        head = QVBoxLayout(self._top)
        head.setContentsMargins(_SIDE, 18, 16, 15)
        head.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(8)
        self._title = Label(theme, "", "heading", wrap=True)
        line.addWidget(self._title, 1)
        close = IconButton(theme, "x", i18n.text("Close"))
        close.clicked.connect(self.closed)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(line)
        self._about = Label(theme, "", "body", "text2", wrap=True)
        head.addWidget(self._about)
        self.body.addWidget(self._top)
        self._scroll = ScrollColumn(theme, side=_SIDE, top=16)
        self._scroll.body.setSpacing(14)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(Hairline(theme))
        foot = QVBoxLayout()
        foot.setContentsMargins(_SIDE, 12, _SIDE, 14)
        foot.setSpacing(10)
        self._reason = Notice(theme, "lock-key", "", "text2", "body")
        foot.addWidget(self._reason)
        row = QHBoxLayout()
        self.undo_button = Button(theme, i18n.text("Undo this"), "primary", "arrow-counter-clockwise")
        self.undo_button.clicked.connect(self._undo)
        row.addWidget(self.undo_button)
        row.addStretch(1)
        foot.addLayout(row)
        self.body.addLayout(foot)
        self.setAccessibleName(i18n.text("What the deed changed"))

    def show_details(self, details: DeedDetails, today: date) -> None:
        """Show a deed with its rows; the same deed again keeps the place in the scroll."""
        same = self.details is not None and self.details.row.deed == details.row.deed
        place = self._scroll.verticalScrollBar().value() if same else 0
        self.details = details
        row = details.row
        self._title.set_text(words.title(row))
        said = (words.when(row, today), history_words.sort_title(row.sort), words.amount(row))
        self._about.set_text(" · ".join(said))
        self.setUpdatesEnabled(False)
        self._scroll.clear()
        self._rows(details)
        self._scroll.body.addStretch(1)
        self.setUpdatesEnabled(True)
        self._scroll.verticalScrollBar().setValue(place)
        self._foot(row)

    def _foot(self, row: DeedRow) -> None:
        self.undo_button.setVisible(row.undoable)
        why = row.why_not
        self._reason.set_text(why[:1].upper() + why[1:])
        self._reason.setVisible(bool(why))

    def _rows(self, details: DeedDetails) -> None:
        theme = self._theme
        if not details.rows:
            told = i18n.text("The details of this deed are no longer in the journal. What it did to the data stands.")
            self._scroll.body.addWidget(Label(theme, told, "body", "text2", wrap=True))
            return
        last: int | None = None
        for row in details.rows[:_SHOWN]:
            # Rows of one person follow each other: the name once is enough.
            self._scroll.body.addWidget(self._row(row, named=row.person_id == last))
            last = row.person_id
        more = len(details.rows) - len(details.rows[:_SHOWN]) + details.more
        if more:
            self._scroll.body.addWidget(
                Label(theme, i18n.plural("and {count} more", "and {count} more", more), "body", "text2")
            )

    def _row(self, row: RowChange, *, named: bool) -> QWidget:
        theme = self._theme
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        what = history_words.table_title(row.table)
        said = row.title or row.person
        icon = words.ACT_ICONS[row.act]
        tone = {"added": "ok", "changed": "text2", "removed": "bad"}[row.act]
        head = IconLabel(theme, icon, f"{what}: {said}" if said else what, "body_strong", "text", tone, gap=10)
        head.setAccessibleName(f"{_act_word(row)}, {what}: {said}")
        column.addWidget(head)
        inside = QVBoxLayout()
        inside.setContentsMargins(_INDENT, 0, 0, 0)
        inside.setSpacing(2)
        if row.person_id is not None and row.person and not named:
            shown = i18n.text("Open the profile") if row.table == "person" else row.person
            inside.addWidget(self._person(row.person_id, shown))
        for change in row.fields:
            line = Label(theme, words.field_line(change, row.act), "body", "text2", wrap=True, selectable=True)
            # Where the column almost fits, a wrapped line would be pressed below its height.
            line.setMinimumHeight(line.heightForWidth(theme.px(WIDTH - 2 * _SIDE - _INDENT) - _BAR))
            inside.addWidget(line)
        column.addLayout(inside)
        return block

    def _person(self, person_id: int, said: str) -> LinkLine:
        line = LinkLine(self._theme, "user", said)
        line.pressed.connect(partial(self.person_chosen.emit, person_id))
        return line

    def _undo(self) -> None:
        if self.details is not None:
            self.undo_requested.emit(self.details.row.deed)


def _act_word(row: RowChange) -> str:
    return {
        "added": i18n.in_context("row of the journal", "Added"),
        "changed": i18n.in_context("row of the journal", "Changed"),
        "removed": i18n.in_context("row of the journal", "Removed"),
    }[row.act]
