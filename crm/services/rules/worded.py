"""Conditions on words: city, name, organisation. Both sides are folded, so that case and ё do not matter."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, not_, or_, select

from crm import i18n, text
from crm.models import Organisation, Person
from crm.services.rules.context import Context
from crm.services.rules.node import Field, Leaf, Operator, WhyRow
from crm.services.rules.wording import either, quoted


def texts(leaf: Leaf) -> tuple[str, ...]:
    """The value of a condition on texts or keys, also where it is a single one."""
    return leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)  # type: ignore[return-value]  # by the editor


TEXT_OPERATORS: Final = (
    Operator("is", i18n.mark("is exactly"), "text"),
    Operator("is_not", i18n.mark("is not"), "text"),
    Operator("is_one_of", i18n.mark("is one of"), "texts"),
    Operator("contains", i18n.mark("contains"), "text"),
    Operator("does_not_contain", i18n.mark("does not contain"), "text"),
    Operator("starts_with", i18n.mark("starts with"), "text"),
    Operator("is_empty", i18n.mark("is empty"), "none"),
    Operator("is_not_empty", i18n.mark("is filled in"), "none"),
)


def text_where(column: ColumnElement[str], leaf: Leaf) -> ColumnElement[bool]:
    """A condition on a folded column that is never NULL."""
    wanted = [text.fold(one) for one in texts(leaf) if one]
    match leaf.operator:
        case "is" | "is_one_of":
            return column.in_(wanted)
        case "is_not":
            return column.not_in(wanted)
        case "contains":
            return column.contains(wanted[0], autoescape=True)
        case "does_not_contain":
            return not_(column.contains(wanted[0], autoescape=True))
        case "starts_with":
            return column.startswith(wanted[0], autoescape=True)
        case "is_empty":
            return column == ""
        case _:
            return column != ""


class OnCity(Field):
    """The city of a person; case and ё do not matter."""

    key = "city"
    title = i18n.mark("City")
    operators = TEXT_OPERATORS

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        return text_where(Person.search_city.expression, leaf)

    def says(self, context: Context, leaf: Leaf) -> str:
        names = either([quoted(name) for name in texts(leaf) if name] or [""])
        match leaf.operator:
            case "is" | "is_one_of":
                return i18n.text("live in {city}", city=names)
            case "is_not":
                return i18n.text("do not live in {city} or gave no city", city=names)
            case "contains":
                return i18n.text("live in a city with {text} in its name", text=names)
            case "does_not_contain":
                return i18n.text("live in a city without {text} in its name or gave no city", text=names)
            case "starts_with":
                return i18n.text("live in a city whose name starts with {text}", text=names)
            case "is_empty":
                return i18n.text("gave no city")
            case _:
                return i18n.text("gave their city")

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        city = context.session.execute(select(Person.city).where(Person.id == person_id)).scalar_one()
        return (WhyRow("person", person_id, city),) if city else ()


class OnName(Field):
    """Any part of the name, the nickname included."""

    key = "name"
    title = i18n.mark("Name")
    operators = tuple(one for one in TEXT_OPERATORS if one.key in {"contains", "does_not_contain", "starts_with"})

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.operator == "starts_with":
            wanted = text.fold(texts(leaf)[0])
            names = Person.search_names
            return or_(names.startswith(wanted, autoescape=True), names.contains(" " + wanted, autoescape=True))
        return text_where(Person.search_names.expression, leaf)

    def says(self, context: Context, leaf: Leaf) -> str:
        name = quoted(texts(leaf)[0])
        match leaf.operator:
            case "contains":
                return i18n.text("have {text} in their name", text=name)
            case "does_not_contain":
                return i18n.text("have no {text} in their name", text=name)
            case _:
                return i18n.text("have a name that starts with {text}", text=name)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        row = context.session.execute(
            select(Person.family_name, Person.given_name, Person.additional_name, Person.nickname).where(
                Person.id == person_id
            )
        ).one()
        return (WhyRow("person", person_id, " ".join(part for part in row if part)),)


class OnOrganisation(Field):
    """The organisation of a person by its name."""

    key = "organisation"
    title = i18n.mark("Organisation")
    operators = TEXT_OPERATORS

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.operator == "is_empty":
            return Person.organisation_id.is_(None)
        if leaf.operator == "is_not_empty":
            return Person.organisation_id.is_not(None)
        positive = {"is_not": "is", "does_not_contain": "contains"}.get(leaf.operator, leaf.operator)
        named = select(Organisation.id).where(
            text_where(Organisation.search_name.expression, Leaf(self, positive, leaf.value))
        )
        found = and_(Person.organisation_id.is_not(None), Person.organisation_id.in_(named))
        return found if positive == leaf.operator else not_(found)

    def says(self, context: Context, leaf: Leaf) -> str:
        names = either([quoted(name) for name in texts(leaf) if name] or [""])
        match leaf.operator:
            case "is" | "is_one_of":
                return i18n.text("belong to {organisation}", organisation=names)
            case "is_not":
                return i18n.text("do not belong to {organisation} or belong to none", organisation=names)
            case "contains":
                return i18n.text("belong to an organisation with {text} in its name", text=names)
            case "does_not_contain":
                return i18n.text("belong to an organisation without {text} in its name or to none", text=names)
            case "starts_with":
                return i18n.text("belong to an organisation whose name starts with {text}", text=names)
            case "is_empty":
                return i18n.text("belong to no organisation")
            case _:
                return i18n.text("belong to an organisation")

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        row = context.session.execute(
            select(Organisation.id, Organisation.name)
            .join(Person, Person.organisation_id == Organisation.id)
            .where(Person.id == person_id)
        ).first()
        return () if row is None else (WhyRow("organisation", row.id, row.name),)
