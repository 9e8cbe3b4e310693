"""People into a file: vCard for phones and other programs, tables for spreadsheets; what goes in is chosen here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.export.people import columns, usual_keys
from crm.export.vcard import PARTS, CardChoice
from crm.i18n import mark, phrase, phrase_plural
from crm.services import custom_fields, people
from crm.services.cards import PersonCard
from crm.services.custom_fields import FieldDefinition
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import CheckBox
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import ScrollColumn
from crm.ui.widgets.tabs import Segmented

_LAST: Final = "lastExport"
"""Under this name the window remembers what was chosen: the next export begins there."""
_EVERY: Final = 1_000
_PROCESSES: Final = 2
_COLUMNS_OF_BOXES: Final = 3
_LIST_HEIGHT: Final = 250
_KINDS: Final = (("vcf", "vCard"), ("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))
_FILTERS: Final = {
    "vcf": mark("Contacts (vCard)"),
    "csv": mark("Table (CSV)"),
    "xlsx": mark("Table (Excel)"),
    "json": mark("Data (JSON)"),
}
_PART_WORDS: Final = {
    "phones": mark("Phones"),
    "emails": mark("E-mails"),
    "handles": mark("Messengers"),
    "sites": mark("Websites"),
    "addresses": mark("Addresses"),
    "work": mark("Organisation"),
    "birthday": mark("Birthday"),
    "tags": mark("Tags of the person"),
    "note": mark("Note of the person"),
    "photo": mark("Photo"),
    "details": mark("Kind, languages, skills"),
    "own": mark("Own fields"),
    "kept": mark("What came from other programs"),
}


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What was chosen: `kind` is vcf, csv, xlsx or json; the rest concerns cards or tables."""

    kind: str = "vcf"
    version: str = "3.0"
    one_file_each: bool = False
    parts: frozenset[str] = frozenset(PARTS)
    impp: bool = False
    keys: tuple[str, ...] | None = None
    delimiter: str = ";"


