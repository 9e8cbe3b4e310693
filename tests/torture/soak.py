"""Long use: thousands of operations in one process, and it neither grows nor keeps files open."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

from crm.services import people
from crm.store.search import find
from tests.support.soundness import faults
from tests.torture import stores
from tests.torture.mixture import Mixture
from tests.torture.tally import Tally

PEOPLE = 20_000
GROWTH = 50.0
"""Megabytes the process may grow by after it is warm."""
_WARM_SHARE, _WARM_SHARE_OF_SAMPLE = 0.2, 0.7
_WINDOW_EVERY = 20
_QUERIES = ("иван", "щёг", "bdfyjd", "ладога", "+7900", "клуб")


def soak(times: int, seed: int) -> Tally:
    """`times` operations on twenty thousand people (fewer for a sample): deeds, reads, and a share in the window."""
    tally = Tally("soak")
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        os.environ["KRUG_HOME"] = home
        store = stores.make(Path(home), "plain", PEOPLE if times >= PEOPLE else 200)
        with stores.opened(store, "plain") as workspace:
            window = _Window(workspace)
            mixture = Mixture(workspace, seed)
            warm: tuple[float, int] | None = None
            warm_after = times * (_WARM_SHARE if times >= PEOPLE else _WARM_SHARE_OF_SAMPLE)
            for number in range(times):
                if number >= warm_after and warm is None:
                    warm = _measure()
                _operate(number, mixture, window)
                tally.count()
                if (number + 1) % max(times // 20, 1_000) == 0:
                    sys.stderr.write(f"  {number + 1:,} operations, {_measure()[0]:.0f} MB\n")
            if warm is None:
                raise AssertionError("a soak of nothing")
            megabytes, files = _measure()
            window.close()
            wrong = "; ".join(faults(workspace))
    grown, more = megabytes - warm[0], files - warm[1]
    tally.note = f"{grown:+.0f} MB after warm-up, {more:+d} descriptors"
    if wrong or grown > GROWTH or more > 0:
        tally.survived -= 1
        tally.corrupt += 1
        tally.told.append(wrong or tally.note)
    return tally


def _operate(number: int, mixture: Mixture, window: _Window) -> None:
    if number % _WINDOW_EVERY == 0:
        window.use(number // _WINDOW_EVERY)
    elif number % 3 == 0:
        query = _QUERIES[number % len(_QUERIES)]
        mixture.workspace.read(lambda s: people.rows(s, find(s, query, limit=50).ids))
    else:
        mixture.step()


class _Window:
    """The program's window, off the screen: pages shown, searched, and let settle."""

    def __init__(self, workspace: Any) -> None:
        from PySide6.QtWidgets import QApplication

        from crm.app import make_window
        from crm.ui.theme import Theme

        there = QApplication.instance()
        self._app = there if isinstance(there, QApplication) else QApplication(["krug"])
        theme = Theme(mode="light", calm=True)
        theme.apply(self._app)
        self._opened = make_window(workspace, theme)
        self._opened.window.show()
        for place in range(len(_PAGES)):
            self.use(place)

    def use(self, number: int) -> None:
        """Go to a page, and let what it reads in the background be read."""
        page: Any = self._opened.window.show_page(_PAGES[number % len(_PAGES)])
        if _PAGES[number % len(_PAGES)] == "people":
            page.find()
        self._app.processEvents()
        while self._opened.jobs.busy:
            # Waiting, not asking again and again: that would take from the worker what it works with.
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        # What the pages took away goes when a loop of events comes round; there is none here.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def close(self) -> None:
        """Take the window away."""
        self._opened.close()


_PAGES = ("today", "people", "events", "segments", "feedback", "settings")


def _measure() -> tuple[float, int]:
    gc.collect()
    if sys.platform != "linux":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576, 0
    resident = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resident / 1_000_000, len(list(Path("/proc/self/fd").iterdir()))
