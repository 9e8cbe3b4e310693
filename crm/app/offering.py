"""When a passphrase is offered by itself: there is somebody to protect, and nobody is in the middle of anything."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from crm.app.locking import offer_passphrase
from crm.app.opened import Opened
from crm.services import community
from crm.ui.theme import Theme
from crm.ui.widgets.dialogs import Dialog

CALM_AFTER: Final = 10_000
"""Milliseconds without a deed after which somebody may be asked: the toast that takes it back is gone by then."""


def offer_when_calm(opened: Opened, theme: Theme) -> QTimer:
    """Offer it once the store has people and the hands are at rest; the first run stays the page it is until then."""
    timer = QTimer(opened.window)
    timer.setSingleShot(True)
    timer.setInterval(CALM_AFTER)

    def look() -> None:
        if opened.workspace.encrypted or opened.operations.read(community.is_empty):
            # The next deed asks anew: it may bring the first person.
            return
        if not is_calm(opened):
            timer.start()
            return
        opened.operations.changed.disconnect(again)
        offer_passphrase(opened, theme)

    again = opened.operations.changed.connect(lambda _: timer.start())
    timer.timeout.connect(look)
    timer.start()
    return timer


def is_calm(opened: Opened) -> bool:
    """The window is in front with nothing over it, nothing runs that was asked for, and nobody types."""
    window = opened.window
    over = QApplication.activeModalWidget() or QApplication.activePopupWidget() or window.full
    typing = isinstance(window.focusWidget(), (QLineEdit, QPlainTextEdit, QTextEdit))
    layered = any(layer.is_open for layer in window.findChildren(Dialog))
    busy = opened.jobs.wanted or window.current_key == "import"
    return window.isActiveWindow() and not (over or typing or layered or busy)
