"""Bringing people in: any list, nobody twice, no line lost.

Rows come from `crm.importing`; here they are matched to people (crm/services/matching.py) and written in bulk, as one
deed over all files. A row that is somebody already there fills what is empty and adds contacts and tags; what
contradicts stays in the note with the file's name, so that no line is lost and nothing typed by a person is
overwritten. Only a card with the same uid and a newer revision replaces. The same file twice adds nothing.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.importing.rows import Entry, ImportedPerson, Reject, Source
from crm.models import (
    ImportFile,
    ImportRow,
    NotDuplicate,
    OpenDeed,
    Person,
    PossibleDuplicate,
    metadata,
    new_uid,
)
from crm.services.imported_rows import (
    FIELD_WORDS,
    ReadyRow,
    TooLongValue,
    adds_year,
    fingerprint_of,
    joined_note,
    plain_columns,
    ready,
    rejected,
)
from crm.services.importing_batch import Batch
from crm.services.importing_details import PLAIN, WORDS, Details
from crm.services.importing_parts import Parts, consents_not_taken
from crm.services.importing_rows import (
    AS_ALWAYS,
    FileOutcome,
    ImportOutcome,
    NoticedRow,
    RejectedRow,
    Result,
    Wishes,
    nobody,
)
from crm.services.importing_watch import Watched
from crm.services.matching import Known, Name
from crm.services.people_there import PersonThere, load_people, people_of_fingerprints
from crm.services.person_columns import (
    NAME_LIMIT,
    birthday_columns,
    name_columns,
    note_columns,
)

Report = Callable[[int, int], None]
BATCH: Final = 2_000


def silent(step: int, of: int) -> None:
    """Report to nobody."""


def import_people(
    session: Session, sources: Iterable[Source], clock: Clock, report: Report = silent, wishes: Wishes = AS_ALWAYS
) -> ImportOutcome:
    """Import all `sources` as people inside the open deed, by `wishes`; `report(rows so far, 0)` after every batch.

    Raises whatever reading a source raises: then nothing of any file is written, for the deed is rolled back.
    """
    try:
        return _Import(session, clock, report, wishes).run(sources)
    finally:
        gc.unfreeze()


class _Import:
    """One import: what it knows of people, organisations and tags, and the rows waiting to be written."""

    def __init__(self, session: Session, clock: Clock, report: Report, wishes: Wishes) -> None:
        self._session = session
        self._wishes = wishes
        self._watched = Watched(session, wishes.tell) if wishes.tell is not nobody else None
        self._now = clock()
        self._report = report
        self._known = Known()
        self._batch = Batch(session, self._now)
        self._parts = Parts(self._batch, self._now, clocks.today(clock))
        self._details = Details(session)
        self._revised: dict[int, datetime] = {}
        self._people: dict[int, PersonThere] = {}
        self._pairs: set[tuple[int, int]] = set()
        self._fingerprints: dict[str, list[int]] = {}
        self._met: set[str] = set()
        self._own: set[int] = set()
        """People met in this file by a uid that a Krug gave them."""
        self._done = 0

    def run(self, sources: Iterable[Source]) -> ImportOutcome:
        outcomes = []
        deed = self._session.execute(select(OpenDeed.deed_id)).scalar_one()
        for place, source in enumerate(sources):
            outcome = FileOutcome(text.clean(source.file), source.kind, source.encoding)
            if source.mapping is not None:
                outcome.headers = tuple(header for header, _ in source.mapping.columns)
            self._met.clear()
            self._own.clear()
            number = self._batch.number(ImportFile)
            notes: list[dict[str, Any]] = []
            seen: dict[str, int] = defaultdict(int)
            own_fields = self._details.own_fields()
            for entries in _batches(source.entries):
                rows = [entry if isinstance(entry, Reject) else ready(entry, own_fields) for entry in entries]
                self._learn([row for row in rows if isinstance(row, ReadyRow)])
                for row in rows:
                    where = (row if isinstance(row, Reject) else row.entry).place.key()
                    if (place, where) in self._wishes.left_out:
                        outcome.left_out += 1
                        if self._watched:
                            self._watched.tell(place, row, "left_out")
                    elif isinstance(row, Reject):
                        outcome.rejected.append(rejected(row))
                        if self._watched:
                            self._watched.tell(place, row, "rejected", reason=row.text())
                    else:
                        self._take(row, source, outcome, number, notes, seen)
                        if self._watched:
                            self._watched.took(place, row, outcome)
                self._batch.write()
                self._details.write()
                # What is known of people stays to the end: the collector need not walk all of it again and again.
                gc.freeze()
                self._done += len(entries)
                self._report(self._done, 0)
            self._session.execute(
                metadata.tables[ImportFile.__tablename__].insert(),
                [
                    {
                        "id": number,
                        "deed_id": deed,
                        "name": outcome.file[:500],
                        "sha256": source.sha256,
                        "kind": source.kind,
                        "encoding": source.encoding,
                        "read": outcome.read,
                        "added": outcome.added,
                        "updated": outcome.updated,
                        "unchanged": outcome.unchanged,
                        "rejected": len(outcome.rejected),
                        "at": self._now,
                    }
                ],
            )
            if notes:
                self._session.execute(metadata.tables[ImportRow.__tablename__].insert(), notes)
            outcomes.append(outcome)
        return ImportOutcome(tuple(outcomes))

    # -- learning what is there -----------------------------------------------------------------------------------

    def _learn(self, rows: list[ReadyRow]) -> None:
        """Load everything the store has on the people this batch may be."""
        keys = [key for row in rows for key in row.keys]
        self._known.load(self._session, (row.entry.uid for row in rows if row.entry.uid), keys)
        self._learn_fingerprints(
            {row.fingerprint for row in rows if not row.entry.uid or self._known.refuses(row.entry.uid)} - {""}
        )
        self._batch.learn_organisations(row.entry.organisation for row in rows if row.entry.organisation)

    def _learn_fingerprints(self, prints: set[str]) -> None:
        wanted = prints - self._fingerprints.keys()
        if wanted:
            found = people_of_fingerprints(self._session, wanted)
            self._fingerprints.update(found)
            self._known.load_names(self._session, {person for people in found.values() for person in people})
        unknown = [person for person in self._known.names if person not in self._people]
        self._people.update(load_people(self._session, unknown))

    # -- taking a row ---------------------------------------------------------------------------------------------

    def _take(
        self,
        taken: ReadyRow,
        source: Source,
        outcome: FileOutcome,
        file_number: int,
        notes: list[dict[str, Any]],
        seen: dict[str, int],
    ) -> None:
        row, keys = taken.entry, taken.keys
        try:
            fields = plain_columns(row)
            name = Name.of(fields["family_name"], fields["given_name"], fields["additional_name"])
            person, mark, doubles = self._recognise(taken, name, seen)
            if person is None:
                person = self._add(taken, fields, name)
                result: Result = "added"
            elif self._wishes.matches == "skip":
                self._count(outcome, "unchanged", person)
                return
            else:
                result = "updated" if self._update(person, taken, fields, outcome.file) else "unchanged"
        except TooLongValue as error:
            outcome.rejected.append(RejectedRow(row.place.key(), row.place.text(), error.code, error.text()))
            return
        outcome.notices.extend(taken.notices)
        if mark and result == "added":
            self._fingerprints.setdefault(mark, []).append(person)
        if row.photo is not None and self._take_photo(person, row, outcome) and result == "unchanged":
            result = "updated"
        if row.uid:
            self._known.by_uid.setdefault(row.uid, person)
            self._met.add(row.uid)
        if row.own_uid:
            self._own.add(person)
        for kind, key in keys:
            self._known.remember_key(kind, key, person)
        if row.revised_at is not None:
            self._revised[person] = max(row.revised_at, self._revised.get(person, row.revised_at))
        self._count(outcome, result, person)
        for other, reason in doubles:
            outcome.possible_doubles += self._mark_double(person, other, reason)
        if result != "unchanged":
            notes.append(
                {
                    "import_file_id": file_number,
                    "number": row.place.number,
                    "person_id": person,
                    "outcome": result,
                    "fingerprint": mark if mark and result == "added" else None,
                }
            )

    def _count(self, outcome: FileOutcome, result: Result, person: int) -> None:
        outcome.count(result)
        if self._watched:
            self._watched.counted(result, person)

    def _take_photo(self, person: int, row: ImportedPerson, outcome: FileOutcome) -> bool:
        """True for a new picture; a refused one is a notice, and the rest of the card is taken."""
        try:
            return self._parts.add_photo(person, self._people[person], row.photo or b"")
        except CrmError as error:
            outcome.notices.append(NoticedRow(row.place.text(), row.shown_name(), error.code, error.text()))
            return False

    def _recognise(
        self, taken: ReadyRow, name: Name, seen: dict[str, int]
    ) -> tuple[int | None, str, list[tuple[int, str]]]:
        """The person a row is, or None; the fingerprint to know it by again, if nothing else will do; whose double it
        may be."""
        row, mark = taken.entry, taken.fingerprint
        if not row.uid and mark:
            return self._by_fingerprint(mark, seen), mark, []
        person = self._known.by_uid.get(row.uid) if row.uid else None
        if person is not None and not self._same_uid_for_all(person, row, name):
            return person, "", []
        if person is not None and not taken.keys:
            mark = fingerprint_of(row)
            self._learn_fingerprints({mark})
            return self._by_fingerprint(mark, seen), mark, []
        if row.uid and self._known.refuses(row.uid):
            there = self._fingerprints.get(mark, [])
            if there:
                return there[0], "", []
        else:
            mark = ""
        same, doubles = self._known.find(name, taken.keys)
        if row.own_uid and same is not None and same in self._own:
            return None, mark, [*doubles, (same, f"same_{taken.keys[0][0]}")]
        return same, mark, doubles

    def _same_uid_for_all(self, person: int, row: ImportedPerson, name: Name) -> bool:
        """True for a file whose maker gave several people one uid: then a uid says nothing."""
        return row.uid in self._met and self._known.contradicts(name, person) and not self._is_newer(person, row)

    def _by_fingerprint(self, mark: str, seen: dict[str, int]) -> int | None:
        """The k-th row of a file with this content is the k-th person it once made: two namesakes stay two."""
        place = seen[mark]
        seen[mark] += 1
        people = self._fingerprints.get(mark, [])
        return people[place] if place < len(people) else None

    def _add(self, taken: ReadyRow, fields: dict[str, Any], name: Name) -> int:
        row = taken.entry
        details, unfit = self._details.columns(row)
        person = self._batch.number(Person)
        plan = self._details.plan(person, row, there=False)
        note = joined_note("", (*taken.notes, *unfit, *plan.unfit))
        columns = {
            **fields,
            "id": person,
            "uid": self._free_uid(row.uid),
            **PLAIN,
            "kind": "partner" if row.kind == "company" else "member",
            **details,
            "organisation_id": self._batch.organisation(row.organisation),
            "birthday_text": row.birthday_text if len(row.birthday_text) <= NAME_LIMIT else "",
            **birthday_columns(row.birthday),
            "note": note,
            "created_at": self._now,
            "changed_at": self._now,
        }
        columns.update(name_columns(columns))
        columns.update(note_columns(columns))
        self._batch.add_person(columns)
        self._people[person] = PersonThere(columns)
        self._known.names[person] = name
        self._parts.add(person, self._people[person], taken)
        self._details.accept(plan)
        return person

    def _free_uid(self, uid: str) -> str:
        # A deleted person keeps theirs, and so does one whose uid a careless program gave to others too.
        free = uid and not self._known.refuses(uid) and uid not in self._known.by_uid
        return uid if free else new_uid()

    def _update(self, person: int, taken: ReadyRow, fields: dict[str, Any], file: str) -> bool:
        """Fill, add and keep beside; True when anything changed."""
        row = taken.entry
        there = self._people[person].columns
        if self._watched:
            self._watched.before(self._people[person])
        change, beside = self._differences(person, row, fields)
        known = person < self._batch.first_new_person
        plan = self._details.plan(person, row, there=known, newer=self._replaces(person, row))
        beside += plan.beside
        new = [f"{line} ({file})" for line in beside if f"\n{line} (" not in f"\n{there['note']}"]
        _, unfit = self._details.columns(row)
        note = joined_note(there["note"], (*taken.notes, *unfit, *plan.unfit, *new))
        if note != there["note"]:
            change["note"] = note
        if "organisation_id" in change:
            change["organisation_id"] = self._batch.organisation(row.organisation)
        self._details.accept(plan)
        added = self._parts.add(person, self._people[person], taken) or bool(plan)
        if change:
            there.update(change)
            self._known.names[person] = Name.of(there["family_name"], there["given_name"], there["additional_name"])
            follow = {**change, **name_columns(there), **note_columns(there), "changed_at": self._now}
            there.update(follow)
            self._batch.change_person(person, follow)
        if self._watched and (change or added):
            self._watched.after(self._people[person], change, taken, self._batch.tag)
            self._watched.details(plan)
        return bool(change) or added

    def _differences(
        self, person: int, row: ImportedPerson, fields: dict[str, Any]
    ) -> tuple[dict[str, Any], list[str]]:
        """What of the row goes into columns, and what contradicts them and is kept beside."""
        there = self._people[person].columns
        newer = self._replaces(person, row)
        change: dict[str, Any] = {}
        beside: list[str] = []
        own_names = {text.fold(there[column]) for column in _NAME_PARTS}
        for column, value in fields.items():
            if not value or value == there[column]:
                continue
            if not newer and column in _NAME_PARTS and text.fold(value) in own_names:
                # The same word in the column of another part of the name says nothing new.
                continue
            if newer or not there[column]:
                change[column] = value
            elif text.fold(value) != text.fold(there[column]):
                beside.append(f"{i18n.text(FIELD_WORDS[column])}: {value}")
        organisation = self._batch.known_organisation(row.organisation)
        if row.organisation and (organisation is None or organisation != there["organisation_id"]):
            if newer or there["organisation_id"] is None:
                # A new one gets its number once it is sure that the row is taken.
                change["organisation_id"] = organisation
            else:
                beside.append(f"{i18n.text('Organisation')}: {row.organisation}")
        if row.birthday is not None:
            birthday = birthday_columns(row.birthday)
            if newer or there["birth_day"] is None or adds_year(there, birthday):
                change.update({key: value for key, value in birthday.items() if there[key] != value})
            elif any(value is not None and there[key] != value for key, value in birthday.items()):
                beside.append(f"{i18n.text('Birthday')}: {row.birthday.iso()}")
        if row.birthday_text and len(row.birthday_text) <= NAME_LIMIT and row.birthday_text != there["birthday_text"]:
            if newer or not there["birthday_text"]:
                change["birthday_text"] = row.birthday_text
            else:
                beside.append(f"{i18n.text('Birthday')}: {row.birthday_text}")
        self._compare_details(row, there, change, beside, newer=newer)
        beside.extend(consents_not_taken(self._people[person], row))
        return change, beside

    def _compare_details(
        self, row: ImportedPerson, there: dict[str, Any], change: dict[str, Any], beside: list[str], *, newer: bool
    ) -> None:
        for column, value in self._details.columns(row)[0].items():
            if value in (there[column], PLAIN[column]):
                continue
            if newer or there[column] == PLAIN[column]:
                change[column] = value
            else:
                beside.append(f"{i18n.text(WORDS[column])}: {value}")

    def _replaces(self, person: int, row: ImportedPerson) -> bool:
        """True where what the row says goes before what is there."""
        return self._wishes.matches == "update" or self._is_newer(person, row)

    def _is_newer(self, person: int, row: ImportedPerson) -> bool:
        """True for a card of the same uid revised after what is there: after the last card, or the last deed."""
        if not row.uid or row.revised_at is None or row.uid != self._people[person].columns["uid"]:
            return False
        last = self._revised.get(person)
        if last is None and person < self._batch.first_new_person:
            last = self._people[person].columns["changed_at"]
        return last is not None and row.revised_at > last

    def _mark_double(self, person: int, other: int, reason: str) -> int:
        pair = (min(person, other), max(person, other))
        if person == other or pair in self._pairs:
            return 0
        self._pairs.add(pair)
        if pair[1] < self._batch.first_new_person:
            # Both were here before: they may be on the list already, or a person has said that they are two.
            for table in (PossibleDuplicate, NotDuplicate):
                told = select(table.id).where(table.person_id == pair[0], table.other_id == pair[1])
                if self._session.execute(told).first() is not None:
                    return 0
        self._batch.rows["possible_duplicate"].append(
            {"person_id": pair[0], "other_id": pair[1], "reason": reason, "found_at": self._now}
        )
        return 1


_NAME_PARTS: Final = ("family_name", "given_name", "additional_name")


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    walk = iter(entries)
    while batch := list(islice(walk, BATCH)):
        yield batch
