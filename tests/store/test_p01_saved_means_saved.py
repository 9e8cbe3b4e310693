"""P1: what was acknowledged is there after `kill -9`, and what was not is there whole or not at all."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.store.key import Secret
from crm.store.workspace import Workspace
from tests.support.aged import families, quick

ROWS = 5
CHILD = f"""
import sys
from pathlib import Path
from crm import clock
from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.services import importing
from crm.store.workspace import Workspace

workspace = Workspace.open_or_create(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 1_000_000):
    rows = [
        ImportedPerson(
            Place(CARD, row), uid=f"{{number}}-{{row}}", family_name=f"Щёголев{{number}}", tags=("клуб",),
            contacts=(ImportedContact("email", f"p{{number}}.{{row}}@example.com"),), note=str(number),
        )
        for row in range({ROWS})
    ]
    source = Source("list.vcf", "vcard", "utf-8", "0" * 64, rows)
    workspace.write(phrase("Import"), lambda s: importing.import_people(s, [source], clock.now))
    print(number, flush=True)
"""


def look(session: Session) -> tuple[dict[int, int], str, int, int]:
    people = {
        int(number): count
        for number, count in session.execute(
            text(
                "SELECT p.note, count(*) FROM person p JOIN contact_point c ON c.person_id = p.id "
                "JOIN person_tag t ON t.person_id = p.id JOIN person_search f ON f.rowid = p.id GROUP BY p.note"
            )
        )
    }
    sound = str(session.execute(text("PRAGMA integrity_check")).scalar_one())
    everyone = int(session.execute(text("SELECT count(*) FROM person")).scalar_one())
    ragged = "SELECT count(*) FROM deed d WHERE last_change IS NOT (SELECT max(id) FROM change WHERE deed_id = d.id)"
    return people, sound, everyone, int(session.execute(text(ragged)).scalar_one())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_program_loses_nothing_it_acknowledged_and_leaves_nothing_half_done(
    tmp_path: Path, clock: Clock
) -> None:
    store = tmp_path / "community.krug"
    chance = random.Random(1)
    acknowledged: set[int] = set()
    for kill in range(10):
        command = [sys.executable, "-c", CHILD, str(store), str(kill * 100_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            acknowledged.add(int(child.stdout.readline()))
            # Not a wait for anything: the moment of the blow is what chance decides.
            time.sleep(chance.uniform(0, 0.03))
            child.kill()
            acknowledged.update(int(line) for line in child.stdout.read().splitlines(keepends=True) if line[-1] == "\n")
        with Workspace.open(store, clock) as workspace:
            people, sound, everyone, ragged = workspace.read(look)
        assert acknowledged <= people.keys()
        assert set(people.values()) == {ROWS}
        assert everyone == ROWS * len(people)
        assert (sound, ragged) == ("ok", 0)
    assert len(acknowledged) >= 10


@pytest.mark.parametrize("secret", [None, quick])
def test_p01_a_kill_while_the_log_goes_into_the_file_is_no_damage(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, secret: Secret | None
) -> None:
    """SQLite writes page one first: a new schema's root then leads to pages that only the log has."""
    path, killed = tmp_path / "s.krug", tmp_path / "killed.krug"
    checkpoint = Workspace._checkpoint

    def kept_before(workspace: Workspace) -> None:
        for ending in ("", "-wal"):
            source = path.with_name(path.name + ending)
            if not killed.with_name(killed.name + ending).exists():
                shutil.copyfile(source, killed.with_name(killed.name + ending))
        checkpoint(workspace)

    monkeypatch.setattr(Workspace, "_checkpoint", kept_before)
    Workspace.create(path, clock, secret=secret).close()
    log = killed.with_name("killed.krug-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    frames = (log[start : start + 24 + page] for start in range(32, len(log), 24 + page))
    first = [frame[24:] for frame in frames if frame[:4] == b"\0\0\0\1"]
    with killed.open("r+b") as file:
        file.write(first[-1])
    with Workspace.open(killed, clock, secret) as workspace:
        assert families(workspace) == []
