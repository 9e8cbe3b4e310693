"""P5: copies are made by themselves, checked, sealed, whole or absent; what a copy is for waits for it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import stat
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from crm.errors import Cancelled
from crm.i18n import phrase
from crm.store import copies, folders, looking
from crm.store.copies import Copy, check_copy, copy_out, folder_of, list_copies, make_copy, write_copy
from crm.store.copy_errors import CopyDiskFull, CopyIsStore
from crm.store.copy_notes import papers_of
from crm.store.errors import StoreDamaged, StoreLocked
from crm.store.schema import SCHEMA_VERSION
from crm.store.self_test import run_test
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers
from tests.support.aged import Hands, add, families, flip, in_child, other, quick

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in access lists, has no SIGKILL")


def made(workspace: Workspace, reason: str = "by_hand") -> Copy:
    copy = make_copy(workspace, reason)
    assert copy is not None
    return copy


def test_p05_a_copy_is_the_store_checked_and_sealed(workspace: Workspace) -> None:
    add(workspace, "Иванов")
    copy = made(workspace)
    assert copy.path == folder_of(workspace.path) / "2026-11-12T09-00-00Z.krug"
    assert (copy.people, copy.schema, copy.verdict, copy.encrypted) == (1, SCHEMA_VERSION, "sound", False)
    digest = hashlib.sha256(copy.path.read_bytes()).hexdigest()
    assert copy.path.with_name(copy.path.name + ".sha256").read_text() == f"{digest}  {copy.path.name}\n"
    assert list_copies(copy.path.parent) == (copy,)
    with Workspace.open(copy.path) as opened:
        assert families(opened) == ["Иванов"]


@POSIX
def test_p05_copies_are_readable_by_their_owner_only(workspace: Workspace) -> None:
    copy = made(workspace)
    assert stat.S_IMODE(copy.path.parent.stat().st_mode) == 0o700
    for path in copy.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_p05_the_note_of_a_copy_holds_nobody(workspace: Workspace) -> None:
    add(workspace, "Канареева")
    copy = made(workspace)
    for path in papers_of(copy.path):
        assert "анареева" not in path.read_text("utf-8")


def test_p05_nothing_new_is_no_new_copy_but_one_by_hand_is(workspace: Workspace) -> None:
    add(workspace, "Иванов")
    assert make_copy(workspace, "scheduled") is not None
    assert make_copy(workspace, "scheduled") is None
    assert make_copy(workspace, "before_import") is None
    assert made(workspace).path.name == "2026-11-12T09-00-00Z-2.krug"
    workspace.undo()
    assert make_copy(workspace, "scheduled") is not None


def test_p05_a_damaged_newest_copy_does_not_count_as_one(workspace: Workspace, clock: Hands) -> None:
    copy = made(workspace)
    flip(copy.path, 5000)
    assert check_copy(copy, None, clock).verdict == "damaged"
    assert make_copy(workspace, "scheduled") is not None


def test_p05_a_copy_before_a_deed_is_made_or_the_deed_is_not_done(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(workspace, "Иванов")
    workspace.write(phrase("Import"), lambda s: makers.person(s, NOON, "Петров"), copy_first="before_import")
    (copy,) = list_copies(folder_of(workspace.path))
    assert (copy.reason, copy.people) == ("before_import", 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "sync", full)
    with pytest.raises(CopyDiskFull) as told:
        workspace.write(phrase("Import"), lambda s: makers.person(s, NOON, "Сидоров"), copy_first="before_import")
    assert str(folder_of(workspace.path)) in told.value.text()
    assert families(workspace) == ["Иванов", "Петров"]
    assert list_copies(folder_of(workspace.path)) == (copy,)


def test_p05_a_copy_shows_one_moment_while_others_write(workspace: Workspace) -> None:
    add(workspace, "Иванов")
    with workspace.snapshot() as picture:
        add(workspace, "Петров")
        copy = write_copy(picture, workspace.path, "by_hand", workspace.clock)
    assert (copy.people, families(workspace)) == (1, ["Иванов", "Петров"])


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_p05_stop_leaves_the_copies_as_they_were(workspace: Workspace, step: int) -> None:
    add(workspace, "Иванов")
    before = made(workspace)
    seen: list[int] = []

    def report(done: int, of: int) -> None:
        seen.append(done)
        if len(seen) > step:
            raise Cancelled

    with pytest.raises(Cancelled):
        make_copy(workspace, "by_hand", report)
    assert {path.name for path in before.path.parent.iterdir()} == {
        path.name for path in (before.path, *papers_of(before.path))
    }


def test_p05_a_flipped_byte_is_noticed(workspace: Workspace, clock: Hands) -> None:
    add(workspace, "Иванов")
    copy = made(workspace)
    size = copy.path.stat().st_size
    assert check_copy(copy, None, clock).verdict == "sound"
    for place in random.Random(5).sample(range(size), 20):
        flip(copy.path, place)
        assert check_copy(copy, None, clock).verdict == "damaged", place
        flip(copy.path, place)
    assert check_copy(copy, None, clock).verdict == "sound"


def test_p05_a_shortened_copy_is_damaged_in_the_list(workspace: Workspace) -> None:
    copy = made(workspace)
    os.truncate(copy.path, copy.size - 4096)
    assert list_copies(copy.path.parent)[0].verdict == "damaged"


def test_p05_the_list_takes_missing_notes_and_foreign_files(workspace: Workspace) -> None:
    copy = made(workspace)
    folder = copy.path.parent
    note = copy.path.with_suffix(".json")
    for content in (b"", b"{", b"[]", b"\xff\xfe", b'{"made_at": 5}', json.dumps({"made_at": "x"}).encode()):
        note.write_bytes(content)
        assert [(c.path, c.verdict, c.made_at) for c in list_copies(folder)] == [(copy.path, "unchecked", NOON)]
    note.unlink()
    for name in ("photo.jpg", "2026-99-99T00-00-00Z.krug", "2026-11-12T09-00-00Zx.krug", ".krug", "a.json"):
        (folder / name).write_bytes(b"x")
    (folder / "2020-01-01T00-00-00Z.krug").mkdir()
    assert [c.path for c in list_copies(folder)] == [copy.path]
    assert list_copies(folder / "nowhere") == ()
    assert check_copy(list_copies(folder)[0], None, workspace.clock).verdict == "sound"


def test_p05_an_encrypted_store_has_encrypted_copies(tmp_path: Path, clock: Hands) -> None:
    canaries = [f"Канарейкина{n}" for n in range(20)]
    with Workspace.create(tmp_path / "e.krug", clock, secret=quick) as workspace:
        for canary in canaries:
            add(workspace, canary)
        copy = made(workspace)
    assert copy.encrypted
    for path in copy.path.parent.iterdir():
        content = path.read_bytes()
        assert not any(canary.encode() in content for canary in canaries), path.name
    assert check_copy(copy, quick, clock).verdict == "sound"
    # By its checksum alone, or with a passphrase that is not its own, it stays what it was.
    assert check_copy(copy, None, clock).verdict == "sound"
    assert check_copy(copy, other, clock).verdict == "sound"
    flip(copy.path, 40_000)
    assert check_copy(copy, None, clock).verdict == "damaged"


def test_p05_a_locked_store_is_not_copied(tmp_path: Path, clock: Hands) -> None:
    with Workspace.create(tmp_path / "e.krug", clock, secret=quick) as workspace:
        workspace.lock()
        with pytest.raises(StoreLocked):
            make_copy(workspace, "by_hand")


def test_p05_a_store_that_does_not_read_gives_no_copy(
    tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the store were too large for a look at every page when it is opened.
    monkeypatch.setattr(looking, "SMALL", 0)
    path = tmp_path / "d.krug"
    with Workspace.create(path, clock) as workspace:
        workspace.write(phrase("Add"), lambda s: [makers.person(s, NOON, f"Иванов{n}") for n in range(300)])
        before = made(workspace)
        page = workspace.read(
            lambda s: s.execute(text("SELECT rootpage FROM sqlite_schema WHERE name = 'person'")).scalar_one()
        )
    flip(path, (page - 1) * 4096)
    flip(path, (page - 1) * 4096 + 1)
    with Workspace.open(path, clock) as workspace, pytest.raises((StoreDamaged, copies.CopyUnsound)):
        make_copy(workspace, "by_hand")
    assert list_copies(before.path.parent) == (before,)


def test_p10_a_copy_taken_elsewhere_is_whole_and_checked(workspace: Workspace, tmp_path: Path) -> None:
    copy = made(workspace)
    stick = tmp_path / "stick"
    stick.mkdir()
    there = copy_out(copy, stick)
    assert there.read_bytes() == copy.path.read_bytes()
    assert there.with_name(there.name + ".sha256").read_text().startswith(copy.sha256)
    named = copy_out(copy, stick / "mine.krug")
    assert named.name == "mine.krug"
    flip(copy.path, 9000)
    with pytest.raises(copies.CopyUnsound):
        copy_out(copy, stick / "second.krug")
    assert not (stick / "second.krug").exists()


def test_p10_a_copy_is_never_written_over_a_store_in_use(tmp_path: Path, clock: Hands) -> None:
    with Workspace.create(tmp_path / "one.krug", clock) as one, Workspace.create(tmp_path / "two.krug", clock) as two:
        copy = made(one)
        add(one, "Иванов")
        add(two, "Петров")
        (tmp_path / "link.krug").symlink_to(one.path)
        for target in (one.path, two.path, tmp_path / "link.krug"):
            with pytest.raises(CopyIsStore):
                copy_out(copy, target)
        assert (families(one), families(two)) == (["Иванов"], ["Петров"])
    # Closed, it is a file like any other; with a log left by a kill it is not.
    log = two.path.with_name("two.krug-wal")
    log.write_bytes(b"x")
    with pytest.raises(CopyIsStore):
        copy_out(copy, two.path)
    log.unlink()
    assert copy_out(copy, two.path).read_bytes() == copy.path.read_bytes()


def test_p10_what_stood_at_the_place_outlives_a_copy_that_is_not_whole(workspace: Workspace, tmp_path: Path) -> None:
    copy = made(workspace)
    there = copy_out(copy, tmp_path / "mine.krug")
    before = there.read_bytes()
    flip(copy.path, 9000)
    with pytest.raises(copies.CopyUnsound):
        copy_out(copy, there)
    assert there.read_bytes() == before
    assert not list(tmp_path.glob("mine.krug.part"))


def test_p05_a_copy_of_another_passphrase_is_not_taken_for_damaged(tmp_path: Path, clock: Hands) -> None:
    with Workspace.create(tmp_path / "e.krug", clock, secret=other) as workspace:
        copy = made(workspace)
    copy.path.with_suffix(".json").unlink()
    copy.path.with_name(copy.path.name + ".sha256").unlink()
    (without_note,) = list_copies(copy.path.parent)
    assert check_copy(without_note, quick, clock).verdict == "unchecked"
    assert check_copy(without_note, other, clock).verdict == "sound"
    flip(copy.path, 9000)
    copy.path.with_suffix(".json").unlink()
    copy.path.with_name(copy.path.name + ".sha256").unlink()
    assert check_copy(without_note, other, clock).verdict == "damaged"


def test_p05_a_copy_that_cannot_be_read_for_a_moment_keeps_its_note(
    workspace: Workspace, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = made(workspace)

    def held(*_: object) -> str:
        raise PermissionError(13, "another program has it")

    monkeypatch.setattr(copies, "sha256_of", held)
    assert check_copy(copy, None, clock).verdict == "damaged"
    assert list_copies(copy.path.parent)[0].verdict == "sound"


def test_p05_after_a_clock_was_ahead_nothing_new_is_no_new_copy(tmp_path: Path) -> None:
    hands = Hands(NOON)
    with Workspace.create(tmp_path / "s.krug", hands) as workspace:
        hands.on(days=400)
        made(workspace)
        hands.on(days=-400)
        add(workspace, "Иванов")
        assert made(workspace, "scheduled").made_at == NOON
        assert make_copy(workspace, "scheduled") is None


def test_p05_of_one_second_the_last_is_the_newest(workspace: Workspace) -> None:
    names = [made(workspace).path.name for _ in range(11)]
    assert [copy.path.name for copy in list_copies(folder_of(workspace.path))] == names[::-1]


def test_p11_in_a_cloud_s_folder_nobody_waits_for_the_check_of_a_copy(
    tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "kind_of", lambda _: folders.Place("cloud", "Disk"))
    with Workspace.create(tmp_path / "c.krug", clock) as workspace:
        add(workspace, "Иванов")

        def report(done: int, of: int) -> None:
            if done == 90:
                add(workspace, "Петров")

        copy = make_copy(workspace, "by_hand", report)
        assert copy is not None
        assert (copy.people, families(workspace)) == (1, ["Иванов", "Петров"])
        tested = run_test(workspace)
        assert tested is not None
        assert (tested.trouble, tested.live) == ("", False)


@POSIX
def test_p05_a_kill_during_a_copy_leaves_the_older_ones_sound(workspace: Workspace, clock: Hands) -> None:
    for n in range(50):
        add(workspace, f"Иванов{n}")
    path, folder = workspace.path, folder_of(workspace.path)
    made(workspace)
    workspace.close()
    chance = random.Random(1)
    for _ in range(6):
        child = os.fork()
        if child == 0:
            with Workspace.open(path) as opened:
                while True:
                    make_copy(opened, "by_hand")
        time.sleep(0.05 + chance.random() * 0.2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = list_copies(folder)
        assert found
        assert {check_copy(copy, None, clock).verdict for copy in found[:2]} == {"sound"}
    with Workspace.open(path, clock) as opened:
        add(opened, "Петров")
        copy = made(opened)
    assert copy.people == 51
    whole = {one.name for copy in list_copies(folder) for one in (copy.path, *papers_of(copy.path))}
    assert {one.name for one in folder.iterdir()} == whole


@POSIX
@pytest.mark.parametrize("limit", [8_192, 200_000])
def test_p05_a_full_disk_while_copying_stops_the_deed(workspace: Workspace, limit: int) -> None:
    add(workspace, "Иванов")
    path, folder = workspace.path, folder_of(workspace.path)
    before = made(workspace)
    add(workspace, "Петров")
    workspace.close()

    def work() -> None:
        import resource

        with Workspace.open(path) as opened:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            with pytest.raises(CopyDiskFull):
                opened.write(
                    phrase("Delete"),
                    lambda s: s.execute(text("DELETE FROM person")),
                    copy_first="before_bulk_delete",
                )

    assert in_child(work) == 0
    assert list_copies(folder) == (before,)
    with Workspace.open(path) as opened:
        assert families(opened) == ["Иванов", "Петров"]
