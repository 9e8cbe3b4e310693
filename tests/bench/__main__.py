"""Run the bench: `python -m tests.bench [B1 B2 …] [--again] [--people N]`. Prints a table, writes it beside L as JSON.

`--people` measures on a smaller community for a quick look; the bars are those of L and say nothing there.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.bench import large
from tests.bench.row import Row

HEADINGS = ("row", "work", "ours", "floor", "ratio", "bar", "", "")


def main(words: list[str]) -> int:
    """Measure, print, write; 0 whatever the bars say: a missed bar is told, not hidden and not an error."""
    again = "--again" in words
    wanted = [word for word in words if not word.startswith("-") and not word.isdigit()]
    if "--people" in words:
        large.PEOPLE = int(words[words.index("--people") + 1])
    store, made = large.make(again=again)
    rows = [made]
    for key, measure in _rows().items():
        if not wanted or key in wanted:
            rows += measure(store)
    _print(rows)
    document = {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
        "rows": [asdict(row) | {"ratio": row.ratio} for row in rows],
    }
    target = large.folder() / "bench.json"
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    print(f"\n{target}")
    return 0


def _rows() -> dict[str, Callable[[Path], list[Row]]]:
    from tests.bench import disk, door, encrypted, finding, moving, scrolling, searching, start, undoing

    return {
        "B1": start.measure,
        "B2": lambda store: [*searching.measure(store), *finding.measure(store)],
        "B3": door.measure,
        "B4": scrolling.measure,
        "B6": moving.measure_cards,
        "B7": moving.measure_tables,
        "B8": moving.measure_out,
        "B11": undoing.measure,
        "B12": scrolling.measure_memory,
        "B13": disk.measure,
        "B14": encrypted.measure,
    }


def _print(rows: list[Row]) -> None:
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
