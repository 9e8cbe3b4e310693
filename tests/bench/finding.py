"""B2: whom a query finds on L: the table of queries, and two thousand names with two mistakes each."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.i18n import phrase
from crm.services.people_order import Listing, PeopleMemory, list_people
from crm.store.workspace import Workspace
from tests.bench.large import CLOCK, copied
from tests.bench.row import Row, median, percentile
from tests.support import mistakes, search_cases

QUERIES = 2000
_CYRILLIC = re.compile("[А-Яа-яЁё-]+")


def measure(store: Path) -> list[Row]:
    """Add the people of the table to a copy of L, ask for each, then for names mistyped by dice."""
    with copied(store) as copy, Workspace.open(copy, CLOCK) as workspace:
        meant = workspace.write(phrase("Add"), lambda session: search_cases.fill(session, CLOCK)).value
        memory, today = PeopleMemory(), clocks.today(CLOCK)

        def ask(query: str) -> Listing:
            return workspace.read(lambda session: list_people(session, memory, today, query=query))

        ask("")
        workspace.read(memory.names.follow)
        for part in memory.names.preparing():
            part()
        return [*_table(ask, meant), *_mistaken(workspace, ask)]


def _table(ask: Callable[[str], Listing], meant: dict[str, int]) -> list[Row]:
    missed = [query for _, query, name in search_cases.CASES if meant[name] not in ask(query).ids]
    first = sum(ask(query).ids[:1].tolist() == [meant[name]] for _, query, name in search_cases.CASES)
    asked = len(search_cases.CASES)
    share = 100 * (asked - len(missed)) / asked
    note = f"first in the list {first}" + (f"; not found: {', '.join(missed)}" if missed else "")
    return [Row("B2", f"search: people found of {asked} cases", share, "%", "100 %", not missed, None, note)]


def _mistaken(workspace: Workspace, ask: Callable[[str], Listing]) -> list[Row]:
    def read(session: Session) -> dict[int, tuple[str, str]]:
        rows = session.connection().exec_driver_sql(
            "SELECT id, family_name, given_name FROM person WHERE deleted_at IS NULL AND archived_at IS NULL"
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    names = workspace.read(read)
    people = [name for name in names.values() if all(map(_CYRILLIC.fullmatch, name))]
    first, near, took = 0, 0, []
    for one in islice(mistakes.two_mistakes(people, random.Random(2026)), QUERIES):
        began = time.perf_counter()
        found = ask(one.query)
        took.append((time.perf_counter() - began) * 1000)
        shown = [names.get(person) for person in found.ids[:3]]
        first += shown[:1] == [(one.family, one.given)]
        near += (one.family, one.given) in shown
    top, three = 100 * first / QUERIES, 100 * near / QUERIES
    said = f"search: {QUERIES} names with two mistakes"
    middle, high = median(took), percentile(took, 0.95)
    return [
        Row("B2", f"{said}, first", top, "%", "≥ 95 %", top >= 95),
        Row("B2", f"{said}, in the first three", three, "%", "≥ 99 %", three >= 99),
        Row("B2", f"{said}, median", middle, "ms", "≤ 150 ms", middle <= 150),
        Row("B2", f"{said}, p95", high, "ms", "≤ 150 ms", high <= 150),
    ]
