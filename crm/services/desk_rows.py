"""The desk's own rows: who is expected, what an attempt came to, what the counters say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crm.models.events import CAME
from crm.services.event_rows import EventRow


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person as the desk sees one: on the list, or (`attendance_id` None) somebody else of the community.

    `words` are the folded words of the names, `organisation_words` of the organisation, `digits` the phones written
    backwards, `handles` e-mail addresses and handles; search compares with these.
    """

    person_id: int
    uid: str
    name: str
    initials: str
    other_names: str = ""
    """Patronymic and nickname: what the shown name leaves out and a query may find."""
    attendance_id: int | None = None
    organisation: str = ""
    organisation_id: int | None = None
    role: str = "guest"
    status: str = ""
    """An attendance status, or empty for somebody who is not on the list."""
    ticket_code: str = ""
    first_in_at: datetime | None = None
    cancelled_at: datetime | None = None
    guest_count: int = 0
    gender: str = "unknown"
    blocked: bool = False
    desk_note: str = ""
    joined_on: date | None = None
    reachable: bool = True
    """Whether any phone, e-mail or handle is known."""
    phone_end: str = ""
    words: tuple[str, ...] = field(default=(), repr=False)
    organisation_words: tuple[str, ...] = field(default=(), repr=False)
    digits: tuple[str, ...] = field(default=(), repr=False)
    handles: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_here(self) -> bool:
        """Whether the person has arrived."""
        return self.status in CAME

    @property
    def on_list(self) -> bool:
        """Whether the desk expects or knows the person at this event; an invitation alone is no place on the list."""
        return self.status not in {"", "invited"}

    def as_json(self) -> dict[str, Any]:
        """The person as the command line prints one."""
        return {
            "id": self.person_id,
            "uid": self.uid,
            "name": self.name,
            "organisation": self.organisation,
            "role": self.role,
            "status": self.status or None,
            "ticket_code": self.ticket_code or None,
        }


@dataclass(frozen=True, slots=True)
class Counters:
    """What the desk always shows. `expected` are the registered, `came` all who are in but unnamed companions."""

    expected: int
    came_registered: int
    walk_ins: int
    guests: int
    left: int
    capacity: int | None
    free: int | None
    last_minutes: int
    """Arrivals of the last five minutes."""

    @property
    def came(self) -> int:
        """Registered people and walk-ins who are in."""
        return self.came_registered + self.walk_ins

    @property
    def inside(self) -> int:
        """Everybody who is in, unnamed companions too."""
        return self.came + self.guests

    def as_json(self) -> dict[str, Any]:
        """The counters as the command line prints them."""
        return {
            "came": self.came,
            "expected": self.expected,
            "came_registered": self.came_registered,
            "left": self.left,
            "walk_ins": self.walk_ins,
            "inside": self.inside,
            "capacity": self.capacity,
            "free": self.free,
            "last_five_minutes": self.last_minutes,
        }


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What came of an attempt. `result` is a code of `crm.models.events.SCAN_RESULTS`.

    `recorded` says whether the store holds a new arrival (or, for undone, one less); `at` is when. `first_at` is the
    first arrival where there was one before. `bounce` marks the echo of a scanner within three seconds, which is in
    no log. `other_event` is the title of the event a ticket belongs to.
    """

    result: str
    recorded: bool = False
    warnings: tuple[str, ...] = ()
    person: Arrival | None = None
    at: datetime | None = None
    first_at: datetime | None = None
    candidates: tuple[Arrival, ...] = ()
    bounce: bool = False
    same_desk: bool = True
    other_event: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """A walk-in: somebody of the community (`person_id`), or a new person by name and, if they like, phone."""

    name: str = ""
    phone: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeskList:
    """The whole desk as it is loaded at the start: the event, everybody on the list, invited people, the last scan."""

    event: EventRow
    arrivals: tuple[Arrival, ...]
    last_scan_at: datetime | None
