"""A person's contacts as a QR code: shown large, to be scanned by a phone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crm import i18n
from crm.export.qr import Code, code_of
from crm.services.cards import PersonCard
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.labels import Label

_SIDE = 336
_QUIET = 4
"""Squares of white around the code that a camera needs (ISO 18004 §5.3.8)."""


class CodeDialog(Dialog):
    """The code of one person, with what to do."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, person: PersonCard) -> None:
        super().__init__(theme, host, person.display_name, i18n.text("Point a phone’s camera here."), width=460)
        code = code_of(person, operations.clock)
        self.square = CodeSquare(theme, code)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.square)
        row.addStretch(1)
        self.body.addLayout(row)
        said = (
            i18n.text("Name, work and contacts; nothing goes through the Internet.")
            if code.whole
            else i18n.text("Not every contact fits into a code. The whole card can be exported.")
        )
        self.body.addWidget(Label(theme, said, "small", "text2", wrap=True))
        self.add_button(Button(theme, i18n.text("Close"), "primary"), "accept")


class CodeSquare(QWidget):
    """Dark squares on white whatever the theme: cameras expect it so."""

    def __init__(self, theme: Theme, code: Code) -> None:
        super().__init__()
        self._theme, self._code = theme, code
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(i18n.text("QR code with the contact"))

    def sizeHint(self) -> QSize:
        """A whole number of pixels for each square."""
        squares = len(self._code.rows) + 2 * _QUIET
        side = max(2, self._theme.px(_SIDE) // squares) * squares
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """White ground with round corners, then the squares without smoothing."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        size = self.width() // (len(self._code.rows) + 2 * _QUIET)
        ink = QColor("black")
        for y, row in enumerate(self._code.rows, _QUIET):
            for x, dark in enumerate(row, _QUIET):
                if dark:
                    painter.fillRect(x * size, y * size, size, size, ink)
