"""A text at the desk that may mean anybody: on the list, in the community, or a new guest; and whom to take back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm import text as texts
from crm.clock import Clock
from crm.services import desk
from crm.services.desk_guests import find_people
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import load_desk, one_person
from crm.services.desk_rows import Arrival, CheckIn, Guest
from crm.services.ticket_codes import read_code

_WHOLE_NAME = 2
"""Words that make a name one may be known by: given name and surname."""


def check_in_anybody(
    session: Session, event_id: int, text: str, clock: Clock, *, device: str = "1", at: datetime | None = None
) -> CheckIn:
    """Let in whom `text` means, as a walk-in if need be.

    A ticket, a phone, `#12` or a uid go the way of `check_in`. A whole name means the one person so called on the
    list, else the one so called in the community, else a new guest; several so called are `ambiguous`.
    Raises what `check_in` and `check_in_guest` raise.
    """
    index = DeskIndex(load_desk(session, event_id))
    reference = text.strip()
    if read_code(reference) or not any(map(str.isalpha, reference)):
        known = desk.check_in(session, event_id, text, clock, device=device, at=at, index=index)
        if known.result != "not_found" or not reference.startswith("#") or not reference[1:].isdecimal():
            return known
        return desk.check_in_guest(session, event_id, Guest(person_id=int(reference[1:])), clock, device=device, at=at)
    words = set(texts.words(text))
    so_called: list[Arrival] = []
    if len(words) >= _WHOLE_NAME:
        so_called = [person for person in index.people() if person.on_list and words <= set(person.words)]
        if not so_called:
            others = (one_person(session, person_id, event_id) for person_id in find_people(session, text, 20))
            so_called = [person for person in others if words <= set(person.words)]
    if len(so_called) > 1:
        return CheckIn("ambiguous", candidates=tuple(so_called), text=text)
    guest = Guest(name=text) if not so_called else Guest(person_id=so_called[0].person_id)
    return desk.check_in_guest(session, event_id, guest, clock, device=device, at=at)


def undo_text(session: Session, event_id: int, text: str, clock: Clock, *, device: str = "1") -> CheckIn:
    """Take back the arrival of the one person `text` means, or the last arrival for an empty text."""
    if not text.strip():
        return desk.undo_check_in(session, event_id, None, clock, device=device)
    index = DeskIndex(load_desk(session, event_id))
    holder = index.by_code(read_code(text) or "")
    named = desk.by_reference(index, text)
    if holder is not None:
        here = [holder]
    elif named is not None:
        here = [named]
    else:
        here = [hit.arrival for hit in index.find(text) if hit.certain and hit.arrival.is_here]
    if len(here) > 1:
        return CheckIn("ambiguous", candidates=tuple(here), text=text)
    if not here or here[0].attendance_id is None:
        return CheckIn("not_found", text=text)
    return desk.undo_check_in(session, event_id, here[0].attendance_id, clock, device=device)
