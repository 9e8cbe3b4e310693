"""Long work: one worker thread, progress on the window's thread, and a Stop that works."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from crm.errors import Cancelled
from crm.i18n import Phrase

Report = Callable[[int, int], None]
"""`report(step, of)`: how far the work is; raises `Cancelled` when the person pressed Stop. `of` is 0 if unknown."""


class Job(QObject):
    """One piece of long work. Made on the window's thread, so that its signals arrive there."""

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, title: Phrase, work: Callable[[Report], Any], *, quiet: bool = False) -> None:
        super().__init__()
        self.title = title
        self.quiet = quiet
        self._work = work
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    def report(self, step: int, of: int) -> None:
        """Called by the work, on the worker thread."""
        if self._stop.is_set():
            raise Cancelled
        self.progressed.emit(step, of)

    def run(self) -> None:
        """Do the work, on the worker thread; whatever it raises becomes `failed`."""
        try:
            if self._stop.is_set():
                raise Cancelled
            result = self._work(self.report)
        except BaseException as error:  # noqa: BLE001 - the window's thread decides what an error means
            self.failed.emit(error)
        else:
            self.finished.emit(result)


class Jobs(QObject):
    """The one worker thread and what it is doing; made in `app.py`, closed with the window."""

    started = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._alive: list[Job] = []
        self._thread: threading.Thread | None = None
        self._closed = False
        self._turn = threading.Lock()
        self._go = threading.Event()
        self._go.set()
        self._rests = False
        self._running: Job | None = None

    def start(
        self,
        title: Phrase,
        work: Callable[[Report], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        *,
        quiet: bool = False,
    ) -> Job:
        """Queue `work`; `done` or `failed` is called on the window's thread (failed also with `Cancelled`).

        A `quiet` job shows no progress strip. An error nobody handles is raised on the window's thread.
        """
        job = Job(title, work, quiet=quiet)
        self._alive.append(job)
        queued = Qt.ConnectionType.QueuedConnection
        job.finished.connect(lambda result: self._end(job, done, result), queued)
        job.failed.connect(lambda error: self._end(job, failed or _raise, error), queued)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="krug-worker", daemon=True)
            self._thread.start()
        self._waiting.put(job)
        self.started.emit(job)
        return job

    @property
    def busy(self) -> bool:
        """True while any work is waiting or running."""
        return bool(self._alive)

    @property
    def wanted(self) -> bool:
        """True while work that somebody asked for, not a quiet one, is waiting or running."""
        return any(not job.quiet for job in self._alive)

    @property
    def waiting(self) -> bool:
        """True while some work waits for what is running."""
        return len(self._alive) > 1

    @property
    def current(self) -> Job | None:
        """The work that is running, the first of those waiting."""
        return self._alive[0] if self._alive else None

    def rest(self, seconds: float) -> bool:
        """Stop what runs and begin nothing more until `wake`; True once nothing runs, waiting at most `seconds`.

        What is queued stays queued.
        """
        self._go.clear()
        if not self._rests:
            running = self._running
            if running is not None:
                running.cancel()
            self._rests = self._turn.acquire(timeout=seconds)
        return self._rests

    def wake(self) -> None:
        """Go on with what waits."""
        if self._rests:
            self._rests = False
            self._turn.release()
        self._go.set()

    def unfinished(self) -> tuple[Job, ...]:
        """All that waits or runs, the running one first."""
        return tuple(self._alive)

    def close(self, seconds: float = 30.0) -> None:
        """Stop what runs, drop what waits, end the thread; nobody is told of anything any more."""
        self._closed = True
        for job in list(self._alive):
            job.cancel()
        self.wake()
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(seconds)
            self._thread = None

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._go.wait()
            with self._turn:
                self._running = job
                job.run()
                self._running = None

    def _end(self, job: Job, tell: Callable[[Any], None] | None, outcome: Any) -> None:
        # What ends after the window was closed has nobody left to tell.
        if self._closed:
            return
        self._alive.remove(job)
        try:
            if tell is not None:
                tell(outcome)
        finally:
            self.ended.emit(job)


def _raise(error: BaseException) -> None:
    if not isinstance(error, Cancelled):
        raise error
