"""Torture: `python -m tests.torture [--sample] [--seed N] [--list] [names…]`. Prints one table, writes it as JSON."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.torture.registry import ENTRIES
from tests.torture.side_by_side import side_by_side
from tests.torture.tally import run, table

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str]) -> int:
    """Run the batteries named, or all; 1 if anything was lost or corrupt, 2 for a name nobody has."""
    names, sample, seed = [], "--sample" in words, 1
    for word, before in zip(words, ["", *words], strict=False):
        if before == "--seed":
            seed = int(word)
        elif not word.startswith("--"):
            names.append(word)
    if unknown := [name for name in names if name not in ENTRIES]:
        print(f"no such battery: {', '.join(unknown)}; there are: {', '.join(ENTRIES)}")
        return 2
    if "--list" in words:
        print("\n".join(ENTRIES))
        return 0
    names = names or list(ENTRIES)
    if sample:
        # The window of the soak comes last: children are not to be made of a process that has one.
        tallies = [run(name, ENTRIES[name], seed, sample=True) for name in reversed(names)]
    else:
        tallies = side_by_side(names, seed)
    print(table(tallies))
    target = Path(os.environ.get("KRUG_TORTURE", ROOT / "build" / "torture")) / "torture.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {"seed": seed, "sample": sample, "batteries": [asdict(tally) for tally in tallies]}
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    print(f"\n{target}")
    return 0 if all(tally.sound for tally in tallies) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
