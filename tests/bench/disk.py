"""B13: what a person costs on the disk, with a phone, an e-mail and the search index; the journal apart."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.services import importing
from crm.services.demo.tables import names
from crm.store.driver import connect
from crm.store.workspace import Workspace
from tests.bench import large
from tests.bench.large import CLOCK
from tests.bench.row import Row

BYTES = 1_285.0
_JOURNAL = ("change", "deed")
_FACTS = ("person", "contact_point")


def measure(_: Path) -> list[Row]:
    """Import so many people with names as L's, VACUUM, and divide what an empty store does not have.

    What the import itself remembers of its rows is in it; the journal is taken out of a second measure of the file.
    """
    people = large.PEOPLE
    with tempfile.TemporaryDirectory(prefix="krug-bench-") as home:
        store = Path(home) / "people.krug"
        with Workspace.create(store, CLOCK) as workspace:
            source = Source("people.csv", "csv", "utf-8", "0" * 64, _people(0))
            workspace.write(phrase("Import"), lambda session: importing.import_people(session, [source], CLOCK))
        empty = _packed(store, journal=False)
        store.unlink()
        with Workspace.create(store, CLOCK) as workspace:
            source = Source("people.csv", "csv", "utf-8", "0" * 64, _people(people))
            workspace.write(phrase("Import"), lambda session: importing.import_people(session, [source], CLOCK))
        raw = _raw(store, Path(home) / "raw.krug")
        whole, bare = _packed(store), _packed(store, journal=False)
    ours = (bare - empty) / people
    note = f"{people:,} people; the journal besides: {(whole - bare) / people:.0f} B"
    return [Row("B13", "disk: bytes of a person", ours, "B", "≤ 1,285 B", ours <= BYTES, raw / people, note)]


def _people(count: int) -> Iterator[ImportedPerson]:
    """Names as the demo invents them, one phone and one e-mail each."""
    every = list(names().values())
    chance = random.Random(1)
    for number in range(count):
        heritage, woman = chance.choice(every), number % 2
        yield ImportedPerson(
            Place(CARD, number),
            family_name=chance.choice(heritage.family)[woman],
            given_name=chance.choice(heritage.given[woman]),
            contacts=(
                ImportedContact("phone", f"+79{number:09}"),
                ImportedContact("email", f"person{number}@example.com"),
            ),
        )


def _packed(store: Path, *, journal: bool = True) -> int:
    """Bytes of the file after VACUUM; without the `journal` its rows are thrown away first, for good."""
    with contextlib.closing(connect(store, foreign_keys=False)) as connection:
        if not journal:
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            for table in _JOURNAL:
                connection.execute(f"DELETE FROM {table}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store.stat().st_size


def _raw(store: Path, target: Path) -> int:
    """Bytes of the rows of people and their contact points alone, without an index."""
    with contextlib.closing(connect(store)) as connection:
        connection.execute("ATTACH ? AS raw", (f"file:{target}?mode=rwc",))
        for table in _FACTS:
            connection.execute(f"CREATE TABLE raw.{table} AS SELECT * FROM main.{table}")
    return target.stat().st_size
