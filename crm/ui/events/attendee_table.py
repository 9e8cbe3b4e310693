"""The people of one event: which columns show them, and the chips that choose whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm import i18n
from crm.services.event_rows import AttendeeRow
from crm.services.event_words import role_title
from crm.ui.events.words import attendee_status
from crm.ui.theme import Theme
from crm.ui.widgets.chips import FilterChip, FlowLayout
from crm.ui.widgets.id_list import Column, PersonCell
from crm.ui.widgets.labels import Hairline

_ALWAYS: Final = ("registered", "came", "waiting")
_WHERE_ANY: Final = ("walk_in", "no_show", "waitlisted")
_APART: Final = ("cancelled",)


def columns(zone: str) -> list[Column[AttendeeRow]]:
    """The columns of the table; times are those of `zone`."""
    return [
        Column(
            "name",
            i18n.in_context("event", "Participant"),
            "person",
            width=330,
            value=lambda row: PersonCell(row.person_id, row.name, row.initials, _with_guests(row)),
            stretch=3,
            minimum=180,
            sortable=False,
        ),
        Column(
            "organisation",
            i18n.text("Organisation"),
            width=190,
            value=lambda row: row.organisation,
            stretch=2,
            minimum=100,
            sortable=False,
        ),
        Column("role", i18n.text("Role"), width=100, value=lambda row: role_title(row.role), sortable=False),
        Column(
            "status",
            i18n.text("Status"),
            "status",
            width=160,
            value=lambda row: attendee_status(row, zone),
            minimum=110,
            sortable=False,
        ),
        Column(
            "score", i18n.in_context("event", "Score"), "score", width=76, value=lambda row: row.score, sortable=False
        ),
        Column(
            "said", i18n.text("Feedback"), width=260, value=lambda row: row.said, stretch=3, minimum=80, sortable=False
        ),
    ]


def _with_guests(row: AttendeeRow) -> str:
    if not row.guest_count:
        return ""
    return i18n.plural("+{count} guest", "+{count} guests", row.guest_count)


class AttendeeFilters(QWidget):
    """«Записались 178», «Пришли 126», «Ждём 52», and «Отменили 2» apart: cancelled people are in no other."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = {
            "registered": i18n.in_context("event", "Registered"),
            "came": i18n.in_context("event", "Came"),
            "waiting": i18n.in_context("event", "Expected"),
            "walk_in": i18n.in_context("event", "Without registration"),
            "no_show": i18n.in_context("event", "Did not come"),
            "waitlisted": i18n.in_context("event", "Waiting list"),
            "cancelled": i18n.in_context("event", "Cancelled"),
        }
        self.chips = {key: FilterChip(theme, words) for key, words in self._words.items()}
        self._line = Hairline(theme, vertical=True, token="hair2")  # noqa: S106 - a colour, not a password
        self._line.setFixedHeight(theme.px(28))
        self.current = "registered"
        row = FlowLayout(self, spacing=6)
        row.setContentsMargins(0, 2, 0, 2)
        for part in (*_ALWAYS, *_WHERE_ANY):
            row.addWidget(self.chips[part])
        row.addWidget(self._line)
        for part in _APART:
            row.addWidget(self.chips[part])
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for key, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, key=key: self._press(key))
        self.show_counts({})

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many each would show; those with nobody are left out, the current one stays."""
        for key, chip in self.chips.items():
            count = counts.get(key, 0)
            chip.set_count(i18n.number(count))
            chip.set_active(key == self.current)
            chip.setVisible(key in _ALWAYS or count > 0 or key == self.current)
        self._line.setVisible(any(counts.get(key, 0) for key in _APART))

    def choose(self, key: str) -> None:
        """Put one in force without saying so."""
        self.current = key
        for other, chip in self.chips.items():
            chip.set_active(other == key)
            if other == key:
                chip.setVisible(True)

    def _press(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)
