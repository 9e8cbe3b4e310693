"""T17: a mistake of ours on the command line tells its sort and its place, and nobody's data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm.cli import MISTAKE, run
from crm.clock import Clock
from crm.commands.front import Front
from crm.store.workspace import Workspace

CANARY = "Канарейкина"


@pytest.fixture
def words(tmp_path: Path, clock: Clock) -> list[str]:
    store = tmp_path / "a.krug"
    Workspace.create(store, clock).close()
    return ["--store", str(store)]


def test_t17_a_mistake_tells_its_place_not_its_message(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mistake(front: Front) -> object:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(Front, "workspace", mistake)
    assert run([*words, "people"]) == MISTAKE
    plain = capsys.readouterr()
    assert plain.out == ""
    assert "builtins.ValueError" in plain.err
    assert "test_t17_mistakes.py" in plain.err
    assert run(["--json", *words, "people", CANARY]) == MISTAKE
    as_json = capsys.readouterr()
    assert json.loads(as_json.out)["error"] == "mistake"
    assert CANARY not in plain.err + as_json.out + as_json.err


def test_t17_a_mistake_after_the_answer_adds_no_second_document(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emit = Front.emit

    def mistaken(front: Front, answer: object, human: str = "") -> None:
        emit(front, answer, human)
        raise ValueError(CANARY)

    monkeypatch.setattr(Front, "emit", mistaken)
    assert run(["--json", *words, "events"]) == MISTAKE
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert CANARY not in told.out + told.err
