"""What an imported row tells besides names, contacts and tags: columns with one value, lists, the manager's own fields.

As with everything an import brings, what is empty is filled, what is there stays, what contradicts or does not fit
goes into the note with its name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crm import contact_points, i18n, text
from crm.importing.rows import DETAIL_JOINT, FIELD, MANY_DETAILS, ONE_DETAIL, ImportedPerson
from crm.models import CustomValue, Language, Motive, NeedOffer, Skill
from crm.models.people import ADDRESS_FORMS, CUSTOM_KINDS, GENDERS, PERSON_KINDS
from crm.services import custom_fields
from crm.services.custom_fields import FieldDefinition, ValueUnfit
from crm.services.person_columns import NAME_LIMIT
from crm.text.days import whole_day

PLAIN: Final[dict[str, Any]] = {
    "kind": "member",
    "address_as": "",
    "address_form": "unknown",
    "gender": "unknown",
    "preferred_channel": "",
    "joined_on": None,
    "source": "",
}
"""What a person has of `ONE_DETAIL` while nothing is known."""
_CHOICES: Final = {"kind": PERSON_KINDS, "address_form": ADDRESS_FORMS, "gender": GENDERS}
_NAMED: Final[dict[str, Any]] = {"languages": Language, "skills": Skill, "motives": Motive}
_DIRECTIONS: Final = ("offers", "seeks")
WORDS: Final = {
    "kind": i18n.mark("Kind of person"),
    "address_as": i18n.mark("Address as"),
    "address_form": i18n.mark("Form"),
    "gender": i18n.mark("Gender"),
    "preferred_channel": i18n.mark("Preferred channel"),
    "joined_on": i18n.mark("Joined"),
    "source": i18n.mark("Source"),
    "languages": i18n.mark("Languages"),
    "skills": i18n.mark("Skills"),
    "motives": i18n.mark("Motives"),
    "offers": i18n.mark("Can help"),
    "seeks": i18n.mark("Looks for"),
}
"""What details are called beside a value that did not fit."""


@dataclass(slots=True)
class DetailsThere:
    """What one person has: folded names by list, what is offered and sought, values by field."""

    named: dict[str, set[str]] = field(default_factory=lambda: {what: set() for what in (*_NAMED, *_DIRECTIONS)})
    custom: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What a row adds to a person, before it is sure that the row is taken.

    `unfit` are lines for the note where a value does not fit, `beside` those where it contradicts what is there.
    """

    person: int
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """By list and folded name the name as written."""
    values: dict[int, str] = field(default_factory=dict)
    unfit: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.names or self.values)


