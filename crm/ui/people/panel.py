"""The profile beside the list: who it is, how to reach them, what they agreed to, how engaged, what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import contact_points, i18n
from crm.services.cards import ContactLine, PersonCard
from crm.services.profiles import Profile
from crm.services.timeline import Entry, EntryKind
from crm.ui import clipboard
from crm.ui.people import words
from crm.ui.people.entries import EntryList
from crm.ui.people.facts import ConsentRow, FactLine, TaskRow
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.charts import Sparkline
from crm.ui.widgets.chips import FilterChip, FlowLayout, TagChip, ToneChip
from crm.ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label
from crm.ui.widgets.mark_widgets import Avatar, LevelMark
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import ScrollColumn, SidePane, Surface

_SIDE: Final = 24
_FEWEST_POINTS: Final = 2
_CHIPS: Final[tuple[tuple[EntryKind, str], ...]] = (
    ("event", i18n.mark("Events")),
    ("conversation", i18n.mark("Conversations")),
    ("feedback", i18n.mark("Feedback")),
    ("task", i18n.mark("Tasks")),
    ("change", i18n.mark("Changes")),
)


class ProfilePanel(SidePane):
    """One person. What can be done with them is asked for by signals: the page does it."""

    closed = Signal()
    edit_requested = Signal()
    log_requested = Signal()
    invite_requested = Signal()
    tags_requested = Signal()
    export_requested = Signal()
    archive_requested = Signal()
    delete_requested = Signal()
    task_done = Signal(int)
    tag_chosen = Signal(str)
    person_chosen = Signal(int)
    event_chosen = Signal(int)
    copied = Signal(str)
    site_chosen = Signal(str)
    history_requested = Signal()
    origin_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 374)
        self._theme = theme
        self._entries: Sequence[Entry] = ()
        self._today = date.min
        self._kind = ""
        self.person: PersonCard | None = None
        self.body.addWidget(self._head())
        self._scroll = ScrollColumn(theme, side=0, top=0)
        self._scroll.body.setSpacing(0)
        self._scroll.body.setContentsMargins(0, 0, 0, 16)
        self.body.addWidget(self._scroll, 1)
        self._entry_list: EntryList | None = None
        self._filters: dict[str, FilterChip] = {}
        self.setAccessibleName(i18n.text("Profile"))

    def _head(self) -> QWidget:
        theme = self._theme
        head = Surface(theme, "surface", "b")
        column = QVBoxLayout(head)
        column.setContentsMargins(_SIDE, 18, _SIDE, 15)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(15)
        self._avatar = Avatar(theme, size=52)
        top.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(5)
        names.setContentsMargins(0, 3, 0, 0)
        self._name = Label(theme, "", "heading", wrap=True)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        names.addWidget(self._name)
        level = QHBoxLayout()
        level.setSpacing(4)
        self._level = LevelMark(theme)
        self._since = ElidedLabel(theme, "", "body", "text2")
        level.addWidget(self._level)
        level.addWidget(self._since, 1)
        names.addLayout(level)
        top.addLayout(names, 1)
        close = IconButton(theme, "x", i18n.text("Close the profile"))
        close.clicked.connect(self.closed)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.log_button = Button(theme, i18n.text("Log conversation"), icon="note-pencil")
        self.log_button.clicked.connect(self.log_requested)
        self.invite_button = Button(theme, i18n.text("Invite"), icon="calendar-plus")
        self.invite_button.clicked.connect(self.invite_requested)
        row.addWidget(self.log_button)
        row.addWidget(self.invite_button)
        row.addStretch(1)
        self._more = IconButton(theme, "dots-three", i18n.text("More actions"))
        row.addWidget(self._more)
        column.addLayout(row)
        self._more.clicked.connect(self._open_menu)
        return head

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def menu(self) -> Menu:
        """What can be done with the person, for the dots and for a right click in the list."""
        menu = Menu(self._theme, self)
        menu.add(i18n.in_context("people", "Edit"), self.edit_requested.emit, "pencil-simple", "E")
        menu.add(i18n.text("Log conversation"), self.log_requested.emit, "note-pencil", "Ctrl+L")
        menu.add(i18n.text("Invite to an event"), self.invite_requested.emit, "calendar-plus")
        menu.add(i18n.text("Tags…"), self.tags_requested.emit, "plus-circle")
        menu.add(i18n.text("Export…"), self.export_requested.emit, "export")
        menu.addSeparator()
        menu.add(i18n.in_context("people", "History"), self.history_requested.emit, "clock-counter-clockwise")
        menu.add(i18n.text("Where this comes from"), partial(self.origin_asked.emit, ""), "file-text")
        menu.addSeparator()
        archived = self.person is not None and self.person.archived_at is not None
        word = i18n.text("Bring back from the archive") if archived else i18n.text("Move to the archive")
        menu.add(word, self.archive_requested.emit, "minus-circle")
        menu.add(i18n.text("Delete"), self.delete_requested.emit, "trash", "Del", danger=True)
        return menu

    # -- content --------------------------------------------------------------------------------------------------

    def show_profile(self, profile: Profile, entries: Sequence[Entry], today: date) -> None:
        """Show a person; the same person again keeps the place in the scroll and the filter of the history."""
        same = self.person is not None and self.person.id == profile.person.id
        place = self._scroll.verticalScrollBar().value() if same else 0
        self.person, self._entries, self._today = profile.person, entries, today
        if not same:
            self._kind = ""
        person = profile.person
        self._avatar.set_person(person.id, person.display_name, person.initials)
        self._name.set_text(person.display_name)
        self._level.set_level(person.level)
        month = i18n.text("· since {month}", month=_month(profile.since)) if profile.since else ""
        self._since.set_text(month)
        self.setUpdatesEnabled(False)
        self._scroll.clear()
        self._facts(profile)
        self._tasks(profile)
        self._consents(profile)
        self._engagement(profile)
        self._history()
        self._scroll.body.addStretch(1)
        self.setUpdatesEnabled(True)
        self._scroll.verticalScrollBar().setValue(place)

    def _section(self, *, line: bool = True, gap: int = 0) -> QVBoxLayout:
        if line and self._scroll.body.count():
            self._scroll.body.addWidget(Hairline(self._theme))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(_SIDE, 12, _SIDE, 13)
        column.setSpacing(gap)
        self._scroll.body.addWidget(holder)
        return column

    def _facts(self, profile: Profile) -> None:
        person = profile.person
        column = self._section()
        work = " — ".join(part for part in (person.organisation, person.job_title) if part)
        if work:
            column.addWidget(self._fact("buildings", work, "organisation"))
        for contact in person.contacts:
            column.addWidget(self._contact(contact))
        plain = (
            ("chat-circle-text", words.terms(person), "terms"),
            ("map-pin", person.city, "city"),
            ("cake", words.birthday(person), "birthday"),
            ("identification-badge", words.person_kind(person.kind) if person.kind != "member" else "", ""),
        )
        for icon, said, field in plain:
            if said:
                column.addWidget(self._fact(icon, said, field))
        self._referral(column, profile)
        if profile.do_not_contact:
            asked = i18n.text("Asked not to be written to")
            column.addWidget(IconLabel(self._theme, "hand-palm", asked, "body", "bad", "bad", gap=12))
        chips = [TagChip(self._theme, name, colour) for name, colour in person.tags]
        needs = [ToneChip(self._theme, i18n.text("can help: {what}", what=offer), "teal") for offer in profile.offers]
        needs += [ToneChip(self._theme, i18n.text("looks for: {what}", what=need), "amber") for need in profile.seeks]
        for row in (chips, needs):
            if row:
                column.addSpacing(8)
                flow = QWidget()
                layout = FlowLayout(flow, 6)
                for chip in row:
                    layout.addWidget(chip)
                column.addWidget(flow)
        for icon, note in (("note-pencil", person.note), ("lock-key", person.care_note)):
            if note:
                column.addSpacing(8)
                column.addLayout(self._note(icon, note))
        if not column.count():
            column.addWidget(Label(self._theme, i18n.text("Nothing is known yet but the name"), "body", "text2"))

    def _fact(self, icon: str, said: str, field: str) -> FactLine:
        line = FactLine(self._theme, icon, said, field=field)
        line.origin_asked.connect(self.origin_asked)
        return line

    def _note(self, icon: str, note: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        mark = IconLabel(self._theme, icon, "", "body", "text2", gap=0)
        mark.setFixedWidth(self._theme.px(16))
        mark.setToolTip(
            i18n.text("Care note, seen only here") if icon == "lock-key" else i18n.in_context("people", "Note")
        )
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        label = Label(self._theme, note, "body", "text2", wrap=True, selectable=True)
        row.addWidget(label, 1)
        return row

    def _contact(self, contact: ContactLine) -> FactLine:
        shown = words.contact_shown(contact.kind, contact.value)
        link = contact_points.link(contact.kind, contact.value)
        text = f"{shown} · {contact.label}" if contact.label else shown
        line = FactLine(
            self._theme,
            words.CONTACT_ICONS.get(contact.kind, "identification-badge"),
            text,
            copies=shown,
            leads=bool(link),
            field=f"contact:{contact.kind}:{contact.value}",
        )
        line.origin_asked.connect(self.origin_asked)
        line.copied.connect(self._copy)
        if link and contact.kind == "site":
            line.pressed.connect(partial(self.site_chosen.emit, link))
        elif link:
            line.pressed.connect(partial(QDesktopServices.openUrl, QUrl(link)))
        return line

    def _referral(self, column: QVBoxLayout, profile: Profile) -> None:
        person = profile.person
        said = []
        if person.referred_by:
            said.append(i18n.text("Came through {name}", name=person.referred_by))
        if profile.brought:
            said.append(i18n.plural("brought {count} person", "brought {count} people", profile.brought))
        if not said:
            return
        words_said = " · ".join(said)
        line = FactLine(
            self._theme,
            "user-plus",
            words_said[:1].upper() + words_said[1:],
            leads=bool(person.referred_by_id),
            field="referral" if person.referred_by else "",
        )
        line.origin_asked.connect(self.origin_asked)
        if person.referred_by_id is not None:
            line.pressed.connect(partial(self.person_chosen.emit, person.referred_by_id))
        column.addWidget(line)

    def _tasks(self, profile: Profile) -> None:
        if not profile.tasks:
            return
        column = self._section(gap=2)
        column.addWidget(Label(self._theme, i18n.text("To do"), "sub"))
        for task in profile.tasks:
            row = TaskRow(self._theme, task, self._today)
            row.done.connect(self.task_done)
            column.addWidget(row)

    def _consents(self, profile: Profile) -> None:
        if not any(consent.status for consent in profile.consents):
            return
        column = self._section()
        column.addWidget(Label(self._theme, i18n.text("Consents"), "sub"))
        column.addSpacing(4)
        for consent in profile.consents:
            column.addWidget(ConsentRow(self._theme, consent, self._today))

    def _engagement(self, profile: Profile) -> None:
        if not profile.months:
            return
        column = self._section(gap=3)
        top = QHBoxLayout()
        top.addWidget(Label(self._theme, i18n.text("Engagement"), "sub"))
        top.addStretch(1)
        top.addWidget(Label(self._theme, i18n.number(profile.love, 1), "sub"))
        column.addLayout(top)
        parts = [i18n.plural("{count} event", "{count} events", profile.visits)]
        if profile.answers:
            parts.append(i18n.plural("{count} answer", "{count} answers", profile.answers))
        said = Label(
            self._theme, i18n.text("in 12 months: {parts}", parts=", ".join(parts)), "small", "text2", wrap=True
        )
        said.setToolTip(i18n.text("The weights of everything done, a tenth less for each month that has passed"))
        column.addWidget(said)
        if len(profile.months) >= _FEWEST_POINTS:
            line = Sparkline(self._theme, profile.months, name=i18n.text("Engagement in the last 12 months"))
            line.setFixedHeight(self._theme.px(38))
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column.addWidget(line)
            ends = QHBoxLayout()
            first = (self._today.month - len(profile.months)) % 12 + 1
            ends.addWidget(Label(self._theme, i18n.month_short(first), "small", "text2"))
            ends.addStretch(1)
            ends.addWidget(Label(self._theme, i18n.month_short(self._today.month), "small", "text2"))
            column.addLayout(ends)

    def _history(self) -> None:
        column = self._section(gap=10)
        head = QHBoxLayout()
        head.addWidget(Label(self._theme, i18n.text("History"), "sub"))
        head.addStretch(1)
        whole = Button(self._theme, i18n.text("All changes"), "link")
        whole.clicked.connect(self.history_requested)
        head.addWidget(whole)
        column.addLayout(head)
        counts = Counter(entry.kind for entry in self._entries)
        holder = QWidget()
        flow = FlowLayout(holder, 6)
        self._filters = {"": FilterChip(self._theme, i18n.in_context("history", "All"))}
        for kind, title in _CHIPS:
            if counts[kind]:
                self._filters[kind] = FilterChip(self._theme, i18n.text(title), count=i18n.number(counts[kind]))
        if self._kind not in self._filters:
            self._kind = ""
        for key, chip in self._filters.items():
            chip.clicked.connect(partial(self.filter_history, key))
            flow.addWidget(chip)
        column.addWidget(holder)
        column.addSpacing(2)
        self._entry_list = EntryList(self._theme)
        self._entry_list.event_chosen.connect(self.event_chosen)
        column.addWidget(self._entry_list)
        self.filter_history(self._kind)

    def filter_history(self, kind: str) -> None:
        """Show entries of one kind, all for «»."""
        self._kind = kind
        for one, chip in self._filters.items():
            chip.set_active(one == kind)
        if self._entry_list is not None and self.person is not None:
            chosen = [entry for entry in self._entries if kind in {"", entry.kind}]
            self._entry_list.set_entries(chosen, self.person.gender, self._today)

    def _copy(self, text: str) -> None:
        clipboard.copy(text)
        self.copied.emit(text)


def _month(day: date) -> str:
    month = i18n.month_genitive(day)
    return f"{month} {day.year}"
