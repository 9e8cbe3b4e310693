"""The four headline figures, each beside its definition and its change: the same on Today and in the month's report."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from crm import i18n
from crm.services.figures import community, satisfaction, words
from crm.services.figures.scope import ACTIVE_DAYS, Scope
from crm.services.figures_rows import Figure
from crm.services.report_contents import Headline


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
