"""P6: a copy comes back whole, today's file is kept first, and whoever was erased since stays erased."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.i18n import phrase
from crm.models import ErasureLedger, Person, Suppression
from crm.store import erasures, restoring
from crm.store.copies import Copy, check_copy, folder_of, list_copies, make_copy
from crm.store.copy_errors import CopyDiskFull, CopyStale
from crm.store.driver import connect
from crm.store.errors import (
    PassphraseWrong,
    StoreDamaged,
    StoreForeign,
    StoreHeld,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreTampered,
)
from crm.store.key import Secret
from crm.store.restoring import make_ready, restore, swap
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers
from tests.support.aged import add, families, flip, in_child, other, quick

NOTE = "SELECT value FROM store_note WHERE key = 'made_at'"


def aged(path: Path, clock: Clock, secret: Secret | None = None) -> Copy:
    """A store of Иванов and Петров with a copy of the time when there was only Иванов."""
    with Workspace.create(path, clock, secret=secret) as workspace:
        add(workspace, "Иванов")
        copy = make_copy(workspace, "by_hand")
        assert copy is not None
        add(workspace, "Петров")
    return copy


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


@pytest.mark.parametrize("secret", [None, quick])
def test_p06_a_copy_comes_back_and_todays_file_is_kept_first(
    tmp_path: Path, clock: Clock, secret: Secret | None
) -> None:
    path = tmp_path / "s.krug"
    copy = aged(path, clock, secret)
    done = restore(path, copy.path, clock, secret)
    assert done.people == 1
    with Workspace.open(path, clock, secret) as opened:
        assert families(opened) == ["Иванов"]
        add(opened, "Сидоров")
        opened.undo()
    assert done.kept is not None
    kept = next(one for one in list_copies(folder_of(path)) if one.path == done.kept)
    assert (kept.reason, kept.people, kept.verdict) == ("before_restore", 2, "sound")
    # And back again.
    assert restore(path, done.kept, clock, secret).people == 2
    with Workspace.open(path, clock, secret) as opened:
        assert families(opened) == ["Иванов", "Петров"]
    assert not list(tmp_path.glob("*.restoring*"))


def test_p06_a_store_that_is_missing_is_made(tmp_path: Path, clock: Clock) -> None:
    copy = aged(tmp_path / "s.krug", clock)
    done = restore(tmp_path / "new" / "n.krug", copy.path, clock)
    assert (done.kept, done.people) == (None, 1)


def test_p06_what_is_no_sound_copy_changes_nothing(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.krug"
    copy = aged(path, clock)
    sources = tmp_path / "sources"
    sources.mkdir()

    def source(name: str, content: bytes) -> Path:
        (sources / name).write_bytes(content)
        return sources / name

    content = copy.path.read_bytes()
    newer = bytearray(content)
    newer[60:64] = (99).to_bytes(4, "big")
    tampered = source("tampered.krug", content)
    connection = connect(tampered)
    connection.execute("CREATE TRIGGER evil AFTER INSERT ON tag BEGIN DELETE FROM person; END")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    aged(sources / "locked.krug", clock, quick)
    page = int.from_bytes(content[28:32], "big") // 2 * 4096
    cases: list[tuple[Path, Secret | None, type[Exception]]] = [
        (sources / "nowhere.krug", None, StoreMissing),
        (source("empty.krug", b""), None, StoreDamaged),
        (source("foreign.krug", b"x" * 9000), None, StoreForeign),
        (source("short.krug", content[: len(content) // 2]), None, StoreDamaged),
        (source("damaged.krug", content[:page] + b"\xff" * 4096 + content[page + 4096 :]), None, StoreDamaged),
        (source("newer.krug", bytes(newer)), None, StoreNewer),
        (tampered, None, StoreTampered),
        (sources / "locked.krug", None, StoreLocked),
        (sources / "locked.krug", other, PassphraseWrong),
        (sources, None, StoreForeign),
    ]
    before = digests(tmp_path)
    for one, secret, refusal in cases:
        with pytest.raises(refusal):
            restore(path, one, clock, secret)
        assert digests(tmp_path) == before, one.name
    flip(copy.path, 50_000)
    with pytest.raises(StoreDamaged, match=copy.path.name):
        restore(path, copy.path, clock)
    flip(copy.path, 50_000)
    with Workspace.open(path, clock), pytest.raises(StoreHeld):
        restore(path, copy.path, clock)
    assert digests(tmp_path) == before


def test_p06_a_damaged_store_is_kept_byte_for_byte_with_its_log(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.krug"
    copy = aged(path, clock)
    flip(path, 20)
    flip(path, 4096 * 3)
    path.write_bytes(path.read_bytes()[:30_000])
    log = path.with_name(path.name + "-wal")
    log.write_bytes(b"the last words")
    was = path.read_bytes()
    done = restore(path, copy.path, clock)
    assert done.kept is not None
    assert done.kept.name == "s.krug.damaged-2026-11-12T09-00-00Z"
    assert done.kept.read_bytes() == was
    assert done.kept.with_name(done.kept.name + "-wal").read_bytes() == b"the last words"
    with Workspace.open(path, clock) as opened:
        assert families(opened) == ["Иванов"]
    assert not log.exists() or log.stat().st_size == 0


def test_p06_a_store_of_another_passphrase_is_kept_unopened(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.krug"
    aged(path, clock, other)
    copy = aged(tmp_path / "t.krug", clock, quick)
    was = path.read_bytes()
    done = restore(path, copy.path, clock, quick)
    assert done.kept is not None
    assert (done.kept.name, done.kept.read_bytes()) == ("s.krug.unopened-2026-11-12T09-00-00Z", was)
    with Workspace.open(path, clock, quick) as opened:
        assert families(opened) == ["Иванов"]


def test_p13_a_plain_copy_in_an_encrypted_store_becomes_encrypted(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.krug"
    aged(path, clock, quick)
    plain = aged(tmp_path / "t.krug", clock)
    with pytest.raises(StoreLocked):
        restore(path, plain.path, clock)
    restore(path, plain.path, clock, quick)
    assert not path.read_bytes().startswith(b"SQLite format 3")
    with Workspace.open(path, clock, quick) as opened:
        assert opened.encrypted
        assert families(opened) == ["Иванов"]
        add(opened, "Сидоров")
        assert opened.read(lambda s: s.execute(text("SELECT count(*) FROM person_search")).scalar()) == 2


def test_p06_a_file_with_a_log_beside_it_comes_back_with_what_the_log_holds(tmp_path: Path, clock: Clock) -> None:
    path, lone = tmp_path / "s.krug", tmp_path / "lone.krug"
    with Workspace.create(path, clock) as workspace:
        add(workspace, "Иванов")
        for ending in ("", "-wal"):
            lone.with_name(lone.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())
    assert restore(tmp_path / "n.krug", lone, clock).people == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights, and rights are in access lists")
def test_p06_half_a_deed_does_not_come_back(tmp_path: Path, clock: Clock) -> None:
    source, half = tmp_path / "s.krug", tmp_path / "half.krug"
    with Workspace.create(source, clock) as workspace:
        made_at = workspace.read(lambda s: s.execute(text(NOTE)).scalar())
    connection = connect(source, shared=True)
    connection.execute("PRAGMA cache_size = 2")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE store_note SET value = 'half' WHERE key = 'made_at'")
    # Enough to make it write pages before the end.
    connection.execute("INSERT INTO store_note (key, value) VALUES ('much', randomblob(2000000))")
    for ending in ("", "-journal"):
        half.with_name(half.name + ending).write_bytes(source.with_name(source.name + ending).read_bytes())
    connection.close()
    restore(tmp_path / "back.krug", half, clock)
    with Workspace.open(tmp_path / "back.krug", clock) as workspace:
        assert workspace.read(lambda s: s.execute(text(NOTE)).scalar()) == made_at


def test_p13_a_plain_copy_never_comes_under_a_passphrase_with_a_slip(tmp_path: Path, clock: Clock) -> None:
    store, plain = tmp_path / "s.krug", tmp_path / "plain.krug"
    for path, secret in ((store, quick), (plain, None)):
        with Workspace.create(path, clock, secret=secret) as workspace:
            add(workspace, path.stem)
    before = digests(tmp_path)
    with pytest.raises(PassphraseWrong):
        restore(store, plain, clock, other)
    assert digests(tmp_path) == before
    assert restore(store, plain, clock, quick).people == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of any bytes")
def test_p13_a_name_of_odd_bytes_does_not_keep_a_copy_from_coming_back(tmp_path: Path, clock: Clock) -> None:
    store, plain = tmp_path / os.fsdecode(b"s\xff %3f?.krug"), tmp_path / "plain.krug"
    for path, secret in ((store, quick), (plain, None)):
        with Workspace.create(path, clock, secret=secret) as workspace:
            add(workspace, "Иванов")
    restore(store, plain, clock, quick)
    with Workspace.open(store, clock, quick) as workspace:
        assert families(workspace) == ["Иванов"]


def test_p06_a_link_stays_a_link_and_the_file_its_owner_s(tmp_path: Path, clock: Clock) -> None:
    real, link = tmp_path / "elsewhere" / "s.krug", tmp_path / "link.krug"
    copy = aged(real, clock)
    link.symlink_to(real)
    assert restore(link, copy.path, clock).people == 1
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    with Workspace.open(real, clock) as opened:
        assert families(opened) == ["Иванов"]


def erase(workspace: Workspace, uid: str) -> str:
    """What the erasure of a person will leave behind; gives the hash."""

    def verb(session: Session) -> str:
        secret = erasures.erasure_secret(session.connection())
        assert erasures.erasure_secret(session.connection()) == secret
        hashed = erasures.keyed_hash(secret, uid)
        session.add(ErasureLedger(person_hash=hashed, at=NOON, reason="request"))
        session.add(Suppression(contact_hash=erasures.keyed_hash(secret, "+79000000001"), at=NOON))
        return hashed

    return workspace.maintain(verb)


@pytest.mark.parametrize("way", ["closed", "open"])
def test_p06_who_was_erased_since_does_not_come_back(tmp_path: Path, clock: Clock, way: str) -> None:
    path = tmp_path / "s.krug"
    with Workspace.create(path, clock) as workspace:
        keeps, goes = add(workspace, "Иванова"), add(workspace, "Канареева")

        def visits(session: Session) -> None:
            person = session.execute(text("SELECT id FROM person WHERE uid = :uid"), {"uid": goes}).scalar_one()
            meeting = makers.event(session, NOON)
            makers.attendance(session, meeting, session.get_one(Person, person))
            session.execute(text("UPDATE person SET note = 'secret' WHERE id = :id"), {"id": person})

        workspace.write(phrase("Visit"), visits)
        copy = make_copy(workspace, "by_hand")
        assert copy is not None
        hashed = erase(workspace, goes)
        if way == "open":
            ready = make_ready(workspace, copy.path)
            state = workspace.state()
    done = restore(path, copy.path, clock) if way == "closed" else swap(ready, state)
    assert done.people == 1
    with Workspace.open(path, clock) as opened:
        assert families(opened) == ["Иванова"]
        assert opened.read(lambda s: s.execute(text("SELECT person_hash FROM erasure_ledger")).scalars().all()) == [
            hashed
        ]
        assert opened.read(lambda s: s.execute(text("SELECT count(*) FROM suppression")).scalar()) == 1
        assert opened.read(lambda s: s.execute(text("SELECT count(*) FROM attendance")).scalar()) == 0
        assert opened.read(lambda s: s.execute(text("SELECT sum(came_registered) FROM event_totals")).scalar()) in (
            0,
            None,
        )
        add(opened, "Петрова")
        opened.undo()
        assert keeps in opened.read(lambda s: s.execute(text("SELECT uid FROM person")).scalars().all())
    content = path.read_bytes()
    assert "Канареева".encode() not in content
    assert "канареева".encode() not in content


def test_p06_hashes_of_another_store_forget_nobody(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.krug"
    copy = aged(tmp_path / "t.krug", clock)
    with Workspace.create(path, clock) as workspace:
        erase(workspace, add(workspace, "Иванов"))
    assert restore(path, copy.path, clock).people == 1
    with Workspace.open(path, clock) as opened:
        assert opened.read(lambda s: s.execute(text("SELECT count(*) FROM erasure_ledger")).scalar()) == 0


def test_p06_a_keyed_hash_is_known_only_with_its_secret() -> None:
    one = erasures.keyed_hash(b"1" * 32, "uid")
    assert one == erasures.keyed_hash(b"1" * 32, "uid")
    assert len({one, erasures.keyed_hash(b"2" * 32, "uid"), erasures.keyed_hash(b"1" * 32, "uie")}) == 3


def test_p06_what_was_saved_meanwhile_stops_the_exchange(workspace: Workspace) -> None:
    add(workspace, "Иванов")
    copy = make_copy(workspace, "by_hand")
    assert copy is not None
    ready = make_ready(workspace, copy.path)
    add(workspace, "Петров")
    state = workspace.state()
    workspace.close()
    with pytest.raises(CopyStale):
        swap(ready, state)
    assert not ready.waiting.exists()
    with Workspace.open(workspace.path) as opened:
        assert families(opened) == ["Иванов", "Петров"]


def test_p06_a_fault_before_the_exchange_changes_nothing(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.krug"
    copy = aged(path, clock)
    was = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "sync", full)
    with pytest.raises(CopyDiskFull):
        restore(path, copy.path, clock)
    assert path.read_bytes() == was
    assert not list(tmp_path.glob("*.restoring*"))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("place", ["examine", "write_copy", "_exchange", "replace"])
def test_p06_a_kill_leaves_todays_store(tmp_path: Path, clock: Clock, place: str) -> None:
    path = tmp_path / "s.krug"
    copy = aged(path, clock)

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        if place == "replace":
            restoring.os = SimpleNamespace(replace=die, path=os.path)
        else:
            setattr(restoring, place, die)
        restore(path, copy.path, clock)

    assert in_child(work) == -signal.SIGKILL
    with Workspace.open(path, clock) as opened:
        assert families(opened) == ["Иванов", "Петров"]
    assert check_copy(copy, None, clock).verdict == "sound"
    assert restore(path, copy.path, clock).people == 1
    assert not list(tmp_path.glob("*restoring*"))
