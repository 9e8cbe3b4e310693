"""Which deeds belong into the past of a person, and as what: told from the journal's headers, not from its values."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, Literal

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from crm.models import Change, Deed, ImportFile, Relationship
from crm.store.dialect import among, noted

EntryKind = Literal[
    "event", "conversation", "feedback", "answer", "task", "consent", "tag", "relation", "file", "import", "merge",
    "change",
]  # fmt: skip
"""The sorts of entries of a person's past."""

_OF_FIELDS: Final = frozenset(
    ("person", "contact_point", "address", "need_offer", "language", "skill", "motive", "custom_value",
     "extra_property")
)  # fmt: skip
_OF_OTHERS: Final = {
    "person_tag": "tag",
    "relationship": "relation",
    "attachment": "file",
    "do_not_contact": "consent",
    "merged_person": "merge",
}
_TABLES: Final = (*_OF_FIELDS, *_OF_OTHERS)
"""Tables whose change belongs to a person's past; what else a deed did has an entry of its own."""


def by_kind(session: Session, person_id: int) -> dict[EntryKind, list[int]]:
    """Numbers of the deeds that touched a person, the newest first, by what they did to them.

    A deed that changed fields is «change» whatever else it did; one of an import is «import», one that merged somebody
    into them «merge».
    """
    touched: dict[int, set[str]] = defaultdict(set)
    mine = or_(
        and_(Change.person_id == person_id, Change.table_name.in_(_TABLES)),
        Change.id.in_(_as_the_other(person_id)),
    )
    for deed, table in session.execute(select(Change.deed_id, Change.table_name).where(mine).distinct()):
        touched[deed].add(table)
    brought = set(
        session.scalars(
            select(Deed.id)
            .join(ImportFile, ImportFile.deed_id == func.coalesce(Deed.root_id, Deed.id))
            .where(chosen(list(touched)))
        )
    )
    found: dict[EntryKind, list[int]] = {}
    for deed in sorted(touched, reverse=True):
        found.setdefault(_kind(touched[deed], imported=deed in brought), []).append(deed)
    return found


def chosen(numbers: list[int]) -> ColumnElement[bool]:
    """Deeds with these numbers."""
    return among(Deed.id, numbers)


def _kind(tables: set[str], *, imported: bool) -> EntryKind:
    if imported:
        return "import"
    if "merged_person" in tables:
        return "merge"
    if tables & _OF_FIELDS:
        return "change"
    kinds: dict[str, EntryKind] = {
        "person_tag": "tag",
        "relationship": "relation",
        "attachment": "file",
        "do_not_contact": "consent",
    }
    return next(kinds[table] for table in kinds if table in tables)


def _as_the_other(person_id: int) -> CompoundSelect[int]:
    """Changes of connections in which the person is the other one: the journal notes the first as their owner."""
    there = select(Change.id).where(
        Change.table_name == "relationship",
        Change.row_id.in_(select(Relationship.id).where(Relationship.other_id == person_id)),
    )
    gone = select(Change.id).where(
        Change.table_name == "relationship",
        Change.before.is_not(None),
        noted(Change.before, "other_id") == person_id,
    )
    return there.union(gone)
