"""A column of sections: headings, rows under them, one line where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.today.rows import SLACK, Row
from crm.ui.widgets.pages import SectionHeader, empty


class Sections(QVBoxLayout):
    """Sections under one another. What a row's ground takes beyond its text, everything else leaves free."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSpacing(0)

    def clear(self) -> None:
        """Begin anew."""
        empty(self)

    def begin(self, title: str, count: int | None, link: str = "") -> SectionHeader:
        """A heading with its count; the link is there only where something is counted."""
        if self.count():
            self.addSpacing(26)
        header = SectionHeader(self._theme, title, i18n.number(count) if count else "", link if count else "")
        header.setContentsMargins(SLACK, 0, SLACK, 0)
        self.addWidget(header)
        return header

    def fill(self, rows: Sequence[Row], nothing: QWidget) -> None:
        """The rows of a section; `nothing` stands in their place."""
        self.addSpacing(4)
        if not rows:
            self.inset(nothing)
            return
        nothing.deleteLater()
        rows[-1].set_last()
        for row in rows:
            self.addWidget(row)
            # At once, not at the next turn of the event loop: the focus may go to it.
            row.show()

    def inset(self, widget: QWidget) -> None:
        """Something flush with the text of the rows."""
        line = QHBoxLayout()
        line.setContentsMargins(SLACK, 0, SLACK, 0)
        line.addWidget(widget)
        self.addLayout(line)
