"""The schema beside the tables: journal triggers, the search index, queues of what must follow, and creation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, Connection, LargeBinary, Table

from crm import models
from crm.models import metadata
from crm.store.driver import APPLICATION_ID

SCHEMA_VERSION: Final = 2
"""`user_version` of the file: the schema's number, and a thousand for every later addition that a program without it
may ignore (a new table of records, a column with a default that no trigger reads): 2, 1002, 2002, then 3."""
REVISION: Final = "0002"
"""Alembic's name of the newest migration."""
_MINOR: Final = 1_000


def schema_rank(version: int) -> tuple[int, int]:
    """The schema's number and how many additions it has, in the order in which versions follow each other."""
    minor, major = divmod(version, _MINOR)
    return major, minor


def is_newer(version: int, known: int = SCHEMA_VERSION) -> bool:
    """Whether a program that knows `known` must leave a store of `version` alone; additions alone do not hurt it."""
    return schema_rank(version)[0] > schema_rank(known)[0]


SEARCH_TABLE: Final = """
CREATE VIRTUAL TABLE person_search USING fts5(
  names, handles, digits, organisation, facts, notes,
  content='', contentless_delete=1, detail=column, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0'
)"""

EVENT_KINDS: Final = (("meeting", "blue"), ("webinar", "teal"), ("talk", "plum"))
"""Built-in kinds of events (встреча, вебинар, беседа) with their colours; own kinds are rows like these."""


def fact_tables() -> list[Table]:
    """The journaled tables, parents before children."""
    return [table for table in metadata.sorted_tables if table.info.get("nature") == "fact"]


def row_as_json(table: Table, alias: str) -> str:
    """An SQL expression: the row `alias` of `table` as JSON, blobs as hexadecimal text."""
    pairs = ", ".join(f"'{column.name}', {_journal_value(column, alias)}" for column in table.columns)
    return f"json_object({pairs})"


def value_from_json(column: Column[object], source: str) -> str:
    """An SQL expression: the value of `column` out of the JSON `source`."""
    value = f"json_extract({source}, '$.{column.name}')"
    return f"unhex({value})" if isinstance(column.type, LargeBinary) else value


def _journal_value(column: Column[object], alias: str) -> str:
    value = f'{alias}."{column.name}"'
    return f"hex({value})" if isinstance(column.type, LargeBinary) else value


def journal_triggers() -> Iterator[tuple[str, str]]:
    """Names and statements of the triggers that note every change of a fact.

    Between deeds `open_deed.deed_id` is null and `change.deed_id` may not be, so a write outside a deed fails.
    """
    for table in fact_tables():
        name = table.name
        owner = {"person": "id"}.get(name, "person_id" if "person_id" in table.columns else "")
        changed = " OR ".join(
            f'OLD."{column.name}" IS NOT NEW."{column.name}"' for column in table.columns if column.name != "id"
        )
        for action, moment, row, condition, before in (
            ("I", "INSERT", "NEW", "", "NULL"),
            ("U", "UPDATE", "OLD", f" WHEN {changed}", row_as_json(table, "OLD")),
            ("D", "DELETE", "OLD", "", row_as_json(table, "OLD")),
        ):
            person = f"{row}.{owner}" if owner else "NULL"
            yield (
                f"journal_{name}_{moment.lower()}",
                f"CREATE TRIGGER journal_{name}_{moment.lower()} AFTER {moment} ON {name}{condition} BEGIN "
                "INSERT INTO change (deed_id, table_name, row_id, action, before, person_id) "
                f"SELECT deed_id, '{name}', {row}.id, '{action}', {before}, {person} FROM open_deed; END",
            )


def _queue(name: str, moment: str, table: str, statements: str, condition: str = "") -> tuple[str, str]:
    trigger = f"follow_{name}"
    return trigger, f"CREATE TRIGGER {trigger} AFTER {moment} ON {table}{condition} BEGIN {statements} END"


_STALE: Final = {
    "search": (
        "INSERT INTO stale_person (person_id, search, score) {values}, 1, 0 {where} "
        "ON CONFLICT (person_id) DO UPDATE SET search = 1;"
    ),
    "score": (
        "INSERT INTO stale_person (person_id, search, score) {values}, 0, 1 {where} "
        "ON CONFLICT (person_id) DO UPDATE SET score = 1;"
    ),
}


def _stale_person(value: str, queue: str) -> str:
    return _STALE[queue].format(values=f"SELECT {value}", where=f"WHERE {value} IS NOT NULL")


