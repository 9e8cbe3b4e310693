"""Catalogues: compile them, and tell what the sources say that no catalogue answers (`make messages`)."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir

from crm import i18n

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "text": None,
    "mark": None,
    "phrase": None,
    "plural": (1, 2),
    "phrase_plural": (1, 2),
    "in_context": ((1, "c"), 2),
}


def compile_all(translations: Path) -> None:
    """Write `catalogue.mo` beside the `.po` files of every language."""
    for folder in sorted(path for path in translations.iterdir() if path.is_dir()):
        (folder / "catalogue.mo").write_bytes(i18n.compile_catalogue(folder))


def said_in_sources(root: Path) -> set[tuple[str | None, str | tuple[str, ...]]]:
    """Every (context, message) the sources say; a plural message is a pair."""
    found: set[tuple[str | None, str | tuple[str, ...]]] = set()
    rows = extract_from_dir(root / "crm", method_map=[("**.py", "python")], keywords=KEYWORDS)
    for _, _, message, _, context in rows:
        key = tuple(message) if isinstance(message, (tuple, list)) else message
        if key:
            found.add((context, key))
    return found


def problems(root: Path = ROOT) -> list[str]:
    """What is missing or wrong in the Russian catalogue, a line each."""
    told: list[str] = []
    catalogue = i18n.read_catalogue(root / "resources" / "translations" / "ru", told)
    for context, message in sorted(said_in_sources(root), key=str):
        singular = message[0] if isinstance(message, tuple) else message
        entry = catalogue.get(singular, context=context)
        if entry is None or not entry.string:
            told.append(f"not translated: {message!r}")
        elif isinstance(message, tuple) and (len(entry.string) != 3 or not all(entry.string)):
            told.append(f"a plural without all three forms: {message!r}")
    return told


def main() -> int:
    """Compile, then print what is missing; 1 when anything is."""
    compile_all(ROOT / "resources" / "translations")
    told = problems()
    sys.stdout.write("".join(line + "\n" for line in told) or "Every message has its translation.\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