class ExportDialog(Dialog):
    """Asks what goes into the file. `chosen` is called with the answer; `view` holds the columns of the list shown."""

    def __init__(
        self,
        theme: Theme,
        host: QWidget,
        fields: Sequence[FieldDefinition],
        said: str,
        view: Sequence[str],
        chosen: Callable[[ExportChoice], None],
    ) -> None:
        super().__init__(theme, host, i18n.text("Export people"), said, width=680)
        self._theme, self._fields, self._view = theme, tuple(fields), tuple(view)
        self._columns = columns(fields)
        self._chosen = chosen
        last = host.window().property(_LAST) or ExportChoice()
        self.kind = Segmented(theme, _KINDS, name=i18n.text("Kind of file"))
        self.kind.select(last.kind)
        self.kind.changed.connect(lambda _: self._show())
        self.body.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        self._hint = Label(theme, "", "small", "text2", wrap=True)
        self.body.addWidget(self._hint)
        self.cards = self._make_cards(last)
        self.table = self._make_table(last)
        self.body.addWidget(self.cards)
        self.body.addWidget(self.table)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.go = Button(theme, i18n.text("Choose the file…"), "primary")
        self.go.clicked.connect(self.answer)
        self.set_default(self.go)
        self.add_button(self.go)
        self._show()

    def _make_cards(self, last: ExportChoice) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.version = Segmented(
            self._theme,
            (("3.0", i18n.text("Phones, iCloud, Google (3.0)")), ("4.0", i18n.text("Computers (4.0)"))),
            name=i18n.text("Version of vCard"),
        )
        self.version.select(last.version)
        self.files = Segmented(
            self._theme,
            (("one", i18n.text("One file")), ("each", i18n.text("A file for each person"))),
            name=i18n.text("Files"),
        )
        self.files.select("each" if last.one_file_each else "one")
        column.addWidget(self.version, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.files, 0, Qt.AlignmentFlag.AlignLeft)
        self.parts = {
            part: CheckBox(self._theme, i18n.text(word))
            for part, word in _PART_WORDS.items()
            if part != "own" or self._fields
        }
        for part, box in self.parts.items():
            box.setChecked(part in last.parts)
        column.addWidget(Field(self._theme, i18n.text("On the card besides the name"), _grid(self.parts.values())))
        self.impp = CheckBox(self._theme, i18n.text("Telegram for desktop programs too (IMPP)"))
        self.impp.setChecked(last.impp)
        column.addWidget(self.impp)
        return holder

    def _make_table(self, last: ExportChoice) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.delimiter = Segmented(
            self._theme,
            ((";", i18n.text("Semicolons: Excel in Russian")), (",", i18n.text("Commas: everybody else"))),
            name=i18n.text("Between the columns"),
        )
        self.delimiter.select(last.delimiter)
        column.addWidget(self.delimiter, 0, Qt.AlignmentFlag.AlignLeft)
        options = [("usual", i18n.text("Usual")), ("all", i18n.text("All")), ("own", i18n.text("Chosen"))]
        if self._view:
            options.insert(0, ("view", i18n.text("As in the list")))
        self.which = Segmented(self._theme, options, name=i18n.text("Columns"))
        self.which.changed.connect(self._check)
        column.addWidget(Field(self._theme, i18n.text("Columns"), self.which))
        self.columns = {one.key: CheckBox(self._theme, one.column.title) for one in self._columns}
        for box in self.columns.values():
            box.clicked.connect(lambda: self.which.select("own"))
        scroll = ScrollColumn(self._theme, "raised" if self._theme.dark else "surface", side=0, top=0)
        scroll.body.addWidget(_grid(self.columns.values()))
        scroll.setFixedHeight(self._theme.px(_LIST_HEIGHT))
        column.addWidget(scroll)
        if last.keys is not None:
            self.which.select("own")
            self._mark(last.keys)
        else:
            self.which.select("view" if self._view else "usual")
            self._check(self.which.current)
        return holder

    def _check(self, which: str) -> None:
        if which == "all":
            self._mark(tuple(self.columns))
        elif which != "own":
            self._mark(self._view if which == "view" else usual_keys(self._fields))

    def _mark(self, keys: Sequence[str]) -> None:
        for key, box in self.columns.items():
            box.setChecked(key in keys)

    def _show(self) -> None:
        kind = self.kind.current
        self.cards.setVisible(kind == "vcf")
        self.table.setVisible(kind != "vcf")
        self.delimiter.setVisible(kind == "csv")
        self._hint.set_text(
            {
                "vcf": i18n.text("Contacts for a phone, Outlook, Thunderbird, another Krug."),
                "xlsx": i18n.text("A table for Excel, LibreOffice, Google Sheets."),
                "csv": i18n.text("A table as text, for any program."),
                "json": i18n.text("Data for programs: values by keys."),
            }[kind]
        )
        self.place_panel()

    def choice(self) -> ExportChoice:
        """What the dialog says now."""
        which = self.which.current
        keys: tuple[str, ...] | None = tuple(key for key, box in self.columns.items() if box.isChecked())
        if which == "view":
            known = set(self.columns)
            keys = tuple(key for key in self._view if key in known)
        elif which == "usual":
            keys = None
        return ExportChoice(
            self.kind.current,
            self.version.current,
            self.files.current == "each",
            frozenset(part for part in PARTS if part not in self.parts or self.parts[part].isChecked()),
            self.impp.isChecked(),
            keys,
            self.delimiter.current,
        )

    def answer(self) -> None:
        """Take the answer; a table needs a column."""
        choice = self.choice()
        if choice.kind != "vcf" and choice.keys == ():
            self.set_error(i18n.text("Choose at least one column."))
            return
        self.window().setProperty(_LAST, choice)
        self.accept()
        self._chosen(choice)


