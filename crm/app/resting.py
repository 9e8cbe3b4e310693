"""A minute without a deed: the log beside the store goes into the one file, so that a copy of it alone is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crm.errors import Cancelled, CrmError
from crm.i18n import phrase
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations

IDLE_SECONDS: Final = 60


class Restful(Protocol):
    """An open window, as far as resting looks at it."""

    @property
    def window(self) -> QWidget: ...

    @property
    def operations(self) -> Operations: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def workspace(self) -> Workspace: ...


def follow(opened: Restful, seconds: float = IDLE_SECONDS) -> QTimer:
    """Let the store rest whenever `seconds` pass without a deed and no job runs; the timer lives with the window."""
    timer = QTimer(opened.window)
    timer.setInterval(round(seconds * 1000))
    timer.timeout.connect(lambda: rest(opened))
    opened.operations.changed.connect(lambda _: timer.start())
    timer.start()
    return timer


def rest(opened: Restful) -> bool:
    """Write the log into the file, on the worker; True where there was anything to write and nothing in the way."""
    if opened.jobs.busy or opened.workspace.locked or not opened.workspace.unrested:
        return False

    def work(_: Callable[[int, int], None]) -> None:
        opened.workspace.rest()

    opened.jobs.start(phrase("Writing the log into the file"), work, None, _later, quiet=True)
    return True


def _later(error: BaseException) -> Any:
    """Nothing is lost: the log stays where it is, and the next quiet minute comes."""
    if not isinstance(error, (CrmError, Cancelled)):
        raise error
