"""Deeds: opening and closing them, and turning them back.

A deed may be turned back while every row it touched still is as the deed left it. That state is known without storing
it: it is what the next change of the row found, or the row itself when nothing changed it since. So an undone later
deed is in nobody's way, and a standing one always is. A row that a later deed hung onto one this deed made (a visit
of an imported person) is in the way too: turning back would take it along. So is a later deed that took away what a
row would lean on again (the organisation of a person).

Consents are only ever added to: the undo of one adds a row «entered by mistake», its redo adds the consent anew. They
leave together with a person whose coming is undone.

The bytes of a file stay when the deed that brought them is undone, or the journal would hold them twice over, as text:
what no row leads to any more goes by `unused_files`. So other rows with the same bytes are in nobody's way.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from crm import clock as clocks
from crm import i18n, text
from crm.i18n import Phrase
from crm.models import Deed, metadata, new_uid
from crm.store.errors import DeedThinned, NothingToRedo, NothingToUndo, UndoRefused
from crm.store.schema import fact_tables, row_as_json, value_from_json

_PLURAL: Final = "__many"
_BYTES: Final = "attachment_content"


@dataclass(frozen=True, slots=True)
class Turned:
    """A deed that was turned back: its own number, the label of what it turned back, the tables touched."""

    deed: int
    label: Phrase
    tables: frozenset[str]
    redone: bool


def pack(label: Phrase) -> tuple[str, dict[str, Any]]:
    """A phrase as a deed stores it; a file's name may hold what no store takes."""
    arguments = {
        name: text.clean(value) if isinstance(value, str) else value for name, value in label.arguments.items()
    }
    if label.many:
        arguments[_PLURAL] = label.many
    return label.message, arguments


def unpack(message: str, arguments: dict[str, Any]) -> Phrase:
    """The phrase a deed stores."""
    rest = {name: value for name, value in arguments.items() if name != _PLURAL}
    return Phrase(message, rest, str(arguments.get(_PLURAL, "")))


def open_deed(
    connection: Connection, label: Phrase, at: datetime, kind: str = "do", reverses: int | None = None
) -> int:
    """Begin a deed inside the open transaction: from here on the triggers note every change under its number."""
    message, arguments = pack(label)
    number = connection.execute(
        insert(Deed)
        .values(uid=new_uid(), kind=kind, label=message, arguments=arguments, at=at, reverses_id=reverses)
        .returning(Deed.id)
    ).scalar_one()
    connection.exec_driver_sql("UPDATE open_deed SET deed_id = ?", (number,))
    return number


def close_deed(connection: Connection, deed: int, root: int | None = None) -> frozenset[str]:
    """End the deed: note what it touched and chain its header. A deed that changed nothing leaves no entry; an undo or
    redo (one with a `root`) always does.

    Returns the names of the tables touched.
    """
    connection.exec_driver_sql("UPDATE open_deed SET deed_id = NULL")
    previous = connection.exec_driver_sql(
        "SELECT id, last_change, hash FROM deed WHERE id < ? ORDER BY id DESC LIMIT 1", (deed,)
    ).first()
    after = (previous[1] or 0) if previous else 0
    first, last = connection.exec_driver_sql("SELECT min(id), max(id) FROM change WHERE id > ?", (after,)).one()
    if first is None:
        if root is None:
            connection.exec_driver_sql("DELETE FROM deed WHERE id = ?", (deed,))
            return frozenset()
        # The undo of a deed that took back itself what it did: it stays, with an empty span, or redo would not know it.
        first, last = after + 1, after
    # Left to itself SQLite reads the names out of the index on rows: all of the journal instead of this deed's end.
    touched = connection.exec_driver_sql("SELECT DISTINCT table_name FROM change NOT INDEXED WHERE id > ?", (after,))
    tables = [row[0] for row in touched]
    previous_hash = previous[2] if previous else ""
    row = connection.execute(select(Deed.uid, Deed.kind, Deed.label, Deed.at).where(Deed.id == deed)).one()
    connection.execute(
        update(Deed)
        .where(Deed.id == deed)
        .values(
            root_id=root,
            first_change=first,
            last_change=last,
            tables=",".join(sorted(tables)),
            previous_hash=previous_hash,
            hash=header_hash(previous_hash, row.uid, row.kind, row.label, row.at, first, last),
        )
    )
    return frozenset(tables)


