"""The tree: groups of conditions, conditions on other segments, JSON in and out, membership, the sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from crm import i18n
from crm.models import Person, SegmentMember
from crm.services.rules.context import LEAF_LIMIT, Context
from crm.services.rules.counts import Attended, Brought, GaveFeedback, InTouch, NoShows, OnStage, SignedUp
from crm.services.rules.errors import InvalidRule, RuleFieldUnknown, RuleTooDeep, RuleTooLarge, RuleVersionUnknown
from crm.services.rules.moments import AtEvent, FirstVisit, Joined, LastScore, LastVisit
from crm.services.rules.node import Field, Leaf, Operator, WhyRow
from crm.services.rules.personal import OnBirthday, OnContact, OnKind, OnLevel, OnTag
from crm.services.rules.worded import OnCity, OnName, OnOrganisation
from crm.services.rules.wording import quoted

VERSION: Final = 1
DEPTH_LIMIT: Final = 5
Match = Literal["all", "any", "none"]
MATCHES: Final[tuple[Match, ...]] = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; the strong pieces are the meaning."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """All, at least one or none of its conditions. A group without a condition anywhere in it asks for nothing."""

    match: Match
    rules: tuple[Group | Leaf, ...] = ()

    def leaves(self) -> Iterator[Leaf]:
        """Every condition, in reading order."""
        for rule in self.rules:
            if isinstance(rule, Leaf):
                yield rule
            else:
                yield from rule.leaves()

    @property
    def empty(self) -> bool:
        """True where there is no condition to fulfil."""
        return next(self.leaves(), None) is None

    def full(self) -> list[Group | Leaf]:
        """The rules that ask for something."""
        return [rule for rule in self.rules if isinstance(rule, Leaf) or not rule.empty]

    def where(self, context: Context) -> ColumnElement[bool]:
        """The condition over `Person`, never NULL; raises BrokenRule, RuleCycle, RuleTooLarge."""
        clauses = [rule.where(context) for rule in self.full()]
        if not clauses:
            return true()
        if self.match == "all":
            return and_(*clauses)
        return or_(*clauses) if self.match == "any" else not_(or_(*clauses))

    def dump(self) -> dict[str, object]:
        """The JSON form, without the version."""
        return {"match": self.match, "rules": [rule.dump() for rule in self.rules]}


EVERYONE: Final = Group("all")


class InSegment(Field):
    """Membership in another segment, people put in and kept out by hand included."""

    key = "segment"
    title = i18n.mark("Segment")
    operators = (
        Operator("in", i18n.mark("is in"), "segment"),
        Operator("not_in", i18n.mark("is not in"), "segment"),
    )

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        inside = membership(context, cast("int", leaf.value))
        return inside if leaf.operator == "in" else not_(inside)

    def says(self, context: Context, leaf: Leaf) -> str:
        name = quoted(context.segment(cast("int", leaf.value)).name)
        if leaf.operator == "in":
            return i18n.text("are in the segment {name}", name=name)
        return i18n.text("are not in the segment {name}", name=name)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        segment = context.segment(cast("int", leaf.value))
        clause = membership(context, segment.id)
        inside = context.session.execute(select(Person.id).where(Person.id == person_id, clause)).first()
        return () if inside is None else (WhyRow("segment", segment.id, segment.name),)


FIELDS: Final[Mapping[str, Field]] = {
    field.key: field
    for field in (
        OnLevel(),
        OnTag(),
        OnCity(),
        OnKind(),
        OnOrganisation(),
        OnName(),
        Attended(),
        LastVisit(),
        FirstVisit(),
        SignedUp(),
        NoShows(),
        AtEvent(),
        OnStage(),
        Brought(),
        GaveFeedback(),
        LastScore(),
        InTouch(),
        OnBirthday(),
        Joined(),
        OnContact(),
        InSegment(),
    )
}
"""Everything a condition can be made on; a rule that names anything else is refused."""


def parse_rule(raw: object) -> Group:
    """The tree that JSON `raw` stands for; an empty object is everyone. Raises InvalidRule."""
    if raw == {}:
        return EVERYONE
    if not isinstance(raw, Mapping):
        raise InvalidRule
    version = raw.get("version")
    if version != VERSION or isinstance(version, bool):
        raise RuleVersionUnknown(found=version, known=VERSION)
    return parse_group({key: value for key, value in raw.items() if key != "version"}, 1, [0])


def parse_group(raw: Mapping[object, object], depth: int, seen: list[int]) -> Group:
    """A group at `depth`; `seen` counts the conditions of the whole rule."""
    if depth > DEPTH_LIMIT:
        raise RuleTooDeep(limit=DEPTH_LIMIT)
    match, rules = raw.get("match"), raw.get("rules")
    if match not in MATCHES or not isinstance(rules, list) or raw.keys() != {"match", "rules"}:
        raise InvalidRule
    parsed: list[Group | Leaf] = []
    for one in rules:
        if not isinstance(one, Mapping):
            raise InvalidRule
        seen[0] += 1
        if seen[0] > LEAF_LIMIT:
            raise RuleTooLarge(limit=LEAF_LIMIT)
        parsed.append(parse_group(one, depth + 1, seen) if "match" in one else parse_leaf(one))
    return Group(match, tuple(parsed))


def parse_leaf(raw: Mapping[str, object]) -> Leaf:
    """A condition out of JSON; raises InvalidRule."""
    key = raw.get("field")
    field = FIELDS.get(key) if isinstance(key, str) else None
    if field is None:
        raise RuleFieldUnknown(field=str(key)[:80])
    return field.parse(raw)


def dump_rule(group: Group) -> dict[str, object]:
    """The JSON form of a whole rule."""
    return {"version": VERSION, **group.dump()}


def membership(context: Context, segment_id: int, tree: Group | None = None) -> ColumnElement[bool]:
    """Who is in a segment, over `Person`: the rule or the frozen list, then what was decided by hand.

    `tree` stands for the rule of a live segment while it is being edited.
    Deleted and archived people are not sorted out here: `alive` does that once, outside. Raises InvalidRule.
    """
    segment = context.segment(segment_id)
    with context.inside(segment_id):
        if segment.kind == "frozen":
            return _listed(segment_id, "frozen")
        clause = (parse_rule(segment.rule) if tree is None else tree).where(context)
        if segment.by_hand:
            clause = or_(
                _listed(segment_id, "include"),
                and_(clause, not_(_listed(segment_id, "exclude"))),
            )
        return clause


def _listed(segment_id: int, state: str) -> ColumnElement[bool]:
    return Person.id.in_(
        select(SegmentMember.person_id).where(SegmentMember.segment_id == segment_id, SegmentMember.state == state)
    )


def sentence(context: Context, group: Group) -> tuple[Part, ...]:
    """The rule in words, the meaning strong; raises BrokenRule."""
    rules = group.full()
    if not rules:
        return (Part(i18n.text("Everyone.")),)
    if group.match == "none":
        return _filled(i18n.text("Everyone except people who {rules}."), _choice(context, rules))
    if group.match == "any":
        return _filled(i18n.text("People who {rules}."), _choice(context, rules))
    asked = [rule for rule in rules if isinstance(rule, Leaf) or rule.match != "none"]
    kept_out = [rule for rule in rules if isinstance(rule, Group) and rule.match == "none"]
    said: list[Part] = []
    if asked:
        said.extend(_filled(i18n.text("People who {rules}."), _chain(context, asked)))
    for number, rule in enumerate(kept_out):
        pattern = i18n.text("Except people who {rules}.")
        if number == 0 and not asked:
            pattern = i18n.text("Everyone except people who {rules}.")
        if said:
            said.append(Part(" "))
        said.extend(_filled(pattern, _choice(context, rule.full())))
    return tuple(said)


def plain(parts: tuple[Part, ...]) -> str:
    """A sentence as plain text."""
    return "".join(part.text for part in parts)


def gist(parts: tuple[Part, ...]) -> str:
    """Only the meaning of a sentence, for a narrow place: «Живут в городе «Орёл», приходили хотя бы раз»."""
    meaning = ", ".join(part.text for part in parts if part.strong) or plain(parts).removesuffix(".")
    return meaning[:1].upper() + meaning[1:]


def _filled(pattern: str, middle: list[Part]) -> tuple[Part, ...]:
    before, _, after = pattern.partition("{rules}")
    return (Part(before), *middle, Part(after))


def _chain(context: Context, rules: list[Group | Leaf]) -> list[Part]:
    """«a, b and c»; before a group «and also»."""
    said: list[Part] = []
    for place, rule in enumerate(rules):
        last = place == len(rules) - 1
        if place:
            if isinstance(rule, Group):
                said.append(Part(" " + i18n.text("and also") + " "))
            else:
                said.append(Part(" " + i18n.text("and") + " " if last else ", "))
        said.extend(_piece(context, rule, bare=last))
    return said


def _choice(context: Context, rules: list[Group | Leaf]) -> list[Part]:
    """«a, b or c»."""
    said: list[Part] = []
    for place, rule in enumerate(rules):
        if place:
            said.append(Part(" " + i18n.text("or") + " "))
        said.extend(_piece(context, rule, bare=False))
    return said


def _piece(context: Context, rule: Group | Leaf, *, bare: bool) -> list[Part]:
    if isinstance(rule, Leaf):
        return [Part(rule.says(context), strong=True)]
    inner = rule.full()
    if rule.match == "none":
        return [Part("("), *_filled(i18n.text("none of: {rules}"), _choice(context, inner)), Part(")")]
    said = _chain(context, inner) if rule.match == "all" else _choice(context, inner)
    return said if len(inner) == 1 or (bare and rule.match == "any") else [Part("("), *said, Part(")")]
