"""What a store is built of, held against what Krug builds: a file from elsewhere may bring programs of its own.

The statements are compared item by item and without regard to order, quotes, case and blanks: a column that a
migration added stands last in its table, and Alembic spells in its own way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from crm.i18n import Phrase, mark, phrase, phrase_plural
from crm.models import metadata
from crm.store.schema import SCHEMA_VERSION, SEARCH_TABLE, programs, schema_rank

SCHEMA: Final = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
_MOST_NAMED: Final = 5
_LONGEST_NAME: Final = 60
_HOUSEKEEPING: Final = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
"""Tables SQLite keeps for itself."""
_BESIDE: Final = (
    SEARCH_TABLE,
    "CREATE TABLE 'person_search_data' (id INTEGER PRIMARY KEY, block BLOB)",
    "CREATE TABLE 'person_search_idx' (segid, term, pgno, PRIMARY KEY (segid, term)) WITHOUT ROWID",
    "CREATE TABLE 'person_search_docsize' (id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER)",
    "CREATE TABLE 'person_search_config' (k PRIMARY KEY, v) WITHOUT ROWID",
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
)
"""What is in every store beside the models' tables: the search index with its own tables, Alembic's note."""
_FROZEN: Final = Path(__file__).parent / "migrations" / "versions"
_OUR_PROGRAMS: Final = ("journal_", "follow_")

SEAL: Final = "ad5b7a63b4d0046ef8f7998e9d080fa05f628e939a6935e78f3166ae2348abc1"
"""`seal` of a store made today: an opening that finds it need not build 150 statements to compare them (70 ms of CPU).
A test holds it against a new store."""

Row = tuple[Any, Any, Any, Any]


def strangeness(rows: Iterable[Row], version: int) -> tuple[Phrase, ...]:
    """What in `rows` (of `SCHEMA`) is not as Krug of schema `version` builds it, at most five things named.

    Programs of an older schema are not compared word for word: the migration drops every one before it begins.
    """
    rows = list(rows)
    if version == SCHEMA_VERSION and seal(rows) == SEAL:
        return ()
    if version == 0:
        # The program died before its first transaction: the file says what it is and holds nothing.
        return _told(("stranger", kind, name) for kind, name, _, _ in rows)
    here, known = schema_rank(version), schema_rank(SCHEMA_VERSION)
    if here < known:
        return _told(_differences(rows, _frozen(version), today=False))
    found = _differences(rows, _expected(), today=True)
    # What a later program added may be there, unless it acts by itself; what is ours must be as it is.
    return _told(one for one in found if here == known or not _may_be_added(one, rows))


def seal(rows: Iterable[Row]) -> str:
    """A digest of every word of a schema; SQLite's own tables, which come and go, apart."""
    words = sorted(repr(tuple(row)) for row in rows if row[0] != "table" or row[1] not in _HOUSEKEEPING)
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _may_be_added(difference: tuple[str, Any, Any], rows: list[Row]) -> bool:
    how, kind, name = difference
    if how == "stranger":
        return kind in ("table", "index")
    if how != "changed" or kind != "table":
        return False
    found = next(str(row[3]) for row in rows if row[0] == "table" and row[1] == name)
    ours = _expected().get(f"table {name}", "")
    return set(_parts(ours)) <= set(_parts(found)) and "generatedalways" not in found.lower().replace(" ", "")


def _parts(statement: str) -> list[str]:
    head, _, rest = normal(statement).partition("(")
    body, _, tail = rest.rpartition(")")
    return [head, tail, *_items(body)]


def _differences(rows: list[Row], expected: dict[str, str] | None, *, today: bool) -> list[tuple[str, Any, Any]]:
    found: list[tuple[str, Any, Any]] = []
    seen: set[str] = set()
    for kind, name, owner, statement in rows:
        if kind == "table" and name in _HOUSEKEEPING:
            continue
        if kind == "index" and statement is None and str(name).startswith("sqlite_autoindex_"):
            continue
        if kind == "trigger" and not today and str(name).startswith(_OUR_PROGRAMS):
            continue
        key = f"{kind} {name}"
        if expected is None:
            if kind not in ("table", "index"):
                found.append(("stranger", kind, name))
            continue
        if key not in expected or key in seen:
            found.append(("stranger", kind, name))
        elif not _same(statement, expected[key]) or (kind == "table" and owner != name):
            found.append(("changed", kind, name))
        seen.add(key)
    missing = [] if expected is None else sorted(set(expected) - seen)
    return found + [("missing", kind, name) for kind, _, name in (key.partition(" ") for key in missing)]


