"""Small makers of files for the tests of importing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm import clock
from crm.importing import reading, vcard
from crm.importing.layout import Layout
from crm.importing.rows import Entry, FileReading, ImportedPerson, Reject

TODAY = date(2026, 11, 23)
NOW = clock.fixed(datetime(2026, 11, 23, 12, tzinfo=UTC))
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
outside = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no sample files at {SAMPLES}")


def card(*lines: str, version: str = "3.0") -> bytes:
    """One card in UTF-8 with CRLF."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def entries(data: bytes, charset: str = "") -> list[Entry]:
    return list(vcard.entries(vcard.opened(data, charset), TODAY, lambda _: None))


def person(data: bytes, charset: str = "") -> ImportedPerson:
    (only,) = entries(data, charset)
    assert isinstance(only, ImportedPerson)
    return only


def reject(data: bytes) -> Reject:
    (only,) = entries(data)
    assert isinstance(only, Reject)
    return only


def raws(of: ImportedPerson, kind: str) -> list[str]:
    return [contact.raw for contact in of.contacts if contact.kind == kind]


def table(
    folder: Path, text: str, encoding: str = "utf-8", mapping: Layout | None = None, name: str = "list.csv"
) -> FileReading:
    """Write `text` as a file and read it."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return reading.read_people(path, mapping, NOW)


def codes(of: ImportedPerson) -> list[str]:
    return [notice.code for notice in of.notices]
