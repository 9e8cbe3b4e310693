"""What says that nobody is there: no key and no pointer for a while, the computer slept, the session was locked.

Nothing here knows of a network: the session bus of Linux is a socket of this computer, spoken to by Qt.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QCoreApplication,
    QEvent,
    QObject,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid

LOOK: Final = 5_000
"""Milliseconds between two looks at the clock."""
SLEPT: Final = 35.0
"""Seconds between two looks past which the computer must have slept."""
_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Source(Protocol):
    """Calls `tell` when the window should be locked; `start` and `stop` it."""

    def start(self, tell: Callable[[str], object]) -> None:
        """Begin to watch; `tell` is called with «idle», «asleep» or «session»."""

    def stop(self) -> None:
        """Watch no more."""


class Listening(QObject):
    """Hears every key and pointer event that reaches a window of ours, before any widget does.

    A filter on the application would be called for every event of every widget; this one sees the system's only.
    `hear` may answer True to keep an event for itself.
    """

    def __init__(self, hear: Callable[[QEvent], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hear = hear
        self._window: QWindow | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._follow)
            self._follow(QGuiApplication.focusWindow())

    def end(self) -> None:
        """Hear nothing any more."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._follow)
        self._follow(None)

    def _follow(self, window: QWindow | None) -> None:
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass it on."""
        return self._hear(event)


class ClockSource(QObject):
    """Idle time and sleep, by the clock alone: works on every system. `minutes` gives 0 for «never»."""

    def __init__(self, minutes: Callable[[], int], seconds: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._minutes, self._seconds = minutes, seconds
        self._tell: Callable[[str], object] | None = None
        self._alive = self._looked = seconds()
        self._listening: Listening | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self.look)

    def start(self, tell: Callable[[str], object]) -> None:
        """Begin to watch."""
        self._tell = tell
        self._alive = self._looked = self._seconds()
        self._listening = Listening(self._hear, self)
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._tell = None
        self._timer.stop()
        if self._listening is not None:
            self._listening.end()
            self._listening = None

    def look(self) -> None:
        """Has it been too long?"""
        now = self._seconds()
        slept, idle = now - self._looked > SLEPT, now - self._alive
        self._looked = now
        minutes = self._minutes()
        if self._tell is None:
            return
        if slept:
            self._tell("asleep")
        elif minutes and idle >= 60 * minutes:
            self._tell("idle")

    def _hear(self, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._alive = self._seconds()
        return False


class BusSource(QObject):
    """Linux: what logind and the screen saver announce. Without a bus it is silent."""

    heard = Signal(str)

    def start(self, tell: Callable[[str], object]) -> None:
        """Begin to listen."""
        from PySide6.QtDBus import QDBusConnection

        self.heard.connect(tell)
        system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
        for bus, path, interface, name, slot in (
            (system, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "sleeping(bool)"),
            (system, "", "org.freedesktop.login1.Session", "Lock", "locked()"),
            (session, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "covered(bool)"),
            (session, "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", "covered(bool)"),
        ):
            # Its stub asks for bytes; what it takes is the text that SLOT gives.
            receiver: Any = SLOT(slot)
            if bus.isConnected():
                bus.connect("", path, interface, name, self, receiver)

    def stop(self) -> None:
        """Listen no more."""
        self.heard.disconnect()

    @Slot(bool)
    def sleeping(self, going: bool) -> None:
        """The computer goes to sleep, or wakes."""
        if going:
            self.heard.emit("asleep")

    @Slot()
    def locked(self) -> None:
        """The session was locked."""
        self.heard.emit("session")

    @Slot(bool)
    def covered(self, active: bool) -> None:
        """The screen saver came, or went."""
        if active:
            self.heard.emit("session")


_WM_POWER, _SUSPEND = 0x0218, 0x0004
_WM_SESSION, _SESSION_LOCK = 0x02B1, 0x0007


def reason_of_message(message: int, detail: int) -> str:
    """What a message of Windows means for us: «asleep», «session» or «»."""
    return {(_WM_POWER, _SUSPEND): "asleep", (_WM_SESSION, _SESSION_LOCK): "session"}.get((message, detail), "")


class WindowsSource(QAbstractNativeEventFilter):
    """Windows: the session is locked, the computer suspends; both come as messages to a window of ours."""

    def __init__(self, window: Callable[[], int]) -> None:
        super().__init__()
        self._window = window
        self._tell: Callable[[str], object] | None = None

    def start(self, tell: Callable[[str], object]) -> None:
        """Ask for the messages of the session and listen."""
        self._tell = tell
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(ctypes.c_void_p(self._window()), 0)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def stop(self) -> None:
        """Listen no more."""
        self._tell = None
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: Any, message: Any) -> tuple[bool, int]:
        """Look at a message and let it pass."""
        if sys.platform == "win32" and self._tell is not None:
            from ctypes import wintypes

            told = wintypes.MSG.from_address(int(message))
            reason = reason_of_message(told.message, told.wParam)
            if reason:
                # After the message: windows are not hidden from inside it.
                tell = self._tell
                QTimer.singleShot(0, lambda: tell(reason))
        return False, 0


def sources_here(minutes: Callable[[], int], window: Callable[[], int]) -> list[Source]:
    """What this system has to say."""
    found: list[Source] = [ClockSource(minutes)]
    if sys.platform == "win32":
        found.append(WindowsSource(window))
    elif sys.platform == "linux":
        found.append(BusSource())
    return found
