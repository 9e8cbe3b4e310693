"""vCard as lines: bytes → cards → unfolded lines → properties, in linear time (interop §3, rules 1 to 6 and 10).

Text that is not UTF-8 travels as surrogate escapes, so that each value can still be decoded by its own charset.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crm.importing import charsets

_BLANK: Final = b" \t\n\r\0\x1a\f\xef\xbb\xbf"
_EDGE: Final = re.compile(rb"^(?:[\w-]+\.)?(begin|end)[ \t]*:[ \t]*vcard[ \t]*$", re.IGNORECASE | re.MULTILINE)
_AGENT: Final = re.compile(rb"(?:^|\n)(?:[\w-]+\.)?agent[^\n:]{0,200}:[ \t]*\n\s*$", re.IGNORECASE)
_ESCAPE: Final = re.compile(r'\\([\\;,:nN"])')
_CARET: Final = re.compile(r"\^([n^'])")
_CARET_SIGNS: Final = {"n": "\n", "^": "^", "'": '"'}
_LABELS: Final = (
    ("fax", "fax"), ("pager", "pager"), ("cell", "mobile"), ("mobile", "mobile"), ("iphone", "mobile"),
    ("work", "work"), ("home", "home"), ("main", "main"), ("other", "other"),
)  # fmt: skip
_BARE_ENCODINGS: Final = {"QUOTED-PRINTABLE": "qp", "BASE64": "b64", "B": "b64", "8BIT": "", "7BIT": ""}


@dataclass(frozen=True, slots=True)
class RawCard:
    """The bytes between BEGIN and END; or, when `stray`, text found outside any card."""

    body: bytes
    line: int
    end: int
    terminated: bool = True
    stray: bool = False
    nested: bool = False
    """An AGENT is written into it as a card of its own."""


@dataclass(frozen=True, slots=True)
class Head:
    """Everything before the colon of a line, read once for all lines that begin alike."""

    group: str
    name: str
    types: frozenset[str]
    preferred: int
    """0 not preferred; else the smaller, the more: PREF=1 is 1, a bare PREF too."""
    encoding: str
    charset: str
    value_kind: str
    language: str
    alternative: str
    parameters: str
    """Ready for 3.0 and 4.0: bare types named, encoding and charset dropped."""
    label: str
    """The plain word of its types (mobile, home, work, fax, pager, main, other), or empty."""


@dataclass(slots=True)
class Property:
    """A line: its head and its raw value, not yet decoded."""

    head: Head
    value: str


def even_lines(data: bytes) -> bytes:
    """Every sort of line end, CR CR LF among them, made LF."""
    if b"\r" not in data:
        return data
    if b"\n" not in data:
        return data.replace(b"\r", b"\n")
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")


def cards(data: bytes) -> Iterator[RawCard]:
    """The cards of a file whose lines end with LF, and the stray text between them, in order."""
    start = -1
    start_line = 1
    depth = 0
    nested = False
    done = 0
    counted, line = 0, 1
    for edge in _EDGE.finditer(data):
        line += data.count(b"\n", counted, edge.start())
        counted = edge.start()
        if edge.group(1)[0] in b"bB":
            if start >= 0 and _AGENT.search(data, max(start, edge.start() - 400), edge.start()):
                depth += 1
                nested = True
                continue
            if start >= 0:
                yield RawCard(data[start : edge.start()], start_line, edge.start(), terminated=False)
            else:
                yield from _stray(data, done, edge.start(), line)
            start, start_line, depth, nested = edge.end(), line, 1, False
        elif start >= 0:
            depth -= 1
            if depth == 0:
                yield RawCard(data[start : edge.start()], start_line, edge.end(), nested=nested)
                start = -1
            done = edge.end()
    if start >= 0:
        yield RawCard(data[start:], start_line, len(data), terminated=False, nested=nested)
    else:
        yield from _stray(data, done, len(data), line + data.count(b"\n", counted))


def _stray(data: bytes, start: int, end: int, line: int) -> Iterator[RawCard]:
    body = data[start:end].lstrip(_BLANK)
    if body:
        first = line - body.count(b"\n")
        yield RawCard(body.rstrip(_BLANK), first, end, stray=True)


def unfolded(card: RawCard) -> list[str]:
    """The logical lines of a card; sub-lines of an AGENT become its value."""
    body = card.body
    if b"=" in body and b"QUOTED-PRINTABLE" in body.upper():
        body = _joined_softly(body)
    body = body.replace(b"\n ", b"").replace(b"\n\t", b"")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="surrogateescape")
    lines = text.split("\n")
    return _agents_folded(lines) if card.nested else lines


def _joined_softly(body: bytes) -> bytes:
    """Quoted-printable lines joined at their soft breaks, before unfolding takes the blanks that belong to them."""
    joined: list[bytes] = []
    pending: list[bytes] = []
    quoted = False
    for line in body.split(b"\n"):
        if pending:
            if line[:1] not in b" \t" and _EDGE.match(line):
                joined.append(b"".join(pending))
                pending = []
            else:
                if line.endswith(b"="):
                    pending.append(line[:-1])
                else:
                    joined.append(b"".join([*pending, line]))
                    pending = []
                continue
        if line[:1] not in (b" ", b"\t"):
            quoted = b"QUOTED-PRINTABLE" in line.partition(b":")[0].upper()
        if quoted and line.endswith(b"="):
            pending = [line[:-1]]
        else:
            joined.append(line)
    if pending:
        joined.append(b"".join(pending))
    return b"\n".join(joined)


def _agents_folded(lines: list[str]) -> list[str]:
    whole: list[str] = []
    inside: list[str] = []
    depth = 0
    for line in lines:
        mark = line.strip().lower()
        if mark.endswith("begin:vcard") and ":" not in mark[:-6]:
            depth += 1
        if depth:
            inside.append(line)
            if mark.endswith("end:vcard") and ":" not in mark[:-6]:
                depth -= 1
                if not depth:
                    _attach(whole, inside)
                    inside = []
        else:
            whole.append(line)
    if inside:
        _attach(whole, inside)
    return whole


def _attach(whole: list[str], inside: list[str]) -> None:
    value = escaped("\n".join(inside))
    while whole and not whole[-1].strip():
        whole.pop()
    if whole:
        whole[-1] += value
    else:
        whole.append("AGENT:" + value)


_heads: dict[str, Head] = {}


def parsed(line: str) -> Property | None:
    """A logical line as a property; None when it has no colon."""
    text, colon, value = line.partition(":")
    if not colon:
        return None
    if '"' in text:
        cut = _unquoted_colon(line)
        text, value = line[:cut], line[cut + 1 :]
    head = _heads.get(text)
    if head is None:
        head = _head(text)
        if len(text) <= 200:
            if len(_heads) >= 4096:
                _heads.clear()
            _heads[text] = head
    return Property(head, value)


def _unquoted_colon(line: str) -> int:
    inside = False
    for position, char in enumerate(line):
        if char == '"':
            inside = not inside
        elif char == ":" and not inside:
            return position
    return line.index(":")


def _split_outside_quotes(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    parts: list[str] = []
    current: list[str] = []
    inside = False
    for piece in re.split(f'(["{separator}])', text):
        if piece == '"':
            inside = not inside
        if piece == separator and not inside:
            parts.append("".join(current))
            current = []
        else:
            current.append(piece)
    parts.append("".join(current))
    return parts


def _head(text: str) -> Head:
    first, *rest = _split_outside_quotes(text, ";")
    group, dot, name = first.strip().rpartition(".")
    found: dict[str, str] = {}
    types: list[str] = []
    kept: list[str] = []
    preferred = 0
    for parameter in rest:
        key, sign, value = parameter.partition("=")
        key = key.strip().upper()
        value = value.strip()
        if not sign:
            if key in _BARE_ENCODINGS:
                found["ENCODING"] = key
            elif key:
                types.append(key.lower())
                kept.append(f"TYPE={key}")
            continue
        plain = value.strip('"')
        if key == "TYPE":
            types.extend(each.strip().strip('"').lower() for each in plain.split(","))
        elif key == "PREF" and plain.isascii() and plain.isdigit():
            preferred = int(plain[:3]) or 1
        if key not in found:
            found[key] = plain
        if key not in ("ENCODING", "CHARSET"):
            kept.append(f"{key}={value}")
    if not preferred and "pref" in types:
        preferred = 1
    encoding = _BARE_ENCODINGS.get(found.get("ENCODING", "").upper(), "")
    if encoding == "b64":
        kept.append("ENCODING=b")
    return Head(
        group=group if dot else "",
        name=name.strip().upper(),
        types=frozenset(types) - {""},
        preferred=preferred,
        encoding=encoding,
        charset=found.get("CHARSET", ""),
        value_kind=found.get("VALUE", "").lower(),
        language=found.get("LANGUAGE", "").lower(),
        alternative=found.get("ALTID", ""),
        parameters=";".join(kept),
        label=next((label for name, label in _LABELS if name in types), ""),
    )


def label_parameter(head: Head) -> str:
    """The formatted address of a 4.0 LABEL parameter, its carets (RFC 6868) undone; empty when there is none."""
    for parameter in _split_outside_quotes(head.parameters, ";"):
        key, _, value = parameter.partition("=")
        if key == "LABEL":
            return _CARET.sub(lambda found: _CARET_SIGNS[found.group(1)], value.strip('"'))
    return ""


class Decoder:
    """Turns raw values into text; `fallback` names the charset of bytes that are not UTF-8 and name none."""

    def __init__(self, fallback: str = "") -> None:
        self.fallback = fallback
        self.replaced = False
        self.used_fallback = False

    def text(self, item: Property) -> str:
        """The whole value: charset and quoted-printable undone, escapes still there."""
        return self._decoded(item.value, item.head)

    def parts(self, item: Property, separator: str = ";") -> list[str]:
        """The value cut at its raw separators, then decoded and unescaped: a quoted `=3B` is no separator."""
        if item.head.encoding == "qp":
            return [unescaped(self._decoded(part, item.head)) for part in cut(item.value, separator)]
        return [unescaped(part) for part in cut(self._decoded(item.value, item.head), separator)]

    def _decoded(self, value: str, head: Head) -> str:
        if head.encoding == "qp":
            raw = binascii.a2b_qp(value.encode("utf-8", errors="surrogateescape"))
            return self._characters(raw, head.charset).replace("\r\n", "\n").replace("\r", "\n")
        if value.isascii() or (not head.charset and value.isprintable()):
            return value
        try:
            raw = value.encode("utf-8", errors="surrogateescape")
        except UnicodeEncodeError:
            return value
        return self._characters(raw, head.charset)

    def _characters(self, raw: bytes, named: str) -> str:
        codec = charsets.known(named) if named else None
        if codec is None or codec == "utf-8" or _one_byte(codec):
            # A few bytes that happen to be sound UTF-8 are UTF-8, whatever one-byte charset the card claims.
            try:
                return raw.decode("utf-8")
            except UnicodeDecodeError:
                pass
        if codec is None or codec == "utf-8":
            self.used_fallback = self.used_fallback or codec is None or self.fallback not in ("", "utf-8")
            codec = self.fallback or "utf-8"
        text = raw.decode(codec, errors="replace")
        if "\N{REPLACEMENT CHARACTER}" in text:
            self.replaced = True
        return text


def _one_byte(codec: str) -> bool:
    return codec.startswith(("cp12", "cp8", "iso8859", "koi8", "mac", "ascii", "latin"))


def cut(text: str, separator: str = ";") -> list[str]:
    """`text` cut at separators that no backslash escapes; the escapes stay."""
    if "\\" not in text:
        return text.split(separator)
    hidden = text.replace("\\\\", "\0\0").replace("\\" + separator, "\0\1")
    return [part.replace("\0\1", "\\" + separator).replace("\0\0", "\\\\") for part in hidden.split(separator)]


def unescaped(text: str) -> str:
    """Backslash escapes undone; a backslash before anything else is itself."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found.group(1) in "nN" else found.group(1), text)


def escaped(text: str) -> str:
    """Text as a 3.0 or 4.0 value writes it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")
