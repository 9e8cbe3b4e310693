"""The page of copies: what there is, how it was checked, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase
from crm.ui.copies import words
from crm.ui.copies.rows import CopyKeeper, CopyRow, Overview
from crm.ui.copies.side import CopiesSide
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.empty_states import EmptyState
from crm.ui.widgets.id_list import Column, IdListModel, StatusCell
from crm.ui.widgets.labels import Notice
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import SIDE, HintBar, PageHeader, Surface
from crm.ui.widgets.shortcuts import shortcut
from crm.ui.widgets.tables import ListTable

_SIDE: Final = 320


class CopiesPage(QWidget):
    """A list of copies and, beside it, what can be done with the chosen one. All that is slow is a job."""

    navigate = Signal(str, object)

    def __init__(
        self, operations: Operations, jobs: Jobs, theme: Theme, keeper: CopyKeeper, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme, self._keeper = operations, jobs, theme, keeper
        self._rows: dict[int, CopyRow] = {}
        self._ids: dict[str, int] = {}
        self._reading = False
        self._again = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._header = PageHeader(theme, i18n.text("Copies"))
        self._make = Button(theme, i18n.text("Make a copy"), "primary", "plus")
        self._make.clicked.connect(self.make)
        self._header.add_action(self._make)
        column.addWidget(self._header)
        self._notice = Notice(theme, "warning", "", "warn", "body")
        self._strip = Surface(theme, "surface", "b")
        strip = QHBoxLayout(self._strip)
        strip.setContentsMargins(SIDE, 10, SIDE, 11)
        strip.addWidget(self._notice)
        self._strip.hide()
        column.addWidget(self._strip)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._list(), 1)
        self.side = CopiesSide(theme, operations, _SIDE)
        row.addWidget(self.side)
        column.addLayout(row, 1)
        self._wire()

    def _list(self) -> QWidget:
        theme, today = self._theme, self._operations.today
        self._model: IdListModel[CopyRow] = IdListModel(
            (
                Column("made", i18n.text("Made"), "strong", 150, lambda row: words.moment(row.made_at, today())),
                Column("reason", i18n.text("Why"), "text", 180, lambda row: words.reason(row.reason), stretch=1),
                Column("state", i18n.text("Last check"), "status", 190, self._state, minimum=150),
                Column("people", i18n.text("People"), "number", 80, lambda row: words.people(row.people)),
                Column("size", i18n.text("Size"), "number", 90, lambda row: words.size(row.size)),
            ),
            lambda ids: {one: self._rows[one] for one in ids if one in self._rows},
        )
        self.table = ListTable(theme, self._model, name=i18n.text("Copies"))
        inside = QWidget()
        self._stack = QStackedLayout(inside)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        self._hint = HintBar(theme, "", i18n.text("Enter check   Ctrl+N copy"))
        column.addWidget(self._hint)
        self._stack.addWidget(whole)
        empty = EmptyState(
            theme,
            i18n.text("No copies yet"),
            i18n.text("The first one is made by itself within half an hour of the first change, or now."),
            picture=False,
        )
        empty.add_way(
            "shield-check", i18n.text("Make a copy"), i18n.text("Checked, beside the data"), "Ctrl N", self.make
        )
        self._stack.addWidget(empty)
        return inside

    def _state(self, row: CopyRow) -> StatusCell:
        return words.state(row, self._operations.today())

    def _wire(self) -> None:
        self.table.current_changed.connect(lambda _: self._show_chosen())
        self.table.opened.connect(lambda _: self.check())
        self.table.menu_requested.connect(self._offer)
        self.side.check_requested.connect(self.check)
        self.side.restore_requested.connect(self.restore)
        self.side.save_requested.connect(self.save)
        self.side.place_chosen.connect(self._set_place)
        self.side.mirror_requested.connect(self.mirror)
        self.side.test_requested.connect(self.test)
        self._keeper.changed.connect(self.refresh)
        shortcut(self, "Ctrl+N", self.make)

    # -- reading --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list anew when the page is looked at."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Read the list in the background; what comes meanwhile is read after it."""
        if not self.isVisible():
            return
        if self._reading:
            self._again = True
            return
        self._reading = True

        def failed(error: BaseException) -> None:
            self._reading = False
            self._failed(error)

        work = self._keeper.overview
        self._jobs.start(phrase("Reading the copies"), lambda _: work(), self._show, failed, quiet=True)

    def _show(self, overview: Overview) -> None:
        self._reading = False
        for row in overview.rows:
            self._rows[self._ids.setdefault(row.key, len(self._ids) + 1)] = row
        self._model.invalidate()
        self._model.set_ids([self._ids[row.key] for row in overview.rows])
        if overview.rows and self.table.current_id() is None:
            self.table.select_id(self._ids[overview.rows[0].key])
        self._stack.setCurrentIndex(0 if overview.rows else 1)
        self._header.set_note(words.listed(overview) if overview.rows else "")
        self._hint.set_left(i18n.text("Copies lie beside the data, readable by you only"))
        warning = words.warning(overview, self._operations.today())
        self._notice.set_text(warning)
        self._strip.setVisible(bool(warning))
        self.side.show_overview(overview)
        self._show_chosen()
        if self._again:
            self._again = False
            self.refresh()

    def _show_chosen(self) -> None:
        self.side.show_copy(self.chosen())

    def chosen(self) -> CopyRow | None:
        """The copy in question."""
        one = self.table.current_id()
        return None if one is None else self._rows.get(one)

    # -- deeds ----------------------------------------------------------------------------------------------------

    def make(self) -> None:
        """Make a copy now."""
        self._start(
            phrase("Making a copy"), self._keeper.make, lambda _: self._say(phrase("The copy is made and checked"))
        )

    def check(self) -> None:
        """Read all of the chosen copy."""
        row = self.chosen()
        if row is None:
            return

        def checked(found: CopyRow) -> None:
            if found.verdict == "damaged":
                self._say(phrase("The copy is damaged; make a new one"), "warning-circle-fill")
            elif found.verdict == "sound":
                self._say(phrase("The copy is sound"))
            else:
                self._say(phrase("The copy has another passphrase and was not checked"), "warning-circle-fill")

        self._start(phrase("Checking the copy"), lambda report: self._keeper.check(row.key, report), checked)

    def save(self) -> None:
        """Bring the chosen copy elsewhere."""
        row = self.chosen()
        if row is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, i18n.text("Save the copy"), row.key, f"{i18n.text('Communities')} (*.krug)"
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, target: Path) -> None:
        """Bring the chosen copy to this file or folder."""
        row = self.chosen()
        if row is not None:
            self._start(
                phrase("Saving the copy"),
                lambda report: self._keeper.save(row.key, target, report),
                lambda where: self._say(phrase("The copy is saved as {file}", file=where.name)),
            )

    def restore(self) -> None:
        """Ask whether the chosen copy is to come back."""
        row = self.chosen()
        if row is None:
            return
        made = words.moment(row.made_at, self._operations.today())
        dialog = Dialog(
            self._theme,
            self.window(),
            i18n.text("Bring back the copy: {when}?", when=made[:1].lower() + made[1:]),
            words.what_comes_back(row),
            icon="arrow-counter-clockwise",
        )
        dialog.body.addWidget(
            Notice(
                self._theme,
                "shield-check",
                i18n.text("Today's file is kept first, as a copy: the way back stays open."),
                "text2",
                "body",
            )
        )
        dialog.body.addWidget(
            Notice(
                self._theme,
                "clock-counter-clockwise",
                i18n.text("The window opens anew. Copies by themselves rest until the next start."),
                "text2",
                "body",
            )
        )
        dialog.add_button(Button(self._theme, i18n.text("Cancel")), "reject")
        dialog.add_button(
            Button(self._theme, i18n.text("Bring it back"), "primary", "arrow-counter-clockwise"), "accept"
        )
        dialog.accepted.connect(lambda: self.bring_back(row))
        dialog.open()

    def bring_back(self, row: CopyRow) -> None:
        """Check the copy, keep today's file, then exchange."""
        self._start(
            phrase("Bringing back the copy"),
            lambda report: self._keeper.get_ready(row.key, report),
            self._keeper.bring_back,
        )

    def mirror(self) -> None:
        """Bring the newest copy to the second place now."""

        def brought(there: bool) -> None:
            if there:
                self._say(phrase("The copy is in the second place too"))
            else:
                self._say(phrase("The second place is not there now"), "warning-circle-fill")

        self._start(phrase("Copy to the second place"), self._keeper.mirror, brought)

    def test(self) -> None:
        """Bring back the newest copy into a file of its own and compare."""

        def tested(found: Any) -> None:
            if found is None:
                self._say(phrase("There is no sound copy to test"), "warning-circle-fill")
            elif found.trouble:
                self._say(phrase("The copy failed its test; make a new one"), "warning-circle-fill")
            else:
                self._say(phrase("The newest copy came back whole"))

        self._start(phrase("Testing the newest copy"), self._keeper.test, tested)

    def _set_place(self, folder: Path | None) -> None:
        self._keeper.set_place(folder)
        if folder is not None:
            self.mirror()

    def _start(self, title: Phrase, work: Callable[[Report], Any], done: Callable[[Any], None]) -> None:
        def ended(result: Any) -> None:
            self._keeper.changed.emit()
            done(result)

        self._jobs.start(title, work, ended, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._keeper.changed.emit()
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    def _say(self, what: Phrase, icon: str = "check") -> None:
        self._operations.said.emit(Said(what, None, icon))

    def _offer(self, one: int, place: QPoint) -> None:
        self.table.select_id(one)
        menu = Menu(self._theme, self)
        menu.add(i18n.text("Check"), self.check, "shield-check", "Enter")
        menu.add(i18n.text("Save in…"), self.save, "floppy-disk")
        menu.add(i18n.text("Bring back this copy"), self.restore, "arrow-counter-clockwise")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
