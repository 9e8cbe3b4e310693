"""A real window on L, without a screen, and the clock that times what is painted in it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import sqlalchemy.orm  # noqa: F401 - before Qt, as the program does
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from crm import starting
from crm.store.key import Secret
from crm.store.workspace import Workspace
from tests.bench.large import CLOCK

SECRET: Secret | None = None
"""What opens the store of the window, where it is encrypted."""
FRAME = 1000 / 60
"""Milliseconds of one frame."""


class Paints(QObject):
    """Counts what a widget paints."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice, never take."""
        self.count += event.type() == QEvent.Type.Paint
        return False


@contextmanager
def window_on(store: Path) -> Iterator[tuple[QApplication, Any]]:
    """The program's window on a store, shown at 1440×900, everything it began with done."""
    with tempfile.TemporaryDirectory() as home, Workspace.open(store, CLOCK, SECRET) as workspace:
        os.environ["KRUG_HOME"] = home
        with starting.without_collecting():
            from crm.app import make_window
            from crm.ui.theme import Theme

            there = QApplication.instance()
            app = there if isinstance(there, QApplication) else QApplication(["krug"])
            theme = Theme(mode="light", calm=True)
            theme.apply(app)
            opened = make_window(workspace, theme)
        opened.window.resize(1440, 900)
        opened.window.show()
        settle(app, opened)
        try:
            yield app, opened
        finally:
            opened.close()


def settle(app: QApplication, opened: Any, seconds: float = 30.0) -> None:
    """Let the window finish what it does in the background."""
    until = time.perf_counter() + seconds
    quiet = 0
    while quiet < 20 and time.perf_counter() < until:
        app.processEvents()
        quiet = 0 if opened.jobs.busy else quiet + 1
        time.sleep(0.01)


def press(widget: QWidget, char: str) -> None:
    """Type one character; QTest types ASCII only."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char))
