"""The window before the window: an encrypted store asks for its passphrase or its recovery code."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.i18n import phrase
from crm.ui.jobs import Jobs
from crm.ui.locking.fields import PassphraseEdit
from crm.ui.locking.patience import Patience
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.fields import Field
from crm.ui.widgets.labels import ElidedLabel, Label, Notice
from crm.ui.widgets.mark_widgets import program_icon
from crm.ui.widgets.pages import Surface

_TICK = 200
"""Milliseconds between two looks at how long one still has to wait."""


class UnlockWindow(QWidget):
    """`derive` makes a key of what was typed, on a thread of its own; `unlock` tries it here and may raise CrmError.

    `unlocked` carries the key that fitted, `given_up` comes when the window is closed without one. Where it may be the
    file that is wrong (`doubtful`), a refusal offers the copies: `doubted` carries what was typed.
    """

    unlocked = Signal(object)
    doubted = Signal(str)
    given_up = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        derive: Callable[[str], object],
        unlock: Callable[[object], object],
        patience: Patience,
        *,
        locked: bool = False,
        doubtful: bool = False,
    ) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._theme, self._derive, self._unlock, self._patience = theme, derive, unlock, patience
        self._jobs = Jobs(self)
        self._doubtful = doubtful
        self._trying = False
        self._waiting = False
        self._done = False
        self.setWindowTitle(i18n.text("Krug"))
        self.setWindowIcon(program_icon())
        self.setFixedSize(theme.px(520), theme.px(390))
        title = i18n.text("Krug is locked") if locked else i18n.text("This community has a passphrase")
        safe = i18n.text("Everything is saved; what you were typing is kept.") if locked else ""
        self._lay_out(title, name, safe)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK)
        self._ticking.timeout.connect(self._tick)
        self._ticking.start()
        self._tick()

    def _lay_out(self, title: str, name: str, safe: str) -> None:
        theme = self._theme
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        surface = Surface(theme)
        ground.addWidget(surface)
        column = QVBoxLayout(surface)
        column.setContentsMargins(theme.px(40), theme.px(36), theme.px(40), theme.px(28))
        column.setSpacing(0)
        mark = Label(theme)
        mark.setPixmap(program_icon().pixmap(theme.px(44), theme.px(44)))
        column.addWidget(mark)
        column.addSpacing(theme.px(14))
        column.addWidget(Label(theme, title, "title"))
        column.addSpacing(4)
        column.addWidget(ElidedLabel(theme, name, "body", "text2"))
        if safe:
            column.addSpacing(2)
            column.addWidget(Label(theme, safe, "body", "text2"))
        column.addSpacing(theme.px(20))
        self.edit = PassphraseEdit(theme, i18n.text("Passphrase"))
        self.edit.textChanged.connect(lambda _: self._say(""))
        column.addWidget(Field(theme, i18n.text("Passphrase or recovery code"), self.edit))
        column.addSpacing(5)
        self._remark = Label(theme, "", "small", "text3")
        self.edit.remarked.connect(self._remark.set_text)
        column.addWidget(self._remark)
        self._error = Notice(theme, "warning-circle-fill", "", "bad", "body")
        self._error.hide()
        column.addSpacing(6)
        column.addWidget(self._error)
        self._hint = Label(
            theme,
            i18n.text("The code is on the printed sheet: 13 groups, type them all into the same field."),
            "body",
            "text2",
            wrap=True,
        )
        self._hint.hide()
        column.addWidget(self._hint)
        column.addSpacing(4)
        self.doubt = Button(theme, i18n.text("Sure of it? The file may be damaged: to the copies"), "link")
        self.doubt.clicked.connect(self._give_way)
        self.doubt.hide()
        column.addWidget(self.doubt, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._code = Button(theme, i18n.text("I forgot the passphrase"), "link")
        self._code.clicked.connect(self._show_hint)
        row.addWidget(self._code)
        row.addStretch(1)
        leave = Button(theme, i18n.text("Close Krug"))
        leave.clicked.connect(self.close)
        row.addWidget(leave)
        self.button = Button(theme, i18n.text("Open"), "primary")
        self.button.clicked.connect(self.try_now)
        row.addWidget(self.button)
        column.addLayout(row)

    @property
    def error(self) -> str:
        """What was wrong with the last try, «» when nothing was."""
        return "" if self._error.isHidden() else self._error.text()

    def set_waiting(self, *, waiting: bool) -> None:
        """Nothing can be opened yet: what ran is still ending."""
        self._waiting = waiting
        self._tick()

    def try_now(self) -> None:
        """Try what was typed."""
        if not self.button.isEnabled() or not self.edit.text():
            return
        words, self._trying = self.edit.text(), True
        self._say("")
        self._tick()
        self._jobs.start(phrase("Checking the passphrase"), lambda _: self._derive(words), self._derived, self._refused)

    def _derived(self, key: object) -> None:
        try:
            self._unlock(key)
        except CrmError as error:
            self._refused(error)
            return
        self._patience.fitted()
        self.edit.forget()
        self._done = True
        self.unlocked.emit(key)
        self.close()

    def _refused(self, error: BaseException) -> None:
        self._trying = False
        if not isinstance(error, CrmError):
            raise error
        if error.code == "passphrase_wrong":
            self._patience.failed()
            self._say(i18n.text("It did not fit. Check the layout and Caps Lock; nothing was changed."))
            self.doubt.setVisible(self._doubtful)
        else:
            self._say(error.text())
        self._tick()
        self.edit.selectAll()
        self.edit.setFocus()

    def _say(self, text: str) -> None:
        self._error.set_text(text)
        self._error.setVisible(bool(text))
        self.edit.set_error(wrong=bool(text))
        self.doubt.hide()
        if text:
            self._hint.hide()

    def _give_way(self) -> None:
        words = self.edit.text()
        if self._trying or not words:
            self.edit.setFocus()
            return
        self._done = True
        self.edit.forget()
        self.doubted.emit(words)
        self.close()

    def _show_hint(self) -> None:
        self._say("")
        self._hint.show()
        self.edit.setFocus()

    def _tick(self) -> None:
        left = ceil(self._patience.left)
        if self._waiting:
            words = i18n.text("Ending work…")
        elif self._trying:
            words = i18n.text("Checking…")
        elif left:
            words = i18n.text("In {count} s", count=i18n.number(left))
        else:
            words = i18n.text("Open")
        self.button.set_text(words)
        self.button.setEnabled(not (self._waiting or self._trying or left))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter tries; Esc empties the field, and never closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.try_now()
        elif event.key() == Qt.Key.Key_Escape:
            self.edit.forget()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed without the key: given up."""
        self._ticking.stop()
        self._jobs.close()
        if not self._done:
            self._done = True
            self.given_up.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, before the surface is there."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("surface"))
