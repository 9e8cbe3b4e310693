"""The write-ahead log beside a store that was not closed: is it whole, as far as one can tell?

SQLite replays a log up to the first frame that does not add up and forgets the rest without a word. That is right for
the torn end of a deed nobody was told of, and wrong for a log that was damaged in the middle: then deeds that were
«saved» are gone. After a power cut one unfinished deed may stand beyond the break; two mean that the log is damaged.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Final

_HEADER: Final = 32
_FRAME: Final = 24
_MAGIC: Final = (0x377F0682, 0x377F0683)
_REPLAYED_AT: Final = 16
"""Where the index beside the log (`-shm`) says how many frames of it count."""


def is_whole(log: Path, index: Path) -> bool:
    """False for a log that holds more than one deed SQLite did not replay, or whose header is damaged.

    `index` is the `-shm` that a connection left which has just read the log. Raises OSError.
    """
    size = log.stat().st_size
    if size <= _HEADER:
        return True
    with log.open("rb") as file:
        header = file.read(_HEADER)
        if not any(header):
            # The system grew the file and lost power before it wrote: nothing in it was ever confirmed.
            return True
        magic, _, page = struct.unpack(">3I", header[:12])
        if magic not in _MAGIC or not 512 <= page <= 65_536 or _sum(header[:24], magic) != header[24:]:
            return False
        step = _FRAME + page
        unconfirmed = 0
        for place in range(_HEADER + _replayed(index) * step, size - step + 1, step):
            file.seek(place)
            frame = file.read(_FRAME)
            if frame[8:16] != header[16:24]:
                # Frames of an earlier round, long in the store itself.
                break
            unconfirmed += frame[4:8] != b"\0\0\0\0"
        return unconfirmed < 2


def _replayed(index: Path) -> int:
    with index.open("rb") as file:
        start = file.read(_REPLAYED_AT + 4)
    return int.from_bytes(start[_REPLAYED_AT:], sys.byteorder) if len(start) == _REPLAYED_AT + 4 else 0


def _sum(data: bytes, magic: int) -> bytes:
    order = ">" if magic & 1 else "<"
    first = second = 0
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for place in range(0, len(words), 2):
        first = (first + words[place] + second) & 0xFFFFFFFF
        second = (second + words[place + 1] + first) & 0xFFFFFFFF
    return struct.pack(">2I", first, second)
