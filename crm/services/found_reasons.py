"""Why a search found each person of a list, where the row itself does not show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import contact_points, text
from crm.models import ContactPoint, CustomValue, Language, Motive, NeedOffer, Skill
from crm.services import custom_fields
from crm.services.cards import PersonRow
from crm.store.dialect import among
from crm.store.search import Found, Reading

Line = tuple[str, str]
"""What a hit may be in: its kind and the text."""

_NAMED: Final = ((Skill, "skill"), (Language, "language"), (Motive, "motive"))


def explain(session: Session, by_id: dict[int, PersonRow], found: Found) -> None:
    """Put into the rows why each was found, unless the name, the organisation or a tag in the row shows it."""
    hidden: dict[int, Reading] = {}
    for person_id, row in by_id.items():
        reading = found.reading(person_id)
        if reading is None:
            continue
        by_id[person_id] = replace(row, matched=reading.needles, reason=reading.reason)
        shown = _shown(row)
        if not all(text.spans(shown, forms) for forms in reading.words):
            hidden[person_id] = reading
        elif reading.reason:
            by_id[person_id] = replace(by_id[person_id], found_in=_words_hit(shown, reading))
    if not hidden:
        return
    contacts = _contacts(session, hidden)
    unexplained: dict[int, Reading] = {}
    for person_id, reading in hidden.items():
        hit = _near_hit(by_id[person_id], reading, contacts[person_id])
        if hit is None:
            unexplained[person_id] = reading
        else:
            by_id[person_id] = replace(by_id[person_id], reason=hit[0], found_in=hit[1])
    more = _more(session, unexplained) if unexplained else {}
    for person_id, reading in unexplained.items():
        row = by_id[person_id]
        why, words = _far_hit(row, reading, more.get(person_id, ()))
        by_id[person_id] = replace(row, reason=why, found_in=words)


def _shown(row: PersonRow) -> str:
    return " ".join((row.display_name, row.organisation, *(name for name, _ in row.tags)))


def _words_hit(shown: str, reading: Reading) -> str:
    spans = text.spans(shown, reading.needles)
    return shown[slice(*spans[0])] if spans else ""


def _contacts(session: Session, people: Iterable[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for person_id, kind, value in session.execute(
        select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.value)
        .where(among(ContactPoint.person_id, people))
        .order_by(ContactPoint.person_id, ContactPoint.position)
    ):
        found[person_id].append((kind, value))
    return found


def _unshown(row: PersonRow, reading: Reading) -> Iterator[tuple[str, ...]]:
    shown = _shown(row)
    return (forms for forms in reading.words if not text.spans(shown, forms))


def _near_hit(row: PersonRow, reading: Reading, contacts: Sequence[Line]) -> Line | None:
    """A contact, a part of the name that the row leaves out, the city, the job title."""
    names = (row.additional_name, row.nickname, row.given_name, row.family_name)
    for forms in _unshown(row, reading):
        for kind, value in contacts:
            number = contact_points.digits(value)
            ends = (number.endswith(form) or form.removeprefix("8") in number for form in forms if form.isdecimal())
            if kind in {"phone", "whatsapp"} and any(ends):
                return "phone", contact_points.shown(kind, value)
            if text.spans(value, forms):
                return "handle", contact_points.shown(kind, value)
        name = next((name for name in names if text.spans(name, forms)), "")
        if name:
            return reading.reason or "name", name
        if text.spans(row.city, forms):
            return "city", row.city
        if text.spans(row.job_title, forms):
            return "job", row.job_title
    return None


def _more(session: Session, people: Iterable[int]) -> dict[int, list[Line]]:
    """Skills, languages, motives, custom values, needs: what search gathers and no row shows."""
    ids = list(people)
    found: dict[int, list[Line]] = defaultdict(list)
    for model, kind in _NAMED:
        for person_id, name in session.execute(
            select(model.person_id, model.name).where(among(model.person_id, ids)).order_by(model.id)
        ):
            found[person_id].append((kind, name))
    known = {one.id: one for one in custom_fields.fields(session, archived=True)}
    for person_id, field_id, value in session.execute(
        select(CustomValue.person_id, CustomValue.field_id, CustomValue.value)
        .where(among(CustomValue.person_id, ids))
        .order_by(CustomValue.id)
    ):
        shown = custom_fields.shown_value(known[field_id], value)
        found[person_id].append(("custom", f"{known[field_id].name}: {shown}"))
    for person_id, direction, words in session.execute(
        select(NeedOffer.person_id, NeedOffer.direction, NeedOffer.text)
        .where(among(NeedOffer.person_id, ids), NeedOffer.closed_on.is_(None))
        .order_by(NeedOffer.id)
    ):
        found[person_id].append((direction, words))
    return found


def _far_hit(row: PersonRow, reading: Reading, lines: Sequence[Line]) -> Line:
    for forms in _unshown(row, reading):
        for kind, words in lines:
            if text.spans(words, forms):
                return kind, words
    return reading.reason or "note", ""
