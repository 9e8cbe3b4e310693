"""The four headline figures, each beside its definition and its change: the same on Today and in the month's report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from crm import i18n
from crm.services.figures import community, satisfaction, words
from crm.services.figures.scope import ACTIVE_DAYS, Scope
from crm.services.figures_rows import Figure
from crm.services.report_contents import Headline


@dataclass(frozen=True, slots=True)
class Change:
    """How a headline moved, as whole as it is printed: in points of percent where `points`.

    `quality` is 1 for better, −1 for worse, 0 where it may be chance: a thin base (n < 30) or inside the margin.
    """

    difference: float
    points: bool
    quality: int

    def text(self) -> str:
        """«+17», «−2 п. п.»."""
        signed = i18n.signed(self.difference)
        return i18n.text("{change} pp", change=signed) if self.points else signed


def change_of(headline: Headline) -> Change | None:
    """The change of a headline; None where one of the two values is missing.

    It is certain where both bases have n ≥ 30 and the difference passes √(m₁² + m₂²) of the two 95 % half-widths.
    """
    before, now = headline.previous, headline.figure
    if before is None or not isinstance(before.value, int | float) or not isinstance(now.value, int | float):
        return None
    difference = _printed(now) - _printed(before)
    unsure = now.thin or before.thin or abs(difference) <= math.hypot(half_width(now), half_width(before))
    quality = 0 if unsure or not difference else int(math.copysign(1, difference)) * headline.better
    return Change(difference, now.unit == "percent", quality)


def half_width(figure: Figure) -> float:
    """The 95 % half-width of a figure: its own, that of a share, 1.96·√(p(1−p)/n)·100, or 0 for a count."""
    if figure.margin is not None:
        return figure.margin
    if figure.unit == "percent" and figure.n > 0 and isinstance(figure.value, int | float):
        share = min(max(figure.value / 100, 0.0), 1.0)
        return 1.96 * math.sqrt(share * (1 - share) / figure.n) * 100
    return 0.0


def explained(headline: Headline) -> str:
    """The definition with its base, and the margin where the figure has one: no number stands without them."""
    figure = headline.figure
    parts = [headline.explained]
    if not headline.base_named:
        parts.append(i18n.text("n = {n}", n=i18n.number(figure.n)))
    if figure.margin is not None:
        parts.append("±" + i18n.number(round(figure.margin)))
    return ", ".join(filter(None, parts))


def headlines(session: Session, scope: Scope, previous: Scope, compared_to: str) -> tuple[Headline, ...]:
    """Active people, new people, second visits and NPS of the period, beside the period before.

    New people are those of the period; the others look back 90 days from its end, so that they rest on enough people.
    """
    # The base of «second visit» is the cohort whose 90 days ended in the last 90 days.
    look, look_before = scope.last(ACTIVE_DAYS), previous.last(ACTIVE_DAYS)
    brought = community.many(session, community.new_by_referral(scope))
    fresh = community.new_people(session, scope)
    active = _plain(community.active_people(session, scope), community.active_people(session, previous), compared_to)
    again = _plain(community.second_visit(session, look), community.second_visit(session, look_before), compared_to)
    score = satisfaction.nps(session, look)
    return (
        active,
        Headline(
            words.label("new_people"),
            fresh,
            i18n.text(
                "came for the first time, {count} by referral, of {n} who came",
                count=i18n.number(brought),
                n=i18n.number(fresh.n),
            ),
            base_named=True,
            previous=community.new_people(session, previous),
            compared_to=compared_to,
        ),
        again,
        Headline(
            words.label("nps"),
            score,
            i18n.text("answers in 90 days"),
            previous=satisfaction.nps(session, look_before),
            compared_to=compared_to,
        ),
    )


def month_before(scope: Scope) -> Scope:
    """The 30 days before these: what the headlines of Today are compared with."""
    return scope.over(scope.start - timedelta(days=30), scope.end - timedelta(days=30))


def _plain(figure: Figure, previous: Figure, compared_to: str) -> Headline:
    return Headline(
        words.label(figure.key),
        figure,
        words.explained(figure),
        base_named=True,
        previous=previous,
        compared_to=compared_to,
        better=words.DEFINITIONS[figure.key].better,
    )


def _printed(figure: Figure) -> float:
    value = figure.value if isinstance(figure.value, int | float) else 0
    return round(value) if figure.unit in ("percent", "points") else value
