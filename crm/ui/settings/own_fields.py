"""«Свои поля» in the settings: which fields people have beside the usual ones, in which order, and who has a value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import custom_fields
from crm.services.custom_fields import FieldDefinition
from crm.ui.operations import Operations
from crm.ui.settings.field_dialog import FieldDialog, kind_word
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.labels import ElidedLabel, Hairline, Label
from crm.ui.widgets.pages import empty

TABLES = frozenset(("custom_field", "custom_value", "person"))
"""Tables the list is made of."""


class OwnFields(QWidget):
    """The list of fields; each change is a deed with «Undo»."""

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__()
        self._operations, self._theme = operations, theme
        self.dialog: FieldDialog | None = None
        self.fields: tuple[FieldDefinition, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(
            Label(theme, i18n.text("What you want to know of people beside the usual"), colour="text2", wrap=True)
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        row = QHBoxLayout()
        self.add_button = Button(theme, i18n.text("Add a field"), icon="plus")
        self.add_button.clicked.connect(partial(self.ask, None))
        row.addWidget(self.add_button)
        row.addStretch(1)
        column.addLayout(row)
        operations.changed.connect(lambda tables: self.refresh() if tables & TABLES else None)
        self.refresh()

    def refresh(self) -> None:
        """Read the fields anew."""
        self.fields, people = self._operations.read(
            lambda s: (custom_fields.fields(s, archived=True), custom_fields.people_with(s))
        )
        empty(self._list)
        used = [field.id for field in self.fields if not field.archived]
        for place, field in enumerate(self.fields):
            if place:
                self._list.addWidget(Hairline(self._theme))
            self._list.addWidget(self._row(field, people.get(field.id, 0), used))

    def _row(self, field: FieldDefinition, people: int, used: Sequence[int]) -> QWidget:
        theme = self._theme
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(theme, field.name, "body_strong", "text3" if field.archived else "text"))
        said = [kind_word(field.kind), i18n.plural("{count} person", "{count} people", people)]
        if field.archived:
            said.insert(0, i18n.text("In the archive"))
        if field.choices:
            said.append(", ".join(field.choices))
        words.addWidget(ElidedLabel(theme, " · ".join(said), "small", "text2"))
        row.addLayout(words, 1)
        if field.archived:
            back = Button(theme, i18n.text("Bring back"), "quiet", size="compact")
            back.setAccessibleName(i18n.text("Bring back «{name}»", name=field.name))
            back.clicked.connect(partial(self.archive, field))
            row.addWidget(back)
            return widget
        place = used.index(field.id)
        for icon, name, go, possible in (
            ("arrow-up", i18n.text("Move «{name}» up", name=field.name), partial(self.step, field, -1), place > 0),
            (
                "arrow-down",
                i18n.text("Move «{name}» down", name=field.name),
                partial(self.step, field, 1),
                place < len(used) - 1,
            ),
            ("pencil-simple", i18n.text("Change «{name}»", name=field.name), partial(self.ask, field), True),
            ("archive", i18n.text("Put «{name}» in the archive", name=field.name), partial(self.archive, field), True),
        ):
            button = IconButton(theme, icon, name, colour="text2" if possible else "hair2")
            button.setEnabled(possible)
            button.clicked.connect(lambda _=False, verb=go: verb())
            row.addWidget(button)
        return widget

    def ask(self, field: FieldDefinition | None = None, *_: object) -> None:
        """The form of a new field, or of this one."""
        self.dialog = FieldDialog(self._theme, self, self._operations, field)
        self.dialog.open()

    def step(self, field: FieldDefinition, by: int) -> None:
        """One place up or down."""
        order = [one.id for one in self.fields if not one.archived]
        place = order.index(field.id)
        order.insert(place + by, order.pop(place))
        label = phrase("Field moved: {name}", name=field.name)
        self._operations.perform(label, lambda s: custom_fields.arrange_fields(s, order), quiet=True)

    def archive(self, field: FieldDefinition, *_: object) -> None:
        """Put it away with what people have in it, or bring it back."""
        clock, back = self._operations.clock, field.archived
        label = (
            phrase("Field brought back: {name}", name=field.name)
            if back
            else phrase("Field put in the archive: {name}", name=field.name)
        )
        self._operations.perform(label, lambda s: custom_fields.archive_field(s, field.id, clock, archived=not back))
