"""What was done to the store, newest first: for «History», a profile and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from crm import clock as clocks
from crm import i18n
from crm.i18n import Phrase
from crm.models import Change, Deed, ImportFile
from crm.store.dialect import among

_LARGE: Final = 2_000
State = Literal["stands", "held", "undone", "turn", "thinned"]
"""Whether a deed can be turned back: yes; no, for a later one stands on it; it was; it turned another one; no more."""

SORTS: Final = (
    "import", "feedback", "visits", "talks", "consents", "segments", "events", "people", "settings", "other",
)  # fmt: skip
"""What sort of deed it was, told by what it touched; the first that fits."""
_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "feedback": ("feedback_item", "response", "answer", "survey", "question", "vote", "topic", "item_topic"),
    "visits": ("attendance", "attendance_answer"),
    "talks": ("interaction", "interaction_person", "task", "message", "message_recipient", "cadence"),
    "consents": ("consent", "do_not_contact"),
    "segments": ("segment", "segment_member", "segment_automation"),
    "events": ("event", "event_kind", "event_template", "event_question", "event_cost", "series", "talk"),
    "people": ("person", "contact_point", "address", "tag", "person_tag", "organisation", "attachment"),
    "settings": ("setting", "saved_view", "report_favourite", "template", "custom_field", "import_layout"),
}


@dataclass(frozen=True, slots=True)
class DeedRow:
    """A deed: its number, label and moment; `kind` is do, undo or redo; `undoable` if nothing stands in the way.

    `state` says why not, and `why_not` says it to a person. `changes` counts the rows it noted, `counts` says of which
    tables where there are not too many. `by` is the deed that stands in the way.
    """

    deed: int
    label: Phrase
    at: datetime
    kind: str
    in_force: bool
    undoable: bool
    sort: str = "other"
    state: State = "stands"
    by: Phrase | None = None
    thinned_on: date | None = None
    changes: int = 0
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def why_not(self) -> str:
        """Why it cannot be undone, in the language in use; «» where it can."""
        if self.state == "thinned":
            return i18n.text("too long ago: the details left the journal on {day}", day=i18n.day(self.thinned_on))
        if self.state == "held" and self.by is not None:
            return i18n.text("«{label}» changed the same data later: undo that first", label=self.by.text())
        return {"undone": i18n.text("already undone"), "turn": i18n.text("it only turned another deed")}.get(
            self.state, ""
        )


@dataclass(frozen=True, slots=True)
class DeedFilter:
    """Which deeds: those that touched a person, of one sort, of one day (as the laptop's calendar has it)."""

    person_id: int | None = None
    sort: str = ""
    day: date | None = None


def deed_ids(
    session: Session, wanted: DeedFilter | None = None, *, limit: int | None = None, before: int | None = None
) -> list[int]:
    """The numbers of the deeds, newest first; `before` a deed's number, to page on."""
    statement = _filtered(select(Deed.id), wanted or DeedFilter())
    if before is not None:
        statement = statement.where(Deed.id < before)
    return list(session.scalars(statement.order_by(Deed.id.desc()).limit(limit)))


def deed_rows(session: Session, ids: Sequence[int]) -> list[DeedRow]:
    """The rows of a list, in the order of `ids`.

    Of a deed of thousands of rows with thousands after it only whether it stands is looked at: what is in its way is
    told when it is undone.
    """
    root, newest = aliased(Deed), aliased(Deed)
    # What an undo would turn back is the newest of a chain of undos and redos.
    thinned = (
        select(newest.thinned_at)
        .where(or_(newest.id == Deed.id, newest.root_id == Deed.id))
        .order_by(newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(
            Deed.id,
            Deed.label,
            Deed.arguments,
            Deed.at,
            Deed.kind,
            Deed.root_id,
            Deed.in_force,
            Deed.first_change,
            Deed.last_change,
            thinned.label("thinned_at"),
            _sort().label("sort"),
        )
        .outerjoin(root, root.id == Deed.root_id)
        .where(among(Deed.id, ids))
    )
    found = {row.id: row for row in session.execute(statement)}
    counts = _counts(session, [(row.first_change, row.last_change) for row in found.values()])
    made: dict[int, DeedRow] = {}
    for number, row in found.items():
        state, by = _state(session, row)
        first, last = row.first_change or 0, row.last_change or 0
        made[number] = DeedRow(
            deed=number,
            label=phrase_of(row.label, row.arguments),
            at=row.at,
            kind=row.kind,
            in_force=row.in_force,
            undoable=state == "stands",
            sort=row.sort,
            state=state,
            by=by,
            thinned_on=clocks.local(row.thinned_at).date() if row.thinned_at else None,
            changes=last - first + 1 if last else 0,
            counts=counts.get(number, ()),
        )
    return [made[number] for number in ids if number in made]


def deeds(
    session: Session, *, person_id: int | None = None, limit: int = 100, before: int | None = None
) -> tuple[DeedRow, ...]:
    """The newest deeds, of the whole store or those that touched a person; `before` a deed's number, to page on."""
    return tuple(deed_rows(session, deed_ids(session, DeedFilter(person_id), limit=limit, before=before)))


def phrase_of(label: str, arguments: dict[str, object]) -> Phrase:
    """The label of a deed as the journal keeps it."""
    rest = {name: value for name, value in arguments.items() if name != "__many"}
    return Phrase(label, rest, str(arguments.get("__many", "")))


def _filtered(statement: Select[tuple[int]], wanted: DeedFilter) -> Select[tuple[int]]:
    if wanted.person_id is not None:
        statement = statement.where(Deed.id.in_(select(Change.deed_id).where(Change.person_id == wanted.person_id)))
    if wanted.sort:
        statement = statement.where(_sort() == wanted.sort)
    if wanted.day is not None:
        start, end = clocks.day_start(wanted.day), clocks.day_start(wanted.day + timedelta(days=1))
        statement = statement.where(Deed.at >= start, Deed.at < end)
    return statement


def _sort() -> ColumnElement[str]:
    brought = exists(select(ImportFile.id).where(ImportFile.deed_id == func.coalesce(Deed.root_id, Deed.id)))
    listed = literal(",") + Deed.tables + ","
    whens: list[tuple[ColumnElement[bool], str]] = [(or_(brought, Deed.label == "Demo community"), "import")]
    whens += [
        (or_(*(listed.contains(f",{table},", autoescape=True) for table in tables)), sort)
        for sort, tables in _TABLES.items()
    ]
    return case(*whens, else_="other")


def _state(session: Session, row: object) -> tuple[State, Phrase | None]:
    deed: _Header = _Header(*(getattr(row, name) for name in _Header.__dataclass_fields__))
    if deed.root_id is not None:
        return "turn", None
    if not deed.in_force:
        return "undone", None
    if deed.thinned_at is not None:
        return "thinned", None
    later = _in_the_way(session, deed.id, deed.first_change, deed.last_change)
    if later is None:
        return "stands", None
    label = session.execute(select(Deed.label, Deed.arguments).where(Deed.id == later)).one()
    return "held", phrase_of(label[0], label[1])


@dataclass(frozen=True, slots=True)
class _Header:
    id: int
    root_id: int | None
    in_force: bool
    first_change: int | None
    last_change: int | None
    thinned_at: datetime | None = field(default=None)


def _counts(session: Session, spans: Iterable[tuple[int | None, int | None]]) -> dict[int, tuple[tuple[str, int], ...]]:
    """Rows touched by deed and table, people first, then the most, of deeds that are not too large."""
    small = [(first, last) for first, last in spans if first is not None and last is not None and last - first < _LARGE]
    counted: dict[int, list[tuple[str, int]]] = {}
    for first, last in small:
        found = session.execute(
            select(Change.deed_id, Change.table_name, func.count(Change.row_id.distinct()))
            .where(Change.id.between(first, last))
            .group_by(Change.deed_id, Change.table_name)
        )
        for deed, table, many in found:
            counted.setdefault(deed, []).append((table, many))
    return {
        deed: tuple(sorted(tables, key=lambda pair: (pair[0] != "person", -pair[1])))
        for deed, tables in counted.items()
    }


def _in_the_way(session: Session, deed: int, first: int | None, last: int | None) -> int | None:
    """The deed that stands and touched the same rows later, or hung something onto a person this one added."""
    if first is None or last is None:
        return None
    later, mine, root = aliased(Change), aliased(Change), aliased(Deed)
    stands: ColumnElement[bool] = exists(
        select(Deed.id)
        .join(root, root.id == func.coalesce(Deed.root_id, Deed.id))
        .where(Deed.id == later.deed_id, root.in_force, root.id != deed)
    )
    same_row = and_(later.table_name == mine.table_name, later.row_id == mine.row_id)
    added = and_(mine.table_name == "person", mine.action == "I")
    after = select(later.deed_id).where(later.id > last, stands)
    newest = session.scalar(select(func.max(Change.id))) or 0
    if last - first <= _LARGE:
        touched = after.join(mine, same_row).where(mine.id.between(first, last))
        hung = after.where(later.person_id.in_(select(mine.row_id).where(mine.id.between(first, last), added)))
    elif newest - last <= _LARGE:
        # Of a large deed the few changes that came after it are looked at instead.
        touched = after.where(exists(select(mine.id).where(same_row, mine.id.between(first, last))))
        its_person = and_(mine.row_id == later.person_id, added, mine.id.between(first, last))
        hung = after.where(exists(select(mine.id).where(its_person)))
    else:
        return None
    for found in (touched, hung):
        number = session.scalar(found.order_by(later.id.desc()).limit(1))
        if number is not None:
            return number
    return None
