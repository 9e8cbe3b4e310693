"""The second step: every column of the file with its first cells, and the field it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.importing.layout import FIELDS, Column, Layout, field_of, field_title
from crm.importing.rows import ImportedPerson
from crm.services.custom_fields import FieldDefinition
from crm.ui.importing.reading import Look
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.fields import Select
from crm.ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label
from crm.ui.widgets.pages import ScrollColumn, SidePane, Surface

_ENCODINGS: Final = ("utf-8", "cp1251", "utf-16", "koi8-r", "cp866", "cp1252")
_DELIMITERS: Final = {";": i18n.mark("semicolon"), ",": i18n.mark("comma"), "\t": i18n.mark("tab"), "|": "|"}
_LABELS: Final = {
    "mobile": i18n.mark("mobile"),
    "work": i18n.mark("work"),
    "home": i18n.mark("home"),
    "family": i18n.mark("surname first"),
    "given": i18n.mark("given name first"),
}
_LABELLED: Final = {
    "full_name": ("family", "given"),
    "phone": ("mobile", "work", "home"),
    "email": ("work", "home"),
}
_HEADER, _CHOICE, _STATE = 180, 210, 150


class ColumnsStep(QWidget):
    """`reread` carries a layout the file is to be read by anew; `next_wanted` and `other_wanted` lead on and back."""

    reread = Signal(object)
    next_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._look: Look | None = None
        self._own: Sequence[FieldDefinition] = ()
        self._chosen: dict[str, str] = {}
        self.selects: list[Select] = []
        self._states: list[IconLabel] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(200)
        self._later.timeout.connect(lambda: self.reread.emit(self.layout_wanted()))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._bar())
        self._list = ScrollColumn(theme, top=0)
        self._list.body.setSpacing(0)
        left.addWidget(self._list, 1)
        middle.addLayout(left, 1)
        self._side = SidePane(theme, 300)
        self._people = ScrollColumn(theme, side=24)
        self._side.body.addWidget(self._people)
        middle.addWidget(self._side)
        whole.addLayout(middle, 1)
        whole.addWidget(self._foot())

    def _bar(self) -> QWidget:
        theme = self._theme
        bar = Surface(theme, "surface", "b")
        bar.setFixedHeight(theme.px(50))
        row = QHBoxLayout(bar)
        row.setContentsMargins(28, 0, 28, 1)
        row.setSpacing(10)
        self._file = ElidedLabel(theme, "", "body_strong")
        self._size = Label(theme, "", "small", "text2")
        self.encoding = Select(theme, [(one, one.upper()) for one in _ENCODINGS], i18n.text("Encoding"))
        self.delimiter = Select(
            theme, [(sign, i18n.text(word)) for sign, word in _DELIMITERS.items()], i18n.text("Delimiter")
        )
        self.encoding.chosen.connect(lambda one: self._read_as(encoding=one))
        self.delimiter.chosen.connect(lambda one: self._read_as(delimiter=one))
        self.header = FilterChip(theme, i18n.text("The first row holds headers"))
        self.header.clicked.connect(self._switch_header)
        row.addWidget(self._file, 1)
        for one in (self._size, self.encoding, self.delimiter, self.header):
            row.addWidget(one)
        return bar

    def _foot(self) -> QWidget:
        theme = self._theme
        foot = Surface(theme, "surface", "t")
        foot.setFixedHeight(theme.px(60))
        row = QHBoxLayout(foot)
        row.setContentsMargins(28, 1, 24, 0)
        row.setSpacing(8)
        self._note = IconLabel(theme, "shield-check", "", "small", "text2")
        row.addWidget(self._note, 1)
        self.set_trouble("")
        other = Button(theme, i18n.text("Another file"))
        other.clicked.connect(self.other_wanted)
        self.next_button = Button(theme, i18n.text("Check"), "primary")
        self.next_button.clicked.connect(self.next_wanted)
        row.addWidget(other)
        row.addWidget(self.next_button)
        return foot

    # -- content --------------------------------------------------------------------------------------------------

    def set_trouble(self, told: str) -> None:
        """Why the file was not read in another way, «» when all is well."""
        if told:
            self._note.set_content("warning-circle-fill", told, "bad")
        else:
            self._note.set_content("shield-check", i18n.text("Nothing is written before the last step."), "text2")

    @property
    def trouble(self) -> str:
        """What the line at the bottom says."""
        return self._note.text()

    def show_look(self, look: Look, own: Sequence[FieldDefinition]) -> None:
        """Show a file; only the preview changes where its columns are the same as before."""
        same = self._look is not None and self._headers(self._look) == self._headers(look)
        if not same:
            self._chosen.clear()
        self._look, self._own = look, own
        self.set_trouble("")
        self._file.set_text(look.origin.name)
        layout = look.layout or Layout()
        self._size.set_text(i18n.plural("{count} column", "{count} columns", len(look.columns)))
        text_table = bool(layout.delimiter)
        self.encoding.setVisible(text_table)
        self.delimiter.setVisible(text_table)
        if layout.encoding and layout.encoding not in _ENCODINGS:
            known = (layout.encoding, *_ENCODINGS)
            self.encoding.set_options([(one, one.upper()) for one in known])
        self.encoding.set_value(layout.encoding)
        self.delimiter.set_value(layout.delimiter)
        self.header.set_active(bool(layout.header_row))
        if not same:
            self._show_columns(look)
        self._show_people(look.people)

    @staticmethod
    def _headers(look: Look) -> tuple[object, ...]:
        layout = look.layout or Layout()
        return look.origin.name, layout.encoding, layout.delimiter, layout.header_row, look.sample

    def _show_columns(self, look: Look) -> None:
        theme, body = self._theme, self._list.body
        self._list.clear()
        self.selects, self._states = [], []
        head = QHBoxLayout()
        head.setContentsMargins(0, 9, 0, 9)
        head.setSpacing(12)
        for words, width in ((i18n.text("Column of the file"), _HEADER), (i18n.text("First values"), 0),
                             (i18n.text("Field in Krug"), _CHOICE + _STATE + 12)):  # fmt: skip
            label = Label(theme, words, "small", "text2")
            if width:
                label.setFixedWidth(theme.px(width))
            head.addWidget(label, 0 if width else 1)
        body.addLayout(head)
        body.addWidget(Hairline(theme))
        for place, column in enumerate(look.columns):
            body.addWidget(self._line(look, place, column))
            body.addWidget(Hairline(theme))
        body.addStretch(1)

    def _line(self, look: Look, place: int, column: Column) -> QWidget:
        theme = self._theme
        line = QWidget()
        line.setFixedHeight(theme.px(44))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        name = column.header or i18n.text("Column {number}", number=column.index + 1)
        title = ElidedLabel(theme, name, "body_strong")
        title.setFixedWidth(theme.px(_HEADER))
        cells = [cells[column.index].strip() for cells in look.sample if column.index < len(cells)]
        samples = ElidedLabel(theme, " · ".join(" ".join(cell.split()) for cell in cells[:3] if cell), "body", "text2")
        select = Select(theme, self._targets(column), i18n.text("What “{column}” becomes", column=name))
        select.setFixedWidth(theme.px(_CHOICE))
        select.set_value(_target(column))
        select.chosen.connect(lambda value: self._choose(place, str(value)))
        state = IconLabel(theme, "check-circle-fill", "", "small", "text2", icon_colour="ok")
        state.setFixedWidth(theme.px(_STATE))
        self.selects.append(select)
        self._states.append(state)
        self._tell(place, column)
        row.addWidget(title)
        row.addWidget(samples, 1)
        row.addWidget(select)
        row.addWidget(state)
        return line

    def _targets(self, column: Column) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for field in FIELDS:
            if field in ("own", "ignored", "extra"):
                continue
            found.append((field, field_title(field)))
            found += [
                (f"{field}:{key}", f"{field_title(field)}, {i18n.text(_LABELS[key])}")
                for key in _LABELLED.get(field, ())
            ]
        found += [(f"own:{one.name}", one.name) for one in self._own if not one.archived]
        found += [(field, field_title(field)) for field in ("extra", "ignored")]
        own = _target(column)
        if own not in dict(found):
            name = FIELDS.get(column.field)
            label = f", {column.label}" if column.label else ""
            told = (field_title(column.field) if name else i18n.text("As the file says")) + label
            found.insert(0, (own, told))
        return found

    def _choose(self, place: int, value: str) -> None:
        if self._look is None:
            return
        column = self._look.columns[place]
        field, _, label = value.partition(":")
        self._chosen[str(place)] = value
        self._tell(place, replace(column, field=field, label=label), chosen=True)
        self._later.start()

    def _tell(self, place: int, column: Column, *, chosen: bool = False) -> None:
        """What is to be said of a column: how its field was found, or where its cells go."""
        if column.field == "ignored":
            icon, told, tone = "minus-circle", i18n.text("not imported"), "text2"
        elif column.field == "extra":
            icon, told, tone = "note", i18n.text("kept in the note"), "text2"
        elif chosen or str(place) in self._chosen:
            icon, told, tone = "check-circle-fill", i18n.text("chosen by you"), "accent_text"
        elif self._look is not None and self._look.met:
            icon, told, tone = "check-circle-fill", i18n.text("as the last time"), "ok"
        elif field_of(column.header.strip())[0]:
            icon, told, tone = "check-circle-fill", i18n.text("by the header"), "ok"
        else:
            icon, told, tone = "check-circle-fill", i18n.text("by the values"), "ok"
        self._states[place].set_content(icon, told, "text2", tone)

    def _show_people(self, people: Sequence[ImportedPerson]) -> None:
        theme = self._theme
        self._people.clear()
        body = self._people.body
        body.addWidget(Label(theme, i18n.text("So they will be"), "heading"))
        for person in people:
            body.addWidget(Label(theme, person.shown_name(), "body_strong", wrap=True))
            for line in _facts(person):
                body.addWidget(Label(theme, line, "small", "text2", wrap=True))
            body.addWidget(Hairline(theme))
        if not people:
            body.addWidget(Label(theme, i18n.text("No person is recognised yet. Choose a name or a contact."), "body",
                                 "warn", wrap=True))  # fmt: skip
        body.addStretch(1)

    # -- wishes ---------------------------------------------------------------------------------------------------

    @property
    def changed_by_hand(self) -> int:
        """How many columns a person mapped."""
        return len(self._chosen)

    def layout_wanted(self) -> Layout:
        """How the file is to be read by what is chosen."""
        assert self._look is not None  # noqa: S101 - there is a file on this step
        layout = self._look.layout or Layout()
        named = [(column.header or str(column.index + 1), column) for column in self._look.columns]
        pairs = [(header, _target(column)) for header, column in named]
        # A choice goes last: of two columns with one header it is the one that counts.
        pairs += [(named[int(place)][0], value) for place, value in self._chosen.items()]
        return replace(layout, columns=tuple(pairs))

    def _read_as(self, encoding: str = "", delimiter: str = "") -> None:
        if self._look is not None:
            layout = self._look.layout or Layout()
            self._chosen.clear()
            self.reread.emit(Layout(encoding or layout.encoding, delimiter or layout.delimiter))

    def _switch_header(self) -> None:
        if self._look is not None:
            layout = self._look.layout or Layout()
            self._chosen.clear()
            self.reread.emit(replace(layout, columns=(), header_row=0 if layout.header_row else 1))

    def home(self) -> QWidget:
        """What Enter goes on with."""
        return self.next_button


def _target(column: Column) -> str:
    return f"{column.field}:{column.label}" if column.label else column.field


def _facts(person: ImportedPerson) -> list[str]:
    """A few lines of what is known of somebody."""
    found = [" · ".join(part for part in (person.job_title, person.organisation) if part)]
    found += [contact.raw for contact in person.contacts[:3]]
    found.append(person.city)
    found.append(person.birthday.iso() if person.birthday else "")
    found.append(", ".join(person.tags[:5]))
    return [line[:120] for line in found if line]
