"""Whom to add to an event: somebody found by name, or everybody of a segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase, phrase_plural
from crm.services import attendance, people, people_order, segments
from crm.services.cards import PersonRow
from crm.services.event_rows import EventRow
from crm.services.event_words import role_title
from crm.services.people_order import Listing, PeopleMemory
from crm.services.segment_rows import SegmentRow
from crm.ui.operations import Operations, Said
from crm.ui.people import table as people_table
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import RadioButton
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, SearchField, Select
from crm.ui.widgets.id_list import Column, IdListModel
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import ScrollColumn
from crm.ui.widgets.tables import ListTable

_LIST_HEIGHT = 292
_ROLES = ("guest", "speaker", "organiser", "volunteer", "mentor")
_MOST_LINES = 10


class AddAttendee(Dialog):
    """Puts somebody of the community on the list of an event; Enter adds and the dialog stays for the next."""

    new_person_wanted = Signal(str)

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, event: EventRow) -> None:
        super().__init__(theme, host, i18n.text("Add participant"), event.title)
        self._operations = operations
        self._event = event
        self._memory = PeopleMemory()
        self._listing: Listing | None = None
        self.search = SearchField(theme, i18n.text("Name, phone, e-mail or organisation"), "")
        self.role = Select(theme, [(role, role_title(role)) for role in _ROLES], i18n.text("Role"))
        self._model: IdListModel[PersonRow] = IdListModel(
            [
                replace(people_table.columns(operations.today())[0], width=280, sortable=False),
                Column(
                    "organisation",
                    i18n.text("Organisation"),
                    width=200,
                    value=lambda row: row.organisation,
                    stretch=2,
                    sortable=False,
                ),
            ],
            self._fetch,
        )
        self.table = ListTable(theme, self._model, name=i18n.text("People"), side=10, right=10)
        self.table.setItemDelegateForColumn(0, people_table.FoundPersonDelegate(theme, self.table))
        self.table.setFixedHeight(theme.px(_LIST_HEIGHT))
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(Field(theme, i18n.in_context("event", "Whom"), self.search), 3)
        top.addWidget(Field(theme, i18n.text("Role"), self.role), 1)
        self.body.addLayout(top)
        self.body.addWidget(self.table)
        self._said = Label(theme, "", "small", "text2", wrap=True)
        self.body.addWidget(self._said)
        self.add_button(Button(theme, i18n.text("Close"), "quiet"), "reject")
        self.add = self.add_button(Button(theme, i18n.text("Add"), "primary"))
        self.set_default(self.add)
        self.add.clicked.connect(self.add_current)
        self.search.textChanged.connect(self._look)
        self.search.stepped.connect(self.table.step)
        self.search.escaped.connect(self.reject)
        self.table.opened.connect(lambda _: self.add_current())
        self._look("")

    def _look(self, text: str) -> None:
        listing = self._operations.read(
            lambda session: people_order.list_people(session, self._memory, self._operations.today(), query=text)
        )
        self._listing = listing
        self._model.invalidate()
        self._model.set_ids(listing.found.ids)
        self._said.set_text("" if len(listing.found.ids) else i18n.text("Nobody found"))
        if text and len(listing.found.ids):
            self.table.select_id(listing.found.ids[0])
        self.add.setEnabled(len(listing.found.ids) > 0)

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, PersonRow]:
        found = self._listing.found if self._listing is not None else None
        return {row.id: row for row in self._operations.read(lambda s: people.rows(s, ids, found))}

    def add_current(self) -> None:
        """Put the chosen person on the list as one deed."""
        person_id = self.table.current_id()
        if person_id is None:
            return
        row = self._fetch([person_id])[person_id]
        role = self.role.value()
        done = self._operations.perform(
            phrase("Registered {name} for «{event}»", name=row.display_name, event=self._event.title),
            lambda session: attendance.add_attendee(
                session, self._event.id, person_id, self._operations.clock, role=role
            ),
        )
        if done is None:
            return
        self.search.clear()
        self._said.set_text(
            i18n.text("{name} is on the list", name=row.display_name)
            if done.deed is not None
            else i18n.text("{name} was on the list already", name=row.display_name)
        )
        self.search.setFocus()


class InviteSegment(Dialog):
    """Invites everybody of a segment, whom the event does not know yet."""

    segments_wanted = Signal()

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, event: EventRow) -> None:
        super().__init__(theme, host, i18n.text("Invite a segment"), event.title)
        self._operations = operations
        self._event = event
        rows = operations.read(
            lambda session: [
                *segments.list_segments(session, operations.clock),
                *segments.list_starters(session, operations.clock),
            ]
        )
        self._rows = [row for row in rows if row.count]
        self._choices: list[RadioButton] = []
        column = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        column.body.setSpacing(2)
        for row in self._rows:
            people_count = i18n.plural("{count} person", "{count} people", row.count or 0)
            choice = RadioButton(theme, f"{row.name} · {people_count}")
            choice.toggled.connect(self._follow)
            column.body.addWidget(choice)
            self._choices.append(choice)
        if not self._rows:
            words = i18n.text("There are no segments yet. Make one on the Segments page, then invite it.")
            column.body.addWidget(Label(theme, words, "body", "text2", wrap=True))
        column.body.addStretch(1)
        column.setFixedHeight(theme.px(16 + 28 * min(_MOST_LINES, max(2, len(self._rows)))))
        self.body.addWidget(column)
        self._note = Label(theme, "", "body", "text2", wrap=True)
        self.body.addWidget(self._note)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        if self._rows:
            self.invite = self.add_button(Button(theme, i18n.text("Invite"), "primary"))
            self.set_default(self.invite)
            self.invite.clicked.connect(self.save)
            self._choices[0].setChecked(True)
        else:
            go = self.add_button(Button(theme, i18n.text("Go to segments"), "primary"), "accept")
            go.clicked.connect(self.segments_wanted)

    def _chosen(self) -> list[int]:
        place = next((place for place, choice in enumerate(self._choices) if choice.isChecked()), None)
        return [] if place is None else self._operations.read(partial(self._members, row=self._rows[place]))

    def _members(self, session: Any, row: SegmentRow) -> list[int]:
        clock = self._operations.clock
        if row.id is not None:
            return segments.members(session, row.id, clock)
        return segments.matching_ids(session, segments.starter_card(session, row.starter, clock).rule, clock)

    def _follow(self) -> None:
        members = self._chosen()
        fresh = self._operations.read(lambda session: attendance.uninvited(session, self._event.id, members))
        known = len(members) - len(fresh)
        words = i18n.plural("{count} person will be invited", "{count} people will be invited", len(fresh))
        if known:
            words += ". " + i18n.plural(
                "{count} is invited or registered already", "{count} are invited or registered already", known
            )
        self._note.set_text(words)
        self.invite.setEnabled(bool(fresh))

    def save(self) -> None:
        """Note the invitations as one deed."""
        members = self._chosen()
        event_id = self._event.id
        count = len(self._operations.read(lambda session: attendance.uninvited(session, event_id, members)))
        label = phrase_plural(
            "Invited {count} person to «{event}»",
            "Invited {count} people to «{event}»",
            count,
            event=self._event.title,
        )
        done = self._operations.perform(
            label,
            lambda session: attendance.invite_people(session, event_id, members, self._operations.clock),
            quiet=True,
        )
        if done is None:
            return
        self.accept()
        if done.deed is not None:
            self._operations.said.emit(Said(label, done.deed))