def header_hash(previous: str, uid: str, kind: str, label: str, at: datetime, first: int, last: int) -> str:
    """SHA-256 over a deed's header and the hash before it; no values, so that it still verifies after an erasure."""
    parts = (previous, uid, kind, label, at.isoformat(), str(first), str(last))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def turn_back(connection: Connection, at: datetime, deed: int | None = None, *, redo: bool = False) -> Turned:
    """Undo (or, with `redo`, redo) inside the open transaction.

    Without `deed` the newest candidate is taken. Raises NothingToUndo, NothingToRedo or UndoRefused.
    """
    root = _redo_candidate(connection) if redo else _undo_candidate(connection, deed)
    target = connection.execute(
        select(Deed.id, Deed.first_change, Deed.last_change, Deed.thinned_at)
        .where(or_(Deed.id == root, Deed.root_id == root))
        .order_by(Deed.id.desc())
        .limit(1)
    ).one()
    message, arguments = connection.exec_driver_sql("SELECT label, arguments FROM deed WHERE id = ?", (root,)).one()
    label = unpack(message, json.loads(arguments))
    if target.thinned_at is not None:
        raise DeedThinned(label=label.text(), day=i18n.day(clocks.local(target.thinned_at).date()))
    first, last = target.first_change or 0, target.last_change or 0
    _refuse_changed_rows(connection, label, first, last)
    number = open_deed(connection, label, at, "redo" if redo else "undo", reverses=target.id)
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    try:
        _restore(connection, first, last, at)
    except IntegrityError as error:
        later = _standing_label(connection, root, str(error.orig))
        raise UndoRefused(label=label.text(), later=later) from error
    _refuse_missing_parents(connection, label, first, last)
    tables = close_deed(connection, number, root=root)
    connection.exec_driver_sql("UPDATE deed SET in_force = ? WHERE id = ?", (int(redo), root))
    return Turned(number, label, tables, redo)


def _undo_candidate(connection: Connection, deed: int | None) -> int:
    if deed is None:
        found = connection.exec_driver_sql("SELECT max(id) FROM deed WHERE root_id IS NULL AND in_force = 1").scalar()
    else:
        found = connection.exec_driver_sql(
            "SELECT r.id FROM deed d JOIN deed r ON r.id = coalesce(d.root_id, d.id) WHERE d.id = ? AND r.in_force = 1",
            (deed,),
        ).scalar()
    if found is None:
        raise NothingToUndo
    return int(found)


def _redo_candidate(connection: Connection) -> int:
    found = connection.exec_driver_sql(
        "SELECT u.root_id FROM deed u JOIN deed r ON r.id = u.root_id WHERE u.kind = 'undo' AND r.in_force = 0 "
        "AND u.id > (SELECT max(id) FROM deed WHERE kind = 'do') "
        "AND u.id = (SELECT max(id) FROM deed WHERE root_id = u.root_id) ORDER BY u.id DESC LIMIT 1"
    ).scalar()
    if found is None:
        raise NothingToRedo
    return int(found)


_TOUCHED: Final = (
    "(SELECT row_id, min(id) AS first_id, max(id) AS last_id FROM change NOT INDEXED "
    "WHERE id BETWEEN :first AND :last AND table_name = '{table}' GROUP BY row_id)"
)
"""What a deed touched of a table. Without the hint SQLite reads every change of that table there ever was."""


def _refuse_changed_rows(connection: Connection, label: Phrase, first: int, last: int) -> None:
    bounds = {"first": first, "last": last}
    touched_tables = _tables_between(connection, first, last)
    for table in touched_tables:
        touched = _TOUCHED.format(table=table.name)
        # Between the deed's last touch and now the row must not have been left different.
        row = connection.exec_driver_sql(
            f"SELECT later.row_id FROM (SELECT t.row_id, min(n.id) AS next_id FROM {touched} t CROSS JOIN change n "
            f"ON n.table_name = '{table.name}' AND n.row_id = t.row_id AND n.id > :last GROUP BY t.row_id) later "
            "JOIN change c ON c.id = later.next_id "
            f"LEFT JOIN {table.name} x ON x.id = later.row_id "
            f"WHERE c.before IS NOT CASE WHEN x.id IS NULL THEN NULL ELSE {row_as_json(table, 'x')} END LIMIT 1",
            bounds,
        ).first()
        if row is not None:
            raise UndoRefused(label=label.text(), later=_latest_label(connection, table.name, row[0]))
        if table.name == _BYTES:
            continue
        inserted = f"SELECT t.row_id FROM {touched} t JOIN change c ON c.id = t.first_id WHERE c.action = 'I'"
        for child, hangs, hung in _children(table):
            row = connection.exec_driver_sql(
                f"SELECT k.id FROM {child} k WHERE {hangs} IN ({inserted}) AND NOT EXISTS (SELECT 1 FROM change m "
                f"WHERE m.table_name = '{child}' AND m.row_id = k.id AND m.id BETWEEN :first AND :last)"
                f"{_STANDING if child == 'consent' else ''} LIMIT 1",
                bounds,
            ).first()
            if row is None:
                row = connection.exec_driver_sql(
                    _LEANING.format(child=child, hung=hung, inserted=inserted), bounds
                ).first()
            if row is not None:
                raise UndoRefused(label=label.text(), later=_latest_label(connection, child, row[0]))


