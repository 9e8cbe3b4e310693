"""B2: one key typed in the search of the People page until the rows are painted."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.bench.row import Row, median, percentile
from tests.bench.stage import FRAME, Paints, press, settle, window_on

KEYS = 200
QUERIES = (
    # common beginnings and names
    "а",
    "и",
    "мар",
    "александр",
    "екатерина",
    # rare
    "подъяпольская",
    "гогоберишвили",
    "öztürkçe",
    # the other layout, transliterated
    "bdfyjd",
    "gthtcdtn",
    "tkrby ctvty",
    "snegiryov",
    "ibragimov",
    # two words, organisation, city
    "ахмедзянова диляра",
    "новосибирск медиана",
    "ольга мосметрика",
    # typo
    "берйозкин",
    "константинаполская",
    # digits, handle
    "+7 900 000-12",
    "@elkin_s",
)


def measure(store: Path) -> list[Row]:
    """Type two hundred keys; the next one comes when the last is painted and what follows is done."""
    with window_on(store) as (app, opened):
        page: Any = opened.window.show_page("people")
        settle(app, opened)
        paints = Paints(page.table.viewport())
        first, whole = [], []
        typed = 0
        for query in QUERIES:
            page.filters.clear()
            settle(app, opened, 1.0)
            page.find()
            app.processEvents()
            typing = app.focusWidget()
            if typing is None:
                raise AssertionError("the search has no focus")
            for char in query:
                before = paints.count
                began = time.perf_counter()
                press(typing, char)
                app.processEvents()
                first.append((time.perf_counter() - began) * 1000)
                shown = page.table.model().rowCount()
                if paints.count == before and shown:
                    raise AssertionError(f"nothing was painted for «{query}»")
                # The profile of the first person found follows a moment later.
                while page._profile_timer.isActive():
                    app.processEvents()
                app.processEvents()
                whole.append((time.perf_counter() - began) * 1000)
                typed += 1
    if typed < KEYS:
        raise AssertionError(f"{typed} keys are too few")
    middle, high, last = median(first), percentile(first, 0.95), percentile(whole, 0.95)
    said = f"{typed} keys, {len(QUERIES)} queries"
    return [
        Row("B2", f"search: key → rows painted, median ({said})", middle, "ms", "≤ 1 frame", middle <= FRAME, FRAME),
        Row("B2", "search: key → rows painted, p95", high, "ms", "≤ 2 frames", high <= 2 * FRAME, FRAME),
        Row("B2", "search: count, ids and profile, p95", last, "ms", "≤ 150 ms", last <= 150),
    ]
