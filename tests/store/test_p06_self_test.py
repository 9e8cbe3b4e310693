"""P6: once a week the newest copy is really brought back and compared; a second place gets it too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from crm.services import community
from crm.store import second_place, self_test
from crm.store.copies import check_copy, folder_of, list_copies, make_copy, own_secret, remove_copy
from crm.store.copy_errors import CopyFolderMissing
from crm.store.driver import connect
from crm.store.key import Secret
from crm.store.self_test import is_due, last_test, run_test
from crm.store.workspace import Workspace, look
from tests.conftest import NOON
from tests.support.aged import Hands, add, flip, other, quick

UID = "5f0e6b1c-0000-4000-8000-000000000000"


@pytest.mark.parametrize("secret", [None, quick])
def test_p06_the_newest_copy_is_brought_back_and_compared(tmp_path: Path, secret: Secret | None) -> None:
    hands = Hands(NOON)
    with Workspace.create(tmp_path / "s.krug", hands, secret=secret) as workspace:
        folder = folder_of(workspace.path)
        assert run_test(workspace) is None
        assert not is_due(folder, hands.now)
        add(workspace, "Иванов")
        make_copy(workspace, "by_hand")
        assert is_due(folder, hands.now)
        tested = run_test(workspace)
        assert tested is not None
        assert (tested.trouble, tested.live, tested.rows > 0, tested.at) == ("", True, True, NOON)
        assert last_test(folder) == tested
        add(workspace, "Петров")
        hands.on(days=6)
        assert not is_due(folder, hands.now)
        hands.on(days=1)
        assert is_due(folder, hands.now)
        tested = run_test(workspace)
        assert tested is not None
        assert (tested.well, tested.live) == (True, False)
        assert [path.name for path in folder.iterdir() if path.is_dir()] == []


def test_p06_a_copy_that_does_not_come_back_is_a_result(workspace: Workspace) -> None:
    add(workspace, "Иванов")
    copy = make_copy(workspace, "by_hand")
    assert copy is not None
    flip(copy.path, 30_000)
    tested = run_test(workspace)
    assert tested is not None
    assert tested.trouble == "store_damaged"
    assert last_test(folder_of(workspace.path)) == tested


def test_p06_a_row_that_differs_from_the_live_store_is_found(workspace: Workspace) -> None:
    add(workspace, "Иванов")
    make_copy(workspace, "by_hand")
    connection = connect(workspace.path)
    connection.execute("DROP TRIGGER journal_person_update")
    connection.execute("UPDATE person SET note = 'changed behind the back'")
    connection.close()
    tested = run_test(workspace)
    assert tested is not None
    assert (tested.live, tested.trouble) == (True, "person")


def test_p06_a_broken_result_is_none(workspace: Workspace) -> None:
    make_copy(workspace, "by_hand")
    folder = folder_of(workspace.path)
    for content in ("", "[]", '{"at": 1}', '{"at": "2026-11-12T09:00:00+00:00", "more": 1}'):
        (folder / "self-test.json").write_text(content)
        assert last_test(folder) is None
    assert is_due(folder, NOON)
    assert self_test.EVERY.days == 7


def test_p05_two_communities_of_one_name_share_a_stick(tmp_path: Path) -> None:
    stick, hands = tmp_path / "stick", Hands(NOON)
    stick.mkdir()
    for place, family in (("anna", "Иванов"), ("boris", "Петров")):
        with Workspace.create(tmp_path / place / "community.krug", hands) as workspace:
            uid = workspace.read(community.store_uid)
            for n in range(second_place.KEPT + 1):
                add(workspace, f"{family}{n}")
                make_copy(workspace, "scheduled")
                second_place.mirror(workspace.path, uid, hands.now, stick)
    assert [len(list_copies(folder)) for folder in stick.iterdir()] == [second_place.KEPT] * 2


def test_p05_the_newest_copy_is_brought_to_the_second_place(tmp_path: Path) -> None:
    hands = Hands(NOON)
    stick = tmp_path / "stick"
    with Workspace.create(tmp_path / "s.krug", hands) as workspace:
        stick.mkdir()
        assert second_place.mirror(workspace.path, UID, hands.now, stick) is None
        brought = []
        for n in range(5):
            add(workspace, f"Иванов{n}")
            make_copy(workspace, "scheduled")
            one = second_place.mirror(workspace.path, UID, hands.now, stick)
            assert one is not None
            brought.append(one)
            hands.on(hours=1)
        there = list_copies(second_place.folder_in(stick, workspace.path, UID))
        assert there == tuple(reversed(brought[-second_place.KEPT :]))
        assert {check_copy(copy, None, hands).verdict for copy in there} == {"sound"}
        # What became unsound over there is brought anew.
        flip(there[0].path, 7000)
        again = second_place.mirror(workspace.path, UID, hands.now, stick)
        assert again is not None
        assert check_copy(again, None, hands).verdict == "sound"
        if sys.platform != "win32":
            for path in again.path.parent.iterdir():
                assert path.stat().st_mode & 0o777 == 0o600
        with pytest.raises(CopyFolderMissing):
            second_place.mirror(workspace.path, UID, hands.now, tmp_path / "unplugged")
        assert not second_place.is_there(tmp_path / "unplugged")
        assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 5


@pytest.mark.parametrize("before", [None, quick])
def test_t20_after_a_change_of_the_key_the_second_place_follows(tmp_path: Path, before: Secret | None) -> None:
    hands = Hands(NOON)
    stick = tmp_path / "stick"
    stick.mkdir()
    with Workspace.create(tmp_path / "s.krug", hands, secret=before) as workspace:
        folder = folder_of(workspace.path)
        for n in range(3):
            add(workspace, f"Иванов{n}")
            made = make_copy(workspace, "scheduled")
            second_place.mirror(workspace.path, UID, hands.now, stick)
            hands.on(hours=1)
        assert made is not None
        remove_copy(list_copies(folder)[-1])
        key = workspace.fresh_key(other)
        workspace.change_key(key, lambda _, __: None)
        there = second_place.folder_in(stick, workspace.path, UID)
        assert second_place.follow_key(workspace.path, UID, stick, own_secret(workspace)) == 0, "none but old ones"
        assert len(list_copies(there)) == 3
        second_place.mirror(workspace.path, UID, hands.now, stick)
        assert second_place.follow_key(workspace.path, UID, stick, own_secret(workspace)) == 2
        assert second_place.follow_key(workspace.path, UID, stick, own_secret(workspace)) == 0
        assert [copy.path.name for copy in list_copies(there)] == [copy.path.name for copy in list_copies(folder)]
        for copy in list_copies(there):
            assert look(copy.path, other)[0] == key
            assert check_copy(copy, other, hands).verdict == "sound"
