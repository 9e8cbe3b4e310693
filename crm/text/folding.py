"""What is stored, compared, ordered and underlined.

Every text that comes in passes `clean` once. Search compares `fold` of both sides; lists are ordered by `sort_key`.
Plain Russian and English take a short way through all of them, since imports bring 100,000 rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, Final

from crm import i18n
from crm.errors import CrmError

_PLAIN_TEXT: Final = re.compile("[\t\n -~А-Яа-яЁё«»–—№…]*")
_PLAIN_FOLDED: Final = re.compile("[ -~а-яё]*")
_WORD: Final = re.compile(r"[^\W_]+")
_LINE_BREAK: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls, soft hyphen, blanks and joiners of no width, direction marks, fillers that look like nothing,
# and the two non-characters that XML refuses.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff]"
)
# A joiner means something only between letters of the scripts that use it or between the parts of an emoji.
_IDLE_JOINER: Final = re.compile("(?<![\u0590-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0590-\U0010ffff])")
_APOSTROPHES_AND_DASHES: Final = str.maketrans(
    dict.fromkeys("’‘ʼʹ′´", "'") | dict.fromkeys("\u2010\u2011\u2012–—―−", "-")
)
_UNDECOMPOSED_LATIN: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t",
}  # fmt: skip
_BREVE: Final = "\N{COMBINING BREVE}"
_GRAPHEME_JOINER: Final = "\N{COMBINING GRAPHEME JOINER}"
_LONGEST_RUN: Final = 30


class TextTooLong(CrmError):
    """A text longer than its place holds; it is refused, never cut."""

    code = "text_too_long"
    message: ClassVar[str] = i18n.mark(
        "This text has {length} characters, at most {limit} fit. Shorten it and try again."
    )


def clean(text: str, limit: int | None = None, *, multiline: bool = False) -> str:
    """`text` as it may be stored: NFC, without anything that cannot be seen, trimmed.

    NUL and the other controls, direction marks (U+202E and the like), zero-width characters and soft hyphens go
    out, so that the letters stand in the order in which they are stored; joiners stay inside emoji and in the
    scripts that need them. Half of a surrogate pair becomes U+FFFD. More than 30 combining marks in a row are kept
    but parted by U+034F (the Stream-Safe Text Format of UAX #15), since normalising them is quadratic otherwise.
    One line: line breaks, tabs and blanks of any sort become one blank. `multiline`: line breaks become a newline,
    tabs stay, blanks at line ends go.

    Raises `TextTooLong` if more than `limit` characters remain.
    """
    if not _PLAIN_TEXT.fullmatch(text):
        text = _cleaned(text)
    if not multiline:
        text = " ".join(text.split())
    elif "\n" in text:
        text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    else:
        text = text.strip()
    if limit is not None and len(text) > limit:
        raise TextTooLong(length=len(text), limit=limit)
    return text


def _cleaned(text: str) -> str:
    # The round trip joins surrogate pairs that arrived as two halves and replaces a half that is alone.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_BREAK.sub("\n", text)
    text = _UNSEEN.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _IDLE_JOINER.sub("", text)
    return unicodedata.normalize("NFC", _stream_safe(text))


def _stream_safe(text: str) -> str:
    if not any(map(unicodedata.combining, text)):
        return text
    safe: list[str] = []
    run = 0
    for char in text:
        # A precomposed letter brings marks of its own once decomposed; three leave room for any of them.
        run = run + 1 if unicodedata.combining(char) else 0
        if run > _LONGEST_RUN - 3:
            safe.append(_GRAPHEME_JOINER)
            run = 1
        safe.append(char)
    return "".join(safe)


def fold(text: str) -> str:
    """`text` as search compares it: NFKC, casefolded, ё→е, accents off, unseen characters out, blanks single.

    й is a letter and stays; every other mark goes from Latin, Greek and Cyrillic letters (ё, ї, ў, stress marks).
    Apostrophes and dashes of all sorts become ' and -, which stay in the text and part words there, exactly as the
    `unicode61` tokenizer of FTS5 parts them. `fold(fold(text)) == fold(text)`.
    """
    if text.isascii() and text.isprintable():
        folded = text.lower()
    else:
        folded = text.lower()
        folded = folded.replace("ё", "е") if _PLAIN_FOLDED.fullmatch(folded) else _folded(text)
    return " ".join(folded.split())


def _folded(text: str) -> str:
    safe = _stream_safe(text.translate(_APOSTROPHES_AND_DASHES))
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", safe).casefold())
    kept: list[str] = []
    base = ""
    for char in decomposed:
        if char.isascii():
            if char.isprintable() or char.isspace():
                kept.append(char)
                base = char
            continue
        category = unicodedata.category(char)
        if category in {"Mn", "Me"}:
            if char == _BREVE and base == "и" and kept[-1] == "и":
                kept[-1] = "й"
            elif base and not _is_european(base) and char != _GRAPHEME_JOINER:
                kept.append(char)
        elif category[0] == "C" and category != "Co":
            if char == "\x85":
                kept.append(" ")
        else:
            kept.append(_UNDECOMPOSED_LATIN.get(char, char))
            base = char
    return unicodedata.normalize("NFKC", "".join(kept)).translate(_APOSTROPHES_AND_DASHES)


def _is_european(char: str) -> bool:
    return char < "\u0530" or "\u1e00" <= char < "\u2000" or "\u2c60" <= char < "\u2c80" or char > "\ua71f"


def words(text: str) -> list[str]:
    """The folded words of a query, parted where FTS5 `unicode61` parts them: at everything but letters and digits."""
    return _WORD.findall(fold(text))


# The order of the letters and signs in QCollator for Russian (ICU root with Cyrillic moved before Latin), read from
# QCollator itself; ё, æ and accented letters are told apart from their bases only in the second half of a key.
_ORDER: Final = (
    " _-–—,;:!?.…'’\"«»()[]{}@*/\\&#%`^+<=>|~$€₽0123456789"
    "аәӕбвгґғдђѓежҗзѕиіїйјкқлљмнњңоөпрстћќуўүұфхҳһцчџшщъыьэюя"
    "abcdefghijklmnopqrstuvwxyz"
)
_FIRST_KEY: Final = 0x20
_UNKNOWN_LETTER: Final = "\u00ff"


class _Weights(dict[int, str]):
    """Character → what stands for it in a sort key; a character is looked at once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = fold(char)
        if base and base != char:
            weight = base.translate(self)
        elif unicodedata.category(char)[0] in "LN":
            weight = _UNKNOWN_LETTER + char
        else:
            weight = ""
        self[code] = weight
        return weight


_WEIGHTS: Final = _Weights({ord(char): chr(_FIRST_KEY + place) for place, char in enumerate(_ORDER)})


def sort_key(family: str, given: str = "", additional: str = "", otherwise: str = "") -> str:
    """The text by which a list is ordered by surname, compared by code points as SQLite's BINARY does.

    The same order as `QCollator` for Russian: signs, digits, Cyrillic, Latin, the rest; Ёлкин beside Елкин, the one
    with ё second. The key is opaque. `otherwise` (nickname, address) is used when there is no name at all; a person
    with nothing stands last.
    """
    name = " ".join(part for part in (family, given, additional) if part) or otherwise
    if not name:
        return "\U0010fffd"
    lowered = name.lower()
    primary = lowered.translate(_WEIGHTS)
    if "ё" not in lowered and _PLAIN_FOLDED.fullmatch(lowered):
        return primary
    marks = "".join(
        "2" if char == "ё" or (char > "\x7f" and not "а" <= char <= "я" and fold(char) != char) else "1"
        for char in unicodedata.normalize("NFC", lowered)
    ).rstrip("1")
    return f"{primary}\x01{marks}" if marks else primary


def spans(haystack: str, needles: Iterable[str]) -> list[tuple[int, int]]:
    """Where `haystack` holds words that begin with one of `needles` (folded words), as (start, end) in `haystack`.

    For underlining what was found: the ends are those of the original text, whatever its case, ё or accents. Spans
    come in order and do not overlap. A needle in another layout or spelling is the caller's to pass.
    """
    wanted = sorted({needle for needle in needles if needle}, key=len, reverse=True)
    if not wanted or not haystack:
        return []
    folded, starts, ends = _folded_with_places(haystack)
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(folded):
        for needle in wanted:
            if folded.startswith(needle, match.start()):
                start, end = starts[match.start()], ends[match.start() + len(needle) - 1]
                if not found or start >= found[-1][1]:
                    found.append((start, end))
                break
    return found


@lru_cache(maxsize=4096)
def _folded_with_places(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    # A list repaints the same names at every key: remembered, and nobody changes what is given.
    lowered = text.lower()
    if len(lowered) == len(text) and _PLAIN_FOLDED.fullmatch(lowered):
        places = list(range(len(text) + 1))
        return lowered.replace("ё", "е"), places, places[1:]
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = " " if text[start].isspace() else _folded(text[start:end])
        folded.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
        start = end
    return "".join(folded), starts, ends
