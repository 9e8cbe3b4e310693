"""Bringing people in: any list, nobody twice, no line lost.

Rows come from `crm.importing`; here they are matched to people (crm/services/matching.py) and written in bulk, as one
deed over all files. A row that is somebody already there fills what is empty and adds contacts and tags; what
contradicts stays in the note with the file's name, so that no line is lost and nothing typed by a person is
overwritten. Only a card with the same uid and a newer revision replaces. The same file twice adds nothing.
"""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, pictures, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.importing.rows import Entry, ImportedPerson, Reject, Source
from crm.models import (
    AttachmentContent,
    Base,
    ImportFile,
    ImportRow,
    NotDuplicate,
    OpenDeed,
    Organisation,
    Person,
    PossibleDuplicate,
    Tag,
    metadata,
    new_uid,
)
from crm.services.imported_rows import (
    FIELD_WORDS,
    NO,
    YES,
    ReadyRow,
    TooLongValue,
    adds_year,
    fingerprint_of,
    joined_note,
    plain_columns,
    ready,
    rejected,
)
from crm.services.importing_rows import FileOutcome, ImportOutcome, NoticedRow, RejectedRow
from crm.services.matching import Known, Name, names_contradict
from crm.services.people_there import PersonThere, load_people, people_of_fingerprints
from crm.services.person_columns import (
    NAME_LIMIT,
    birthday_columns,
    name_columns,
    note_columns,
    organisation_columns,
    organisation_key,
)
from crm.services.tag_colours import colour_of
from crm.store.dialect import last_ids

Report = Callable[[int, int], None]
BATCH: Final = 2_000


def silent(step: int, of: int) -> None:
    """Report to nobody."""


def import_people(session: Session, sources: Iterable[Source], clock: Clock, report: Report = silent) -> ImportOutcome:
    """Import all `sources` as people inside the open deed; `report(rows so far, 0)` after every batch.

    Raises whatever reading a source raises: then nothing of any file is written, for the deed is rolled back.
    """
    try:
        return _Import(session, clock, report).run(sources)
    finally:
        gc.unfreeze()


