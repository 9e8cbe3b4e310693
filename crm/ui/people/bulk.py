"""What is done with many people at once: the bar that offers it, the dialog for a field, and the job behind both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase_plural
from crm.services import bulk, custom_fields, list_columns, organisations, person_fields, person_words, tags
from crm.services.bulk import FIELDS
from crm.services.custom_fields import FieldDefinition
from crm.services.list_columns import OWN
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.people import words
from crm.ui.people.inputs import AskedField, TagsField
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, Select
from crm.ui.widgets.labels import Label, plain_tooltip
from crm.ui.widgets.pages import SIDE, Surface

AT_ONCE: Final = 200
"""Up to so many people a deed takes no time that anybody would notice; more are a job."""


class SelectionBar(Surface):
    """Below the list while several people are selected: how many, and what can be done with them."""

    asked = Signal(str)
    """tags, untag, field, invite, export, copy, archive, delete, or in the trash restore."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "selected", "t")
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 5, 16, 5)
        row.setSpacing(0)
        self._count = Label(theme, "", "small_strong")
        row.addWidget(self._count)
        row.addSpacing(4)
        self.buttons: dict[str, Button] = {}
        for key, word, said, icon in (
            ("restore", i18n.text("Bring back"), i18n.text("Bring back"), "clock-counter-clockwise"),
            ("tags", i18n.in_context("selected", "Tag"), i18n.text("Add tags"), "plus"),
            ("untag", i18n.in_context("selected", "Untag"), i18n.text("Take a tag off"), "minus"),
            ("field", i18n.in_context("selected", "Field"), i18n.text("Set a field"), "pencil-simple"),
            ("invite", i18n.in_context("selected", "Invite"), i18n.text("Invite to an event"), "calendar-plus"),
            ("export", i18n.in_context("selected", "Export"), i18n.text("Export people"), "export"),
            ("archive", i18n.in_context("selected", "Archive"), i18n.text("Move to the archive"), "minus-circle"),
            ("delete", i18n.in_context("selected", "Delete"), i18n.text("Delete"), "trash"),
        ):
            button = Button(theme, word, "quiet", icon, size="compact")
            button.setAccessibleName(said)
            button.setToolTip(plain_tooltip(said))
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))
            self.buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)

    def show_for(self, count: int, *, trash: bool) -> None:
        """Offer what fits: in the trash people are brought back."""
        self._count.set_text(i18n.plural("{count} selected", "{count} selected", count))
        for key, button in self.buttons.items():
            button.setVisible((key == "restore") == trash)
        self.show()


class FieldDialog(Dialog):
    """Which field, and what all of these people have in it from now on; nothing written takes it away."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, said: str) -> None:
        super().__init__(theme, host, i18n.text("Set a field"), said, width=480)
        self._theme = theme
        read = operations.read
        self.own: tuple[FieldDefinition, ...] = read(custom_fields.fields)
        options = [(key, person_fields.field_title(key)) for key in FIELDS]
        options += [(f"{OWN}{field.id}", field.name) for field in self.own]
        self.field = Select(theme, options, name=i18n.text("Field"))
        self.body.addWidget(Field(theme, i18n.text("Field"), self.field))
        self.line = LineEdit(theme, name=i18n.text("Value"))
        self.organisation = AskedField(theme, lambda typed: read(lambda s: organisations.organisation_names(s, typed)))
        self.kind = Select(theme, [(kind, person_words.person_kind(kind)) for kind in words.PERSON_KINDS])
        self.choice = Select(theme, [])
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for widget in (self.line, self.organisation, self.kind, self.choice):
            self._stack.addWidget(widget)
        self.body.addWidget(Field(theme, i18n.text("Value"), holder))
        self._hint = Label(theme, i18n.text("Nothing written takes the value away."), "small", "text2")
        self.body.addWidget(self._hint)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.save = Button(theme, i18n.text("Save"), "primary")
        self.set_default(self.save)
        self.add_button(self.save)
        self.field.currentIndexChanged.connect(lambda _: self._show())
        self._show()

    def _show(self) -> None:
        key = self.field.value()
        own = next((field for field in self.own if f"{OWN}{field.id}" == key), None)
        if key == "organisation":
            self._stack.setCurrentWidget(self.organisation)
        elif key == "kind":
            self._stack.setCurrentWidget(self.kind)
        elif own is not None and own.kind in {"choice", "yes_no"}:
            values = own.choices if own.kind == "choice" else ("yes", "no")
            shown = [(value, custom_fields.shown_value(own, value)) for value in values]
            self.choice.set_options([("", i18n.in_context("group", "Not stated")), *shown])
            self._stack.setCurrentWidget(self.choice)
        else:
            self._stack.setCurrentWidget(self.line)
        self._hint.setVisible(key != "kind")

    def answer(self) -> tuple[str, str]:
        """The field and the value."""
        widget: Any = self._stack.currentWidget()
        value = widget.value() if isinstance(widget, Select) else widget.text()
        return self.field.value(), str(value)


class UntagDialog(Dialog):
    """Which tags all of these people lose."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, said: str) -> None:
        super().__init__(theme, host, i18n.text("Take a tag off"), said, width=480)
        self.tags = TagsField(theme, operations.read(tags.tag_names))
        self.body.addWidget(self.tags)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.add_button(Button(theme, i18n.text("Take off"), "primary"), "accept")