class Details:
    """Details of the people of one import."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._there: dict[int, DetailsThere] = {}
        self._fields: dict[str, FieldDefinition] | None = None
        self._rows: dict[Any, list[dict[str, Any]]] = {}
        self._new: dict[tuple[int, int], str] = {}
        self._other: dict[tuple[int, int], str] = {}

    def own_fields(self) -> frozenset[str]:
        """Folded names of the manager's own fields in use."""
        return frozenset(self._known_fields())

    def columns(self, row: ImportedPerson) -> tuple[dict[str, Any], list[str]]:
        """Columns of `ONE_DETAIL` that the row fills, and lines for the note where a value does not fit."""
        found: dict[str, Any] = {}
        beside: list[str] = []
        for key, said in row.details:
            if key not in ONE_DETAIL or not (value := text.clean(said)):
                continue
            read = _read(key, value)
            if read is None or key in found:
                beside.append(f"{i18n.text(WORDS[key])}: {value}")
            else:
                found[key] = read
        return found, beside

    def plan(self, person: int, row: ImportedPerson, *, there: bool, newer: bool = False) -> Plan:
        """Lists and own fields that the row adds to a person, who is `there` or comes with it.

        A `newer` card of the same person replaces values of own fields.
        """
        plan = Plan(person)
        if not row.details:
            return plan
        has = self._known(person, there=there)
        for key, said in row.details:
            if key in MANY_DETAILS:
                self._plan_name(plan, has, key, said)
            elif key.startswith(FIELD + DETAIL_JOINT):
                _, kind, name = key.split(DETAIL_JOINT, 2)
                self._plan_value(plan, has, (kind, name, said), newer=newer)
        return plan

    def accept(self, plan: Plan) -> None:
        """The row is taken: what it adds is written with the batch."""
        if not plan:
            return
        person, has = plan.person, self._there[plan.person]
        for (what, folded), name in plan.names.items():
            has.named[what].add(folded)
            row: dict[str, Any] = {"person_id": person}
            if what in _DIRECTIONS:
                row |= {"direction": what, "text": name, "search_text": folded}
                self._rows.setdefault(NeedOffer, []).append(row)
            else:
                row |= {"name": name, "search_name": folded}
                self._rows.setdefault(_NAMED[what], []).append(row)
        for field_id, value in plan.values.items():
            waits = (person, field_id) in self._new or field_id not in has.custom
            (self._new if waits else self._other)[person, field_id] = value
            has.custom[field_id] = value

    def write(self) -> None:
        """Write what waits, and begin anew; the people it belongs to are written already."""
        for table, rows in self._rows.items():
            self._session.execute(insert(table), rows)
        if self._new:
            rows = [
                {"person_id": person, "field_id": field_id, **self._columns_of(field_id, value)}
                for (person, field_id), value in self._new.items()
            ]
            self._session.execute(insert(CustomValue), rows)
        for (person, field_id), value in self._other.items():
            held = CustomValue.person_id == person, CustomValue.field_id == field_id
            self._session.execute(update(CustomValue).where(*held).values(self._columns_of(field_id, value)))
        self._rows, self._new, self._other = {}, {}, {}

    def _known(self, person: int, *, there: bool) -> DetailsThere:
        known = self._there.get(person)
        if known is not None:
            return known
        known = self._there[person] = DetailsThere()
        if there:
            for what, table in _NAMED.items():
                names = self._session.scalars(select(table.search_name).where(table.person_id == person))
                known.named[what].update(names)
            needs = select(NeedOffer.direction, NeedOffer.search_text).where(NeedOffer.person_id == person)
            for direction, said in self._session.execute(needs):
                known.named[direction].add(said)
            values = select(CustomValue.field_id, CustomValue.value).where(CustomValue.person_id == person)
            known.custom.update((row[0], row[1]) for row in self._session.execute(values))
        return known

    def _plan_name(self, plan: Plan, has: DetailsThere, what: str, said: str) -> None:
        value = text.clean(said)
        folded = text.fold(value)
        if not folded or folded in has.named[what]:
            return
        if len(value) > NAME_LIMIT:
            plan.unfit.append(f"{i18n.text(WORDS[what])}: {value}")
        else:
            plan.names.setdefault((what, folded), value)

    def _plan_value(self, plan: Plan, has: DetailsThere, asked: tuple[str, str, str], *, newer: bool) -> None:
        kind, name, said = asked
        cleaned = text.clean(said, multiline=True)
        if not cleaned:
            return
        named = self._field(kind, name, said)
        try:
            value = custom_fields.read_value(named, said) if named is not None else ""
        except (ValueUnfit, text.TextTooLong):
            value = ""
        held = "" if named is None else plan.values.get(named.id) or has.custom.get(named.id, "")
        if named is None or not value:
            plan.unfit.append(f"{text.clean(name)}: {cleaned}")
        elif not held or (newer and held != value):
            plan.values[named.id] = value
        elif held != value:
            plan.beside.append(f"{named.name}: {custom_fields.shown_value(named, value)}")

    def _columns_of(self, field_id: int, value: str) -> dict[str, str]:
        named = next(one for one in self._known_fields().values() if one.id == field_id)
        return {"value": value, "search_value": text.fold(custom_fields.shown_value(named, value))}

    def _known_fields(self) -> dict[str, FieldDefinition]:
        if self._fields is None:
            self._fields = {text.fold(one.name): one for one in custom_fields.fields(self._session)}
        return self._fields

    def _field(self, kind: str, name: str, said: str) -> FieldDefinition | None:
        """The field of that name. One that a card of Krug's own tells the kind of is made, or gets one option more."""
        folded, option = text.fold(name), text.fold(said)
        known = self._known_fields().get(folded)
        if kind not in CUSTOM_KINDS or (kind == "choice" and not option):
            return known
        if known is None and folded and len(text.clean(name)) <= NAME_LIMIT:
            put_away = {text.fold(one.name) for one in custom_fields.fields(self._session, archived=True)}
            if folded not in put_away:
                made = custom_fields.define_field(self._session, name, kind, (said,))
                known = self._known_fields()[folded] = custom_fields.field_of(self._session, made)
        elif known is not None and known.kind == kind == "choice" and option not in map(text.fold, known.choices):
            custom_fields.change_definition(self._session, known.id, known.name, (*known.choices, said))
            known = self._known_fields()[folded] = custom_fields.field_of(self._session, known.id)
        return known


def _read(key: str, value: str) -> Any:
    """A value as its column holds it; None where it does not fit."""
    if key in _CHOICES:
        return value if value in _CHOICES[key] else None
    if key == "preferred_channel":
        return value if value in contact_points.KINDS else None
    if key == "joined_on":
        return whole_day(value)
    return value if len(value) <= NAME_LIMIT else None
