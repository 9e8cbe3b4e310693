"""Time comes in here: verbs are given a clock, so that tests and the demo decide what «now» is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock = Callable[[], datetime]
"""Returns the present moment, aware, in UTC."""


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def fixed(moment: datetime) -> Clock:
    """A clock that always shows `moment`, which must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware moment")
    instant = moment.astimezone(UTC)
    return lambda: instant


def zone(name: str | None) -> tzinfo:
    """The zone called `name`, or the laptop's own when the name is empty or not known here."""
    if name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            pass
    return laptop_zone()


def laptop_zone() -> tzinfo:
    """The zone this computer is set to."""
    local = datetime.now(UTC).astimezone().tzinfo
    return local if local is not None else UTC


def laptop_zone_name() -> str:
    """The IANA name of the laptop's zone where it can be told, else «UTC»."""
    import os
    from pathlib import Path

    for candidate in (os.environ.get("TZ", "").lstrip(":"), _zone_from_link(Path("/etc/localtime"))):
        if candidate:
            try:
                ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError):
                continue
            return candidate
    return "UTC"


def _zone_from_link(link: object) -> str:
    from pathlib import Path

    try:
        target = str(Path(str(link)).resolve())
    except OSError:
        return ""
    _, found, name = target.partition("zoneinfo/")
    return name if found else ""


def local(moment: datetime, zone_name: str | None = None) -> datetime:
    """`moment` (stored UTC) as the wall clock of the named zone, or of the laptop, shows it."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(zone(zone_name))


def today(clock: Clock, zone_name: str | None = None) -> date:
    """The day the wall calendar shows."""
    return local(clock(), zone_name).date()


def day_start(day: date, zone_name: str | None = None) -> datetime:
    """The moment at which a local day begins, aware, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).astimezone(UTC)
