"""P8: a store of a newer program is refused with what is needed, and not one byte of it or beside it changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from crm.cli import run
from crm.clock import Clock
from crm.store.driver import connect
from crm.store.errors import StoreNewer
from crm.store.inspecting import inspect
from crm.store.key import Key, Secret
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.support.vandal import digest, names_in

NEWER = SCHEMA_VERSION + 1


def quick(salt: bytes) -> Key:
    return Key(b"one".ljust(32, b"."), salt)


def newer(path: Path, clock: Clock, secret: Secret | None = None) -> Path:
    with Workspace.create(path, clock, secret=secret):
        pass
    key = None if secret is None else secret(path.read_bytes()[:16])
    connection = connect(path, key)
    connection.execute(f"PRAGMA user_version = {NEWER}")
    connection.close()
    path.with_name(path.name + ".lock").unlink()
    return path


@pytest.mark.parametrize("secret", [None, quick])
def test_p08_a_newer_store_is_refused_untouched(tmp_path: Path, clock: Clock, secret: Secret | None) -> None:
    path = newer(tmp_path / "there" / "a.krug", clock, secret)
    before = digest(path)
    for door in (Workspace.open, Workspace.open_or_create):
        with pytest.raises(StoreNewer) as refusal:
            door(path, clock, secret)
        assert f"формат {NEWER}, эта читает до {SCHEMA_VERSION}" in refusal.value.text()
    with pytest.raises(StoreNewer):
        inspect(path, secret)
    assert digest(path) == before
    assert names_in(path.parent) == ["a.krug"]


def test_p08_a_version_that_stands_only_in_the_log_counts(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.krug"
    Workspace.create(path, clock).close()
    connection = connect(path)
    connection.execute(f"PRAGMA user_version = {NEWER}")
    left = tmp_path / "there"
    left.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(tmp_path / f"a.krug{suffix}", left / f"a.krug{suffix}")
    connection.close()
    before = [digest(left / "a.krug"), digest(left / "a.krug-wal")]
    with pytest.raises(StoreNewer):
        Workspace.open(left / "a.krug", clock)
    assert [digest(left / "a.krug"), digest(left / "a.krug-wal")] == before
    assert names_in(left) == ["a.krug", "a.krug-wal"]


@pytest.mark.parametrize("words", [("check",), ("people",), ("undo",), ("demo",), ("events",)])
def test_p08_every_command_leaves_it_alone(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    path = newer(tmp_path / "there" / "a.krug", clock)
    before = digest(path)
    assert run(["--store", str(path), *words, "--json"]) == 3
    assert "store_newer" in json.dumps(json.loads(capsys.readouterr().out))
    assert digest(path) == before
    assert names_in(path.parent) == ["a.krug"]
