"""What a person can put right about an event or somebody's place at it."""

from __future__ import annotations

from crm.errors import CrmError
from crm.i18n import mark


class EventTitleMissing(CrmError):
    """An event needs a title."""

    code = "event_title_missing"
    message = mark("The event has no title. Give it one and save again.")


class EventEndsBeforeStart(CrmError):
    """The end is before the start."""

    code = "event_ends_before_start"
    message = mark("The event ends before it starts. Mend the time or the duration.")


class EventKindUnknown(CrmError):
    """There is no such kind of event."""

    code = "event_kind_unknown"
    message = mark("There is no kind of event «{kind}». Choose one of the list.")


class EventCapacityWrong(CrmError):
    """A capacity is a whole number above nought."""

    code = "event_capacity_wrong"
    message = mark("There can't be {capacity} places. Write a whole number above nought, or leave it empty.")


class EventNotFound(CrmError):
    """No event goes by that reference."""

    code = "event_not_found"
    message = mark("There is no event «{ref}». `krug events` lists them all.")


class EventAmbiguous(CrmError):
    """Several events go by that title."""

    code = "event_ambiguous"
    message = mark("Several events are called «{ref}»: {choices}. Name one by its number.")


class EventNotOver(CrmError):
    """No-shows are known only when the event is over."""

    code = "event_not_over"
    message = mark(
        "The event is on until {time}, so nobody can be said not to have come yet. Close it then, or change its end."
    )


class EventIsCancelled(CrmError):
    """Nothing can be done at an event that was called off."""

    code = "event_is_cancelled"
    message = mark("The event is cancelled. Bring it back first.")


class AttendanceNotFound(CrmError):
    """That person is no longer on the list of the event."""

    code = "attendance_not_found"
    message = mark("This person is no longer on the list of the event. The list was read again; choose anew.")


class TicketCodesExhausted(CrmError):
    """No free ticket code was found; it takes tens of millions of tickets to get here."""

    code = "ticket_codes_exhausted"
    message = mark("No free ticket number is left. Delete old events and try again.")
