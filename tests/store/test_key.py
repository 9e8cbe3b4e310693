"""The key: what a passphrase and a printed code are worth, and how a mistyped code is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import phrase
from crm.store.errors import PassphraseMissing, PassphraseWrong, RecoveryCodeWrong, StoreForeign, StoreHeld, StoreLocked
from crm.store.key import Key, Secret, from_passphrase, from_recovery_code, salt_of
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

SALT = bytes(range(16))


def quick(word: str) -> Secret:
    """A secret without the half second of Argon2id."""
    return lambda salt: Key(word.encode().ljust(32, b"."), salt)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_the_key(raw: bytes) -> None:
    assert from_recovery_code(Key(raw, SALT).recovery_code())(SALT) == Key(raw, SALT)


@given(st.binary(min_size=32, max_size=32), st.data())
def test_one_wrong_sign_is_told_by_its_group(raw: bytes, data: st.DataObject) -> None:
    code = list(Key(raw, SALT).recovery_code())
    place = data.draw(st.sampled_from([n for n, sign in enumerate(code) if sign != "-"]))
    code[place] = data.draw(st.sampled_from(sorted(set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") - {code[place]})))
    with pytest.raises(RecoveryCodeWrong) as refused:
        from_recovery_code("".join(code))
    assert refused.value.details["group"] == place // 6 + 1


@given(st.binary(min_size=32, max_size=32), st.integers(0, 11))
def test_exchanged_neighbours_are_noticed(raw: bytes, group: int) -> None:
    groups = Key(raw, SALT).recovery_code().split("-")
    groups[group], groups[group + 1] = groups[group + 1], groups[group]
    with pytest.raises(RecoveryCodeWrong):
        from_recovery_code("-".join(groups))


def test_a_code_may_be_typed_as_it_is_read() -> None:
    key = Key(bytes(range(100, 132)), SALT)
    code = key.recovery_code()
    as_read = code.lower().replace("-", " ").replace("0", "о").replace("1", "l").replace("a", "а").replace("c", "с")
    assert from_recovery_code(f"  {as_read}\n")(SALT) == key
    for wrong in ("", "ABCDE", code[:-1], code + "-0000"):
        with pytest.raises(RecoveryCodeWrong):
            from_recovery_code(wrong)


def test_t21_a_passphrase_never_reaches_a_pragma_and_any_text_is_one() -> None:
    for words in ("';ATTACH 'x' AS y;--", "a\0b", "🔑" * 50, "я" * 1000, '"'):
        assert set(from_passphrase(words)(SALT).pragma) <= set("x'0123456789abcdef")
    assert from_passphrase("Ёж й")(SALT) == from_passphrase("Е\u0308ж и\u0306")(SALT)
    with pytest.raises(PassphraseMissing):
        from_passphrase("")
    assert "раз" not in repr(from_passphrase("раз")(SALT))


def test_an_encrypted_store_is_a_store_like_any(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "secret.krug"
    with Workspace.create(path, clock, secret=quick("one")) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    assert not path.read_bytes().startswith(b"SQLite format 3\0")
    assert salt_of(path) == path.read_bytes()[:16]
    before = path.read_bytes()
    with pytest.raises(StoreLocked):
        Workspace.open(path, clock)
    with pytest.raises(PassphraseWrong):
        Workspace.open(path, clock, quick("two"))
    assert path.read_bytes() == before
    with Workspace.open(path, clock, quick("one")) as workspace:
        workspace.undo()


def test_a_locked_store_answers_nobody_and_goes_on_when_unlocked(tmp_path: Path, clock: Clock) -> None:
    with Workspace.create(tmp_path / "secret.krug", clock, secret=quick("one")) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        workspace.lock()
        assert workspace.locked
        with pytest.raises(StoreLocked):
            workspace.read(lambda s: s.connection())
        with pytest.raises(PassphraseWrong):
            workspace.unlock(quick("two"))
        with pytest.raises(StoreLocked):
            workspace.undo()
        workspace.unlock(quick("one"))
        workspace.undo()


def test_a_picture_of_whole_pages_is_foreign_not_locked(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "text.krug"
    path.write_bytes("не база ".encode() * 1024 * 4)
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(StoreForeign):
        Workspace.open(path, clock)


def test_p12_who_waited_for_a_turn_while_it_was_locked_is_told_and_leaves_nothing_behind(
    tmp_path: Path, clock: Clock
) -> None:
    with Workspace.create(tmp_path / "secret.krug", clock, secret=quick("one")) as workspace:
        workspace.read(lambda s: s.connection())
        started, told = threading.Event(), []

        def wait() -> None:
            started.set()
            try:
                workspace.read(lambda s: s.connection())
            except StoreLocked as error:
                told.append(error)

        waiting = threading.Thread(target=wait)
        with workspace._worker_reading:
            waiting.start()
            started.wait()
            workspace.lock()
        waiting.join()
        assert len(told) == 1
        workspace.unlock(quick("one"))
        seen = []
        after = threading.Thread(target=lambda: seen.append(workspace.read(lambda s: s.scalar(text("SELECT 1")))))
        after.start()
        after.join()
        assert seen == [1]


def test_a_name_too_long_for_the_disk_is_told_and_leaves_nothing_behind(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / ("я" * 122 + ".krug")
    with pytest.raises(CrmError):
        Workspace.create(path, clock)
    assert not path.exists()


def test_a_task_that_does_not_end_keeps_the_lock_beside_the_store(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.store.workspace.CLOSING_PATIENCE", 0.01)
    workspace = Workspace.create(tmp_path / "busy.krug", clock)
    writing, end = threading.Event(), threading.Event()

    def work(_: object) -> None:
        writing.set()
        end.wait()

    task = threading.Thread(target=lambda: workspace.maintain(work))
    task.start()
    writing.wait()
    workspace.close()
    with pytest.raises(StoreHeld):
        Workspace.open(workspace.path, clock)
    end.set()
    task.join()
    workspace.close()
    Workspace.open(workspace.path, clock).close()
