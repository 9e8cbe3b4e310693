"""`krug rekey` and passphrases of commands: from a file or a prompt, never an argument; a wrong one ends with 3."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf
import pytest

from crm.cli import run
from crm.commands import passphrases
from crm.store import copies, key
from crm.store.key import Key, Secret
from crm.store.workspace import Workspace


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half second of Argon2id is proved elsewhere."""

    def quick(words: str) -> Secret:
        if not words:
            raise key.PassphraseMissing
        return lambda salt: Key(words.encode()[:32].ljust(32, b"."), salt)

    monkeypatch.setattr(key, "from_passphrase", quick)
    for variable in (passphrases.OLD, passphrases.NEW):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def krug(tmp_path, clock, capsys, monkeypatch):
    path = tmp_path / "a.krug"
    with Workspace.create(path, clock) as workspace:
        copies.make_copy(workspace, "by_hand")

    def ask(*words, old=None, new=None):
        for variable, text in ((passphrases.OLD, old), (passphrases.NEW, new)):
            if text is None:
                monkeypatch.delenv(variable, raising=False)
            else:
                file = tmp_path / variable
                file.write_bytes(text.encode())
                monkeypatch.setenv(variable, str(file))
        code = run(["--store", str(path), "--lang", "ru", *words])
        out, err = capsys.readouterr()
        return code, json.loads(out) if "--json" in words else out, err

    ask.store = path
    return ask


def test_t20_a_passphrase_is_set_changed_and_removed_with_its_copies(krug) -> None:
    assert krug("rekey", "--json", new="раз\r\nвторая строка")[:2] == (0, {"encrypted": True, "backups_rewritten": 1})
    assert krug("people", "--json")[:2][0] == 3
    code, answer, err = krug("people", "--json", old="два")
    assert (code, answer["error"]) == (3, "passphrase_wrong")
    assert "не подош" in err
    assert krug("people", "--json", old="раз")[:2] == (0, [])
    assert krug("rekey", "--json", old="раз", new="два\n")[:2] == (0, {"encrypted": True, "backups_rewritten": 1})
    assert krug("people", "--json", old="раз")[0] == 3
    code, answer, err = krug("rekey", "--json", old="два")
    assert (code, answer["error"]) == (1, "new_passphrase_missing")
    assert krug("rekey", "--json", old="два", new="")[1]["error"] == "passphrase_missing"
    assert krug("rekey", "--remove", "--json", old="два")[:2] == (0, {"encrypted": False, "backups_rewritten": 1})
    code, people, err = krug("people", "--json", old="два")
    assert (code, people) == (0, [])
    assert "не зашифр" in err


def test_p14_the_sheet_of_a_command_opens_the_store(krug, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    code, _, err = krug("rekey", "--recovery-sheet", str(sheet), new="раз")
    assert code == 0
    assert str(sheet) in err
    text = pypdf.PdfReader(sheet).pages[0].extract_text()
    groups = [word for word in text.split() if len(word) == 5 and word.isalnum() and word.isascii() and word.isupper()]
    assert len(groups) == 13
    assert krug("people", "--json", old=" ".join(groups))[0] == 0
    wrong = "-".join(["00000", *groups[1:]])
    code, answer, _ = krug("people", "--json", old=wrong)
    assert answer["error"] == "recovery_code_wrong"
    assert code == 1
    assert krug("rekey", "--remove", "--recovery-sheet", str(sheet), old="раз")[0] == 2


def test_p14_a_sheet_that_cannot_be_written_leaves_the_old_passphrase_in_force(krug, tmp_path: Path) -> None:
    code, answer, _ = krug("rekey", "--recovery-sheet", str(tmp_path / "no" / "sheet.pdf"), "--json", new="раз")
    assert (code, answer["error"]) == (1, "folder_missing")
    assert krug("people", "--json")[0] == 0


def test_a_command_asks_on_a_terminal_only_and_twice_for_a_new_one(krug, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["раз", "раз"]
    monkeypatch.setattr(passphrases.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(passphrases.click, "prompt", lambda *_, **how: answers.pop(0) if how["hide_input"] else None)
    assert krug("rekey", "--json")[0] == 0
    answers[:] = ["раз"]
    assert krug("people", "--json")[0] == 0
    answers[:] = ["раз", "два", "три"]
    code, answer, _ = krug("rekey", "--json")
    assert (code, answer["error"]) == (1, "passphrases_differ")


def test_p13_a_store_is_made_encrypted_where_a_new_passphrase_is_named(krug, tmp_path: Path) -> None:
    krug.store.unlink()
    assert krug("demo", "--people", "50", new="раз")[0] == 0
    assert not krug.store.read_bytes().startswith(key.PLAIN)
    assert len(krug("people", "--json", old="раз")[1]) == 50


def test_a_file_that_is_not_there_is_named(krug, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(passphrases.NEW, "/nowhere/at/all")
    code = run(["--store", str(krug.store), "rekey"])
    assert code == 1


def test_t20_a_copy_comes_back_by_the_passphrase_it_was_rewritten_under(krug) -> None:
    (copy,) = copies.list_copies(copies.folder_of(krug.store))
    krug("rekey", "--json", new="раз")
    assert krug("restore", str(copy.path), "--json")[1]["error"] == "store_locked"
    assert krug("restore", str(copy.path), "--json", old="раз")[0] == 0
    assert krug("people", "--json")[0] == 3
    assert krug("people", "--json", old="раз")[:2] == (0, [])
