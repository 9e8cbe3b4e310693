"""People who are in the store are made to belong to an organisation, several at once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import phrase_plural
from crm.services import organisation_editing, people
from crm.services.organisation_rows import OrganisationRow
from crm.ui.operations import Operations, Said
from crm.ui.people.inputs import PersonField
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FlowLayout, TagChip
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field
from crm.ui.widgets.pages import empty


class AddPeopleDialog(Dialog):
    """A field that finds people; each one found becomes a chip."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, row: OrganisationRow) -> None:
        super().__init__(
            theme, host, i18n.text("Add people"), i18n.text("They will belong to «{name}».", name=row.name)
        )
        self._operations, self._to = operations, row
        self._chosen: dict[int, str] = {}
        self.person = PersonField(
            theme, lambda typed: operations.read(lambda s: people.offered(s, typed)), i18n.text("Name, phone, e-mail")
        )
        self.person.textChanged.connect(self._take)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, 6)
        self._chips.hide()
        self.body.addWidget(Field(theme, i18n.text("Who"), self.person))
        self.body.addWidget(self._chips)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.save_button = Button(theme, i18n.text("Add"), "primary")
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self.save)
        self.set_default(self.save_button)
        self.add_button(self.save_button)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Who will be added."""
        return tuple(self._chosen)

    def _take(self) -> None:
        person_id = self.person.person_id()
        if person_id is not None:
            self._chosen[person_id] = self.person.text().strip()
            self.person.clear()
            self._show()

    def _show(self) -> None:
        empty(self._flow)
        for person_id, name in self._chosen.items():
            chip = TagChip(self._theme, name, removable=True)
            chip.removed.connect(lambda one=person_id: self._leave_out(one))
            self._flow.addWidget(chip)
        self._chips.setVisible(bool(self._chosen))
        self.save_button.setEnabled(bool(self._chosen))

    def _leave_out(self, person_id: int) -> None:
        self._chosen.pop(person_id, None)
        self._show()

    def save(self) -> None:
        """One deed for all of them."""
        row, ids, clock = self._to, self.chosen, self._operations.clock
        label = phrase_plural(
            "{count} person added to «{name}»", "{count} people added to «{name}»", len(ids), name=row.name
        )
        try:
            done = self._operations.write(label, lambda s: organisation_editing.place_people(s, row.id, ids, clock))
        except CrmError as error:
            self.set_error(error.text())
            return
        self.accept()
        if done.deed is not None:
            self._operations.said.emit(Said(label, done.deed))
