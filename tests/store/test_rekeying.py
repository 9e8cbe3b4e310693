"""Another key: the store and its copies change together or not at all, and nothing readable stays behind."""

from __future__ import annotations

import random
import sqlite3
import threading
import unicodedata
from pathlib import Path

import pytest

from crm.clock import Clock
from crm.errors import Cancelled
from crm.i18n import phrase
from crm.store import copies, driver, rekeying
from crm.store.driver import connect
from crm.store.errors import (
    EncryptionMissing,
    PassphraseLikeCode,
    PassphraseWrong,
    RecoveryCodeWrong,
    RoomMissing,
    StoreBusy,
    StoreLocked,
)
from crm.store.key import PLAIN, Key, Secret, from_passphrase, new_secret_of, secret_of
from crm.store.proof import prove_encryption
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.store.test_key import SALT, quick
from tests.support import makers
from tests.support.rekey_kill import canaries, files_of, fill, kill_once, people_of

ONE, TWO = quick("one"), quick("two")


def silent(step: int, of: int) -> None:
    """Nobody watches."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "community.krug"


def change(workspace: Workspace, new: Secret | None, **how: bool) -> rekeying.Rekeyed:
    return workspace.change_key(None if new is None else workspace.fresh_key(new), silent, **how)


@pytest.mark.parametrize(("old", "new"), [(None, TWO), (ONE, TWO), (ONE, None), (ONE, ONE)])
def test_t20_only_the_new_passphrase_opens_store_and_copies(
    path: Path, clock: Clock, old: Secret | None, new: Secret | None
) -> None:
    with Workspace.create(path, clock, secret=old) as workspace:
        names = fill(workspace, clock)
        copies.make_copy(workspace, "by_hand")
        done = change(workspace, new)
        assert (done.copies, done.left) == (1, ())
        assert workspace.encrypted == (new is not None)
        assert people_of(workspace) == names
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        workspace.undo()
        workspace.undo()
        workspace.redo()
        (copy,) = copies.list_copies(copies.folder_of(path))
        assert (copy.verdict, copy.encrypted, copy.reason) == ("sound", new is not None, "by_hand")
        assert copies.check_copy(copy, new, clock).verdict == "sound"
    for file in (path, copy.path):
        with Workspace.open(file, clock, new) as workspace:
            assert people_of(workspace) == names
        if new is not old and old is not None and new is not None:
            with pytest.raises(PassphraseWrong):
                Workspace.open(file, clock, old)
        if new is not None:
            with pytest.raises(StoreLocked):
                Workspace.open(file, clock)
        assert file.stat().st_mode & 0o777 == 0o600
    assert not [name for name in files_of(path) if "-key" in name]


def test_t20_old_copies_are_deleted_where_the_person_chose_so(path: Path, clock: Clock) -> None:
    with Workspace.create(path, clock) as workspace:
        fill(workspace, clock)
        copies.make_copy(workspace, "by_hand")
        change(workspace, TWO, delete_copies=True)
        assert list(copies.folder_of(path).iterdir()) == []


def test_t20_a_copy_that_no_key_opens_is_named_and_left_alone(path: Path, clock: Clock) -> None:
    with Workspace.create(path, clock, secret=ONE) as workspace:
        made = copies.make_copy(workspace, "by_hand")
        assert made is not None
        workspace.change_key(None, silent, delete_copies=False)
    stranger = made.path.with_name("2026-01-01T00-00-00Z.krug")
    with Workspace.create(stranger, clock, secret=quick("three")):
        pass
    before = stranger.read_bytes()
    with Workspace.open(path, clock) as workspace:
        done = change(workspace, TWO)
    assert (done.copies, done.left) == (1, (stranger,))
    assert stranger.read_bytes() == before


def test_t19_no_byte_of_a_person_is_readable_in_store_log_copies_and_files_on_the_way(path: Path, clock: Clock) -> None:
    seen: set[str] = set()

    def scan(*_: int) -> None:
        for name, content in files_of(path).items():
            if path.name in name and not content.startswith(PLAIN):
                seen.add(name)
                assert not [canary for canary in canaries() if canary in content], name

    with Workspace.create(path, clock, secret=ONE) as workspace:
        fill(workspace, clock)
        scan()
        copies.make_copy(workspace, "by_hand")
        workspace.change_key(workspace.fresh_key(TWO), scan)
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        scan()
    scan()
    assert len([content for content in files_of(path).values() if content.startswith(PLAIN)]) == 0
    assert any(name.endswith("-wal") for name in seen)
    assert any(name.endswith(rekeying.PART) for name in seen)
    assert any(".copies" in name for name in seen)


def test_t19_bytes_that_could_be_read_are_overwritten_before_their_name_goes(path: Path, clock: Clock) -> None:
    with Workspace.create(path, clock) as workspace:
        fill(workspace, clock)
        copies.make_copy(workspace, "by_hand")
        (copy,) = copies.list_copies(copies.folder_of(path))
        workspace._checkpoint()
        # What holds the old bytes is kept open, and read once more when their names are gone.
        held = [path.open("rb"), copy.path.open("rb")]
        assert all(any(canary in file.read() for canary in canaries()) for file in held)
        change(workspace, TWO)
    for file in held:
        file.seek(0)
        content = file.read()
        file.close()
        assert content
        assert not content.strip(b"\0")


def test_a_file_with_another_name_is_never_overwritten(tmp_path: Path) -> None:
    kept, second = tmp_path / "kept", tmp_path / "second"
    kept.write_bytes(PLAIN + b"x" * 100)
    second.hardlink_to(kept)
    rekeying.drop(second)
    assert kept.read_bytes() == PLAIN + b"x" * 100


@pytest.mark.parametrize(("old", "new"), [(None, TWO), (ONE, TWO), (ONE, None)])
def test_t20_stopped_or_refused_everything_is_as_it_was(
    path: Path, clock: Clock, old: Secret | None, new: Secret | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(step: int, of: int) -> None:
        assert step <= of
        if step > of // 2:
            raise Cancelled

    monkeypatch.setattr(driver, "BUSY_MILLISECONDS", 20)
    with Workspace.create(path, clock, secret=old) as workspace:
        names = fill(workspace, clock)
        copies.make_copy(workspace, "by_hand")
        before = sorted(files_of(path))
        key = None if new is None else workspace.fresh_key(new)
        with pytest.raises(Cancelled):
            workspace.change_key(key, stop)
        with monkeypatch.context() as patch:
            patch.setattr(rekeying.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
            with pytest.raises(RoomMissing):
                workspace.change_key(key, silent)
        assert sorted(files_of(path)) == before
        assert people_of(workspace) == names
        with workspace.snapshot(), pytest.raises(StoreBusy):
            workspace.change_key(key, silent)
        assert [name for name in files_of(path) if "-key" in name] == []
        assert people_of(workspace) == names
    with Workspace.open(path, clock, old):
        pass


def test_reading_goes_on_while_another_thread_changes_the_key(path: Path, clock: Clock) -> None:
    with Workspace.create(path, clock, secret=ONE) as workspace:
        names = fill(workspace, clock)
        asked = []

        def ask(*_: int) -> None:
            asked.append(1)
            read.wait(5)

        read = threading.Event()
        key = workspace.fresh_key(TWO)
        worker = threading.Thread(target=lambda: workspace.change_key(key, ask))
        worker.start()
        assert people_of(workspace) == names
        with pytest.raises(StoreBusy):
            workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        read.set()
        worker.join(20)
        assert people_of(workspace) == names
        assert asked
        assert workspace.fits(TWO)
        assert not workspace.fits(ONE)


@pytest.mark.parametrize("way", ["plain to two", "one to two", "one to plain"])
def test_t20_killed_while_the_key_changes_the_store_opens_with_the_old_or_the_new(tmp_path: Path, way: str) -> None:
    assert kill_once(tmp_path / "killed", way, random.Random(way).random()) == []


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_t20_killed_around_the_rename_nothing_is_half_done(
    path: Path, clock: Clock, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with Workspace.create(path, clock) as workspace:
        names = fill(workspace, clock)
        copies.make_copy(workspace, "by_hand")
        key = workspace.fresh_key(TWO)
        with monkeypatch.context() as patch:
            if place == "before":
                patch.setattr(rekeying, "commit", kill)
                patch.setattr(rekeying, "give_up", kill)
            elif place == "between":
                patch.setattr(rekeying, "finish", kill)
            else:
                patch.setattr(copies, "reseal", kill)
            with pytest.raises(Killed):
                workspace.change_key(key, silent)
    secret = None if place == "before" else TWO
    with Workspace.open(path, clock, secret) as workspace:
        assert people_of(workspace) == names
        (copy,) = copies.list_copies(copies.folder_of(path))
    with Workspace.open(copy.path, clock, secret) as workspace:
        assert people_of(workspace) == names
    assert not [name for name in files_of(path) if "-key" in name]


@pytest.mark.parametrize("ending", [rekeying.READY, rekeying.PART, rekeying.OLD])
def test_t20_what_cannot_be_put_in_order_keeps_no_store_from_opening(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    with Workspace.create(path, clock) as workspace:
        names = fill(workspace, clock)
        copy = copies.make_copy(workspace, "by_hand")
    assert copy is not None
    left = copy.path.with_name(copy.path.name + ending)
    left.write_bytes(copy.path.read_bytes())

    def held(*_: object, **__: object) -> None:
        raise PermissionError(13, "another program has it")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        patch.setattr(Path, "unlink", held)
        rekeying.finish(path, None, copy.path.parent)
    assert left.exists()
    with Workspace.open(path, clock) as workspace:
        assert people_of(workspace) == names
    assert not left.exists()
    assert copies.check_copy(copy, None, clock).verdict == "sound"


def test_t20_after_the_rename_the_new_key_is_in_force_whatever_follows(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rekeying.drop

    def held(file: Path) -> None:
        if file.name.endswith(rekeying.OLD) and file.exists():
            raise PermissionError(13, "another program has it")
        real(file)

    with Workspace.create(path, clock) as workspace:
        names = fill(workspace, clock)
        with monkeypatch.context() as patch:
            patch.setattr(rekeying, "drop", held)
            change(workspace, TWO)
        assert workspace.encrypted
        assert people_of(workspace) == names
    with Workspace.open(path, clock, TWO) as workspace:
        assert people_of(workspace) == names
    assert not path.with_name(path.name + rekeying.OLD).exists()


def test_t20_copies_made_through_a_link_change_their_key_too(path: Path, tmp_path: Path, clock: Clock) -> None:
    Workspace.create(path, clock).close()
    link = tmp_path / "elsewhere" / "link.krug"
    link.parent.mkdir()
    link.symlink_to(path)
    with Workspace.open(link, clock) as workspace:
        copy = copies.make_copy(workspace, "by_hand")
    assert copy is not None
    assert list(link.parent.iterdir()) == [link]
    with Workspace.open(path, clock) as workspace:
        assert change(workspace, TWO).copies == 1
    assert not copy.path.read_bytes().startswith(PLAIN)


def test_p13_a_driver_that_cannot_encrypt_opens_and_makes_nothing(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlcipher3.dbapi2

    with Workspace.create(path, clock, secret=ONE):
        pass
    before = path.read_bytes()
    plain = path.with_name("plain.krug")
    monkeypatch.setattr(sqlcipher3.dbapi2, "connect", sqlite3.connect)
    with pytest.raises(EncryptionMissing):
        Workspace.open(path, clock, ONE)
    with pytest.raises(EncryptionMissing):
        Workspace.create(plain, clock, secret=ONE)
    with pytest.raises(EncryptionMissing):
        prove_encryption(path.parent)
    assert path.read_bytes() == before
    assert not plain.exists() or plain.stat().st_size == 0


def test_p13_a_driver_that_only_says_it_encrypts_is_found_out(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlcipher3.dbapi2

    monkeypatch.setattr(sqlcipher3.dbapi2, "connect", lambda *args, **how: sqlite3.connect(*args, factory=Liar, **how))
    with pytest.raises(EncryptionMissing):
        Workspace.create(path, clock, secret=ONE)
    with pytest.raises(EncryptionMissing):
        prove_encryption(path.parent)
    monkeypatch.undo()
    path.unlink(missing_ok=True)
    with Workspace.create(path, clock) as workspace:
        monkeypatch.setattr(rekeying, "connect", lambda path, _, **how: connect(path, None, **how))
        with pytest.raises(EncryptionMissing):
            change(workspace, TWO)
        assert not workspace.encrypted
        assert [name for name in files_of(path) if "-key" in name] == []


class Liar(sqlite3.Connection):
    """A driver that claims a cipher and has none."""

    def cursor(self, *_: object) -> sqlite3.Cursor:
        return super().cursor(LiarCursor)


class LiarCursor(sqlite3.Cursor):
    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        return super().execute("SELECT '4.19.0'" if "cipher_version" in sql else sql, *values)


def test_p13_the_proof_of_the_bundle_leaves_nothing_behind(tmp_path: Path) -> None:
    prove_encryption(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_p14_paper_and_file_open_without_the_passphrase(path: Path, clock: Clock) -> None:
    with Workspace.create(path, clock) as workspace:
        names = fill(workspace, clock)
        key = workspace.fresh_key(TWO)
        workspace.change_key(key, silent)
    code = key.recovery_code()
    with Workspace.open(path, clock, secret_of(f" {code.lower().replace('-', ' ')} ")) as workspace:
        assert people_of(workspace) == names
        workspace.change_key(workspace.fresh_key(ONE), silent)
    with pytest.raises(PassphraseWrong):
        Workspace.open(path, clock, secret_of(code))


def test_p14_a_code_is_known_by_its_shape_also_with_a_mistake() -> None:
    code = Key(bytes(range(32)), SALT).recovery_code()
    for wrong in (code[:-1], code.replace(code[7], "Z" if code[7] != "Z" else "Y", 1), code.replace("-", "")[:-2]):
        with pytest.raises(RecoveryCodeWrong):
            secret_of(wrong)
    with pytest.raises(PassphraseLikeCode):
        new_secret_of(code)
    sentence = "three blind mice went over seven hills where cows moo now and then ok"
    for ask in (secret_of, new_secret_of):
        assert ask(sentence).__qualname__ == from_passphrase(sentence).__qualname__


def test_t21_a_passphrase_of_any_signs_is_only_ever_a_passphrase(path: Path, clock: Clock) -> None:
    words = "';ATTACH DATABASE 'x' AS y;--\"\0 🔑 Ёжик " + "я" * 1000
    with Workspace.create(path, clock) as workspace:
        names = fill(workspace, clock)
        workspace.change_key(workspace.fresh_key(new_secret_of(words)), silent)
    decomposed = unicodedata.normalize("NFD", words)
    assert decomposed != words
    with Workspace.open(path, clock, secret_of(decomposed)) as workspace:
        assert people_of(workspace) == names
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, path.name + ".lock"]
