"""A store made today and one brought up by Alembic are the same; a migration that would harm is refused."""

from __future__ import annotations

import hashlib
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.i18n import phrase
from crm.store import copies, migrating
from crm.store.copy_errors import StoreNotCopied
from crm.store.driver import connect, make_private_file, mark_file
from crm.store.errors import StoreDamaged, StoreNewer
from crm.store.key import Key, Secret
from crm.store.schema import SCHEMA_VERSION, is_newer, programs, schema_rank
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers, old_files


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


def test_the_first_revision_makes_the_tables_of_the_first_release(tmp_path: Path) -> None:
    with closing(connect(old_files.take_out(old_files.all_files()[0], tmp_path))) as connection:
        rows = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND name NOT GLOB 'sqlite_*' "
            "AND sql IS NOT NULL AND name NOT GLOB 'person_search_*' AND name <> 'alembic_version'"
        ).fetchall()
    frozen = Path(migrating.__file__).parent / "migrations" / "versions" / "0001.sql"
    statements = frozen.read_text("utf-8").removesuffix(";\n").split(";\n\n")
    assert {" ".join(row[0].split()) for row in rows} == {" ".join(statement.split()) for statement in statements}


def test_a_migrated_store_keeps_a_copy_and_journals_deeds(empty_store: Path) -> None:
    with Workspace.open(empty_store) as migrated:
        migrated.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        migrated.undo()
        assert migrated.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 0
    (kept,) = copies.list_copies(copies.folder_of(empty_store))
    assert (kept.reason, kept.schema, kept.verdict) == ("before_migration", 0, "sound")


def test_p07_an_old_store_that_cannot_be_copied_first_is_not_touched(
    empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(empty_store).close()
    was = empty_store.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "sync", full)
    with pytest.raises(StoreNotCopied) as told:
        Workspace.open(empty_store)
    assert told.value.exit_code == 3
    monkeypatch.undo()
    assert empty_store.read_bytes() == was
    Workspace.open(empty_store).close()


def test_versions_follow_each_other_by_schema_then_by_additions() -> None:
    versions = [1, 1001, 2, 1002, 2002, 3]
    assert sorted(versions, key=schema_rank) == versions
    assert [is_newer(version, 2) for version in versions] == [False, False, False, False, False, True]


def _revision(folder: Path, body: str) -> None:
    head = 'import sqlalchemy as sa\nfrom alembic import op\nrevision = "next"\ndown_revision = "0002"\n'
    (folder / "next.py").write_text(f"{head}def upgrade():\n{textwrap.indent(body, '    ')}\n", "utf-8")


NEXT = SCHEMA_VERSION + 1


@pytest.fixture
def full_store(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of today with people and what hangs on them, and a revision to come in a folder of its own."""
    with Workspace.create(tmp_path / "full.krug", clock) as workspace:
        workspace.write(phrase("Fill"), _fill)
    monkeypatch.setitem(migrating.VERSIONS, NEXT, "next")
    monkeypatch.setattr(migrating, "REVISIONS", (*migrating.REVISIONS, tmp_path))
    return tmp_path / "full.krug"


def _fill(session: Session) -> None:
    event = makers.event(session, NOON)
    for number in range(5):
        person = makers.person(session, NOON, f"Ёлкин{number}", city="Орёл")
        makers.phone(session, person, f"+7900000000{number}")
        makers.attendance(session, event, person)


def test_a_copied_table_keeps_its_rows_and_what_hangs_on_them(full_store: Path) -> None:
    _revision(
        full_store.parent,
        'with op.batch_alter_table("person") as batch:\n    batch.alter_column("city", type_=sa.String(300))',
    )
    before = old_files.row_hashes(full_store)
    copy = migrating.migrate(full_store)
    assert old_files.row_hashes(full_store) == before
    assert old_files.version_of(full_store) == NEXT
    assert copy is not None
    assert old_files.row_hashes(copy) == before
    with closing(connect(full_store)) as connection:
        assert "VARCHAR(300)" in connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'person'").fetchone()[0]
        found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        assert set(found) == set(programs())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("op.execute(\"UPDATE person SET city = '?'\")\nraise RuntimeError", RuntimeError),
        ('op.execute("DELETE FROM contact_point WHERE id = 1")', StoreDamaged),
        ('op.execute("DROP TABLE consent")', StoreDamaged),
        ('op.execute("UPDATE attendance SET person_id = 999 WHERE id = 1")', StoreDamaged),
    ],
    ids=["raises in the middle", "loses a row", "loses a table", "breaks a key"],
)
def test_p07_a_migration_that_would_harm_leaves_the_file_as_it_was(
    full_store: Path, body: str, error: type[Exception]
) -> None:
    _revision(full_store.parent, body)
    before = full_store.read_bytes()
    rows = old_files.row_hashes(full_store)
    with pytest.raises(error):
        migrating.migrate(full_store)
    assert old_files.version_of(full_store) == SCHEMA_VERSION
    assert old_files.row_hashes(full_store) == rows
    assert hashlib.sha256(full_store.read_bytes()).digest() == hashlib.sha256(before).digest()
    with Workspace.open(full_store) as workspace:
        workspace.undo()
        assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 0


def _give_version(path: Path, version: int, key: Key | None = None) -> None:
    with closing(connect(path, key, shared=True)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


@pytest.mark.parametrize("secret", [None, lambda salt: Key(b"one".ljust(32, b"."), salt)], ids=["plain", "encrypted"])
def test_p08_a_newer_schema_is_refused_and_not_touched(tmp_path: Path, clock: Clock, secret: Secret | None) -> None:
    path = tmp_path / "newer.krug"
    Workspace.create(path, clock, secret=secret).close()
    _give_version(path, NEXT, None if secret is None else secret(path.read_bytes()[:16]))
    before = path.read_bytes()
    with pytest.raises(StoreNewer) as refusal:
        Workspace.open(path, clock, secret)
    assert str(NEXT) in refusal.value.text()
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]


def test_p08_a_schema_with_later_additions_opens_and_keeps_them(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "added.krug"
    Workspace.create(path, clock).close()
    later = SCHEMA_VERSION + 1000
    with closing(connect(path, shared=True)) as connection:
        connection.execute("CREATE TABLE weather (id INTEGER PRIMARY KEY, said TEXT)")
        connection.execute("INSERT INTO weather (said) VALUES ('солнце')")
    _give_version(path, later)
    with Workspace.open(path, clock) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        workspace.undo()
        assert workspace.read(lambda s: s.execute(text("SELECT said FROM weather")).scalar()) == "солнце"
    assert old_files.version_of(path) == later
