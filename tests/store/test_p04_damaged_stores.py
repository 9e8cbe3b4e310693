"""P4: damage is noticed, never written over, never answered with an empty store; what a kill left comes back."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from crm.cli import run
from crm.clock import Clock
from crm.i18n import phrase
from crm.models import Person
from crm.store.errors import PassphraseWrong, StoreDamaged, StoreEmpty, StoreForeign
from crm.store.inspecting import inspect
from crm.store.key import PAGE, Key, Secret
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support.corruption import corrupt, log_of, survives
from tests.support.vandal import digest, names_in

PEOPLE = 300


def quick(salt: bytes) -> Key:
    return Key(b"one".ljust(32, b"."), salt)


def fill(session: Session) -> None:
    rows = [
        {"uid": f"u{n}", "family_name": f"Ф{n}", "search_names": f"ф{n}", "note": "н" * 300, "created_at": NOON,
         "changed_at": NOON}
        for n in range(PEOPLE)
    ]  # fmt: skip
    session.execute(insert(Person), rows)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sound")
    made = {}
    for name, secret in (("plain", None), ("encrypted", quick)):
        made[name] = folder / f"{name}.krug"
        with Workspace.create(made[name], lambda: NOON, secret=secret) as workspace:
            workspace.write(phrase("Fill"), fill)
    return made


@pytest.fixture
def path(tmp_path: Path, stores: dict[str, Path]) -> Path:
    target = tmp_path / "there" / "a.krug"
    target.parent.mkdir()
    shutil.copyfile(stores["plain"], target)
    return target


@pytest.mark.parametrize(("name", "secret", "seeds"), [("plain", None, 60), ("encrypted", quick, 40)])
def test_p04_no_damage_is_written_over_or_ends_in_a_traceback(
    tmp_path: Path, stores: dict[str, Path], name: str, secret: Secret | None, seeds: int
) -> None:
    for seed in range(seeds):
        folder = tmp_path / str(seed)
        folder.mkdir()
        shutil.copyfile(stores[name], folder / "a.krug")
        what = corrupt(folder / "a.krug", seed)
        verdict = survives(folder / "a.krug", secret, PEOPLE)
        assert verdict.ok, f"seed {seed}, {what}: {verdict}"
        shutil.rmtree(folder)


def test_p04_every_flip_in_an_encrypted_store_is_noticed(tmp_path: Path, stores: dict[str, Path]) -> None:
    content = stores["encrypted"].read_bytes()
    path = tmp_path / "a.krug"
    for place in range(PAGE + 7, len(content), len(content) // 25):
        flipped = bytearray(content)
        flipped[place] ^= 4
        path.write_bytes(flipped)
        with contextlib.suppress(StoreDamaged):
            assert not inspect(path, quick).ok, f"a flip at {place} was not noticed"
    path.write_bytes(content)
    assert inspect(path, quick).ok


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", StoreEmpty),
        (bytes(PAGE), StoreDamaged),
        (b"SQLite format 3\0", StoreDamaged),
        (b"SQLite format 3\0" + bytes(4080), StoreForeign),
        ("мой список".encode(), StoreForeign),
    ],
)
def test_p04_a_file_that_is_no_store_any_more_is_left_alone_by_every_command(
    path: Path, content: bytes, error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(content)
    with pytest.raises(error):
        Workspace.open_or_create(path)
    commands = (
        ("check",),
        ("people",),
        ("events",),
        ("segments",),
        ("history",),
        ("undo",),
        ("redo",),
        ("demo",),
        ("figures",),
        ("export", "people", str(path.parent.parent / "out.csv")),
        ("import", str(path)),
    )
    for words in commands:
        assert run(["--store", str(path), *words, "--json"]) == 3, words
        json.loads(capsys.readouterr().out)
        assert path.read_bytes() == content
        assert names_in(path.parent) == ["a.krug"], words


def test_p04_a_store_cut_to_half_is_refused_as_it_is(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    before = digest(path)
    for door in (Workspace.open, Workspace.open_or_create):
        with pytest.raises(StoreDamaged):
            door(path)
    assert digest(path) == before
    assert names_in(path.parent) == ["a.krug"]


def test_p04_a_log_of_another_store_is_not_played_into_this_one(path: Path) -> None:
    content = path.read_bytes()
    pages = [content[place : place + PAGE] for place in range(0, len(content), PAGE)]
    log = path.with_name("a.krug-wal")
    log.write_bytes(log_of([(9, pages[40]), (12, pages[41])], len(pages)))
    before = digest(path), digest(log)
    with pytest.raises(StoreDamaged):
        Workspace.open(path)
    assert (digest(path), digest(log)) == before
    assert names_in(path.parent) == ["a.krug", "a.krug-wal"]


def killed(path: Path, deeds: int) -> None:
    """Deeds committed by a process that then is killed: they stand in the log alone."""
    code = (
        "import os, sys; from pathlib import Path; from crm.store.workspace import Workspace\n"
        "from crm.i18n import phrase; from tests.support import makers; from tests.conftest import NOON\n"
        "w = Workspace.open(Path(sys.argv[1]))\n"
        "for n in range(int(sys.argv[2])): w.write(phrase('Add'), lambda s: makers.person(s, NOON, f'Новый{n}').id)\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path), str(deeds)], check=False)


def count(workspace: Workspace) -> int:
    return workspace.read(lambda s: int(s.execute(text("SELECT count(*) FROM person")).scalar_one()))


def test_p04_what_a_killed_process_saved_comes_back(path: Path) -> None:
    killed(path, 5)
    assert inspect(path).people == PEOPLE + 5
    with Workspace.open(path) as workspace:
        assert count(workspace) == PEOPLE + 5


def test_p04_a_log_damaged_in_the_middle_does_not_lose_deeds_in_silence(path: Path) -> None:
    killed(path, 5)
    log = path.with_name("a.krug-wal")
    content = bytearray(log.read_bytes())
    content[32 + 24 + 100] ^= 1
    log.write_bytes(content)
    before = digest(path), digest(log)
    with pytest.raises(StoreDamaged):
        Workspace.open(path)
    assert (digest(path), digest(log)) == before


def test_p04_the_torn_end_of_a_log_was_never_confirmed(path: Path) -> None:
    killed(path, 3)
    log = path.with_name("a.krug-wal")
    log.write_bytes(log.read_bytes()[:-1000])
    with Workspace.open(path) as workspace:
        assert count(workspace) == PEOPLE + 2


def test_p04_a_rollback_journal_of_a_kill_is_followed(path: Path, tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from crm.store.driver import connect\n"
        "c = connect(Path(sys.argv[1]), shared=True); c.execute('PRAGMA cache_size = 1')\n"
        "c.execute('BEGIN IMMEDIATE'); c.execute('UPDATE open_deed SET deed_id = 1')\n"
        "c.execute(\"UPDATE person SET note = note || 'x'\"); os.kill(os.getpid(), 9)"
    )

    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert path.with_name("a.krug-journal").stat().st_size > 0
    # Looked at on a copy, of which a kill leaves nothing for ever.
    left, strange = path.parent / ".krug-killed" / "a.krug", path.parent / ".krug-of-another" / "b.krug"
    for file in (left, strange):
        file.parent.mkdir()
        file.write_bytes(b"people")
    with Workspace.open(path) as workspace:
        notes = workspace.read(lambda s: set(s.execute(text("SELECT note FROM person")).scalars()))
    assert notes == {"н" * 300}
    assert sorted(path.parent.glob(".krug-*")) == [strange.parent]


def test_p04_a_wrong_key_changes_nothing(tmp_path: Path, stores: dict[str, Path]) -> None:
    path = tmp_path / "a.krug"
    shutil.copyfile(stores["encrypted"], path)
    before = digest(path)
    with pytest.raises(PassphraseWrong):
        Workspace.open(path, secret=lambda salt: Key(b"two".ljust(32, b"."), salt))
    assert digest(path) == before


def test_p04_a_garbled_value_met_while_working_is_told_in_words(path: Path, clock: Clock) -> None:
    content = path.read_bytes()
    moment = NOON.strftime("%Y-%m-%d %H:%M").encode()
    place = content.rindex(moment)
    path.write_bytes(content[:place] + b"20x6" + content[place + 4 :])
    with Workspace.open(path, clock) as workspace, pytest.raises(StoreDamaged):
        workspace.read(lambda s: [(one.created_at, one.changed_at) for one in s.query(Person)])