_LEANING: Final = (
    "SELECT k.row_id FROM deed d CROSS JOIN deed r ON r.id = coalesce(d.root_id, d.id) "
    "CROSS JOIN change k NOT INDEXED ON k.id BETWEEN d.first_change AND d.last_change "
    "WHERE d.first_change > :last AND ',' || d.tables || ',' LIKE '%,{child},%' AND r.in_force = 1 "
    "AND d.id = (SELECT max(id) FROM (SELECT r.id UNION ALL SELECT id FROM deed WHERE root_id = r.id)) "
    "AND k.table_name = '{child}' AND k.before IS NOT NULL AND {hung} IN ({inserted}) LIMIT 1"
)
"""A row that a later, standing deed took away and its undo would hang here again: that undo must stay possible.

CROSS JOIN and NOT INDEXED keep the order: later deeds first, then their changes, never all changes of a table.
"""
_STANDING: Final = (
    " AND EXISTS (SELECT 1 FROM change s JOIN deed d ON d.id = s.deed_id "
    "JOIN deed r ON r.id = coalesce(d.root_id, d.id) "
    "WHERE s.table_name = 'consent' AND s.row_id = k.id AND s.action = 'I' AND r.in_force = 1)"
)
"""A consent whose deed was undone is still there, but hangs on nothing any more."""


def _refuse_missing_parents(connection: Connection, label: Phrase, first: int, last: int) -> None:
    """Keys are deferred while rows come back; a parent that a later deed took away is found here, not at the commit."""
    bounds = {"first": first, "last": last}
    for table in _tables_between(connection, first, last):
        touched = _TOUCHED.format(table=table.name)
        for key in table.foreign_keys:
            parent = key.column.table.name
            row = connection.exec_driver_sql(
                f'SELECT x."{key.parent.name}" FROM {touched} t JOIN {table.name} x ON x.id = t.row_id '
                f'WHERE x."{key.parent.name}" IS NOT NULL '
                f'AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = x."{key.parent.name}") LIMIT 1',
                bounds,
            ).first()
            if row is not None:
                raise UndoRefused(label=label.text(), later=_latest_label(connection, parent, row[0]))


def _standing_label(connection: Connection, root: int, trouble: str) -> str:
    """The newest deed after `root`, standing ones first, on the table that SQLite names (`tag.search_name`)."""
    named = [table.name for table in fact_tables() if f" {table.name}." in trouble]
    found = connection.exec_driver_sql(
        "SELECT d.label, d.arguments FROM deed d WHERE d.id > ?1 AND coalesce(d.root_id, 0) <> ?1 "
        "AND (?2 = '' OR ',' || d.tables || ',' LIKE '%,' || ?2 || ',%') "
        "ORDER BY d.root_id IS NULL AND d.in_force = 1 DESC, d.id DESC LIMIT 1",
        (root, named[0] if named else ""),
    ).first()
    return unpack(found[0], json.loads(found[1])).text() if found else "…"


def _latest_label(connection: Connection, table: str, row_id: int) -> str:
    found = connection.exec_driver_sql(
        "SELECT d.label, d.arguments FROM change c JOIN deed d ON d.id = c.deed_id "
        "WHERE c.table_name = ? AND c.row_id = ? ORDER BY c.id DESC LIMIT 1",
        (table, row_id),
    ).first()
    return unpack(found[0], json.loads(found[1])).text() if found else ""


def _tables_between(connection: Connection, first: int, last: int) -> list[Table]:
    # Without the hint SQLite reads the whole index of rows to have the names in order.
    names = set(
        connection.exec_driver_sql(
            "SELECT DISTINCT table_name FROM change NOT INDEXED WHERE id BETWEEN ? AND ?", (first, last)
        ).scalars()
    )
    return [table for table in fact_tables() if table.name in names]


