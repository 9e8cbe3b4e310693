"""People out of pasted text: lines of a chat or a range of a table, into the list or onto the list of an event.

The people are brought in by `crm.services.importing`, as a source of kind «clipboard»; here is decided who of them is
asked about first, and who goes on the list of the event. `check` is `paste` itself, watched, for a rehearsal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crm import contact_points, text
from crm.clock import Clock
from crm.importing.rows import Entry, ImportedPerson, PastedList, Reject, Source
from crm.models import Attendance, ContactPoint, Person
from crm.services import attendance, importing, people
from crm.services.importing import Report, silent
from crm.services.importing_rows import RowResult, Wishes
from crm.services.matching import SURE_KINDS, Name, names_contradict

KIND: Final = "clipboard"
MOST_CANDIDATES: Final = 5
_CHUNK: Final = 500
_PEOPLE: Final = Person.__table__.c
_BY_FAMILY: Final = (
    select(_PEOPLE.id, _PEOPLE.family_name, _PEOPLE.given_name, _PEOPLE.additional_name)
    .where(_PEOPLE.sort_key >= bindparam("low"), _PEOPLE.sort_key < bindparam("high"), _PEOPLE.deleted_at.is_(None))
    .order_by(_PEOPLE.id)
)
Who = Literal["known", "new", "unclear", "twice", "rejected", "left_out"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person decided: the event (None: only people), who the unclear rows are, which rows are not wanted.

    Rows are named by their place (`Place.key`).
    """

    event_id: int | None = None
    chosen: Mapping[str, int] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody already there whom a row may tell of."""

    person_id: int
    name: str
    about: str = ""
    """What tells them apart: organisation, city."""


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row as it was read, and who it is.

    `who`: known (somebody there, `person` is them, `why` a reason key: same_email …, same_row, chosen), new, unclear
    (nobody by a contact, but somebody of that name is there: `candidates`), twice (the same as an earlier row),
    rejected (`problem` says why) or left_out.
    """

    number: int
    where: str
    line: str
    name: str
    contacts: tuple[str, ...]
    organisation: str
    note: str
    guests: int
    who: Who
    person: Candidate | None = None
    why: str = ""
    candidates: tuple[Candidate, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of a paste: how many rows of each sort, and how many people are newly on the event's list."""

    added: int
    updated: int
    unchanged: int
    rejected: int
    left_out: int
    registered: int = 0

    @property
    def people(self) -> int:
        """Rows that became or were somebody."""
        return self.added + self.updated + self.unchanged


def source(session: Session, read: PastedList, wanted: Wanted) -> Source:
    """The entries for an import; who was chosen carries the uid of whom they are."""
    uids = _uids(session, set(wanted.chosen.values()))
    return Source(read.name, KIND, "utf-8", read.sha256, _wanted(read, wanted, uids))


def _wanted(read: PastedList, wanted: Wanted, uids: Mapping[int, str]) -> Iterator[Entry]:
    for entry in read.entries:
        if isinstance(entry, Reject):
            yield entry
            continue
        where = entry.place.key()
        chosen = wanted.chosen.get(where)
        made = entry if chosen is None or chosen not in uids else replace(entry, uid=uids[chosen])
        guests = read.guests.get(where, 0)
        if guests and wanted.event_id is None:
            # Nowhere else to keep it: the line said so, and the line is not lost.
            made = replace(made, note=", ".join(part for part in (f"+{guests}", made.note) if part))
        yield made


def paste(
    session: Session,
    read: PastedList,
    wanted: Wanted,
    clock: Clock,
    report: Report = silent,
    rows: list[RowResult] | None = None,
) -> Pasted:
    """Bring the people in, and put them on the list of the event, inside the open deed; `rows` collects what became of
    each. Raises EventNotFound, EventIsCancelled."""
    told: list[RowResult] = [] if rows is None else rows
    wishes = Wishes(left_out=frozenset((0, where) for where in wanted.left_out), tell=told.append)
    outcome = importing.import_people(session, [source(session, read, wanted)], clock, report, wishes)
    registered = 0
    if wanted.event_id is not None:
        ids = [row.person for row in told if row.person is not None]
        registered = attendance.register_people(session, wanted.event_id, ids, clock, source=read.name)
        _bring_guests(session, wanted.event_id, read, told)
    return Pasted(outcome.added, outcome.updated, outcome.unchanged, outcome.rejected, outcome.left_out, registered)


def check(session: Session, read: PastedList, wanted: Wanted, clock: Clock, report: Report = silent) -> list[PastedRow]:
    """What `paste` would do, row by row. It writes all of it: for a rehearsal, which is rolled back."""
    told: list[RowResult] = []
    paste(session, read, wanted, clock, report, told)
    new = {row.person for row in told if row.result == "added" and row.person is not None}
    there = {row.person for row in told if row.person is not None} - new
    shown = _candidates(session, there)
    keys = _keys_of(session, there)
    namesakes = _Namesakes(session, new)
    made: list[PastedRow] = []
    for place, (entry, row) in enumerate(zip(read.entries, told, strict=True)):
        if place % _CHUNK == 0:
            report(place, len(told))
        if isinstance(entry, Reject):
            made.append(_refused(row, entry))
            continue
        who: Who = "known"
        why, person = "", None
        candidates: tuple[Candidate, ...] = ()
        if row.result in {"left_out", "rejected"}:
            who = "left_out" if row.result == "left_out" else "rejected"
        elif row.person in new:
            who = "new" if row.result == "added" else "twice"
            if who == "new" and (candidates := namesakes.of(entry)):
                who = "unclear"
        elif row.person is not None:
            person = shown.get(row.person)
            why = "chosen" if row.where in wanted.chosen else _why(entry, keys.get(row.person, frozenset()))
        made.append(_row(entry, row, read, who, person, why, candidates))
    return made


def _row(
    entry: ImportedPerson,
    row: RowResult,
    read: PastedList,
    who: Who,
    person: Candidate | None,
    why: str,
    candidates: tuple[Candidate, ...],
) -> PastedRow:
    return PastedRow(
        row.number,
        row.where,
        read.lines.get(row.where) or _said(entry),
        entry.shown_name(),
        tuple(contact.raw for contact in entry.contacts),
        entry.organisation,
        entry.note,
        read.guests.get(row.where, 0),
        who,
        person,
        why,
        candidates,
        row.changes,
        row.reason,
    )


def _refused(row: RowResult, entry: Reject) -> PastedRow:
    line = " · ".join(cell for cell in entry.cells if cell.strip())
    who: Who = "left_out" if row.result == "left_out" else "rejected"
    return PastedRow(row.number, row.where, text.clean(line), "", (), "", "", 0, who, problem=entry.text())


def _said(entry: ImportedPerson) -> str:
    parts = (entry.shown_name(), entry.organisation, *(contact.raw for contact in entry.contacts), entry.note)
    return ", ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part))


def _why(entry: ImportedPerson, keys: frozenset[tuple[str, str]]) -> str:
    for contact in entry.contacts:
        if contact.kind in SURE_KINDS and (contact.kind, contact_points.key(contact.kind, contact.raw) or "") in keys:
            return f"same_{contact.kind}"
    return "same_row"


def _bring_guests(session: Session, event_id: int, read: PastedList, told: Sequence[RowResult]) -> None:
    """Unnamed guests stand with whom they come with; a second paste of a line brings no more of them."""
    wanted: dict[int, int] = {}
    for row in told:
        if row.person is not None and (guests := read.guests.get(row.where, 0)):
            wanted[row.person] = max(guests, wanted.get(row.person, 0))
    people_ids = sorted(wanted)
    for start in range(0, len(people_ids), _CHUNK):
        chunk = people_ids[start : start + _CHUNK]
        found = select(Attendance.id, Attendance.person_id, Attendance.guest_count).where(
            Attendance.event_id == event_id, Attendance.person_id.in_(chunk)
        )
        for attendance_id, person_id, there in session.execute(found).all():
            if wanted[person_id] > there:
                attendance.set_guest_count(session, attendance_id, wanted[person_id])


def _uids(session: Session, ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = session.execute(select(Person.id, Person.uid).where(Person.id.in_(chunk), Person.deleted_at.is_(None)))
        found.update({row.id: row.uid for row in rows})
    return found


def _candidates(session: Session, ids: set[int]) -> dict[int, Candidate]:
    found: dict[int, Candidate] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        for row in people.rows(session, wanted[start : start + _CHUNK]):
            about = ", ".join(part for part in (row.organisation, row.city) if part)
            found[row.id] = Candidate(row.id, row.display_name, about)
    return found


def _keys_of(session: Session, ids: set[int]) -> dict[int, frozenset[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.key).where(
            ContactPoint.person_id.in_(chunk), ContactPoint.key.is_not(None)
        )
        for person_id, kind, key in session.execute(rows):
            found.setdefault(person_id, set()).add((kind, str(key)))
    return {person_id: frozenset(keys) for person_id, keys in found.items()}


class _Namesakes:
    """People already there whose whole name says the same as that of a row, asked for one family name at a time."""

    def __init__(self, session: Session, new: set[int]) -> None:
        self._session, self._new = session, new
        self._families: dict[str, list[tuple[int, Name]]] = {}

    def of(self, entry: ImportedPerson) -> tuple[Candidate, ...]:
        """The candidates of a row, at most five; none where it has only one name."""
        family, given, additional = entry.family_name, entry.given_name, entry.additional_name
        if not (family or given):
            parts = text.split_name(entry.full_name)
            family, given, additional = parts.family, parts.given, parts.additional
        if not (family and given):
            return ()
        mine = Name.of(family, given, additional)
        same = [one for one, name in self._family(family) if name.given and not names_contradict(mine, name)]
        chosen = same[:MOST_CANDIDATES]
        shown = _candidates(self._session, set(chosen))
        return tuple(shown[one] for one in chosen if one in shown)

    def _family(self, family: str) -> list[tuple[int, Name]]:
        # Up to the blank after it: «Ли» is not asked for Литвинов.
        key = text.sort_key(text.clean(family), "а").partition("\x01")[0][:-1]
        if key not in self._families:
            rows = self._session.execute(_BY_FAMILY, {"low": key, "high": key + "\U0010fffe"})
            folded = text.fold(family)
            self._families[key] = [
                (row[0], Name.of(*row[1:])) for row in rows if row[0] not in self._new and text.fold(row[1]) == folded
            ]
        return self._families[key]
