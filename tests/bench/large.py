"""The community L: 100,000 people, made once and kept beside the build until the program or the demo changes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crm import clock as clocks
from crm.i18n import phrase
from crm.services.demo import fill_demo
from crm.store.workspace import Workspace
from tests.bench.row import Row

ROOT = Path(__file__).resolve().parents[2]
LARGE = PEOPLE = 100_000
SECONDS = 120.0
CLOCK = clocks.fixed(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
"""The bench stands still on one day, so that L need not be made anew tomorrow."""
_SHAPES_IT = (
    "crm/models",
    "crm/store/derived.py",
    "crm/store/journal.py",
    "crm/store/schema.py",
    "crm/text/folding.py",
    "crm/services/demo",
    "crm/services/person_columns.py",
    "resources/demo",
)
"""What L depends on: when any of it changes, L is made anew."""


def folder() -> Path:
    """Where L and the results are kept."""
    return Path(os.environ.get("KRUG_BENCH", ROOT / "build" / "bench"))


def _signature() -> str:
    digest = hashlib.sha256()
    for place in _SHAPES_IT:
        whole = ROOT / place
        for file in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if file.suffix in {".py", ".csv"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def make(*, again: bool = False) -> tuple[Path, Row]:
    """The store L, made now if there is none of this shape, and the row of its making."""
    folder().mkdir(parents=True, exist_ok=True)
    kind = "large" if PEOPLE == LARGE else f"small-{PEOPLE}"
    store = folder() / f"{kind}-{_signature()}.krug"
    told = store.with_suffix(".json")
    if again or not (store.exists() and told.exists()):
        for old in folder().glob(f"{kind}-*"):
            old.unlink()
        seconds = _made(store)
        told.write_text(json.dumps({"seconds": seconds}), "utf-8")
        note = "made now"
    else:
        seconds = json.loads(told.read_text("utf-8"))["seconds"]
        note = "made earlier"
    size = store.stat().st_size / 1_000_000
    row = Row("L", f"making {PEOPLE:,} people", seconds, "s", f"≤ {SECONDS:.0f} s", seconds <= SECONDS, None, note)
    return store, Row(row.key, f"{row.work}, {size:.0f} MB", seconds, "s", row.bar, row.met, None, note)


def _made(store: Path) -> float:
    part = store.with_name("part.krug")
    for old in folder().glob("part.krug*"):
        old.unlink()
    began = time.perf_counter()
    with Workspace.create(part, CLOCK, demo=True) as workspace:
        workspace.write(phrase("Demo community"), lambda session: fill_demo(session, CLOCK, PEOPLE))
    seconds = time.perf_counter() - began
    part.rename(store)
    for left in folder().glob("part.krug*"):
        left.unlink()
    return seconds


@contextmanager
def copied(store: Path) -> Iterator[Path]:
    """A copy of L that may be written to, gone afterwards."""
    copy = store.with_name("run.krug")
    for old in store.parent.glob("run.krug*"):
        old.unlink()
    shutil.copyfile(store, copy)
    try:
        yield copy
    finally:
        for old in store.parent.glob("run.krug*"):
            old.unlink()
