"""The form of a person: add with a name, a contact and a tag; edit everything; saved as one deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n, text
from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import organisations, people_editing, tags
from crm.services.cards import PersonCard
from crm.services.people_editing import ContactDraft, Double, PersonDraft
from crm.ui.operations import Operations, Said
from crm.ui.people.inputs import (
    AskedField,
    ContactsField,
    NoSuchDay,
    TagsField,
    read_birthday,
    written_birthday,
)
from crm.ui.people.more_fields import MoreFields
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, TextArea
from crm.ui.widgets.labels import Label, Notice
from crm.ui.widgets.pages import ScrollColumn

_FIRST_CONTACTS: Final = ("phone", "email", "telegram")
_ROOM: Final = 250
_WIDTH: Final = 600
_PADDING: Final = 28
_DOUBLES_AFTER: Final = 150


class PersonEditor(Dialog):
    """Adds a person, or changes `person`. `saved` carries the id, `person_chosen` a double the manager looks at."""

    saved = Signal(int)
    person_chosen = Signal(int)

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person: PersonCard | None = None, name: str = ""
    ) -> None:
        title = i18n.text("Add a person") if person is None else i18n.text("Edit a person")
        super().__init__(theme, host, title)
        self._theme, self._operations, self._person = theme, operations, person
        self._doubles: tuple[Double, ...] = ()
        self._scroll = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        self._scroll.body.setContentsMargins(2, 0, 14, 4)
        self._scroll.body.setSpacing(14)
        self.body.addWidget(self._scroll)
        self._names()
        self._double_note()
        self._reach()
        self._work()
        self._seldom()
        self._buttons()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_DOUBLES_AFTER)
        self._later.timeout.connect(self.look_for_doubles)
        self._fill(people_editing.draft_of(person) if person is not None else PersonDraft())
        if person is None and name:
            self.name.setText(name)
            self._read_name()
        self._scroll.body.addStretch(1)
        self._fit()

    # -- parts ----------------------------------------------------------------------------------------------------

    def _names(self) -> None:
        theme = self._theme
        self.name = LineEdit(theme, i18n.text("For example, Ivanova Anna Petrovna"))
        self.name.textEdited.connect(self._read_name)
        self._name_field = Field(
            theme, i18n.text("Name"), self.name, hint=i18n.text("Any order: Krug tells what is what")
        )
        self.family, self.given, self.additional = LineEdit(theme), LineEdit(theme), LineEdit(theme)
        parts = QHBoxLayout()
        parts.setSpacing(12)
        for label, field in (
            (i18n.text("Family name"), self.family),
            (i18n.text("Given name"), self.given),
            (i18n.text("Middle name"), self.additional),
        ):
            parts.addWidget(Field(theme, label, field))
            field.textEdited.connect(self._names_changed)
        self._parts = QWidget()
        self._parts.setLayout(parts)
        parts.setContentsMargins(0, 0, 0, 0)
        self._apart = Button(theme, i18n.text("Edit the parts"), "link", size="compact")
        self._apart.clicked.connect(self.show_parts)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        self._reading = Label(theme, "", "small", "text2", wrap=True)
        line.addWidget(self._reading, 1)
        line.addWidget(self._apart)
        self._reading_row = QWidget()
        self._reading_row.setLayout(line)
        column = QVBoxLayout()
        column.setSpacing(4)
        for widget in (self._name_field, self._reading_row, self._parts):
            column.addWidget(widget)
        self._scroll.body.addLayout(column)
        adding = self._person is None
        self._name_field.setVisible(adding)
        self._reading_row.hide()
        self._parts.setVisible(not adding)

    def show_parts(self) -> None:
        """Let the parts of the name be typed one by one."""
        self._name_field.hide()
        self._reading_row.hide()
        self._parts.show()
        self.family.setFocus()
        self._fit()

    def _double_note(self) -> None:
        self._note = QWidget()
        row = QHBoxLayout(self._note)
        row.setContentsMargins(0, 0, 0, 0)
        self._note_words = Notice(self._theme, "warning-fill", "", "warn")
        self._note_open = Button(self._theme, i18n.text("Show"), "link", size="compact")
        self._note_open.clicked.connect(self._open_double)
        row.addWidget(self._note_words, 1)
        row.addWidget(self._note_open)
        self._note.hide()
        self._scroll.body.addWidget(self._note)

    def _reach(self) -> None:
        # Somebody new is typed with as few stops as can be; labels come with the second look.
        self.contacts = ContactsField(self._theme, labelled=self._person is not None)
        self.contacts.changed.connect(self._names_changed)
        self._scroll.body.addWidget(self.contacts)
        self.tags = TagsField(self._theme, self._operations.read(tags.tag_names))
        self.tags.changed.connect(self._fit)
        self._scroll.body.addWidget(Field(self._theme, i18n.in_context("people", "Tags"), self.tags))

    def _work(self) -> None:
        theme, read = self._theme, self._operations.read
        self.organisation = AskedField(theme, lambda typed: read(lambda s: organisations.organisation_names(s, typed)))
        self.job_title, self.city = LineEdit(theme), LineEdit(theme)
        self.birthday = LineEdit(theme, i18n.text("DD.MM or DD.MM.YYYY"))
        self._birthday_field = Field(theme, i18n.text("Birthday"), self.birthday)
        self._grid(
            (
                Field(theme, i18n.text("Organisation"), self.organisation),
                Field(theme, i18n.text("Job title"), self.job_title),
            ),
            (Field(theme, i18n.text("City"), self.city), self._birthday_field),
        )
        self.note = TextArea(theme, rows=2)
        self._scroll.body.addWidget(Field(theme, i18n.in_context("people", "Note"), self.note))

    def _seldom(self) -> None:
        self._more = Button(self._theme, i18n.text("More fields"), "link", size="compact")
        self._more.clicked.connect(self.show_all)
        self._scroll.body.addWidget(self._more)
        self.more = MoreFields(self._theme, self._operations)
        self.more.resized.connect(self._fit)
        self.gender, self.referred_by = self.more.gender, self.more.referred_by
        self._referrer_field = self.more.referrer_field
        self._scroll.body.addWidget(self.more)

    def _grid(self, *rows: tuple[QWidget, QWidget]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(14)
        for place, (left, right) in enumerate(rows):
            grid.addWidget(left, place, 0)
            grid.addWidget(right, place, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._scroll.body.addWidget(holder)
        return holder

    def _buttons(self) -> None:
        cancel = Button(self._theme, i18n.text("Cancel"), "quiet")
        self.add_button(cancel, "reject")
        word = i18n.text("Add") if self._person is None else i18n.text("Save")
        self.save_button = Button(self._theme, word, "primary")
        self.save_button.clicked.connect(self.save)
        self.set_default(self.save_button)
        self.add_button(self.save_button)

    def show_all(self) -> None:
        """Show the fields that are seldom needed."""
        self._more.hide()
        self.more.show()
        self._fit()

    def _fit(self) -> None:
        """As high as the form needs, at most as the window allows; then it scrolls."""
        self._scroll.body.activate()
        room = self._theme.px(_WIDTH) - 2 * _PADDING
        wanted = self._scroll.body.totalHeightForWidth(room) if self._scroll.body.hasHeightForWidth() else 0
        wanted = max(wanted, self._scroll.body.totalMinimumSize().height()) + 4
        self._scroll.setFixedHeight(max(160, min(wanted, self.window().height() - self._theme.px(_ROOM))))

    # -- content --------------------------------------------------------------------------------------------------

    def _fill(self, draft: PersonDraft) -> None:
        self._draft = draft
        for name, field in self._lines().items():
            field.setText(getattr(draft, name))
        self.birthday.setText(written_birthday(draft.birthday))
        self.note.set_text(draft.note)
        self.tags.set_names(draft.tags)
        for contact in draft.contacts or tuple(ContactDraft(kind, "") for kind in _FIRST_CONTACTS):
            self.contacts.add(contact)
        held = self.more.fill(draft, self._person.referred_by if self._person else "")
        self.more.setVisible(held)
        self._more.setVisible(not held)

    def _lines(self) -> dict[str, LineEdit]:
        return {
            "family_name": self.family,
            "given_name": self.given,
            "additional_name": self.additional,
            "organisation": self.organisation,
            "job_title": self.job_title,
            "city": self.city,
        }

    def _read_name(self) -> None:
        """Tell how the name was understood, so that it can be put right."""
        name = text.split_name(self.name.text())
        self.family.setText(name.family)
        self.given.setText(name.given)
        self.additional.setText(name.additional)
        parts = (
            (i18n.text("Family name"), name.family),
            (i18n.text("Given name"), name.given),
            (i18n.text("Middle name"), name.additional),
        )
        said = " · ".join(f"{label}: {word}" for label, word in parts if word)
        self._reading.set_text(said)
        self._reading_row.setVisible(bool(said))
        suggested = text.suggested_gender(name.additional)
        if suggested is not None and self._person is None:
            self.gender.set_value(suggested)
        self._names_changed()
        self._fit()

    def _names_changed(self) -> None:
        self.set_error("")
        self._later.start()

    def draft(self) -> PersonDraft:
        """The person as the form says. Raises NoSuchDay."""
        lines: dict[str, Any] = {name: field.text() for name, field in self._lines().items()}
        return replace(
            self._draft,
            **lines,
            **self.more.values(),
            birthday=read_birthday(self.birthday.text()),
            note=self.note.text(),
            contacts=self.contacts.drafts(),
            tags=self.tags.names(),
        )

    # -- doubles --------------------------------------------------------------------------------------------------

    def look_for_doubles(self) -> None:
        """Warn when somebody like this is there already; nothing is forbidden."""
        own = self._person.id if self._person is not None else None
        draft = replace(
            PersonDraft(),
            family_name=self.family.text(),
            given_name=self.given.text(),
            additional_name=self.additional.text(),
            contacts=self.contacts.drafts(),
        )
        self._doubles = self._operations.read(lambda s: people_editing.possible_doubles(s, draft, own))
        self._note.setVisible(bool(self._doubles))
        if self._doubles:
            self._note_words.set_text(_warning(self._doubles))
        self._fit()

    def _open_double(self) -> None:
        if self._doubles:
            person_id = self._doubles[0].person_id
            self.reject()
            self.person_chosen.emit(person_id)

    # -- saving ---------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep it as one deed; what cannot be kept is said beside the field, and nothing is lost."""
        self._birthday_field.set_error("")
        try:
            draft = self.draft()
        except NoSuchDay as error:
            self._birthday_field.set_error(
                i18n.text("There is no day {day}. Type it as 14.03 or 14.03.1990", day=str(error))
            )
            self.birthday.setFocus()
            self._fit()
            return
        wrong = self.more.find_wrong()
        if wrong is not None:
            self.show_all()
            wrong.setFocus()
            return
        try:
            person_id, said = self._write(draft)
        except CrmError as error:
            self.set_error(error.text())
            return
        self.accept()
        if said is not None:
            self._operations.said.emit(said)
        self.saved.emit(person_id)

    def _write(self, draft: PersonDraft) -> tuple[int, Said | None]:
        clock = self._operations.clock
        name = text.display_name(
            text.NameParts(draft.family_name, draft.given_name, draft.additional_name, draft.nickname)
        ) or (draft.contacts[0].raw if draft.contacts else "")
        if self._person is None:
            label = phrase("Added {name}", name=name)
            added = self._operations.write(label, lambda s: people_editing.add_person(s, draft, clock))
            return added.value, Said(label, added.deed)
        person_id = self._person.id
        label = phrase("Changed {name}", name=name)
        done = self._operations.write(label, lambda s: people_editing.change_person(s, person_id, draft, clock))
        return person_id, Said(label, done.deed) if done.deed is not None else None


def _warning(doubles: Sequence[Double]) -> str:
    reasons = {
        "same_phone": i18n.text("the same phone"),
        "same_email": i18n.text("the same e-mail"),
        "same_name": i18n.text("the same name"),
    }
    first = doubles[0]
    why = reasons.get(first.reason, i18n.text("the same contact"))
    said = i18n.text("Perhaps already here: {name}, {why}", name=first.name, why=why)
    more = len(doubles) - 1
    return said + (" " + i18n.plural("and {count} more", "and {count} more", more) if more else "")
