"""T22: a store from elsewhere that was built otherwise than Krug builds is refused untouched, with what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.clock import Clock
from crm.store import shape
from crm.store.driver import connect
from crm.store.errors import StoreDamaged, StoreTampered
from crm.store.shape import normal, readable_name
from crm.store.workspace import Workspace
from tests.support.vandal import digest, names_in, tamper

TRIGGER = "CREATE TRIGGER gift AFTER INSERT ON person BEGIN DELETE FROM contact_point; END"
REWRITTEN = (
    "PRAGMA writable_schema = ON",
    "UPDATE sqlite_schema SET sql = replace(sql, '{before}', '{after}') WHERE name = '{name}'",
)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    target = tmp_path / "there" / "elsewhere.krug"
    Workspace.create(target, clock).close()
    target.with_name(target.name + ".lock").unlink()
    return target


def test_t22_the_seal_is_that_of_a_store_made_today_and_says_nothing_of_another(path: Path) -> None:
    def rows() -> list[shape.Row]:
        connection = connect(path, None)
        found = list(connection.execute(shape.SCHEMA))
        connection.close()
        return found

    made = rows()
    assert shape.seal(made) == shape.SEAL
    assert not shape._differences(made, shape._expected(), today=True)
    tamper(path, TRIGGER)
    assert shape.seal(rows()) != shape.SEAL


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ((TRIGGER,), "чужой триггер «gift»"),
        (("CREATE VIEW all_people AS SELECT * FROM person",), "чужое представление «all_people»"),
        (("CREATE TABLE extra (x)",), "чужая таблица «extra»"),
        (("CREATE INDEX slow ON person (note)",), "чужой индекс «slow»"),
        (("CREATE VIRTUAL TABLE spy USING fts5(x)",), "чужая таблица «spy»"),
        (("DROP TRIGGER journal_person_update",), "нет триггера «journal_person_update»"),
        (("DROP INDEX ix_attachment_owner",), "нет индекса «ix_attachment_owner»"),
        (
            (
                "DROP TRIGGER journal_tag_insert",
                "CREATE TRIGGER journal_tag_insert AFTER INSERT ON tag BEGIN SELECT 1; END",
            ),
            "изменённый триггер «journal_tag_insert»",
        ),
        (("ALTER TABLE tag ADD COLUMN x",), "изменённая таблица «tag»"),
        (("ALTER TABLE tag ADD COLUMN x AS (upper(name))",), "изменённая таблица «tag»"),
        (
            tuple(part.format(before="NOT NULL", after="NOT NULL DEFAULT 1", name="tag") for part in REWRITTEN),
            "изменённая таблица «tag»",
        ),
    ],
)  # fmt: skip
def test_t22_a_store_with_something_strange_is_refused_untouched(
    path: Path, statements: tuple[str, ...], found: str
) -> None:
    tamper(path, *statements)
    before = digest(path)
    with pytest.raises(StoreTampered) as refusal:
        Workspace.open(path)
    assert found in refusal.value.text()
    assert digest(path) == before
    assert names_in(path.parent) == [path.name]


def test_t22_a_name_from_elsewhere_is_shown_and_not_obeyed(path: Path) -> None:
    name = "a\x1b[2J\u202eb" + "x" * 500
    tamper(path, f'CREATE TABLE "{name}" (x)')
    with pytest.raises(StoreTampered) as refusal:
        Workspace.open(path)
    assert "\x1b" not in refusal.value.text()
    assert "\u202e" not in refusal.value.text()
    assert len(refusal.value.text()) < 400
    assert readable_name("короткое") == "«короткое»"


def test_t22_many_strange_things_are_named_in_part(path: Path) -> None:
    tamper(path, *(f"CREATE TABLE extra_{number} (x)" for number in range(30)))
    with pytest.raises(StoreTampered) as refusal:
        Workspace.open(path)
    assert "и ещё 26 отличий" in refusal.value.text()


def test_t22_a_trigger_in_a_file_that_says_it_is_of_no_version_is_never_run(path: Path) -> None:
    tamper(path, TRIGGER, "PRAGMA user_version = 0")
    before = digest(path)
    with pytest.raises((StoreTampered, StoreDamaged)):
        Workspace.open(path)
    assert digest(path) == before


def test_t22_spelling_and_order_of_items_do_not_matter_and_words_do() -> None:
    ours = "CREATE TABLE t (\n\t\"a\" INTEGER NOT NULL, \n\tb TEXT DEFAULT 'A  b', CHECK (a IN (1, 2)))"
    assert normal(ours) == normal(
        "create table \"t\" (b text default 'A  b', check ( a in (1,2) ), a integer not null)"
    )
    assert normal(ours) != normal(ours.replace("'A  b'", "'a  b'"))
    assert normal(ours) != normal(ours.replace("1, 2", "1, 3"))
