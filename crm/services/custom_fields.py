"""Fields of the manager's own: what they are called, what fits into them, and what people have in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import i18n, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import CustomField, CustomValue, Person, new_uid
from crm.models.people import CUSTOM_KINDS
from crm.services.person_columns import LONG_LIMIT, NAME_LIMIT
from crm.store.dialect import among
from crm.text.days import whole_day

_YES: Final = frozenset(("yes", "да", "true", "1", "+", "y", "д", "есть", "истина"))
_NO: Final = frozenset(("no", "нет", "false", "0", "-", "n", "н", "\N{EN DASH}", "\N{MINUS SIGN}", "ложь"))
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")
_GROUPS: Final = re.compile(r"(?<=\d)[\s\u00a0\u202f'\N{RIGHT SINGLE QUOTATION MARK}](?=\d{3}(?!\d))")
MOST_CHOICES: Final = 200


class FieldNameless(CrmError):
    """A field without a name."""

    code = "field_nameless"
    message = mark("A field needs a name.")


class FieldNameTaken(CrmError):
    """Another field is called so."""

    code = "field_name_taken"
    message = mark("There is a field «{name}» already. Choose another name, or bring that one back from the archive.")


class FieldUnknown(CrmError):
    """The field is not there."""

    code = "field_unknown"
    message = mark("There is no field «{ref}» any more.")


class ChoicesMissing(CrmError):
    """A field of choices without any."""

    code = "choices_missing"
    message = mark("A field with a choice needs at least one option.")


class ValueUnfit(CrmError):
    """What was typed does not fit into the field."""

    code = "value_unfit"


class NotANumber(ValueUnfit):
    """Not a number."""

    code = "value_no_number"
    message = mark("«{value}» is not a number. Type «{name}» as 12 or 12.5.")


class NotADay(ValueUnfit):
    """Not a day with its year."""

    code = "value_no_day"
    message = mark("«{value}» is not a day. Type «{name}» as 14.03.2026.")


class NotAChoice(ValueUnfit):
    """None of the options."""

    code = "value_no_choice"
    message = mark("«{value}» is not among the options of «{name}»: {choices}.")


class NotYesOrNo(ValueUnfit):
    """Neither yes nor no."""

    code = "value_no_yes_or_no"
    message = mark("«{value}» is neither yes nor no. Type «{name}» as yes or no.")


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field: `kind` is text, number, date, choice or yes_no; `choices` are the options of a choice in their order."""

    id: int
    key: str
    name: str
    kind: str
    choices: tuple[str, ...] = ()
    archived: bool = False


def fields(session: Session, *, archived: bool = False) -> tuple[FieldDefinition, ...]:
    """The fields in the manager's order; `archived` adds those put away, after the others."""
    wanted = select(CustomField).order_by(CustomField.archived_at.is_not(None), CustomField.position, CustomField.id)
    if not archived:
        wanted = wanted.where(CustomField.archived_at.is_(None))
    return tuple(_definition(one) for one in session.scalars(wanted))


def field_of(session: Session, field_id: int) -> FieldDefinition:
    """The field of that id, archived or not. Raises FieldUnknown."""
    found = session.get(CustomField, field_id)
    if found is None:
        raise FieldUnknown(ref=f"#{field_id}")
    return _definition(found)


def field_named(session: Session, name: str) -> FieldDefinition | None:
    """The field in use of that name, whatever its case, or None."""
    folded = text.fold(name)
    return next((one for one in fields(session) if text.fold(one.name) == folded), None)


def define_field(session: Session, name: str, kind: str, choices: Iterable[str] = ()) -> int:
    """A new field after the others; its id. Raises FieldNameless, FieldNameTaken, ChoicesMissing, TextTooLong."""
    if kind not in CUSTOM_KINDS:
        raise ValueError(f"no kind of field: {kind}")
    name = _free_name(session, name, None)
    options = _options(choices) if kind == "choice" else []
    last = session.execute(select(func.coalesce(func.max(CustomField.position), -1))).scalar_one()
    made = insert(CustomField).values(key=new_uid(), name=name, kind=kind, choices=options, position=last + 1)
    return int(session.execute(made.returning(CustomField.id)).scalar_one())


