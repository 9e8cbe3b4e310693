"""The settings of the journal: how long the details of deeds are kept."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import journal_keeping
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import Label
from crm.ui.widgets.tabs import Segmented

_YEAR: Final = 365
_WIDE: Final = 560


class JournalKeeping(QWidget):
    """How long deeds can be undone, and the way to the history. Another choice is a deed, kept at once."""

    history_requested = Signal()

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__()
        self._operations = operations
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        days = operations.read(journal_keeping.days_kept)
        kept = operations.read(journal_keeping.megabytes_kept)
        told = i18n.text(
            "Every change can be undone while its details are in the journal. Older details go, and the oldest when "
            "they take more than {size} MB; the data and the list of deeds stay.",
            size=i18n.number(kept),
        )
        words = Label(theme, told, colour="text2", wrap=True)
        # The page asks for its height at the width of the window, not at the one it gives.
        words.setMinimumHeight(words.heightForWidth(theme.px(_WIDE)))
        column.addWidget(words)
        column.addWidget(Label(theme, i18n.text("Keep details for"), "small", "text2"))
        lengths = {_YEAR: 1, 2 * _YEAR: 2, 5 * _YEAR: 5, 10 * _YEAR: 10}
        options = [
            (str(length), i18n.plural("{count} year", "{count} years", years)) for length, years in lengths.items()
        ]
        if days not in lengths:
            options.append((str(days), i18n.plural("{count} day", "{count} days", days)))
        chosen = Segmented(theme, options)
        chosen.select(str(days))
        chosen.changed.connect(self._keep)
        opens = Button(theme, i18n.text("Open the history"), icon="clock-counter-clockwise")
        opens.clicked.connect(self.history_requested)
        for widget in (chosen, opens):
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
            row.addStretch(1)
            column.addLayout(row)

    def _keep(self, days: str) -> None:
        self._operations.perform(
            phrase("How long the journal keeps details"),
            lambda session: journal_keeping.keep(session, days=int(days)),
        )
