"""B3: a ticket or a name, then Enter, until the arrival is committed and the green banner painted."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import sqlalchemy.orm  # noqa: F401 - before Qt, as the program does
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crm.services import event_lists
from crm.services.desk_rows import Arrival
from crm.store.driver import WINDOW_CACHE, connect
from crm.store.key import salt_of
from crm.ui.desk.page import DeskPage
from tests.bench import large, stage
from tests.bench.row import Row, median, percentile
from tests.bench.stage import Paints, press, window_on

SHARE = 100
"""One arrival for so many people of the store: a thousand on L."""
MILLISECONDS = 16.0
COMMITS = 400


def measure(store: Path) -> list[Row]:
    """A thousand people come to the event of two thousand, every second one without a ticket."""
    with large.copied(store) as copy:
        return measure_here(copy)


def measure_here(copy: Path) -> list[Row]:
    """The same on a store that may be written to, encrypted where the stage has a secret."""
    floor = _raw_commits(copy)
    taken = _arrivals(copy)
    high, middle, least = percentile(taken, 0.95), median(taken), percentile(floor, 0.95)
    by_ticket, by_name = percentile(taken[::2], 0.95), percentile(taken[1::2], 0.95)
    kinds = f"{len(taken)} arrivals; p95 by ticket {by_ticket:.1f}, by name {by_name:.1f} ms"
    return [
        Row("B3", "desk: Enter → committed → green, p95", high, "ms", "≤ 16 ms", high <= MILLISECONDS, least, kinds),
        Row("B3", "desk: the same, median", middle, "ms", "≤ 16 ms", middle <= MILLISECONDS, median(floor)),
    ]


def _arrivals(copy: Path) -> list[float]:
    taken = []
    with window_on(copy) as (app, opened):
        event = opened.operations.read(lambda session: event_lists.next_event(session, opened.operations.clock))
        if event is None or event.registered < 2 * large.PEOPLE // SHARE - 5:
            raise AssertionError("L has no event of two thousand")
        desk = DeskPage(opened.operations, opened.window._theme, event.id)
        opened.window.show_full(desk)
        app.processEvents()
        paints = Paints(desk.banner)
        for text in _texts(desk):
            field = desk.field.edit
            for char in text:
                press(field, char)
            app.processEvents()
            # Typing takes a person longer than what the arrival before set going in the background.
            while opened.jobs.busy:
                app.processEvents()
                time.sleep(0.001)
            before = paints.count
            began = time.perf_counter()
            QTest.keyClick(field, Qt.Key.Key_Return)
            while paints.count == before:
                app.processEvents()
            taken.append((time.perf_counter() - began) * 1000)
            if desk.check is None or desk.check.result != "ok" or not desk.check.recorded:
                raise AssertionError(f"«{text}» did not check anybody in")
            app.processEvents()
    return taken


def _texts(desk: DeskPage) -> list[str]:
    """What is typed for each arrival: a ticket, or a name that is one person's alone."""
    expected: list[Arrival] = [one for one in desk.door.index.people() if one.status == "registered"]
    names = Counter(tuple(sorted(one.words)) for one in expected)
    texts: list[str] = []
    for one in expected:
        alone = names[tuple(sorted(one.words))] == 1 and len(desk.door.index.find(one.name)) == 1
        by_name = len(texts) % 2 == 1
        if by_name and not alone:
            continue
        texts.append(one.name if by_name else one.ticket_code)
        if len(texts) == large.PEOPLE // SHARE:
            return texts
    raise AssertionError("too few people to let in")


def _raw_commits(copy: Path) -> list[float]:
    """One changed row, committed, in the same file with the same settings."""
    salt = salt_of(copy)
    key = None if salt is None or stage.SECRET is None else stage.SECRET(salt)
    connection = connect(copy, key, cache_kib=WINDOW_CACHE)
    connection.execute("INSERT OR REPLACE INTO store_note (key, value) VALUES ('bench', '')")
    taken = []
    for number in range(COMMITS):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE store_note SET value = ? WHERE key = 'bench'", (str(number),))
        connection.execute("COMMIT")
        taken.append((time.perf_counter() - began) * 1000)
    connection.execute("DELETE FROM store_note WHERE key = 'bench'")
    connection.close()
    return taken
