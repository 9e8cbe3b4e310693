"""Small dialogs of the page: log a conversation, invite to an event, put tags on, open a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import clock as clocks
from crm import i18n
from crm.errors import CrmError
from crm.i18n import Phrase, phrase, phrase_plural
from crm.services import attendance, event_lists, interactions, people, people_editing, tags
from crm.services.event_rows import EventRow
from crm.services.event_words import kind_title
from crm.services.interactions import ConversationDraft
from crm.ui.operations import Operations, Said
from crm.ui.people import words
from crm.ui.people.inputs import TagsField
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.choices import RadioButton
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, NumberField, TextArea
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import ScrollColumn
from crm.ui.widgets.tabs import Segmented

_LATER: Final = ((1, i18n.mark("tomorrow")), (7, i18n.mark("in a week")), (30, i18n.mark("in a month")))
_USUAL_DELAY: Final = 7
_MOST_MINUTES: Final = 1440
_SHOWN_EVENTS: Final = 30


def answers(dialog: Dialog, theme: Theme, word: str) -> Button:
    """«Cancel» and the verb; the verb is what Enter presses."""
    dialog.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
    verb = Button(theme, word, "primary")
    dialog.set_default(verb)
    dialog.add_button(verb)
    return verb


class ConversationDialog(Dialog):
    """What was said, and what follows from it."""

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person_ids: Sequence[int], name: str
    ) -> None:
        super().__init__(theme, host, i18n.text("Log conversation"), name)
        self._operations, self._people, self._name = operations, tuple(person_ids), name
        self.kind = Segmented(theme, [(kind, words.talk(kind)) for kind in words.TALKS])
        self.kind.setAccessibleName(i18n.text("Kind of conversation"))
        row = QHBoxLayout()
        row.addWidget(self.kind)
        row.addStretch(1)
        self.summary = TextArea(theme, i18n.text("What was it about?"), rows=4)
        self.body.addLayout(row)
        self.body.addWidget(Field(theme, i18n.text("Summary"), self.summary))
        today = operations.today()
        self.day = DateField(theme, today=today)
        self.day.set_day(today)
        self.minutes = NumberField(theme, 0, _MOST_MINUTES, i18n.text("min"))
        self.minutes.setSpecialValueText("\N{EM DASH}")
        self._day_field = Field(theme, i18n.text("Day"), self.day)
        when = QHBoxLayout()
        when.setSpacing(16)
        when.addWidget(self._day_field)
        when.addWidget(Field(theme, i18n.text("Lasted"), self.minutes))
        when.addStretch(1)
        self.body.addLayout(when)
        self.follow_up = LineEdit(theme, i18n.text("For example, send the slides"))
        self.body.addWidget(Field(theme, i18n.text("What to do next"), self.follow_up))
        self._due(theme)
        self.save_button = answers(self, theme, i18n.text("Log"))
        self.save_button.clicked.connect(self.save)

    def _due(self, theme: Theme) -> None:
        today = self._operations.today()
        self.due = DateField(theme, i18n.text("Due"), today=today)
        self.due.set_day(today + timedelta(days=_USUAL_DELAY))
        self._quick = {days: FilterChip(theme, i18n.text(word)) for days, word in _LATER}
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(theme, i18n.text("Due"), "small", "text2"))
        for days, chip in self._quick.items():
            chip.clicked.connect(lambda _=False, ahead=days: self.due.set_day(today + timedelta(days=ahead)))
            row.addWidget(chip)
        row.addWidget(self.due)
        row.addStretch(1)
        self.due.day_changed.connect(self._mark_quick)
        self._mark_quick()
        self.body.addLayout(row)

    def _mark_quick(self) -> None:
        day, today = self.due.day(), self._operations.today()
        for days, chip in self._quick.items():
            chip.set_active(day == today + timedelta(days=days))

    def first_focus(self) -> QWidget:
        """What was said is typed first."""
        return self.summary

    def save(self) -> None:
        """Keep it as one deed with the task that follows."""
        if self.day.is_wrong or self.day.day() is None:
            self._day_field.set_error(i18n.text("Type a day as 14.03.2026"))
            return
        draft = ConversationDraft(
            self._people,
            self.kind.current,
            self.summary.text(),
            self._moment(),
            self.minutes.value() or None,
            follow_up=self.follow_up.text(),
            follow_up_on=self.due.day(),
        )
        label = phrase("Conversation logged: {name}", name=self._name)
        do(self, self._operations, label, lambda s: interactions.log_conversation(s, draft, self._operations.clock))

    def _moment(self) -> datetime | None:
        """Now for today; noon for a day before, whose hour nobody asked."""
        day = self.day.day()
        if day is None or day == self._operations.today():
            return None
        zone = clocks.laptop_zone()
        return datetime.combine(day, time(12), tzinfo=zone)


class InviteDialog(Dialog):
    """Which of the coming events people are invited to."""

    invited = Signal(int)

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person_ids: Sequence[int], name: str
    ) -> None:
        super().__init__(theme, host, i18n.text("Invite to an event"), name)
        self._operations, self._people = operations, tuple(person_ids)
        self._rows: list[tuple[RadioButton, EventRow]] = []
        clock = operations.clock

        def coming(session: Any) -> list[EventRow]:
            ids = event_lists.event_ids(session, "upcoming", clock, limit=_SHOWN_EVENTS)
            rows = event_lists.event_rows(session, ids)
            return [row for row in rows if row.status in {"planned", "open"}]

        events = operations.read(coming)
        column = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        column.body.setSpacing(2)
        for row in events:
            what = i18n.text("{kind} «{title}»", kind=kind_title(row.kind, row.kind_name), title=row.title)
            day = i18n.weekday_day(row.on, operations.today())
            choice = RadioButton(theme, f"{day}, {i18n.time(row.starts_at, row.zone)} · {what}")
            column.body.addWidget(choice)
            self._rows.append((choice, row))
        if self._rows:
            self._rows[0][0].setChecked(True)
        else:
            column.body.addWidget(
                Label(theme, i18n.text("No events are coming. Plan one first."), "body", "text2", wrap=True)
            )
        column.body.addStretch(1)
        column.setFixedHeight(theme.px(min(320, 16 + 26 * max(1, len(events)))))
        self.body.addWidget(column)
        self.save_button = answers(self, theme, i18n.text("Invite"))
        self.save_button.setEnabled(bool(self._rows))
        self.save_button.clicked.connect(self.save)

    def save(self) -> None:
        """Note the invitations as one deed."""
        event = next(row for choice, row in self._rows if choice.isChecked())
        label = phrase_plural(
            "Invited {count} person to «{event}»",
            "Invited {count} people to «{event}»",
            len(self._people),
            event=event.title,
        )
        clock = self._operations.clock
        do(self, self._operations, label, lambda s: attendance.invite_people(s, event.id, self._people, clock))


class TagsDialog(Dialog):
    """The tags of one person; for several people, tags to put on all of them."""

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, person_ids: Sequence[int], name: str
    ) -> None:
        one = len(person_ids) == 1
        super().__init__(
            theme, host, i18n.in_context("people", "Tags") if one else i18n.text("Add tags"), name, width=480
        )
        self._operations, self._people, self._name, self._one = operations, tuple(person_ids), name, one
        self.field = TagsField(theme, operations.read(tags.tag_names))
        if one:
            card = operations.read(lambda s: people.card(s, person_ids[0]))
            self.field.set_names(tag for tag, _ in card.tags)
        self.body.addWidget(self.field)
        self.save_button = answers(self, theme, i18n.text("Save"))
        self.save_button.clicked.connect(self.save)

    def save(self) -> None:
        """Keep them as one deed."""
        names, people_ids, clock = self.field.names(), self._people, self._operations.clock
        if self._one:
            label = phrase("Tags changed: {name}", name=self._name)
            do(
                self,
                self._operations,
                label,
                lambda s: people_editing.change_field(s, people_ids[0], "tags", names, clock),
            )
            return
        label = phrase_plural("Tags added to {count} person", "Tags added to {count} people", len(people_ids))
        do(self, self._operations, label, lambda s: [tags.add_tag(s, people_ids, name) for name in names])


class SiteDialog(Dialog):
    """An address from somebody's card, shown whole before it opens."""

    def __init__(self, theme: Theme, host: QWidget, address: str) -> None:
        super().__init__(theme, host, i18n.text("Open this address?"), width=480)
        self.body.addWidget(Label(theme, address, "body_strong", wrap=True, selectable=True))
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.add_button(Button(theme, i18n.text("Open"), "primary"), "accept")


def do(dialog: Dialog, operations: Operations, label: Phrase, verb: Callable[[Any], object]) -> None:
    """A deed from a dialog: its refusal is shown in it, else it closes and the deed is said."""
    try:
        done = operations.write(label, verb)
    except CrmError as error:
        dialog.set_error(error.text())
        return
    dialog.accept()
    if done.deed is not None:
        operations.said.emit(Said(label, done.deed))
