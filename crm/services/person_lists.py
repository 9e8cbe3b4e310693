"""What a person has several of beside contacts and tags: languages, skills, motives, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.models import Address, Language, Motive, Person, Skill
from crm.services.cards import AddressLine
from crm.services.person_columns import NAME_LIMIT
from crm.services.person_errors import FieldGone, PersonUnknown

What = Literal["languages", "skills", "motives"]
_TABLES: Final[dict[str, Any]] = {"languages": Language, "skills": Skill, "motives": Motive}
_STREET_LIMIT: Final = 1_000
_LIMITS: Final = {"street": _STREET_LIMIT, "postcode": 40}


def set_names(session: Session, person_id: int, what: What, names: Iterable[str]) -> bool:
    """Make a person's languages, skills or motives these, touching only what differs. Returns whether anything did.

    Two that differ by case or ё alone are one. Raises TextTooLong.
    """
    table = _TABLES[what]
    wanted: dict[str, str] = {}
    for name in names:
        cleaned = text.clean(name, NAME_LIMIT)
        if text.fold(cleaned):
            wanted.setdefault(text.fold(cleaned), cleaned)
    touched = False
    for row_id, key, name in session.execute(
        select(table.id, table.search_name, table.name).where(table.person_id == person_id)
    ).all():
        now = wanted.pop(key, None)
        if now is None:
            session.execute(delete(table).where(table.id == row_id))
            touched = True
        elif now != name:
            session.execute(update(table).where(table.id == row_id).values(name=now))
            touched = True
    if wanted:
        session.execute(
            insert(table),
            [{"person_id": person_id, "name": name, "search_name": key} for key, name in wanted.items()],
        )
        touched = True
    return touched


def names_known(session: Session, what: What) -> tuple[str, ...]:
    """Every language, skill or motive somebody has, the most frequent first: for completing while typing."""
    table = _TABLES[what]
    rows = select(func.min(table.name)).group_by(table.search_name).order_by(func.count().desc(), table.search_name)
    return tuple(session.scalars(rows))


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address of a person with its id."""

    id: int
    line: AddressLine


def addresses_of(session: Session, person_id: int) -> tuple[AddressRow, ...]:
    """The addresses of a person in their order."""
    columns = (Address.street, Address.city, Address.region, Address.postcode, Address.country, Address.label)
    rows = session.execute(
        select(Address.id, *columns).where(Address.person_id == person_id).order_by(Address.position, Address.id)
    )
    return tuple(AddressRow(row[0], AddressLine(*row[1:])) for row in rows)


def address_columns(line: AddressLine) -> dict[str, str] | None:
    """The columns of an address, None for an empty one; raises TextTooLong where it does not fit whole."""
    parts = {
        name: text.clean(getattr(line, name), _LIMITS.get(name, NAME_LIMIT), multiline=name == "street")
        for name in ("street", "city", "region", "postcode", "country", "label")
    }
    return parts if any(value for name, value in parts.items() if name != "label") else None


def put_address(
    session: Session, person_id: int, line: AddressLine, clock: Clock, address_id: int | None = None
) -> bool:
    """Add an address, or change the one of that id; an emptied one goes. Returns whether anything changed.

    Raises FieldGone, PersonUnknown, TextTooLong.
    """
    parts = address_columns(line)
    if address_id is None:
        if parts is None:
            return False
        last = session.scalar(select(func.max(Address.position)).where(Address.person_id == person_id))
        session.execute(insert(Address).values(person_id=person_id, **parts, position=0 if last is None else last + 1))
        touch(session, person_id, clock)
        return True
    before = session.get(Address, address_id)
    if before is None or before.person_id != person_id:
        raise FieldGone
    if parts is None:
        session.execute(delete(Address).where(Address.id == address_id))
    else:
        changed = {name: value for name, value in parts.items() if getattr(before, name) != value}
        if not changed:
            return False
        session.execute(update(Address).where(Address.id == address_id).values(**changed))
    touch(session, person_id, clock)
    return True


def set_addresses(session: Session, person_id: int, lines: Sequence[AddressLine]) -> bool:
    """Make a person's addresses these, touching only what differs. Returns whether anything did."""
    wanted = [parts for line in lines if (parts := address_columns(line)) is not None]
    rows = session.scalars(
        select(Address).where(Address.person_id == person_id).order_by(Address.position, Address.id)
    ).all()
    touched = False
    for place, parts in enumerate(wanted):
        if place >= len(rows):
            session.execute(insert(Address).values(person_id=person_id, **parts, position=place))
            touched = True
            continue
        changed = {name: value for name, value in parts.items() if getattr(rows[place], name) != value}
        if changed:
            session.execute(update(Address).where(Address.id == rows[place].id).values(**changed))
            touched = True
    gone = [row.id for row in rows[len(wanted) :]]
    if gone:
        session.execute(delete(Address).where(Address.id.in_(gone)))
        touched = True
    return touched


def touch(session: Session, person_id: int, clock: Clock) -> None:
    """Note that something of a person changed. Raises PersonUnknown."""
    changed: Any = session.execute(
        update(Person).where(Person.id == person_id, Person.deleted_at.is_(None)).values(changed_at=clock())
    )
    if not changed.rowcount:
        raise PersonUnknown(ref=f"#{person_id}")