def _told(found: Iterable[tuple[str, Any, Any]]) -> tuple[Phrase, ...]:
    differences = list(found)
    told = [
        phrase(_WORDS.get((how, str(kind)), _SOMETHING), name=readable_name(name)) for how, kind, name in differences
    ]
    if len(told) > _MOST_NAMED:
        rest = len(told) - _MOST_NAMED + 1
        told[_MOST_NAMED - 1 :] = [phrase_plural("{count} thing more", "{count} things more", rest)]
    return tuple(told)


_WORDS: Final = {
    ("stranger", "table"): mark("a table of somebody else's, {name}"),
    ("stranger", "index"): mark("an index of somebody else's, {name}"),
    ("stranger", "trigger"): mark("a trigger of somebody else's, {name}"),
    ("stranger", "view"): mark("a view of somebody else's, {name}"),
    ("changed", "table"): mark("a changed table, {name}"),
    ("changed", "index"): mark("a changed index, {name}"),
    ("changed", "trigger"): mark("a changed trigger, {name}"),
    ("missing", "table"): mark("no table {name}"),
    ("missing", "index"): mark("no index {name}"),
    ("missing", "trigger"): mark("no trigger {name}"),
}
_SOMETHING: Final = mark("something of somebody else's, {name}")


def readable_name(name: object) -> str:
    """A stranger's name for a message: short, and nothing in it that a terminal or a label would obey."""
    shown = "".join(char if char.isprintable() else "?" for char in str(name)[:_LONGEST_NAME])
    return f"«{shown}…»" if len(str(name)) > _LONGEST_NAME else f"«{shown}»"


@cache
def _expected() -> dict[str, str]:
    dialect = sqlite.dialect()
    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    statements += [
        str(CreateIndex(index).compile(dialect=dialect)) for table in metadata.sorted_tables for index in table.indexes
    ]
    statements += _BESIDE
    statements += (statement for _, statement in programs())
    return _keyed(statements)


@cache
def _frozen(version: int) -> dict[str, str] | None:
    """Tables and indexes of an older schema where they were written down; None where nothing says what they were."""
    source = _FROZEN / f"{version:04}.sql"
    if not source.is_file():
        return None
    parts = source.read_text("utf-8").removesuffix(";\n").split(";\n\n")
    return _keyed([*(part for part in parts if part.startswith("CREATE")), *_BESIDE])


def _keyed(statements: Iterable[str]) -> dict[str, str]:
    keyed = {}
    for statement in statements:
        words = statement.replace("UNIQUE INDEX", "INDEX").replace("VIRTUAL TABLE", "TABLE").split(None, 3)
        name = words[2].split("(")[0].strip("\"'")
        keyed[f"{words[1].lower()} {name}"] = statement.strip()
    return keyed


def _same(found: object, expected: str) -> bool:
    # A store made today has our very words; the long way round is for one that was migrated.
    return isinstance(found, str) and (found == expected or normal(found) == normal(expected))


@cache
def normal(statement: str) -> str:
    """A CREATE statement without what does not matter: runs of blanks, quotes of names, case, order of the items."""
    parts = statement.split("'")
    parts[::2] = [_EDGES.sub(r"\1", " ".join(_BLANKS.split(part.replace('"', "").lower()))) for part in parts[::2]]
    plain = "'".join(parts).strip()
    if not plain.startswith(("create table ", "create virtual table ")):
        return plain
    head, bracket, rest = plain.partition("(")
    body, _, tail = rest.rpartition(")")
    return head + bracket + ",".join(sorted(_items(body))) + ")" + tail


_BLANKS: Final = re.compile(r"\s+")
_EDGES: Final = re.compile(r" ?([(),;]) ?")


def _items(body: str) -> list[str]:
    items: list[str] = []
    current: list[str] = []
    depth = 0
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            items.append("".join(current))
            current = []
        else:
            current.append(char)
    return [*items, "".join(current)]
