"""«Пароль» in the settings: set, change, remove, and when the window is locked by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.jobs import Jobs
from crm.ui.locking.changing import Changing
from crm.ui.locking.dialogs import disk_advice
from crm.ui.locking.keeping import Keeping
from crm.ui.operations import Operations
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import IconLabel, KeyCap, Label
from crm.ui.widgets.tabs import Segmented


class PassphraseSection(QWidget):
    """Follows the store: what can be done depends on whether it has a passphrase."""

    lock_requested = Signal()

    def __init__(
        self, theme: Theme, operations: Operations, jobs: Jobs, keeping: Keeping, preferences: Preferences
    ) -> None:
        super().__init__()
        self._theme, self._operations, self._jobs, self._keeping = theme, operations, jobs, keeping
        self._preferences = preferences
        self._changing: Changing | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._state = IconLabel(theme, "lock-key", "", "body_strong")
        column.addWidget(self._state)
        self._risk = Label(theme, "", "body", "text2", wrap=True)
        column.addWidget(self._risk)
        self.set_button = Button(theme, i18n.text("Set a passphrase"), icon="lock-key")
        self.change_button = Button(theme, i18n.text("Change the passphrase"))
        self.remove_button = Button(theme, i18n.text("Remove the passphrase"), "danger")
        self.set_button.clicked.connect(lambda: self.changing().set_passphrase())
        self.change_button.clicked.connect(lambda: self.changing().set_passphrase())
        self.remove_button.clicked.connect(lambda: self.changing().remove_passphrase())
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.set_button, self.change_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._locking = QWidget()
        column.addWidget(self._locking)
        self._lay_locking()
        column.addWidget(Label(theme, disk_advice(), "small", "text3", wrap=True))
        self.refresh()

    def _lay_locking(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self._locking)
        column.setContentsMargins(0, 6, 0, 4)
        column.setSpacing(8)
        column.addWidget(Label(theme, i18n.text("Lock when nobody is here, minutes"), "small", "text2"))
        choices = [(str(minutes), i18n.number(minutes)) for minutes in (5, 15, 30, 60)]
        after = Segmented(theme, [*choices, ("0", i18n.text("Never"))])
        after.select(str(self._preferences.lock_after))
        after.changed.connect(self._set_after)
        column.addWidget(after, 0, Qt.AlignmentFlag.AlignLeft)
        asleep = i18n.text("When the computer sleeps or its screen is locked, Krug locks at once.")
        column.addWidget(Label(theme, asleep, "small", "text3", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        now = Button(theme, i18n.text("Lock now"), icon="lock-key")
        now.clicked.connect(self.lock_requested)
        row.addWidget(now)
        row.addWidget(KeyCap(theme, "Ctrl Shift L"))
        row.addStretch(1)
        column.addLayout(row)

    def changing(self) -> Changing:
        """The way through the dialogs, over the window this stands in."""
        if self._changing is None:
            self._changing = Changing(self._theme, self.window(), self._operations, self._jobs, self._keeping)
            self._changing.changed.connect(self.refresh)
        return self._changing

    def refresh(self) -> None:
        """Show how it is now."""
        encrypted = self._keeping.encrypted
        if encrypted:
            self._state.set_content("lock-key", i18n.text("The store is encrypted"), "text", "ok")
            risk = i18n.text("A forgotten passphrase can't be recovered: only the printed recovery code opens it then.")
        else:
            self._state.set_content("lock-key-open", i18n.text("No passphrase"), "text", "warn")
            risk = i18n.text("Whoever gets this computer or the file reads everybody's data.")
        self._risk.set_text(risk)
        self.set_button.setVisible(not encrypted)
        self.change_button.setVisible(encrypted)
        self.remove_button.setVisible(encrypted)
        self._locking.setVisible(encrypted)

    def _set_after(self, minutes: str) -> None:
        self._preferences.lock_after = int(minutes)
        self._preferences.keep_or_tell(self._operations.refused.emit)
