"""What a list of people may show beside a name: values by column, and the order each of them gives.

A column is asked for the rows on the screen (`values_of`) or for everybody at once as groups of equal value
(`groups_of`): by these a list is ordered, grouped under headings, and counted.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from crm import contact_points, i18n, text
from crm.clock import local
from crm.models import ContactPoint, CustomValue, Language, Organisation, Person, PersonScore, Skill
from crm.services import custom_fields, person_words
from crm.services.custom_fields import FieldDefinition
from crm.store.dialect import among, listed, unlisted

OWN: Final = "field:"
"""The key of a column of the manager's own field is this and the field's id."""
LEVEL_ORDER: Final = ("core", "active", "member", "new", "fading", "none")
"""The ladder from its top, as a list sorted by level shows it."""
TEXTS: Final[dict[str, Any]] = {"job": Person.job_title, "city": Person.city, "source": Person.source}
DAYS: Final[dict[str, Any]] = {
    "joined": Person.joined_on,
    "created": Person.created_at,
    "changed": Person.changed_at,
}
CONTACTS: Final = ("phone", "email", "telegram")
LISTS: Final[dict[str, Any]] = {"languages": Language, "skills": Skill}
MORE: Final = (*CONTACTS, "job", "city", "kind", "birthday", *DAYS, "source", "referred", *LISTS)
"""Columns to choose besides name, organisation, tags, level, visit and events, in the order in which they stand."""
GROUPS: Final = ("organisation", "city", "level", "kind", "birthday", "source")
"""Columns by which a list may be grouped; besides them own fields of a choice or of yes and no."""


def values_of(
    session: Session, keys: Collection[str], ids: Collection[int], fields: Sequence[FieldDefinition] = ()
) -> dict[int, dict[str, Any]]:
    """What these people have in the columns asked for: texts, days, (month, day) of a birthday; nothing is left out."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    plain = {**TEXTS, **DAYS, "kind": Person.kind}
    wanted = [key for key in plain if key in keys]
    if wanted:
        for row in session.execute(select(Person.id, *(plain[key] for key in wanted)).where(among(Person.id, ids))):
            person = row[0]
            for key, value in zip(wanted, row[1:], strict=True):
                if value not in (None, ""):
                    found[person][key] = local(value).date() if key in {"created", "changed"} else value
    _add_dated(session, keys, ids, found)
    for kind in CONTACTS:
        if kind in keys:
            for person, value in _contacts(session, kind, ids).items():
                found[person][kind] = contact_points.shown(kind, value)
    _add_lists(session, keys, ids, found)
    own = {field.id: field for field in fields if f"{OWN}{field.id}" in keys}
    if own:
        rows = select(CustomValue.person_id, CustomValue.field_id, CustomValue.value).where(
            among(CustomValue.person_id, ids), CustomValue.field_id.in_(own)
        )
        for person, field_id, value in session.execute(rows):
            found[person][f"{OWN}{field_id}"] = custom_fields.shown_value(own[field_id], value)
    return dict(found)


_Values = dict[int, dict[str, Any]]


def _add_dated(session: Session, keys: Collection[str], ids: Collection[int], found: _Values) -> None:
    if "birthday" in keys:
        asked = select(Person.id, Person.birth_month, Person.birth_day).where(
            among(Person.id, ids), Person.birth_month.is_not(None)
        )
        for row in session.execute(asked):
            found[row[0]]["birthday"] = (row[1], row[2])
    if "referred" in keys:
        for person, *name in session.execute(_referrers().where(among(Person.id, ids))):
            found[person]["referred"] = text.display_name(text.NameParts(*name))


def _add_lists(session: Session, keys: Collection[str], ids: Collection[int], found: _Values) -> None:
    for key, table in LISTS.items():
        if key in keys:
            rows = select(table.person_id, table.name).where(among(table.person_id, ids)).order_by(table.id)
            for person, name in session.execute(rows):
                found[person][key] = f"{found[person][key]}, {name}" if key in found[person] else name


def groups_of(session: Session, key: str, fields: Sequence[FieldDefinition] = ()) -> list[tuple[Any, array[int]]]:
    """Everybody who has a value in this column, by value, the smallest first; deleted people may be among them."""
    if key == "organisation":
        rows = session.execute(
            select(Organisation.name, listed(Person.id))
            .join(Person, Person.organisation_id == Organisation.id)
            .group_by(Organisation.id)
            .order_by(Organisation.sort_key)
        )
        return [(name, unlisted(ids)) for name, ids in rows]
    if key in {"visit", "events", "level"}:
        return _scored(session, key)
    if key in TEXTS:
        return _by_text(session, TEXTS[key], Person.id)
    if key in DAYS:
        # By the moment, not by its day: shown days are local ones, and within a day the later comes later.
        return _grouped(session, DAYS[key], Person.id)
    if key == "kind":
        return _grouped(session, Person.kind, Person.id)
    if key == "birthday":
        born: Any = session.execute(
            select(Person.birth_month, Person.birth_day, listed(Person.id))
            .where(Person.birth_month.is_not(None))
            .group_by(Person.birth_month, Person.birth_day)
            .order_by(Person.birth_month, Person.birth_day)
        )
        return [((row[0], row[1]), unlisted(row[2])) for row in born]
    return _gathered(session, key, fields)


