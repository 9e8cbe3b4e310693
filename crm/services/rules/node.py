"""One condition, and what every field of conditions can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import ColumnElement

from crm import i18n
from crm.services.rules.context import Context
from crm.services.rules.errors import InvalidRule, RuleOperatorUnknown
from crm.services.rules.values import Editor, Value, dump_value, parse_days, parse_value


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to compare: its title (a catalogue entry) and what its value is edited with."""

    key: str
    title: str
    editor: Editor


@dataclass(frozen=True, slots=True)
class WhyRow:
    """A row that made a condition true or false for a person: its table, its key, words for it, its day."""

    table: str
    id: int
    text: str
    on: date | None = None


class Field(ABC):
    """A field conditions are made on. Stateless: what it means for one condition stands in its methods.

    `where` never gives NULL: the opposite of a condition holds for people who have no value.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    operators: ClassVar[tuple[Operator, ...]]
    has_period: ClassVar[bool] = False
    has_event_kind: ClassVar[bool] = False

    def operator(self, key: object) -> Operator:
        """The operator `key`; raises RuleOperatorUnknown."""
        found = next((operator for operator in self.operators if operator.key == key), None)
        if found is None:
            raise RuleOperatorUnknown(field=i18n.text(self.title))
        return found

    def parse(self, raw: Mapping[str, object]) -> Leaf:
        """A condition out of JSON; raises InvalidRule."""
        title = i18n.text(self.title)
        operator = self.operator(raw.get("operator"))
        value = parse_value(operator.editor, raw.get("value"), title)
        allowed = {"field", "operator", "value"}
        days: int | None = None
        kind: str | None = None
        if self.has_period:
            allowed.add("days")
            days = parse_days(raw.get("days"), title)
        if self.has_event_kind:
            allowed.add("event_kind")
            named = raw.get("event_kind")
            if named is not None and not isinstance(named, str):
                raise InvalidRule
            kind = named
        if not raw.keys() <= allowed:
            raise InvalidRule
        return Leaf(self, operator.key, value, days, kind)

    @abstractmethod
    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        """The condition over `Person`; raises BrokenRule."""

    @abstractmethod
    def says(self, context: Context, leaf: Leaf) -> str:
        """The condition as a predicate after «people who …»; raises BrokenRule."""

    @abstractmethod
    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        """The rows of one person that the condition looked at and counted."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition: a field, an operator, a value; a period in days and a kind of event where the field has them."""

    field: Field
    operator: str
    value: Value = None
    days: int | None = None
    event_kind: str | None = None

    def where(self, context: Context) -> ColumnElement[bool]:
        """The condition over `Person`, never NULL; raises BrokenRule, RuleCycle, RuleTooLarge."""
        context.count_leaf()
        return self.field.where(context, self)

    def says(self, context: Context) -> str:
        """The condition in words; raises BrokenRule."""
        return self.field.says(context, self)

    def rows(self, context: Context, person_id: int) -> tuple[WhyRow, ...]:
        """The rows behind the condition for one person."""
        return self.field.rows(context, self, person_id)

    def dump(self) -> dict[str, object]:
        """The JSON form."""
        dumped: dict[str, object] = {"field": self.field.key, "operator": self.operator}
        if self.value is not None:
            dumped["value"] = dump_value(self.value)
        if self.days is not None:
            dumped["days"] = self.days
        if self.event_kind is not None:
            dumped["event_kind"] = self.event_kind
        return dumped