class BulkDeeds:
    """Runs a deed over many people: at once for a few, as a job with Stop for more; one deed either way."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, jobs: Jobs) -> None:
        self._theme, self._host, self._operations, self._jobs = theme, host, operations, jobs

    def run(self, label: Phrase, count: int, verb: Callable[[Any], object]) -> None:
        """The deed; a refusal is said and changes nothing."""
        if count <= AT_ONCE:
            self._operations.perform(label, verb)
            return

        def work(report: Report) -> Any:
            def stoppable(session: Any) -> object:
                report(0, 0)
                found = verb(session)
                # Stop pressed meanwhile rolls all of it back.
                report(1, 1)
                return found

            return self._operations.write(label, stoppable)

        self._jobs.start(label, work, lambda done: self._operations.said.emit(Said(label, done.deed)), self._failed)

    def set_field(self, ids: Sequence[int]) -> FieldDialog:
        """Ask for a field and a value, then give it to all."""
        clock = self._operations.clock
        said = i18n.plural("{count} person", "{count} people", len(ids))
        dialog = FieldDialog(self._theme, self._host, self._operations, said)

        def save() -> None:
            field, value = dialog.answer()
            try:
                own = next((one for one in dialog.own if f"{OWN}{one.id}" == field), None)
                if own is not None:
                    custom_fields.read_value(own, value)
            except CrmError as error:
                dialog.set_error(error.text())
                return
            dialog.accept()
            title = own.name if own is not None else person_fields.field_title(field)
            label = phrase_plural("{field} of {count} person", "{field} of {count} people", len(ids), field=title)
            self.run(label, len(ids), lambda s: bulk.set_field(s, ids, field, value, clock))

        dialog.save.clicked.connect(save)
        dialog.open()
        return dialog

    def take_tags_off(self, ids: Sequence[int]) -> UntagDialog:
        """Ask for tags, then take them off all."""
        said = i18n.plural("{count} person", "{count} people", len(ids))
        dialog = UntagDialog(self._theme, self._host, self._operations, said)

        def save() -> None:
            names = dialog.tags.names()
            if names:
                label = phrase_plural("Tags taken off {count} person", "Tags taken off {count} people", len(ids))
                self.run(label, len(ids), lambda s: [tags.remove_tag(s, ids, name) for name in names])

        dialog.accepted.connect(save)
        dialog.open()
        return dialog

    def restore(self, ids: Sequence[int]) -> None:
        """Out of the trash, whole."""
        clock = self._operations.clock
        label = phrase_plural("Brought back {count} person", "Brought back {count} people", len(ids))
        self.run(label, len(ids), lambda s: bulk.restore_people(s, ids, clock))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error


def rows_as_text(columns: Sequence[Any], rows: Sequence[Any]) -> str:
    """Rows as tab-separated text with the titles of the columns; no table takes a cell of it for a formula."""
    from crm.export.tables import neutralise

    lines = ["\t".join(neutralise(column.title) for column in columns)]
    for row in rows:
        cells = (" ".join(column.words(row).split()) for column in columns)
        lines.append("\t".join(neutralise(cell) for cell in cells))
    return "\n".join(lines)


def rows_as_list(rows: Sequence[Any]) -> str:
    """«1. Имя — компания», a line each."""
    lines = []
    for number, row in enumerate(rows, 1):
        place = f" \N{EM DASH} {row.organisation}" if row.organisation else ""
        lines.append(f"{number}. {row.display_name}{place}")
    return "\n".join(lines)


def contacts_as_text(rows: Sequence[Any], kind: str) -> str:
    """Contacts of a kind, one a line, people without one left out."""
    return "\n".join(row.more[kind] for row in rows if row.more.get(kind))


KINDS_TO_COPY: Final = ("phone", "email", "telegram")


def kind_title(kind: str) -> str:
    """What a kind of contact is called in a menu."""
    return list_columns.title(kind).lower()
