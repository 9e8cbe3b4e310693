"""`krug people`, `history`, `undo`, `redo`: the JSON of the contract and the exit codes."""

from __future__ import annotations

import json

import pytest

from crm.cli import run
from crm.i18n import phrase
from crm.partial_date import PartialDate
from crm.services import people_editing, segment_editing
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.store.workspace import Workspace


@pytest.fixture
def krug(tmp_path, clock, capsys):
    """Run a command on a store with one person, give exit code, JSON and messages."""
    path = tmp_path / "a.krug"
    draft = PersonDraft(
        organisation="Ладога Банк",
        birthday=PartialDate(3, 8),
        tags=("BI",),
        contacts=(
            ContactDraft("phone", "8 900 000-41-17"),
            ContactDraft("email", "i@x.example"),
            ContactDraft("vk", "id7"),
        ),
    )
    with Workspace.create(path, clock) as workspace:
        workspace.write(
            phrase("Added {name}", name="Иван"),
            lambda s: people_editing.add_person(s, named_draft("Иванов Иван Петрович", draft), clock),
        )

    def ask(*words):
        code = run(["--store", str(path), "--lang", "ru", *words])
        out, err = capsys.readouterr()
        return code, json.loads(out) if "--json" in words else out, err

    return ask


@pytest.mark.parametrize("query", ["bdfyjd", "ivanov", "ИВАНОВ", "иваноы", "4117", ""])
def test_people_are_found_as_json(krug, query) -> None:
    code, people, _ = krug("people", query, "--json")
    assert code == 0
    assert len(people) == 1
    person = people[0]
    uid = person.pop("uid")
    assert len(uid) == 36
    assert person == {
        "id": 1, "name": "Иван Иванов", "family_name": "Иванов", "given_name": "Иван", "additional_name": "Петрович",
        "nickname": "", "kind": "member", "organisation": "Ладога Банк", "job_title": "", "city": "",
        "birthday": "--03-08", "emails": ["i@x.example"], "phones": ["+79000004117"], "handles": ["id7"],
        "tags": ["BI"], "level": "none",
    }  # fmt: skip


def test_people_are_narrowed_to_a_segment(krug, tmp_path, clock) -> None:
    rule = {"version": 1, "match": "all", "rules": [{"field": "city", "operator": "is", "value": "Томск"}]}
    with Workspace.open(tmp_path / "a.krug", clock) as workspace:
        workspace.write(phrase("Test"), lambda s: segment_editing.add_segment(s, "Томичи", rule, clock))
    assert krug("people", "--segment", "томичи", "--json")[:2] == (0, [])
    with Workspace.open(tmp_path / "a.krug", clock) as workspace:
        workspace.write(phrase("Test"), lambda s: people_editing.change_field(s, 1, "city", "Томск", clock))
    assert [row["id"] for row in krug("people", "иван", "--segment", "томичи", "--json")[1]] == [1]
    assert krug("people", "--segment", "нет такого")[0] == 1


def test_nobody_found_is_an_empty_list_and_a_sentence(krug) -> None:
    assert krug("people", "щщщщ", "--json")[:2] == (0, [])
    assert krug("people", "щщщщ")[1].strip() == "Никого не нашлось."
    assert "Иван Иванов" in krug("people")[1]


def test_history_undo_and_redo_answer_in_json(krug) -> None:
    code, deeds, _ = krug("history", "--json")
    assert (code, [(row["deed"], row["label"], row["undoable"]) for row in deeds]) == (
        0,
        [(1, "Новый человек: Иван", True)],
    )
    assert krug("history", "--person", "Иванов", "--json")[1] == deeds
    code, undone, _ = krug("undo", "--json")
    assert (code, undone["label"], undone["refused"]) == (0, "Новый человек: Иван", None)
    assert krug("people", "--json")[1] == []
    code, refused, message = krug("undo", "--json")
    assert (code, refused) == (1, {"deed": None, "label": None, "refused": "nothing_to_undo"})
    assert message.strip()
    assert krug("redo", "--json")[0] == 0
    assert len(krug("people", "--json")[1]) == 1


def test_an_unknown_person_is_named_and_ends_with_1(krug) -> None:
    code, _, message = krug("history", "--person", "Петров")
    assert code == 1
    assert "Петров" in message
