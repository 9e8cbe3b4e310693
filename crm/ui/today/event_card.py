"""The next event as a card: when, where, how many, how far the preparation is, and the way to its desk."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crm import clock as clocks
from crm import i18n
from crm.services.today import NextEvent
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.charts import PartsBar
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Label
from crm.ui.widgets.mark_widgets import DateBlock
from crm.ui.widgets.pages import Card, empty


class EventCard(Card):
    """The next event; `opened` its page, `desk_wanted` its desk."""

    opened = Signal(int)
    desk_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)

    def set_event(self, found: NextEvent, now: datetime) -> None:
        """Show the event as it stands at `now`."""
        empty(self.body)
        theme, event = self._theme, found.event
        today = clocks.local(now).date()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(DateBlock(theme, i18n.month_short(event.on.month), str(event.on.day)))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(theme, event.title, "heading", wrap=True))
        place = " · ".join(filter(None, (_when(event.on, event.starts_at, event.zone, today), event.place)))
        words.addWidget(ElidedLabel(theme, place, "small", "text2"))
        head.addLayout(words, 1)
        self.body.addLayout(head)
        self._counts(found)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        started = event.came > 0
        title = i18n.text("Go on checking in") if started else i18n.text("Open the desk")
        desk = Button(theme, title, "primary", "barcode")
        desk.clicked.connect(lambda: self.desk_wanted.emit(event.id))
        page = Button(theme, i18n.text("Open the event"))
        page.clicked.connect(lambda: self.opened.emit(event.id))
        buttons.addWidget(desk)
        buttons.addWidget(page)
        buttons.addStretch(1)
        self.body.addLayout(buttons)

    def _counts(self, found: NextEvent) -> None:
        theme, event = self._theme, found.event
        total = max(event.capacity or event.registered, event.registered + event.walk_ins)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(Label(theme, i18n.number(event.registered), "body_strong"))
        of = (
            i18n.plural("of {count} place", "of {count} places", event.capacity)
            if event.capacity
            else i18n.in_context("today", "registered")
        )
        line.addWidget(Label(theme, of, "body", "text2"))
        line.addStretch(1)
        if event.came:
            line.addWidget(Label(theme, i18n.text("{n} came", n=i18n.number(event.came)), "small", "text2"))
        elif event.invited:
            line.addWidget(Label(theme, i18n.text("{n} invited", n=i18n.number(event.invited)), "small", "text2"))
        self.body.addLayout(line)
        bar = PartsBar(theme, name=i18n.text("Places taken"))
        bar.set_parts([(event.came, "accent"), (event.waiting, "accent2" if event.came else "accent")], total)
        self.body.addWidget(bar)
        if found.steps:
            steps = QHBoxLayout()
            words = i18n.text(
                "Preparation: {done} of {all}", done=i18n.number(found.prepared), all=i18n.number(found.steps)
            )
            steps.addWidget(IconLabel(theme, "check-square", words, "small", "text2"))
            done = PartsBar(theme, 4)
            done.setFixedWidth(theme.px(72))
            done.set_parts([(found.prepared, "text2")], found.steps)
            steps.addWidget(done)
            steps.addStretch(1)
            left = i18n.text("{n} left", n=i18n.number(found.steps - found.prepared))
            steps.addWidget(Label(theme, left, "small", "text2"))
            self.body.addLayout(steps)


def _when(on: date, starts_at: datetime, zone: str, today: date) -> str:
    day = i18n.weekday_day(on, today)
    return f"{day[:1].upper()}{day[1:]}, {i18n.time(starts_at, zone)}"
