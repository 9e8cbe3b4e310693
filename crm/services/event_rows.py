"""Events as other rooms see them: plain, frozen rows, and the draft a form fills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What a person says of an event. `starts` and `ends` are naive wall-clock times in `zone` (IANA name).

    `kind` is the key of an event kind (meeting, webinar, talk or an own one); `capacity` None means no limit.
    """

    title: str
    starts: datetime
    ends: datetime
    zone: str
    kind: str = "meeting"
    format: str = "offline"
    place: str = ""
    address: str = ""
    link: str = ""
    capacity: int | None = None
    approval: bool = False
    description: str = ""
    agenda: str = ""


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of event: `name` is empty for the built-in ones, whose title is translated by `key`."""

    id: int
    key: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a list, with its totals. Moments are UTC; `on` is the local day in `zone`."""

    id: int
    uid: str
    title: str
    kind: str
    kind_name: str
    colour: str
    format: str
    status: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    on: date
    place: str
    capacity: int | None
    invited: int = 0
    registered: int = 0
    """Registered and not cancelled: those who came, those who are waited for, those who did not come."""
    came_registered: int = 0
    walk_ins: int = 0
    guests: int = 0
    """Unnamed companions of people who came."""
    cancelled: int = 0
    waitlisted: int = 0
    no_shows: int = 0
    responses: int = 0

    @property
    def came(self) -> int:
        """Attendance: registered people who came and walk-ins (reference metrics §3.2)."""
        return self.came_registered + self.walk_ins

    @property
    def waiting(self) -> int:
        """Registered, neither arrived nor marked as not having come."""
        return self.registered - self.came_registered - self.no_shows

    @property
    def free_places(self) -> int | None:
        """Places nobody holds, None without a limit; below zero when more people are in than there are places."""
        if self.capacity is None:
            return None
        return self.capacity - (self.registered - self.no_shows) - self.walk_ins - self.guests

    def is_on(self, now: datetime) -> bool:
        """Whether the event is going on at `now` (UTC)."""
        return self.status in {"planned", "open"} and self.starts_at <= now < self.ends_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether the event is over and nobody has closed it."""
        return self.status in {"planned", "open"} and self.ends_at <= now


@dataclass(frozen=True, slots=True)
class EventCard:
    """Everything the page of one event needs."""

    row: EventRow
    address: str
    link: str
    approval: bool
    tracks_exits: bool
    description: str
    agenda: str
    opened_at: datetime | None
    closed_at: datetime | None
    pending: int = 0

    def draft(self) -> EventDraft:
        """The event as a form shows it: local times in its own zone."""
        from crm import clock as clocks

        row = self.row
        return EventDraft(
            title=row.title,
            starts=clocks.local(row.starts_at, row.zone).replace(tzinfo=None),
            ends=clocks.local(row.ends_at, row.zone).replace(tzinfo=None),
            zone=row.zone,
            kind=row.kind,
            format=row.format,
            place=row.place,
            address=self.address,
            link=self.link,
            capacity=row.capacity,
            approval=self.approval,
            description=self.description,
            agenda=self.agenda,
        )


@dataclass(frozen=True, slots=True)
class ClosedEvent:
    """What closing an event settled."""

    came: int
    walk_ins: int
    no_shows: int


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    """One person at one event, as a row of its page shows them. `score` is the NPS answer 0–10."""

    id: int
    person_id: int
    name: str
    initials: str
    organisation: str
    role: str
    status: str
    ticket_code: str
    invited_at: datetime | None
    registered_at: datetime | None
    first_in_at: datetime | None
    cancelled_at: datetime | None
    guest_count: int
    over_capacity: bool
    entered_later: bool
    gender: str = "unknown"
    score: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """What inviting people did: `invited` new invitations, `already` people who had one or are on the list."""

    invited: int
    already: int
