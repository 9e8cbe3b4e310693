"""Damaged files, plain and encrypted: no traceback, no byte of a refused file changed, no empty store in its place."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from crm.i18n import phrase
from crm.store.key import Key, Secret
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers
from tests.support.corruption import corrupt, survives
from tests.torture.tally import Tally

_PEOPLE = 200


def _quick(salt: bytes) -> Key:
    return Key(b"one".ljust(32, b"."), salt)


def in_files(times: int, seed: int) -> Tally:
    """Every other file is encrypted."""
    tally, refused = Tally("corruption"), 0
    with tempfile.TemporaryDirectory() as place:
        sound: list[tuple[Path, Secret | None]] = []
        for name, secret in (("plain", None), ("encrypted", _quick)):
            sound.append((Path(place) / f"{name}.krug", secret))
            with Workspace.create(sound[-1][0], lambda: NOON, secret=secret) as workspace:
                workspace.write(phrase("Add"), lambda s: [makers.person(s, NOON, f"Ф{n}").id for n in range(_PEOPLE)])
        for number in range(times):
            folder = Path(place) / str(number)
            folder.mkdir()
            path, secret = sound[number % len(sound)]
            shutil.copyfile(path, folder / "a.krug")
            what = corrupt(folder / "a.krug", seed + number)
            verdict = survives(folder / "a.krug", secret, _PEOPLE)
            refused += verdict.what != "unnoticed"
            tally.count("" if verdict.ok else f"seed {seed + number}, {what}: {verdict.what}, {verdict.fault}")
            shutil.rmtree(folder)
    tally.note = f"{refused} noticed"
    return tally