def _gathered(session: Session, key: str, fields: Sequence[FieldDefinition]) -> list[tuple[Any, array[int]]]:
    """Groups of columns whose values are gathered from other tables than people."""
    if key == "referred":
        names = ((person, text.list_name(text.NameParts(*name))) for person, *name in session.execute(_referrers()))
        return _collected(names)
    if key in CONTACTS:
        return _collected(_contacts(session, key, None).items())
    if key in LISTS:
        table = LISTS[key]
        joined: dict[int, str] = {}
        for person, name in session.execute(select(table.person_id, table.name).order_by(table.id)):
            joined[person] = f"{joined[person]}, {name}" if person in joined else name
        return _collected(joined.items())
    field = next((one for one in fields if f"{OWN}{one.id}" == key), None)
    if field is None:
        return []
    values = CustomValue.__table__.c
    rows = session.execute(
        select(values.value, listed(values.person_id)).where(values.field_id == field.id).group_by(values.value)
    )
    found = [(value, unlisted(ids)) for value, ids in rows]
    if field.kind == "choice":
        places = {option: place for place, option in enumerate(field.choices)}
        return sorted(found, key=lambda one: (places.get(one[0], len(places)), one[0]))
    if field.kind == "number":
        return sorted(found, key=lambda one: float(one[0]))
    if field.kind == "text":
        return sorted(found, key=lambda one: text.sort_key(one[0]))
    return sorted(found)


def heading(key: str, value: Any, fields: Sequence[FieldDefinition] = ()) -> str:
    """What a group of this value is called above its people; None stands for those without one."""
    if key == "level":
        from crm.services.level_words import level_word

        return level_word(value or "none")
    if value in (None, ""):
        return i18n.in_context("group", "Not stated")
    if key == "kind":
        return person_words.person_kind(value)
    if key == "birthday":
        return i18n.month_long(date(2000, value[0], 1)).split()[0].capitalize()
    if key.startswith(OWN):
        field = next((one for one in fields if f"{OWN}{one.id}" == key), None)
        return custom_fields.shown_value(field, value) if field is not None else str(value)
    return str(value)


def title(key: str, fields: Sequence[FieldDefinition] = ()) -> str:
    """What a column is headed with."""
    if key.startswith(OWN):
        return next((one.name for one in fields if f"{OWN}{one.id}" == key), "")
    words = {
        "name": i18n.text("Name"),
        "organisation": i18n.text("Organisation"),
        "tags": i18n.in_context("people", "Tags"),
        "level": i18n.text("Level"),
        "visit": i18n.text("Visit"),
        "events": i18n.text("Events"),
        "phone": person_words.contact_kind("phone"),
        "email": person_words.contact_kind("email"),
        "telegram": person_words.contact_kind("telegram"),
        "job": i18n.text("Job title"),
        "city": i18n.text("City"),
        "kind": i18n.text("Kind of person"),
        "birthday": i18n.text("Birthday"),
        "joined": i18n.text("Joined"),
        "created": i18n.in_context("column", "Added"),
        "changed": i18n.in_context("column", "Changed"),
        "source": i18n.text("Source"),
        "referred": i18n.text("Came through"),
        "languages": i18n.text("Languages"),
        "skills": i18n.text("Skills"),
    }
    return words[key]


def _scored(session: Session, key: str) -> list[tuple[Any, array[int]]]:
    column = {"visit": PersonScore.last_visit_on, "events": PersonScore.attended, "level": PersonScore.level}[key]
    rows = session.execute(
        select(column, listed(PersonScore.person_id)).where(column.is_not(None)).group_by(column)
    ).all()
    found: dict[Any, array[int]] = {value: unlisted(ids) for value, ids in rows if value not in {0, "none"}}
    values = [level for level in LEVEL_ORDER if level in found] if key == "level" else sorted(found)
    # The ladder begins at its top; days and numbers at their smallest.
    return [(value, found[value]) for value in values]


def _by_text(session: Session, column: Any, person: Any) -> list[tuple[Any, array[int]]]:
    rows = session.execute(select(column, listed(person)).where(column != "").group_by(column)).all()
    return sorted(((value, unlisted(ids)) for value, ids in rows), key=lambda one: text.sort_key(one[0]))


def _grouped(session: Session, column: Any, person: Any) -> list[tuple[Any, array[int]]]:
    rows = session.execute(select(column, listed(person)).where(column.is_not(None)).group_by(column).order_by(column))
    return [(value, unlisted(ids)) for value, ids in rows]


def _collected(pairs: Any) -> list[tuple[Any, array[int]]]:
    found: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for person, value in pairs:
        found[value].append(person)
    return sorted(found.items(), key=lambda one: text.sort_key(one[0]))


def _contacts(session: Session, kind: str, ids: Collection[int] | None) -> dict[int, str]:
    """The one contact of a kind that a list shows: the preferred one, else the first."""
    asked = (
        select(ContactPoint.person_id, ContactPoint.value)
        .where(ContactPoint.kind == kind)
        .order_by(ContactPoint.preferred, ContactPoint.position.desc(), ContactPoint.id.desc())
    )
    # The last one of each person wins, so the best of them comes last.
    return dict(session.execute(asked if ids is None else asked.where(among(ContactPoint.person_id, ids))).all())


def _referrers() -> Any:
    other = aliased(Person)
    return (
        select(Person.id, other.family_name, other.given_name, other.additional_name, other.nickname)
        .join(other, other.id == Person.referred_by_id)
        .where(other.deleted_at.is_(None))
    )