def _grid(boxes: Any) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    for place, box in enumerate(boxes):
        grid.addWidget(box, place // _COLUMNS_OF_BOXES, place % _COLUMNS_OF_BOXES)
    for column in range(_COLUMNS_OF_BOXES):
        grid.setColumnStretch(column, 1)
    return holder


_AS_IN_FILE: Final = {
    "name": ("family_name", "given_name", "additional_name", "nickname"),
    "visit": ("last_visit",),
    "events": ("attended",),
    "job": ("job_title",),
    "phone": ("phones",),
    "email": ("emails",),
    "joined": ("joined_on",),
    "referred": ("referred_by",),
}


def exported(keys: Sequence[str]) -> tuple[str, ...]:
    """Columns of the list as a file has them: the name there is in its parts."""
    return tuple(one for key in keys for one in _AS_IN_FILE.get(key, (key,)))


def ask_and_export(
    theme: Theme,
    host: QWidget,
    operations: Operations,
    jobs: Jobs,
    ids: Sequence[int],
    name: str = "",
    view: Sequence[str] = (),
) -> ExportDialog:
    """Ask what and where, then write these people in the background; `view` are keys of the columns of the list."""
    fields = operations.read(custom_fields.fields)
    said = name or i18n.plural("{count} person", "{count} people", len(ids))
    go = partial(_ask_file, host, operations, jobs, tuple(ids), fields, name)
    dialog = ExportDialog(theme, host, fields, said, view, go)
    dialog.open()
    return dialog


def _ask_file(
    host: QWidget,
    operations: Operations,
    jobs: Jobs,
    ids: Sequence[int],
    fields: Sequence[FieldDefinition],
    name: str,
    choice: ExportChoice,
) -> None:
    suggested = Path.home() / f"{name or i18n.text('people')}.{choice.kind}"
    title = i18n.text("Export people")
    if choice.kind == "vcf" and choice.one_file_each:
        chosen = QFileDialog.getExistingDirectory(host, i18n.text("Folder for the cards"), str(suggested.parent))
    else:
        kinds = f"{i18n.text(_FILTERS[choice.kind])} (*.{choice.kind})"
        chosen, _ = QFileDialog.getSaveFileName(host, title, str(suggested), kinds)
    if not chosen:
        return
    target = Path(chosen)
    if not choice.one_file_each and target.suffix.lower() != f".{choice.kind}":
        target = target.with_name(f"{target.name}.{choice.kind}")
    export(operations, jobs, ids, target, choice, fields)


def export(
    operations: Operations,
    jobs: Jobs,
    ids: Sequence[int],
    target: Path,
    choice: ExportChoice,
    fields: Sequence[FieldDefinition] = (),
) -> None:
    """Write people to `target` as a job; how many is said, a refusal too."""

    def work(report: Report) -> int:
        def read(session: Any) -> list[PersonCard]:
            found = []
            for place, card in enumerate(people.cards(session, ids)):
                if place % _EVERY == 0:
                    report(place, 2 * len(ids))
                found.append(card)
            return found

        cards = operations.read(read)

        def written(step: int, of: int) -> None:
            report(of + step, 2 * of)

        return _write(cards, target, choice, fields, written, operations)

    def done(count: int) -> None:
        what = phrase_plural(
            "Exported {count} person to {file}", "Exported {count} people to {file}", count, file=target.name
        )
        operations.said.emit(Said(what, None, "file-arrow-down"))

    def failed(error: BaseException) -> None:
        if isinstance(error, CrmError):
            operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    jobs.start(phrase("Exporting people"), work, done, failed)


def _write(
    cards: Sequence[PersonCard],
    target: Path,
    choice: ExportChoice,
    fields: Sequence[FieldDefinition],
    report: Report,
    operations: Operations,
) -> int:
    if choice.kind == "vcf":
        from crm.export.vcard import write_vcards

        wanted = CardChoice(choice.parts, {field.id: field for field in fields}, choice.impp)
        return write_vcards(
            cards,
            target,
            choice.version,
            choice=wanted,
            one_file_each=choice.one_file_each,
            processes=_PROCESSES,
            report=report,
            clock=operations.clock,
        )
    from crm.export.people import write_people

    return write_people(
        cards,
        target,
        choice.kind,
        keys=choice.keys,
        fields=fields,
        delimiter=choice.delimiter,
        title=i18n.text("People"),
        report=report,
    )
