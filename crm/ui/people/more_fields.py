"""What the form of a person has behind «More fields»: how to address, words, addresses, fields of the manager's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.services import custom_fields, people, person_lists
from crm.services.cards import AddressLine
from crm.services.custom_fields import FieldDefinition
from crm.services.people_editing import PersonDraft
from crm.services.person_fields import field_title
from crm.ui.operations import Operations
from crm.ui.people import words
from crm.ui.people.custom_input import custom_input, typed_in, write_into
from crm.ui.people.inputs import PersonField, TagsField
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.fields import Field, LineEdit, Select, TextArea
from crm.ui.widgets.labels import Label

T = TypeVar("T")
_WORDS: Final = ("languages", "skills", "motives", "offers", "seeks")


class MoreFields(QWidget):
    """The fields that are seldom needed; `resized` says that it needs another height."""

    resized = Signal()

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__()
        self._theme, self._operations = theme, operations
        self._draft = PersonDraft()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._address_form()
        self._words()
        self.addresses = AddressesField(theme)
        self.addresses.changed.connect(self.resized)
        self._column.addWidget(self.addresses)
        self._own()
        self.care_note = TextArea(theme, rows=2)
        hint = i18n.text("Seen only in this profile")
        self._column.addWidget(Field(theme, i18n.text("Care note"), self.care_note, hint=hint))

    def _address_form(self) -> None:
        theme = self._theme
        self.nickname, self.address_as, self.source = LineEdit(theme), LineEdit(theme), LineEdit(theme)
        self.kind = Select(theme, [(kind, words.person_kind(kind)) for kind in words.PERSON_KINDS])
        self.address_form = Select(theme, words.forms())
        self.channel = Select(theme, words.channels())
        self.gender = Select(theme, words.genders())
        self.referred_by = PersonField(theme, lambda typed: self._read(lambda s: people.offered(s, typed)))
        self.referrer_field = Field(theme, i18n.text("Came through"), self.referred_by)
        self.joined_on = DateField(theme, today=self._operations.today())
        self._joined_field = Field(theme, field_title("joined_on"), self.joined_on)
        self._first = (
            Field(theme, i18n.text("Nickname"), self.nickname),
            Field(theme, i18n.in_context("people", "Kind"), self.kind),
            Field(theme, i18n.text("Address as"), self.address_as),
            Field(theme, i18n.text("Form"), self.address_form),
            Field(theme, i18n.text("Preferred channel"), self.channel),
            Field(theme, i18n.text("Gender"), self.gender),
            self.referrer_field,
            Field(theme, i18n.text("Source"), self.source),
            self._joined_field,
        )

    def _words(self) -> None:
        theme = self._theme
        hints = {
            "languages": i18n.text("Add a language"),
            "skills": i18n.text("Add a skill"),
            "motives": i18n.text("Friends, a job…"),
            "offers": i18n.text("For example, SQL"),
            "seeks": i18n.text("For example, a mentor"),
        }
        known: dict[str, tuple[str, ...]] = {
            "languages": self._read(lambda s: person_lists.names_known(s, "languages")),
            "skills": self._read(lambda s: person_lists.names_known(s, "skills")),
            "motives": self._read(lambda s: person_lists.names_known(s, "motives")),
        }
        self.words: dict[str, TagsField] = {}
        for what in _WORDS:
            field = self.words[what] = TagsField(theme, [(one, "grey") for one in known.get(what, ())], hints[what])
            field.changed.connect(self.resized)
        self._pairs(*self._first, *(Field(theme, field_title(what), field) for what, field in self.words.items()))

    def _own(self) -> None:
        self._fields: Sequence[FieldDefinition] = self._read(custom_fields.fields)
        self.own: dict[int, QWidget] = {}
        self._own_fields: dict[int, Field] = {}
        for field in self._fields:
            control = self.own[field.id] = custom_input(self._theme, field, "")
            self._own_fields[field.id] = Field(self._theme, field.name, control)
        if self._own_fields:
            self._pairs(*self._own_fields.values())

    def _pairs(self, *widgets: QWidget) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(14)
        for place, widget in enumerate(widgets):
            grid.addWidget(widget, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._column.addWidget(holder)

    def _read(self, verb: Callable[[Any], T]) -> T:
        return self._operations.read(verb)

    def fill(self, draft: PersonDraft, referred_by: str) -> bool:
        """Show these fields of a draft. Returns whether any of them holds something."""
        self._draft = draft
        self.nickname.setText(draft.nickname)
        self.address_as.setText(draft.address_as)
        self.source.setText(draft.source)
        self.kind.set_value(draft.kind)
        self.address_form.set_value(draft.address_form)
        self.channel.set_value(draft.preferred_channel)
        self.gender.set_value(draft.gender)
        self.referred_by.set_person(draft.referred_by_id, referred_by)
        self.joined_on.set_day(draft.joined_on)
        for what, chips in self.words.items():
            chips.set_names(getattr(draft, what))
        self.addresses.fill(draft.addresses)
        held = dict(draft.custom)
        for field in self._fields:
            typed = custom_fields.typed_value(field, held.get(field.id, ""))
            write_into(self.own[field.id], typed)
        self._shown = {field.id: typed_in(self.own[field.id]) for field in self._fields}
        self.care_note.set_text(draft.care_note)
        plain = PersonDraft()
        return any(getattr(draft, name) != getattr(plain, name) for name in self.values())

    def values(self) -> dict[str, Any]:
        """What is typed, by the names of `PersonDraft`."""
        values: dict[str, Any] = {
            "nickname": self.nickname.text(),
            "address_as": self.address_as.text(),
            "source": self.source.text(),
            "kind": self.kind.value(),
            "address_form": self.address_form.value(),
            "preferred_channel": self.channel.value(),
            "gender": self.gender.value(),
            "referred_by_id": self.referred_by.person_id(),
            "joined_on": self.joined_on.day(),
            "addresses": self.addresses.lines(),
            "care_note": self.care_note.text(),
        }
        values |= {what: field.names() for what, field in self.words.items()}
        custom = dict(self._draft.custom)
        for field in self._fields:
            typed = typed_in(self.own[field.id])
            if typed != self._shown[field.id]:
                custom[field.id] = typed
        values["custom"] = tuple(custom.items())
        return values

    def find_wrong(self) -> QWidget | None:
        """Say beside each field what cannot be read in it; the first such field, None when all is well."""
        wrong: list[QWidget] = []
        referrer = i18n.text("Nobody is called so. Choose from the list") if self.referred_by.is_wrong else ""
        day = self.joined_on.text().strip()
        joined = i18n.text("There is no day {day}. Type it as 14.03.2026", day=day) if self.joined_on.is_wrong else ""
        for said, holder in ((referrer, self.referrer_field), (joined, self._joined_field)):
            holder.set_error(said)
            wrong += [holder.widget] if said else []
        for field in self._fields:
            said = ""
            try:
                custom_fields.read_value(field, typed_in(self.own[field.id]))
            except CrmError as error:
                said = error.text()
            if typed_in(self.own[field.id]) == self._shown[field.id]:
                # An option that was taken away meanwhile stays where it is.
                said = ""
            self._own_fields[field.id].set_error(said)
            wrong += [self.own[field.id]] if said else []
        return wrong[0] if wrong else None


class _AddressRow(QWidget):
    removed = Signal(object)
    _ROWS: Final = (("street", "label"), ("city", "postcode"), ("region", "country"))

    def __init__(self, theme: Theme, line: AddressLine) -> None:
        super().__init__()
        titles = words.address_parts()
        self.parts = {part: LineEdit(theme, titles[part], titles[part]) for part in titles}
        self._line = line
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setSpacing(6)
        for place, (left, right) in enumerate(self._ROWS):
            grid.addWidget(self.parts[left], place, 0)
            grid.addWidget(self.parts[right], place, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        cross = IconButton(theme, "x", i18n.text("Remove the address"))
        cross.clicked.connect(lambda: self.removed.emit(self))
        grid.addWidget(cross, 0, 2)
        for part, field in self.parts.items():
            field.setText(" ".join(getattr(line, part).split()))
        self._shown = {part: field.text() for part, field in self.parts.items()}

    def line(self) -> AddressLine:
        """What is written; a part nobody touched keeps its own line breaks."""
        return AddressLine(**{
            part: getattr(self._line, part) if field.text() == self._shown[part] else field.text()
            for part, field in self.parts.items()
        })  # fmt: skip


class AddressesField(QWidget):
    """Addresses under each other, and a way to add one."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[_AddressRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(theme, i18n.text("Addresses"), "small", "text2"))
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        row = QHBoxLayout()
        more = Button(theme, i18n.text("Add an address"), "link", "plus", size="compact")
        more.clicked.connect(self._add_empty)
        row.addWidget(more)
        row.addStretch(1)
        column.addLayout(row)

    def fill(self, lines: Sequence[AddressLine]) -> None:
        """Show these."""
        for row in list(self.rows):
            self._remove(row)
        for line in lines:
            self.add(line)

    def add(self, line: AddressLine) -> _AddressRow:
        """One more."""
        row = _AddressRow(self._theme, line)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._column.addWidget(row)
        row.show()
        self.changed.emit()
        return row

    def _add_empty(self) -> None:
        self.add(AddressLine()).parts["street"].setFocus()

    def _remove(self, row: _AddressRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.changed.emit()

    def lines(self) -> tuple[AddressLine, ...]:
        """What is written, empty ones left out."""
        return tuple(line for row in self.rows if (line := row.line()) != AddressLine(label=line.label))
