"""Rules: a segment is data. Each node gives a where-clause, a sentence and the rows that matched (docs, «Rules»).

One meaning, in SQL only. Negatives include people with no value; an empty rule is everyone; an empty value, an unknown
field and anything removed are refusals, never «everyone».
"""

from crm.services.rules.context import Context, alive
from crm.services.rules.errors import BrokenRule, InvalidRule
from crm.services.rules.node import Field, Leaf, Operator, WhyRow
from crm.services.rules.starters import STARTERS, Starter, starter
from crm.services.rules.tree import (
    DEPTH_LIMIT,
    EVERYONE,
    FIELDS,
    MATCHES,
    Group,
    Match,
    Part,
    dump_rule,
    gist,
    membership,
    parse_rule,
    plain,
    sentence,
)

__all__ = [
    "DEPTH_LIMIT",
    "EVERYONE",
    "FIELDS",
    "MATCHES",
    "STARTERS",
    "BrokenRule",
    "Context",
    "Field",
    "Group",
    "InvalidRule",
    "Leaf",
    "Match",
    "Operator",
    "Part",
    "Starter",
    "WhyRow",
    "alive",
    "dump_rule",
    "gist",
    "membership",
    "parse_rule",
    "plain",
    "sentence",
    "starter",
]
