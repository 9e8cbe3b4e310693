"""Files kept inside the store: one table, one mechanism."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.models.base import Base, Keyed, UtcDateTime, table


class AttachmentContent(Keyed, Base):
    """The bytes, once per SHA-256."""

    __tablename__ = "attachment_content"
    __table_args__ = table(CheckConstraint("length(sha256) = 64", name="sha256"))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Attachment(Keyed, Base):
    """A file that belongs to a row of `owner_table`; `person_id` says whose data it is, for access and erasure."""

    __tablename__ = "attachment"
    __table_args__ = table(
        Index("ix_attachment_owner", "owner_table", "owner_id"),
        Index("ix_attachment_person", "person_id"),
        Index("ix_attachment_content", "content_id"),
        CheckConstraint("size >= 0", name="size"),
    )
    owner_table: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255), default="")
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content_id: Mapped[int] = mapped_column(ForeignKey("attachment_content.id", ondelete="RESTRICT"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
