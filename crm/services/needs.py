"""«Может помочь» and «ищет»: what a person offers and seeks, open until somebody closes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.models import NeedOffer
from crm.services.cards import PersonCard
from crm.services.person_columns import NAME_LIMIT
from crm.services.person_errors import FieldGone, NeedEmpty, NeedTwice
from crm.services.person_lists import touch

Direction = Literal["offers", "seeks"]


def add_need(session: Session, person_id: int, direction: Direction, what: str, clock: Clock) -> int:
    """Write down what a person offers or seeks; the same words closed before are opened again. Returns its id.

    Raises NeedEmpty, NeedTwice, PersonUnknown, TextTooLong.
    """
    columns = _columns(what)
    same = _same(session, person_id, direction, columns["search_text"])
    touch(session, person_id, clock)
    if same is not None:
        if same.closed_on is None:
            raise NeedTwice(what=same.text)
        session.execute(update(NeedOffer).where(NeedOffer.id == same.id).values(**columns, closed_on=None))
        return same.id
    made = insert(NeedOffer).values(person_id=person_id, direction=direction, **columns)
    return int(session.execute(made.returning(NeedOffer.id)).scalar_one())


def change_need(session: Session, need_id: int, what: str, clock: Clock) -> bool:
    """Say it in other words; without any it is removed. Returns whether anything changed. Raises what `add_need` does,
    and FieldGone."""
    row = _row(session, need_id)
    if not text.clean(what):
        return remove_need(session, need_id, clock)
    columns = _columns(what)
    if row.text == columns["text"]:
        return False
    same = _same(session, row.person_id, row.direction, columns["search_text"])
    if same is not None and same.id != need_id:
        raise NeedTwice(what=same.text)
    session.execute(update(NeedOffer).where(NeedOffer.id == need_id).values(**columns))
    touch(session, row.person_id, clock)
    return True


def close_need(session: Session, need_id: int, on: date, clock: Clock) -> bool:
    """It is settled since that day. Returns whether it was open. Raises FieldGone."""
    row = _row(session, need_id)
    if row.closed_on is not None:
        return False
    session.execute(update(NeedOffer).where(NeedOffer.id == need_id).values(closed_on=on))
    touch(session, row.person_id, clock)
    return True


def reopen_need(session: Session, need_id: int, clock: Clock) -> bool:
    """It is open again. Returns whether it was closed. Raises FieldGone."""
    row = _row(session, need_id)
    if row.closed_on is None:
        return False
    session.execute(update(NeedOffer).where(NeedOffer.id == need_id).values(closed_on=None))
    touch(session, row.person_id, clock)
    return True


def remove_need(session: Session, need_id: int, clock: Clock) -> bool:
    """It was a mistake. Raises FieldGone."""
    row = _row(session, need_id)
    session.execute(delete(NeedOffer).where(NeedOffer.id == need_id))
    touch(session, row.person_id, clock)
    return True


def set_needs(session: Session, person: PersonCard, direction: Direction, texts: Iterable[str], clock: Clock) -> bool:
    """Make what is open of a person these and no others; what was closed stays. Returns whether anything changed."""
    wanted = {text.fold(cleaned): cleaned for one in texts if (cleaned := text.clean(one, NAME_LIMIT))}
    touched = False
    for need in person.needs:
        if need.direction == direction and need.closed_on is None:
            now = wanted.pop(text.fold(need.text), None)
            if now is None:
                touched |= remove_need(session, need.id, clock)
            elif now != need.text:
                touched |= change_need(session, need.id, now, clock)
    for what in wanted.values():
        add_need(session, person.id, direction, what, clock)
        touched = True
    return touched


def _row(session: Session, need_id: int) -> NeedOffer:
    row = session.get(NeedOffer, need_id)
    if row is None:
        raise FieldGone
    return row


def _same(session: Session, person_id: int, direction: str, searched: str) -> NeedOffer | None:
    return session.scalars(
        select(NeedOffer)
        .where(NeedOffer.person_id == person_id, NeedOffer.direction == direction, NeedOffer.search_text == searched)
        .order_by(NeedOffer.closed_on.is_not(None), NeedOffer.id)
    ).first()


def _columns(what: str) -> dict[str, str]:
    cleaned = text.clean(what, NAME_LIMIT)
    if not cleaned:
        raise NeedEmpty
    return {"text": cleaned, "search_text": text.fold(cleaned)[:NAME_LIMIT]}
