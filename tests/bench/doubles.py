"""Doubles: the scan of L with 2,000 people entered once more, misspelt; what it finds, is sure of, and how long."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from crm.i18n import phrase
from crm.services import duplicates
from crm.services.duplicates import Pair
from crm.store.workspace import Workspace
from tests.bench.large import CLOCK
from tests.bench.row import Row
from tests.support.doubles import plant

PLANTED = 2_000
SECONDS = 30.0
RECALL, PRECISION = 95.0, 98.0


def measure(store: Path) -> list[Row]:
    """Plant into a copy, look for them, and hold what was found against what was planted."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "doubles.krug"
        shutil.copy2(store, copy)
        with Workspace.open(copy, CLOCK) as workspace:
            already = {(pair.person_id, pair.other_id) for pair in _scan(workspace)[0]}
            planted = workspace.write(phrase("Doubles"), lambda s: plant(s, CLOCK(), PLANTED)).value
            pairs, seconds = _scan(workspace)
            began = time.perf_counter()
            workspace.write(phrase("Looking for doubles"), lambda s: duplicates.keep_pairs(s, pairs, CLOCK))
            writing = time.perf_counter() - began
    return judged(planted, pairs, already, seconds, writing)


def _scan(workspace: Workspace) -> tuple[list[Pair], float]:
    def look(session: Session) -> list[Pair]:
        return duplicates.find_pairs(session, lambda _, __: None)

    began = time.perf_counter()
    pairs = workspace.read(look)
    return pairs, time.perf_counter() - began


def judged(
    planted: dict[tuple[int, int], str],
    pairs: list[Pair],
    already: set[tuple[int, int]],
    seconds: float,
    writing: float,
) -> list[Row]:
    """The lines of the table; a sure pair that was not planted is counted as wrong, whoever made it."""
    found = {(pair.person_id, pair.other_id) for pair in pairs}
    sure = {(pair.person_id, pair.other_id) for pair in pairs if pair.likeness.sure}
    recall = 100 * len(found & planted.keys()) / len(planted)
    recall_sure = 100 * len(sure & planted.keys()) / len(planted)
    precision = 100 * len(sure & planted.keys()) / max(1, len(sure))
    missed = Counter(way for ids, way in planted.items() if ids not in found)
    told = ", ".join(f"{way} {count}" for way, count in missed.most_common()) or "none missed"
    wrong = len(sure - planted.keys())
    return [
        Row("doubles", f"scan for doubles, {len(planted):,} planted", seconds, "s", f"≤ {SECONDS:.0f} s",
            seconds <= SECONDS, None, f"{len(pairs):,} pairs, {len(already):,} before; written in {writing:.1f} s"),
        Row("doubles", "found of the planted", recall, "%", f"≥ {RECALL:.0f} %", recall >= RECALL, None, told),
        Row("doubles", "found and sure of the planted", recall_sure, "%", "told", met=True),
        Row("doubles", "right of the sure", precision, "%", f"≥ {PRECISION:.0f} %", precision >= PRECISION, None,
            f"{len(sure):,} sure, {wrong} not planted"),
    ]  # fmt: skip
