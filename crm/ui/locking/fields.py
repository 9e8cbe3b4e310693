"""A field for a passphrase: hidden until asked, and it says what a hidden text can't show."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.fields import LineEdit


class PassphraseEdit(LineEdit):
    """Dots, an eye to see through them, and `remark`: letters of which alphabet, Caps Lock."""

    remarked = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name=name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._caps = False
        self._eye = IconButton(theme, "eye", i18n.text("Show"), size=24)
        self._eye.setParent(self)
        self._eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._eye.clicked.connect(self._toggle)
        self.textChanged.connect(lambda _: self.remarked.emit(self.remark))
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        super().restyle()
        if hasattr(self, "_eye"):
            self.setTextMargins(0, 0, self._theme.px(28), 0)
            self._place()

    @property
    def shown(self) -> bool:
        """The text can be read."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    @property
    def remark(self) -> str:
        """What one would not see: «Caps Lock is on · Cyrillic letters»; «» when there is nothing to say."""
        parts = [i18n.text("Caps Lock is on")] if self._caps else []
        last = next((char for char in reversed(self.text()) if char.isalpha()), "")
        if last:
            cyrillic = "\u0400" <= last <= "\u04ff"
            parts.append(i18n.text("Cyrillic letters") if cyrillic else i18n.text("Latin letters"))
        return " · ".join(parts)

    def forget(self) -> None:
        """Empty it, its undo list too."""
        with QSignalBlocker(self):
            self.setText("")
        self.remarked.emit("")

    def _toggle(self) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password if self.shown else QLineEdit.EchoMode.Normal)
        self._eye.set_icon("eye-slash" if self.shown else "eye")
        self._eye.set_name(i18n.text("Hide") if self.shown else i18n.text("Show"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A capital without Shift, or a small letter with it, gives Caps Lock away."""
        char = event.text()
        if len(char) == 1 and char.lower() != char.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._caps = char.isupper() != shifted
        elif event.key() == Qt.Key.Key_CapsLock:
            self._caps = False
        super().keyPressEvent(event)
        self.remarked.emit(self.remark)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The eye stays at the right."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        side = self._eye.sizeHint().height()
        self._eye.setGeometry(self.width() - side - 4, (self.height() - side) // 2, side, side)
