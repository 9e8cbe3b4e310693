"""A file by its path: what it is by its content, and its people. What stops a whole file is a `FileUnreadable`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.importing import charsets, limits, opendocument, tables, vcard, workbook
from crm.importing.errors import (
    EmptyFile,
    FileMissing,
    FileUnreadable,
    IsFolder,
    NoRights,
    NotContactsFile,
    OldExcel,
    Protected,
    SuspiciousArchive,
    TooLarge,
    UnknownEncoding,
)
from crm.importing.layout import Layout
from crm.importing.rows import Entry, FileReading, ImportedPerson, Reject, Stream

VCARD: Final = "vcard"
TABLE: Final = "table"
XLSX: Final = "xlsx"
ODS: Final = "ods"
PASTED: Final = 1_048_576
"""Bytes of a table that may be pasted: as much as is read without a process of its own."""

_HEAD: Final = 65_536
_PREAMBLE: Final = 1_048_576
_MAGIC: Final = (
    (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"RIFF", "picture"), (b"II*\0", "picture"), (b"MM\0*", "picture"), (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"), (b"{\\rtf", "document"), (b"SQLite format 3", "data"),
)  # fmt: skip
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CARD: Final = re.compile(rb"^[ \t]*(?:[\w-]+\.)?begin[ \t]*:[ \t]*vcard", re.IGNORECASE | re.MULTILINE)
_CALENDAR: Final = re.compile(rb"^[ \t]*begin:vcalendar", re.IGNORECASE | re.MULTILINE)
_WEB: Final = re.compile(rb"\s*(?:<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)
_DATA: Final = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{])')
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


def recognise(path: Path) -> str:
    """What the file is by its content: vcard, table, xlsx, ods, or what it is instead (a key of `errors.KINDS_FOUND`,
    or «old excel», «protected», «empty»). Raises FileMissing, IsFolder, NoRights, TooLarge."""
    return _kind(_read(path), path)


def open_people(path: Path, mapping: Layout | None = None, clock: Clock = clocks.now) -> Stream:
    """Begin to read the people of a file in this process; raises FileUnreadable, also while entries are walked.

    `mapping` is how a person wants the table read; its encoding also serves vCards that name none. `clock` tells
    today, after which no birthday lies.
    """
    return _opened(_read(path), path, mapping, clock)


def open_pasted(words: str, name: str, mapping: Layout | None = None, clock: Clock = clocks.now) -> Stream:
    """Begin to read a table that was pasted; `name` is what it is called. Raises as `open_people` does."""
    data = words.encode("utf-8", "replace")
    if len(data) > PASTED:
        raise TooLarge(file=name, limit=i18n.text("{count} MB", count=PASTED // 1_048_576))
    return _opened(data, Path(name), mapping, clock)


def _opened(data: bytes, path: Path, mapping: Layout | None, clock: Clock) -> Stream:
    kind = _kind(data, path)
    today = clocks.today(clock)
    stream = Stream(path.name)

    def reached(position: int) -> None:
        stream.position = position

    if kind == VCARD:
        cards = vcard.opened(data, mapping.encoding if mapping else "")
        stream.encoding, stream.encoding_guessed, stream.size = cards.encoding, cards.guessed, len(cards.data)
        stream.entries = vcard.entries(cards, today, reached)
    elif kind in (XLSX, ODS):
        with _in_words(path):
            opened = workbook.opened if kind == XLSX else opendocument.opened
            layout, first, found = opened(io.BytesIO(data), mapping, today, reached)
        stream.encoding, stream.mapping = layout.encoding, layout
        if first is not None:
            stream.columns, stream.sample = first.columns, first.sample
        stream.entries = _guarded(found, path)
    elif kind == TABLE and path.suffix.lower() not in (".vcf", ".vcard"):
        with _in_words(path):
            decoded = charsets.decode(data, mapping.encoding if mapping else "")
            del data
            table, text = tables.understood(decoded.text, decoded.encoding, mapping)
        stream.encoding, stream.encoding_guessed = decoded.encoding, decoded.guessed
        stream.mapping, stream.size = table.layout, text.count("\n") + 1
        stream.columns, stream.sample = table.columns, table.sample
        width = table.columns[-1].index + 1 if table.columns else 0
        rows = tables.records(text, table.layout.delimiter, width)
        stream.entries = _guarded(tables.entries(rows, table, today, "", reached), path)
    else:
        raise _refusal(kind, path)
    return stream


def read_people(path: Path, mapping: Layout | None = None, clock: Clock = clocks.now) -> FileReading:
    """Read a whole file in this process; raises FileUnreadable."""
    return collected(open_people(path, mapping, clock))


def collected(stream: Stream) -> FileReading:
    """All entries of a stream, sorted into people and rejects."""
    people: list[ImportedPerson] = []
    rejects: list[Reject] = []
    for entry in stream.entries:
        if isinstance(entry, Reject):
            rejects.append(entry)
        else:
            people.append(entry)
    return FileReading(
        file=stream.file,
        kind=stream.kind,
        encoding=stream.encoding,
        encoding_guessed=stream.encoding_guessed,
        mapping=stream.mapping,
        people=tuple(people),
        rejects=tuple(rejects),
    )


def size_of(path: Path) -> int:
    """Bytes of a readable file; raises FileMissing, IsFolder, NoRights."""
    try:
        if path.is_dir():
            raise IsFolder(file=path.name)
        return path.stat().st_size
    except FileNotFoundError:
        raise FileMissing(file=path.name) from None
    except OSError:
        raise NoRights(file=path.name) from None


def _read(path: Path) -> bytes:
    if size_of(path) > limits.FILE:
        raise TooLarge(file=path.name, limit=_megabytes())
    try:
        return path.read_bytes()
    except OSError:
        raise NoRights(file=path.name) from None


def _megabytes() -> str:
    return i18n.text("{count} MB", count=limits.FILE // 1_048_576)


def _kind(data: bytes, path: Path) -> str:
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return "empty"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "protected"
        names = ("Workbook", "Book")
        return "old excel" if any(name.encode("utf-16-le") in data for name in names) else "document"
    return _kind_of_text(charsets.unwide(data[:_HEAD])[0], data)


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return XLSX
            if "Index/Document.iwa" in names:
                return "numbers"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mark = archive.read("mimetype")
                return ODS if b"spreadsheet" in mark else "document"
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return "archive"
    return "document" if any(name.startswith(("word/", "ppt/")) for name in names) else "archive"


def _kind_of_text(head: bytes, data: bytes) -> str:
    if _CARD.search(head) or (b"\0" not in head and _CARD.search(data, 0, _PREAMBLE)):
        return VCARD
    if _CALENDAR.search(head):
        return "calendar"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if head.count(0) > 8 or controls * 20 > len(head):
        return "binary"
    if _WEB.match(head):
        return "web page"
    return "data" if _DATA.match(head) else TABLE


def _refusal(kind: str, path: Path) -> FileUnreadable:
    named: dict[str, type[FileUnreadable]] = {
        "empty": EmptyFile,
        "old excel": OldExcel,
        "protected": Protected,
    }
    if kind in named:
        return named[kind](file=path.name)
    return NotContactsFile(file=path.name, found="text" if kind == TABLE else kind)


class _in_words:  # noqa: N801 - reads as a clause
    """Turns what stops a table into the error that names its file."""

    def __init__(self, path: Path) -> None:
        self.name = path.name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        if problem is None or isinstance(problem, FileUnreadable):
            return
        if isinstance(problem, charsets.Undecodable):
            raise UnknownEncoding(file=self.name) from problem
        if isinstance(problem, tables.NoColumns):
            raise NotContactsFile(file=self.name, found="text") from problem
        if isinstance(problem, tables.TooManyRows):
            limit = i18n.plural("{count} row", "{count} rows", limits.ROWS)
            raise TooLarge(file=self.name, limit=limit) from problem
        if isinstance(problem, opendocument.Locked):
            raise Protected(file=self.name) from problem
        if isinstance(problem, workbook.Bomb):
            raise SuspiciousArchive(file=self.name) from problem
        if isinstance(problem, workbook.BROKEN_BOOK):
            raise FileUnreadable(file=self.name) from problem


def _guarded(entries: Iterator[Entry], path: Path) -> Iterator[Entry]:
    with _in_words(path):
        yield from entries


Report = Callable[[int, int], None]
"""Told how far a reading is and out of how much (0 when unknown); raises `crm.errors.Cancelled` to stop it."""
