"""Beside the list of copies: what can be done with the chosen one, the second place, how long copies stay, the test."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase_plural
from crm.services import community
from crm.ui.copies import words
from crm.ui.copies.rows import CopyRow, Overview
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.fields import Field, Select
from crm.ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label, Notice
from crm.ui.widgets.pages import ScrollColumn, SectionHeader, SidePane

MONTHS: Final = (3, 6, 9, 12, 24, 36)


class CopiesSide(SidePane):
    """It asks for everything by signals; only the months are a setting of the community and its own deed."""

    check_requested = Signal()
    restore_requested = Signal()
    save_requested = Signal()
    place_chosen = Signal(object)
    mirror_requested = Signal()
    test_requested = Signal()

    def __init__(self, theme: Theme, operations: Operations, width: int) -> None:
        super().__init__(theme, width)
        self._operations = operations
        column = ScrollColumn(theme, side=20, top=20)
        self.body.addWidget(column, 1)
        self._column: QVBoxLayout = column.body
        self._column.setSpacing(8)
        # What belongs to a copy is one widget, which is not there without a copy.
        self._whole, rest = QWidget(), self._column
        self._column = QVBoxLayout(self._whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._of_copy()
        self._line()
        self._column = rest
        self._column.addWidget(self._whole)
        self._of_place()
        self._line()
        self._of_months()
        self._line()
        self._of_test()
        self._column.addStretch(1)

    def _line(self) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(Hairline(self._theme))
        self._column.addSpacing(8)

    # -- the chosen copy ------------------------------------------------------------------------------------------

    def _of_copy(self) -> None:
        theme = self._theme
        self._title = SectionHeader(theme, "")
        self._column.addWidget(self._title)
        self._facts = Label(theme, "", colour="text2", wrap=True)
        self._column.addWidget(self._facts)
        self._verdict = IconLabel(theme, "shield-check", "", "body", "text")
        self._column.addWidget(self._verdict)
        self._column.addSpacing(4)
        self._back = Button(theme, i18n.text("Bring back this copy"), icon="arrow-counter-clockwise")
        self._back.clicked.connect(self.restore_requested)
        self._check = Button(theme, i18n.text("Check"), icon="shield-check")
        self._check.clicked.connect(self.check_requested)
        self._save = Button(theme, i18n.text("Save in…"), icon="floppy-disk")
        self._save.clicked.connect(self.save_requested)
        self._left(self._back)
        self._left(self._check, self._save)

    def show_copy(self, row: CopyRow | None) -> None:
        """The copy in question; None for none."""
        self._whole.setVisible(row is not None)
        if row is None:
            return
        self._back.setEnabled(row.verdict != "damaged")
        today = self._operations.today()
        self._title.set_title(words.moment(row.made_at, today))
        self._facts.set_text(words.facts(row))
        state = words.state(row, today)
        self._verdict.set_content(state.icon, state.text, "text", state.tone)

    # -- elsewhere, how long, the test ------------------------------------------------------------------------------

    def _of_place(self) -> None:
        theme = self._theme
        self._column.addWidget(SectionHeader(theme, i18n.text("Second place")))
        self._place_text = Label(theme, "", colour="text2", wrap=True)
        self._column.addWidget(self._place_text)
        self._place_folder = ElidedLabel(theme, "", "body_strong")
        self._column.addWidget(self._place_folder)
        self._place_state = Notice(theme, "check", "", "text2", "body")
        self._column.addWidget(self._place_state)
        self._choose = Button(theme, i18n.text("Choose a folder"), icon="hard-drives")
        self._choose.clicked.connect(self._ask_place)
        self._now = Button(theme, i18n.text("Copy now"))
        self._now.clicked.connect(self.mirror_requested)
        self._forget = Button(theme, i18n.text("Forget"), "quiet")
        self._forget.clicked.connect(lambda: self.place_chosen.emit(None))
        self._left(self._choose, self._now, self._forget)

    def _ask_place(self) -> None:
        name = QFileDialog.getExistingDirectory(self, i18n.text("Second place"))
        if name:
            self.place_chosen.emit(Path(name))

    def _of_months(self) -> None:
        theme = self._theme
        self._column.addWidget(SectionHeader(theme, i18n.text("How long copies stay")))
        self._column.addWidget(
            Label(
                theme,
                i18n.text("All of two days, then one a day for 12 days, one a week for 10 weeks, then one a month."),
                colour="text2",
                wrap=True,
            )
        )
        name = i18n.text("Monthly copies are kept for")
        self.months = Select(theme, [(count, _months(count)) for count in MONTHS], name)
        self.months.chosen.connect(self._keep_for)
        self._column.addWidget(Field(theme, name, self.months))

    def _keep_for(self, months: int) -> None:
        label = phrase_plural("Copies are kept for {count} month", "Copies are kept for {count} months", months)
        self._operations.perform(label, lambda session: community.keep_copies(session, months))

    def _of_test(self) -> None:
        theme = self._theme
        self._column.addWidget(SectionHeader(theme, i18n.text("Weekly test")))
        self._column.addWidget(
            Label(
                theme,
                i18n.text("Once a week the newest copy is really brought back, into a file of its own, and compared."),
                colour="text2",
                wrap=True,
            )
        )
        self._test_state = Notice(theme, "check", "", "text2", "body")
        self._column.addWidget(self._test_state)
        button = Button(theme, i18n.text("Test now"))
        button.clicked.connect(self.test_requested)
        self._left(button)

    def show_overview(self, overview: Overview) -> None:
        """The second place and the last test as they are now."""
        today, place = self._operations.today(), overview.place
        self.months.set_value(self._operations.read(community.months_of_copies))
        self._place_text.set_text(
            i18n.text("A stick or another disk saves the copies when the computer is lost. Nothing waits for it.")
        )
        self._place_text.setVisible(place is None)
        for widget in (self._place_folder, self._place_state, self._now, self._forget):
            widget.setVisible(place is not None)
        self._choose.setVisible(place is None)
        if place is not None:
            self._place_folder.set_text(str(place.folder))
            icon, tone, told = words.place(place, today)
            self._place_state.set_content(icon, told, tone)
            self._now.setEnabled(place.there)
        icon, tone, told = words.tested(overview.tested, today)
        self._test_state.set_content(icon, told, tone)

    def _left(self, *widgets: QWidget) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        self._column.addLayout(row)


def _months(count: int) -> str:
    return i18n.plural("{count} month", "{count} months", count)
