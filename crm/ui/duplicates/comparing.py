"""Two or more people side by side: whose fields stay, what of all of them comes together, and one button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm import contact_points, i18n
from crm.services import merging
from crm.services.cards import PersonCard
from crm.ui.duplicates import words
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import RadioButton
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import Hairline, Label
from crm.ui.widgets.mark_widgets import Avatar
from crm.ui.widgets.pages import ScrollColumn

_WIDTH: Final = 860
_HEIGHT: Final = 420
_MOST_SHOWN: Final = 6


class CompareDialog(Dialog):
    """The survivor's column is the first. `merge_wanted` and `two_said` say how it was decided."""

    merge_wanted = Signal(int, object, object)
    """The survivor, the others, and of each field whose value stays."""
    two_said = Signal(object)

    def __init__(self, theme: Theme, host: QWidget, people: Sequence[PersonCard], reasons: str) -> None:
        super().__init__(theme, host, i18n.text("Is this one person?"), reasons, width=_WIDTH)
        self._theme = theme
        self.people = sorted(people, key=lambda one: (-one.attended, one.id))
        self._choices = merging.field_choices(self.people)
        self.groups: dict[str, QButtonGroup] = {}
        self._scroll = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, theme.px(130))
        for column in range(1, len(self.people) + 1):
            self._grid.setColumnStretch(column, 1)
        self._head()
        self._fields()
        self._together()
        self._scroll.body.addLayout(self._grid)
        self._scroll.body.addStretch(1)
        self._scroll.setFixedHeight(theme.px(_HEIGHT))
        self.body.addWidget(self._scroll)
        apart = Button(theme, i18n.text("These are different people"), "quiet")
        apart.clicked.connect(self._say_two)
        self.add_link(apart)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.merge_button = Button(theme, i18n.text("Make one of them"), "primary")
        self.merge_button.clicked.connect(self._merge)
        self.set_default(self.merge_button)
        self.add_button(self.merge_button)

    def first_focus(self) -> QWidget | None:
        """The button: what is suggested is mostly right."""
        return self.merge_button

    def _head(self) -> None:
        for column, person in enumerate(self.people, 1):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 4)
            avatar = Avatar(self._theme, person.id, person.display_name)
            avatar.set_person(person.id, person.display_name, person.initials)
            row.addWidget(avatar)
            names = QVBoxLayout()
            names.setSpacing(0)
            names.addWidget(Label(self._theme, person.display_name, "body_strong", wrap=True))
            visits = i18n.plural("{count} visit", "{count} visits", person.attended)
            stays = i18n.text("stays, {visits}", visits=visits) if column == 1 else visits
            names.addWidget(Label(self._theme, stays, "small", "text2"))
            row.addLayout(names, 1)
            self._grid.addWidget(holder, 0, column)

    def _fields(self) -> None:
        for choice in self._choices:
            line = self._grid.rowCount()
            title = words.field(choice.field)
            named = QVBoxLayout()
            named.setSpacing(0)
            named.addWidget(Label(self._theme, title, "small", "text2"))
            named.addWidget(Label(self._theme, words.why(choice.why), "small", "text3"))
            self._grid.addLayout(named, line, 0)
            group = self.groups[choice.field] = QButtonGroup(self)
            for place, value in enumerate(choice.values):
                said = words.value(choice.field, value)
                name = f"{title}: {said}, {self.people[place].display_name}"
                button = RadioButton(self._theme, said if len(said) <= 40 else said[:39] + "…", name=name)
                button.setChecked(place == choice.suggested)
                group.addButton(button, place)
                self._grid.addWidget(button, line, place + 1)

    def _together(self) -> None:
        line = self._grid.rowCount()
        self._grid.addWidget(Hairline(self._theme), line, 0, 1, len(self.people) + 1)
        self._grid.addWidget(
            Label(self._theme, i18n.text("All of this comes together"), "small_strong"), line + 1, 0, 1, -1
        )
        kinds = (
            (i18n.text("Contacts"), [_contacts(person) for person in self.people]),
            (i18n.in_context("people", "Tags"), [[name for name, _ in person.tags] for person in self.people]),
            (i18n.in_context("people", "Note"), [[" ".join(person.note.split())[:120]] for person in self.people]),
        )
        for title, columns in kinds:
            if not any(any(column) for column in columns):
                continue
            line = self._grid.rowCount()
            self._grid.addWidget(Label(self._theme, title, "small", "text2"), line, 0, Qt.AlignmentFlag.AlignTop)
            for column, values in enumerate(columns, 1):
                shown = [value for value in values if value]
                more = [f"+{len(shown) - _MOST_SHOWN}"] if len(shown) > _MOST_SHOWN else []
                said = "\n".join((*shown[:_MOST_SHOWN], *more)) or "\N{EM DASH}"
                self._grid.addWidget(
                    Label(self._theme, said, "body", wrap=True), line, column, Qt.AlignmentFlag.AlignTop
                )

    def chosen(self) -> dict[str, int]:
        """Of each field whose value stays, by the id of the person."""
        return {name: self.people[group.checkedId()].id for name, group in self.groups.items()}

    def _merge(self) -> None:
        chosen = self.chosen()
        self.accept()
        self.merge_wanted.emit(self.people[0].id, tuple(one.id for one in self.people[1:]), chosen)

    def _say_two(self) -> None:
        self.reject()
        self.two_said.emit(tuple(one.id for one in self.people))


def _contacts(person: PersonCard) -> list[str]:
    return [contact_points.shown(one.kind, one.value) for one in person.contacts]
