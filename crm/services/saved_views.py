"""Ways to look at the list of people, under a name: columns with their widths, filter, order, grouping."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import text
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import SavedView, StoreNote
from crm.services.people_order import PeopleFilter, Sort
from crm.services.person_columns import NAME_LIMIT

PAGE: Final = "people"
COLUMNS: Final = ("name", "organisation", "tags", "level", "visit", "events")
"""The columns while nobody chose; the name is always there and first."""
_LAST: Final = "people_view"


class ViewNameless(CrmError):
    """A view without a name."""

    code = "view_nameless"
    message = mark("A view needs a name.")


class ViewNameTaken(CrmError):
    """Another view is called so."""

    code = "view_name_taken"
    message = mark("There is a view «{name}» already. Choose another name.")


class ViewUnknown(CrmError):
    """The view is not there."""

    code = "view_unknown"
    message = mark("This view is not there any more.")


@dataclass(frozen=True, slots=True)
class ListView:
    """How the list is looked at. `widths` are pairs of a column's key and px at 100 %."""

    columns: tuple[str, ...] = COLUMNS
    widths: tuple[tuple[str, int], ...] = ()
    only: PeopleFilter = field(default_factory=PeopleFilter)
    sort: Sort = field(default_factory=Sort)
    group: str = ""


@dataclass(frozen=True, slots=True)
class NamedView:
    """A view under its name."""

    id: int
    name: str
    view: ListView


def views(session: Session) -> tuple[NamedView, ...]:
    """All views of the list of people, in the manager's order."""
    rows = session.scalars(select(SavedView).where(SavedView.page == PAGE).order_by(SavedView.position, SavedView.id))
    return tuple(NamedView(row.id, row.name, _read(row.view)) for row in rows)


def save_view(session: Session, name: str, view: ListView) -> int:
    """A new view after the others; its id. Raises ViewNameless, ViewNameTaken, TextTooLong."""
    name = _free(session, name, None)
    last = session.execute(select(func.max(SavedView.position)).where(SavedView.page == PAGE)).scalar()
    made = insert(SavedView).values(page=PAGE, name=name, view=_written(view), position=(last or 0) + 1)
    return int(session.execute(made.returning(SavedView.id)).scalar_one())


def change_view(session: Session, view_id: int, view: ListView) -> None:
    """Look from now on as `view` says. Raises ViewUnknown."""
    _there(session, view_id)
    session.execute(update(SavedView).where(SavedView.id == view_id).values(view=_written(view)))


def rename_view(session: Session, view_id: int, name: str) -> None:
    """Another name. Raises ViewUnknown and what `save_view` raises."""
    _there(session, view_id)
    session.execute(update(SavedView).where(SavedView.id == view_id).values(name=_free(session, name, view_id)))


def delete_view(session: Session, view_id: int) -> None:
    """Take a view away; nobody in it is touched. Raises ViewUnknown."""
    _there(session, view_id)
    session.execute(delete(SavedView).where(SavedView.id == view_id))


def arrange_views(session: Session, view_ids: Sequence[int]) -> None:
    """Put the views into this order."""
    for position, view_id in enumerate(view_ids, 1):
        session.execute(
            update(SavedView).where(SavedView.id == view_id, SavedView.position != position).values(position=position)
        )


def last_view(session: Session) -> tuple[ListView, int | None]:
    """How the list was looked at last, and which named view that began as."""
    said = session.scalar(select(StoreNote.value).where(StoreNote.key == _LAST))
    try:
        kept = json.loads(said or "{}")
        known = kept.get("view") if isinstance(kept, dict) else None
        begun = kept.get("named") if isinstance(kept, dict) else None
    except ValueError:
        known = begun = None
    return _read(known if isinstance(known, dict) else {}), begun if isinstance(begun, int) else None


def remember_view(session: Session, view: ListView, named: int | None) -> None:
    """Note how the list is looked at: a note of the program's, nobody's deed."""
    session.merge(StoreNote(key=_LAST, value=json.dumps({"view": _written(view), "named": named})))


def _there(session: Session, view_id: int) -> None:
    found = session.execute(select(SavedView.id).where(SavedView.id == view_id, SavedView.page == PAGE)).first()
    if found is None:
        raise ViewUnknown


def _free(session: Session, name: str, own: int | None) -> str:
    name = text.clean(name, NAME_LIMIT)
    folded = text.fold(name)
    if not folded:
        raise ViewNameless
    if any(one.id != own and text.fold(one.name) == folded for one in views(session)):
        raise ViewNameTaken(name=name)
    return name


def _written(view: ListView) -> dict[str, Any]:
    # People picked by hand are no rule: they are not kept in a view.
    rules = replace(view.only, within=None, deleted=False)
    only = {key: value for key, value in asdict(rules).items() if key != "within"}
    plain = asdict(PeopleFilter())
    return {
        "columns": list(view.columns),
        "widths": [list(pair) for pair in view.widths],
        "only": {key: value for key, value in only.items() if value != plain[key]},
        "sort": [view.sort.key, view.sort.descending],
        "group": view.group,
    }


def _read(kept: dict[str, Any]) -> ListView:
    """A view as it was written; what an older or a later program wrote and this one does not know is left out."""
    known = {one.name for one in fields(PeopleFilter)}
    plain = PeopleFilter()
    only: dict[str, Any] = {}
    said = kept.get("only")
    for key, value in said.items() if isinstance(said, dict) else ():
        if key not in known or key == "within":
            continue
        if key == "own":
            if isinstance(value, list) and len(value) == 2 and isinstance(value[0], int):
                only[key] = (value[0], str(value[1]))
        elif isinstance(value, type(getattr(plain, key))) or (getattr(plain, key) is None and isinstance(value, int)):
            only[key] = value
    columns = kept.get("columns")
    shown = tuple(key for key in columns if isinstance(key, str)) if isinstance(columns, list) else COLUMNS
    widths = kept.get("widths")
    pairs = [pair for pair in widths if isinstance(pair, list) and len(pair) == 2] if isinstance(widths, list) else []
    sort = kept.get("sort")
    by = Sort(str(sort[0]), bool(sort[1])) if isinstance(sort, list) and len(sort) == 2 else Sort()
    return ListView(
        ("name", *(key for key in dict.fromkeys(shown) if key != "name")),
        tuple((str(key), width) for key, width in pairs if isinstance(width, int)),
        PeopleFilter(**only),
        by,
        str(kept.get("group") or ""),
    )
