"""What the services of segments give back, and what a person can put right about segments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm.errors import CrmError
from crm.i18n import mark
from crm.services.cards import PersonRow
from crm.services.rules import Part, WhyRow


class SegmentUnknown(CrmError):
    """The reference leads to no segment."""

    code = "segment_unknown"
    message = mark("There is no segment called «{ref}». Check the name, or give the number: #3.")


class SegmentAmbiguous(CrmError):
    """The reference leads to several segments."""

    code = "segment_ambiguous"
    message = mark("«{ref}» may be several segments: {segments}. Give the number.")


class SegmentNameless(CrmError):
    """A segment without a name."""

    code = "segment_nameless"
    message = mark("A segment needs a name. Type one.")


class SegmentNameTaken(CrmError):
    """Another segment has the name."""

    code = "segment_name_taken"
    message = mark("There is a segment called «{name}» already. Choose another name.")


class SegmentFrozen(CrmError):
    """A frozen list has no rule."""

    code = "segment_frozen"
    message = mark("«{name}» is a frozen list: it has no rule to change. Duplicate the segment it came from.")


@dataclass(frozen=True, slots=True)
class Movement:
    """Who entered and left over the days from `since` (the day after the first picture taken) to `until`.

    `days` holds (day, entered, left) for every day on which anybody moved. People are counted once for every time they
    moved; the change of a rule is no movement.
    """

    since: date
    until: date
    entered: int
    left: int
    days: tuple[tuple[date, int, int], ...]
    entered_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment in a list. `id` is None for a ready one that nobody has made their own.

    `count` is None where it was not asked for or the rule is broken; then `problem` says why. `glyph` is a level whose
    ring stands for the segment, `icon` what a ready one shows instead.
    """

    id: int | None
    starter: str
    name: str
    note: str
    kind: str
    glyph: str
    pinned: bool
    count: int | None = None
    problem: str = ""
    icon: str = ""

    @property
    def key(self) -> tuple[str, int | str]:
        """What this row is known by: ("segment", 3) or ("starter", "fading")."""
        return ("starter", self.starter) if self.id is None else ("segment", self.id)


@dataclass(frozen=True, slots=True)
class SegmentCard:
    """One segment with everything its page shows but the people; `rule` is the JSON form."""

    id: int | None
    uid: str
    name: str
    description: str
    kind: str
    glyph: str
    starter: str
    pinned: bool
    rule: dict[str, object]
    sentence: tuple[Part, ...]
    problem: str = ""
    included: int = 0
    excluded: int = 0
    changed_at: datetime | None = None
    frozen_at: datetime | None = None
    used_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """Who fits: how many, of how many people in the community, and the first of them in the order of lists."""

    count: int
    community: int
    first: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition for one person: its words, whether it holds, the rows it looked at."""

    rule: str
    holds: bool
    rows: tuple[WhyRow, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a person is in a segment or is not; `by_hand` is include, exclude, frozen or empty."""

    inside: bool
    by_hand: str
    reasons: tuple[Reason, ...]
