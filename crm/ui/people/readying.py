"""What a search that finds nobody would wait for, done ahead while nobody types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from crm.services.people_order import PeopleMemory
from crm.ui.operations import Operations

_IDLE_AFTER: Final = 250
"""Milliseconds without a key after which a part is done."""


class Readying(QObject):
    """Prepares the words of names part by part, each in a pause of its own; a key puts the next part off."""

    def __init__(self, operations: Operations, memory: PeopleMemory, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._names = memory.names
        self._parts: list[Callable[[], object]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_IDLE_AFTER)
        self._timer.timeout.connect(self._go_on)

    def begin(self) -> None:
        """Wait for a pause, unless the words are known already."""
        if not self._names.words:
            self._parts = [lambda: self._operations.read(self._names.follow), *self._names.preparing()]
            self._timer.start()

    def put_off(self) -> None:
        """Somebody types."""
        if self._timer.isActive():
            self._timer.start()

    def _go_on(self) -> None:
        self._parts.pop(0)()
        if self._parts:
            self._timer.start()
