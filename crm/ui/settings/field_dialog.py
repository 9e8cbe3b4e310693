"""A field of the manager's own: its name, what fits into it, the options of a choice."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import mark, phrase
from crm.services import custom_field_uses, custom_fields
from crm.services.custom_fields import FieldDefinition
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, TextArea
from crm.ui.widgets.labels import Notice
from crm.ui.widgets.tabs import Segmented

KINDS: Final = (
    ("text", mark("Text")),
    ("number", mark("Number")),
    ("date", mark("Day")),
    ("choice", mark("Choice")),
    ("yes_no", mark("Yes or no")),
)


def kind_word(kind: str) -> str:
    """«Текст», «Выбор»."""
    return i18n.text(dict(KINDS)[kind])


class FieldDialog(Dialog):
    """A new field, or with `field` another name and other options. What fits into a field stays what it was."""

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, field: FieldDefinition | None = None
    ) -> None:
        title = i18n.text("New field") if field is None else i18n.text("Change a field")
        super().__init__(theme, host, title)
        self._operations, self._field = operations, field
        self.name = LineEdit(theme, i18n.text("For example, T-shirt size"))
        self._name_field = Field(theme, i18n.text("Name of the field"), self.name)
        self.body.addWidget(self._name_field)
        self.kind = Segmented(theme, [(key, i18n.text(word)) for key, word in KINDS])
        self.kind.setAccessibleName(i18n.text("What fits into it"))
        row = QHBoxLayout()
        row.addWidget(self.kind)
        row.addStretch(1)
        self.body.addLayout(row)
        self.options = TextArea(theme, rows=5)
        self._options_field = Field(theme, i18n.text("Options, each on a line of its own"), self.options)
        self.body.addWidget(self._options_field)
        self.kept = Notice(theme, "info", "", "text2")
        self.kept.hide()
        self.body.addWidget(self.kept)
        if field is not None:
            self.name.setText(field.name)
            self.options.set_text("\n".join(field.choices))
            self.kind.select(field.kind)
            self.kind.hide()
        self.kind.changed.connect(self._show_options)
        self.options.textChanged.connect(self._tell_kept)
        self._show_options(self.kind.current)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.save_button = Button(theme, i18n.text("Save"), "primary")
        self.save_button.clicked.connect(self.save)
        self.set_default(self.save_button)
        self.add_button(self.save_button)

    def _show_options(self, kind: str) -> None:
        self._options_field.setVisible(kind == "choice")

    def _lines(self) -> list[str]:
        return self.options.text().splitlines()

    def _tell_kept(self) -> None:
        """Options taken away that somebody has: nothing is lost, but it is said."""
        field = self._field
        if field is None or field.kind != "choice":
            return
        left = self._operations.read(lambda s: custom_field_uses.left_over(s, field.id, self._lines()))
        said = ", ".join(f"«{value}» ({i18n.number(count)})" for value, count in left.items())
        self.kept.set_text(i18n.text("People who have an option that is gone keep it: {options}", options=said))
        self.kept.setVisible(bool(left))

    def save(self) -> None:
        """One deed."""
        field, name, lines = self._field, self.name.text(), self._lines()
        if field is None:
            label = phrase("Field added: {name}", name=name.strip())
            verb: Any = partial(_define, name=name, kind=self.kind.current, lines=lines)
        else:
            label = phrase("Field changed: {name}", name=name.strip())
            verb = partial(_change, field_id=field.id, name=name, lines=lines)
        try:
            done = self._operations.write(label, verb)
        except CrmError as error:
            self.set_error(error.text())
            return
        self.accept()
        if done.deed is not None:
            self._operations.said.emit(Said(label, done.deed))


def _define(session: Any, *, name: str, kind: str, lines: list[str]) -> None:
    custom_fields.define_field(session, name, kind, lines)


def _change(session: Any, *, field_id: int, name: str, lines: list[str]) -> None:
    custom_fields.change_definition(session, field_id, name, lines)
