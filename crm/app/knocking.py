"""A second start of the window on a store that is open: it knocks, and the first window comes forward.

By a file beside the store, not by a socket: Krug opens none. The second start writes `<store>.knock`; the first sees
it appear, takes it away for an answer and raises itself. Where nobody answers, a command or another computer has it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QFileSystemWatcher, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE: Final = 1.5
"""Seconds the second start waits for an answer."""
_LOOK_EVERY: Final = 20
"""Milliseconds."""


def knock_file(store: Path) -> Path:
    """Where one knocks: beside the store itself, whatever link led to it."""
    real = store.resolve()
    return real.with_name(real.name + ".knock")


def knock(store: Path, patience: float = PATIENCE) -> bool:
    """Ask whoever has `store` open in a window to come forward; True when they did, within `patience` seconds."""
    file = knock_file(store)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        # Somebody else knocks at this moment, or was killed at it: one answer serves both.
        pass
    except OSError:
        return False
    waiting, looking = QEventLoop(), QTimer()
    looking.timeout.connect(lambda: None if file.exists() else waiting.exit(1))
    looking.start(_LOOK_EVERY)
    QTimer.singleShot(round(patience * 1000), waiting, waiting.quit)
    if waiting.exec():
        return True
    with contextlib.suppress(OSError):
        file.unlink()
    return False


class Doorkeeper(QObject):
    """Hears knocks at one store and brings forward what `foremost` names."""

    def __init__(self, store: Path, window: QWidget, foremost: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._file, self._foremost = knock_file(store), foremost
        self.answered = 0
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        self._watcher = QFileSystemWatcher([str(self._file.parent)], self)
        self._watcher.directoryChanged.connect(self.look)

    def look(self) -> None:
        """Something changed beside the store: answer, if it is a knock."""
        try:
            self._file.unlink()
        except OSError:
            return
        self.answered += 1
        window = self._foremost()
        if window is not None:
            come_forward(window)


def answer(store: Path, window: QWidget, foremost: Callable[[], QWidget | None]) -> Doorkeeper:
    """Answer knocks at `store` for as long as `window` lives, with the window that `foremost` names then."""
    return Doorkeeper(store, window, foremost)


def come_forward(window: QWidget) -> None:
    """Put the window before all others; where the system forbids it, its entry in the task bar asks for attention."""
    window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
