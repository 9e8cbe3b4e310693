"""What an event's keys are called: kinds, formats, roles, statuses, in the language in use."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.i18n import mark

_KINDS: Final = {"meeting": mark("meeting"), "webinar": mark("webinar"), "talk": mark("conversation")}
_FORMATS: Final = {"offline": mark("in person"), "online": mark("online"), "hybrid": mark("in person and online")}
_ROLES: Final = {
    "guest": mark("guest"),
    "speaker": mark("speaker"),
    "organiser": mark("organiser"),
    "volunteer": mark("volunteer"),
    "mentor": mark("mentor"),
}
_STATUSES: Final = {
    "planned": mark("planned"),
    "open": mark("on now"),
    "closed": mark("closed"),
    "cancelled": mark("cancelled"),
}
_ATTENDANCE: Final = {
    "invited": mark("Invited"),
    "pending": mark("Awaiting approval"),
    "waitlisted": mark("On the waiting list"),
    "registered": mark("Expected"),
    "attended": mark("Here"),
    "walk_in": mark("Here, not registered"),
    "no_show": mark("Did not come"),
    "cancelled": mark("Cancelled"),
    "rejected": mark("Not approved"),
    "transferred": mark("Passed on"),
}


def kind_title(key: str, name: str = "") -> str:
    """«встреча», «вебинар», «беседа», or the name the manager gave an own kind."""
    return name or i18n.in_context("kind of event", _KINDS.get(key, key))


def format_title(key: str) -> str:
    """«очно», «онлайн», «очно и онлайн»."""
    return i18n.in_context("format of event", _FORMATS.get(key, key))


def role_title(key: str) -> str:
    """«гость», «докладчик», «организатор», «волонтёр», «наставник»."""
    return i18n.in_context("role", _ROLES.get(key, key))


def status_title(key: str) -> str:
    """What an event's status is called on a chip."""
    return i18n.in_context("status of event", _STATUSES.get(key, key))


def attendance_title(key: str) -> str:
    """What an attendance status is called in a list."""
    return i18n.in_context("attendance", _ATTENDANCE.get(key, key))
