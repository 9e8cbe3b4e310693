"""A migration that ends at a chosen statement: by an exception in this process, or by a kill of a process of its own.

`python -m tests.support.interrupted STORE NUMBER` migrates and kills itself after statement NUMBER.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from crm.store.migrating import migrate
from crm.store.schema import SCHEMA_VERSION
from tests.support import old_files

ROOT = Path(__file__).resolve().parents[2]


class Interrupted(Exception):
    """What goes wrong in the middle."""


@contextmanager
def counting(limit: int = 0, *, kill: bool = False) -> Iterator[list[str]]:
    """Collect the statements that any engine runs, commits too; after number `limit` (from 1) raise, or kill."""
    seen: list[str] = []

    def count(statement: str) -> None:
        seen.append(statement)
        if len(seen) == limit:
            if kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Interrupted

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        count(statement)

    commit = DefaultDialect.do_commit

    def committed(dialect: DefaultDialect, connection: Any) -> None:
        commit(dialect, connection)
        count("COMMIT")

    event.listen(Engine, "after_cursor_execute", executed)
    # The engine's own event of a commit comes before it.
    DefaultDialect.do_commit = committed  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        event.remove(Engine, "after_cursor_execute", executed)
        DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def statements(packed: Path, folder: Path) -> int:
    """How many statements the migration of an old store runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with counting() as seen:
        migrate(old_files.take_out(packed, folder))
    return len(seen)


def run(packed: Path, folder: Path, number: int, *, kill: bool = False) -> str:
    """Interrupt the migration of `packed` in a new `folder` after statement `number`; says how the file fared.

    «old» or «new»: it opens at that version with equal rows; anything else is what is wrong with it.
    """
    folder.mkdir(parents=True)
    path = old_files.take_out(packed, folder)
    rows, old = old_files.row_hashes(path), old_files.version_of(path)
    if kill:
        child = [sys.executable, "-m", "tests.support.interrupted", str(path), str(number)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        code = subprocess.run(child, cwd=ROOT, env=environment, check=False).returncode
        if code != -signal.SIGKILL:
            return f"not killed: {code}"
    else:
        try:
            with counting(number):
                migrate(path)
        except Interrupted:
            pass
        else:
            return "not interrupted"
    found = old_files.version_of(path)
    if found not in (old, SCHEMA_VERSION):
        return f"version {found}"
    if old_files.row_hashes(path) != rows:
        return "rows differ"
    migrate(path)
    if old_files.version_of(path) != SCHEMA_VERSION or old_files.row_hashes(path) != rows:
        return "does not migrate any more"
    return "old" if found == old else "new"


def battery(folder: Path, number: int, seed: int, *, kill: bool) -> dict[str, int]:
    """Interrupt the migrations of all old stores at `number` statements each, chosen anew; how the files fared."""
    fared: dict[str, int] = {}
    chance = random.Random(seed)
    for packed in old_files.all_files():
        here = folder / packed.name.removesuffix(".gz")
        many = statements(packed, here / "count")
        for turn in range(number):
            place = here / str(turn)
            said = run(packed, place, chance.randrange(1, many + 1), kill=kill)
            fared[said] = fared.get(said, 0) + 1
            shutil.rmtree(place)
    return fared


if __name__ == "__main__":
    with counting(int(sys.argv[2]), kill=True):
        migrate(Path(sys.argv[1]))
