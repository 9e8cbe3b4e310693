"""The last section of the profile: everything that happened with the person, by kind and by words, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final, Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.services.past_deeds import EntryKind
from crm.services.profiles import Profile
from crm.services.timeline import PAGE, Entry, Past, timeline
from crm.ui.operations import Operations
from crm.ui.people.entries import EntryList
from crm.ui.people.sections import Section
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.chips import FilterChip, FlowLayout
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.pages import empty

_CHIPS: Final[tuple[tuple[EntryKind, str], ...]] = (
    ("event", i18n.mark("Events")),
    ("conversation", i18n.mark("Conversations")),
    ("answer", i18n.mark("Answers")),
    ("feedback", i18n.mark("Feedback")),
    ("task", i18n.mark("Tasks")),
    ("consent", i18n.mark("Consents")),
    ("relation", i18n.mark("Relations")),
    ("file", i18n.mark("Files")),
    ("tag", i18n.mark("Tags")),
    ("import", i18n.mark("Imports")),
    ("merge", i18n.mark("Merges")),
    ("change", i18n.mark("Changes")),
)
_PAUSE: Final = 120
"""Milliseconds without a key after which the words are looked for: all of the past is read for them."""


class PastSection(Section):
    """The timeline with its filter and its words; both stay while the person does."""

    event_chosen = Signal(int)
    feedback_chosen = Signal(int)
    deed_chosen = Signal(int)
    history_requested = Signal()

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, i18n.text("History"), gap=10)
        self._operations = operations
        self.looking = IconButton(theme, "magnifying-glass", i18n.text("Find in the history"))
        self.looking.clicked.connect(self.look_for)
        self.heading.addWidget(self.looking)
        whole = Button(theme, i18n.text("All changes"), "link")
        whole.clicked.connect(self.history_requested)
        self.heading.addWidget(whole)
        self._kind: EntryKind | Literal[""] = ""
        self._person = 0
        self._gender, self._today = "unknown", date.min
        self._past = Past()
        self._counts: Mapping[EntryKind, int] = {}
        self._filters: dict[EntryKind | Literal[""], FilterChip] = {}
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, 6)
        self.search = SearchField(theme, i18n.text("Words of the history"), "")
        self.search.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(partial(self._read, 0))
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.search.escaped.connect(self._stop_looking)
        self.entries = EntryList(theme)
        self.entries.chosen.connect(self._lead)
        self.entries.more.clicked.connect(self._read_more)
        self.body.addWidget(self.search)
        self.body.addWidget(self._chips)
        self.body.addSpacing(2)
        self.body.addWidget(self.entries)

    def show_profile(self, profile: Profile, today: date) -> None:
        """Show the past of this person, as far as it was unfolded."""
        again = profile.person.id == self._person
        if not again:
            self._person, self._kind = profile.person.id, ""
            self._stop_looking()
        self._gender, self._today = profile.person.gender, today
        self._read(most=len(self._past.entries) if again else 0)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries in sight."""
        return self._past.entries

    # -- narrowed -------------------------------------------------------------------------------------------------

    def narrow(self, kind: EntryKind | Literal[""]) -> None:
        """Show entries of one kind, all for «»."""
        self._kind = kind
        self._read()

    def look_for(self) -> None:
        """Look for words."""
        self.search.show()
        self.search.setFocus()

    def _stop_looking(self) -> None:
        looked = bool(self.search.text()) or self._pause.isActive()
        self.search.hide()
        self.search.clear()
        self._pause.stop()
        if looked:
            self._read()

    def _read(self, most: int = 0) -> None:
        person, kind, query = self._person, self._kind, self.search.text()
        if not person:
            return
        limit = max(most, PAGE)
        self._past = self._operations.read(lambda s: timeline(s, person, kind=kind, query=query, limit=limit))
        self._counts = self._past.counts
        self._offer()
        self._show()

    def _read_more(self) -> None:
        person, kind, seen = self._person, self._kind, self._past.seen
        page = self._operations.read(lambda s: timeline(s, person, kind=kind, seen=seen))
        self._past = Past((*self._past.entries, *page.entries), page.seen, page.more)
        self.entries.add_entries(page.entries, self._gender, self._today)
        self.entries.set_left(self._left())

    def _offer(self) -> None:
        """A chip for each kind there is."""
        if self._kind not in {"", *self._counts}:
            self._kind = ""
        empty(self._flow)
        self._filters = {"": FilterChip(self._theme, i18n.in_context("history", "All"))}
        for kind, title in _CHIPS:
            if kind in self._counts:
                count = i18n.number(self._counts[kind])
                self._filters[kind] = FilterChip(self._theme, i18n.text(title), count=count)
        for key, chip in self._filters.items():
            chip.set_active(key == self._kind)
            chip.clicked.connect(partial(self.narrow, key))
            self._flow.addWidget(chip)
        self.looking.setVisible(bool(self._counts))

    def _show(self) -> None:
        self.entries.set_entries(self._past.entries, self._gender, self._today)
        self.entries.set_left(self._left())
        if self.search.text().strip() and not self._past.entries:
            self.entries.say(i18n.text("Nothing with these words"))

    def _left(self) -> int:
        """How many more there are."""
        if not self._past.more:
            return 0
        there = self._counts.get(self._kind, 0) if self._kind else sum(self._counts.values())
        return max(1, there - len(self._past.entries))

    def _lead(self, entry: Entry) -> None:
        """To the page of what happened."""
        if entry.label is not None:
            self.deed_chosen.emit(entry.id)
        elif entry.kind == "feedback":
            self.feedback_chosen.emit(entry.id)
        else:
            self.event_chosen.emit(entry.id)
