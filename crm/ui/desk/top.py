"""The desk's upper line: which event, when the last scan was, and that everything stays here."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crm import i18n
from crm.services.event_rows import EventRow
from crm.ui.theme import Theme
from crm.ui.widgets.labels import ElidedLabel, IconLabel
from crm.ui.widgets.mark_widgets import BrandMark
from crm.ui.widgets.pages import Surface

_HEIGHT = 64


class DeskTop(Surface):
    """Says only what is known: the time of the last scan, never that a scanner is connected."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface", "b")
        self._theme = theme
        self._title = ElidedLabel(theme, "", "heading", "text")
        self._detail = ElidedLabel(theme, "", "small", "text2")
        self._scan = IconLabel(theme, "barcode", "", "sentence", "text2")
        self._safe = IconLabel(
            theme, "hard-drives", i18n.text("Everything is saved on this computer"), "sentence", "text2", "ok"
        )
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 0, 28, 0)
        row.setSpacing(14)
        row.addWidget(BrandMark(theme, 28))
        row.addLayout(words, 1)
        row.addWidget(self._scan)
        row.addSpacing(14)
        row.addWidget(self._safe)
        theme.changed.connect(self._size)
        self._size()

    def show_saving(self, state: str) -> None:
        """«Everything is saved» stands here only while it is true; `state` is that of the operations."""
        if state == "saving":
            self._safe.set_content("hard-drives", i18n.text("Saving…"), "text2")
        elif state == "failed":
            self._safe.set_content("warning-circle-fill", i18n.text("Last change not saved"), "text", "warn")
        else:
            self._safe.set_content("hard-drives", i18n.text("Everything is saved on this computer"), "text2", "ok")

    @property
    def safe(self) -> str:
        """What is said of saving."""
        return self._safe.text()

    def _size(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))

    def show_event(self, event: EventRow, last_scan_at: datetime | None) -> None:
        """Show the event and the last scan."""
        self._title.set_text(event.title)
        self._detail.set_text(" · ".join(part for part in (i18n.day_long(event.on), event.place) if part))
        self._scan.set_content(
            "barcode",
            i18n.text("No scans yet")
            if last_scan_at is None
            else i18n.text("Last scan {time}", time=i18n.time(last_scan_at, event.zone)),
            "text2",
        )
