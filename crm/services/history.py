"""What was done to the store, newest first: for «History», a profile and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from crm.i18n import Phrase
from crm.models import Change, Deed

_LARGE = 2_000


@dataclass(frozen=True, slots=True)
class DeedRow:
    """A deed: its number, label and moment; `kind` is do, undo or redo; `undoable` if nothing stands in the way."""

    deed: int
    label: Phrase
    at: datetime
    kind: str
    in_force: bool
    undoable: bool


def deeds(
    session: Session, *, person_id: int | None = None, limit: int = 100, before: int | None = None
) -> tuple[DeedRow, ...]:
    """The newest deeds, of the whole store or those that touched a person; `before` a deed's number, to page on.

    Of a deed of thousands of rows only whether it stands is looked at: what is in its way is told when it is undone.
    """
    wanted = select(
        Deed.id,
        Deed.label,
        Deed.arguments,
        Deed.at,
        Deed.kind,
        Deed.root_id,
        Deed.in_force,
        Deed.first_change,
        Deed.last_change,
    )
    if person_id is not None:
        wanted = wanted.where(Deed.id.in_(select(Change.deed_id).where(Change.person_id == person_id)))
    if before is not None:
        wanted = wanted.where(Deed.id < before)
    return tuple(
        DeedRow(
            deed=row.id,
            label=phrase_of(row.label, row.arguments),
            at=row.at,
            kind=row.kind,
            in_force=row.in_force,
            undoable=row.root_id is None
            and row.in_force
            and not _in_the_way(session, row.id, row.first_change, row.last_change),
        )
        for row in session.execute(wanted.order_by(Deed.id.desc()).limit(limit))
    )


def phrase_of(label: str, arguments: dict[str, object]) -> Phrase:
    """The label of a deed as the journal keeps it."""
    rest = {name: value for name, value in arguments.items() if name != "__many"}
    return Phrase(label, rest, str(arguments.get("__many", "")))


def _in_the_way(session: Session, deed: int, first: int | None, last: int | None) -> bool:
    """Whether a deed that stands touched the same rows later, or hung something onto a person this one added."""
    if first is None or last is None or last - first > _LARGE:
        return False
    later, mine, root = aliased(Change), aliased(Change), aliased(Deed)
    same_row = and_(later.table_name == mine.table_name, later.row_id == mine.row_id)
    stands: ColumnElement[bool] = exists(
        select(Deed.id)
        .join(root, root.id == func.coalesce(Deed.root_id, Deed.id))
        .where(Deed.id == later.deed_id, root.in_force, root.id != deed)
    )
    touched = select(later.id).join(mine, same_row).where(mine.id.between(first, last), later.id > last, stands)
    if session.execute(touched.limit(1)).first() is not None:
        return True
    added = select(mine.row_id).where(mine.id.between(first, last), mine.table_name == "person", mine.action == "I")
    hung = select(later.id).where(later.person_id.in_(added), later.id > last, stands)
    return session.execute(hung.limit(1)).first() is not None
