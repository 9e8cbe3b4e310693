"""Creating, opening and closing a store; what is refused, and that a refused file is not touched."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from crm.clock import Clock
from crm.i18n import phrase
from crm.models import Person, metadata
from crm.store import derived, looking
from crm.store.driver import make_engine
from crm.store.errors import (
    StoreDamaged,
    StoreExists,
    StoreForeign,
    StoreHeld,
    StoreMissing,
    StoreNewer,
    StoreTampered,
)
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pragma(workspace: Workspace, name: str) -> object:
    return workspace.read(lambda s: s.execute(text(f"PRAGMA {name}")).scalar())


def test_a_new_store_has_the_pragmas_of_the_house(workspace: Workspace) -> None:
    assert pragma(workspace, "journal_mode") == "wal"
    assert pragma(workspace, "synchronous") == 2
    assert pragma(workspace, "foreign_keys") == 1
    assert pragma(workspace, "recursive_triggers") == 1
    assert pragma(workspace, "secure_delete") == 1
    assert pragma(workspace, "trusted_schema") == 0
    assert pragma(workspace, "user_version") == SCHEMA_VERSION
    version = workspace.read(lambda s: str(s.execute(text("SELECT sqlite_version()")).scalar_one()))
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in access lists")
def test_the_store_is_readable_by_its_owner_only(workspace: Workspace) -> None:
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    files = [workspace.path, workspace.path.with_name(workspace.path.name + "-wal")]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600, 0o600]


def test_closing_leaves_one_whole_file(workspace: Workspace) -> None:
    workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    workspace.close()
    assert not workspace.path.with_name(workspace.path.name + "-wal").exists()
    left = {path.name for path in workspace.path.parent.iterdir() if path.is_file()}
    assert left - {workspace.path.name + ".lock"} == {workspace.path.name}


def test_an_absent_store_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        Workspace.open(tmp_path / "none.krug")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_made_into_a_store(tmp_path: Path) -> None:
    target = tmp_path / "list.krug"
    target.write_text("мой список", encoding="utf-8")
    with pytest.raises(StoreExists):
        Workspace.create(target)
    assert target.read_text("utf-8") == "мой список"


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + b"\x00" * 4080, "не база".encode()])
def test_a_foreign_file_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "foreign.krug"
    target.write_bytes(content)
    with pytest.raises(StoreForeign):
        Workspace.open(target)
    assert target.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["foreign.krug"]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreForeign):
        Workspace.open(tmp_path)


def test_a_newer_store_is_refused_untouched(workspace: Workspace) -> None:
    workspace.close()
    content = bytearray(workspace.path.read_bytes())
    content[60:64] = (SCHEMA_VERSION + 1).to_bytes(4, "big")
    workspace.path.write_bytes(content)
    before = digest(workspace.path)
    with pytest.raises(StoreNewer) as refusal:
        Workspace.open(workspace.path)
    assert str(SCHEMA_VERSION + 1) in refusal.value.text()
    assert digest(workspace.path) == before


def test_a_damaged_store_is_refused(workspace: Workspace) -> None:
    workspace.close()
    content = bytearray(workspace.path.read_bytes())
    content[100:4096] = os.urandom(3996)
    workspace.path.write_bytes(content)
    before = digest(workspace.path)
    with pytest.raises(StoreDamaged):
        Workspace.open(workspace.path)
    assert digest(workspace.path) == before


def test_a_second_process_is_told_who_has_the_store(workspace: Workspace) -> None:
    code = (
        "import sys; from pathlib import Path; from crm.store.workspace import Workspace\n"
        "from crm.errors import CrmError\n"
        "try: Workspace.open(Path(sys.argv[1]))\n"
        "except CrmError as error: print(error.code, error.details['pid'])"
    )
    said = subprocess.run([sys.executable, "-c", code, str(workspace.path)], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["store_held", str(os.getpid())]


def test_the_same_process_cannot_open_a_store_twice(workspace: Workspace) -> None:
    with pytest.raises(StoreHeld):
        Workspace.open(workspace.path)


def test_a_lock_left_by_a_killed_process_is_free(tmp_path: Path) -> None:
    target = tmp_path / "killed.krug"
    code = (
        "import os, sys; from pathlib import Path; from crm.store.workspace import Workspace\n"
        "Workspace.create(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(target)], check=False)
    with Workspace.open(target) as workspace:
        assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 0


def test_another_thread_reads_and_writes_through_its_own_connection(workspace: Workspace) -> None:
    heard: list[object] = []

    def work() -> None:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        heard.append(workspace.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [1]
    assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 1


def test_rebuilding_derived_tables_changes_nothing_that_was_in_step(workspace: Workspace, clock: Clock) -> None:
    def verb(session: Session) -> None:
        first = makers.person(session, NOON, "Первый")
        second = makers.person(session, NOON, "Второй", referred_by_id=first.id)
        gathering = makers.event(session, NOON)
        makers.phone(session, first)
        makers.attendance(session, gathering, first)
        makers.attendance(session, gathering, second, "walk_in")

    workspace.write(phrase("Evening"), verb)
    tables = ("person_score", "event_totals", "name_word")

    def look(session: Session) -> list[object]:
        return [sorted(map(tuple, session.execute(text(f"SELECT * FROM {name}")).all())) for name in tables]

    before = workspace.read(look)
    workspace.maintain(lambda s: derived.rebuild(s.connection(), NOON.date()))
    assert workspace.read(look) == before


def test_every_table_belongs_to_exactly_one_set() -> None:
    natures = {"fact", "derived", "record", "log"}
    assert {table.name for table in metadata.tables.values() if table.info.get("nature") not in natures} == set()
    sets = {
        nature: sorted(table.name for table in metadata.tables.values() if table.info["nature"] == nature)
        for nature in natures - {"fact"}
    }
    assert sets == {
        "derived": ["event_totals", "name_word", "person_score", "stale_event", "stale_person"],
        "record": ["figure_record", "level_change", "score_month", "segment_snapshot"],
        "log": [
            "access_log",
            "change",
            "deed",
            "erasure_ledger",
            "import_file",
            "import_row",
            "open_deed",
            "report_run",
            "scan",
            "store_note",
            "suppression",
        ],
    }


def test_ids_are_never_reused_in_journaled_tables() -> None:
    for table in metadata.tables.values():
        if table.info["nature"] == "fact":
            assert table.dialect_options["sqlite"]["autoincrement"] is True, table.name


def test_a_store_with_a_program_of_a_stranger_is_refused(workspace: Workspace) -> None:
    workspace.close()
    connection = dbapi2.connect(str(workspace.path))
    connection.execute("CREATE TRIGGER gift AFTER INSERT ON person BEGIN DELETE FROM contact_point; END")
    connection.close()
    with pytest.raises(StoreTampered):
        Workspace.open(workspace.path)


def test_a_store_whose_journal_was_taken_out_is_refused(workspace: Workspace) -> None:
    workspace.close()
    connection = dbapi2.connect(str(workspace.path))
    connection.execute("DROP TRIGGER journal_person_update")
    connection.close()
    with pytest.raises(StoreTampered):
        Workspace.open(workspace.path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for a right to make links")
def test_a_store_opened_through_a_link_is_the_same_store(workspace: Workspace, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.krug"
    link.parent.mkdir()
    link.symlink_to(workspace.path)
    with pytest.raises(StoreHeld):
        Workspace.open(link)


def test_damage_met_while_working_is_told_in_words(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the store were too large for a look at every page.
    monkeypatch.setattr(looking, "SMALL", 0)
    workspace.write(phrase("Add"), lambda s: s.execute(insert(Person), [_person(n) for n in range(2_000)]))
    workspace.close()
    content = bytearray(workspace.path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 40 * 4096] = b"\xff" * (40 * 4096)
    workspace.path.write_bytes(content)

    def everything(session: Session) -> None:
        for table in metadata.sorted_tables:
            session.execute(text(f"SELECT * FROM {table.name}")).all()

    with Workspace.open(workspace.path) as damaged, pytest.raises(StoreDamaged):
        damaged.read(everything)


def _person(number: int) -> dict[str, object]:
    return {"uid": f"u{number}", "family_name": f"Ф{number}", "note": "н" * 200, "created_at": NOON, "changed_at": NOON}


def test_what_moves_from_one_person_to_another_leaves_the_first(workspace: Workspace) -> None:
    def start(session: Session) -> None:
        one, other = makers.person(session, NOON, "Первый"), makers.person(session, NOON, "Второй")
        makers.phone(session, one)
        makers.attendance(session, makers.event(session, NOON), one)
        assert (one.id, other.id) == (1, 2)

    workspace.write(phrase("Start"), start)

    def move(session: Session) -> None:
        for table in ("contact_point", "attendance"):
            session.execute(text(f"UPDATE {table} SET person_id = 2"))

    workspace.write(phrase("Merge"), move)
    found = "SELECT rowid FROM person_search WHERE person_search MATCH 'digits:10000*'"
    assert workspace.read(lambda s: s.execute(text(found)).scalars().all()) == [2]
    scores = "SELECT person_id, attended FROM person_score ORDER BY person_id"
    assert workspace.read(lambda s: [tuple(row) for row in s.execute(text(scores))]) == [(1, 0), (2, 1)]


def test_a_closed_store_is_not_asked_again_and_a_deleted_one_does_not_come_back(tmp_path: Path, clock: Clock) -> None:
    workspace = Workspace.create(tmp_path / "gone.krug", clock)
    engine = make_engine(workspace.path, 1_000)
    workspace.close()
    workspace.path.unlink()
    with pytest.raises(RuntimeError, match="closed"):
        workspace.read(lambda s: s.connection())
    with pytest.raises(OperationalError), engine.connect():
        pass
    assert not workspace.path.exists()


@pytest.mark.parametrize("name", ["a b?c#d%41.krug", "круг «ё».krug", "x;y&mode=memory.krug"])
def test_any_name_a_folder_takes_is_a_name_of_a_store(tmp_path: Path, clock: Clock, name: str) -> None:
    Workspace.create(tmp_path / name, clock).close()
    Workspace.open(tmp_path / name, clock).close()
    assert (tmp_path / name).stat().st_size > 10_000
