"""The desk's field: large, always focused, for a surname, a phone or a scanner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets.labels import ElidedLabel

_HEIGHT = 76
_LONGEST = 300


class DeskField(QWidget):
    """A frame with a magnifier, the text, and at the right what may be done with it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.edit = QLineEdit()
        self.edit.setProperty("bare", True)
        self.edit.setMaxLength(_LONGEST)
        self.edit.setPlaceholderText(i18n.text("Surname, phone or e-mail"))
        self.edit.setAccessibleName(i18n.text("Surname, phone, e-mail or ticket"))
        self.edit.installEventFilter(self)
        self._hint = ElidedLabel(theme, "", "sentence", "text2", align="right")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.edit, 1)
        self._row.addWidget(self._hint)
        self._row.setSpacing(16)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.restyle)
        self.edit.textChanged.connect(self._say_hint)
        self.restyle()
        self._say_hint("")

    def restyle(self) -> None:
        """Take fonts and sizes from the theme anew."""
        self.edit.setFont(self._theme.font("desk_search"))
        palette = self.edit.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, self._theme.colour("text3"))
        self.edit.setPalette(palette)
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self._row.setContentsMargins(self._theme.px(68), 0, 26, 0)
        self.update()

    def _say_hint(self, text: str) -> None:
        self._hint.set_text(i18n.text("Esc to clear") if text else i18n.text("or scan a ticket"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The frame shows whether the field has the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and the magnifier."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.edit.hasFocus()
        width = 2.5 if focused else 1.0
        painter.setPen(QPen(self._theme.colour("accent" if focused else "hair2"), width))
        painter.setBrush(self._theme.colour("raised"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 12, 12)
        size = self._theme.px(26)
        icons.paint(painter, "magnifying-glass", 26, (self.height() - size) / 2, size, self._theme.colour("text2"))
