"""Is the store in order: every rule that the tables, the journal and the derived rows should keep, looked at.

`check` reads only. `mend` makes anew what is derived from facts, and nothing else: a broken fact is a person's to
decide on, or a copy's to replace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import CheckConstraint, Connection
from sqlalchemy.exc import DatabaseError

from crm.i18n import Phrase, phrase, phrase_plural
from crm.models import metadata
from crm.store import chain, derived, looking
from crm.store.errors import StoreDamaged
from crm.store.key import Key
from crm.store.schema import SEARCH_TABLE
from crm.store.shape import SCHEMA, strangeness

Report = Callable[[int, int], None]
PEOPLE: Final = "SELECT count(*) FROM person WHERE deleted_at IS NULL"


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule: a stable code, a sentence, how many rows break it; `derived` is what `mend` can make anew."""

    code: str
    what: Phrase
    count: int
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found. `readable` is False where pages are damaged or a stranger built them: nothing else was
    looked at then.
    """

    schema: int
    people: int | None
    problems: tuple[Problem, ...]
    readable: bool = True

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.problems

    @property
    def mendable(self) -> bool:
        """Something is wrong that `mend` makes anew."""
        return any(problem.derived for problem in self.problems)


def check_file(path: Path, key: Key | None, report: Report | None = None) -> Health:
    """`check` of the store at `path`, without touching a byte; whoever calls holds its lock.

    Raises StoreDamaged where not even a table can be read.
    """
    try:
        with looking.reading(path, key) as connection:
            return check(connection, report)
    except (DatabaseError, UnicodeError) as error:
        raise StoreDamaged(path=str(path)) from error


def check(connection: Connection, report: Report | None = None) -> Health:
    """Look at every rule, reading only. `report(step, of)` may raise to stop; the answer is complete or absent."""
    steps = (_rows_that_point_nowhere, _owners, _search, _names, _scores, _totals, _queues, _journal, _numbers)
    tell = report or (lambda _step, _of: None)
    tell(0, len(steps) + 1)
    schema = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    complaints = looking.complaints(connection)
    if complaints.pages:
        what = phrase_plural(
            "{count} place of the file does not read", "{count} places of the file do not read", len(complaints.pages)
        )
        return Health(schema, None, (Problem("page_damage", what, len(complaints.pages)),), readable=False)
    rows = [(row[0], row[1], row[2], row[3]) for row in connection.exec_driver_sql(SCHEMA)]
    if strange := strangeness(rows, schema):
        found = ", ".join(one.text() for one in strange)
        what = phrase("The file is not built as Krug builds it: {found}", found=found)
        return Health(schema, None, (Problem("stranger", what, len(strange)),), readable=False)
    problems = list(_values(connection, complaints))
    for number, step in enumerate(steps, start=1):
        tell(number, len(steps) + 1)
        if step is not _search or not complaints.search:
            problems += step(connection)
    people = int(connection.exec_driver_sql(PEOPLE).scalar_one())
    tell(len(steps) + 1, len(steps) + 1)
    return Health(schema, people, tuple(problems))


def mend(connection: Connection, today: date) -> None:
    """Make search, names, scores and totals anew from the facts, inside the open transaction."""
    derived.rebuild(connection, today)


def _values(connection: Connection, complaints: looking.Complaints) -> Iterator[Problem]:
    count = sum(not told.startswith("CHECK") for told in complaints.values)
    # Asked here and not of SQLite: its own check was seen to pass over rows that break a rule.
    for table in metadata.sorted_tables:
        rules = [str(rule.sqltext) for rule in table.constraints if isinstance(rule, CheckConstraint)]
        if rules:
            broken = " OR ".join(f"NOT ({rule})" for rule in rules)
            count += connection.exec_driver_sql(f"SELECT count(*) FROM {table.name} WHERE {broken}").scalar_one()
    if count:
        what = phrase_plural(
            "{count} row holds a value it may not hold", "{count} rows hold values they may not hold", count
        )
        yield Problem("bad_value", what, count)
    if complaints.search:
        yield Problem("search_damaged", phrase("The search index does not read"), len(complaints.search), derived=True)


def _rows_that_point_nowhere(connection: Connection) -> Iterator[Problem]:
    counts: dict[str, int] = {}
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        counts[row[0]] = counts.get(row[0], 0) + 1
    for table, count in sorted(counts.items()):
        what = phrase_plural(
            "{count} row of {table} leans on a row that is not there",
            "{count} rows of {table} lean on rows that are not there",
            count,
            table=table,
        )
        yield Problem("foreign_key", what, count)


def _owners(connection: Connection) -> Iterator[Problem]:
    """References that no key guards: a file belongs to a row of any table, an imported file to a deed."""
    count = 0
    for (table,) in connection.exec_driver_sql("SELECT DISTINCT owner_table FROM attachment").all():
        known = table in metadata.tables and "id" in metadata.tables[table].columns
        alive = f"AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.id = a.owner_id)" if known else ""
        count += connection.exec_driver_sql(
            f"SELECT count(*) FROM attachment a WHERE a.owner_table = ? {alive}", (table,)
        ).scalar_one()
    if count:
        what = phrase_plural("{count} file belongs to nothing", "{count} files belong to nothing", count)
        yield Problem("orphan_attachment", what, count)
    count = connection.exec_driver_sql(
        # What was imported before the journal begins has its deed in none.
        "SELECT count(*) FROM import_file WHERE deed_id NOT IN (SELECT id FROM deed) "
        "AND deed_id > (SELECT min(id) FROM deed)"
    ).scalar_one()
    if count:
        what = phrase_plural(
            "{count} import has no deed in the journal", "{count} imports have no deed in the journal", count
        )
        yield Problem("orphan_import", what, count)


def _search(connection: Connection) -> Iterator[Problem]:
    # The index keeps no text of its own: it is gathered anew in memory, and the words of both are compared.
    connection.exec_driver_sql(SEARCH_TABLE.replace("person_search", "temp.expected_search", 1))
    try:
        connection.exec_driver_sql(derived.gather_into("temp.expected_search"))
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.found_word USING fts5vocab(main, person_search, instance)"
        )
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.expected_word USING fts5vocab(temp, expected_search, instance)"
        )
        words = "SELECT doc, term, col FROM"
        count = connection.exec_driver_sql(
            f"SELECT count(DISTINCT doc) FROM (SELECT * FROM ({words} found_word EXCEPT {words} expected_word) "
            f"UNION ALL SELECT * FROM ({words} expected_word EXCEPT {words} found_word))"
        ).scalar_one()
    finally:
        for name in ("found_word", "expected_word", "expected_search"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{name}")
    if count:
        what = phrase_plural(
            "Search knows {count} person otherwise than the store",
            "Search knows {count} people otherwise than the store",
            count,
        )
        yield Problem("search_out_of_step", what, count, derived=True)


def _names(connection: Connection) -> Iterator[Problem]:
    known = set(connection.exec_driver_sql("SELECT word FROM name_word").scalars())
    missing: set[str] = set()
    for (names,) in connection.exec_driver_sql("SELECT search_names FROM person"):
        # A word of a name that was changed since may stay: it only makes one more suggestion.
        missing.update(word for word in names.split() if word not in known)
    if missing:
        what = phrase_plural(
            "{count} word of a name is missing from search",
            "{count} words of names are missing from search",
            len(missing),
        )
        yield Problem("names_out_of_step", what, len(missing), derived=True)


def _scores(connection: Connection) -> Iterator[Problem]:
    # Points and levels move with the calendar; visits do not.
    count = connection.exec_driver_sql("""
        SELECT count(*) FROM (
          SELECT person_id, count(*) AS visits, min(event_on) AS first, max(event_on) AS last FROM attendance
          WHERE status IN ('attended', 'walk_in') GROUP BY person_id
        ) v FULL JOIN person_score s ON s.person_id = v.person_id
        WHERE coalesce(v.visits, 0) <> coalesce(s.attended, 0) OR v.first IS NOT s.first_visit_on
          OR v.last IS NOT s.last_visit_on OR (s.level = 'none') <> (v.visits IS NULL)
    """).scalar_one()
    if count:
        what = phrase_plural(
            "The level of {count} person is out of step with the visits",
            "The levels of {count} people are out of step with the visits",
            count,
        )
        yield Problem("scores_out_of_step", what, count, derived=True)


def _totals(connection: Connection) -> Iterator[Problem]:
    connection.exec_driver_sql("CREATE TEMP TABLE expected_totals AS SELECT * FROM event_totals WHERE 0")
    try:
        connection.exec_driver_sql(derived.count_into("temp.expected_totals"))
        count = connection.exec_driver_sql(
            "SELECT count(DISTINCT event_id) FROM ("
            "SELECT * FROM (SELECT * FROM main.event_totals EXCEPT SELECT * FROM temp.expected_totals) UNION ALL "
            "SELECT * FROM (SELECT * FROM temp.expected_totals EXCEPT SELECT * FROM main.event_totals))"
        ).scalar_one()
    finally:
        connection.exec_driver_sql("DROP TABLE temp.expected_totals")
    if count:
        what = phrase_plural(
            "The totals of {count} event are out of step", "The totals of {count} events are out of step", count
        )
        yield Problem("totals_out_of_step", what, count, derived=True)


def _queues(connection: Connection) -> Iterator[Problem]:
    count = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM stale_person) + (SELECT count(*) FROM stale_event)"
    ).scalar_one()
    if count:
        what = phrase_plural(
            "{count} row was left waiting to follow", "{count} rows were left waiting to follow", count
        )
        yield Problem("queue_left", what, count, derived=True)


def _journal(connection: Connection) -> Iterator[Problem]:
    if connection.exec_driver_sql("SELECT deed_id FROM open_deed").scalars().all() != [None]:
        yield Problem("deed_open", phrase("A deed was left open in the journal"), 1)
    if gaps := chain.deeds_with_gaps(connection):
        what = phrase_plural(
            "{count} deed lacks changes in the journal", "{count} deeds lack changes in the journal", gaps
        )
        yield Problem("journal_gap", what, gaps)
    if broken := chain.broken_links(connection):
        what = phrase_plural(
            "The entry of {count} deed in the journal was changed",
            "The entries of {count} deeds in the journal were changed",
            broken,
        )
        yield Problem("journal_chain", what, broken)


def _numbers(connection: Connection) -> Iterator[Problem]:
    """Numbers are never used again: the counter of a table stands at or past every number it gave."""
    given = {
        str(name): int(number or 0)
        for name, number in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
    }
    noted = {
        str(name): int(number)
        for name, number in connection.exec_driver_sql("SELECT table_name, max(row_id) FROM change GROUP BY table_name")
    }
    behind = 0
    for table in metadata.sorted_tables:
        if table.dialect_options["sqlite"]["autoincrement"]:
            highest = connection.exec_driver_sql(f"SELECT max(id) FROM {table.name}").scalar() or 0
            behind += given.get(table.name, 0) < max(highest, noted.get(table.name, 0))
    if behind:
        what = phrase_plural("{count} table may give a number twice", "{count} tables may give a number twice", behind)
        yield Problem("numbers_behind", what, behind)
