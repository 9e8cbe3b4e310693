"""The right column: the next event, feedback that waits, birthdays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm import clock as clocks
from crm import i18n
from crm.services.feedback_rows import FeedbackRow
from crm.services.today import Birthday, Today
from crm.ui.theme import Theme
from crm.ui.today.columns import Sections
from crm.ui.today.event_card import EventCard
from crm.ui.today.rows import IconDisc, Row, on_click
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.empty_states import EmptyLine
from crm.ui.widgets.labels import Label
from crm.ui.widgets.mark_widgets import Avatar, ScoreSquare


class SideColumn(QWidget):
    """What comes next and what waits, beside the people."""

    navigate = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sections = Sections(theme)
        self._sections.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._sections)

    def show_today(self, found: Today, now: datetime) -> None:
        """Show the day."""
        self._sections.clear()
        theme = self._theme
        self._sections.begin(i18n.in_context("today", "Next event"), None)
        if found.next_event is None:
            add = Button(theme, i18n.text("Plan an event"), icon="calendar-plus")
            add.clicked.connect(lambda: self.navigate.emit("events", None))
            self._sections.inset(
                EmptyLine(
                    theme,
                    "calendar-blank",
                    i18n.text("Nothing planned"),
                    i18n.text("The next event stands here"),
                    add,
                    narrow=True,
                ),
            )
        else:
            card = EventCard(theme)
            card.set_event(found.next_event, now)
            card.opened.connect(lambda event_id: self.navigate.emit("events", event_id))
            card.desk_wanted.connect(lambda event_id: self.navigate.emit("desk", event_id))
            self._sections.addSpacing(8)
            self._sections.inset(card)
        link = i18n.in_context("today", "All") if found.waiting else ""
        header = self._sections.begin(i18n.text("Feedback waits"), found.waiting_count, link)
        header.link_clicked.connect(lambda: self.navigate.emit("feedback", None))
        self._sections.fill(
            [self._waiting(row, found.on) for row in found.waiting],
            EmptyLine(
                theme,
                "chat-circle-text",
                i18n.text("All feedback is answered"),
                i18n.text("What people say and nobody answered yet appears here"),
            ),
        )
        self._sections.begin(i18n.in_context("today", "Birthdays"), len(found.birthdays) or None)
        self._sections.fill(
            [self._birthday(each, found.on) for each in found.birthdays],
            EmptyLine(theme, "cake", i18n.text("No birthdays this week"), i18n.text("The next seven days stand here")),
        )
        self._sections.addStretch(1)

    def _waiting(self, item: FeedbackRow, today: date) -> Row:
        theme = self._theme
        mark: QWidget = (
            IconDisc(theme, "lightbulb" if item.kind == "idea" else "chat-circle-text", side=28)
            if item.score is None
            else ScoreSquare(theme, item.score)
        )
        days = (today - clocks.local(item.at).date()).days
        waits = (
            i18n.plural("{count} day without an answer", "{count} days without an answer", days)
            if days > 1
            else i18n.day(today - timedelta(days=days), today)
        )
        quoted = i18n.text("“{text}”", text=" ".join(item.text.split()))
        who = item.person or i18n.text("Anonymous")
        row = Row(theme, mark, quoted, f"{who} · {waits}")
        return on_click(row, lambda: self.navigate.emit("feedback", item.id))

    def _birthday(self, birthday: Birthday, today: date) -> Row:
        theme = self._theme
        avatar = Avatar(theme, birthday.person_id, birthday.name, 26)
        avatar.set_person(birthday.person_id, birthday.name, birthday.initials)
        row = Row(theme, avatar, birthday.name, height=38)
        here = birthday.on == today
        row.add(
            Label(
                theme,
                i18n.weekday_day(birthday.on, today),
                "small_strong" if here else "small",
                "accent_text" if here else "text2",
            )
        )
        return on_click(row, lambda: self.navigate.emit("people", birthday.person_id))
