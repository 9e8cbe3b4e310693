"""What a page may do with the store: read, perform a deed, undo. Pages never hold a session or open a transaction."""

from __future__ import annotations

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
    else. `said` carries what the toast shows; `refused` a `CrmError` that a page did not handle itself.
    """

    changed = Signal(frozenset)
    said = Signal(object)
    refused = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        # A deed of the worker arrives on the window's thread: the signal is queued between threads.
        workspace.changed.append(self._tell)

    def close(self) -> None:
        """Hear of no deed any more: the pages are going."""
        self._workspace.changed.remove(self._tell)

    @property
    def clock(self) -> Clock:
        """The clock of the store."""
        return self._workspace.clock

    @property
    def store(self) -> Path:
        """Where the store is."""
        return self._workspace.path

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

    def _tell(self, tables: frozenset[str]) -> None:
        self.changed.emit(tables)
