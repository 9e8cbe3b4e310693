"""`krug demo`: what it prints, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crm import cli


def krug(store: Path, *words: str) -> int:
    return cli.run(["--store", str(store), "--lang", "ru", *words])


def test_demo_makes_a_missing_store_and_prints_its_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "new" / "demo.krug"
    assert krug(store, "demo", "--people", "60", "--json") == 0
    answer: Any = json.loads(capsys.readouterr().out)
    assert set(answer) == {"people", "events", "attendance", "feedback"}
    assert answer["people"] == 60
    assert krug(store, "history", "--json") == 0
    assert [row["label"] for row in json.loads(capsys.readouterr().out)] == ["Сообщество-пример"]


def test_demo_says_it_in_russian(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert krug(tmp_path / "demo.krug", "demo", "--people", "60") == 0
    assert re.fullmatch(r"Людей: 60, событий: 25, участий: \d+, отзывов: 30\n", capsys.readouterr().out)


def test_demo_refuses_a_store_that_holds_somebody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "demo.krug"
    assert krug(store, "demo", "--people", "60", "--json") == 0
    capsys.readouterr()
    assert krug(store, "demo", "--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] == "store_not_empty"
    assert "уже есть люди" in said.err


def test_a_refused_demo_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert krug(tmp_path / "demo.krug", "demo", "--people", "3") == 1
    assert "от 50 до" in capsys.readouterr().err
    assert list(tmp_path.glob("demo*")) == []
