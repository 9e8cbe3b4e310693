"""What the desk says of an attempt, on its banner and on the command line alike."""

from __future__ import annotations

from crm import clock as clocks
from crm import i18n
from crm.services.desk_rows import Arrival, CheckIn, Counters
from crm.services.event_words import role_title
from crm.services.ticket_codes import short_code


def headline(check: CheckIn, zone: str) -> str:
    """The large words: «Добро пожаловать», «Уже отмечена в 18:42», «Вход закрыт»."""
    match check.result:
        case "ok":
            return i18n.text("Welcome")
        case "already":
            return _already(check, zone)
        case "over_capacity":
            return i18n.text("Welcome") if check.recorded else i18n.text("No places left")
        case "not_found":
            return i18n.text("Not on the list yet")
        case "ambiguous":
            return i18n.text("Several people match")
        case "wrong_event":
            return i18n.text("A ticket to another event")
        case "malformed":
            return i18n.text("The ticket was not read")
        case "not_approved":
            return i18n.text("Registration not approved")
        case "cancelled":
            return i18n.text("Registration cancelled")
        case "waitlisted":
            return i18n.text("On the waiting list")
        case "event_closed":
            return i18n.text("The event is closed")
        case "undone":
            return i18n.text("Check-in taken back")
        case _:
            return i18n.text("Entry is closed")


def subject(check: CheckIn, expected: int) -> str:
    """The line below: whom it is about; nobody's name where entry is closed."""
    if check.result == "blocked":
        return i18n.text("Call the organiser")
    if check.result == "wrong_event":
        return i18n.text("«{title}»", title=check.other_event)
    if check.person is not None:
        return check.person.name
    if check.result == "not_found":
        return i18n.plural(
            "«{text}» is not among {count} registration",
            "«{text}» is not among {count} registrations",
            expected,
            text=check.text,
        )
    if check.result == "malformed":
        return i18n.text("Scan it again or type the surname")
    return check.text


def detail(check: CheckIn, counters: Counters, zone: str) -> str:
    """The small line: organisation, ticket, role, what else is worth knowing."""
    person = check.person
    if check.result == "blocked":
        code = "" if person is None else person.ticket_code
        return i18n.text("Ticket {number}", number=short_code(code)) if code else ""
    if check.result == "not_found":
        return places(counters)
    if check.result == "over_capacity" and not check.recorded:
        return places(counters)
    parts = []
    if person is not None:
        parts.append(person.organisation)
        if check.result in {"ok", "over_capacity"}:
            parts.append(role_title(person.role))
            if person.status == "walk_in":
                parts.append(i18n.text("not registered"))
        else:
            parts.append(ticket(person))
    if check.result == "cancelled" and check.at is not None:
        parts.append(i18n.text("cancelled on {day}", day=i18n.day(clocks.local(check.at, zone).date())))
    if check.result == "already":
        parts.append(i18n.text("the same desk") if check.same_desk else i18n.text("another desk"))
    parts += [warning(key) for key in check.warnings]
    if check.result == "over_capacity":
        parts.append(places(counters))
    return " · ".join(part for part in parts if part)


def warning(key: str) -> str:
    """A remark about an arrival that was let in all the same."""
    match key:
        case "outside_hours":
            return i18n.text("outside the event's hours")
        case "missing_data":
            return i18n.text("no phone and no e-mail")
        case "possible_duplicate":
            return i18n.text("somebody of this name is in the community")
        case _:
            return key


def ticket(person: Arrival) -> str:
    """«билет 0141», or nothing for somebody without one."""
    return i18n.text("ticket {number}", number=short_code(person.ticket_code)) if person.ticket_code else ""


def places(counters: Counters) -> str:
    """«Свободно 22 места из 200», or nothing where there is no limit."""
    if counters.free is None or counters.capacity is None:
        return ""
    if counters.free <= 0:
        return i18n.text("All {capacity} places are taken", capacity=i18n.number(counters.capacity))
    return i18n.plural(
        "{count} place of {capacity} is free",
        "{count} places of {capacity} are free",
        counters.free,
        capacity=i18n.number(counters.capacity),
    )


def _already(check: CheckIn, zone: str) -> str:
    if check.first_at is None:
        return i18n.in_context("unknown", "Already in")
    time = i18n.time(check.first_at, zone)
    gender = check.person.gender if check.person is not None else "unknown"
    if gender == "female":
        return i18n.in_context("female", "Already in since {time}", time=time)
    if gender == "male":
        return i18n.in_context("male", "Already in since {time}", time=time)
    return i18n.text("Already in since {time}", time=time)
