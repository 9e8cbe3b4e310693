"""Which copies stay: all of the last two days, then one a day, one a week, one a month, and nothing older.

The zones go by age, so that no copy outlives what the person set. Within a day, a week or a month the newest stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

ALL_DAYS: Final = 2
DAILY: Final = 12
WEEKLY: Final = 10
MONTHS: Final = 9
"""Monthly copies that are kept while the person says nothing else."""
MONTH_CHOICES: Final = (3, 6, 9, 12, 24, 36)


LEAP: Final = timedelta(days=200)
"""A pause after which the clock is doubted before anything goes by its word."""
PROVEN: Final = timedelta(days=2)
"""So long copies must have been made after such a pause for its time to be believed."""


def may_thin(made: Sequence[datetime], now: datetime) -> bool:
    """False while all that says it is `now` is a clock that leapt: one wrong start must not cost old copies.

    It leapt where there is a pause of `LEAP` before `now` and the copies after it (`made`, aware, any order) do not
    reach back two days.
    """
    moments = sorted((moment for moment in made if moment <= now), reverse=True)
    later = since = now
    for moment in moments:
        if later - moment > LEAP:
            return now - since >= PROVEN
        later = since = moment
    return True


def kept(made: Sequence[datetime], now: datetime, months: int = MONTHS) -> frozenset[int]:
    """The places in `made` (aware moments, any order) of the copies that stay at `now`.

    Copies of one moment share a fate; what was made after `now`, by a clock that was set back, stays.
    """
    stay: set[int] = set()
    newest: dict[tuple[str, Hashable], int] = {}
    for place, moment in enumerate(made):
        period = _period(moment, now, months)
        if period is None:
            continue
        if period[0] == "all":
            stay.add(place)
            continue
        before = newest.get(period)
        if before is None or made[before] < moment:
            newest[period] = place
    return frozenset(stay | set(newest.values()))


def _period(moment: datetime, now: datetime, months: int) -> tuple[str, Hashable] | None:
    if now - moment <= timedelta(days=ALL_DAYS):
        return "all", None
    day, today = moment.date().toordinal(), now.date().toordinal()
    first_daily = today - ALL_DAYS - DAILY
    if day > first_daily:
        return "day", day
    week, week_now = day // 7, first_daily // 7
    if week_now - week < WEEKLY:
        return "week", week
    # Months are counted from the last week that is kept, not from today: otherwise the weeks would eat three of them.
    month, month_now = _month_of_week(week), _month_of_week(week_now - WEEKLY + 1)
    return ("month", month) if month_now - month < months else None


def _month_of_week(week: int) -> int:
    """The month in which a week begins; it lies in one month whole, or thinning twice would not be thinning once."""
    begin = date.fromordinal(week * 7)
    return begin.year * 12 + begin.month
