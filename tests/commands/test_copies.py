"""`krug backup` and `krug restore`: what they print, and that a refusal changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm import cli
from crm.clock import Clock
from crm.store.copies import folder_of, list_copies
from crm.store.workspace import Workspace
from tests.support.aged import add, families


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Path:
    path = tmp_path / "s.krug"
    with Workspace.create(path, clock) as workspace:
        add(workspace, "Иванов")
    return path


def krug(store: Path, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    assert cli.run(["--store", str(store), "--lang", "ru", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_p05_backup_without_a_place_goes_beside_the_store(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = krug(store, capsys, "backup")
    (copy,) = list_copies(folder_of(store))
    assert answer == {"file": str(copy.path), "people": 1, "verified": True}
    assert copy.reason == "by_hand"


def test_p06_backup_and_restore_there_and_back(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.krug"
    assert krug(store, capsys, "backup", str(out)) == {"file": str(out), "people": 1, "verified": True}
    assert out.with_name("mine.krug.sha256").exists()
    with Workspace.open(store) as workspace:
        add(workspace, "Петров")
    answer = krug(store, capsys, "restore", str(out))
    assert set(answer) == {"file", "kept", "people"}
    assert (answer["file"], answer["people"]) == (str(store), 1)
    assert krug(store, capsys, "restore", answer["kept"])["people"] == 2
    missing = tmp_path / "new.krug"
    assert krug(missing, capsys, "restore", str(out)) == {"file": str(missing), "kept": None, "people": 1}
    with Workspace.open(missing) as workspace:
        assert families(workspace) == ["Иванов"]


def test_p10_backup_refuses_a_place_that_is_none(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert krug(store, capsys, "backup", str(store), code=1)["error"] == "copy_is_store"
    assert krug(store, capsys, "backup", str(tmp_path / "no" / "a.krug"), code=1)["error"] == "copy_folder_missing"
    assert krug(tmp_path / "none.krug", capsys, "backup", code=3)["error"] == "store_missing"
    assert not (tmp_path / "none.krug").exists()


def test_p06_restore_refuses_what_is_no_store(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    was = store.read_bytes()
    strange = tmp_path / "list.krug"
    strange.write_bytes(b"not a store" * 1000)
    assert krug(store, capsys, "restore", str(strange), code=3)["error"] == "store_foreign"
    assert krug(store, capsys, "restore", str(tmp_path / "no.krug"), code=3)["error"] == "store_missing"
    assert store.read_bytes() == was
    assert not folder_of(store).exists()


def test_p06_both_say_it_in_russian(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.krug"
    assert cli.run(["--store", str(store), "--lang", "ru", "backup", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: проверена, 1 человек\n"
    assert cli.run(["--store", str(store), "--lang", "ru", "restore", str(out)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{store}: вернули 1 человека"
    assert said[1].startswith("Сегодняшний файл сохранён как ")


def test_p05_an_import_is_preceded_by_a_copy_a_dry_run_is_not(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Фамилия,Имя,E-mail\nПетров,Пётр,p@example.org\n", "utf-8")
    krug(store, capsys, "import", str(people), "--dry-run")
    assert list_copies(folder_of(store)) == ()
    krug(store, capsys, "import", str(people))
    (copy,) = list_copies(folder_of(store))
    assert (copy.reason, copy.people) == ("before_import", 1)
