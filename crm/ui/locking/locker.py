"""Locking: every window away, nothing running, the key dropped; and everything back as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from crm.ui import clipboard
from crm.ui.jobs import Jobs
from crm.ui.locking.keeping import Keeping
from crm.ui.locking.patience import Patience
from crm.ui.locking.sources import Listening, Source
from crm.ui.theme import Theme

if TYPE_CHECKING:
    from crm.ui.locking.unlock_window import UnlockWindow

_POLL: Final = 50
_AGAIN: Final = 5_000
"""Milliseconds until idleness is looked at again while work that somebody asked for is running."""
_PATIENCE: Final = 1.0
"""Seconds to wait for what runs before the window's thread goes on without."""
_KEYS: Final = frozenset({Qt.Key.Key_L.value, ord("Д")})
_PASSING: Final = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen})


class Locker(QObject):
    """Locks the window of one store: by hand (Ctrl+Shift+L), or when one of `sources` says that nobody is there.

    Windows are hidden, never closed: what was being typed stays in them, in memory only. A dialog that is waited for
    (the system's own, for a file) ends as by Esc. `given_up` comes when the window that asks for the passphrase is
    closed; `roots` are objects beside the windows whose timers rest too.
    """

    given_up = Signal()
    locked = Signal()
    unlocked = Signal()

    def __init__(
        self,
        theme: Theme,
        keeping: Keeping,
        jobs: Jobs,
        name: str,
        *,
        sources: Sequence[Source] = (),
        patience: Patience | None = None,
        roots: Sequence[QObject] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._keeping, self._jobs, self._name = theme, keeping, jobs, name
        self._sources, self._roots = sources, roots
        self._patience = patience or Patience()
        self._hidden: list[QWidget] = []
        self._active: QWidget | None = None
        self._focus: QWidget | None = None
        self._resting: list[QTimer] = []
        self.window: UnlockWindow | None = None
        self._listening = Listening(self._hear, self)
        self._watching = self._closed = False
        self._following = QTimer(self)
        self._following.setInterval(_AGAIN)
        self._following.timeout.connect(self._watch)
        self._following.start()
        self._watch()

    def _watch(self) -> None:
        """Sources are asked only while there is something to lock: a passphrase may come later."""
        if self._keeping.encrypted and not self._watching:
            self._watching = True
            self._following.stop()
            for source in self._sources:
                source.start(self.heed)

    def close(self) -> None:
        """Watch no more; what is locked stays away. What was to be asked again later is not."""
        if self._closed:
            return
        self._closed = True
        self._following.stop()
        if self._watching:
            for source in self._sources:
                source.stop()
        self._listening.end()
        window, self.window = self.window, None
        if window is not None and isValid(window):
            window.blockSignals(True)
            window.close()
            window.deleteLater()

    @property
    def is_locked(self) -> bool:
        """From the moment the windows go until they are back."""
        return self.window is not None

    def heed(self, reason: str) -> None:
        """A source spoke: «idle», «asleep» or «session»."""
        if reason == "idle" and self._jobs.wanted:
            # Somebody asked for that work and waits for it, if not before the screen.
            QTimer.singleShot(_AGAIN, self, lambda: self.heed(reason))
            return
        self.lock()

    def lock(self) -> None:
        """Lock now; a store without a passphrase is never locked."""
        if self._closed or self.is_locked or not self._keeping.encrypted:
            return
        from crm.ui.locking.unlock_window import UnlockWindow

        self._put_away()
        clipboard.forget()
        self.window = window = UnlockWindow(
            self._theme, self._name, self._keeping.derive, self._keeping.unlock, self._patience, locked=True
        )
        window.setWindowModality(Qt.WindowModality.ApplicationModal)
        window.unlocked.connect(lambda _: self._bring_back())
        window.given_up.connect(self._give_up)
        window.set_waiting(waiting=True)
        window.show()
        window.activateWindow()
        window.edit.setFocus()
        self._close_store(self._jobs.rest(_PATIENCE))

    def _close_store(self, rested: bool) -> None:
        if self.window is None:
            return
        if not rested:
            QTimer.singleShot(_POLL, self, lambda: self._close_store(self._jobs.rest(0)))
            return
        # What the jobs still had to tell is told while the store can be read.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)
        # A layer that such news opened goes too: the main window is away, and so is all that belongs over it.
        self._hide_what_shows()
        self._rest_timers()
        self._keeping.lock()
        self.window.set_waiting(waiting=False)
        self.locked.emit()

    def _put_away(self) -> None:
        self._active, self._focus = QApplication.activeWindow(), QApplication.focusWidget()
        self._hidden = []
        self._hide_what_shows()

    def _hide_what_shows(self) -> None:
        shown: list[QWidget] = []
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for window in QApplication.topLevelWidgets():
            if window is self.window or not window.isVisible():
                continue
            if window.windowType() in _PASSING:
                window.close()
                continue
            shown.append(window)
        # What lies over another goes first, and comes back last.
        shown.sort(key=lambda window: isinstance(window, QDialog), reverse=True)
        for window in shown:
            window.hide()
        self._hidden = [*shown, *self._hidden]

    def _rest_timers(self) -> None:
        roots: list[QObject] = [*self._hidden, *self._roots]
        self._resting = [timer for root in roots for timer in root.findChildren(QTimer) if self._may_rest(timer)]
        for timer in self._resting:
            timer.stop()

    def _may_rest(self, timer: QTimer) -> bool:
        parent: QObject | None = timer
        while parent is not None and parent is not self:
            parent = parent.parent()
        return timer.isActive() and parent is None

    def _bring_back(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
        for timer in self._resting:
            if isValid(timer):
                timer.start()
        self._resting = []
        hidden, self._hidden = self._hidden, []
        for one in reversed(hidden):
            if isValid(one):
                one.show()
        if self._active is not None and isValid(self._active):
            self._active.raise_()
            self._active.activateWindow()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._active = self._focus = None
        self._jobs.wake()
        self.unlocked.emit()

    def _give_up(self) -> None:
        self.window = None
        self.given_up.emit()

    def _hear(self, event: QEvent) -> bool:
        """Ctrl+Shift+L locks wherever one is, over a dialog and in the Russian layout too."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        asked = event.modifiers() == both and event.key() in _KEYS and self._keeping.encrypted
        if asked and not self.is_locked:
            QTimer.singleShot(0, self, self.lock)
        return asked