@dataclass(slots=True)
class _Batch:
    """Rows to write, by table name, and the people whose columns change."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)


class _Import:
    """One import: what it knows of people, organisations and tags, and the rows waiting to be written."""

    def __init__(self, session: Session, clock: Clock, report: Report) -> None:
        self._session = session
        self._now = clock()
        self._today = clocks.today(clock)
        self._report = report
        self._known = Known()
        self._batch = _Batch()
        self._next = {
            model: last + 1
            for model, last in last_ids(session, (Person, Organisation, Tag, ImportFile, AttachmentContent)).items()
        }
        self._first_new = self._next[Person]
        self._revised: dict[int, datetime] = {}
        self._organisations: dict[str, int] = {}
        self._tags: dict[str, int] = dict(session.execute(select(Tag.search_name, Tag.id)).all())
        self._people: dict[int, PersonThere] = {}
        self._pairs: set[tuple[int, int]] = set()
        self._fingerprints: dict[str, list[int]] = {}
        self._contents: dict[str, int] = {}
        self._waiting: set[int] = set()
        self._met: set[str] = set()
        self._done = 0

    def run(self, sources: Iterable[Source]) -> ImportOutcome:
        outcomes = []
        deed = self._session.execute(select(OpenDeed.deed_id)).scalar_one()
        for source in sources:
            outcome = FileOutcome(text.clean(source.file), source.kind, source.encoding)
            self._met.clear()
            number = self._next[ImportFile]
            self._next[ImportFile] += 1
            notes: list[dict[str, Any]] = []
            seen: dict[str, int] = defaultdict(int)
            for entries in _batches(source.entries):
                rows = [entry if isinstance(entry, Reject) else ready(entry) for entry in entries]
                self._learn([row for row in rows if isinstance(row, ReadyRow)])
                for row in rows:
                    if isinstance(row, Reject):
                        outcome.rejected.append(rejected(row))
                    else:
                        self._take(row, source, outcome, number, notes, seen)
                self._write()
                # What is known of people stays to the end: the collector need not walk all of it again and again.
                gc.freeze()
                self._done += len(entries)
                self._report(self._done, 0)
            self._session.execute(
                _table(ImportFile).insert(),
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
                self._session.execute(_table(ImportRow).insert(), notes)
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
        named = {row.entry.organisation for row in rows if row.entry.organisation}
        wanted = {organisation_key(name) for name in named} - self._organisations.keys()
        if wanted:
            for number, key in self._session.execute(
                select(func.min(Organisation.id), Organisation.match_key)
                .where(Organisation.match_key.in_(sorted(wanted)), Organisation.archived_at.is_(None))
                .group_by(Organisation.match_key)
            ):
                self._organisations[key] = number

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
                result = "added"
            else:
                result = "updated" if self._update(person, taken, fields, outcome.file) else "unchanged"
        except TooLongValue as error:
            outcome.rejected.append(RejectedRow(row.place.key(), row.place.text(), error.code, error.text()))
            return
        outcome.notices.extend(taken.notices)
        if mark and result == "added":
            self._fingerprints.setdefault(mark, []).append(person)
        if row.photo is not None:
            result = self._take_photo(person, row, outcome, result)
        if row.uid:
            self._known.by_uid.setdefault(row.uid, person)
            self._met.add(row.uid)
        for kind, key in keys:
            self._known.remember_key(kind, key, person)
        if row.revised_at is not None:
            self._revised[person] = max(row.revised_at, self._revised.get(person, row.revised_at))
        outcome.count(result)
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

    def _take_photo(self, person: int, row: ImportedPerson, outcome: FileOutcome, result: str) -> str:
        """Keep the card's picture, made small and safe; a refused one is a notice. Gives what became of the row."""
        try:
            picture = pictures.small(row.photo or b"")
        except CrmError as error:
            outcome.notices.append(NoticedRow(row.place.text(), row.shown_name(), error.code, error.text()))
            return result
        sha256 = hashlib.sha256(picture.content).hexdigest()
        there = self._people[person]
        if sha256 in there.photos:
            return result
        there.photos.add(sha256)
        content = self._contents.get(sha256) or self._session.scalar(
            select(AttachmentContent.id).where(AttachmentContent.sha256 == sha256)
        )
        if content is None:
            content = self._next[AttachmentContent]
            self._next[AttachmentContent] += 1
            self._batch.rows["attachment_content"].append({"id": content, "sha256": sha256, "content": picture.content})
        self._contents[sha256] = content
        self._batch.rows["attachment"].append(
            {
                "owner_table": "person",
                "owner_id": person,
                "person_id": person,
                "purpose": "photo",
                "file_name": "",
                "media_type": picture.media_type,
                "size": len(picture.content),
                "content_id": content,
                "added_at": self._now,
            }
        )
        return "updated" if result == "unchanged" else result

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
        return (found := self._known.find(name, taken.keys))[0], mark, found[1]

    def _same_uid_for_all(self, person: int, row: ImportedPerson, name: Name) -> bool:
        """True for a file whose maker gave several people one uid: then a uid says nothing."""
        return (
            row.uid in self._met
            and names_contradict(name, self._known.names[person])
            and not self._is_newer(person, row)
        )

    def _by_fingerprint(self, mark: str, seen: dict[str, int]) -> int | None:
        """The k-th row of a file with this content is the k-th person it once made: two namesakes stay two."""
        place = seen[mark]
        seen[mark] += 1
        people = self._fingerprints.get(mark, [])
        return people[place] if place < len(people) else None

    def _add(self, taken: ReadyRow, fields: dict[str, Any], name: Name) -> int:
        row = taken.entry
        note = joined_note("", taken.notes)
        person = self._next[Person]
        self._next[Person] += 1
        columns = {
            **fields,
            "id": person,
            "uid": self._free_uid(row.uid),
            "kind": "partner" if row.kind == "company" else "member",
            "organisation_id": self._organisation(row.organisation),
            "birthday_text": row.birthday_text if len(row.birthday_text) <= NAME_LIMIT else "",
            **birthday_columns(row.birthday),
            "note": note,
            "created_at": self._now,
            "changed_at": self._now,
            "joined_on": None,
            "address_as": "",
        }
        columns.update(name_columns(columns))
        columns.update(note_columns(columns))
        self._batch.rows["person"].append(columns)
        self._waiting.add(person)
        self._people[person] = PersonThere(columns)
        self._known.names[person] = name
        self._add_parts(person, taken)
        return person

    def _free_uid(self, uid: str) -> str:
        # A deleted person keeps theirs, and so does one whose uid a careless program gave to others too.
        free = uid and not self._known.refuses(uid) and uid not in self._known.by_uid
        return uid if free else new_uid()

    def _update(self, person: int, taken: ReadyRow, fields: dict[str, Any], file: str) -> bool:
        """Fill, add and keep beside; True when anything changed."""
        row = taken.entry
        there = self._people[person].columns
        change, beside = self._differences(person, row, fields)
        new = [f"{line} ({file})" for line in beside if f"\n{line} (" not in f"\n{there['note']}"]
        note = joined_note(there["note"], (*taken.notes, *new))
        if note != there["note"]:
            change["note"] = note
        if "organisation_id" in change:
            change["organisation_id"] = self._organisation(row.organisation)
        added = self._add_parts(person, taken)
        if change:
            there.update(change)
            self._known.names[person] = Name.of(there["family_name"], there["given_name"], there["additional_name"])
            follow = {**change, **name_columns(there), **note_columns(there), "changed_at": self._now}
            there.update(follow)
            # A person of this very batch still waits to be written: its row is `there` itself.
            if person not in self._waiting:
                self._batch.changes.setdefault(person, {}).update(follow)
        return bool(change) or added

    def _differences(
        self, person: int, row: ImportedPerson, fields: dict[str, Any]
    ) -> tuple[dict[str, Any], list[str]]:
        """What of the row goes into columns, and what contradicts them and is kept beside."""
        there = self._people[person].columns
        newer = self._is_newer(person, row)
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
        organisation = self._organisations.get(organisation_key(row.organisation)) if row.organisation else None
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
        beside.extend(self._consents_not_taken(person, row))
        return change, beside

    def _is_newer(self, person: int, row: ImportedPerson) -> bool:
        """True for a card of the same uid revised after what is there: after the last card, or the last deed."""
        if not row.uid or row.revised_at is None or row.uid != self._people[person].columns["uid"]:
            return False
        last = self._revised.get(person)
        if last is None and person < self._first_new:
            last = self._people[person].columns["changed_at"]
        return last is not None and row.revised_at > last

    def _add_parts(self, person: int, taken: ReadyRow) -> bool:
        """Contacts, tags, addresses, kept lines and consents that are not there yet; True when there were any."""
        row, added, there = taken.entry, False, self._people[person]
        points = there.points
        for columns in taken.points:
            if columns["value"] and (columns["kind"], columns["value"]) not in points:
                self._batch.rows["contact_point"].append({**columns, "person_id": person, "position": len(points)})
                points.add((columns["kind"], columns["value"]))
                added = True
        for word in row.tags:
            tag = self._tag(word)
            if tag is not None and tag not in there.tags:
                self._batch.rows["person_tag"].append({"person_id": person, "tag_id": tag})
                there.tags.add(tag)
                added = True
        for address in row.addresses:
            parts = (address.street, address.city, address.region, address.postcode, address.country)
            if any(parts) and parts not in there.addresses:
                self._batch.rows["address"].append(
                    {
                        "person_id": person,
                        "street": address.street,
                        "city": address.city,
                        "region": address.region,
                        "postcode": address.postcode,
                        "country": address.country,
                        "label": address.label,
                        "position": len(there.addresses),
                    }
                )
                there.addresses.add(parts)
                added = True
        for extra in row.extra:
            line = (text.clean(extra.name), text.clean(extra.parameters), extra.value)
            if line not in there.extras:
                self._batch.rows["extra_property"].append(
                    {
                        "person_id": person,
                        "group_name": text.clean(extra.group),
                        "name": line[0],
                        "parameters": line[1],
                        "value": line[2],
                        "position": len(there.extras),
                    }
                )
                there.extras.add(line)
                added = True
        for header, cell in row.consents:
            added |= self._consent(person, header, cell)
        return added

    def _consents_not_taken(self, person: int, row: ImportedPerson) -> Iterator[str]:
        """A list never gives back a consent that the person refused or withdrew: somebody has to ask them."""
        for header, cell in row.consents:
            purpose, status = _told_consent(header, cell)
            if status == "given" and self._people[person].consents.get(purpose) in _REFUSALS:
                yield f"{header}: {cell}"

    def _consent(self, person: int, header: str, cell: str) -> bool:
        purpose, status = _told_consent(header, cell)
        last = self._people[person].consents.get(purpose, "")
        if not status or last == status or last in _REFUSALS:
            return False
        self._batch.rows["consent"].append(
            {
                "uid": new_uid(),
                "person_id": person,
                "purpose": purpose,
                "status": status,
                "channel": "",
                "source": i18n.text("import"),
                "proof": f"{header}: {cell}",
                "given_on": self._today,
                "entered_at": self._now,
            }
        )
        self._people[person].consents[purpose] = status
        return True

    def _organisation(self, name: str) -> int | None:
        if not name:
            return None
        key = organisation_key(name)
        number = self._organisations.get(key)
        if number is None:
            number = self._next[Organisation]
            self._next[Organisation] += 1
            self._organisations[key] = number
            self._batch.rows["organisation"].append(
                {"id": number, "uid": new_uid(), "name": name, "created_at": self._now, **organisation_columns(name)}
            )
        return number

    def _tag(self, word: str) -> int | None:
        folded = (text.fold(word) or word)[:NAME_LIMIT]
        if not folded:
            return None
        number = self._tags.get(folded)
        if number is None:
            number = self._next[Tag]
            self._next[Tag] += 1
            self._tags[folded] = number
            self._batch.rows["tag"].append(
                {"id": number, "name": word, "search_name": folded, "colour": colour_of(folded)}
            )
        return number

    def _mark_double(self, person: int, other: int, reason: str) -> int:
        pair = (min(person, other), max(person, other))
        if person == other or pair in self._pairs:
            return 0
        self._pairs.add(pair)
        if pair[1] < self._first_new:
            # Both were here before: they may be on the list already, or a person has said that they are two.
            for table in (PossibleDuplicate, NotDuplicate):
                told = select(table.id).where(table.person_id == pair[0], table.other_id == pair[1])
                if self._session.execute(told).first() is not None:
                    return 0
        self._batch.rows["possible_duplicate"].append(
            {"person_id": pair[0], "other_id": pair[1], "reason": reason, "found_at": self._now}
        )
        return 1

    # -- writing --------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        for name in (
            "organisation",
            "tag",
            "person",
            "contact_point",
            "person_tag",
            "address",
            "extra_property",
            "consent",
            "possible_duplicate",
            "attachment_content",
            "attachment",
        ):
            rows = self._batch.rows.get(name)
            if rows:
                self._session.execute(metadata.tables[name].insert(), rows)
        for person, change in self._batch.changes.items():
            self._session.execute(update(Person).where(Person.id == person).values(**change))
        self._batch = _Batch()
        self._waiting.clear()


_NAME_PARTS: Final = ("family_name", "given_name", "additional_name")
_REFUSALS: Final = ("refused", "withdrawn")


def _told_consent(header: str, cell: str) -> tuple[str, str]:
    """Purpose and status that a consent column tells; no status where the cell is neither yes nor no."""
    purpose = "data" if "персональн" in header.casefold() or "data" in header.casefold() else "messages"
    answer = text.fold(cell).strip()
    return purpose, "given" if answer in YES else "refused" if answer in NO else ""


def _table(model: type[Base]) -> Table:
    return metadata.tables[model.__tablename__]


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    walk = iter(entries)
    while batch := list(islice(walk, BATCH)):
        yield batch
