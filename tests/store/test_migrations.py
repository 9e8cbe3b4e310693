"""A store made today and a store brought up by Alembic are the same; an unfinished first second is finished."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from crm.i18n import phrase
from crm.store import copies, migrating
from crm.store.driver import make_private_file, mark_file
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers
from tools import freeze_schema


def shape(workspace: Workspace) -> dict[str, str]:
    def verb(session: Session) -> dict[str, str]:
        rows = session.execute(text("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        # Alembic makes its own table in its own spelling; statistics come and go.
        ours = {name: sql for name, sql in rows if name != "alembic_version" and not name.startswith("sqlite_")}
        return {name: " ".join(sql.split()) for name, sql in ours.items()}

    return workspace.read(verb)


@pytest.fixture
def empty_store(tmp_path: Path) -> Path:
    """The file a program leaves that died before its first transaction."""
    path = tmp_path / "old.krug"
    make_private_file(path)
    mark_file(path)
    return path


def test_a_new_store_and_a_migrated_one_have_the_same_schema(workspace: Workspace, empty_store: Path) -> None:
    with Workspace.open(empty_store) as migrated:
        assert shape(migrated) == shape(workspace)
        version = migrated.read(lambda s: s.execute(text("PRAGMA user_version")).scalar())
        assert version == SCHEMA_VERSION
        kinds = text("SELECT key, colour, position FROM event_kind ORDER BY id")
        assert migrated.read(lambda s: [tuple(row) for row in s.execute(kinds)]) == workspace.read(
            lambda s: [tuple(row) for row in s.execute(kinds)]
        )


def test_the_frozen_schema_is_the_models(tmp_path: Path) -> None:
    frozen = Path(migrating.__file__).parent / "migrations" / "versions" / "0001.sql"
    assert frozen.read_text("utf-8") == freeze_schema.SEPARATOR.join(freeze_schema.statements()) + ";\n"


def test_a_migrated_store_keeps_a_copy_and_journals_deeds(empty_store: Path) -> None:
    with Workspace.open(empty_store) as migrated:
        migrated.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        migrated.undo()
        assert migrated.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 0
    (kept,) = copies.list_copies(copies.folder_of(empty_store))
    assert (kept.reason, kept.schema, kept.verdict) == ("before_migration", 0, "sound")
