"""What a deed changed, row by row and field by field: before and after, with people named."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Boolean, Table, func, select
from sqlalchemy.orm import Session, aliased

from crm import contact_points, i18n
from crm.models import Change, Deed, Event, Organisation, Segment, Tag, metadata
from crm.services import history, history_words, people
from crm.services.history import DeedRow
from crm.store.dialect import among, row_json

Act = Literal["added", "changed", "removed"]
_MOST: Final = 200
_READ: Final = 1_000
_NAMED: Final[dict[str, tuple[Any, Any]]] = {
    "organisation": (Organisation.id, Organisation.name),
    "tag": (Tag.id, Tag.name),
    "event": (Event.id, Event.title),
    "segment": (Segment.id, Segment.name),
}
_TITLED: Final = {
    "person": ("family_name", "given_name"),
    "contact_point": ("person_id", "value"),
}
"""Fields that the title of a row says already."""
_TITLES: Final = ("title", "name", "value", "summary", "text", "key", "file_name", "version")
_PRIVATE: Final = ("person", "care_note")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it is called, its words before and after («» for nothing)."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row a deed touched: its table, whose it is, what it is, what was done to it and which fields say so."""

    table: str
    row_id: int
    act: Act
    person_id: int | None
    person: str
    title: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class DeedDetails:
    """A deed with its rows; `more` rows are not listed."""

    row: DeedRow
    rows: tuple[RowChange, ...]
    more: int


