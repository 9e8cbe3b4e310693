"""The command line says of segments what the window says: one JSON document, exit 1 where a person can mend it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm import cli
from crm import clock as clocks
from crm.i18n import phrase
from crm.services import segment_editing
from crm.store.workspace import Workspace
from tests.support import makers

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "a.krug"
    with Workspace.create(path) as workspace:
        clock = clocks.now

        def fill(session: Session) -> None:
            makers.person(session, clock(), "Королёв", "Максим", city="Орёл", search_city="орел")
            makers.person(session, clock(), "Огнёв", "Степан")
            rule = {
                "version": 1,
                "match": "all",
                "rules": [{"field": "city", "operator": "is", "value": "орел"}],
            }
            segment_editing.add_segment(session, "Из Орла", rule, clock)
            broken = {"version": 1, "match": "all", "rules": [{"field": "tag", "operator": "is", "value": 77}]}
            segment_editing.add_segment(session, "Сломан", {}, clock)
            session.connection().exec_driver_sql("UPDATE segment SET rule = ? WHERE id = 2", (json.dumps(broken),))

        workspace.write(phrase("Fill"), fill)
    return path


@pytest.fixture
def krug(store: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, Any]:
        code = cli.run(["--store", str(store), "--lang", "ru", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_the_list_counts_and_says_what_is_broken(krug: Run) -> None:
    code, answer = krug("segments")
    assert code == 0
    assert answer[0] == {
        "id": 1,
        "name": "Из Орла",
        "sentence": "Люди, которые живут в городе «орел».",
        "count": 1,
        "entered": None,
        "left": None,
    }
    assert answer[1]["count"] is None
    assert "Метку" in answer[1]["sentence"]


def test_why_names_the_rows(krug: Run) -> None:
    code, answer = krug("segment", "из орла", "--why", "Королев")
    assert code == 0
    assert answer["inside"] is True
    assert answer["why"] == [
        {
            "rule": "живут в городе «орел»",
            "holds": True,
            "rows": [{"table": "person", "id": 1, "text": "Орёл", "on": None}],
        }
    ]


@pytest.mark.parametrize(
    ("words", "error"),
    [(("segment", "нет такого"), "segment_unknown"), (("segment", "#2"), "rule_tag_gone")],
)
def test_what_a_person_can_mend_ends_with_one(krug: Run, words: tuple[str, ...], error: str) -> None:
    code, answer = krug(*words)
    assert (code, answer["error"]) == (1, error)


def test_a_person_reads_sentences(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--store", str(store), "--lang", "ru", "segment", "Из Орла", "--why", "#2"]) == 0
    told = capsys.readouterr().out
    assert "1 человек" in told
    assert "Степан Огнёв не входит" in told
    assert "\N{MINUS SIGN} живут в городе «орел»" in told
