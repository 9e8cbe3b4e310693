"""The list of copies: what each is called, and the note and the checksum beside it.

It can be read when the store itself is locked or damaged. No person's data is in a note.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from crm.files import write_whole
from crm.store.beside import beside
from crm.store.key import salt_of

Verdict = Literal["sound", "damaged", "unchecked"]
REASONS: Final = (
    "scheduled",
    "by_hand",
    "before_import",
    "before_merge",
    "before_bulk_delete",
    "before_migration",
    "before_erasure",
    "before_restore",
    "before_rekey",
)
ENDING: Final = ".krug"
COPIES: Final = ".copies"
"""The end of the name of a folder of copies."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy. What its note does not tell is None or «»; `verdict` is that of the last check, at `checked_at`."""

    path: Path
    made_at: datetime
    reason: str
    size: int
    people: int | None = None
    schema: int | None = None
    sha256: str = ""
    encrypted: bool = False
    verdict: Verdict = "unchecked"
    checked_at: datetime | None = None
    state: str = ""
    events: int | None = None


def folder_of(store: Path) -> Path:
    """The folder of the copies of `store`: one and the same by whatever link one came, for all of them change keys."""
    return beside(store, COPIES)


def list_copies(folder: Path) -> tuple[Copy, ...]:
    """The copies in `folder`, newest first; a note that is missing or does not read costs its facts, not the copy."""
    found: list[Copy] = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            copy = _read(path)
            if copy is not None:
                found.append(copy)
    return tuple(sorted(found, key=lambda copy: (copy.made_at, _number(copy.path)), reverse=True))


def newest_sound(folder: Path, now: datetime | None = None) -> Copy | None:
    """The newest copy whose last check was well; one made after `now`, by a clock that was wrong, only if all are."""
    sound = [copy for copy in list_copies(folder) if copy.verdict == "sound"]
    return next((copy for copy in sound if now is None or copy.made_at <= now), sound[0] if sound else None)


def read_copy(path: Path) -> Copy | None:
    """The copy at `path`, None where its name is not that of a copy or there is no file."""
    with contextlib.suppress(OSError):
        return _read(path)
    return None


def _read(path: Path) -> Copy | None:
    made_at = moment_of(path.name)
    if made_at is None or not path.is_file():
        return None
    size = path.stat().st_size
    plain = Copy(path, made_at, "", size)
    with contextlib.suppress(OSError):
        plain = replace(plain, encrypted=salt_of(path) is not None)
    try:
        note = json.loads(_note_of(path).read_text("utf-8"))
        checked = note["checked_at"]
        copy = replace(
            plain,
            made_at=datetime.fromisoformat(note["made_at"]).astimezone(UTC),
            reason=str(note["reason"]),
            people=None if note["people"] is None else int(note["people"]),
            schema=None if note["schema"] is None else int(note["schema"]),
            sha256=str(note["sha256"]),
            encrypted=bool(note["encrypted"]),
            verdict=_verdict(note["verdict"]),
            checked_at=None if checked is None else datetime.fromisoformat(checked).astimezone(UTC),
            state=str(note["state"]),
            events=None if note["events"] is None else int(note["events"]),
        )
        short = int(note["size"]) != size
    except (OSError, ValueError, KeyError, TypeError):
        return plain
    # Whoever thins notes when it was seen: the last check was well.
    return replace(copy, verdict="damaged", checked_at=None) if short and copy.verdict != "damaged" else copy


def _verdict(word: object) -> Verdict:
    return "sound" if word == "sound" else "damaged" if word == "damaged" else "unchecked"


def moment_of(name: str) -> datetime | None:
    """`2026-11-12T09-00-00Z.krug`, or with a number after the Z where two were made in one second."""
    stem, ending, number = name.removesuffix(ENDING), name.endswith(ENDING), ""
    stem, _, number = stem.partition("Z")
    if not ending or (number and not number.removeprefix("-").isdecimal()):
        return None
    try:
        return datetime.strptime(stem, "%Y-%m-%dT%H-%M-%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(path: Path) -> int:
    """Which it was of those made in one second."""
    number = path.stem.partition("Z")[2].removeprefix("-")
    return int(number) if number.isdecimal() else 1


def _note_of(copy: Path) -> Path:
    return copy.with_suffix(".json")


def checksum_of(copy: Path) -> Path:
    """Where the checksum of a copy is written, in the format of `sha256sum`."""
    return copy.with_name(copy.name + ".sha256")


def papers_of(copy: Path) -> tuple[Path, Path]:
    """The two files that belong to a copy: its checksum and its note."""
    return checksum_of(copy), _note_of(copy)


def seal(copy: Copy) -> None:
    checksum, note = papers_of(copy.path)
    write_whole(checksum, f"{copy.sha256}  {copy.path.name}\n".encode())
    facts = {
        "made_at": copy.made_at.isoformat(),
        "reason": copy.reason,
        "people": copy.people,
        "events": copy.events,
        "schema": copy.schema,
        "size": copy.size,
        "sha256": copy.sha256,
        "encrypted": copy.encrypted,
        "checked_at": None if copy.checked_at is None else copy.checked_at.isoformat(),
        "verdict": copy.verdict,
        "state": copy.state,
    }
    write_whole(note, (json.dumps(facts, indent=1) + "\n").encode())
