"""What an import is about to write: rows by table, numbers of new rows, and what is made once and used often.

Organisations, tags and pictures are known by what they are called or contain, so that a list of a thousand people of
one firm makes one firm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm import text
from crm.models import (
    AttachmentContent,
    Base,
    ImportFile,
    Organisation,
    Person,
    Tag,
    metadata,
    new_uid,
)
from crm.services.organisation_keys import keys_of, organisation_key
from crm.services.person_columns import NAME_LIMIT, organisation_columns
from crm.services.tag_colours import colour_of
from crm.store.dialect import last_ids

_IN_ORDER: Final = (
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
)
"""Tables in the order in which their rows may refer to each other."""


class Batch:
    """Rows to write, by table name, and the people whose columns change."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._changes: dict[int, dict[str, Any]] = {}
        self._waiting: set[int] = set()
        self._next: dict[type[Base], int] = {
            model: last + 1
            for model, last in last_ids(session, (Person, Organisation, Tag, ImportFile, AttachmentContent)).items()
        }
        self.first_new_person = self._next[Person]
        self._organisations: dict[str, int] = {}
        self._tags: dict[str, int] = dict(session.execute(select(Tag.search_name, Tag.id)).all())
        self._contents: dict[str, int] = {}

    def number(self, model: type[Base]) -> int:
        """The id of the next new row."""
        number = self._next[model]
        self._next[model] += 1
        return number

    def add_person(self, columns: dict[str, Any]) -> None:
        """A new person; until `write` the row is `columns` itself, and what changes there is written with it."""
        self.rows["person"].append(columns)
        self._waiting.add(columns["id"])

    def change_person(self, person: int, columns: dict[str, Any]) -> None:
        """Other columns for somebody who is in the store; a person of this very batch still waits to be written."""
        if person not in self._waiting:
            self._changes.setdefault(person, {}).update(columns)

    # -- what is made once ----------------------------------------------------------------------------------------

    def learn_organisations(self, names: Iterable[str]) -> None:
        """Load the organisations the store has under these names."""
        fresh = {name: keys_of(name) for name in names if organisation_key(name) not in self._organisations}
        wanted = {key for keys in fresh.values() for key in keys}
        if not wanted:
            return
        there = self._session.execute(
            select(Organisation.match_key, func.min(Organisation.id))
            .where(Organisation.match_key.in_(sorted(wanted)), Organisation.archived_at.is_(None))
            .group_by(Organisation.match_key)
        )
        stored = {row[0]: row[1] for row in there}
        for keys in fresh.values():
            known = next((stored[key] for key in keys if key in stored), None)
            if known is not None:
                self._organisations[keys[0]] = known

    def known_organisation(self, name: str) -> int | None:
        """The organisation called so, None for a new one."""
        return self._organisations.get(organisation_key(name)) if name else None

    def organisation(self, name: str) -> int | None:
        """The organisation called so, made if need be; None for no name."""
        if not name:
            return None
        key = organisation_key(name)
        number = self._organisations.get(key)
        if number is None:
            number = self.number(Organisation)
            self._organisations[key] = number
            self.rows["organisation"].append(
                {"id": number, "uid": new_uid(), "name": name, "created_at": self._now, **organisation_columns(name)}
            )
        return number

    def tag(self, word: str) -> int | None:
        """The tag of this word, made if need be; None for a word of nothing."""
        folded = (text.fold(word) or word)[:NAME_LIMIT]
        if not folded:
            return None
        number = self._tags.get(folded)
        if number is None:
            number = self.number(Tag)
            self._tags[folded] = number
            self.rows["tag"].append({"id": number, "name": word, "search_name": folded, "colour": colour_of(folded)})
        return number

    def content(self, sha256: str, content: bytes) -> int:
        """The picture with this hash, kept once."""
        number = self._contents.get(sha256) or self._session.scalar(
            select(AttachmentContent.id).where(AttachmentContent.sha256 == sha256)
        )
        if number is None:
            number = self.number(AttachmentContent)
            self.rows["attachment_content"].append({"id": number, "sha256": sha256, "content": content})
        self._contents[sha256] = number
        return number

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write what waits, and begin anew."""
        for name in _IN_ORDER:
            rows = self.rows.get(name)
            if rows:
                self._session.execute(metadata.tables[name].insert(), rows)
        for person, change in self._changes.items():
            self._session.execute(update(Person).where(Person.id == person).values(**change))
        self.rows = defaultdict(list)
        self._changes = {}
        self._waiting.clear()
