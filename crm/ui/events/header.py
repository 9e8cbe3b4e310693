"""The header of an event: where it belongs, leaf of the calendar, title, when, where, for how many, and the verbs."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crm import i18n
from crm.services.event_rows import EventCard, EventRow
from crm.services.event_words import format_title, kind_title
from crm.ui.events.event_list import month_heading
from crm.ui.events.words import state_of, when
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.chips import ToneChip, event_tone
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Label
from crm.ui.widgets.mark_widgets import DateBlock
from crm.ui.widgets.pages import Surface

_SIDE = 28
_NARROWEST = 640


class EventHeader(Surface):
    """Shows an event; its buttons are the view's to connect."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface", "b")
        self.back = Button(theme, i18n.text("Events"), "link")
        self._crumb = Label(theme, "", "body", "text2")
        self._leaf = DateBlock(theme, size=64)
        self._title = ElidedLabel(theme, "", "display")
        self._kind = ToneChip(theme, "")
        self._state = ToneChip(theme, "")
        self._when = IconLabel(theme, "clock", "", "body", "text2")
        self._where = IconLabel(theme, "map-pin", "", "body", "text2")
        self._seats = IconLabel(theme, "users", "", "body", "text2")
        self.sheet = Button(theme, i18n.text("Register sheet"), "quiet", "file-pdf")
        self.edit = Button(theme, i18n.in_context("event", "Edit"), "secondary", "note-pencil")
        self.desk = Button(theme, i18n.text("Start check-in"), "primary", "barcode")
        self.more = IconButton(theme, "dots-three", i18n.text("More about this event"))
        self._build()

    def _build(self) -> None:
        crumbs = QHBoxLayout()
        crumbs.setSpacing(8)
        crumbs.addWidget(self.back)
        crumbs.addWidget(Label(self._theme, "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", "body", "text3"))
        crumbs.addWidget(self._crumb)
        crumbs.addStretch(1)
        name = QHBoxLayout()
        name.setSpacing(10)
        name.addWidget(self._title)
        name.addWidget(self._kind)
        name.addWidget(self._state)
        name.addStretch(1)
        facts = QHBoxLayout()
        facts.setSpacing(20)
        for fact in (self._when, self._where, self._seats):
            facts.addWidget(fact)
        facts.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addLayout(name)
        words.addLayout(facts)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(self._leaf)
        row.addLayout(words, 1)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        for button in (self.sheet, self.edit, self.desk, self.more):
            verbs.addWidget(button)
        row.addLayout(verbs)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 14, _SIDE, 18)
        column.setSpacing(10)
        column.addLayout(crumbs)
        column.addLayout(row)

    def show_event(self, card: EventCard, now: datetime) -> None:
        """Show an event as it stands at `now` (UTC)."""
        row = card.row
        self._crumb.set_text(month_heading(row.on))
        self._leaf.set_day(i18n.month_short(row.on.month), str(row.on.day))
        self._title.set_text(row.title)
        self._kind.set_content(
            kind_title(row.kind, row.kind_name), row.colour if row.kind_name else event_tone(row.kind)
        )
        state = state_of(row, now)
        self._state.setVisible(state is not None)
        if state is not None:
            self._state.set_content(*state)
        self._when.set_content("clock", when(row), "text2")
        where = row.place or (format_title(row.format) if row.format != "offline" else "")
        self._where.setVisible(bool(where))
        self._where.set_content("map-pin" if row.place else "broadcast", where, "text2")
        self._seats.set_content("users", seats(row), "text2")
        self.desk.setVisible(row.status in {"planned", "open"})
        self.desk.set_text(i18n.text("Continue check-in") if row.came else i18n.text("Start check-in"))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Verbs that would cut the title short are in «⋯» only."""
        super().resizeEvent(event)
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the smallest window: what has no room then goes into «⋯»."""
        return QSize(self._theme.px(_NARROWEST), super().minimumSizeHint().height())

    def _make_room(self) -> None:
        chips = [chip for chip in (self._kind, self._state) if not chip.isHidden()]
        words = self._title.sizeHint().width() + sum(chip.sizeHint().width() + 10 for chip in chips)
        always = [self.desk, self.more] if not self.desk.isHidden() else [self.more]
        room = self.width() - 2 * _SIDE - self._leaf.sizeHint().width() - 2 * 18 - words
        room -= sum(button.sizeHint().width() + 8 for button in always)
        for button in (self.edit, self.sheet):
            room -= button.sizeHint().width() + 8
            button.setVisible(room >= 0)


def seats(row: EventRow) -> str:
    """«178 из 200 мест», or how many are registered where there is no limit."""
    if row.capacity is not None:
        taken = row.registered - row.no_shows + row.walk_ins + row.guests
        return i18n.plural(
            "{taken} of {count} place", "{taken} of {count} places", row.capacity, taken=i18n.number(taken)
        )
    return i18n.plural("{count} registered person", "{count} registered people", row.registered)
