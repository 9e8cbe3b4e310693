"""The photo of a person: small, square, without metadata, one at a time."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm import pictures
from crm.clock import Clock
from crm.models import Attachment, AttachmentContent
from crm.pictures import Picture
from crm.services import attachments


def prepared(content: bytes) -> Picture:
    """The middle of a picture, made small and safe; takes long for large ones. Raises PictureRefused."""
    return pictures.square(content)


def set_photo(session: Session, person_id: int, picture: Picture, clock: Clock) -> int:
    """Make this the photo of a person. Raises PersonUnknown."""
    remove_photo(session, person_id)
    return attachments.attach(session, person_id, "photo", "", picture.media_type, picture.content, clock)


def remove_photo(session: Session, person_id: int) -> None:
    """No photo; an undo brings it back."""
    session.execute(
        delete(Attachment).where(
            Attachment.owner_table == "person", Attachment.owner_id == person_id, Attachment.purpose == "photo"
        )
    )


def photo_of(session: Session, person_id: int) -> bytes | None:
    """The photo as it is kept; of several the one added last."""
    return session.scalar(
        select(AttachmentContent.content)
        .join(Attachment, Attachment.content_id == AttachmentContent.id)
        .where(Attachment.owner_table == "person", Attachment.owner_id == person_id, Attachment.purpose == "photo")
        .order_by(Attachment.id.desc())
        .limit(1)
    )
