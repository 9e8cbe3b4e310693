"""`krug duplicates`: pairs with scores and reasons, and the store as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crm.cli import run
from crm.i18n import phrase
from crm.services import people_editing
from crm.services.people_editing import ContactDraft, named_draft
from crm.store.workspace import Workspace


@pytest.fixture
def krug(tmp_path, clock, capsys):
    """Run a command on a store where somebody is there twice, and a namesake of theirs of whom little is known."""
    path = tmp_path / "a.krug"
    with Workspace.create(path, clock) as workspace:
        for name, email in (("Ёлкина Анна", "a@x.example"), ("Yolkina Анна", "A@X.EXAMPLE"), ("Ёлкина Анна", "")):
            draft = named_draft(name)
            if email:
                draft = replace(draft, contacts=(ContactDraft("email", email),))
            workspace.write(phrase("Test"), lambda s, draft=draft: people_editing.add_person(s, draft, clock))

    def ask(*words):
        code = run(["--store", str(path), "--lang", "ru", *words])
        return code, capsys.readouterr().out

    return ask


def test_pairs_are_listed_the_surest_first_and_nothing_is_changed(krug) -> None:
    before = krug("history", "--json")
    code, said = krug("duplicates", "--json")
    first, *others = json.loads(said)
    assert code == 0
    assert ([one["id"] for one in first["people"]], first["sure"]) == ([1, 2], True)
    assert first["reasons"][0] == "same_email"
    assert others
    assert not any(one["sure"] for one in others)
    assert all(first["score"] > one["score"] for one in others)
    assert krug("history", "--json") == before


def test_only_the_sure_ones_are_listed_in_words(krug) -> None:
    code, said = krug("duplicates", "--sure")
    assert code == 0
    (line,) = said.strip().splitlines()
    assert "#1 " in line
    assert "#2 " in line
