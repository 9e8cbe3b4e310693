"""Segments that are ready on the first day; each is a rule to look at, pin or make one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from crm import i18n
from crm.services.rules.tree import Group, parse_rule


@dataclass(frozen=True, slots=True)
class Starter:
    """A ready segment: its name and what it is for are catalogue entries.

    `glyph` is the level whose ring stands for it; `icon`, where there is one, says more than a ring.
    """

    key: str
    name: str
    purpose: str
    glyph: str
    rules: tuple[dict[str, Any], ...]
    icon: str = ""

    @property
    def rule(self) -> dict[str, object]:
        """The JSON form of the rule."""
        return {"version": 1, "match": "all", "rules": [dict(rule) for rule in self.rules]}

    @property
    def tree(self) -> Group:
        """The rule itself."""
        return parse_rule(self.rule)


STARTERS: Final = (
    Starter(
        "fading",
        i18n.mark("People going quiet"),
        i18n.mark("Used to come, then stopped"),
        "fading",
        ({"field": "level", "operator": "any_of", "value": ["fading"]},),
    ),
    Starter(
        "silent_regulars",
        i18n.mark("Regulars gone silent"),
        i18n.mark("60 days without a visit"),
        "fading",
        (
            {"field": "attended", "operator": "at_least", "value": 3},
            {"field": "last_visit", "operator": "not_in_last", "value": 60},
        ),
    ),
    Starter(
        "came_once",
        i18n.mark("Came once"),
        i18n.mark("Not again for 90 days"),
        "member",
        (
            {"field": "attended", "operator": "equals", "value": 1},
            {"field": "last_visit", "operator": "not_in_last", "value": 90},
        ),
    ),
    Starter(
        "never_came",
        i18n.mark("Never make it"),
        i18n.mark("Signed up, did not come"),
        "none",
        (
            {"field": "registered", "operator": "at_least", "value": 3},
            {"field": "attended", "operator": "never"},
        ),
    ),
    Starter(
        "first_timers",
        i18n.mark("Here for the first time"),
        i18n.mark("At the last event"),
        "new",
        ({"field": "event", "operator": "first_time", "value": "last"},),
    ),
    Starter(
        "new_this_month",
        i18n.mark("New in 30 days"),
        i18n.mark("First event"),
        "new",
        ({"field": "first_visit", "operator": "in_last", "value": 30},),
    ),
    Starter(
        "ambassadors",
        i18n.mark("Ambassadors"),
        i18n.mark("Bring others along"),
        "core",
        ({"field": "brought", "operator": "at_least", "value": 2},),
    ),
    Starter(
        "speakers",
        i18n.mark("Speakers of half a year"),
        i18n.mark("Ask them again"),
        "active",
        ({"field": "spoke", "operator": "ever", "days": 180},),
    ),
    Starter(
        "promoters",
        i18n.mark("Ready to recommend"),
        i18n.mark("Scored us 9 or 10"),
        "active",
        (
            {"field": "last_nps", "operator": "at_least", "value": 9},
            {"field": "brought", "operator": "never"},
        ),
    ),
    Starter(
        "detractors",
        i18n.mark("Displeased"),
        i18n.mark("Scored us 6 or lower"),
        "fading",
        (
            {"field": "last_nps", "operator": "at_most", "value": 6},
            {"field": "interaction", "operator": "never", "days": 14},
        ),
        icon="warning-circle",
    ),
    Starter(
        "birthdays",
        i18n.mark("Birthdays soon"),
        i18n.mark("In the next 7 days"),
        "member",
        ({"field": "birthday", "operator": "in_next", "value": 7},),
        icon="cake",
    ),
    Starter(
        "unreachable",
        i18n.mark("No contact details"),
        i18n.mark("Ask how to reach them"),
        "none",
        ({"field": "contact_point", "operator": "none_of", "value": ["phone", "email"]},),
        icon="prohibit",
    ),
)


def starter(key: str) -> Starter | None:
    """The ready segment `key`, None where there is none."""
    return next((one for one in STARTERS if one.key == key), None)
