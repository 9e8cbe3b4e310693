"""The last step: what came of every row, what was not taken and why; undone, looked at, or taken away to be mended."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.services.importing_rows import FileOutcome, ImportOutcome
from crm.ui.importing.rejects import write_rejects
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import ElidedLabel, Hairline, Label
from crm.ui.widgets.pages import ScrollColumn, SectionHeader

SHOWN_ROWS = 200
"""Rows listed on the page; the count above them tells of all."""


class ResultStep(ScrollColumn):
    """`people_wanted` carries True for those who were added, False for everybody."""

    people_wanted = Signal(bool)
    doubles_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._look = theme
        self.body.setContentsMargins(28, 20, 28, 28)
        self.body.setSpacing(0)
        self._outcome = ImportOutcome(())
        self._open: Button | None = None

    def home(self) -> QWidget | None:
        """The next thing to do: look at the people."""
        return self._open

    def show_outcome(self, outcome: ImportOutcome, *, undo: bool) -> None:
        """Show what came of an import; `undo` says that there is a deed to turn back."""
        self._outcome = outcome
        self.clear()
        body = self.body
        body.addWidget(self._figures(outcome))
        body.addSpacing(20)
        body.addWidget(self._actions(outcome, undo=undo))
        self._told = Label(self._look, "", "small", "text2", wrap=True)
        self._told.hide()
        body.addWidget(self._told)
        self._add_rows(outcome)
        body.addStretch(1)

    def _figures(self, outcome: ImportOutcome) -> QWidget:
        theme = self._look
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(40)
        figures: list[tuple[int, str, str]] = [
            (sum(file.read for file in outcome.files), i18n.text("read"), "text"),
            (outcome.added, i18n.text("added"), "ok" if outcome.added else "text"),
            (outcome.updated, i18n.text("updated"), "text"),
            (outcome.unchanged, i18n.text("unchanged"), "text"),
            (outcome.rejected, i18n.text("not taken"), "warn" if outcome.rejected else "text"),
        ]
        if outcome.left_out:
            figures.append((outcome.left_out, i18n.text("left out"), "text"))
        for number, word, colour in figures:
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(Label(theme, i18n.number(number), "number_large", colour))
            column.addWidget(Label(theme, word, "small", "text2"))
            row.addLayout(column)
        row.addStretch(1)
        return strip

    def _actions(self, outcome: ImportOutcome, *, undo: bool) -> QWidget:
        theme = self._look
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        some = undo and bool(outcome.added)
        self._open = Button(
            theme, i18n.text("Show those added") if some else i18n.text("Open people"), "primary", "users"
        )
        self._open.clicked.connect(lambda: self.people_wanted.emit(some))
        row.addWidget(self._open)
        if undo:
            back = Button(theme, i18n.text("Undo the import"), icon="arrow-counter-clockwise")
            back.clicked.connect(self.undo_wanted)
            row.addWidget(back)
        if outcome.rejected:
            save = Button(theme, i18n.text("Save what was not taken"), icon="download-simple")
            save.clicked.connect(self.save_rejects)
            row.addWidget(save)
        doubles = sum(file.possible_doubles for file in outcome.files)
        if doubles:
            told = i18n.plural("{count} possible double", "{count} possible doubles", doubles)
            link = Button(theme, told, "quiet", "users")
            link.clicked.connect(self.doubles_wanted)
            row.addWidget(link)
        row.addStretch(1)
        return strip

    # -- rows not taken -------------------------------------------------------------------------------------------

    def save_rejects(self) -> None:
        """Write the rows that were not taken, with their reasons, as a table that can be mended and imported again."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        stem = Path(next(file.file for file in self._outcome.files if file.rejected)).stem
        name = i18n.text("{file}, not taken", file=stem)
        chosen, _ = QFileDialog.getSaveFileName(
            self, i18n.text("Save what was not taken"), str(Path(folder) / f"{name}.csv"), "CSV (*.csv)"
        )
        if chosen:
            target = Path(chosen)
            self.write_rejects(target if target.suffix.lower() == ".csv" else target.with_name(f"{target.name}.csv"))

    def write_rejects(self, target: Path) -> None:
        """All of them in one table; files of one shape share their columns."""
        try:
            write_rejects(self._outcome.files, target)
        except CrmError as error:
            self._say(error.text())
            return
        self._say(i18n.text("Saved: {file}. Correct it and import it again.", file=target.name))

    def _say(self, told: str) -> None:
        self._told.set_text(told)
        self._told.show()

    def _add_rows(self, outcome: ImportOutcome) -> None:
        theme, body = self._look, self.body
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
        self.body.addSpacing(24)
        self.body.addWidget(SectionHeader(self._look, title, i18n.number(count)))

    def _line(self, place: str, told: str, colour: str) -> QWidget:
        theme = self._look
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
