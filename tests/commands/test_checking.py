"""`krug check`: the JSON of the contract, the exit codes, and not one byte of a damaged file changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm.cli import run
from crm.clock import Clock
from crm.i18n import phrase
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers
from tests.support.vandal import digest, names_in, tamper, vandalise

Ask = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    target = tmp_path / "there" / "damaged.krug"
    with Workspace.create(target, clock) as workspace:
        workspace.write(phrase("Add"), lambda s: [makers.person(s, NOON, f"Ф{n}").id for n in range(200)])
    target.with_name(target.name + ".lock").unlink()
    return target


@pytest.fixture
def check(path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def ask(*words: str) -> tuple[int, Any, str]:
        code = run(["--store", str(path), "--lang", "ru", "check", *words])
        out, err = capsys.readouterr()
        return code, json.loads(out) if "--json" in words else out, err

    return ask


def test_a_sound_store_is_in_order_and_is_not_changed(check: Ask, path: Path) -> None:
    before = digest(path)
    assert check("--json")[:2] == (0, {"ok": True, "schema": SCHEMA_VERSION, "people": 200, "problems": []})
    assert check()[:2] == (0, "База в порядке: 200 человек.\n")
    assert digest(path) == before


def test_what_follows_from_the_facts_is_mended(check: Ask, path: Path) -> None:
    vandalise(path, "DELETE FROM name_word", "DELETE FROM person_search WHERE rowid < 4")
    code, said, _ = check("--json")
    assert (code, said["ok"]) == (0, True)
    assert [(one["code"], one["count"], one["mended"]) for one in said["problems"]] == [
        ("search_out_of_step", 3, True),
        ("names_out_of_step", 201, True),
    ]
    assert check("--json")[1]["problems"] == []


def test_a_broken_fact_is_told_and_left(check: Ask, path: Path) -> None:
    vandalise(path, "DELETE FROM change WHERE id = 5", "DELETE FROM name_word")
    code, said, _ = check("--json")
    assert (code, said["ok"]) == (1, False)
    assert [(one["code"], one["mended"]) for one in said["problems"]] == [
        ("names_out_of_step", True),
        ("journal_gap", False),
    ]
    assert check("--json")[:1] == (1,)


def test_p04_a_damaged_store_is_told_and_not_one_byte_of_it_changes(check: Ask, path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-40 * 4096 : -20 * 4096] = bytes(20 * 4096)
    path.write_bytes(content)
    before = digest(path)
    code, said, _ = check("--json")
    assert code == 3
    assert said["ok"] is False
    assert said["schema"] == SCHEMA_VERSION
    assert [one["code"] for one in said["problems"]] == ["page_damage"]
    assert said["problems"][0]["count"] > 0
    assert digest(path) == before
    assert names_in(path.parent) == ["damaged.krug"]


def test_t22_a_strange_program_is_named_and_the_file_not_changed(check: Ask, path: Path) -> None:
    tamper(path, "CREATE TRIGGER gift AFTER INSERT ON person BEGIN DELETE FROM contact_point; END")
    before = digest(path)
    code, said, _ = check("--json")
    assert (code, said["ok"], said["people"]) == (3, False, None)
    assert "чужой триггер «gift»" in said["problems"][0]["message"]
    assert digest(path) == before
    assert names_in(path.parent) == ["damaged.krug"]


def test_an_absent_store_is_not_made(check: Ask, path: Path) -> None:
    path.unlink()
    code, said, err = check("--json")
    assert (code, said["problems"][0]["code"]) == (3, "store_missing")
    assert err
    assert names_in(path.parent) == []
