"""A migration that ends at a chosen statement: by an exception in this process, or by a kill of a child of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from crm.store.migrating import migrate
from crm.store.schema import SCHEMA_VERSION
from tests.support import old_files
from tests.support.forks import Say, finished


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
        code = finished(partial(_migrate_and_die, path, number)).code
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


def _migrate_and_die(path: Path, number: int, _: Say) -> None:
    with counting(number, kill=True):
        migrate(path)
