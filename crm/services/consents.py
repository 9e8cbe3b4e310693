"""What a person agreed to, purpose by purpose and channel by channel. Nothing here is ever changed or deleted.

A withdrawal is a row of its own, and so is «entered by mistake», which points at what it corrects. Of the rows that
stand the one given last decides; a row for one channel says nothing of the others. People who were merged keep their
rows and are read through whom they became: until that person is asked anew the stricter answer holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import Consent, ConsentText, MergedPerson, Person, new_uid
from crm.models.consents import CONSENT_PURPOSES
from crm.services.person_columns import LONG_LIMIT
from crm.services.person_errors import PersonUnknown

Answer = Literal["given", "refused", "withdrawn"]
ANSWERS: Final[tuple[Answer, ...]] = ("given", "refused", "withdrawn")
CHANNELS: Final = ("", "phone", "email", "telegram", "vk", "whatsapp", "max")
"""Channels a consent may be limited to; «» is all of them."""
_WORD_LIMIT: Final = 40
_SOURCE_LIMIT: Final = 200
_STRICTNESS: Final = {"given": 0, "refused": 1, "withdrawn": 2}


class ConsentInFuture(CrmError):
    """A consent that has not been given yet."""

    code = "consent_in_future"
    message = mark("{day} is still to come. A consent is recorded with the day it was given.")


class ConsentExpiryOdd(CrmError):
    """A consent that would end before it was given."""

    code = "consent_expiry_odd"
    message = mark("A consent cannot end on {day}, before it was given. Choose a later day.")


class ConsentNotGiven(CrmError):
    """Nothing to withdraw."""

    code = "consent_not_given"
    message = mark("There is no such consent in force, so there is nothing to withdraw.")


class ConsentUnknown(CrmError):
    """No such row, or one that was corrected already."""

    code = "consent_unknown"
    message = mark("This entry was already marked as entered by mistake.")


class ConsentTextThere(CrmError):
    """A version is one text for ever."""

    code = "consent_text_there"
    message = mark("There is another text of version «{version}» already. Give this one a version of its own.")


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """The answer that decides for a purpose and a channel («» for all): given, refused, withdrawn or expired on a day.

    `status` is «» where the person was never asked; `id` is the row behind it then 0.
    """

    purpose: str
    status: str
    on: date | None
    channel: str = ""
    source: str = ""
    expires_on: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One row of the history. `mistaken_on` is the day it was said to be entered by mistake."""

    id: int
    purpose: str
    channel: str
    status: str
    on: date
    source: str = ""
    proof: str = ""
    text_version: str = ""
    expires_on: date | None = None
    entered_at: datetime | None = None
    mistaken_on: date | None = None
    before_merge: bool = False


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """A consent as a form holds one; `text_id` is a version of `consent_texts`."""

    purpose: str = "data"
    channel: str = ""
    status: Answer = "given"
    on: date | None = None
    source: str = ""
    proof: str = ""
    text_id: int | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """A version of a text people agree to."""

    id: int
    purpose: str
    version: str
    text: str


def consents_in_force(session: Session, person_id: int, on: date | None = None) -> tuple[ConsentLine, ...]:
    """What decides for every purpose and channel; of a purpose never asked about one line without a status.

    A consent past its end on the day `on` is «expired».
    """
    decided: dict[tuple[str, str], ConsentLine] = {}
    for entry in _deciding(consent_history(session, person_id), _merged_at(session, person_id)):
        over = entry.status == "given" and on is not None and entry.expires_on is not None and entry.expires_on < on
        decided[entry.purpose, entry.channel] = ConsentLine(
            entry.purpose,
            "expired" if over else entry.status,
            entry.on,
            entry.channel,
            entry.source,
            entry.expires_on,
            entry.id,
        )
    asked = {purpose for purpose, _ in decided}
    lines = [ConsentLine(purpose, "", None) for purpose in CONSENT_PURPOSES if purpose not in asked]
    order = {purpose: place for place, purpose in enumerate(CONSENT_PURPOSES)}
    return tuple(
        sorted([*lines, *decided.values()], key=lambda line: (order.get(line.purpose, 9), line.purpose, line.channel))
    )


def consent_history(session: Session, person_id: int) -> tuple[ConsentEntry, ...]:
    """Every answer of the person, the one given last first; what was entered by mistake is marked, not left out."""
    own = [person_id, *_became(session, person_id)]
    rows = session.execute(
        select(Consent, ConsentText.version)
        .outerjoin(ConsentText, ConsentText.id == Consent.text_id)
        .where(Consent.person_id.in_(own))
        .order_by(Consent.on.desc(), Consent.id.desc())
    ).all()
    corrected = {row.corrects_id: row.on for row, _ in rows if row.corrects_id is not None}
    entered = {row.corrects_id: clocks.local(row.entered_at).date() for row, _ in rows if row.corrects_id in corrected}
    return tuple(
        ConsentEntry(
            id=row.id,
            purpose=row.purpose,
            channel=row.channel,
            status=row.status,
            on=row.on,
            source=row.source,
            proof=row.proof,
            text_version=version or "",
            expires_on=row.expires_on,
            entered_at=row.entered_at,
            mistaken_on=entered.get(row.id),
            before_merge=row.person_id != person_id,
        )
        for row, version in rows
        if row.status != "entered_by_mistake"
    )


