"""With whom the conversation was: one field, then the conversation itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.services import people, person_choice
from crm.ui.feedback.person_field import PersonField
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog


class WhoDialog(Dialog):
    """Closes as soon as somebody is chosen."""

    person_chosen = Signal(int, str)

    def __init__(self, operations: Operations, theme: Theme, host: QWidget) -> None:
        super().__init__(theme, host, i18n.text("Log conversation"), i18n.text("With whom did you talk?"))
        self._operations = operations
        self._field = PersonField(
            theme,
            lambda words: operations.read(lambda session: person_choice.suggestions(session, words)),
            i18n.text("Name, handle, phone"),
        )
        self._field.changed.connect(self._chosen)
        self.body.addWidget(self._field)
        self.add_button(Button(theme, i18n.in_context("button", "Cancel"), "quiet"), "reject")

    def _chosen(self, person_id: int | None) -> None:
        if person_id is None:
            return
        rows = self._operations.read(lambda session: people.rows(session, [person_id]))
        self.accept()
        self.person_chosen.emit(person_id, rows[0].display_name if rows else "")
