"""Reading people: rows of a list, whole cards, and who a reference means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm import contact_points, text
from crm.models import ContactPoint, MergedPerson, Organisation, Person, PersonScore
from crm.services import list_columns
from crm.services.cards import PersonRow
from crm.services.custom_fields import FieldDefinition
from crm.services.found_reasons import explain
from crm.services.person_cards import card, cards, tags_of
from crm.services.person_errors import PersonAmbiguous, PersonUnknown
from crm.store.dialect import among
from crm.store.search import Found, Reading, find

__all__ = ["card", "cards", "offered", "people_count", "resolve_person", "rows"]

_SHOWN_AMBIGUOUS: Final = 5
_LONGEST_ID: Final = 18


def people_count(session: Session) -> int:
    """How many people there are, archived ones left out."""
    return session.execute(
        select(func.count()).select_from(Person).where(Person.deleted_at.is_(None), Person.archived_at.is_(None))
    ).scalar_one()


def rows(
    session: Session,
    ids: Sequence[int],
    found: Found | None = None,
    more: Collection[str] = (),
    fields: Sequence[FieldDefinition] = (),
) -> list[PersonRow]:
    """The rows of a list, in the order of `ids`; `found` adds why a search found each of them, `more` further columns.

    `fields` are the manager's own fields, where columns of theirs are among `more`.
    """
    if not ids:
        return []
    wanted = (
        select(
            Person.id,
            Person.uid,
            Person.kind,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Person.job_title,
            Person.city,
            Organisation.name,
            PersonScore.level,
            PersonScore.last_visit_on,
            PersonScore.attended,
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(PersonScore, PersonScore.person_id == Person.id)
        .where(among(Person.id, ids))
    )
    tags = tags_of(session, ids)
    values = list_columns.values_of(session, more, ids, fields) if more else {}
    by_id = {}
    for row in session.execute(wanted):
        name = text.NameParts(row[3], row[4], row[5], row[6])
        by_id[row[0]] = PersonRow(
            id=row[0],
            uid=row[1],
            kind=row[2],
            family_name=row[3],
            given_name=row[4],
            additional_name=row[5],
            nickname=row[6],
            display_name=text.display_name(name),
            initials=text.initials(name),
            organisation=row[9] or "",
            job_title=row[7],
            city=row[8],
            tags=tuple(tags.get(row[0], ())),
            level=row[10] or "none",
            last_visit=row[11],
            attended=row[12] or 0,
            more=values.get(row[0], {}),
        )
    _name_the_nameless(session, by_id)
    if found is not None and found.first is not None:
        explain(session, by_id, found)
    return [by_id[person_id] for person_id in ids if person_id in by_id]


def offered(session: Session, query: str, limit: int = 8) -> tuple[tuple[int, str], ...]:
    """People to choose from while their name is typed: ids, and names that tell them apart."""
    found = rows(session, find(session, query, limit=limit).ids)
    return tuple((row.id, ", ".join(part for part in (row.display_name, row.organisation) if part)) for row in found)


def _name_the_nameless(session: Session, by_id: dict[int, PersonRow]) -> None:
    """Somebody of whom only a contact is known is shown by it."""
    nameless = [person_id for person_id, row in by_id.items() if not row.display_name]
    if not nameless:
        return
    for person_id, kind, value in session.execute(
        select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.value)
        .where(among(ContactPoint.person_id, nameless))
        .order_by(ContactPoint.position, ContactPoint.id)
    ):
        if not by_id[person_id].display_name:
            by_id[person_id] = replace(by_id[person_id], display_name=contact_points.shown(kind, value))


def resolve_person(session: Session, ref: str) -> int:
    """Who `ref` means: #12 or 12, a uid, else an unambiguous name.

    Raises PersonUnknown, or PersonAmbiguous with a few of those it may be.
    """
    ref = text.clean(ref)
    number = ref.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_ID:
        known = _alive(session, Person.id == int(number)) or _survivor(session, MergedPerson.old_id == int(number))
        if known is not None:
            return known
        if ref.startswith("#"):
            raise PersonUnknown(ref=ref)
    known = _alive(session, Person.uid == ref) or _survivor(session, MergedPerson.old_uid == ref)
    if known is not None:
        return known
    found = find(session, ref, limit=50)
    if found.first is None or "similar" in found.first.reason or not len(found):
        raise PersonUnknown(ref=ref)
    reading = found.first
    candidates = [row for row in rows(session, found.ids) if found.reading(row.id) is reading]
    if "@" not in ref:
        candidates = [row for row in candidates if _is_called(row, reading)]
    asked = sorted(text.words(ref))
    chosen = [row for row in candidates if asked in _whole_names(row)] or candidates
    if not chosen:
        raise PersonUnknown(ref=ref)
    if len(chosen) == 1:
        return chosen[0].id
    listed = "; ".join(f"#{row.id} {row.display_name}" for row in chosen[:_SHOWN_AMBIGUOUS])
    raise PersonAmbiguous(ref=ref, people=listed + ("; …" if len(chosen) > _SHOWN_AMBIGUOUS else ""))


def _is_called(row: PersonRow, reading: Reading) -> bool:
    """Whether every word asked for is a whole word of the name: «Петров» means nobody called Петрович."""
    mine = set(text.words(f"{row.family_name} {row.given_name} {row.additional_name} {row.nickname}"))
    return all(mine.intersection(forms) for forms in reading.words)


def _whole_names(row: PersonRow) -> list[list[str]]:
    short = f"{row.given_name} {row.family_name}"
    return [
        sorted(text.words(name)) for name in (short, f"{short} {row.additional_name}", row.nickname) if name.strip()
    ]


def _alive(session: Session, condition: ColumnElement[bool]) -> int | None:
    return session.execute(select(Person.id).where(condition, Person.deleted_at.is_(None))).scalar()


def _survivor(session: Session, condition: ColumnElement[bool]) -> int | None:
    merged = session.execute(select(MergedPerson.person_id).where(condition)).scalar()
    return None if merged is None else _alive(session, Person.id == merged)
