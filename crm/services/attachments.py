"""Files of a person, kept inside the store: the bytes once per SHA-256, a row for each place they belong to.

Taking a file away takes the row: its bytes stay for the undo and go when nothing can bring the row back
(`store/unused_files.py`). So the journal never holds a file.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from crm import i18n, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import Attachment, AttachmentContent, Person
from crm.services.person_errors import PersonUnknown

FILE_LIMIT: Final = 20 * 1024 * 1024
"""Bytes of one file."""
_NAME_LIMIT: Final = 200
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_RUNS: Final = frozenset(
    ("app", "appimage", "apk", "bat", "chm", "cmd", "com", "command", "cpl", "deb", "desktop", "dll", "dmg", "exe",
     "hta", "htm", "html", "jar", "js", "jse", "lnk", "msc", "msi", "msp", "pif", "pkg", "ps1", "py", "pyw", "reg",
     "rpm", "run", "scf", "scr", "sct", "sh", "svg", "url", "vb", "vbe", "vbs", "webloc", "wsf", "wsh", "xht",
     "xhtml")
)  # fmt: skip


class FileTooLarge(CrmError):
    """More than the store takes."""

    code = "file_too_large"
    message = mark("“{name}” is larger than {limit} MB. Keep it in a folder of your own and write down where.")


class FileEmpty(CrmError):
    """A file of nothing."""

    code = "file_empty"
    message = mark("“{name}” is empty, so there is nothing to keep.")


class FileUnread(CrmError):
    """No file, or one that may not be read."""

    code = "file_unread"
    message = mark("“{name}” cannot be read: {reason}. Choose another file.")


class FileGone(CrmError):
    """A file that was taken away meanwhile."""

    code = "file_gone"
    message = mark("This file is not here any more.")


class FileNameless(CrmError):
    """A name of nothing."""

    code = "file_nameless"
    message = mark("A file needs a name.")


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a list; `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    added_at: datetime

    @property
    def opens(self) -> bool:
        """Whether it may be opened: what would run or be read as a page of the web is only saved."""
        return self.name.rpartition(".")[2].casefold() not in _RUNS


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file with its bytes."""

    name: str
    media_type: str
    content: bytes


def read_file(path: Path, limit: int = FILE_LIMIT) -> bytes:
    """The bytes of a file, no more than `limit`. Raises FileTooLarge, FileEmpty, FileUnread."""
    name = file_name(path.name)
    try:
        if not path.is_file():
            raise FileUnread(name=name, reason=i18n.text("not a file"))
        if path.stat().st_size > limit:
            raise FileTooLarge(name=name, limit=limit // 1024 // 1024)
        with path.open("rb") as source:
            content = source.read(limit + 1)
    except OSError as error:
        raise FileUnread(name=name, reason=error.strerror or type(error).__name__) from error
    if len(content) > limit:
        raise FileTooLarge(name=name, limit=limit // 1024 // 1024)
    if not content:
        raise FileEmpty(name=name)
    return content


def file_name(given: str) -> str:
    """A name any system takes as the name of one file in one folder; the end that says what it is stays."""
    name = _FORBIDDEN.sub("_", text.clean(given.replace("\\", "/").rpartition("/")[2])).strip(" .")
    if _RESERVED.match(name):
        name = "_" + name
    stem, dot, ending = name.rpartition(".")
    if len(name) > _NAME_LIMIT and dot and len(ending) < _NAME_LIMIT // 4:
        return stem[: _NAME_LIMIT - len(ending) - 1] + dot + ending
    return name[:_NAME_LIMIT]


def files_of(session: Session, person_id: int) -> tuple[FileLine, ...]:
    """The files of a person, the newest first."""
    rows = session.execute(
        select(Attachment.id, Attachment.file_name, Attachment.media_type, Attachment.size, Attachment.added_at)
        .where(Attachment.owner_table == "person", Attachment.owner_id == person_id, Attachment.purpose == "file")
        .order_by(Attachment.added_at.desc(), Attachment.id.desc())
    )
    return tuple(FileLine(*row) for row in rows)


def add_file(session: Session, person_id: int, name: str, content: bytes, clock: Clock) -> int:
    """Keep a file of a person. Raises FileTooLarge, FileEmpty, FileNameless, PersonUnknown."""
    name = file_name(name)
    if not name:
        raise FileNameless
    if len(content) > FILE_LIMIT:
        raise FileTooLarge(name=name, limit=FILE_LIMIT // 1024 // 1024)
    if not content:
        raise FileEmpty(name=name)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return attach(session, person_id, "file", name, media_type, content, clock)


def attach(
    session: Session, person_id: int, purpose: str, name: str, media_type: str, content: bytes, clock: Clock
) -> int:
    """A row for a person and a purpose, and the bytes if no other row has them. Raises PersonUnknown."""
    alive = session.scalar(select(Person.id).where(Person.id == person_id, Person.deleted_at.is_(None)))
    if alive is None:
        raise PersonUnknown(ref=f"#{person_id}")
    sha256 = hashlib.sha256(content).hexdigest()
    content_id = session.scalar(select(AttachmentContent.id).where(AttachmentContent.sha256 == sha256))
    if content_id is None:
        content_id = session.scalar(
            insert(AttachmentContent).values(sha256=sha256, content=content).returning(AttachmentContent.id)
        )
    made = insert(Attachment).values(
        owner_table="person",
        owner_id=person_id,
        person_id=person_id,
        purpose=purpose,
        file_name=name,
        media_type=media_type[:100],
        size=len(content),
        content_id=content_id,
        added_at=clock(),
    )
    return int(session.execute(made.returning(Attachment.id)).scalar_one())


def file_content(session: Session, file_id: int) -> FileContent:
    """A file with its bytes. Raises FileGone."""
    row = session.execute(
        select(Attachment.file_name, Attachment.media_type, AttachmentContent.content)
        .join(AttachmentContent, AttachmentContent.id == Attachment.content_id)
        .where(Attachment.id == file_id)
    ).first()
    if row is None:
        raise FileGone
    return FileContent(*row)


def rename_file(session: Session, file_id: int, name: str) -> bool:
    """Another name; the ending stays if the new name has none. Raises FileNameless, FileGone."""
    before = session.execute(select(Attachment.file_name).where(Attachment.id == file_id)).scalar()
    if before is None:
        raise FileGone
    name = file_name(name)
    if not name:
        raise FileNameless
    ending = Path(before).suffix
    if ending and not Path(name).suffix:
        name += ending
    if name == before:
        return False
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    session.execute(update(Attachment).where(Attachment.id == file_id).values(file_name=name, media_type=media_type))
    return True


def remove_file(session: Session, file_id: int) -> None:
    """Take a file away; an undo brings it back."""
    session.execute(delete(Attachment).where(Attachment.id == file_id))
