"""The weekly proof that copies are worth something: the newest is really brought back, into a file of its own.

What came back is compared with the copy table by table and row by row, and with the open store where nothing changed
since. The result lies beside the copies, so that it can be shown while the store is locked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from crm import paths
from crm.errors import CrmError
from crm.files import write_whole
from crm.store.copies import Copied, Report, Snapshot, folder_of, newest_sound, own_secret, silent, told_apart
from crm.store.copy_check import state_of
from crm.store.driver import connect, driver_errors
from crm.store.key import Key
from crm.store.restoring import restore
from crm.store.schema import SCHEMA_VERSION, fact_tables

EVERY: Final = timedelta(days=7)
FOLDER: Final = "test-"
"""How the folder begins that a test works in; a later sweep takes away what a killed one left."""
_RESULT: Final = "self-test.json"
_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Tested:
    """How a test ended: `trouble` is «» when all is well, else the name of the table, or the code of the error.

    `live` says that the open store was compared too.
    """

    at: datetime
    copy: str
    tables: int = 0
    rows: int = 0
    live: bool = False
    trouble: str = ""

    @property
    def well(self) -> bool:
        """All came back."""
        return not self.trouble


def last_test(folder: Path) -> Tested | None:
    """How the last test ended; None where there was none."""
    try:
        facts = json.loads((folder / _RESULT).read_text("utf-8"))
        return Tested(**{**facts, "at": datetime.fromisoformat(facts["at"]).astimezone(UTC)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_due(folder: Path, now: datetime) -> bool:
    """A week has gone since the last test, and there is a copy to test."""
    last = last_test(folder)
    return newest_sound(folder) is not None and (last is None or now - last.at >= EVERY)


def run_test(workspace: Copied, report: Report = silent) -> Tested | None:
    """Bring back the newest sound copy of an open store and compare; None where there is no copy.

    A difference or an error is a result, not an exception; only `Cancelled`, CopyDiskFull and CopyNoRights are raised.
    """
    folder = folder_of(workspace.path)
    copy = newest_sound(folder, workspace.clock())
    if copy is None:
        return None
    now = workspace.clock().astimezone(UTC)
    with told_apart(folder), _place(folder) as place:
        tested = Tested(now, copy.path.name)
        try:
            back = place / "back.krug"
            restore(back, copy.path, workspace.clock, own_secret(workspace))
            report(40, 100)
            # The picture is taken late: where no log keeps them apart, whoever writes waits for it.
            with workspace.snapshot() as today:
                key = today.key if copy.encrypted else None
                tested = _compare(tested, back, copy.path, key, today, report)
        except CrmError as error:
            if error.code in {"copy_disk_full", "copy_no_rights", "disk_full"}:
                raise
            tested = replace(tested, trouble=error.code)
        except driver_errors() as error:
            tested = replace(tested, trouble=type(error).__name__)
        write_whole(folder / _RESULT, (json.dumps({**asdict(tested), "at": now.isoformat()}) + "\n").encode())
    report(100, 100)
    return tested


@contextlib.contextmanager
def _place(folder: Path) -> Iterator[Path]:
    for left in paths.private_folder(folder).glob(f"{FOLDER}*"):
        shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=FOLDER, dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _compare(tested: Tested, back: Path, copy: Path, key: Key | None, today: Snapshot, report: Report) -> Tested:
    with (
        contextlib.closing(connect(back, key, untouched=True)) as one,
        contextlib.closing(connect(copy, key, untouched=True)) as two,
    ):
        # An older copy was brought up to today's schema: its rows look different, their number must not.
        whole = int(two.execute("PRAGMA user_version").fetchone()[0]) == SCHEMA_VERSION
        live = whole and state_of(two) == state_of(today.connection)
        if not live and today.connection.in_transaction:
            today.connection.execute("ROLLBACK")
        names = [table.name for table in fact_tables()]
        there = {row[0] for row in two.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        tables = rows = 0
        for done, name in enumerate(name for name in names if name in there):
            report(40 + 60 * done // len(names), 100)
            found = _print_of(one, name, report, whole=whole)
            others = [_print_of(two, name, report, whole=whole)]
            if live:
                others.append(_print_of(today.connection, name, report, whole=whole))
            if any(other != found for other in others):
                return replace(tested, tables=tables, rows=rows, live=live, trouble=name)
            tables, rows = tables + 1, rows + found[0]
    return replace(tested, tables=tables, rows=rows, live=live)


def _print_of(connection: Any, name: str, report: Report, *, whole: bool) -> tuple[int, str]:
    """How many rows a table has, and a hash of all of them."""
    if not whole:
        return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]), ""
    digest, count = hashlib.sha256(), 0
    cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
    while rows := cursor.fetchmany(_ROWS):
        digest.update(repr(rows).encode("utf-8", "surrogatepass"))
        count += len(rows)
        report(50, 100)
    return count, digest.hexdigest()
