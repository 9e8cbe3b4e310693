"""One process at a time: a lock beside the store, and a note that says who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path

from filelock import FileLock, Timeout

from crm.store.errors import StoreHeld, StoreNoRights


class StoreLock:
    """The lock of one store. A lock left by a killed process is free: the system drops it with the process."""

    def __init__(self, store: Path) -> None:
        self._store = store
        # One store reached through two links has one lock.
        store = store.resolve()
        self._note = store.with_name(store.name + ".owner")
        self._lock = FileLock(store.with_name(store.name + ".lock"), timeout=0, mode=0o600, is_singleton=False)

    def take(self) -> None:
        """Take the lock or raise StoreHeld, naming who has it."""
        try:
            self._lock.acquire()
        except Timeout as error:
            pid, host = self._owner()
            raise StoreHeld(path=str(self._store), pid=pid, host=host) from error
        except OSError as error:
            raise StoreNoRights(path=str(self._store)) from error
        note = json.dumps({"pid": os.getpid(), "host": socket.gethostname()})
        # The note is a courtesy: a full disk must not keep anyone from reading their people.
        with contextlib.suppress(OSError):
            descriptor = os.open(self._note, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(note)

    def release(self, *, forget: bool = False) -> None:
        """Let go; the note goes first, so that it never names a process that let go.

        `forget` takes the lock's file away too: beside a file that is no store nothing of ours stays.
        """
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._note.unlink(missing_ok=True)
            self._lock.release()
            if forget:
                Path(self._lock.lock_file).unlink(missing_ok=True)

    def _owner(self) -> tuple[str, str]:
        try:
            note = json.loads(self._note.read_text("utf-8"))
            return str(note["pid"]), str(note["host"])
        except (OSError, ValueError, KeyError, TypeError):
            return "?", "?"
