"""The import page: drop files, watch, read what became of every row, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase, phrase_plural
from crm.importing.sources import open_sources
from crm.services import importing
from crm.services.importing_rows import FileOutcome, ImportOutcome
from crm.ui.importing.rejects import write_rejects
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label
from crm.ui.widgets.pages import Card, PageHeader, ScrollColumn, SectionHeader, Surface

SHOWN_ROWS = 200
"""Rows listed on the page; the count above them tells of all."""


class ImportPage(QWidget):
    """Files in, as one deed; then the result, from which the deed can be undone."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._deed: int | None = None
        self._open: Button | None = None
        self.setAcceptDrops(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._header = PageHeader(theme, i18n.text("Import"))
        self._again = Button(theme, i18n.text("Import more"), icon="download-simple")
        self._again.clicked.connect(self.start_over)
        self._again.hide()
        self._header.add_action(self._again)
        whole.addWidget(self._header)
        self._stack = QStackedLayout()
        whole.addLayout(self._stack, 1)
        self._stack.addWidget(self._invitation())
        self._result = ScrollColumn(theme)
        self._result.body.setContentsMargins(28, 20, 28, 28)
        self._result.body.setSpacing(0)
        self._stack.addWidget(self._result)

    # -- choosing -------------------------------------------------------------------------------------------------

    def _invitation(self) -> QWidget:
        theme = self._theme
        outside = Surface(theme)
        column = QVBoxLayout(outside)
        column.setContentsMargins(28, 28, 28, 28)
        card = Card(theme)
        card.setMaximumWidth(theme.px(720))
        card.body.setContentsMargins(32, 28, 32, 28)
        card.body.setSpacing(8)
        card.body.addWidget(Label(theme, i18n.text("Drop files here"), "heading"))
        card.body.addWidget(
            Label(
                theme,
                i18n.text(
                    "Contacts from a phone (vCard), lists from a spreadsheet (CSV, XLSX), exports of registration "
                    "services. Several at once, too."
                ),
                colour="text2",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setContentsMargins(0, 12, 0, 12)
        self._choose = Button(theme, i18n.text("Choose files"), "primary", "file-arrow-down")
        self._choose.clicked.connect(self.choose)
        row.addWidget(self._choose)
        row.addStretch(1)
        card.body.addLayout(row)
        for icon, told in (
            ("users", i18n.text("Nobody comes in twice: people are known by e-mail, phone and handle")),
            ("file-text", i18n.text("Every row is accounted for; what was not taken is named with its reason")),
            ("arrow-counter-clockwise", i18n.text("The whole import is undone by one Ctrl+Z")),
        ):
            card.body.addWidget(IconLabel(theme, icon, told, "body", "text2"))
        self._trouble = QWidget()
        trouble = QHBoxLayout(self._trouble)
        trouble.setContentsMargins(0, 8, 0, 0)
        trouble.setSpacing(0)
        mark = IconLabel(theme, "warning-circle-fill", "", "body", "bad")
        mark.setFixedWidth(theme.px(24))
        trouble.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self._trouble_text = Label(theme, "", "body", "bad", wrap=True)
        trouble.addWidget(self._trouble_text, 1)
        self._trouble.hide()
        card.body.addWidget(self._trouble)
        column.addWidget(card)
        column.addStretch(1)
        return outside

    def home(self) -> QWidget:
        """The next thing to do: choose files, then look at the people."""
        return self._open if self._open is not None and self._stack.currentIndex() else self._choose

    def choose(self) -> None:
        """Ask for files and import them."""
        names, _ = QFileDialog.getOpenFileNames(
            self,
            i18n.text("Choose files"),
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation),
            i18n.text("Lists of people")
            + " (*.vcf *.vcard *.csv *.tsv *.txt *.xlsx *.xls);;"
            + i18n.text("All files")
            + " (*)",
        )
        if names:
            self.take([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files from outside may be dropped anywhere on the page."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.take(files)

    def start_over(self) -> None:
        """Back to choosing."""
        self._trouble.hide()
        self._again.hide()
        self._header.set_note("")
        self._stack.setCurrentIndex(0)
        if self.isVisible():
            self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    # -- importing ------------------------------------------------------------------------------------------------

    def take(self, files: list[Path]) -> None:
        """Import `files` as one deed, in a job."""
        label = (
            phrase("Import of {file}", file=files[0].name)
            if len(files) == 1
            else phrase_plural("Import of {count} file", "Import of {count} files", len(files))
        )
        clock = self._operations.clock

        def work(report: Report) -> Any:
            def verb(session: Any) -> ImportOutcome:
                return importing.import_people(session, open_sources(files, None, report, clock), clock)

            return self._operations.write(label, verb, copy_first="before_import", report=report)

        self._choose.setEnabled(False)
        self._jobs.start(label, work, self._show, self._fail)

    def _fail(self, error: BaseException) -> None:
        self._choose.setEnabled(True)
        if isinstance(error, Cancelled):
            told = i18n.text("Stopped. Nothing was changed.")
        elif isinstance(error, CrmError):
            told = error.text()
        else:
            raise error
        self._trouble_text.set_text(told)
        self._trouble.show()
        self._stack.setCurrentIndex(0)

    def _show(self, done: Any) -> None:
        self._choose.setEnabled(True)
        outcome: ImportOutcome = done.value
        self._deed = done.deed
        while (item := self._result.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._header.set_note(
            outcome.files[0].file
            if len(outcome.files) == 1
            else i18n.plural("{count} file", "{count} files", len(outcome.files))
        )
        self._again.show()
        body = self._result.body
        body.addWidget(self._figures(outcome))
        body.addSpacing(20)
        body.addWidget(self._actions(outcome))
        self._add_rows(outcome)
        body.addStretch(1)
        self._stack.setCurrentIndex(1)
        if self.isVisible():
            self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    def _figures(self, outcome: ImportOutcome) -> QWidget:
        theme = self._theme
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(40)
        for number, word, colour in (
            (sum(file.read for file in outcome.files), i18n.text("read"), "text"),
            (outcome.added, i18n.text("added"), "ok" if outcome.added else "text"),
            (outcome.updated, i18n.text("updated"), "text"),
            (outcome.unchanged, i18n.text("unchanged"), "text"),
            (outcome.rejected, i18n.text("not taken"), "warn" if outcome.rejected else "text"),
        ):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(Label(theme, i18n.number(number), "number_large", colour))
            column.addWidget(Label(theme, word, "small", "text2"))
            row.addLayout(column)
        row.addStretch(1)
        return strip

    def _actions(self, outcome: ImportOutcome) -> QWidget:
        theme = self._theme
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._open = Button(theme, i18n.text("Open people"), "primary", "users")
        self._open.clicked.connect(lambda: self.navigate.emit("people", None))
        row.addWidget(self._open)
        if self._deed is not None:
            undo = Button(theme, i18n.text("Undo the import"), icon="arrow-counter-clockwise")
            undo.clicked.connect(self._undo)
            row.addWidget(undo)
        if outcome.rejected:
            keep = Button(theme, i18n.text("Save rows not taken"), icon="file-arrow-down")
            keep.clicked.connect(lambda: self._ask_where(outcome))
            row.addWidget(keep)
        doubles = sum(file.possible_doubles for file in outcome.files)
        if doubles:
            row.addSpacing(8)
            row.addWidget(
                IconLabel(
                    theme,
                    "users",
                    i18n.plural("{count} possible double marked", "{count} possible doubles marked", doubles),
                    "small",
                    "text2",
                )
            )
        row.addStretch(1)
        return strip

    def _ask_where(self, outcome: ImportOutcome) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{Path(outcome.files[0].file).stem} - {i18n.text('rows not taken')}.csv"
        title = i18n.text("Save rows not taken")
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(Path(folder) / name), "CSV (*.csv)")
        if chosen:
            target = Path(chosen)
            self._save_rejects(outcome, target if target.suffix else target.with_name(target.name + ".csv"))

    def _save_rejects(self, outcome: ImportOutcome, target: Path) -> None:
        def saved(_: object) -> None:
            self._operations.said.emit(Said(phrase("Saved: {file}", file=target.name), None, "file-text"))

        def not_saved(error: BaseException) -> None:
            if isinstance(error, CrmError):
                self._operations.refused.emit(error)
            elif not isinstance(error, Cancelled):
                raise error

        def work(_: Report) -> int:
            return write_rejects(outcome.files, target)

        self._jobs.start(phrase("Saving rows not taken"), work, saved, not_saved)

    def _undo(self) -> None:
        self._operations.undo(self._deed)
        self.start_over()

    def _add_rows(self, outcome: ImportOutcome) -> None:
        theme, body = self._theme, self._result.body
        # What needs a look stands first: fifty files that went in whole may wait below.
        rejected = [(file, row) for file in outcome.files for row in file.rejected]
        if rejected:
            self._section(i18n.text("Not taken"), len(rejected))
            for file, row in rejected[:SHOWN_ROWS]:
                place = row.shown_place if len(outcome.files) == 1 else f"{file.file}, {row.shown_place}"
                body.addWidget(self._line(place, row.message, "text"))
        notices = [(file, row) for file in outcome.files for row in file.notices]
        if notices:
            self._section(i18n.text("Worth a look"), len(notices))
            for file, notice in notices[:SHOWN_ROWS]:
                place = notice.shown_place if len(outcome.files) == 1 else f"{file.file}, {notice.shown_place}"
                body.addWidget(self._line(f"{place} · {notice.name}", notice.message, "text"))
        hidden = max(0, len(rejected) - SHOWN_ROWS) + max(0, len(notices) - SHOWN_ROWS)
        if hidden:
            body.addWidget(Label(theme, i18n.plural("and {count} more", "and {count} more", hidden), "small", "text2"))
        if len(outcome.files) > 1:
            self._section(i18n.text("Files"), len(outcome.files))
            for file in outcome.files:
                body.addWidget(self._line(file.file, _counts(file), "text2"))

    def _section(self, title: str, count: int) -> None:
        self._result.body.addSpacing(24)
        self._result.body.addWidget(SectionHeader(self._theme, title, i18n.number(count)))

    def _line(self, place: str, told: str, colour: str) -> QWidget:
        theme = self._theme
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 9, 0, 9)
        row.setSpacing(24)
        where = ElidedLabel(theme, place, "body_strong", "text")
        where.setFixedWidth(theme.px(320))
        row.addWidget(where)
        row.addWidget(Label(theme, told, "body", colour, wrap=True), 1)
        column.addLayout(row)
        column.addWidget(Hairline(theme))
        return line


def _counts(file: FileOutcome) -> str:
    """What became of a file's rows; nothing is said of what there was none of."""
    counts = (
        (i18n.text("added"), file.added),
        (i18n.text("updated"), file.updated),
        (i18n.text("unchanged"), file.unchanged),
        (i18n.text("not taken"), len(file.rejected)),
    )
    return ", ".join(f"{word} {i18n.number(count)}" for word, count in counts if count) or i18n.text("nothing in it")
