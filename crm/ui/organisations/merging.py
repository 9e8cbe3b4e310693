"""Joining two organisations that are one: which of them stays is chosen, the other's data goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import organisation_editing, organisation_rows, organisations
from crm.services.organisation_rows import OrganisationRow
from crm.ui.operations import Operations, Said
from crm.ui.people.inputs import AskedField
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import RadioButton
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field
from crm.ui.widgets.labels import Label


class MergeDialog(Dialog):
    """Two or more organisations; the one chosen stays. Without a second one, a field asks for it.

    `likely` offers «two different ones» beside: `told_apart` says that it was pressed.
    """

    told_apart = Signal()

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, ids: Sequence[int], *, likely: bool = False
    ) -> None:
        super().__init__(
            theme,
            host,
            i18n.text("Are these one organisation?"),
            i18n.text("People, city, website and note move to the one that stays. What differs is kept in its note."),
            icon="buildings",
        )
        self._operations = operations
        self._rows: list[tuple[RadioButton, OrganisationRow]] = []
        self.survivor: int | None = None
        self.body.addWidget(Label(theme, i18n.text("Which name stays?"), "small", "text2"))
        for row in self._read(ids):
            self._offer(row)
        if self._rows:
            self._rows[0][0].setChecked(True)
        self.other = AskedField(
            theme,
            lambda typed: operations.read(lambda s: organisations.organisation_names(s, typed)),
            i18n.text("Name of the other organisation"),
        )
        field = Field(theme, i18n.text("Same as"), self.other)
        field.setVisible(len(self._rows) < 2)
        self.body.addWidget(field)
        if likely:
            self.add_link(Button(theme, i18n.text("Two different ones"), "link")).clicked.connect(self._tell_apart)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.merge_button = Button(theme, i18n.text("Merge"), "primary")
        self.merge_button.clicked.connect(self.save)
        self.set_default(self.merge_button)
        self.add_button(self.merge_button)

    def _tell_apart(self) -> None:
        self.reject()
        self.told_apart.emit()

    def _read(self, ids: Sequence[int]) -> list[OrganisationRow]:
        today = self._operations.today()
        return self._operations.read(lambda s: [organisation_rows.organisation_row(s, one, today) for one in ids])

    def _offer(self, row: OrganisationRow) -> None:
        people = i18n.plural("{count} person", "{count} people", row.people)
        choice = RadioButton(self._theme, " · ".join(part for part in (row.name, people, row.city) if part))
        self.body.addWidget(choice)
        self._rows.append((choice, row))

    def choose(self, organisation_id: int) -> None:
        """That one stays."""
        next(choice for choice, row in self._rows if row.id == organisation_id).setChecked(True)

    def save(self) -> None:
        """Join them as one deed."""
        clock = self._operations.clock
        ids = [row.id for _, row in self._rows]
        stays = next(row for choice, row in self._rows if choice.isChecked())
        typed = self.other.text().strip()

        def joined(session: Any) -> int:
            others = [*ids]
            if len(ids) < 2:
                others.append(organisation_editing.called(session, typed))
            return organisation_editing.merge(session, stays.id, others, clock)

        label = phrase("Organisations merged into «{name}»", name=stays.name)
        try:
            done = self._operations.write(label, joined)
        except CrmError as error:
            self.set_error(error.text())
            return
        self.survivor = stays.id
        self.accept()
        self._operations.said.emit(Said(label, done.deed))