def change_definition(session: Session, field_id: int, name: str, choices: Iterable[str] = ()) -> None:
    """Another name, other options. Values that use an option taken away are kept as they are.

    Raises FieldUnknown and what `define_field` raises.
    """
    field = field_of(session, field_id)
    values: dict[str, object] = {"name": _free_name(session, name, field_id)}
    if field.kind == "choice":
        values["choices"] = _options(choices)
    session.execute(update(CustomField).where(CustomField.id == field_id).values(values))


def archive_field(session: Session, field_id: int, clock: Clock, *, archived: bool = True) -> None:
    """Put a field away with its values, or bring it back. Raises FieldUnknown, FieldNameTaken."""
    field = field_of(session, field_id)
    if not archived:
        _free_name(session, field.name, field_id)
    moment = clock() if archived else None
    session.execute(update(CustomField).where(CustomField.id == field_id).values(archived_at=moment))


def arrange_fields(session: Session, field_ids: Sequence[int]) -> None:
    """Put the fields into this order; those not named follow in theirs."""
    rest = [one.id for one in fields(session, archived=True) if one.id not in field_ids]
    for position, field_id in enumerate((*field_ids, *rest)):
        session.execute(
            update(CustomField)
            .where(CustomField.id == field_id, CustomField.position != position)
            .values(position=position)
        )


