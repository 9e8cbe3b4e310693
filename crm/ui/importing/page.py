"""Import, step by step: the file, its columns, the check of every row, what came of it. Only the last step writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase, phrase_plural
from crm.importing.layout import Layout
from crm.importing.sources import Origin, sources_of
from crm.services import custom_fields, importing, origins
from crm.services.importing_rows import ImportOutcome, Wishes
from crm.ui.importing.check import CheckStep
from crm.ui.importing.columns import ColumnsStep
from crm.ui.importing.reading import Checked, Look, look_as_before, look_into, remembering
from crm.ui.importing.result import ResultStep
from crm.ui.importing.start import StartStep
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.pages import PageHeader
from crm.ui.widgets.tabs import Steps

FILE, COLUMNS, CHECK, DONE = 0, 1, 2, 3
_MOST_FILES: Final = 500


class ImportPage(QWidget):
    """The wizard. Enter goes on from every step; Esc goes a step back."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._deed: int | None = None
        self._looks: list[Look] = []
        self._checked = Checked()
        self._writing = False
        self._turn = 0
        """Grows with every beginning: what a job brings for an earlier one is dropped."""
        self.setAcceptDrops(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._header = PageHeader(theme, i18n.text("Import"))
        self._progress = Steps(
            theme,
            [
                i18n.text("File"),
                i18n.text("Columns"),
                i18n.in_context("import", "Check"),
                i18n.in_context("import", "Done"),
            ],
        )
        self._header.add_after_title(self._progress)
        self._again = Button(theme, i18n.text("Import more"), icon="download-simple")
        self._again.clicked.connect(self.start_over)
        self._again.hide()
        self._header.add_action(self._again)
        whole.addWidget(self._header)
        self._stack = QStackedLayout()
        whole.addLayout(self._stack, 1)
        self.start = StartStep(theme)
        self.columns = ColumnsStep(theme)
        self.check = CheckStep(theme)
        self.result = ResultStep(theme)
        for step in (self.start, self.columns, self.check, self.result):
            self._stack.addWidget(step)
        self.start.files.connect(self.take)
        self.start.pasted.connect(self.paste)
        self.columns.reread.connect(self._reread)
        self.columns.next_wanted.connect(self._columns_done)
        self.columns.other_wanted.connect(self.start_over)
        self.check.changed.connect(self.look_through)
        self.check.back_wanted.connect(self.back)
        self.check.import_wanted.connect(self.write)
        self.result.undo_wanted.connect(self._undo)
        self.result.people_wanted.connect(self._show_people)
        self.result.doubles_wanted.connect(lambda: self.navigate.emit("duplicates", None))
        self._show(FILE)

    # -- steps ----------------------------------------------------------------------------------------------------

    def home(self) -> QWidget:
        """The next thing to do on the step that is shown."""
        step: Any = (self.start, self.columns, self.check, self.result)[self._stack.currentIndex()]
        home: QWidget | None = step.home()
        return home or self

    @property
    def step(self) -> int:
        """Where one is: FILE, COLUMNS, CHECK or DONE."""
        return self._stack.currentIndex()

    def _show(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self._progress.set_current(step)
        self._again.setVisible(step == DONE)
        names = [look.origin.name for look in self._looks]
        told = names[0] if len(names) == 1 else i18n.plural("{count} file", "{count} files", len(names))
        self._header.set_note("" if step in (FILE, COLUMNS) else told)
        if self.isVisible():
            self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    def start_over(self) -> None:
        """Back to choosing."""
        self._turn += 1
        self._looks = []
        self.start.set_trouble("")
        self.start.set_busy(busy=False)
        self._show(FILE)

    def back(self) -> None:
        """A step back: from the check to the columns of the one table there is, or to the choice of files."""
        if self.step == CHECK and len(self._looks) == 1 and self._looks[0].columns:
            self._show_columns(self._looks[0])
        else:
            self.start_over()

    def escape(self) -> bool:
        """One step back; False where there is none."""
        if self.step in (COLUMNS, CHECK):
            self.back()
            return True
        return False

    # -- files ----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files from outside may be dropped anywhere on the page."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.take(files)

    def take(self, files: Sequence[Path]) -> None:
        """Look into `files`: the columns of a table not met before are shown, all else goes straight to the check."""
        self._begin([Origin(file.name, file) for file in files[:_MOST_FILES]])

    def paste(self, words: str) -> None:
        """Take a table that was copied."""
        self._begin([Origin(i18n.text("Pasted table"), pasted=words)])

    def _begin(self, found: Sequence[Origin]) -> None:
        if self._writing or not found:
            return
        self.start_over()
        self.start.set_busy(busy=True)
        self.check.begin()

        def work(report: Report) -> list[Look]:
            return [look_as_before(origin, report, self._operations) for origin in found]

        def done(looks: list[Look]) -> None:
            self._looks = looks
            if len(looks) == 1 and looks[0].columns and not looks[0].met:
                self.start.set_busy(busy=False)
                self._show_columns(looks[0])
            else:
                self.look_through()

        self._run(phrase("Reading {file}", file=found[0].name), work, done)

    def _show_columns(self, look: Look) -> None:
        self.columns.show_look(look, self._operations.read(custom_fields.fields))
        self._show(COLUMNS)

    def _reread(self, layout: Layout) -> None:
        origin = replace(self._looks[0].origin, layout=layout)
        met = self._looks[0].met

        def work(report: Report) -> Look:
            return look_into(origin, report, self._operations.clock)

        def done(look: Look) -> None:
            self._looks = [replace(look, met=met)]
            if self.step == COLUMNS:
                self.columns.show_look(self._looks[0], self._operations.read(custom_fields.fields))

        self._run(phrase("Reading {file}", file=origin.name), work, done, self._not_so)

    def _not_so(self, told: str) -> None:
        """Read in another way the file gives nothing: it is shown as it was, with the reason."""
        self.columns.show_look(self._looks[0], self._operations.read(custom_fields.fields))
        self.columns.set_trouble(told)

    def _columns_done(self) -> None:
        look = self._looks[0]
        layout = self.columns.layout_wanted()
        self._looks = [replace(look, origin=replace(look.origin, layout=layout), layout=layout)]
        self.look_through()

    # -- check ----------------------------------------------------------------------------------------------------

    def _origins(self) -> list[Origin]:
        found = []
        for place, look in enumerate(self._looks):
            mended = tuple(
                (part, number, cells)
                for (file, part, number), cells in self.check.mended.items()
                if file == place
            )  # fmt: skip
            layout = look.origin.layout
            if mended:
                layout = replace(layout or look.layout or Layout(), mended=mended)
            found.append(replace(look.origin, layout=layout))
        return found

    def _label(self) -> Phrase:
        looks = self._looks
        if len(looks) == 1:
            return phrase("Import of {file}", file=looks[0].origin.name)
        return phrase_plural("Import of {count} file", "Import of {count} files", len(looks))

    def _verb(self, report: Report, wishes: Wishes) -> Callable[[Any], ImportOutcome]:
        clock, found = self._operations.clock, self._origins()

        def verb(session: Any) -> ImportOutcome:
            return importing.import_people(session, sources_of(found, report, clock), clock, wishes=wishes)

        return verb

    def look_through(self) -> None:
        """Check every row by the wishes there are: the import itself, of which nothing stays."""
        wishes = Wishes(self.check.matches.value(), frozenset(self.check.left_out))
        label = self._label()

        def work(report: Report) -> Checked:
            checked = Checked()
            verb = self._verb(report, replace(wishes, tell=checked.tell))
            checked.outcome = self._operations.rehearse(label, verb)
            return checked

        def done(checked: Checked) -> None:
            self.start.set_busy(busy=False)
            self._checked = checked
            self.check.show_checked(checked, self._looks)
            if self.step != CHECK:
                self._show(CHECK)

        self._run(phrase("Checking {file}", file=self._looks[0].origin.name), work, done)

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Import what was checked, as one deed."""
        wishes = Wishes(self.check.matches.value(), frozenset(self.check.left_out))
        label, looks = self._label(), list(self._looks)
        keep = remembering(looks, self._operations.clock)
        self._set_writing(writing=True)

        def work(report: Report) -> Any:
            bring = self._verb(report, wishes)

            def verb(session: Any) -> ImportOutcome:
                outcome = bring(session)
                keep(session)
                return outcome

            return self._operations.write(label, verb, copy_first="before_import", report=report)

        def done(done: Any) -> None:
            self._set_writing(writing=False)
            self._deed = done.deed
            self.result.show_outcome(done.value, undo=done.deed is not None)
            self._show(DONE)

        self._run(label, work, done)

    def _set_writing(self, *, writing: bool) -> None:
        """What is being written is not changed under its hands."""
        self._writing = writing
        self.check.setEnabled(not writing)

    def _undo(self) -> None:
        self._operations.undo(self._deed)
        self.start_over()

    def _show_people(self, added: bool) -> None:
        deed = self._deed
        if not added or deed is None:
            self.navigate.emit("people", None)
            return
        ids = self._operations.read(lambda s: origins.brought_by(s, deed))
        self.navigate.emit("people", (ids, i18n.text("Added by the import")))

    # -- jobs -----------------------------------------------------------------------------------------------------

    def _run(
        self,
        label: Phrase,
        work: Callable[[Report], Any],
        done: Callable[[Any], None],
        trouble: Callable[[str], None] | None = None,
    ) -> None:
        """A job whose result counts only while nothing else was begun."""
        self._turn += 1
        turn = self._turn

        def ended(result: Any) -> None:
            if turn == self._turn:
                done(result)

        def failed(error: BaseException) -> None:
            if isinstance(error, Cancelled):
                told = i18n.text("Stopped. Nothing was changed.")
            elif isinstance(error, CrmError):
                told = error.text()
            else:
                raise error
            if turn == self._turn:
                self._set_writing(writing=False)
                (trouble or self._begin_anew)(told)

        self._jobs.start(label, work, ended, failed)

    def _begin_anew(self, told: str) -> None:
        self.start_over()
        self.start.set_trouble(told)