def _stale_event(value: str) -> str:
    return f"INSERT INTO stale_event (event_id) SELECT {value} WHERE {value} IS NOT NULL ON CONFLICT DO NOTHING;"


def follow_triggers() -> Iterator[tuple[str, str]]:
    """Names and statements of the triggers that queue people and events whose derived rows must follow.

    They only queue: gathering text in a trigger for every contact point of a person would do the work several times,
    while the store gathers once, at the end of the deed, in the same transaction (crm/store/derived.py).
    """
    searched = "search_names, search_note, search_city, job_title, organisation_id, deleted_at"
    yield _queue("person_insert", "INSERT", "person", _stale_person("NEW.id", "search"))
    yield _queue("person_update", f"UPDATE OF {searched}", "person", _stale_person("NEW.id", "search"))
    yield _queue(
        "person_referral",
        "UPDATE OF referred_by_id, kind, deleted_at",
        "person",
        _stale_person("OLD.referred_by_id", "score")
        + _stale_person("NEW.referred_by_id", "score")
        + _stale_person("NEW.id", "score"),
    )
    yield _queue(
        "person_delete",
        "DELETE",
        "person",
        _stale_person("OLD.id", "search") + _stale_person("OLD.referred_by_id", "score"),
    )
    # A row that changes hands (a merge) is missed by whom it leaves as much as by whom it reaches.
    moments = (("insert", ("NEW",)), ("update", ("OLD", "NEW")), ("delete", ("OLD",)))
    for table in ("contact_point", "person_tag"):
        for moment, rows in moments:
            stale = "".join(_stale_person(f"{row}.person_id", "search") for row in rows)
            yield _queue(f"{table}_{moment}", moment.upper(), table, stale)
    yield _queue(
        "organisation_name",
        "UPDATE OF search_name",
        "organisation",
        _STALE["search"].format(values="SELECT id", where="FROM person WHERE organisation_id = NEW.id"),
    )
    yield _queue(
        "tag_name",
        "UPDATE OF search_name",
        "tag",
        _STALE["search"].format(values="SELECT person_id", where="FROM person_tag WHERE tag_id = NEW.id"),
    )
    for moment, rows in moments:
        for table in ("attendance", "response"):
            yield _queue(
                f"{table}_{moment}",
                moment.upper(),
                table,
                "".join(_stale_person(f"{row}.person_id", "score") + _stale_event(f"{row}.event_id") for row in rows),
            )
        yield _queue(
            f"answer_{moment}",
            moment.upper(),
            "answer",
            "INSERT INTO stale_event (event_id) SELECT event_id FROM response "
            f"WHERE id = {rows[-1]}.response_id AND event_id IS NOT NULL ON CONFLICT DO NOTHING;",
            " WHEN " + " OR ".join(f"{row}.kind = 'nps'" for row in rows),
        )
    yield _queue("event_insert", "INSERT", "event", _stale_event("NEW.id"))
    yield _queue("event_delete", "DELETE", "event", _stale_event("OLD.id"))
    yield _queue(
        "event_format",
        "UPDATE OF format",
        "event",
        _STALE["score"].format(values="SELECT person_id", where="FROM attendance WHERE event_id = NEW.id"),
    )


def programs() -> Iterator[tuple[str, str]]:
    """Names and statements of everything in a store that acts by itself; anything else there is a stranger's."""
    yield from journal_triggers()
    yield from follow_triggers()


def create_beside_tables(connection: Connection) -> None:
    """Make the search index and every trigger; the tables must be there."""
    connection.exec_driver_sql(SEARCH_TABLE)
    for _, statement in programs():
        connection.exec_driver_sql(statement)


def create_schema(connection: Connection) -> None:
    """Make a whole new store inside the open transaction: what `alembic upgrade head` makes, without importing it.

    `tests/store/test_migrations.py` keeps the two equal.
    """
    metadata.create_all(connection)
    create_beside_tables(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (REVISION,))
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def seed(connection: Connection, notes: dict[str, str]) -> None:
    """Fill what every store has from the start; runs without a deed, before the first one."""
    connection.exec_driver_sql("DELETE FROM open_deed")
    connection.execute(
        models.EventKind.__table__.insert(),  # type: ignore[attr-defined]  # a Table, typed as FromClause
        [{"key": key, "colour": colour, "position": n} for n, (key, colour) in enumerate(EVENT_KINDS)],
    )
    connection.execute(
        models.StoreNote.__table__.insert(),  # type: ignore[attr-defined]  # as above
        [{"key": key, "value": value} for key, value in notes.items()],
    )
    connection.exec_driver_sql("INSERT INTO open_deed (id, deed_id) VALUES (1, NULL)")
