"""Which letters the bytes mean: marks first, then UTF-8 by its own strictness, then the frequency of letters."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_SAMPLE: Final = 65_536
_FREQUENCY: Final = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ",
        (
            *(11, 8.5, 8, 7.4, 6.7, 6.3, 5.5, 4.7, 4.5, 4.4, 3.5, 3.2, 3, 2.8, 2.6, 2, 1.9, 1.7, 1.7, 1.7, 1.6),
            *(1.4, 1.2, 1, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1),
        ),
        strict=True,
    )
)
"""Per cent of each letter in Russian prose (known); the Ukrainian letters are allowed, hardly expected."""
_NEUTRAL: Final = frozenset("«»“”„’‘–—…№°\N{NO-BREAK SPACE}•§©®")
_CYRILLIC: Final = (
    ("windows-1251", "cp1251"),
    ("koi8-r", "koi8-r"),
    ("ibm866", "cp866"),
    ("mac-cyrillic", "mac-cyrillic"),
)
_FOREIGN_RUN: Final = re.compile(rb"[\x80-\xff]+")
_VOWELS: Final = frozenset(b"aeiouyAEIOUY")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the encoding it was in; `guessed` when neither a mark nor strictness proves it."""

    text: str
    encoding: str
    guessed: bool = False


class Undecodable(Exception):
    """No encoding gives readable text."""


def known(name: str) -> str | None:
    """The codec for an encoding's name as files spell it, or None."""
    plain = name.strip().strip('"')
    try:
        # Codecs that turn bytes into bytes, such as «base64», are no charsets: str.encode refuses them.
        "".encode(plain)
        return codecs.lookup(plain).name
    except (LookupError, ValueError):
        return None


def unwide(data: bytes) -> tuple[bytes, str]:
    """`data` without its byte order mark and in UTF-8 if it was UTF-16; the encoding when that is proven, else ""."""
    if data.startswith(codecs.BOM_UTF8):
        return data[3:], "utf-8"
    wide = ""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(data) % 4 == 0:
        wide = "utf-32"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wide = "utf-16"
    else:
        wide = _wide_without_mark(data[:4096])
    if not wide:
        return data, ""
    text = data.decode(wide, errors="replace").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    return text.encode("utf-8", errors="replace"), wide


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 without a mark: among ASCII signs (separators at least) every second byte is NUL."""
    if len(head) < 4 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = len(head) // 2
    if odd > even * 8 and odd * 12 > pairs:
        return "utf-16-le"
    if even > odd * 8 and even * 12 > pairs:
        return "utf-16-be"
    return ""


def decode(data: bytes, named: str = "") -> Decoded:
    """The text of a whole file; `named` is an encoding a person chose. Raises Undecodable."""
    if named and (codec := known(named)):
        if codec.startswith(("utf-16", "utf-32")) or codec in ("utf-8", "utf-8-sig"):
            data, proven = unwide(data)
            return Decoded(data.decode("utf-8", errors="replace"), proven or "utf-8")
        return Decoded(data.decode(codec, errors="replace"), named)
    data, proven = unwide(data)
    try:
        return Decoded(data.decode("utf-8"), proven or "utf-8")
    except UnicodeDecodeError:
        pass
    if proven or mostly_utf8(data):
        return Decoded(data.decode("utf-8", errors="replace"), proven or "utf-8", guessed=not proven)
    encoding = guess(data)
    return Decoded(data.decode(encoding, errors="replace"), encoding, guessed=True)


def mostly_utf8(data: bytes) -> bool:
    """UTF-8 with a few bytes spoilt: at least two in three of its foreign characters are sound. Other encodings read as
    UTF-8 give hardly any."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    foreign = sum(not char.isascii() for char in text) if len(text) < _SAMPLE else _foreign(text)
    return foreign - bad >= 3 and bad * 3 <= foreign


def _foreign(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def guess(data: bytes) -> str:
    """The likeliest one-byte encoding of text that is not UTF-8; raises Undecodable when nothing fits.

    Cyrillic words are runs of foreign bytes; in Western text such bytes stand alone among Latin letters.
    """
    runs = list(_FOREIGN_RUN.finditer(data[: _SAMPLE * 4]))[:_SAMPLE]
    if not runs:
        return "utf-8"
    inside = sum(len(run.group()) for run in runs)
    in_words = sum(len(run.group()) for run in runs if len(run.group()) > 1)
    if in_words * 2 <= inside and _stands_in_latin(data, runs):
        return _guess_latin(data, runs)
    sample = b" ".join(run.group() for run in runs)[:_SAMPLE]
    scored = sorted(((_score(sample, codec), name) for name, codec in _CYRILLIC), reverse=True)
    if scored[0][0] >= 2.0 or in_words * 2 <= inside:
        return scored[0][1] if in_words else "windows-1251"
    return _ask_library(data)


def _stands_in_latin(data: bytes, runs: list[re.Match[bytes]]) -> bool:
    def latin(position: int) -> bool:
        return 0 <= position < len(data) and data[position : position + 1].isalpha()

    touching = sum(latin(run.start() - 1) or latin(run.end()) for run in runs)
    return touching * 2 > len(runs)


def _guess_latin(data: bytes, runs: list[re.Match[bytes]]) -> str:
    """Western, unless ñ and the like stand where only a Central European letter can: before a consonant."""
    eastern = 0
    for run in runs:
        before, after = data[run.start() - 1 : run.start()], data[run.end() : run.end() + 1]
        if run.group() == b"\xf1":
            eastern += 1 if after.isalpha() and after[0] not in _VOWELS else -1
        elif run.group() in (b"\xb3", b"\xb1", b"\xea", b"\xb6", b"\xbf", b"\x9c", b"\xb9") and before.isalpha():
            # ł ą ę ś ż: in the Western reading these are signs that never stand inside a word.
            eastern += 1 if run.group() != b"\xea" else 0
    if eastern <= 0:
        return "windows-1252"
    return "windows-1250" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-2"


def _score(sample: bytes, codec: str) -> float:
    """How Russian `sample` looks in `codec`: mean frequency of its letters, less for wrong case and stray signs."""
    total, count, previous = 0.0, 0, " "
    for char in sample.decode(codec, errors="replace"):
        if char != " " and char not in _NEUTRAL:
            count += 1
            weight = _FREQUENCY.get(char.lower())
            if weight is None or (char.isupper() and previous.islower()):
                total -= 6
            else:
                total += weight if char.islower() else weight * 0.6
        previous = char
    return total / count if count else 0.0


def _ask_library(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None or known(best.encoding) is None:
        raise Undecodable
    return best.encoding
