"""One organisation at the right: its fields changed in place, its people, where they came, what was said last."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import organisation_editing
from crm.services.organisation_card import OrganisationCard
from crm.ui.operations import Operations
from crm.ui.organisations import table
from crm.ui.organisations.lines import Line
from crm.ui.people import words
from crm.ui.segments.people_list import detail
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.fields import Field, LineEdit, TextArea
from crm.ui.widgets.labels import Hairline, Label, Notice
from crm.ui.widgets.marks import initials, level_word
from crm.ui.widgets.pages import ScrollColumn, SectionHeader, SidePane, empty

WIDTH: Final = 374
_TALK_ICONS: Final = {"call": "phone", "message": "chat-circle", "meeting": "users", "letter": "envelope-simple"}


class _NoteArea(TextArea):
    """Says when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes elsewhere."""
        super().focusOutEvent(event)
        self.left.emit()


class OrganisationPanel(SidePane):
    """The panel. A field is kept when it is left or Enter is pressed; each is one deed."""

    closed = Signal()
    person_chosen = Signal(int)
    event_chosen = Signal(int)
    all_people_wanted = Signal()
    add_wanted = Signal()
    invite_wanted = Signal()
    export_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__(theme, WIDTH)
        self._operations, self._theme = operations, theme
        self.card: OrganisationCard | None = None
        self._showing = False
        self.name = LineEdit(theme, i18n.text("Name of the organisation"), i18n.text("Name of the organisation"))
        self.city, self.site = LineEdit(theme), LineEdit(theme, "example.org")
        self.note = _NoteArea(theme, rows=2)
        self._fields: dict[str, Field] = {}
        self._make_head()
        column = ScrollColumn(theme, side=20, top=14)
        for field, title, widget in (
            ("city", i18n.text("City"), self.city),
            ("site", i18n.text("Website"), self.site),
            ("note", i18n.text("Note"), self.note),
        ):
            self._fields[field] = Field(theme, title, widget)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        pair.addWidget(self._fields["city"], 2)
        pair.addWidget(self._fields["site"], 3)
        self.figures = Label(theme, "", "body", "text2", wrap=True)
        self.quiet = Notice(theme, "clock-countdown", table.quiet_means(), "warn")
        column.body.addWidget(self.figures)
        column.body.addWidget(self.quiet)
        column.body.addLayout(pair)
        column.body.addWidget(self._fields["note"])
        self._lists = QVBoxLayout()
        self._lists.setSpacing(2)
        column.body.addLayout(self._lists)
        column.body.addStretch(1)
        self.body.addWidget(column, 1)
        for field, line in (("name", self.name), ("city", self.city), ("site", self.site)):
            line.editingFinished.connect(partial(self.keep, field))
        self.note.left.connect(partial(self.keep, "note"))

    def _make_head(self) -> None:
        theme = self._theme
        head = QVBoxLayout()
        head.setContentsMargins(20, 14, 14, 12)
        head.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name, 1)
        more = IconButton(theme, "dots-three", i18n.text("More"))
        more.clicked.connect(lambda: self.menu_wanted.emit(more.mapToGlobal(QPoint(0, more.height() + 4))))
        close = IconButton(theme, "x", i18n.text("Close"))
        close.clicked.connect(self.closed)
        top.addWidget(more)
        top.addWidget(close)
        head.addLayout(top)
        self.name_trouble = Notice(theme, "warning-circle-fill", "", "bad")
        self.name_trouble.hide()
        head.addWidget(self.name_trouble)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        self.invite_button = Button(theme, i18n.text("Invite"), "primary", "paper-plane-tilt")
        self.add_button = Button(theme, i18n.text("Add"), icon="user-plus")
        self.add_button.setAccessibleName(i18n.text("Add people"))
        self.export_button = Button(theme, i18n.text("Export"))
        self.invite_button.clicked.connect(self.invite_wanted)
        self.add_button.clicked.connect(self.add_wanted)
        self.export_button.clicked.connect(self.export_wanted)
        for button in (self.invite_button, self.add_button, self.export_button):
            verbs.addWidget(button)
        verbs.addStretch(1)
        head.addLayout(verbs)
        self.body.addLayout(head)
        self.body.addWidget(Hairline(theme))

    # -- showing --------------------------------------------------------------------------------------------------

    def show_card(self, card: OrganisationCard) -> None:
        """Show this organisation; what is being typed in a field of the same one stays."""
        same = self.card is not None and self.card.row.id == card.row.id
        before, self.card = self.card, card
        held = {"name": (self.name, card.row.name), "city": (self.city, card.row.city), "site": (self.site, card.site)}
        was = {} if before is None else _stored(before)
        self._showing = True
        for field, (line, value) in held.items():
            if not same or not (line.hasFocus() and line.text() != was.get(field)):
                line.setText(value)
                line.setCursorPosition(0)
        if not same or not (self.note.hasFocus() and self.note.text() != was.get("note")):
            self.note.set_text(card.note)
        self._showing = False
        if not same:
            self._refuse("name", "")
            for field in self._fields:
                self._refuse(field, "")
        row, today = card.row, self._operations.today()
        people = i18n.plural("{count} person", "{count} people", row.people)
        last = i18n.text("last contact {day}", day=i18n.day(row.last_contact, today)) if row.last_contact else ""
        came = table.attendance_told(row) if row.people else ""
        self.figures.set_text(" · ".join(part for part in (people, last) if part) + (f"\n{came}" if came else ""))
        self.quiet.setVisible(row.quiet and not row.archived)
        for button in (self.invite_button, self.export_button):
            button.setEnabled(bool(card.person_ids))
        self._show_lists(card)

    def _show_lists(self, card: OrganisationCard) -> None:
        empty(self._lists)
        today = self._operations.today()
        champions = {one.id for one in card.champions}
        if card.champions:
            self._head(i18n.text("Champions"))
            for one in card.champions:
                line = Line(
                    self._theme,
                    one.name,
                    level_word(one.level),
                    seed=one.id,
                    letters=initials(one.name),
                    level=one.level,
                )
                self._lists.addWidget(self._leading(line, partial(self.person_chosen.emit, one.id)))
        rest = [row for row in card.people if row.id not in champions]
        others = len(card.person_ids) - len(champions)
        if others or not card.person_ids:
            title = i18n.text("The others") if champions else i18n.text("People")
            self._head(title, i18n.number(others) if others else "")
        if not card.person_ids:
            words_ = i18n.text("Nobody yet. Add people, or name the organisation in a profile.")
            self._lists.addWidget(Label(self._theme, words_, "body", "text2", wrap=True))
        for row in rest:
            said = " · ".join(part for part in (row.job_title, detail(row, today)) if part)
            line = Line(self._theme, row.display_name, said, seed=row.id, letters=row.initials, level=row.level)
            self._lists.addWidget(self._leading(line, partial(self.person_chosen.emit, row.id)))
        if len(card.person_ids) > len(card.people):
            every = Button(self._theme, i18n.text("All people of the organisation"), "link")
            every.clicked.connect(self.all_people_wanted)
            self._lists.addWidget(every, 0, Qt.AlignmentFlag.AlignLeft)
        if card.events:
            self._head(i18n.text("Came to"))
            for event in card.events:
                came = i18n.plural("{count} person", "{count} people", event.came)
                line = Line(self._theme, event.title, f"{i18n.day(event.on, today)} · {came}", icon="calendar-blank")
                self._lists.addWidget(self._leading(line, partial(self.event_chosen.emit, event.event_id)))
        if card.talks:
            self._head(i18n.text("Last conversations"))
            for talk in card.talks:
                title = f"{talk.name}: {talk.summary}" if talk.summary else talk.name
                said = f"{i18n.day(talk.on, today)} · {words.talk(talk.kind)}"
                line = Line(self._theme, title, said, icon=_TALK_ICONS.get(talk.kind, "note"))
                self._lists.addWidget(self._leading(line, partial(self.person_chosen.emit, talk.person_id)))

    def _head(self, title: str, count: str = "") -> None:
        self._lists.addSpacing(10)
        self._lists.addWidget(SectionHeader(self._theme, title, count))

    @staticmethod
    def _leading(line: Line, go: Callable[[], object]) -> QWidget:
        line.clicked.connect(lambda _=False: go())
        return line

    # -- keeping --------------------------------------------------------------------------------------------------

    def keep_all(self) -> None:
        """Keep what is typed and not kept yet."""
        for field in organisation_editing.FIELDS:
            self.keep(field)

    def keep(self, field: str) -> None:
        """Keep one field as a deed; a refusal stays beside it."""
        card = self.card
        if card is None or self._showing:
            return
        value = self._typed(field)
        if value == _stored(card)[field]:
            self._refuse(field, "")
            return
        number, name = card.row.id, card.row.name
        label = phrase("Organisation changed: {name}", name=name)
        try:
            self._operations.write(label, lambda s: organisation_editing.change_field(s, number, field, value))
        except CrmError as error:
            self._refuse(field, error.text())
        else:
            self._refuse(field, "")

    def _typed(self, field: str) -> str:
        if field == "note":
            return self.note.text()
        return {"name": self.name, "city": self.city, "site": self.site}[field].text()

    def _refuse(self, field: str, said: str) -> None:
        if field == "name":
            self.name.set_error(wrong=bool(said))
            self.name_trouble.set_text(said)
            self.name_trouble.setVisible(bool(said))
        else:
            self._fields[field].set_error(said)


def _stored(card: OrganisationCard) -> dict[str, str]:
    return {"name": card.row.name, "city": card.row.city, "site": card.site, "note": card.note}
