"""Where things are: the program's own resources and the person's folders. Nothing else builds such a path."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP = "Krug"


def resources() -> Path:
    """The folder of fonts, catalogues and tables, in a checkout, an installed package or a bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle:
        return Path(bundle) / "resources"
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def fonts() -> Path:
    """The folder of the typefaces the program ships."""
    return resources() / "fonts"


def data_folder() -> Path:
    """The person's folder for stores; `KRUG_HOME` moves it, for tests and for a stick."""
    if home := os.environ.get("KRUG_HOME"):
        return Path(home)
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def default_store() -> Path:
    """The store opened when none is named."""
    return data_folder() / "community.krug"


def demo_store() -> Path:
    """The store of the demo, deleted when the person leaves it."""
    return data_folder() / "demo.krug"


def settings_file() -> Path:
    """The window's own settings (language, theme, widths); they belong to the laptop, not to the store."""
    if home := os.environ.get("KRUG_HOME"):
        return Path(home) / "window.ini"
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "window.ini"


def private_folder(folder: Path) -> Path:
    """Make `folder` (and what is missing above it), readable by its owner only."""
    if not folder.is_dir():
        # `parents=True` would make those above as the system does: readable by everybody.
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder
