"""Consents and wishes not to be written to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Identified, Keyed, UtcDateTime, one_of, table

CONSENT_STATUSES: Final = ("given", "refused", "withdrawn", "entered_by_mistake")
CONSENT_PURPOSES: Final = ("data", "messages", "photo")


class ConsentText(Keyed, Base):
    """One version of a text people agree to, stored once."""

    __tablename__ = "consent_text"
    __table_args__ = table(UniqueConstraint("purpose", "version"))
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))


class Consent(Identified, Base):
    """Append-only: withdrawal and «entered by mistake» are rows of their own; the latter points at what it corrects."""

    __tablename__ = "consent"
    __table_args__ = table(
        one_of("status", CONSENT_STATUSES),
        Index("ix_consent_person", "person_id", "purpose", "channel", "id"),
        Index("ix_consent_corrects", "corrects_id"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(20))
    text_id: Mapped[int | None] = mapped_column(ForeignKey("consent_text.id", ondelete="RESTRICT"))
    source: Mapped[str] = mapped_column(String(200), default="")
    proof: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date] = mapped_column("given_on")
    expires_on: Mapped[date | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id", ondelete="RESTRICT"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DoNotContact(Keyed, Base):
    """A person's wish not to be reached in a channel («» = any), until a day or for good; stronger than consent."""

    __tablename__ = "do_not_contact"
    __table_args__ = table(UniqueConstraint("person_id", "channel"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(40), default="")
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    since_on: Mapped[date]
