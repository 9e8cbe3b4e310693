"""Who is connected with the person: names that lead to each other, added and changed from either side."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import person_choice, relations
from crm.services.cards import PersonCard
from crm.services.profiles import Profile
from crm.services.relations import REFERRALS, RelationDraft, RelationLine
from crm.ui.operations import Operations
from crm.ui.people import life_words
from crm.ui.people.dialogs import answers, do
from crm.ui.people.inputs import PersonField
from crm.ui.people.life_row import Act, LifeRow, LifeSection
from crm.ui.theme import Theme
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, Select
from crm.ui.widgets.mark_widgets import Avatar

_SHOWN = 6


class RelationsSection(LifeSection):
    """A row for each connection; `person_chosen` leads to the other one."""

    person_chosen = Signal(int)

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, i18n.text("Relations"), i18n.text("Connect with somebody"))
        self._operations = operations
        self._person: PersonCard | None = None
        self._whole = False

    def fill(self, profile: Profile, today: date) -> bool:
        """Those who are closest first; many only on demand."""
        if self._person is None or self._person.id != profile.person.id:
            self._whole = False
        self._person = person = profile.person
        lines = self._operations.read(lambda s: relations.relations_of(s, person.id))
        self.set_count(len(lines))
        shown = lines if self._whole else lines[:_SHOWN]
        for line in shown:
            self.body.addWidget(self._row(line, today))
        if len(lines) > len(shown):
            self._more(len(lines) - len(shown), profile, today)
        return True

    def _more(self, left: int, profile: Profile, today: date) -> None:
        row = LifeRow(
            self._theme, "dots-three", i18n.text("Show {count} more", count=i18n.number(left)), title_tone="text2"
        )

        def whole() -> None:
            self._whole = True
            self.show_profile(profile, today)

        row.pressed.connect(whole)
        self.body.addWidget(row)

    def _row(self, line: RelationLine, today: date) -> LifeRow:
        acts = [Act(i18n.text("Remove the relation"), partial(self.remove, line), "trash", danger=True)]
        if line.side not in REFERRALS:
            acts.insert(0, Act(i18n.text("Change…"), partial(self.change, line), "pencil-simple", quick=True))
        since = i18n.text("since {day}", day=i18n.day(line.since_on, today)) if line.since_on else ""
        long_side = life_words.side(line.side, line.gender)
        below = [since, line.note]
        note = long_side
        if line.side in REFERRALS or len(long_side) > 16:
            below.insert(0, long_side)
            note = ""
        row = LifeRow(
            self._theme,
            "user",
            line.name,
            note=note,
            detail=" · ".join(part for part in below if part),
            mark=Avatar(self._theme, line.other_id, line.name, size=18),
            acts=acts,
            verb=i18n.text("Enter shows the person"),
        )
        row.pressed.connect(partial(self.person_chosen.emit, line.other_id))
        return row

    # -- what can be done -----------------------------------------------------------------------------------------

    def add(self) -> None:
        """Connect with somebody."""
        if self._person is not None:
            RelationDialog(self._theme, self, self._operations, self._person).open()

    def change(self, line: RelationLine) -> None:
        """Another kind, day or note."""
        if self._person is not None:
            RelationDialog(self._theme, self, self._operations, self._person, line).open()

    def remove(self, line: RelationLine) -> None:
        """They are not connected so; the toast undoes it."""
        if self._person is None:
            return
        person, clock = self._person, self._operations.clock
        label = phrase("Relation removed: {name} and {other}", name=person.display_name, other=line.name)
        self._operations.perform(label, lambda s: relations.remove_relation(s, person.id, line, clock))


class RelationDialog(Dialog):
    """With whom, as what, since when."""

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person: PersonCard, line: RelationLine | None = None
    ) -> None:
        title = i18n.text("Connect with somebody") if line is None else i18n.text("Change the relation")
        super().__init__(theme, host, title, person.display_name)
        self._operations, self._person, self._line = operations, person, line
        self.other = PersonField(theme, self._find, i18n.text("Name, phone or handle"))
        self._other_field = Field(theme, i18n.text("With whom"), self.other)
        self.side = Select(theme, life_words.sides())
        if line is not None:
            self.other.set_person(line.other_id, line.name)
            known = [key for key, _ in life_words.sides()]
            if line.side not in known:
                self.side.set_options([*life_words.sides(), (line.side, line.side)])
            self.side.set_value(line.side)
        self.since = DateField(theme, today=operations.today())
        self.since.set_day(line.since_on if line is not None else None)
        self._since_field = Field(theme, i18n.text("Since when"), self.since)
        self.note = LineEdit(theme, i18n.text("For example, studied together"))
        self.note.setText(line.note if line is not None else "")
        self.body.addWidget(self._other_field)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Field(theme, i18n.text("Who they are to this person"), self.side), 1)
        row.addWidget(self._since_field)
        self.body.addLayout(row)
        self._note_field = Field(theme, i18n.in_context("people", "Note"), self.note)
        self.body.addWidget(self._note_field)
        self.side.chosen.connect(self._show_fitting)
        self._show_fitting()
        self.save_button = answers(self, theme, i18n.text("Connect") if line is None else i18n.text("Save"))
        self.save_button.clicked.connect(self.save)

    def _find(self, typed: str) -> list[tuple[int, str]]:
        rows = self._operations.read(lambda s: person_choice.suggestions(s, typed))
        found = []
        for row in rows:
            if row.id != self._person.id:
                beside = row.organisation or row.city
                found.append((row.id, f"{row.display_name} · {beside}" if beside else row.display_name))
        return found

    def _show_fitting(self) -> None:
        """Who brought whom has no day and no note of its own."""
        plain = self.side.value() not in REFERRALS
        self._since_field.setVisible(plain)
        self._note_field.setVisible(plain)
        self.place_panel()

    def save(self) -> None:
        """Keep it as one deed."""
        other_id = self.other.person_id()
        nobody = other_id is None
        self._other_field.set_error(i18n.text("Nobody is called so. Choose from the list") if nobody else "")
        self._since_field.set_error(i18n.text("Type a day as 14.03.2026") if self.since.is_wrong else "")
        if other_id is None or self.since.is_wrong:
            return
        side = str(self.side.value())
        plain = side not in REFERRALS
        draft = RelationDraft(
            other_id,
            side,
            self.note.text() if plain else "",
            self.since.day() if plain else None,
        )
        person, line, clock = self._person, self._line, self._operations.clock

        def verb(session: Any) -> None:
            if line is None or not plain:
                if line is not None:
                    relations.remove_relation(session, person.id, line, clock)
                relations.add_relation(session, person.id, draft, clock)
            else:
                relations.change_relation(session, line.id, person.id, draft, clock)

        name = self.other.text().partition(" · ")[0]
        if line is None:
            label = phrase("Connected: {name} and {other}", name=person.display_name, other=name)
        else:
            label = phrase("Relation changed: {name} and {other}", name=person.display_name, other=name)
        do(self, self._operations, label, verb)
