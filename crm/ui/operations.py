"""What a page may do with the store: read, perform a deed, undo. Pages never hold a session or open a transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from crm import clock as clocks
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import Phrase, phrase
from crm.store.workspace import Done, Verb, Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """One line for the toast: what was done, and the deed its «Undo» turns back (None: nothing to undo)."""

    what: Phrase
    deed: int | None = None
    icon: str = "check"


class Operations(QObject):
    """The pages' way to the store. One object, made in `app.py`.

    `changed` carries the names of the tables a deed touched, wherever it was made; pages refresh on it and on nothing
    else. `saving` carries what may be said of saving from now on: «saving», «saved», «failed». `said` carries what
    the toast shows; `refused` a `CrmError` that a page did not handle itself.
    """

    changed = Signal(frozenset)
    saving = Signal(str)
    _went = Signal(str)
    said = Signal(object)
    refused = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._home = threading.current_thread()
        self._last_failed, self._state = False, "saved"
        self._went.connect(self._follow)
        # A deed of the worker arrives on the window's thread: the signal is queued between threads.
        workspace.changed.append(self._tell)
        workspace.saving.append(self._tell_saving)

    def close(self) -> None:
        """Hear of no deed any more: the pages are going."""
        self._workspace.changed.remove(self._tell)
        self._workspace.saving.remove(self._tell_saving)

    @property
    def clock(self) -> Clock:
        """The clock of the store."""
        return self._workspace.clock

    @property
    def store(self) -> Path:
        """Where the store is."""
        return self._workspace.path

    @property
    def warning(self) -> CrmError | None:
        """What to tell of the folder the store lies in: a cloud's, a network's; None of an ordinary one."""
        return self._workspace.warning

    def today(self) -> date:
        """The day the laptop's calendar shows."""
        return clocks.today(self.clock)

    def read(self, verb: Verb[T]) -> T:
        """Run `verb` on one consistent picture of the store; quick ones here, slow ones in a job."""
        return self._workspace.read(verb)

    def perform(
        self, label: Phrase, verb: Verb[T], *, say: Phrase | None = None, quiet: bool = False
    ) -> Done[T] | None:
        """A deed from a page: commit, then say so with «Undo». A refusal is said too, and gives None.

        `say` is what the toast shows instead of the label; `quiet` shows nothing (fields that show it themselves).
        """
        try:
            done = self._workspace.write(label, verb)
        except CrmError as error:
            self.refused.emit(error)
            return None
        if done.deed is not None and not quiet:
            self.said.emit(Said(say or label, done.deed))
        return done

    def write(
        self, label: Phrase, verb: Verb[T], *, copy_first: str = "", report: Callable[[int, int], None] | None = None
    ) -> Done[T]:
        """A deed whose refusals the caller handles: for jobs and dialogs.

        `copy_first` is the reason of a copy made before it («before_import»), of which `report` hears; jobs only.
        """
        if not copy_first:
            return self._workspace.write(label, verb)
        return self._workspace.write(label, verb, copy_first=copy_first, report=report or (lambda _, __: None))

    def rehearse(self, label: Phrase, verb: Verb[T]) -> T:
        """What a deed would do, by the very same verb; nothing of it stays. For jobs."""
        return self._workspace.rehearse(label, verb)

    def note(self, verb: Verb[T]) -> T:
        """Housekeeping and logs: nothing a person would undo."""
        return self._workspace.maintain(verb)

    def undo(self, deed: int | None = None) -> None:
        """Turn back `deed` or the newest one, and say so."""
        try:
            turned = self._workspace.undo(deed)
        except CrmError as error:
            self.refused.emit(error)
            return
        self.said.emit(Said(phrase("Undone: {label}", label=turned.label.text()), None, "arrow-counter-clockwise"))

    def redo(self) -> None:
        """Do again what was undone last, and say so."""
        try:
            turned = self._workspace.redo()
        except CrmError as error:
            self.refused.emit(error)
            return
        self.said.emit(Said(phrase("Done again: {label}", label=turned.label.text()), turned.deed))

    @property
    def state(self) -> str:
        """«saving» while a deed of the worker runs, «failed» after one that could not be saved, else «saved»."""
        return self._state

    def _tell_saving(self, how: str) -> None:
        # A deed of the window's thread is over before anything could be painted.
        if how != "begun" or threading.current_thread() is not self._home:
            self._went.emit(how)

    def _follow(self, how: str) -> None:
        if how in ("saved", "failed"):
            self._last_failed = how == "failed"
        state = "saving" if how == "begun" else "failed" if self._last_failed else "saved"
        if state != self._state:
            self._state = state
            self.saving.emit(state)

    def _tell(self, tables: frozenset[str]) -> None:
        self.changed.emit(tables)
