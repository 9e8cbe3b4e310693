"""What figures are called and what they mean: one text for screen, paper and command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crm import i18n
from crm.i18n import mark
from crm.services.figures_rows import Figure

_N: Final = mark("n = {n}")
_OF: Final = mark("of {n}")


@dataclass(frozen=True, slots=True)
class Definition:
    """Catalogue entries of one figure. `base` names n; `better` is 1 where more is better, −1 less, 0 neither."""

    label: str
    meaning: str
    base: str = _N
    better: int = 1


DEFINITIONS: Final[dict[str, Definition]] = {
    "people_total": Definition(mark("People in all"), mark("known to the community, without the team"), ""),
    "active_people": Definition(mark("Active in 90 days"), mark("came to at least one event in 90 days"), _OF),
    "new_people": Definition(mark("New people"), mark("came for the first time ever"), mark("of {n} who came")),
    "second_visit": Definition(mark("Second visit"), mark("came again within 90 days")),
    "repeat_attendance": Definition(mark("Repeat visits"), mark("came twice or more in the period")),
    "period_retention": Definition(
        mark("Retention"), mark("active at the end less the new ones, of those active at the start (90 days)")
    ),
    "referral_share": Definition(mark("By referral"), mark("new people whom somebody brought")),
    "attendance": Definition(mark("Visits"), mark("came to events, walk-ins included"), ""),
    "show_up_rate": Definition(mark("Show-up rate"), mark("came, of those who registered")),
    "no_show_rate": Definition(mark("No-shows"), mark("registered, did not cancel and did not come"), better=-1),
    "cancellation_rate": Definition(mark("Cancellations"), mark("cancelled their registration"), better=-1),
    "walk_in_share": Definition(mark("Walk-ins"), mark("came without registering"), better=0),
    "first_timer_share": Definition(mark("First-timers"), mark("visits that were the first ever"), better=0),
    "nps": Definition(mark("NPS"), mark("promoters (9–10) less detractors (0–6)")),
    "response_rate": Definition(mark("Response rate"), mark("answered, of those who came")),
    "feedback_waiting": Definition(mark("Waiting for an answer"), mark("new feedback without a reply"), _OF, -1),
    "nps_distribution": Definition(mark("Answers 0–10"), mark("how often each score was chosen"), better=0),
}


def label(key: str) -> str:
    """The name of a figure."""
    return i18n.text(DEFINITIONS[key].label)


def meaning(key: str) -> str:
    """The definition of a figure in one line."""
    return i18n.text(DEFINITIONS[key].meaning)


def base(figure: Figure) -> str:
    """The base in words: «из 1 266», «n = 41»; empty where the figure is its own base."""
    message = DEFINITIONS[figure.key].base
    return i18n.text(message, n=i18n.number(figure.n)).replace("n = ", f"n{i18n.NBSP}={i18n.NBSP}") if message else ""


def explained(figure: Figure) -> str:
    """Definition and base: «были хотя бы на одном событии за 90 дней, из 1 266»."""
    return ", ".join(filter(None, (meaning(figure.key), base(figure))))
