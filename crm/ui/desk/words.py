"""How the desk shows people and results: rows, announcements, and initials when the guests can read the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crm import clock as clocks
from crm import i18n
from crm.services import desk_words
from crm.services.desk_index import Hit
from crm.services.desk_rows import Arrival, CheckIn, Counters
from crm.services.event_words import attendance_title, role_title
from crm.text import spans
from crm.ui.desk.arrival_list import Choice
from crm.ui.desk.banner import Announcement

_GOOD: Final = frozenset(("ok",))
_LOOKS: Final = {"ok": "ok", "blocked": "bad", "undone": "quiet"}
_ICONS: Final = {
    "registered": "clock",
    "attended": "check-circle-fill",
    "walk_in": "check-circle-fill",
    "no_show": "minus-circle",
    "invited": "envelope-simple",
    "": "user",
    "pending": "hand-palm",
    "waitlisted": "clock",
}


class Shown:
    """Decides how much of a person the screen shows; `hidden` leaves initials and the ticket."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.hidden = False

    def name(self, person: Arrival) -> str:
        """The name, or its initials."""
        if not self.hidden:
            return person.name
        return " ".join(f"{word[0]}." for word in person.name.split())

    def row(self, person: Arrival, words: tuple[str, ...] = (), *, namesake: bool = False) -> Choice:
        """A person as a row; a namesake shows the end of the phone too."""
        icon, status, tone = self.status(person)
        return Choice(
            arrival=person,
            name=self.name(person),
            detail=" · ".join(
                part for part in (self._hidden_match(person, words), self.detail(person, namesake=namesake)) if part
            ),
            icon=icon,
            status=status,
            tone=tone,
            words=() if self.hidden else words,
            initials=person.initials,
        )

    def rows(self, people: Iterable[Arrival]) -> list[Choice]:
        """People as rows, nothing underlined."""
        return self._with_namesakes([(person, ()) for person in people])

    def hits(self, hits: Iterable[Hit]) -> list[Choice]:
        """What a search found, with what it was found by underlined."""
        return self._with_namesakes([(hit.arrival, hit.words) for hit in hits])

    def _hidden_match(self, person: Arrival, words: tuple[str, ...]) -> str:
        """The patronymic or nickname a person was found by, where the shown name does not tell."""
        if self.hidden or not words or spans(person.name, words) or not spans(person.other_names, words):
            return ""
        return person.other_names

    def _with_namesakes(self, found: list[tuple[Arrival, tuple[str, ...]]]) -> list[Choice]:
        names = [person.name for person, _ in found]
        return [self.row(person, words, namesake=names.count(person.name) > 1) for person, words in found]

    def detail(self, person: Arrival, *, namesake: bool = False) -> str:
        """Organisation, ticket, role, what the desk should know."""
        parts = ["" if self.hidden else person.organisation, desk_words.ticket(person)]
        if person.role != "guest":
            parts.append(role_title(person.role))
        if not person.on_list and person.joined_on is not None:
            parts.append(i18n.text("in the community since {year}", year=person.joined_on.year))
        if namesake and person.phone_end:
            parts.append(i18n.text("phone …{digits}", digits=person.phone_end))
        if person.desk_note and not self.hidden:
            parts.append(person.desk_note)
        return " · ".join(part for part in parts if part)

    def status(self, person: Arrival) -> tuple[str, str, str]:
        """Icon, words and colour of how somebody stands; that entry is closed to them is not among it."""
        icon = _ICONS.get(person.status, "x-circle")
        if person.is_here and person.first_in_at is not None:
            return icon, i18n.text("Here since {time}", time=i18n.time(person.first_in_at, self.zone)), "ok"
        if not person.status:
            return icon, i18n.text("Not registered"), "text2"
        if person.status == "cancelled" and person.cancelled_at is not None:
            day = clocks.local(person.cancelled_at, self.zone).date()
            return icon, i18n.text("Cancelled on {day}", day=i18n.day(day)), "warn"
        tone = "text2" if person.status in {"registered", "invited"} else "warn"
        return icon, attendance_title(person.status), tone

    def announcement(self, check: CheckIn, counters: Counters) -> Announcement:
        """A result as the banner says it."""
        look = _LOOKS.get(check.result, "ok" if check.result == "over_capacity" and check.recorded else "warn")
        name = desk_words.subject(check, counters.expected)
        detail = desk_words.detail(check, counters, self.zone)
        if self.hidden and check.person is not None and check.result not in {"blocked", "wrong_event"}:
            name = self.name(check.person)
            detail = desk_words.ticket(check.person)
        elif check.result == "wrong_event" and check.person is not None:
            detail = self.name(check.person)
        return Announcement(look, desk_words.headline(check, self.zone), name, detail)
