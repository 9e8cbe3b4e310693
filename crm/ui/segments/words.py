"""What the keys of rules are called on the page."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.services.event_words import kind_title
from crm.services.rules import FIELDS, Operator
from crm.ui.people.words import contact_kind, person_kind
from crm.ui.widgets.marks import LEVELS, level_word

PERIODS: Final = (7, 14, 30, 60, 90, 180, 365)
"""Periods offered for a count, days; another one that a rule holds is offered too."""


def field_title(key: str) -> str:
    """«Последний визит»."""
    return i18n.text(FIELDS[key].title)


def operator_title(operator: Operator) -> str:
    """«не меньше»."""
    return i18n.text(operator.title)


def match_title(match: str) -> str:
    """«Все», «Хотя бы одно», «Ни одно»."""
    return {
        "all": i18n.in_context("match", "All"),
        "any": i18n.in_context("match", "At least one"),
        "none": i18n.in_context("match", "None"),
    }[match]


def match_rest(match: str) -> str:
    """What follows the choice: «условия верны», «из условий верно»."""
    if match == "all":
        return i18n.text("of the conditions hold")
    return i18n.text("of the conditions holds")


def period_title(days: int | None) -> str:
    """«за всё время», «за 30 дней»."""
    if days is None:
        return i18n.text("over all time")
    return i18n.plural("last {count} day", "last {count} days", days)


def event_kind_title(key: str | None, name: str = "") -> str:
    """«любые события», «встреча»."""
    return i18n.text("events of any kind") if key is None else kind_title(key, name)


def fixed_choices(editor: str) -> list[tuple[str, str]]:
    """What can be chosen where it does not depend on the store: levels, kinds of people, ways to reach them."""
    match editor:
        case "levels":
            return [(level, level_word(level)) for level in LEVELS]
        case "kinds":
            return [(kind, person_kind(kind)) for kind in ("member", "partner", "media", "client", "team")]
        case _:
            kinds = ("phone", "email", "telegram", "vk", "whatsapp", "max")
            return [(kind, contact_kind(kind)) for kind in kinds]
