"""Figures: each number of a page, a PDF or the command line is one function here, with its base and definition.

A period is half-open, in local days; a person counts once per event; deleted people and the team are out; nothing to
divide by gives None. Definitions: reference metrics, whose headings the definition keys are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.services.figures import attendance, community, satisfaction
from crm.services.figures.scope import Scope, scope_of
from crm.services.figures_rows import Figure

OfScope = Callable[[Session, Scope], Figure]
_OF_COMMUNITY: Final[tuple[OfScope, ...]] = (
    community.people_total,
    community.active_people,
    community.new_people,
    community.second_visit,
    community.repeat_attendance,
    community.period_retention,
    community.referral_share,
)
_OF_BOTH: Final[tuple[OfScope, ...]] = (
    community.first_timer_share,
    satisfaction.nps,
    satisfaction.response_rate,
    satisfaction.feedback_waiting,
    satisfaction.nps_distribution,
)
_BEHIND: Final[dict[str, Callable[[Scope], Select[Any]]]] = {
    "people_total": community.everyone,
    "active_people": community.active,
    "new_people": community.new,
    "second_visit": community.came_again,
    "repeat_attendance": lambda scope: community.visitors(scope, 2),
    "period_retention": community.active,
    "referral_share": community.new_by_referral,
    "first_timer_share": community.first_timers,
    "attendance": lambda scope: attendance.people_by_status(scope, "attended", "walk_in"),
    "show_up_rate": lambda scope: attendance.people_by_status(scope, "attended"),
    "no_show_rate": lambda scope: attendance.people_by_status(scope, "no_show", over=True),
    "cancellation_rate": lambda scope: attendance.people_by_status(scope, "cancelled"),
    "walk_in_share": lambda scope: attendance.people_by_status(scope, "walk_in"),
    "nps": satisfaction.respondents,
}


def all_figures(
    session: Session,
    start: date,
    end: date,
    clock: Clock,
    people: Iterable[int] | None = None,
    event_id: int | None = None,
) -> list[Figure]:
    """Every figure over [start, end), of the `people` of a segment only; with `event_id` those of one event."""
    scope = scope_of(session, start, end, clock, people, event_id)
    found = [] if event_id is not None else [figure(session, scope) for figure in _OF_COMMUNITY]
    found.extend(attendance.attendance_figures(session, scope))
    found.extend(figure(session, scope) for figure in _OF_BOTH)
    return found


def rows_behind(
    session: Session,
    key: str,
    start: date,
    end: date,
    clock: Clock,
    people: Iterable[int] | None = None,
    event_id: int | None = None,
) -> list[int]:
    """Ids of the people a figure counts (of a rate: its numerator), for «Откуда это?». KeyError for a key without."""
    scope = scope_of(session, start, end, clock, people, event_id)
    return list(session.scalars(_BEHIND[key](scope)))


def opens_into_people(key: str) -> bool:
    """True where `rows_behind` knows the people of this figure."""
    return key in _BEHIND
