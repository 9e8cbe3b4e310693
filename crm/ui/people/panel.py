"""The profile beside the list: who it is, how to reach them, what they agreed to, how engaged, what happened.

The panel is a head and a column of sections (`ui/people/sections.py`). A section is a widget with
`show_profile(profile, today)`: the panel calls it for another person and again after every deed that may concern the
one that is shown. Rooms of their own hang theirs there, in `_sections_of_the_column` and in the order of reading;
what a section wants of the page it says by a signal of its own, wired where the section is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.cards import PersonCard
from crm.services.profiles import Profile
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people import life_words
from crm.ui.people.care import CareSection
from crm.ui.people.consents import ConsentsSection
from crm.ui.people.fact_row import FactRow
from crm.ui.people.facts_section import FactsSection
from crm.ui.people.files import FilesSection
from crm.ui.people.past_section import PastSection
from crm.ui.people.photo import PhotoPlace
from crm.ui.people.relations import RelationsSection
from crm.ui.people.sections import SIDE, EngagementSection, Section, TasksSection
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Label, breakable
from crm.ui.widgets.mark_widgets import LevelMark
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import ScrollColumn, SidePane, Surface


class _NameLabel(Label):
    """The name at the top; a click, Enter or F2 leads to its parts."""

    pressed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", "heading", wrap=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(i18n.text("Enter changes it"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self.set_look(colour="accent_text")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard left."""
        super().focusOutEvent(event)
        self.set_look(colour="text")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class ProfilePanel(SidePane):
    """One person. What can be done with them is asked for by signals: the page does it."""

    closed = Signal()
    edit_requested = Signal()
    log_requested = Signal()
    invite_requested = Signal()
    tags_requested = Signal()
    export_requested = Signal()
    code_requested = Signal()
    archive_requested = Signal()
    delete_requested = Signal()
    task_done = Signal(int)
    person_chosen = Signal(int)
    event_chosen = Signal(int)
    feedback_chosen = Signal(int)
    deed_chosen = Signal(int)
    copied = Signal(str)
    site_chosen = Signal(str)
    history_requested = Signal()
    organisation_asked = Signal(int)
    origin_asked = Signal(str)

    def __init__(self, theme: Theme, operations: Operations, jobs: Jobs) -> None:
        super().__init__(theme, 374)
        self._theme, self._operations, self._jobs = theme, operations, jobs
        self.person: PersonCard | None = None
        self.profile: Profile | None = None
        self.body.addWidget(self._head())
        self._scroll = ScrollColumn(theme, side=0, top=0)
        self._scroll.body.setSpacing(0)
        self._scroll.body.setContentsMargins(0, 0, 0, 16)
        self.body.addWidget(self._scroll, 1)
        self._sections = self._sections_of_the_column()
        for section in self._sections:
            self._scroll.body.addWidget(section)
        self._scroll.body.addStretch(1)
        self.setAccessibleName(i18n.text("Profile"))
        # A click on the bare ground leaves a fact that is being typed, and so keeps it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _sections_of_the_column(self) -> list[Section]:
        """Every section, in the order of reading."""
        theme = self._theme
        self.facts = FactsSection(theme, self._operations)
        self.facts.person_chosen.connect(self.person_chosen)
        self.facts.site_chosen.connect(self.site_chosen)
        self.facts.copied.connect(self.copied)
        self.facts.origin_asked.connect(self.origin_asked)
        # The field has its height with the next round of the layout.
        self.facts.begun.connect(lambda row: QTimer.singleShot(0, row, lambda: self._reveal(row)))
        tasks = TasksSection(theme)
        tasks.task_done.connect(self.task_done)
        self.consents = ConsentsSection(theme, self._operations)
        self.relations = RelationsSection(theme, self._operations)
        self.relations.person_chosen.connect(self.person_chosen)
        self.files = FilesSection(theme, self._operations, self._jobs)
        self.care = CareSection(theme, self._operations)
        self.care.origin_asked.connect(self.origin_asked)
        self.care.copied.connect(self.copied)
        self.past = PastSection(theme, self._operations)
        self.past.event_chosen.connect(self.event_chosen)
        self.past.feedback_chosen.connect(self.feedback_chosen)
        self.past.deed_chosen.connect(self.deed_chosen)
        self.past.history_requested.connect(self.history_requested)
        engagement = EngagementSection(theme)
        return [
            self.facts, tasks, self.consents, engagement, self.relations, self.files, self.care, self.past,
        ]  # fmt: skip

    def _head(self) -> QWidget:
        theme = self._theme
        head = Surface(theme, "surface", "b")
        column = QVBoxLayout(head)
        column.setContentsMargins(SIDE, 18, SIDE, 15)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(15)
        self.photo = PhotoPlace(theme, self._operations, self._jobs)
        top.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(5)
        names.setContentsMargins(0, 3, 0, 0)
        self._name = _NameLabel(theme)
        self._name.pressed.connect(lambda: self.facts.edit("name"))
        names.addWidget(self._name)
        level = QHBoxLayout()
        level.setSpacing(4)
        self._level = LevelMark(theme)
        self._since = ElidedLabel(theme, "", "body", "text2")
        level.addWidget(self._level)
        level.addWidget(self._since, 1)
        names.addLayout(level)
        self.wish = IconLabel(theme, "hand-palm", "", "small_strong", "bad", gap=6)
        self.wish.hide()
        top.addLayout(names, 1)
        close = IconButton(theme, "x", i18n.text("Close the profile"))
        close.clicked.connect(self.closed)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.wish)
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
        menu.add(i18n.text("QR code for a phone"), self.code_requested.emit, "barcode")
        menu.addSeparator()
        if self.person is not None and self.person.organisation_id is not None:
            where = partial(self.organisation_asked.emit, self.person.organisation_id)
            menu.add(i18n.text("Organisation of this person"), where, "buildings")
        menu.add(i18n.in_context("people", "History"), self.history_requested.emit, "clock-counter-clockwise")
        menu.add(i18n.text("Where this comes from"), partial(self.origin_asked.emit, ""), "file-text")
        menu.addSeparator()
        archived = self.person is not None and self.person.archived_at is not None
        word = i18n.text("Bring back from the archive") if archived else i18n.text("Move to the archive")
        menu.add(word, self.archive_requested.emit, "minus-circle")
        menu.add(i18n.text("Delete"), self.delete_requested.emit, "trash", "Del", danger=True)
        return menu

    def _stops(self) -> list[QWidget]:
        """Where Tab stops, as the panel is read: rows come and go, and what was made last is not what is read last."""
        return [one for one in _in_order(self.layout()) if one.isVisibleTo(self) and one.isEnabled()]

    def _reveal(self, row: FactRow) -> None:
        if row.editor is not None:
            self._scroll.ensureWidgetVisible(row.editor, 0, 16)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the panel as it is read, and out of it at its ends."""
        stops, now = self._stops(), self.window().focusWidget()
        following = stops.index(now) + (1 if forward else -1) if now in stops else -1
        if 0 <= following < len(stops):
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            stops[following].setFocus(reason)
            self._scroll.ensureWidgetVisible(stops[following], 0, 24)
            return True
        for _ in range(len(stops) + 1):
            if not super().focusNextPrevChild(forward):
                return False
            now = self.window().focusWidget()
            if now is None or not self.isAncestorOf(now):
                break
        return True

    # -- content --------------------------------------------------------------------------------------------------

    def show_profile(self, profile: Profile, today: date) -> None:
        """Show a person; the same person again keeps the place in the scroll and the filter of the history."""
        same = self.person is not None and self.person.id == profile.person.id
        place = self._scroll.verticalScrollBar().value() if same else 0
        self.profile, self.person = profile, profile.person
        person = profile.person
        self.photo.show_profile(profile)
        self._name.set_text(breakable(person.display_name))
        self._level.set_level(person.level)
        self._since.set_text(i18n.text("· since {month}", month=_month(profile.since)) if profile.since else "")
        if profile.do_not_contact:
            self.wish.set_content("hand-palm", life_words.whole_wish(profile.do_not_contact[0], today), "bad")
        self.wish.setVisible(bool(profile.do_not_contact))
        self.setUpdatesEnabled(False)
        for section in self._sections:
            section.show_profile(profile, today)
        self.setUpdatesEnabled(True)
        self._scroll.verticalScrollBar().setValue(place)


def _in_order(layout: QLayout | None) -> Iterator[QWidget]:
    """What Tab may stop at in a layout and in all that lies in it, in the order in which it was put there."""
    items = [layout.itemAt(place) for place in range(layout.count())] if layout is not None else []
    for item in items:
        widget = item.widget() if item is not None else None
        if widget is None:
            yield from _in_order(item.layout() if item is not None else None)
            continue
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget
        inside = widget.widget() if isinstance(widget, QScrollArea) else widget
        yield from _in_order(inside.layout() if inside is not None else None)


def _month(day: date) -> str:
    month = i18n.month_genitive(day)
    return f"{month} {day.year}"
