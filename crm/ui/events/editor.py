"""The form of an event: what, when, where, for how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QWidget

from crm import clock as clocks
from crm import i18n
from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import event_lists, events
from crm.services.event_rows import EventDraft, KindRow
from crm.services.event_words import format_title, kind_title
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import CheckBox
from crm.ui.widgets.date_fields import DateField, TimeField
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, Select, TextArea
from crm.ui.widgets.labels import Notice
from crm.ui.widgets.tabs import Segmented

_OWN = "own kind"
_EVENING = time(18, 30)
_USUAL_LENGTH = timedelta(hours=2, minutes=30)
_A_WEEK = timedelta(days=7)


class EventEditor(Dialog):
    """Adds an event, or changes one. `saved` carries its id."""

    saved = Signal(int)

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, event_id: int | None = None) -> None:
        title = i18n.text("New event") if event_id is None else i18n.text("Edit event")
        super().__init__(theme, host, title)
        self._operations = operations
        self._event_id = event_id
        kinds, places, draft = operations.read(
            lambda session: (
                event_lists.event_kinds(session),
                event_lists.usual_places(session),
                None if event_id is None else event_lists.event_card(session, event_id).draft(),
            )
        )
        self._zone = draft.zone if draft is not None else clocks.laptop_zone_name()
        self._make_fields(theme, kinds, places)
        self._lay_out(theme)
        self._fill(draft or self._usual())
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        word = i18n.text("Add event") if event_id is None else i18n.text("Save")
        self.save_button = self.add_button(Button(theme, word, "primary"))
        self.set_default(self.save_button)
        self.save_button.clicked.connect(self.save)

    def _make_fields(self, theme: Theme, kinds: Sequence[KindRow], places: Sequence[str]) -> None:
        self.title_edit = LineEdit(theme, i18n.text("For example, How to measure retention"))
        self.kind = Select(theme, [(row.key, kind_title(row.key, row.name)) for row in kinds])
        self.kind.set_options(
            [*[(row.key, kind_title(row.key, row.name)) for row in kinds], (_OWN, i18n.text("Own kind…"))]
        )
        self.own_kind = LineEdit(theme, i18n.text("For example, Excursion"))
        self.format = Segmented(theme, [(key, format_title(key)) for key in ("offline", "online", "hybrid")])
        self.format.setAccessibleName(i18n.in_context("event", "Format"))
        self.day = DateField(theme, today=self._operations.today())
        self.starts = TimeField(theme)
        self.ends = TimeField(theme)
        self.place = LineEdit(theme, i18n.text("Hall, address or city"))
        completer = QCompleter(list(places), self.place)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.place.setCompleter(completer)
        self.link = LineEdit(theme, "https://")
        self.capacity = LineEdit(theme, i18n.in_context("event", "No limit"))
        self.approval = CheckBox(theme, i18n.text("Registrations wait for my approval"))
        self.description = TextArea(theme, i18n.text("What it is about and for whom"), rows=3)
        self.next_day = Notice(theme, "warning-circle", "", "warn", "small")

    def _lay_out(self, theme: Theme) -> None:
        self._title_field = Field(theme, i18n.in_context("event", "Title"), self.title_edit)
        self._day_field = Field(theme, i18n.text("Day"), self.day)
        self._own_field = Field(theme, i18n.text("Name of the kind"), self.own_kind)
        self._capacity_field = Field(theme, i18n.in_context("event", "Places"), self.capacity)
        self._link_field = Field(theme, i18n.in_context("event", "Link"), self.link)
        self._place_field = Field(theme, i18n.in_context("event", "Place"), self.place)
        self.body.addWidget(self._title_field)
        self.body.addLayout(
            _row(
                (Field(theme, i18n.in_context("event", "Kind"), self.kind), 2),
                (Field(theme, i18n.in_context("event", "Format"), self.format), 3),
            )
        )
        self.body.addWidget(self._own_field)
        self.body.addLayout(
            _row(
                (self._day_field, 3),
                (Field(theme, i18n.in_context("event", "Starts"), self.starts), 2),
                (Field(theme, i18n.in_context("event", "Ends"), self.ends), 2),
            )
        )
        self.body.addWidget(self.next_day)
        self.body.addLayout(_row((self._place_field, 4), (self._capacity_field, 1)))
        self.body.addWidget(self._link_field)
        self.body.addWidget(Field(theme, i18n.in_context("event", "Description"), self.description))
        self.body.addWidget(self.approval)
        self.kind.currentIndexChanged.connect(self._follow)
        self.format.changed.connect(self._follow)
        self.starts.time_changed.connect(self._follow)
        self.ends.time_changed.connect(self._follow)
        self.day.day_changed.connect(self._follow)

    def _usual(self) -> EventDraft:
        day = self._operations.today() + _A_WEEK
        starts = datetime.combine(day, _EVENING)
        return EventDraft("", starts, starts + _USUAL_LENGTH, self._zone)

    def _fill(self, draft: EventDraft) -> None:
        self._agenda, self._address = draft.agenda, draft.address
        self._days = (draft.ends.date() - draft.starts.date()).days
        self.title_edit.setText(draft.title)
        self.kind.set_value(draft.kind)
        self.format.select(draft.format)
        self.day.set_day(draft.starts.date())
        self.starts.set_clock_time(draft.starts.time())
        self.ends.set_clock_time(draft.ends.time())
        self.place.setText(draft.place)
        self.link.setText(draft.link)
        self.capacity.setText("" if draft.capacity is None else str(draft.capacity))
        self.approval.setChecked(draft.approval)
        self.description.set_text(draft.description)
        self._follow()

    def _follow(self) -> None:
        """Fields that depend on others, and the word about an end before the start."""
        self._own_field.setVisible(self.kind.value() == _OWN)
        self._link_field.setVisible(self.format.current != "offline")
        self._place_field.setVisible(self.format.current != "online")
        day, ends = self.day.day(), self._ends()
        backwards = self._days < 1 and self.ends.clock_time() < self.starts.clock_time()
        self.next_day.setVisible(backwards and ends is not None)
        if day is not None and ends is not None:
            words = i18n.text("The end is before the start: the event will end on {day}", day=i18n.day(ends.date()))
            self.next_day.set_text(words)
        if self.is_open:
            self.place_panel()

    def _ends(self) -> datetime | None:
        day = self.day.day()
        if day is None:
            return None
        later = self._days or int(self.ends.clock_time() < self.starts.clock_time())
        return datetime.combine(day + timedelta(days=later), self.ends.clock_time())

    def save(self) -> None:
        """Keep it as one deed, or say what stands in the way."""
        for field in (self._title_field, self._day_field, self._capacity_field, self._own_field):
            field.set_error("")
        draft = self._draft()
        if draft is None:
            return
        own = self.own_kind.text().strip() if self.kind.value() == _OWN else ""

        def verb(session: Any) -> int:
            kept = replace(draft, kind=events.add_kind(session, own)) if own else draft
            if self._event_id is None:
                return events.add_event(session, kept, self._operations.clock)
            events.edit_event(session, self._event_id, kept)
            return self._event_id

        label = (
            phrase("Added event «{title}»", title=draft.title)
            if self._event_id is None
            else phrase("Changed event «{title}»", title=draft.title)
        )
        try:
            done = self._operations.write(label, verb)
        except CrmError as error:
            self.set_error(error.text())
            return
        self.accept()
        if done.deed is not None:
            self._operations.said.emit(Said(label, done.deed))
        self.saved.emit(done.value)

    def _draft(self) -> EventDraft | None:
        day, ends = self.day.day(), self._ends()
        wrong = False
        if not self.title_edit.text().strip():
            self._title_field.set_error(i18n.text("An event needs a title"))
            wrong = True
        if day is None or ends is None:
            self._day_field.set_error(i18n.text("Type a day as 14.03.2026"))
            wrong = True
        capacity = self.capacity.text().replace(i18n.NBSP, "").replace(" ", "")
        if capacity and (not capacity.isdecimal() or int(capacity) == 0):
            self._capacity_field.set_error(i18n.in_context("event", "A whole number"))
            wrong = True
        if self.kind.value() == _OWN and not self.own_kind.text().strip():
            self._own_field.set_error(i18n.text("Name the kind"))
            wrong = True
        if wrong or day is None or ends is None:
            return None
        chosen = self.format.current
        return EventDraft(
            title=self.title_edit.text(),
            starts=datetime.combine(day, self.starts.clock_time()),
            ends=ends,
            zone=self._zone,
            kind=self.kind.value(),
            format=chosen,
            place=self.place.text() if chosen != "online" else "",
            address=self._address,
            link=self.link.text() if chosen != "offline" and self.link.text().strip() != "https://" else "",
            capacity=int(capacity) if capacity else None,
            approval=self.approval.isChecked(),
            description=self.description.text(),
            agenda=self._agenda,
        )


def _row(*fields: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    for field, share in fields:
        row.addWidget(field, share)
    return row
