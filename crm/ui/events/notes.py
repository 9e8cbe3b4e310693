"""What an event is about: description, programme, address, link."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from crm import i18n
from crm.services.event_rows import EventCard
from crm.services.event_words import format_title
from crm.ui.theme import Theme
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import ScrollColumn

_WIDEST = 760


class EventNotes(ScrollColumn):
    """Text as it was written, each part with its heading; parts without words are left out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._look = theme

    def show_event(self, card: EventCard) -> None:
        """Show another event."""
        self.clear()
        parts = (
            (i18n.in_context("event", "Format"), format_title(card.row.format)),
            (i18n.in_context("event", "Address"), card.address),
            (i18n.in_context("event", "Link"), card.link),
            (i18n.in_context("event", "Description"), card.description),
            (i18n.in_context("event", "Programme"), card.agenda),
        )
        for heading, words in parts:
            if not words:
                continue
            part = QVBoxLayout()
            part.setSpacing(3)
            part.addWidget(Label(self._look, heading, "small", "text2"))
            text = Label(self._look, words, "body", "text", wrap=True, selectable=True)
            text.setMaximumWidth(self._look.px(_WIDEST))
            part.addWidget(text)
            self.body.addLayout(part)
        if not card.description and not card.agenda:
            hint = i18n.text("There is no description yet. «Edit» adds one.")
            self.body.addWidget(Label(self._look, hint, "body", "text3", wrap=True))
        self.body.addStretch(1)
