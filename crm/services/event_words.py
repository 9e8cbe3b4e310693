"""What an event's keys are called: kinds, formats, roles, statuses, in the language in use."""

from __future__ import annotations

from crm import i18n


def kind_title(key: str, name: str = "") -> str:
    """«встреча», «вебинар», «беседа», or the name the manager gave an own kind."""
    return name or {
        "meeting": i18n.in_context("kind of event", "meeting"),
        "webinar": i18n.in_context("kind of event", "webinar"),
        "talk": i18n.in_context("kind of event", "conversation"),
    }.get(key, key)


def format_title(key: str) -> str:
    """«очно», «онлайн», «очно и онлайн»."""
    return {
        "offline": i18n.in_context("format of event", "in person"),
        "online": i18n.in_context("format of event", "online"),
        "hybrid": i18n.in_context("format of event", "in person and online"),
    }[key]


def role_title(key: str) -> str:
    """«гость», «докладчик», «организатор», «волонтёр», «наставник»."""
    return {
        "guest": i18n.in_context("role", "guest"),
        "speaker": i18n.in_context("role", "speaker"),
        "organiser": i18n.in_context("role", "organiser"),
        "volunteer": i18n.in_context("role", "volunteer"),
        "mentor": i18n.in_context("role", "mentor"),
    }[key]


def status_title(key: str) -> str:
    """What an event's status is called on a chip."""
    return {
        "planned": i18n.in_context("status of event", "planned"),
        "open": i18n.in_context("status of event", "on now"),
        "closed": i18n.in_context("status of event", "closed"),
        "cancelled": i18n.in_context("status of event", "cancelled"),
    }[key]


def attendance_title(key: str) -> str:
    """What an attendance status is called in a list."""
    return {
        "invited": i18n.in_context("attendance", "Invited"),
        "pending": i18n.in_context("attendance", "Awaiting approval"),
        "waitlisted": i18n.in_context("attendance", "On the waiting list"),
        "registered": i18n.in_context("attendance", "Expected"),
        "attended": i18n.in_context("attendance", "Here"),
        "walk_in": i18n.in_context("attendance", "Here, not registered"),
        "no_show": i18n.in_context("attendance", "Did not come"),
        "cancelled": i18n.in_context("attendance", "Cancelled"),
        "rejected": i18n.in_context("attendance", "Not approved"),
        "transferred": i18n.in_context("attendance", "Passed on"),
    }[key]
