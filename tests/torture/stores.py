"""The stores that are tortured: plain, encrypted, and in a cloud's folder; with people, events and feedback in them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from crm import clock as clocks
from crm.i18n import phrase
from crm.services.demo import fill_demo
from crm.store.key import Key, Secret
from crm.store.workspace import Workspace

CLOCK = clocks.fixed(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
"""Time stands still, so that the same deeds make the same rows."""
KINDS = ("plain", "encrypted", "cloud")
NAME = "community.krug"
_made: dict[tuple[str, int], bytes] = {}
"""Stores made before in this process: filling one costs more than a blow."""


def secret_of(kind: str) -> Secret | None:
    """A quick key for the encrypted one; Argon2id would cost half a second each time."""
    return (lambda salt: Key(b"torture".ljust(32, b"."), salt)) if kind == "encrypted" else None


def make(folder: Path, kind: str, people: int = 50) -> Path:
    """A small demo community in `folder`, closed again: one file."""
    place = folder / ("Dropbox" if kind == "cloud" else kind)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = place / NAME
    if (kind, people) in _made:
        store.write_bytes(_made[kind, people])
        store.chmod(0o600)
        return store
    with Workspace.create(store, CLOCK, secret=secret_of(kind)) as workspace:
        workspace.write(phrase("Demo community"), lambda session: fill_demo(session, CLOCK, people))
    _made[kind, people] = store.read_bytes()
    return store


def opened(store: Path, kind: str) -> Workspace:
    """Open a store of this kind."""
    return Workspace.open(store, CLOCK, secret_of(kind))


def copy_of(store: Path, name: str) -> Path:
    """A copy of a closed store in a folder of its own beside; what was there goes."""
    folder = store.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return Path(shutil.copy(store, folder / NAME))
