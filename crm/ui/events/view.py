"""One event: header, funnel, and its people by tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import attendees, event_lists
from crm.services.event_rows import AttendeeRow, EventCard
from crm.services.event_words import role_title
from crm.ui.events.acts import EventActs
from crm.ui.events.attendee_table import AttendeeFilters, columns
from crm.ui.events.header import EventHeader
from crm.ui.events.notes import EventNotes
from crm.ui.events.pickers import AddAttendee, InviteSegment
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.charts import Funnel, FunnelStep
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.id_list import IdListModel
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.nothing import Nothing
from crm.ui.widgets.pages import Surface
from crm.ui.widgets.tables import ListTable
from crm.ui.widgets.tabs import Tab, Tabs

_ROLES: Final = ("guest", "speaker", "organiser", "volunteer", "mentor")
_SIDE: Final = 28
_SEARCH_WIDTH: Final = 280
_NARROW_SEARCH: Final = 200
_WIDE: Final = 1120
_NARROW: Final = 900
_LOW: Final = 700
"""Below this height the funnel gives its room to the list."""


class EventView(Surface):
    """Shows one event. `back_wanted`, `edit_wanted`, `desk_wanted`, `person_wanted` lead elsewhere."""

    back_wanted = Signal()
    edit_wanted = Signal()
    desk_wanted = Signal()
    copied = Signal(int)
    person_wanted = Signal(int)
    segments_wanted = Signal()

    def __init__(self, operations: Operations, acts: EventActs, theme: Theme) -> None:
        super().__init__(theme, "surface")
        self._operations = operations
        self._acts = acts
        self.card: EventCard | None = None
        self._zone = ""
        self.header = EventHeader(theme)
        self.funnel = Funnel(theme)
        self.tabs = Tabs(theme)
        self.search = SearchField(theme, i18n.text("Find a participant"))
        self.filters = AttendeeFilters(theme)
        self.add = Button(theme, i18n.text("Add participant"), "quiet", "plus")
        self.invite = Button(theme, i18n.text("Invite a segment"), "quiet", "circles-three")
        self._model: IdListModel[AttendeeRow] = IdListModel([], self._fetch)
        self.table: ListTable | None = None
        self.notes = EventNotes(theme)
        self._nothing = Nothing(theme, "users")
        self._build()
        self._connect()

    def _build(self) -> None:
        theme = self._theme
        funnel = self._funnel_area = Surface(theme, "surface", "b")
        inside = QHBoxLayout(funnel)
        inside.setContentsMargins(_SIDE, 16, _SIDE, 16)
        inside.addWidget(self.funnel)
        tabs = Surface(theme, "surface", "b")
        row = QHBoxLayout(tabs)
        row.setContentsMargins(_SIDE, 0, _SIDE, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(_SIDE, 10, _SIDE, 6)
        bar.setSpacing(12)
        self.search.setFixedWidth(theme.px(_SEARCH_WIDTH))
        bar.addWidget(self.search)
        bar.addWidget(self.filters, 1)
        bar.addWidget(self.invite)
        bar.addWidget(self.add)
        self._lists = QWidget()
        self._list_stack = QStackedLayout(self._lists)
        self._list_stack.addWidget(self._nothing)
        people = self._people = QWidget()
        column = QVBoxLayout(people)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._lists, 1)
        self._stack = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(funnel)
        whole.addWidget(tabs)
        whole.addLayout(self._stack, 1)
        # Only now: a page put into a stack without a place is shown as a window of its own for a moment.
        self._stack.addWidget(people)
        self._stack.addWidget(self.notes)

    def _connect(self) -> None:
        self.header.back.clicked.connect(self.back_wanted)
        self.header.desk.clicked.connect(self.desk_wanted)
        self.header.edit.clicked.connect(self.edit_wanted)
        self.header.sheet.clicked.connect(self._sheet)
        self.header.more.clicked.connect(self._more)
        self.tabs.changed.connect(self._tab)
        self.filters.chosen.connect(lambda _: self._look())
        self.search.textChanged.connect(lambda _: self._look())
        self.search.stepped.connect(lambda by: self.table.step(by) if self.table is not None else None)
        self.search.returnPressed.connect(self._open_current)
        self.search.escaped.connect(self.back_wanted)
        self.add.clicked.connect(self.add_attendee)
        self.invite.clicked.connect(self.invite_segment)

    # -- showing --------------------------------------------------------------------------------------------------

    def show_event(self, event_id: int) -> None:
        """Show another event from its beginning. Raises EventNotFound."""
        fresh = self.card is None or self.card.row.id != event_id
        if fresh:
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
        self._read(event_id)
        if fresh:
            card = self.card
            has_list = card is not None and (card.row.registered or card.row.came)
            self.tabs.select("people" if has_list or not (card and card.row.invited) else "invited")
            self.filters.choose("registered")
            self._look()
            self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    def home(self) -> QWidget:
        """The list; with nobody in it, what brings them in."""
        if self.table is not None and self._list_stack.currentWidget() is self.table:
            return self.table
        return self.invite

    def refresh(self) -> None:
        """Read the event again. Raises EventNotFound when it is gone."""
        if self.card is not None:
            self._read(self.card.row.id)
            self._look()

    def _read(self, event_id: int) -> None:
        card, counts = self._operations.read(
            lambda session: (
                event_lists.event_card(session, event_id),
                attendees.attendee_counts(session, event_id),
            )
        )
        self.card = card
        if self.table is None or card.row.zone != self._zone:
            self._make_table(card.row.zone)
        self._model.invalidate()
        self.header.show_event(card, self._operations.clock())
        self.notes.show_event(card)
        self.filters.show_counts(counts)
        self.funnel.set_steps(steps(card))
        self._funnel_area.setVisible(self._has_room() and (card.row.invited + card.row.registered + card.row.came) > 0)
        current = self.tabs.current
        self.tabs.set_tabs(
            [
                Tab(
                    "people",
                    i18n.in_context("event", "Participants"),
                    i18n.number(counts["registered"] + counts["walk_in"]),
                ),
                Tab("invited", i18n.in_context("event", "Invitations"), i18n.number(counts["invited"])),
                Tab("about", i18n.text("About the event")),
            ]
        )
        if current:
            self.tabs.select(current)

    def _has_room(self) -> bool:
        return self.height() == 0 or self.height() >= self._theme.px(_LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the list comes before the funnel; in a narrow one verbs go into «⋯»."""
        super().resizeEvent(event)
        if self.card is not None:
            row = self.card.row
            self._funnel_area.setVisible(self._has_room() and (row.invited + row.registered + row.came) > 0)
        width, px = self.width(), self._theme.px
        self.invite.setVisible(width >= px(_WIDE))
        self.add.setVisible(width >= px(_NARROW))
        self.search.setFixedWidth(px(_SEARCH_WIDTH if width >= px(_WIDE) else _NARROW_SEARCH))

    def _make_table(self, zone: str) -> None:
        self._zone = zone
        old = self.table
        self._model = IdListModel(columns(zone), self._fetch)
        table = ListTable(self._theme, self._model, name=i18n.in_context("event", "Participants"))
        table.opened.connect(self._open)
        table.menu_requested.connect(self._menu)
        self._list_stack.addWidget(table)
        self.table = table
        if old is not None:
            self._list_stack.removeWidget(old)
            old.deleteLater()

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, AttendeeRow]:
        return {row.id: row for row in self._operations.read(lambda session: attendees.attendee_rows(session, ids))}

    def _look(self) -> None:
        if self.card is None or self.table is None:
            return
        invited = self.tabs.current == "invited"
        which: Any = "invited" if invited else self.filters.current
        event_id, text = self.card.row.id, self.search.text()
        ids = self._operations.read(lambda session: attendees.attendee_ids(session, event_id, which, text))
        self._model.set_ids(ids)
        self._list_stack.setCurrentWidget(self.table if ids else self._nothing)
        self._nothing.set_words(*self._nobody(text, invited=invited))

    def _nobody(self, text: str, *, invited: bool) -> tuple[str, str]:
        if text:
            return i18n.text("Nobody found"), i18n.text("Try a part of the name, or another filter.")
        if invited:
            return i18n.text("Nobody is invited yet"), i18n.text("Invite a segment: everyone in it will be here.")
        return i18n.text("Nobody here yet"), i18n.text("Invite a segment or add participants one by one.")

    def _tab(self, key: str) -> None:
        self._stack.setCurrentWidget(self.notes if key == "about" else self._people)
        self.filters.setVisible(key == "people")
        self._look()

    # -- acts -----------------------------------------------------------------------------------------------------

    def add_attendee(self) -> None:
        """Put somebody on the list."""
        if self.card is not None:
            AddAttendee(self._theme, self, self._operations, self.card.row).open()

    def invite_segment(self) -> None:
        """Invite everybody of a segment."""
        if self.card is not None:
            dialog = InviteSegment(self._theme, self, self._operations, self.card.row)
            dialog.segments_wanted.connect(self.segments_wanted)
            dialog.open()

    def paste_list(self) -> None:
        """Put a pasted list of people on the list."""
        if self.card is not None:
            self._acts.paste_list(self._theme, self, self.card.row)

    def _sheet(self) -> None:
        if self.card is not None:
            self._acts.register_sheet(self, self.card.row)

    def _open_current(self) -> None:
        if self.table is not None:
            current = self.table.current_id()
            if current is not None:
                self._open(current)

    def _open(self, attendance_id: int) -> None:
        row = self._fetch([attendance_id]).get(attendance_id)
        if row is not None:
            self.person_wanted.emit(row.person_id)

    def _rows(self, clicked: int) -> list[AttendeeRow]:
        ids = self.table.selected_ids() if self.table is not None else []
        if clicked not in ids:
            ids = [clicked]
        found = self._fetch(ids)
        return [found[one] for one in ids if one in found]

    def _menu(self, attendance_id: int, at: QPoint) -> None:
        rows = self._rows(attendance_id)
        if rows:
            self.people_menu(rows).popup(at)

    def people_menu(self, rows: Sequence[AttendeeRow]) -> Menu:
        """What can be done with these people of the event."""
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        acts, card = self._acts, self.card
        if card is None:
            return menu
        statuses = {row.status for row in rows}
        if len(rows) == 1:
            menu.add(i18n.text("Open the profile"), lambda: self.person_wanted.emit(rows[0].person_id), "user")
            menu.addSeparator()
        if statuses <= {"registered", "no_show", "invited"}:
            menu.add(i18n.text("Note that they came"), lambda: acts.came(rows, card.row), "check-circle")
        if statuses <= {"attended", "walk_in"}:
            menu.add(i18n.text("Take the check-in back"), lambda: acts.not_come(rows), "arrow-counter-clockwise")
        if statuses <= {"invited", "pending", "waitlisted", "cancelled", "rejected"}:
            menu.add(i18n.text("Put on the list"), lambda: acts.register(rows), "check")
        if statuses <= {"registered", "pending", "waitlisted"}:
            menu.add(i18n.text("Cancel the registration"), lambda: acts.cancel_people(rows), "x-circle")
        menu.addSeparator()
        roles = Menu(self._theme, menu)
        roles.setTitle(i18n.text("Role"))
        for role in _ROLES:
            current = {row.role for row in rows} == {role}
            roles.add(role_title(role), partial(acts.change_role, rows, role), checked=current)
        menu.addMenu(roles)
        menu.add(i18n.text("Take off the list"), lambda: acts.remove(rows), "trash", danger=True)
        return menu

    def _more(self) -> None:
        self.event_menu().popup(QCursor.pos() if self.header.more.underMouse() else self._below_more())

    def _below_more(self) -> QPoint:
        return self.header.more.mapToGlobal(QPoint(0, self.header.more.height() + 4))

    def event_menu(self) -> Menu:
        """What can be done with the event."""
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.card is None:
            return menu
        row, acts = self.card.row, self._acts
        menu.add(i18n.in_context("event", "Edit"), self.edit_wanted.emit, "note-pencil")
        menu.add(i18n.text("Add participant"), self.add_attendee, "plus")
        menu.add(i18n.text("Invite a segment"), self.invite_segment, "circles-three")
        menu.add(i18n.text("Paste a list…"), self.paste_list, "clipboard-text", "Ctrl+V")
        menu.add(i18n.text("Copy to a week later"), self._copy, "copy")
        menu.add(i18n.text("Register sheet (PDF)"), self._sheet, "file-pdf")
        menu.addSeparator()
        if row.status in {"planned", "open"}:
            menu.add(i18n.text("Close the event"), lambda: acts.close(row), "check")
            menu.add(i18n.text("Call the event off"), lambda: acts.cancel(row), "prohibit", danger=True)
        else:
            menu.add(i18n.text("Open the event again"), lambda: acts.reopen(row), "arrow-counter-clockwise")
        return menu

    def _copy(self) -> None:
        if self.card is not None:
            made = self._acts.copy(self.card.row)
            if made is not None:
                self.copied.emit(made)


def steps(card: EventCard) -> list[FunnelStep]:
    """Invited → registered → came → left feedback, each percentage saying of what; cancelled people are in none."""
    row = card.row
    found = []
    if row.invited:
        found.append(FunnelStep(i18n.in_context("event", "Invited"), row.invited))
    of_invited = i18n.percent(row.registered / row.invited * 100) if row.invited else ""
    found.append(
        FunnelStep(
            i18n.in_context("event", "Registered"),
            row.registered,
            i18n.text("{percent} of those invited", percent=of_invited) if of_invited else "",
        )
    )
    notes = []
    if row.registered and row.came:
        share = i18n.percent(row.came_registered / row.registered * 100)
        notes.append(i18n.text("{percent} of those registered", percent=share))
    if row.walk_ins:
        notes.append(i18n.plural("{count} not registered", "{count} not registered", row.walk_ins))
    found.append(FunnelStep(i18n.in_context("event", "Came"), row.came, ", ".join(notes)))
    left = (
        i18n.text("{percent} of those who came", percent=i18n.percent(row.responses / row.came * 100))
        if row.came
        else ""
    )
    found.append(FunnelStep(i18n.text("Left feedback"), row.responses, left if row.responses else ""))
    return found
