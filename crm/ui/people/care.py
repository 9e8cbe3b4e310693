"""The care note, apart from everything: folded until it is wanted, and in no list, search, file or report."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from crm import i18n
from crm.errors import CrmError
from crm.i18n import Phrase
from crm.services.profiles import Profile
from crm.ui import clipboard
from crm.ui.operations import Operations, Said
from crm.ui.people.editor_making import EditorMaking
from crm.ui.people.fact_row import INSET, FactRow
from crm.ui.people.field_editors import FieldEditor, Write
from crm.ui.people.profile_facts import Fact, care_fact
from crm.ui.people.sections import SIDE, Section
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.labels import IconLabel, Label


class CareSection(Section):
    """One line that says whether there is a note; unfolded, the note as a fact that is changed where it stands."""

    origin_asked = Signal(str)
    copied = Signal(str)

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme)
        self._operations = operations
        self._profile: Profile | None = None
        self._row: FactRow | None = None
        self._kept: dict[int, FactRow] = {}
        self._open = False
        whole = self.layout()
        assert whole is not None  # noqa: S101 - the section's own
        whole.setContentsMargins(SIDE - INSET, 8, SIDE - INSET, 9)
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 0, INSET - 4, 0)
        head.setSpacing(8)
        head.addWidget(Label(theme, i18n.text("Care note"), "sub"))
        self._state = IconLabel(theme, "lock-key", "", "small", "text3", gap=5)
        head.addWidget(self._state)
        head.addStretch(1)
        self.toggle = IconButton(theme, "caret-down", "")
        self.toggle.clicked.connect(self._turn)
        head.addWidget(self.toggle)
        self.body.addLayout(head)
        self._add = Button(theme, i18n.text("Write a note"), "link", size="compact")
        self._add.clicked.connect(self.edit)
        self.body.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self._add.setContentsMargins(INSET, 0, 0, 0)
        self._add.hide()

    @property
    def is_open(self) -> bool:
        """The note can be read."""
        return self._open

    def show_profile(self, profile: Profile, today: date) -> None:
        """Another person's note is folded; the same one's stays as it is."""
        before = self._profile
        self._profile = profile
        if before is None or before.person.id != profile.person.id:
            if before is not None and self._row is not None and self._row.editor is not None and not self._row.commit():
                # What is refused stays typed, and is there when one comes back.
                self._row.hide()
                self._kept[before.person.id], self._row = self._row, None
            self._let_go()
            self._row = self._kept.pop(profile.person.id, None)
            self._open = self._row is not None
            if self._row is not None:
                self._row.show()
        self._show()

    def _let_go(self) -> None:
        if self._row is not None:
            self._row.hide()
            self._row.deleteLater()
            self._row = None

    def _show(self) -> None:
        if self._profile is None:
            return
        note = self._profile.person.care_note
        said = i18n.in_context("care note", "there is one") if note else i18n.in_context("care note", "seen only here")
        self._state.set_content("lock-key", said, "text2", "text3")
        self._state.setVisible(not self._open)
        self.toggle.set_icon("caret-up" if self._open else "caret-down")
        self.toggle.set_name(i18n.text("Fold the care note") if self._open else i18n.text("Show the care note"))
        if not self._open:
            self._let_go()
        elif self._row is None:
            self._row = FactRow(self._theme, care_fact(self._profile.person), self._make, self._keep, self._name)
            self._row.origin_asked.connect(self.origin_asked)
            self._row.copied.connect(self._copy)
            self._row.ended.connect(lambda _: self._show())
            self.body.addWidget(self._row)
            self._row.show()
        else:
            self._row.show_fact(care_fact(self._profile.person))
        typing = self._row is not None and self._row.editor is not None
        self._add.setVisible(self._open and not note and not typing)

    def _turn(self) -> None:
        if self._open and self._row is not None and self._row.editor is not None and not self._row.commit():
            return
        self._open = not self._open
        self._show()

    def edit(self) -> None:
        """Unfold it and begin to write."""
        self._open = True
        self._show()
        if self._row is not None:
            self._row.edit()
        self._show()

    def _copy(self, words: str) -> None:
        clipboard.copy(words)
        self.copied.emit(words)

    def _name(self) -> str:
        return self._profile.person.display_name if self._profile is not None else ""

    def _make(self, fact: Fact, need_id: int | None) -> FieldEditor:
        assert self._profile is not None  # noqa: S101 - no row without a person
        return EditorMaking(self._theme, self._operations, self._profile).make(fact, need_id)

    def _keep(self, label: Phrase, write: Write) -> str:
        try:
            done = self._operations.write(label, lambda session: write(session, self._operations.clock))
        except CrmError as error:
            return error.text()
        if done.deed is not None:
            self._operations.said.emit(Said(label, done.deed))
        return ""
