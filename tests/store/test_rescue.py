"""What reads of a damaged store comes into a new one that is sound; the damaged file stays byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from crm import clock as clocks
from crm.clock import Clock
from crm.errors import Cancelled
from crm.i18n import phrase
from crm.services.demo import fill_demo
from crm.store.errors import NothingToRescue, StoreEmpty, StoreExists
from crm.store.inspecting import inspect
from crm.store.key import PAGE, Key, Secret
from crm.store.rescue import Rescued, rescue
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support.vandal import digest, names_in, tamper


def quick(salt: bytes) -> Key:
    return Key(b"one".ljust(32, b"."), salt)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    folder = tmp_path_factory.mktemp("sound")
    made = {}
    for encrypted in (False, True):
        made[encrypted] = folder / f"{encrypted}.krug"
        with Workspace.create(made[encrypted], lambda: NOON, secret=quick if encrypted else None) as workspace:
            workspace.write(phrase("Demo community"), lambda s: fill_demo(s, clocks.fixed(NOON), people=100))
    return made


def rows(rescued: Rescued, table: str) -> tuple[int, int | None]:
    found = [one for one in rescued.tables if one.table == table]
    return (found[0].saved, found[0].lost) if found else (0, 0)


def pages_of(path: Path, table: str, key: Key | None) -> list[int]:
    """Numbers of the pages that hold rows of `table`."""
    from crm.store.driver import connect

    connection = connect(path, key)
    try:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    finally:
        connection.close()
    return [root]


@pytest.mark.parametrize("encrypted", [False, True])
def test_people_are_saved_round_a_page_that_does_not_read(
    tmp_path: Path, clock: Clock, stores: dict[bool, Path], encrypted: bool
) -> None:
    secret: Secret | None = quick if encrypted else None
    path = tmp_path / "a.krug"
    shutil.copyfile(stores[encrypted], path)
    content = bytearray(path.read_bytes())
    root = pages_of(path, "interaction", None if secret is None else secret(bytes(content[:16])))[0]
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    path.write_bytes(content)
    before = digest(path)
    steps: list[int] = []
    rescued = rescue(path, tmp_path / "b.krug", clock, secret, lambda step, _: steps.append(step))
    assert digest(path) == before
    assert rescued.people == 100
    assert rows(rescued, "interaction")[0] == 0
    assert rescued.lost > 0
    assert rescued.health.ok
    assert steps == sorted(steps)
    assert inspect(rescued.path, secret).ok
    with Workspace.open(rescued.path, clock, secret) as workspace:
        workspace.undo()
        assert workspace.encrypted is encrypted


def test_a_whole_journal_comes_along_and_a_torn_one_does_not(
    tmp_path: Path, clock: Clock, stores: dict[bool, Path]
) -> None:
    path = tmp_path / "a.krug"
    shutil.copyfile(stores[False], path)
    whole = rescue(path, tmp_path / "whole.krug", clock)
    assert (rows(whole, "deed"), whole.lost) == ((1, 0), 0)
    tamper(path, "DELETE FROM change WHERE id = 7")
    torn = rescue(path, tmp_path / "torn.krug", clock)
    assert rows(torn, "deed") == (0, 1)
    assert torn.people == 100
    assert torn.health.ok


def test_garbled_values_are_left_out_and_the_row_stays(tmp_path: Path, clock: Clock, stores: dict[bool, Path]) -> None:
    path = tmp_path / "a.krug"
    shutil.copyfile(stores[False], path)
    tamper(
        path,
        "UPDATE open_deed SET deed_id = 1",
        "UPDATE person SET archived_at = 'когда-то', note = CAST(x'D0FF41' AS TEXT) WHERE id = 1",
        "UPDATE person SET created_at = 'никогда' WHERE id = 2",
        "UPDATE open_deed SET deed_id = NULL",
    )
    rescued = rescue(path, tmp_path / "b.krug", clock)
    assert rescued.people == 99
    with Workspace.open(rescued.path, clock) as workspace:
        note, archived = workspace.read(
            lambda s: s.execute(text("SELECT note, archived_at FROM person WHERE id = 1")).one()
        )
    assert archived is None
    assert note.endswith("A")


def test_programs_of_a_stranger_stay_behind(tmp_path: Path, clock: Clock, stores: dict[bool, Path]) -> None:
    path = tmp_path / "a.krug"
    shutil.copyfile(stores[False], path)
    tamper(
        path, "CREATE TRIGGER gift AFTER INSERT ON person BEGIN DELETE FROM contact_point; END", "CREATE TABLE x (y)"
    )
    rescued = rescue(path, tmp_path / "b.krug", clock)
    assert (rescued.people, rescued.lost, rescued.health.problems) == (100, 0, ())


def test_a_rescue_never_writes_over_anything_and_leaves_nothing_where_there_is_nothing(
    tmp_path: Path, clock: Clock, stores: dict[bool, Path]
) -> None:
    path = tmp_path / "a.krug"
    shutil.copyfile(stores[False], path)
    (tmp_path / "b.krug").write_text("чужое", encoding="utf-8")
    with pytest.raises(StoreExists):
        rescue(path, tmp_path / "b.krug", clock)
    assert (tmp_path / "b.krug").read_text("utf-8") == "чужое"

    def stop(step: int, of: int) -> None:
        if step > 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        rescue(path, tmp_path / "c.krug", clock, report=stop)
    path.write_bytes(path.read_bytes()[: 2 * PAGE])
    with pytest.raises(NothingToRescue):
        rescue(path, tmp_path / "c.krug", clock)
    path.write_bytes(b"")
    with pytest.raises(StoreEmpty):
        rescue(path, tmp_path / "c.krug", clock)
    assert names_in(tmp_path) == ["a.krug", "b.krug"]
