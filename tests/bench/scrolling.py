"""B4: scrolling and jumping in the list of all people, and B12: what the open window keeps in memory."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent

from tests.bench.row import Row, median, percentile
from tests.bench.stage import FRAME, Paints, settle, window_on

STEPS = 300
"""Turns of the wheel, and as many jumps to a random place."""
LONGEST = 50.0
"""Milliseconds no frame may take."""
SEARCHES, PROFILES, COUNTS, REPORTS = 500, 200, 50, 2
MEMORY = 300.0
"""Megabytes the window may keep."""
_BEGINNINGS = "абвгдежзиклмнопрстуфхцчшщэюя"


def measure(store: Path) -> list[Row]:
    """Turn the wheel, then jump; each step until it is painted."""
    with window_on(store) as (app, opened):
        page: Any = opened.window.show_page("people")
        settle(app, opened)
        paints = Paints(page.table.viewport())
        bar = page.table.verticalScrollBar()
        chance = random.Random(4)
        frames = []
        for number in range(2 * STEPS):
            before = paints.count
            began = time.perf_counter()
            to = bar.value() + 3 * page.table.rowHeight(0) if number < STEPS else chance.randrange(bar.maximum())
            bar.setValue(to)
            app.processEvents()
            frames.append((time.perf_counter() - began) * 1000)
            if paints.count == before:
                raise AssertionError("nothing was painted")
    high, worst = percentile(frames, 0.95), max(frames)
    said = f"scroll and jump in people ({2 * STEPS} steps, median {median(frames):.1f} ms)"
    return [
        Row("B4", f"{said}, p95", high, "ms", "≤ 2 frames", high <= 2 * FRAME, FRAME),
        Row("B4", "scroll and jump: the longest frame", worst, "ms", f"≤ {LONGEST:.0f} ms", worst <= LONGEST),
    ]


def measure_memory(store: Path) -> list[Row]:
    """In a process of its own: what other rows left behind is not the window's."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.scrolling", str(store)], capture_output=True, check=True, text=True
    )
    ours = float(ran.stdout.strip().splitlines()[-1])
    work = f"window open after {SEARCHES} searches, {PROFILES} profiles, {COUNTS} counts, {REPORTS} reports: RSS"
    return [Row("B12", work, ours, "MB", f"≤ {MEMORY:.0f} MB", ours <= MEMORY)]


def _use(store: Path) -> float:
    """Use the window as the row says and give its megabytes."""
    from crm.services import reports, segments

    with window_on(store) as (app, opened):
        page: Any = opened.window.show_page("people")
        settle(app, opened)
        chance = random.Random(12)
        for _ in range(SEARCHES):
            page.filters.search.setText("".join(chance.choice(_BEGINNINGS) for _ in range(chance.randint(1, 3))))
            app.processEvents()
        page.filters.clear()
        settle(app, opened)
        for _ in range(PROFILES):
            page.table.step(chance.randint(1, 400))
            page.show_profile()
            app.processEvents()
            # What a loop of events takes away by itself.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        workspace = opened.workspace
        found = workspace.read(lambda session: segments.list_starters(session, workspace.clock, counted=False))
        for number in range(COUNTS):
            segment = found[number % len(found)]
            workspace.read(partial(segments.count_segment, key=segment.key, clock=workspace.clock))
        for _ in range(REPORTS):
            workspace.read(lambda session: reports.month_report(session, date(2026, 10, 1), workspace.clock))
        settle(app, opened)
        return _resident()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    print(_use(Path(sys.argv[1])))
