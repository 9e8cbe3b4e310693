"""Is the bundle what it should be: nothing of the web in it, and its tour wrote every file (`make bundle`)."""

from __future__ import annotations

import sys
from pathlib import Path

FORBIDDEN = ("webengine", "qt6qml", "qt6quick", "/qml/", "lxml")
EXPECTED = ("*.pdf", "*.vcf", "*.xlsx", "*.csv", "*.png")


def main(bundle: Path, tour: Path) -> int:
    """Print what is wrong and give 1, or the bundle's size and 0."""
    files = [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink()]
    wrong = [str(path) for path in files if any(part in path.as_posix().lower() for part in FORBIDDEN)]
    wrong += [f"the tour wrote no {pattern}" for pattern in EXPECTED if not list(tour.rglob(pattern))]
    size = sum(path.stat().st_size for path in files) / 1_000_000
    sys.stdout.write("".join(line + "\n" for line in wrong) or f"The bundle is sound: {size:.0f} MB.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