def what_changed(session: Session, deed: int) -> DeedDetails | None:
    """What the deed changed, at most 200 rows of it; None where there is no such deed."""
    found = history.deed_rows(session, [deed])
    if not found:
        return None
    span = session.execute(select(Deed.first_change, Deed.last_change).where(Deed.id == deed)).one()
    first, last = span.first_change or 0, span.last_change or 0
    # Of a large deed only the beginning is read: the rest is counted by the header.
    end = min(last, first + _READ)
    touched = (
        select(Change.table_name, Change.row_id, func.min(Change.id).label("first_id"))
        .where(Change.id.between(first, end))
        .group_by(Change.table_name, Change.row_id)
    )
    listed = session.execute(touched.order_by(func.min(Change.id)).limit(_MOST)).all()
    total = (session.scalar(select(func.count()).select_from(touched.subquery())) or 0) + last - end
    before = _before(session, [row.first_id for row in listed])
    after = _after(session, [(row.table_name, row.row_id) for row in listed], last)
    pairs = [
        _Pair(row.table_name, row.row_id, before[row.first_id][0], before[row.first_id][1], after[key])
        for row in listed
        if (key := (row.table_name, row.row_id))
    ]
    names = _Names(session, pairs)
    return DeedDetails(found[0], tuple(_told(pair, names) for pair in pairs), total - len(pairs))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row as it was and as the deed left it; None where it was not, or is no more."""

    table: str
    row_id: int
    person_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def _before(session: Session, changes: Iterable[int]) -> dict[int, tuple[int | None, dict[str, Any] | None]]:
    found = session.execute(select(Change.id, Change.person_id, Change.before).where(among(Change.id, changes)))
    return {row.id: (row.person_id, None if row.before is None else json.loads(row.before)) for row in found}


def _after(
    session: Session, rows: Iterable[tuple[str, int]], last: int
) -> dict[tuple[str, int], dict[str, Any] | None]:
    """How rows stood after change `last`: what the next change of each found, or the row as it is."""
    by_table: dict[str, list[int]] = defaultdict(list)
    for table, row_id in rows:
        by_table[table].append(row_id)
    stood: dict[tuple[str, int], dict[str, Any] | None] = {}
    for name, ids in by_table.items():
        following = (
            select(func.min(Change.id).label("id"))
            .where(Change.table_name == name, among(Change.row_id, ids), Change.id > last)
            .group_by(Change.row_id)
            .subquery()
        )
        later = aliased(Change)
        for row in session.execute(select(later.row_id, later.before).join(following, following.c.id == later.id)):
            stood[name, row.row_id] = None if row.before is None else json.loads(row.before)
        rows_of = metadata.tables[name]
        missing = [row_id for row_id in ids if (name, row_id) not in stood]
        now = session.execute(select(rows_of.c.id, row_json(rows_of)).where(among(rows_of.c.id, missing)))
        found = {row[0]: json.loads(row[1]) for row in now}
        stood.update({(name, row_id): found.get(row_id) for row_id in missing})
    return stood


class _Names:
    """What the keys in these rows lead to, read at once."""

    def __init__(self, session: Session, pairs: Iterable[_Pair]) -> None:
        wanted: dict[str, set[int]] = defaultdict(set)
        self._gone: dict[tuple[str, int], str] = {}
        for pair in pairs:
            if pair.person_id is not None:
                wanted["person"].add(pair.person_id)
            for state in filter(None, (pair.before, pair.after)):
                for key in metadata.tables[pair.table].foreign_keys:
                    value = state.get(key.parent.name)
                    if value is not None:
                        wanted[key.column.table.name].add(value)
                self._gone[pair.table, pair.row_id] = _own_title(pair.table, state)
        self._found = {("person", row.id): row.display_name for row in people.rows(session, sorted(wanted["person"]))}
        for table, (key, title) in _NAMED.items():
            for one, name in session.execute(select(key, title).where(among(key, wanted[table]))):
                self._found[table, one] = name

    def of(self, table: str, one: int) -> str:
        """The name of a row, also of one that is no more but was seen in the journal; «№ 12» else."""
        return self._found.get((table, one)) or self._gone.get((table, one)) or f"№\N{NO-BREAK SPACE}{one}"


def _own_title(table: str, state: dict[str, Any]) -> str:
    if table == "person":
        parts = (state.get("given_name"), state.get("family_name"))
        return " ".join(str(part) for part in parts if part) or str(state.get("nickname") or "")
    if table == "contact_point":
        return contact_points.shown(str(state.get("kind")), str(state.get("value")))
    for column in _TITLES:
        if state.get(column):
            return " ".join(str(state[column])[:120].split())
    return ""


def _told(pair: _Pair, names: _Names) -> RowChange:
    table = metadata.tables[pair.table]
    act: Act = "added" if pair.before is None else "removed" if pair.after is None else "changed"
    state = pair.after or pair.before or {}
    person = names.of("person", pair.person_id) if pair.person_id is not None else ""
    title = "" if pair.table == "person" else _own_title(pair.table, state) or _led_to(table, state, names)
    fields = tuple(_fields(table, pair, names, "" if act == "changed" else title or person))
    return RowChange(pair.table, pair.row_id, act, pair.person_id, person, title, fields)


def _led_to(table: Table, state: dict[str, Any], names: _Names) -> str:
    """The title of a row that only ties others together: what it ties to besides the person."""
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        other = key.column.table.name
        if other in _NAMED and state.get(key.parent.name) is not None:
            return names.of(other, state[key.parent.name])
    return ""


def _fields(table: Table, pair: _Pair, names: _Names, said: str) -> Iterable[FieldChange]:
    """What became different. Of a row that came or went only what says more than its title: no flags, no owner."""
    before, after = pair.before or {}, pair.after or {}
    whole = not (pair.before and pair.after)
    for column in table.columns:
        title = history_words.field_title(column.name)
        if not title or before.get(column.name) == after.get(column.name):
            continue
        if whole and (column.name in _TITLED.get(table.name, ("person_id",)) or isinstance(column.type, Boolean)):
            continue
        if (table.name, column.name) == _PRIVATE:
            # The care note is read in the profile and nowhere else; that it changed is told.
            if before.get(column.name) or after.get(column.name):
                yield FieldChange(title, "", i18n.in_context("care note", "its words are only in the profile"))
            continue
        was, became = (_words(column, state.get(column.name), names) for state in (before, after))
        if was != became and not (whole and said in (was, became)):
            yield FieldChange(title, was, became)


def _words(column: Any, value: Any, names: _Names) -> str:
    for key in column.foreign_keys:
        return "" if value is None else names.of(key.column.table.name, value)
    return history_words.value_words(column, value)
