"""What the desk answers with beside the banner: headings, hints, and what may be done next."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm import text as texts
from crm.services.desk_index import DeskIndex, Hit
from crm.services.desk_rows import Arrival, CheckIn
from crm.ui.desk.guest import proper_name

_SHORT: Final = 16
_BEGINNING: Final = 3


def may_be_scanner(text: str) -> bool:
    """Digits alone: perhaps a scanner in the middle of a ticket."""
    return text.isascii() and text.isdecimal()


def short_name(text: str) -> str:
    """What was typed as a name on a button."""
    text = proper_name(text)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def matches(count: int) -> str:
    """The heading of what a search found."""
    if not count:
        return i18n.text("No matches on the list")
    return i18n.plural("{count} match", "{count} matches", count)


def choose_hint(hits: list[Hit]) -> str:
    """Which keys take one of them."""
    if not hits:
        return ""
    if len(hits) == 1 and hits[0].certain:
        return i18n.text("Enter to check in")
    if len(hits) == 1:
        return i18n.text("↓ to choose · Enter to check in")
    return i18n.text("↑↓ to choose · Enter to check in · Alt 1–{last} at once", last=len(hits))


def next_steps(check: CheckIn) -> list[tuple[str, str, str, str]]:
    """Keys, words, icons and kinds of what may be done after a result."""
    match check.result:
        case "already":
            return [
                ("undo", i18n.text("Take the check-in back"), "arrow-counter-clockwise", "secondary"),
                ("other", i18n.text("Somebody else"), "users", "quiet"),
            ]
        case "not_found":
            return [
                ("guest", i18n.text("Add guest"), "user-plus", "primary"),
                ("community", i18n.text("Search the whole community"), "magnifying-glass", "secondary"),
            ]
        case "cancelled":
            return [("admit", i18n.text("Bring back and check in"), "arrow-counter-clockwise", "primary")]
        case "waitlisted":
            return [("admit", i18n.text("Give a place and check in"), "check", "primary")]
        case "not_approved":
            return [("admit", i18n.text("Approve and check in"), "check", "primary")]
        case "wrong_event":
            return [("admit", i18n.text("Check in here as a guest"), "user-plus", "primary")]
        case "event_closed" if check.person is not None:
            return [("admit", i18n.text("Note it afterwards"), "clock-clockwise", "primary")]
        case "over_capacity" if not check.recorded:
            return [("admit", i18n.text("Let in over capacity"), "user-plus", "primary")]
        case "blocked":
            return [("next", i18n.text("Next guest"), "arrow-right", "primary")]
        case _:
            return []


def below_banner(check: CheckIn, index: DeskIndex, *, hidden: bool) -> tuple[str, list[Arrival], tuple[str, ...]]:
    """Who is offered below a result, under which heading, and what of their names to underline."""
    person = check.person
    if person is not None and check.recorded and check.result != "undone":
        if check.candidates:
            return i18n.text("Known people of this name"), list(check.candidates), ()
        others = index.colleagues(person)
        title = i18n.plural(
            "{count} more from «{organisation}»",
            "{count} more from «{organisation}»",
            len(others),
            organisation="…" if hidden else person.organisation,
        )
        return title, others, ()
    if check.result == "already" and person is not None:
        beginning = person.words[0][:_BEGINNING] if person.words else ""
        near = [hit.arrival for hit in index.find(beginning) if hit.arrival.person_id != person.person_id]
        return i18n.text("Similar on the list"), [person, *near], ()
    if check.result in {"not_found", "ambiguous"}:
        return i18n.text("Similar"), list(check.candidates), tuple(texts.words(check.text))
    return "", [], ()