def record_consent(session: Session, person_id: int, draft: ConsentDraft, clock: Clock) -> int:
    """Write down an answer (given today, if no day is said).

    Raises PersonUnknown, ConsentInFuture, ConsentExpiryOdd, TextTooLong.
    """
    _alive(session, person_id)
    today = clocks.today(clock)
    on = draft.on or today
    if on > today:
        raise ConsentInFuture(day=i18n.date_long(on))
    if draft.expires_on is not None and draft.expires_on < on:
        raise ConsentExpiryOdd(day=i18n.date_long(draft.expires_on))
    made = insert(Consent).values(
        uid=new_uid(),
        person_id=person_id,
        purpose=text.clean(draft.purpose, _WORD_LIMIT),
        channel=text.clean(draft.channel, _WORD_LIMIT),
        status=draft.status,
        text_id=draft.text_id if draft.status == "given" else None,
        source=text.clean(draft.source, _SOURCE_LIMIT),
        proof=text.clean(draft.proof, LONG_LIMIT, multiline=True),
        on=on,
        expires_on=draft.expires_on if draft.status == "given" else None,
        entered_at=clock(),
    )
    return int(session.execute(made.returning(Consent.id)).scalar_one())


def withdraw_consent(
    session: Session, person_id: int, purpose: str, channel: str, clock: Clock, source: str = ""
) -> int:
    """The person takes back what they agreed to, from today on. Raises ConsentNotGiven, PersonUnknown."""
    standing = {(line.purpose, line.channel): line.status for line in consents_in_force(session, person_id)}
    if standing.get((purpose, channel)) != "given":
        raise ConsentNotGiven
    draft = ConsentDraft(purpose, channel, "withdrawn", source=source)
    return record_consent(session, person_id, draft, clock)


def mark_mistaken(session: Session, consent_id: int, clock: Clock) -> int:
    """Say that a row should never have been there; it stays, and decides nothing any more. Raises ConsentUnknown."""
    row = session.get(Consent, consent_id)
    if row is None or row.status == "entered_by_mistake":
        raise ConsentUnknown
    if session.scalar(select(Consent.id).where(Consent.corrects_id == consent_id).limit(1)) is not None:
        raise ConsentUnknown
    made = insert(Consent).values(
        uid=new_uid(),
        person_id=row.person_id,
        purpose=row.purpose,
        channel=row.channel,
        status="entered_by_mistake",
        source="",
        proof="",
        on=row.on,
        corrects_id=row.id,
        entered_at=clock(),
    )
    return int(session.execute(made.returning(Consent.id)).scalar_one())


def consent_texts(session: Session, purpose: str) -> tuple[ConsentWording, ...]:
    """The versions of the text for a purpose, the newest first."""
    rows = session.execute(
        select(ConsentText.id, ConsentText.purpose, ConsentText.version, ConsentText.text)
        .where(ConsentText.purpose == purpose)
        .order_by(ConsentText.id.desc())
    )
    return tuple(ConsentWording(*row) for row in rows)


def keep_text(session: Session, purpose: str, version: str, wording: str) -> int:
    """A version of a text, stored once; the same one again is the one that is there.

    Raises ConsentTextThere where the version has another text, TextTooLong.
    """
    version = text.clean(version, _WORD_LIMIT)
    wording = text.clean(wording, LONG_LIMIT, multiline=True)
    sha256 = hashlib.sha256(wording.encode()).hexdigest()
    there = session.execute(
        select(ConsentText.id, ConsentText.sha256).where(ConsentText.purpose == purpose, ConsentText.version == version)
    ).first()
    if there is not None:
        if there.sha256 != sha256:
            raise ConsentTextThere(version=version)
        return int(there.id)
    made = insert(ConsentText).values(purpose=purpose, version=version, text=wording, sha256=sha256)
    return int(session.execute(made.returning(ConsentText.id)).scalar_one())


def _deciding(entries: Iterable[ConsentEntry], merged_at: datetime | None) -> list[ConsentEntry]:
    """For each purpose and channel the entry that decides."""
    own: dict[tuple[str, str], ConsentEntry] = {}
    brought: dict[tuple[str, str], ConsentEntry] = {}
    for entry in entries:
        if entry.mistaken_on is None:
            (brought if entry.before_merge else own).setdefault((entry.purpose, entry.channel), entry)
    decided = dict(own)
    for key, entry in brought.items():
        mine = own.get(key)
        asked_since = (
            mine is not None and merged_at is not None and mine.entered_at is not None and mine.entered_at >= merged_at
        )
        if not asked_since and (mine is None or _STRICTNESS[entry.status] > _STRICTNESS[mine.status]):
            decided[key] = entry
    return list(decided.values())


def _became(session: Session, person_id: int) -> list[int]:
    """People who became this one."""
    return list(session.scalars(select(MergedPerson.old_id).where(MergedPerson.person_id == person_id)))


def _merged_at(session: Session, person_id: int) -> datetime | None:
    return session.scalar(
        select(MergedPerson.merged_at)
        .where(MergedPerson.person_id == person_id)
        .order_by(MergedPerson.id.desc())
        .limit(1)
    )


def _alive(session: Session, person_id: int) -> None:
    found = session.execute(select(Person.id).where(Person.id == person_id, Person.deleted_at.is_(None))).first()
    if found is None:
        raise PersonUnknown(ref=f"#{person_id}")
