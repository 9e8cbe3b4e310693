"""Two batteries at a time, each in a process of its own, so that none finds what another left in memory."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

from tests.torture.registry import ENTRIES
from tests.torture.tally import Tally, run, table


def side_by_side(names: list[str], seed: int) -> list[Tally]:
    """Run these batteries in full; the tallies in the order of the names. Each is told of when it is done."""
    with ProcessPoolExecutor(2, get_context("spawn"), max_tasks_per_child=1) as pool:
        return list(pool.map(_battery, names, repeat(seed)))


def _battery(name: str, seed: int) -> Tally:
    sys.stderr.write(f"… {name}\n")
    tally = run(name, ENTRIES[name], seed, sample=False)
    sys.stderr.write(f"{table([tally])}\n")
    return tally
