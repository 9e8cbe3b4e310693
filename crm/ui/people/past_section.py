"""The last section of the profile: everything that happened with the person, to be narrowed by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.services.profiles import Profile
from crm.services.timeline import Entry, EntryKind
from crm.ui.people.entries import EntryList
from crm.ui.people.sections import Section
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip, FlowLayout
from crm.ui.widgets.pages import empty

_CHIPS: Final[tuple[tuple[EntryKind, str], ...]] = (
    ("event", i18n.mark("Events")),
    ("conversation", i18n.mark("Conversations")),
    ("feedback", i18n.mark("Feedback")),
    ("task", i18n.mark("Tasks")),
    ("change", i18n.mark("Changes")),
)


class PastSection(Section):
    """The timeline with its filter; the filter stays while the person does."""

    event_chosen = Signal(int)
    history_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, i18n.text("History"), gap=10)
        whole = Button(theme, i18n.text("All changes"), "link")
        whole.clicked.connect(self.history_requested)
        self.heading.addWidget(whole)
        self._entries: Sequence[Entry] = ()
        self._kind = ""
        self._person = 0
        self._gender, self._today = "unknown", date.min
        self._filters: dict[str, FilterChip] = {}
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, 6)
        self.entries = EntryList(theme)
        self.entries.event_chosen.connect(self.event_chosen)
        self.body.addWidget(self._chips)
        self.body.addSpacing(2)
        self.body.addWidget(self.entries)

    def show_past(self, entries: Sequence[Entry]) -> None:
        """What `show_profile` will show."""
        self._entries = entries

    def show_profile(self, profile: Profile, today: date) -> None:
        """Show the past of this person."""
        if profile.person.id != self._person:
            self._person, self._kind = profile.person.id, ""
        self._gender, self._today = profile.person.gender, today
        counts = Counter(entry.kind for entry in self._entries)
        empty(self._flow)
        self._filters = {"": FilterChip(self._theme, i18n.in_context("history", "All"))}
        for kind, title in _CHIPS:
            if counts[kind]:
                self._filters[kind] = FilterChip(self._theme, i18n.text(title), count=i18n.number(counts[kind]))
        if self._kind not in self._filters:
            self._kind = ""
        for key, chip in self._filters.items():
            chip.clicked.connect(partial(self.narrow, key))
            self._flow.addWidget(chip)
        self.narrow(self._kind)

    def narrow(self, kind: str) -> None:
        """Show entries of one kind, all for «»."""
        self._kind = kind
        for one, chip in self._filters.items():
            chip.set_active(one == kind)
        chosen = [entry for entry in self._entries if kind in {"", entry.kind}]
        self.entries.set_entries(chosen, self._gender, self._today)
