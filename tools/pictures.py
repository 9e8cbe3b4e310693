"""Pictures of every page from the demo, light and dark, in both languages and sizes: `make pictures`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

from crm import i18n
from crm.commands.page_pictures import PAGES, SIZES, take_pictures
from tools.picture_store import make_store

MODES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


EVERYTHING = (*PAGES, "welcome")


def take_all(folder: Path, pages: tuple[str, ...] = EVERYTHING) -> list[Path]:
    """Write `<page>-<language>-<mode>-<width>.png` for everything there is."""
    taken: list[Path] = []
    with tempfile.TemporaryDirectory() as home, make_store(Path(home) / "demo.krug") as workspace:
        for language in i18n.LANGUAGES:
            i18n.use(language)
            for mode in MODES:
                for size in SIZES:
                    suffix = f"-{language}-{mode}-{size[0]}"
                    taken += take_pictures(workspace, folder, mode=mode, size=size, pages=pages, suffix=suffix)
    return taken


def main(words: list[str]) -> int:
    """`python -m tools.pictures FOLDER [PAGE…]`."""
    folder, *pages = words or ["out/pictures"]
    taken = take_all(Path(folder), tuple(pages) or EVERYTHING)
    sys.stdout.write(f"{len(taken)} pictures in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
