"""The page: kinds at the left, the pages of the chosen report in the middle, its options at the right."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm import clock as clocks
from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase
from crm.services import event_lists, reports, segments
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.reports.kinds import KindList
from crm.ui.reports.making import Choice, Made, make
from crm.ui.reports.options import OptionsForm
from crm.ui.reports.preview import Preview
from crm.ui.reports.printing import print_document
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.pages import PageHeader, SidePane, Surface
from crm.ui.widgets.shortcuts import shortcut

TABLES: Final = frozenset(
    {
        "answer",
        "attendance",
        "event",
        "feedback_item",
        "organisation",
        "person",
        "response",
        "segment",
        "segment_member",
        "setting",
    }
)
"""Tables reports are made of."""
_OPTIONS: Final = 298
_EVENTS: Final = 60
_FOLLOW: Final = 150
"""Milliseconds after a choice until the pages follow."""
_UNFIT: Final = '\\/:*?"<>|'
"""Signs some system does not want in the name of a file."""


class ReportsPage(QWidget):
    """Choose, look, save. `show_item(("register", event_id))` opens the sheet of an event."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._stale = True
        self._making: Choice | None = None
        self._again = False
        self._made: Made | None = None
        self._count = 0
        self._folder = Path(tempfile.mkdtemp(prefix="krug-"))
        self.destroyed.connect(_forgetting(self._folder))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._header = PageHeader(theme, i18n.in_context("page", "Reports"))
        whole.addWidget(self._header)
        body = QHBoxLayout()
        body.setSpacing(0)
        self._kinds = KindList(theme, reports.KINDS)
        self._preview = Preview(theme)
        self._options = OptionsForm(theme, operations.today())
        body.addWidget(self._kinds)
        body.addWidget(self._preview, 1)
        body.addWidget(self._side())
        whole.addLayout(body, 1)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW)
        self._follow.timeout.connect(self._preview_now)
        self._kinds.chosen.connect(self._choose_kind)
        self._options.changed.connect(self._follow.start)
        operations.changed.connect(self._changed)
        shortcut(self, "Ctrl+P", self.save)
        shortcut(self, "PgDown", lambda: self._preview.turn(1))
        shortcut(self, "PgUp", lambda: self._preview.turn(-1))
        self._kinds.choose(reports.MONTH)

    def _side(self) -> QWidget:
        theme = self._theme
        side = SidePane(theme, _OPTIONS)
        side.body.addWidget(self._options, 1)
        foot = Surface(theme, "surface", "t")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 13, 20, 12)
        row.setSpacing(8)
        self._save = Button(theme, i18n.text("Save PDF"), "primary", "file-pdf")
        self._save.clicked.connect(self.save)
        self._print = Button(theme, i18n.text("Print"), icon="printer")
        self._print.clicked.connect(self.print)
        row.addWidget(self._save)
        row.addWidget(self._print)
        row.addStretch(1)
        side.body.addWidget(foot)
        return side

    def home(self) -> QWidget:
        """The chosen kind: ↑ and ↓ go to others."""
        return self._kinds.current()

    # -- refreshing ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read when the page is looked at."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._stale = True
            if self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        """Read what can be chosen, and make the pages anew."""
        self._stale = False
        clock, today = self._operations.clock, self._operations.today()

        def read(session: Any) -> tuple[list[tuple[int | None, str]], list[tuple[int | None, str]]]:
            chosen = [(row.id, row.name) for row in segments.list_segments(session, clock, counted=False)]
            ids = event_lists.event_ids(session, "upcoming", clock, limit=_EVENTS)
            ids += event_lists.event_ids(session, "past", clock, limit=_EVENTS)
            events = event_lists.event_rows(session, ids)
            return chosen, [(row.id, f"{i18n.day(row.on, today)}, {row.title}") for row in events]

        chosen, events = self._operations.read(read)
        self._options.set_segments(chosen)
        self._options.set_events(events)
        self._note_last()
        self._follow.start()

    def _note_last(self) -> None:
        runs = self._operations.read(lambda session: reports.last_runs(session, 1))
        today = self._operations.today()
        self._header.set_note(
            i18n.text("the last one: {day}", day=i18n.day(clocks.local(runs[0].made_at).date(), today)) if runs else ""
        )

    def show_item(self, item: object) -> None:
        """Open a kind, or («register», event) the sheet of an event."""
        kind, event_id = item if isinstance(item, tuple) else (item, None)
        if self._stale:
            self.refresh()
        if isinstance(event_id, int):
            self._options.set_event(event_id)
        if kind in {each.key for each in reports.KINDS}:
            self._kinds.choose(str(kind))

    def _choose_kind(self, kind: str) -> None:
        title = next(each.title for each in reports.KINDS if each.key == kind)
        self._options.show_kind(kind, i18n.text(title))
        self._follow.start()

    # -- the pages -------------------------------------------------------------------------------------------------

    def _preview_now(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        choice = self._options.choice()
        self._save.setEnabled(choice.is_whole)
        self._print.setEnabled(choice.is_whole)
        if not choice.is_whole:
            self._preview.wait(i18n.text("There is no event yet to print a sheet for."))
            return
        if self._making is not None:
            self._again = True
            return
        self._making, self._again = choice, False
        self._count += 1
        target = self._folder / f"report-{self._count}.pdf"
        operations = self._operations

        def work(_: Report) -> Made:
            return make(operations, choice, target)

        if self._made is None:
            self._preview.wait(i18n.text("Making the pages"))
        self._jobs.start(phrase("Making the pages"), work, self._show_made, self._not_made)

    def _show_made(self, made: Any) -> None:
        self._making = None
        if self._again:
            made.file.unlink(missing_ok=True)
            self._preview_now()
            return
        old, self._made = self._made, made
        self._preview.show_file(made.file)
        if old is not None:
            old.file.unlink(missing_ok=True)

    def _not_made(self, error: BaseException) -> None:
        self._making = None
        if self._again:
            self._preview_now()
        elif isinstance(error, CrmError):
            self._preview.wait(error.text())
        elif isinstance(error, Cancelled):
            self._preview.wait(i18n.text("Stopped. Choose anything to make the pages again."))
        else:
            raise error

    # -- out -------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Ask where to, and save the report there."""
        choice = self._options.choice()
        if not choice.is_whole:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / self._file_name(choice))
        name, _ = QFileDialog.getSaveFileName(self, i18n.text("Save PDF"), proposed, "PDF (*.pdf)")
        if name:
            path = Path(name)
            self.save_to(path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf"))

    def save_to(self, target: Path) -> None:
        """Save the report as it is chosen now."""
        choice, operations = self._options.choice(), self._operations

        def work(_: Report) -> Made:
            return make(operations, choice, target)

        self._jobs.start(phrase("Saving the report"), work, self._saved, self._not_saved)

    def _saved(self, made: Any) -> None:
        operations, clock = self._operations, self._operations.clock
        choice = made.choice
        operations.note(
            lambda session: reports.note_run(session, choice.kind, choice.for_the_record(), made.pages, clock)
        )
        self._note_last()
        operations.said.emit(Said(phrase("Saved: {file}", file=made.file.name), None, "file-pdf"))

    def _not_saved(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    def print(self) -> None:
        """Print the pages as they are shown."""
        document = self._preview.document
        if document is not None and self._made is not None:
            print_document(document, self._made.title, self)

    def _file_name(self, choice: Choice) -> str:
        if self._made is not None and self._made.choice.kind == choice.kind:
            title = self._made.title
        else:
            title = i18n.text(next(each.title for each in reports.KINDS if each.key == choice.kind))
        if choice.kind == reports.MONTH and str(choice.month.year) not in title:
            title = f"{title} {choice.month.year}"
        clean = "".join(" " if char in _UNFIT or not char.isprintable() else char for char in title)
        return " ".join(clean.split())[:120].strip(". ") + ".pdf"


def _forgetting(folder: Path) -> Any:
    """Pages hold names: they go with the page."""
    return lambda: shutil.rmtree(folder, ignore_errors=True)
