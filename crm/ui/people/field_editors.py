"""What a fact of a profile turns into while it is being changed: a line, a choice, a day, tags, a contact, an address.

An editor knows what is typed and the verb that keeps it; the row that holds it (`fact_row.py`) knows when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import contact_points, i18n
from crm.clock import Clock
from crm.i18n import Phrase
from crm.services import custom_fields, needs, people_editing, person_lists
from crm.services.cards import AddressLine, ContactLine, NeedLine
from crm.services.custom_fields import FieldDefinition
from crm.services.people_editing import ContactDraft
from crm.services.person_fields import custom_label, field_label, field_title, need_label
from crm.ui.operations import Operations
from crm.ui.people import words
from crm.ui.people.custom_input import custom_input, typed_in
from crm.ui.people.inputs import completing
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import CheckBox
from crm.ui.widgets.fields import LineEdit, Select, TextArea, mark
from crm.ui.widgets.labels import Label, Notice

Write = Callable[[Any, Clock], object]


class FieldWrong(Exception):
    """What is typed cannot be read; the text says why and what to type."""

    def __init__(self, said: str, widget: QWidget | None = None) -> None:
        super().__init__(said)
        self.widget = widget


class FieldEditor(QWidget):
    """One fact while it is being changed. `finished` asks to keep it now; `acted` carries a deed of its own buttons."""

    finished = Signal()
    acted = Signal(object, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 8)
        self._column.setSpacing(6)
        self._error = Notice(theme, "warning-circle-fill", "", "bad")
        self._error.hide()
        self._column.addWidget(self._error)
        self._keys = Label(theme, i18n.text("Enter keeps, Esc gives back"), "small", "text3")
        self._column.addWidget(self._keys)

    def _put(self, widget: QWidget, title: str = "") -> None:
        """One more line of the editor; `title` stands above it and names it for a screen reader."""
        if isinstance(widget, TextArea):
            self._keys.set_text(i18n.text("Ctrl+Enter keeps, Esc gives back"))
        place = self._column.count() - 2
        if title:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(3)
            column.addWidget(Label(self._theme, title, "small", "text2"))
            column.addWidget(widget)
            self._column.insertWidget(place, holder)
        else:
            self._column.insertWidget(place, widget)

    def start(self) -> QWidget:
        """Where typing begins."""
        raise NotImplementedError

    def inputs(self) -> Sequence[QWidget]:
        """The fields in it, to be marked when they are wrong."""
        return (self.start(),)

    @property
    def is_changed(self) -> bool:
        """Something else is written than there was."""
        raise NotImplementedError

    def write(self) -> Write:
        """The verb that keeps what is typed. Raises FieldWrong."""
        raise NotImplementedError

    def label(self, name: str) -> Phrase:
        """The label of that deed."""
        raise NotImplementedError

    def set_error(self, said: str, widget: QWidget | None = None) -> None:
        """Say beside the field what is wrong; «» takes it away."""
        self._error.set_text(said)
        self._error.setVisible(bool(said))
        self._keys.setVisible(not said)
        wrong = widget or self.start()
        for one in self.inputs():
            mark(one, wrong=bool(said) and one is wrong)
            one.setAccessibleDescription(said if one is wrong else "")

    @property
    def error(self) -> str:
        """The sentence in force, «» when all is well."""
        return "" if self._error.isHidden() else self._error.text()


@dataclass(frozen=True, slots=True)
class Part:
    """A field of `PersonDraft` in an editor: its control, what it holds now, and what is typed as such a value.

    `read` raises FieldWrong.
    """

    field: str
    widget: QWidget
    before: Any
    read: Callable[[], Any]
    title: str = ""


class PartsEditor(FieldEditor):
    """One field of a person or a few that are one fact: work is organisation and job title."""

    def __init__(self, theme: Theme, person_id: int, field: str, parts: Sequence[Part]) -> None:
        super().__init__(theme)
        self._person, self._field, self._parts = person_id, field, tuple(parts)
        for part in parts:
            self._put(part.widget, part.title)
            part.widget.setAccessibleName(part.title)
        only = parts[0].widget
        if len(parts) == 1 and isinstance(only, Select):
            only.chosen.connect(lambda _: self.finished.emit())

    def start(self) -> QWidget:
        """The first of them."""
        return self._parts[0].widget

    def inputs(self) -> Sequence[QWidget]:
        """All of them."""
        return [part.widget for part in self._parts]

    def _changes(self) -> dict[str, Any]:
        return {part.field: value for part in self._parts if (value := part.read()) != part.before}

    @property
    def is_changed(self) -> bool:
        """A value differs, or what is typed is none."""
        try:
            return bool(self._changes())
        except FieldWrong:
            return True

    def write(self) -> Write:
        """Change the fields that differ and no other."""
        changes = self._changes()
        return lambda session, clock: people_editing.change_fields(session, self._person, changes, clock)

    def label(self, name: str) -> Phrase:
        """The one field that differs, or the fact."""
        changed = list(self._changes())
        return field_label(changed[0] if len(changed) == 1 else self._field, name)


class ContactEditor(FieldEditor):
    """A contact: kind, value, label, whether it is the preferred one of its kind."""

    def __init__(
        self, theme: Theme, person_id: int, kind: str, contact: ContactLine | None, labels: Sequence[str] = ()
    ) -> None:
        super().__init__(theme)
        self._person, self._contact = person_id, contact
        kinds = [(key, words.contact_kind(key)) for key in contact_points.KINDS]
        if kind not in contact_points.KINDS:
            kinds.append((kind, kind))
        self.kind = Select(theme, kinds, i18n.text("Kind of contact"))
        self.kind.set_value(kind)
        self.value = LineEdit(theme, "", words.contact_kind(kind))
        self.note = LineEdit(theme, i18n.in_context("contact", "Label"), i18n.in_context("contact", "Label"))
        completing(theme, self.note, labels)
        self.preferred = CheckBox(theme, i18n.in_context("contact", "The main one"))
        if contact is not None:
            self.value.setText(words.contact_shown(contact.kind, contact.value))
            self.note.setText(contact.label)
            self.preferred.setChecked(contact.preferred)
        self._before = self._draft()
        self.value.textEdited.connect(self._guess)
        self.kind.chosen.connect(lambda key: self.value.setAccessibleName(words.contact_kind(key)))
        self._put(self.value)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind, 1)
        row.addWidget(self.note, 1)
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._put(holder)
        self._put(self.preferred)

    def _guess(self, typed: str) -> None:
        """A handle pasted where a phone is asked for is a handle; only of a contact that is being added."""
        telling = self._contact is None and ("@" in typed or "/" in typed)
        if telling and contact_points.key(self.kind.value(), typed) is None:
            guess = contact_points.guessed_kind(typed)
            if guess not in ("other", self.kind.value()) and contact_points.key(guess, typed) is not None:
                self.kind.set_value(guess)
                self.value.setAccessibleName(words.contact_kind(guess))

    def _draft(self) -> ContactDraft:
        return ContactDraft(self.kind.value(), self.value.text(), self.note.text(), self.preferred.isChecked())

    def start(self) -> QWidget:
        """The value."""
        return self.value

    def inputs(self) -> Sequence[QWidget]:
        """Value and label."""
        return (self.value, self.note)

    @property
    def is_changed(self) -> bool:
        """Any part of it."""
        return self._draft() != self._before

    def write(self) -> Write:
        """Put it where the old one was; an emptied one goes."""
        draft, person = self._draft(), self._person
        old = None if self._contact is None else (self._contact.kind, self._contact.value)
        if self._contact is not None and draft.raw == self._before.raw and draft.kind == self._before.kind:
            # Only the label or the mark differs: what came in stays as it was typed.
            draft = replace(draft, raw=self._contact.value)
        return lambda session, clock: people_editing.put_contact(session, person, draft, clock, instead_of=old)

    def label(self, name: str) -> Phrase:
        """The kind."""
        return field_label(self.kind.value(), name)


class AddressEditor(FieldEditor):
    """An address by its parts."""

    _PARTS: Final = ("street", "city", "postcode", "region", "country", "label")

    def __init__(self, theme: Theme, person_id: int, address_id: int | None, line: AddressLine) -> None:
        super().__init__(theme)
        self._person, self._id = person_id, address_id
        titles = words.address_parts()
        self._lines = {part: LineEdit(theme, titles[part], titles[part]) for part in self._PARTS}
        for part, field in self._lines.items():
            field.setText(" ".join(getattr(line, part).split()))
        self._line, self._before = line, self._typed()
        self._put(self._lines["street"])
        for left, right in (("city", "postcode"), ("region", "country")):
            row = QWidget()
            both = QHBoxLayout(row)
            both.setContentsMargins(0, 0, 0, 0)
            both.setSpacing(8)
            both.addWidget(self._lines[left], 3)
            both.addWidget(self._lines[right], 2)
            self._put(row)
        self._put(self._lines["label"])

    def _typed(self) -> AddressLine:
        return AddressLine(**{part: field.text() for part, field in self._lines.items()})

    def start(self) -> QWidget:
        """The street."""
        return self._lines["street"]

    @property
    def is_changed(self) -> bool:
        """Any part of it."""
        return self._typed() != self._before

    def write(self) -> Write:
        """Change it, add it, or, emptied, take it away."""
        typed, before, line = self._typed(), self._before, self._line
        # A part that nobody touched keeps its own line breaks.
        kept = {part: getattr(line, part) for part in self._PARTS if getattr(typed, part) == getattr(before, part)}
        wanted, person, row_id = replace(typed, **kept), self._person, self._id
        return lambda session, clock: person_lists.put_address(session, person, wanted, clock, row_id)

    def label(self, name: str) -> Phrase:
        """The address."""
        return field_label("address", name)


class NeedEditor(FieldEditor):
    """What a person offers or seeks, in a few words; settled, opened again or removed by its own buttons."""

    def __init__(self, theme: Theme, operations: Operations, person: tuple[int, str], field: str,
                 need: NeedLine | None) -> None:  # fmt: skip
        super().__init__(theme)
        self._operations, self._need, self._field = operations, need, field
        self._person, self._name = person
        hint = i18n.text("For example, SQL") if field == "offers" else i18n.text("For example, a mentor")
        self.line = LineEdit(theme, hint, i18n.text("In a few words"))
        self.line.setText(need.text if need is not None else "")
        self._put(self.line, field_title(need.direction if need is not None else field))
        if need is not None:
            row = QWidget()
            buttons = QHBoxLayout(row)
            buttons.setContentsMargins(0, 0, 0, 0)
            buttons.setSpacing(4)
            settled = need.closed_on is not None
            closing = i18n.text("Withdraw the offer") if need.direction == "offers" else i18n.text("Close the request")
            word = i18n.text("Open again") if settled else closing
            self.settle_button = Button(theme, word, "secondary", size="compact")
            self.settle_button.clicked.connect(self._reopen if settled else self._settle)
            self.remove_button = Button(theme, i18n.in_context("need", "Remove"), "quiet", size="compact")
            self.remove_button.clicked.connect(self._remove)
            buttons.addWidget(self.settle_button)
            buttons.addWidget(self.remove_button)
            buttons.addStretch(1)
            self._put(row)

    def _settle(self) -> None:
        assert self._need is not None  # noqa: S101 - its button is there only with a need
        need, today = self._need, self._operations.today()
        label = need_label("settled", need.text, self._name)
        self.acted.emit(label, lambda session, clock: needs.close_need(session, need.id, today, clock))

    def _reopen(self) -> None:
        assert self._need is not None  # noqa: S101 - its button is there only with a need
        need = self._need
        label = need_label("open", need.text, self._name)
        self.acted.emit(label, lambda session, clock: needs.reopen_need(session, need.id, clock))

    def _remove(self) -> None:
        assert self._need is not None  # noqa: S101 - its button is there only with a need
        need = self._need
        label = field_label(need.direction, self._name)
        self.acted.emit(label, lambda session, clock: needs.remove_need(session, need.id, clock))

    def start(self) -> QWidget:
        """The line."""
        return self.line

    @property
    def is_changed(self) -> bool:
        """Other words."""
        return self.line.text().strip() != (self._need.text if self._need is not None else "")

    def write(self) -> Write:
        """Say it in these words."""
        what, person, need = self.line.text(), self._person, self._need
        if need is not None:
            return lambda session, clock: needs.change_need(session, need.id, what, clock)
        direction: needs.Direction = "offers" if self._field == "offers" else "seeks"
        return lambda session, clock: needs.add_need(session, person, direction, what, clock)

    def label(self, name: str) -> Phrase:
        """What it is."""
        return field_label(self._need.direction if self._need is not None else self._field, name)


class CustomEditor(FieldEditor):
    """A field of the manager's own, by its kind."""

    def __init__(self, theme: Theme, person_id: int, field: FieldDefinition, stored: str) -> None:
        super().__init__(theme)
        self._person, self._field = person_id, field
        self._before = custom_fields.typed_value(field, stored)
        self._widget = custom_input(theme, field, self._before)
        self._before = self._typed()
        self._put(self._widget, field.name)
        self._widget.setAccessibleName(field.name)
        if isinstance(self._widget, Select):
            self._widget.chosen.connect(lambda _: self.finished.emit())

    def _typed(self) -> str:
        return typed_in(self._widget)

    def start(self) -> QWidget:
        """Its control."""
        return self._widget

    @property
    def is_changed(self) -> bool:
        """Another value is written."""
        return self._typed() != self._before

    def write(self) -> Write:
        """Give the person this value."""
        typed, person, field = self._typed(), self._person, self._field
        return lambda session, clock: custom_fields.set_value(session, [person], field.id, typed, clock)

    def label(self, name: str) -> Phrase:
        """The field as the manager calls it."""
        return custom_label(self._field.name, name)
