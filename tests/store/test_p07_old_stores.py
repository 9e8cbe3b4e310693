"""P7: every store there ever was opens today with its rows as they were, wherever its migration is interrupted."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import Deed, Person
from crm.store.key import Key
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.support import interrupted, old_files

FILES = old_files.all_files()
KEY = Key(b"one".ljust(32, b"."), b"salt".ljust(16, b"."))


def standing(session: Session) -> list[int]:
    return list(session.scalars(select(Deed.id).where(Deed.root_id.is_(None), Deed.in_force).order_by(-Deed.id)))


def test_p07_there_is_an_old_store_for_every_schema_before_todays() -> None:
    assert [path.name for path in FILES] == [f"schema-{number}.krug.gz" for number in range(1, SCHEMA_VERSION)]


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize("packed", FILES, ids=lambda path: path.name)
def test_p07_an_old_store_opens_with_equal_rows_and_its_deeds_can_be_undone(
    tmp_path: Path, clock: Clock, packed: Path, key: Key | None
) -> None:
    path = old_files.take_out(packed, tmp_path, key)
    rows = old_files.row_hashes(path, key)
    secret = None if key is None else lambda _: key
    with Workspace.open(path, clock, secret) as workspace:
        assert old_files.row_hashes(path, key) == rows
        assert old_files.version_of(path, key) == SCHEMA_VERSION
        assert "Ёлкин" in workspace.read(lambda s: s.scalars(select(Person.family_name)).all())
        numbers = workspace.read(standing)
        assert numbers
        for number in numbers:
            workspace.undo(number)
        assert workspace.read(lambda s: s.scalars(select(Person.id)).all()) == []


def _sample(count: int, many: int, seed: int) -> list[int]:
    """Statements spread over the migration, the last ones and the commit among them."""
    return sorted({*random.Random(seed).sample(range(1, many + 1), count - 3), many, many - 1, many - 2})


@pytest.mark.parametrize("packed", FILES, ids=lambda path: path.name)
def test_p07_an_exception_after_a_statement_leaves_old_or_new(tmp_path: Path, packed: Path) -> None:
    many = interrupted.statements(packed, tmp_path / "count")
    found = [interrupted.run(packed, tmp_path / str(number), number) for number in _sample(10, many, 7)]
    assert (set(found[:-1]), found[-1]) == ({"old"}, "new")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("packed", FILES, ids=lambda path: path.name)
def test_p07_a_kill_after_a_statement_leaves_old_or_new(tmp_path: Path, packed: Path) -> None:
    many = interrupted.statements(packed, tmp_path / "count")
    found = [interrupted.run(packed, tmp_path / str(number), number, kill=True) for number in _sample(4, many, 7)]
    assert (set(found[:-1]), found[-1]) == ({"old"}, "new")