def _children(table: Table) -> list[tuple[str, str, str]]:
    """Tables whose rows hang on rows of `table`, with the expressions that say on which: now `k`, and before `k`."""
    keys = [
        (child.name, f'k."{key.parent.name}"', f"k.before ->> '{key.parent.name}'")
        for child in metadata.sorted_tables
        if child.info.get("nature") == "fact"
        for key in child.foreign_keys
        if key.column.table is table
    ]
    owned = f"CASE WHEN {{0}}owner_table{{1}} = '{table.name}' THEN {{0}}owner_id{{1}} END"
    return [*keys, ("attachment", owned.format("k.", ""), owned.format("k.before ->> '", "'"))]


def _restore(connection: Connection, first: int, last: int, at: datetime) -> None:
    bounds = {"first": first, "last": last}
    tables = _tables_between(connection, first, last)
    _take_consents_along(connection, bounds)
    for table in reversed(tables):
        touched = _TOUCHED.format(table=table.name)
        inserted = f"SELECT t.row_id FROM {touched} t JOIN change c ON c.id = t.first_id WHERE c.action = 'I'"
        if table.name == "consent":
            _mark_mistaken(connection, inserted, bounds, at)
        elif table.name == "consent_text":
            # What people agreed to stays as long as a row says that they did.
            connection.exec_driver_sql(
                f"DELETE FROM consent_text WHERE id IN ({inserted}) "
                "AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.text_id = consent_text.id)",
                bounds,
            )
        elif table.name != _BYTES:
            connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE id IN ({inserted})", bounds)
    for table in tables:
        touched = _TOUCHED.format(table=table.name)
        before = (
            f"(SELECT c.row_id, c.before FROM {touched} t JOIN change c ON c.id = t.first_id WHERE c.action <> 'I') u"
        )
        others = [column for column in table.columns if column.name != "id"]
        assignments = ", ".join(f'"{column.name}" = {value_from_json(column, "u.before")}' for column in others)
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(
                    f"UPDATE {table.name} SET {assignments} FROM {before} WHERE {table.name}.id = u.row_id", bounds
                )
        except IntegrityError:
            # Two rows that exchanged what must be unique go back as they came: step by step, the last step first.
            steps = connection.exec_driver_sql(
                f"SELECT id FROM change WHERE id BETWEEN :first AND :last AND table_name = '{table.name}' "
                "AND action = 'U' ORDER BY id DESC",
                bounds,
            )
            connection.exec_driver_sql(
                f"UPDATE {table.name} SET {assignments} FROM change u WHERE u.id = ? AND {table.name}.id = u.row_id",
                [tuple(step) for step in steps.all()],
            )
    for table in tables:
        touched = _TOUCHED.format(table=table.name)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(value_from_json(column, "c.before") for column in table.columns)
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {touched} t JOIN change c ON c.id = t.first_id "
            f"WHERE c.action <> 'I' AND NOT EXISTS (SELECT 1 FROM {table.name} x WHERE x.id = c.row_id)",
            bounds,
        )


def _take_consents_along(connection: Connection, bounds: dict[str, int]) -> None:
    """Consents of people this undo takes away go first, the newest before what it corrects: the key is RESTRICT."""
    people = (
        f"SELECT t.row_id FROM {_TOUCHED.format(table='person')} t JOIN change c ON c.id = t.first_id "
        "WHERE c.action = 'I'"
    )
    rows = connection.exec_driver_sql(
        f"SELECT id FROM consent WHERE person_id IN ({people}) ORDER BY id DESC", bounds
    ).all()
    if rows:
        connection.exec_driver_sql("DELETE FROM consent WHERE id = ?", [tuple(row) for row in rows])


def _mark_mistaken(connection: Connection, inserted: str, bounds: dict[str, int], at: datetime) -> None:
    """A consent is never taken away: its undo is a row that says it was entered by mistake, its redo a row like it."""
    now = at.strftime("%Y-%m-%d %H:%M:%S.%f")
    rows = connection.exec_driver_sql(f"SELECT id, status, corrects_id FROM consent WHERE id IN ({inserted})", bounds)
    for number, status, corrected in rows.all():
        if status == "entered_by_mistake":
            connection.exec_driver_sql(
                "INSERT INTO consent (uid, person_id, purpose, channel, status, text_id, source, proof, given_on, "
                "expires_on, corrects_id, entered_at) SELECT ?, person_id, purpose, channel, status, text_id, source, "
                "proof, given_on, expires_on, NULL, ? FROM consent WHERE id = ?",
                (new_uid(), now, corrected),
            )
        else:
            connection.exec_driver_sql(
                "INSERT INTO consent (uid, person_id, purpose, channel, status, source, proof, given_on, corrects_id, "
                "entered_at) SELECT ?, person_id, purpose, channel, 'entered_by_mistake', '', '', given_on, id, ? "
                "FROM consent WHERE id = ?",
                (new_uid(), now, number),
            )
