"""How events and their people are said on the pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm import clock as clocks
from crm import i18n
from crm.services.event_rows import AttendeeRow, EventRow
from crm.services.event_words import attendance_title, format_title
from crm.ui.widgets.id_list import StatusCell

_ICONS = {
    "invited": "envelope-simple",
    "pending": "hand-palm",
    "waitlisted": "clock",
    "registered": "clock",
    "no_show": "minus-circle",
    "cancelled": "x-circle",
    "rejected": "x-circle",
    "transferred": "x-circle",
}


def hours(row: EventRow) -> str:
    """«18:30–21:00», with the day of the end where it is another."""
    starts, ends = i18n.time(row.starts_at, row.zone), i18n.time(row.ends_at, row.zone)
    if row.ends_at == row.starts_at:
        return starts
    last = clocks.local(row.ends_at, row.zone).date()
    if last - row.on > timedelta(days=1) or (last != row.on and row.ends_at - row.starts_at > timedelta(hours=12)):
        return f"{starts} – {i18n.day(last)}, {ends}"
    return f"{starts}–{ends}"


def when(row: EventRow) -> str:
    """«чт, 18:30–21:00»."""
    return f"{i18n.weekday(row.on)}, {hours(row)}"


def when_and_where(row: EventRow) -> str:
    """«чт, 18:30–21:00 · Лофт «Заря», зал 2»; an event without a place says how it is held."""
    place = row.place or (format_title(row.format) if row.format != "offline" else "")
    return " · ".join(part for part in (when(row), place) if part)


def state_of(row: EventRow, now: datetime) -> tuple[str, str, str] | None:
    """What a chip says of how an event stands now: words, tint and icon; None for one that simply is to come."""
    if row.status == "cancelled":
        return i18n.text("called off"), "red", "prohibit"
    if row.status == "closed":
        return i18n.text("closed"), "grey", "check"
    if row.is_on(now):
        return i18n.text("on now"), "green", "broadcast"
    if row.is_overdue(now):
        return i18n.text("not closed"), "amber", "warning-circle"
    if row.status == "open":
        return i18n.text("desk is open"), "green", "broadcast"
    return None


def attendee_status(row: AttendeeRow, zone: str) -> StatusCell:
    """How somebody stands, with icon and word: «Здесь с 18:42», «Ждём», «Не записан»."""
    if row.status in {"attended", "walk_in"}:
        words = (
            i18n.text("Here since {time}", time=i18n.time(row.first_in_at, zone))
            if row.first_in_at is not None
            else attendance_title(row.status)
        )
        if row.status == "walk_in":
            words = i18n.text("{since}, not registered", since=words)
        return StatusCell("check-circle-fill", words, "ok")
    if row.status == "cancelled" and row.cancelled_at is not None:
        day = clocks.local(row.cancelled_at, zone).date()
        return StatusCell("x-circle", i18n.text("Cancelled on {day}", day=i18n.day(day)), "text2")
    tone = "warn" if row.status in {"pending", "waitlisted"} else "text2"
    return StatusCell(_ICONS.get(row.status, "circle"), attendance_title(row.status), tone)