def people_with(session: Session) -> dict[int, int]:
    """How many people, deleted ones left out, have a value in each field."""
    counted = (
        select(CustomValue.field_id, func.count())
        .join(Person, Person.id == CustomValue.person_id)
        .where(Person.deleted_at.is_(None))
        .group_by(CustomValue.field_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def read_value(field: FieldDefinition, raw: str) -> str:
    """What is stored for what was typed or read: text, a number with a point, a day as ISO, an option, yes or no.

    «» for nothing. Raises a ValueUnfit that says how to type it, or TextTooLong.
    """
    typed = text.clean(raw, LONG_LIMIT, multiline=field.kind == "text")
    return _READERS[field.kind](field, typed) if typed else ""


def shown_value(field: FieldDefinition, stored: str) -> str:
    """A stored value as people read it. What no longer fits the field is shown as it is."""
    if not stored:
        return ""
    if field.kind == "yes_no" and stored in {"yes", "no"}:
        return i18n.text("yes") if stored == "yes" else i18n.text("no")
    if field.kind == "date":
        try:
            return i18n.day(date.fromisoformat(stored))
        except ValueError:
            return stored
    if field.kind == "number":
        return _shown_number(stored)
    return stored


def typed_value(field: FieldDefinition, stored: str) -> str:
    """A stored value as one types it: what `read_value` reads back to the same."""
    if field.kind == "date" and (day := whole_day(stored)) is not None:
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    if field.kind == "number" and i18n.current() == "ru":
        return stored.replace(".", ",")
    return shown_value(field, stored) if field.kind == "yes_no" else stored


def values_of(session: Session, person_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """What these people have in fields in use: person → field → stored value."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    wanted = (
        select(CustomValue.person_id, CustomValue.field_id, CustomValue.value)
        .join(CustomField, CustomField.id == CustomValue.field_id)
        .where(among(CustomValue.person_id, person_ids), CustomField.archived_at.is_(None))
    )
    for person_id, field_id, value in session.execute(wanted):
        found[person_id][field_id] = value
    return dict(found)


def set_value(session: Session, person_ids: Collection[int], field_id: int, raw: str, clock: Clock) -> int:
    """Give people this value, or with «» none. Returns how many it changed.

    Raises FieldUnknown and what `read_value` raises.
    """
    field = field_of(session, field_id)
    value = read_value(field, raw)
    held = {
        person_id: (value_id, stored)
        for value_id, person_id, stored in session.execute(
            select(CustomValue.id, CustomValue.person_id, CustomValue.value).where(
                CustomValue.field_id == field_id, among(CustomValue.person_id, person_ids)
            )
        )
    }
    differing = [value_id for value_id, stored in held.values() if stored != value]
    changed = [person_id for person_id, (_, stored) in held.items() if stored != value]
    if not value:
        session.execute(delete(CustomValue).where(among(CustomValue.id, differing)))
    else:
        searched = text.fold(shown_value(field, value))
        if differing:
            session.execute(
                update(CustomValue).where(among(CustomValue.id, differing)).values(value=value, search_value=searched)
            )
        new = sorted(set(person_ids) - held.keys())
        if new:
            row = {"field_id": field_id, "value": value, "search_value": searched}
            session.execute(insert(CustomValue), [{"person_id": person_id, **row} for person_id in new])
        changed += new
    if changed:
        session.execute(update(Person).where(among(Person.id, changed)).values(changed_at=clock()))
    return len(changed)


def _definition(field: CustomField) -> FieldDefinition:
    return FieldDefinition(
        field.id, field.key, field.name, field.kind, tuple(field.choices or ()), field.archived_at is not None
    )


def _free_name(session: Session, name: str, own: int | None) -> str:
    name = text.clean(name, NAME_LIMIT)
    folded = text.fold(name)
    if not folded:
        raise FieldNameless
    if any(one.id != own and text.fold(one.name) == folded for one in fields(session, archived=True)):
        raise FieldNameTaken(name=name)
    return name


def _options(choices: Iterable[str]) -> list[str]:
    options: dict[str, str] = {}
    for choice in choices:
        option = text.clean(choice, NAME_LIMIT)
        if text.fold(option):
            options.setdefault(text.fold(option), option)
    if not options:
        raise ChoicesMissing
    return list(options.values())[:MOST_CHOICES]


def _text(_: FieldDefinition, typed: str) -> str:
    return typed


def _number(field: FieldDefinition, typed: str) -> str:
    bare = _GROUPS.sub("", typed).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    if not _NUMBER.fullmatch(bare) or not bare.isascii():
        raise NotANumber(value=typed[:NAME_LIMIT], name=field.name)
    number = Decimal(bare.replace(",", "."))
    return f"{number.normalize():f}" if number else "0"


def _day(field: FieldDefinition, typed: str) -> str:
    day = whole_day(typed)
    if day is None:
        raise NotADay(value=typed[:NAME_LIMIT], name=field.name)
    return day.isoformat()


def _choice(field: FieldDefinition, typed: str) -> str:
    folded = text.fold(typed)
    option = next((one for one in field.choices if text.fold(one) == folded), None)
    if option is None:
        raise NotAChoice(value=typed[:NAME_LIMIT], name=field.name, choices=", ".join(field.choices))
    return option


def _yes_or_no(field: FieldDefinition, typed: str) -> str:
    word = typed.casefold()
    if word in _YES or word == i18n.text("yes").casefold():
        return "yes"
    if word in _NO or word == i18n.text("no").casefold():
        return "no"
    raise NotYesOrNo(value=typed[:NAME_LIMIT], name=field.name)


_READERS: Final[dict[str, Callable[[FieldDefinition, str], str]]] = {
    "text": _text,
    "number": _number,
    "date": _day,
    "choice": _choice,
    "yes_no": _yes_or_no,
}


def _shown_number(stored: str) -> str:
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return stored
    whole, _, rest = f"{abs(value):,f}".partition(".")
    russian = i18n.current() == "ru"
    whole = whole.replace(",", i18n.NBSP) if russian else whole
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return sign + whole + (("," if russian else ".") + rest if rest else "")
