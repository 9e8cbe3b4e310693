"""vCard 2.1, 3.0 and 4.0 from bytes: each card becomes a person or a named reject (interop §3, all eleven rules)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import unquote

from crm import i18n
from crm.importing import charsets, dates, limits
from crm.importing import content_lines as lines
from crm.importing.content_lines import Decoder, Head, Property, RawCard
from crm.importing.rows import (
    CARD,
    Entry,
    ExtraProperty,
    ImportedAddress,
    ImportedContact,
    ImportedPerson,
    Notice,
    Place,
    Reject,
)
from crm.text import clean

_LABELS: Final = (
    ("fax", "fax"), ("pager", "pager"), ("cell", "mobile"), ("mobile", "mobile"), ("iphone", "mobile"),
    ("work", "work"), ("home", "home"), ("main", "main"), ("other", "other"),
)  # fmt: skip
_APPLE_LABELS: Final = {
    "mobile": "mobile", "home": "home", "work": "work", "main": "main", "other": "other",
    "homefax": "fax", "workfax": "fax", "iphone": "mobile", "homepage": "",
}  # fmt: skip
_SYSTEM_TAGS: Final = frozenset(("mycontacts", "my contacts", "contacts", "starred in android"))
_SOCIAL: Final = {"telegram": "telegram", "vk": "vk", "vkontakte": "vk", "whatsapp": "whatsapp", "max": "max"}
_LINKS: Final = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(t\.me|telegram\.me|telegram\.dog|vk\.com|vk\.ru|vkontakte\.ru|wa\.me|max\.ru)/\S",
    re.IGNORECASE,
)
_LINK_KINDS: Final = {
    "t.me": "telegram", "telegram.me": "telegram", "telegram.dog": "telegram", "vk.com": "vk", "vk.ru": "vk",
    "vkontakte.ru": "vk", "wa.me": "whatsapp", "max.ru": "max",
}  # fmt: skip
_DISCARDED: Final = frozenset(("VERSION", "PRODID", "BEGIN", "END", "PROFILE", "X-ABUID"))


def kind_of_link(address: str) -> str:
    """telegram, vk, whatsapp or max for an address of theirs, else site."""
    found = _LINKS.match(address)
    return _LINK_KINDS[found[1].lower()] if found else "site"


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file of cards made ready: line ends evened, UTF-16 undone, the charset of its odd bytes guessed once."""

    data: bytes
    encoding: str
    guessed: bool
    fallback: str


def opened(data: bytes, named: str = "") -> CardFile:
    """Look at the bytes of a whole file; `named` is the charset a person chose for bytes that name none."""
    data, proven = charsets.unwide(data)
    data = lines.even_lines(data)
    if named:
        return CardFile(data, named, guessed=False, fallback=charsets.known(named) or "utf-8")
    sample = _odd_bytes(data)
    if not sample:
        declared = _DECLARED.search(data) if not data.isascii() and not _is_utf8(data) else None
        encoding = declared[1].decode("ascii").lower() if declared else proven or "utf-8"
        return CardFile(data, encoding, guessed=False, fallback="utf-8")
    try:
        fallback = charsets.guess(sample)
    except charsets.Undecodable:
        fallback = "windows-1252"
    return CardFile(data, fallback, guessed=True, fallback=fallback)


_DECLARED: Final = re.compile(rb";CHARSET=([A-Za-z0-9_-]{1,40})[;:]", re.IGNORECASE)


def _odd_bytes(data: bytes) -> bytes:
    """Values that name no charset and are not UTF-8: what the guess has to go by."""
    quoted = b"QUOTED-PRINTABLE" in data or b"quoted-printable" in data
    if not quoted and (data.isascii() or _is_utf8(data)):
        return b""
    odd: list[bytes] = []
    size = 0
    # Folding may cut a character in two, so it is undone before the bytes are judged; soft breaks likewise.
    for line in data.replace(b"=\n", b"").replace(b"\n ", b"").replace(b"\n\t", b"").split(b"\n"):
        head, _, value = line.partition(b":")
        upper = head.upper()
        if b"CHARSET=" in upper:
            continue
        if b"QUOTED-PRINTABLE" in upper:
            value = binascii.a2b_qp(value)
        if not value.isascii() and not _is_utf8(value):
            odd.append(value)
            size += len(value)
            if size > 65_536:
                break
    return b"\n".join(odd)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def entries(file: CardFile, today: date, reached: Callable[[int], None]) -> Iterator[Entry]:
    """Every card of the file in its order; `reached` is told the offset of the end of each."""
    for number, raw in enumerate(lines.cards(file.data), start=1):
        place = Place(CARD, number, raw.line)
        yield _entry(raw, place, file, today)
        reached(raw.end)


def _entry(raw: RawCard, place: Place, file: CardFile, today: date) -> Entry:
    if raw.stray:
        shown = clean(raw.body[:400].decode(file.fallback, errors="replace"))[:80]
        return Reject(place, "outside_card", (("value", shown),))
    logical = lines.unfolded(raw)
    card = _Card(Decoder(file.fallback), today)
    for line in logical:
        if not line or line.isspace():
            continue
        if len(line) > limits.LINE and _over_limit(line):
            return Reject(place, "line_too_long", (("limit", str(limits.LINE)),))
        card.take(line)
    return card.entry(place, raw)


def _over_limit(line: str) -> bool:
    photo = line[:200].upper().rpartition(".")[2].startswith("PHOTO") or line[:200].upper().startswith("PHOTO")
    return not photo or len(line) > limits.PHOTO_LINE


@dataclass(slots=True)
class _Card:
    """One card while its lines come in."""

    decoder: Decoder
    today: date
    version: str = ""
    name: list[str] = field(default_factory=list)
    name_head: Head | None = None
    full_name: str = ""
    full_name_head: Head | None = None
    company: bool = False
    single: dict[str, str] = field(default_factory=dict)
    birthday: tuple[str, bool] | None = None
    notes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    contacts: list[tuple[str, str, Head]] = field(default_factory=list)
    addresses: list[tuple[list[str], Head]] = field(default_factory=list)
    photo: bytes | None = None
    labels: dict[str, str] = field(default_factory=dict)
    extra: list[tuple[Head, str]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    last: Property | None = None

    def take(self, line: str) -> None:
        """Read one logical line; one without a colon continues a base64 value or a note."""
        item = lines.parsed(line)
        if item is None:
            self._continue(line)
            return
        self.last = item
        head = item.head
        if head.name in _DISCARDED and not head.group:
            if head.name == "VERSION":
                self.version = item.value.strip()
            return
        reader = _READERS.get(head.name)
        if reader is not None:
            reader(self, item)
        elif head.name.startswith("X-ABSHOWAS"):
            self.company = self.company or item.value.strip().upper() == "COMPANY"
        else:
            self._keep(item)

    def _continue(self, line: str) -> None:
        if self.last is not None and self.last.head.encoding == "b64" and self.extra:
            head, value = self.extra[-1]
            if head is self.last.head:
                self.extra[-1] = (head, value + line.strip())
                return
        if self.last is not None and self.last.head.name == "NOTE" and self.notes:
            self.notes[-1] += "\n" + self.decoder.text(Property(self.last.head, line))
            return
        text = self.decoder.text(Property(_PLAIN, line))
        self.notices.append(Notice("line_without_colon", value=clean(text)[: limits.NAME]))

    def _keep(self, item: Property) -> None:
        """Not understood, or a second value of what has one place: kept verbatim."""
        if item.head.encoding == "b64":
            self.extra.append((item.head, item.value.replace(" ", "").strip()))
        elif item.head.encoding == "qp":
            parts = [self.decoder.text(Property(item.head, part)) for part in item.value.split(";")]
            self.extra.append((item.head, ";".join(part.replace("\n", "\\n") for part in parts)))
        else:
            self.extra.append((item.head, self.decoder.text(item)))

    def _text(self, item: Property) -> str:
        return clean(lines.unescaped(self.decoder.text(item)))

    def read_name(self, item: Property) -> None:
        """N: two to six parts; an alternative (ALTID) in the language in use wins over the first."""
        if self.name_head is not None and not _better(item.head, self.name_head):
            self._keep(item)
            return
        if self.version == "2.1" or "," not in item.value:
            parts = [clean(part) for part in self.decoder.parts(item)]
        else:
            # In 3.0 and 4.0 a bare comma parts several names of one kind; titles keep it.
            parts = [
                _list(part, " " if place < 3 else ", ") for place, part in enumerate(lines.cut(self.decoder.text(item)))
            ]
        self.name, self.name_head = parts, item.head

    def read_full_name(self, item: Property) -> None:
        """FN: the first, or the alternative in the language in use."""
        if self.full_name_head is not None and not _better(item.head, self.full_name_head):
            self._keep(item)
            return
        self.full_name, self.full_name_head = self._text(item), item.head

    def read_single(self, item: Property) -> None:
        """Properties with one place: the first is taken, the rest are kept verbatim."""
        name = item.head.name
        value = self._text(item)
        if name == "NICKNAME" and "," in value and self.version != "2.1":
            value = _list(self.decoder.text(item), ", ")
        if name in self.single or not value:
            if value:
                self._keep(item)
            return
        self.single[name] = value

    def read_organisation(self, item: Property) -> None:
        """ORG: the organisation and its units."""
        parts = [part for part in (clean(part) for part in self.decoder.parts(item)) if part]
        if "ORG" in self.single:
            if parts:
                self._keep(item)
        elif parts:
            self.single["ORG"] = parts[0]
            self.single["DEPARTMENT"] = ", ".join(parts[1:])

    def read_birthday(self, item: Property) -> None:
        """BDAY: the first is taken."""
        if self.birthday is not None:
            self._keep(item)
            return
        value = self._text(item)
        if value:
            self.birthday = (value, item.head.value_kind == "text")

    def read_note(self, item: Property) -> None:
        """NOTE, any number of them."""
        self.notes.append(clean(lines.unescaped(self.decoder.text(item)), multiline=True))

    def read_tags(self, item: Property) -> None:
        """CATEGORIES; 2.1 producers part them by commas and semicolons alike. Google's own groups are no tags."""
        for piece in self.decoder.parts(item, ","):
            for part in piece.split(";"):
                tag = clean(part).removeprefix("* ")
                if tag and tag.casefold() not in _SYSTEM_TAGS and tag not in self.tags:
                    self.tags.append(tag)

    def read_phone(self, item: Property) -> None:
        """TEL, a tel: URI too."""
        value = self._text(item)
        if value[:4].lower() == "tel:":
            number, *parameters = unquote(value[4:]).split(";")
            extension = next((each[4:] for each in parameters if each.lower().startswith("ext=")), "")
            value = f"{number} ext. {extension}" if extension else number
        self._add("phone", value, item.head)

    def read_email(self, item: Property) -> None:
        """EMAIL; one of type EX or X400 is no address."""
        if item.head.types & {"ex", "x400", "x-400"}:
            self._keep(item)
            return
        self._add("email", self._text(item).removeprefix("mailto:"), item.head)

    def read_link(self, item: Property) -> None:
        """URL: a page of a messenger or network we know is its handle, any other a site."""
        value = self._text(item)
        self._add(kind_of_link(value), value, item.head)

    def read_social(self, item: Property) -> None:
        """X-SOCIALPROFILE, X-TELEGRAM, IMPP: those of the networks we know; the rest verbatim."""
        value = self._text(item)
        scheme, colon, rest = value.partition(":")
        kind = next((_SOCIAL[each] for each in item.head.types if each in _SOCIAL), "")
        kind = kind or _SOCIAL.get(item.head.name.removeprefix("X-").lower(), "")
        if not kind and colon:
            kind = {"tg": "telegram", "x-telegram": "telegram"}.get(scheme.lower(), _SOCIAL.get(scheme.lower(), ""))
            if kind and scheme.lower() != "tg":
                value = rest
        kind = kind or (kind_of_link(value) if _LINKS.match(value) else "")
        if not kind:
            self._keep(item)
            return
        if value.lower().startswith("x-apple:"):
            value = value[8:]
        self._add(kind, value, item.head)

    def read_android(self, item: Property) -> None:
        """X-ANDROID-CUSTOM: the nickname is ours, the rest verbatim."""
        parts = self.decoder.parts(item)
        if parts[0].endswith("/nickname") and len(parts) > 1 and "NICKNAME" not in self.single:
            self.single["NICKNAME"] = clean(parts[1])
        else:
            self._keep(item)

    def read_address(self, item: Property) -> None:
        """ADR: post box, extended, street, city, region, postcode, country."""
        parts = [clean(part, multiline=True) for part in self.decoder.parts(item)]
        if any(parts):
            self.addresses.append((parts, item.head))

    def read_photo(self, item: Property) -> None:
        """PHOTO: base64 or a data: URI; a link is never loaded (T11)."""
        value = item.value.strip()
        if value[:5].lower() == "data:":
            value = value.partition(",")[2]
        elif item.head.encoding != "b64" and (item.head.value_kind in ("uri", "url") or "://" in value[:40]):
            self._keep(item)
            if not any(notice.code == "photo_not_loaded" for notice in self.notices):
                shown = clean(value)[: limits.NAME]
                self.notices.append(Notice("photo_not_loaded", value=shown))
            return
        if not value or self.photo is not None:
            return
        try:
            photo = binascii.a2b_base64(_padded(value))
        except binascii.Error:
            self.notices.append(Notice("photo_damaged"))
            return
        if len(photo) > limits.PHOTO:
            self.notices.append(Notice("photo_too_large"))
        elif photo:
            self.photo = photo

    def read_label(self, item: Property) -> None:
        """X-ABLabel: belongs to the group, `_$!<HomePage>!$_` is Apple's way of a word of its own."""
        text = self._text(item)
        if text.startswith("_$!<") and text.endswith(">!$_"):
            text = _APPLE_LABELS.get(text[4:-4].lower(), text[4:-4])
        self.labels[item.head.group.lower()] = text
        self._keep(item)

    def read_kind(self, item: Property) -> None:
        """KIND: an organisation is no person."""
        self.company = self.company or item.value.strip().lower() in ("org", "organization")

    def _add(self, kind: str, value: str, head: Head) -> None:
        if value and all(value != known or kind != other for other, known, _ in self.contacts):
            self.contacts.append((kind, value, head))

    def entry(self, place: Place, raw: RawCard) -> Entry:
        """The person these lines make, or why they make none."""
        family, given, additional, prefix, suffix = ([*self.name, "", "", "", "", ""])[:5]
        suffix = ", ".join(part for part in (suffix, *self.name[5:]) if part)
        organisation = self.single.get("ORG", "")
        named = self.full_name or family or given or additional or self.single.get("NICKNAME")
        if not (named or organisation or self.contacts):
            return Reject(place, "no_name_or_contact")
        contacts = tuple(
            ImportedContact(kind, value, self._label(head), bool(head.preferred))
            for kind, value, head in sorted(self.contacts, key=_preference)
        )
        addresses = self._addresses()
        birthday = dates.of_card(self.birthday[0], self.today) if self.birthday else None
        note = "\n".join(note for note in self.notes if note)
        too_long = _too_long(
            (("FN", self.full_name), ("N", max(self.name, key=len, default="")), ("ORG", organisation),
             ("TITLE", self.single.get("TITLE", "")), ("NICKNAME", self.single.get("NICKNAME", "")),
             ("CATEGORIES", max(self.tags, key=len, default=""))),
            contacts, note,
        )  # fmt: skip
        if too_long:
            return Reject(place, "too_long", too_long)
        nameless = not (family or given or additional)
        company = self.company or (
            bool(organisation) and nameless and self.full_name.casefold() in ("", organisation.casefold())
        )
        return ImportedPerson(
            place=place,
            kind="company" if company else "person",
            uid=_uid(self.single.get("UID", "")),
            full_name=self.full_name,
            family_name=family,
            given_name=given,
            additional_name=additional,
            prefix=prefix,
            suffix=suffix,
            nickname=self.single.get("NICKNAME", ""),
            organisation=organisation,
            department=self.single.get("DEPARTMENT", ""),
            job_title=self.single.get("TITLE", ""),
            city=next((address.city for address in addresses if address.city), ""),
            birthday=birthday,
            birthday_text="" if birthday or not self.birthday else self.birthday[0],
            note=note,
            tags=tuple(self.tags),
            contacts=contacts,
            addresses=addresses,
            revised_at=dates.moment(self.single["REV"]) if "REV" in self.single else None,
            photo=self.photo,
            extra=self._extras(),
            notices=self._notices(raw, birthday is None),
        )

    def _label(self, head: Head) -> str:
        if head.group:
            own = self.labels.get(head.group.lower())
            if own:
                return own
        if head.types:
            for name, label in _LABELS:
                if name in head.types:
                    return label
        return ""

    def _addresses(self) -> tuple[ImportedAddress, ...]:
        found = []
        for parts, head in sorted(self.addresses, key=lambda pair: pair[1].preferred or 101):
            box, extended, street, city, region, postcode, country = ([*parts, *[""] * 7])[:7]
            rest = ", ".join(part for part in parts[7:] if part)
            whole = "\n".join(part for part in (box, extended, street, rest) if part)
            found.append(ImportedAddress(whole, city, region, postcode, country, self._label(head)))
        return tuple(found)

    def _extras(self) -> tuple[ExtraProperty, ...]:
        if not self.extra:
            return ()
        # A label whose property was understood went with it; one of a property kept verbatim stays beside it.
        taken = {head.group.lower() for _, _, head in self.contacts if head.group}
        taken |= {head.group.lower() for _, head in self.addresses if head.group}
        return tuple(
            ExtraProperty(head.group, head.name, head.parameters, _storable(value))
            for head, value in self.extra
            if not (head.name == "X-ABLABEL" and head.group.lower() in taken)
        )

    def _notices(self, raw: RawCard, no_birthday: bool) -> tuple[Notice, ...]:
        if self.birthday and no_birthday and not self.birthday[1]:
            self.notices.append(Notice("bad_date", "BDAY", self.birthday[0]))
        if not raw.terminated:
            self.notices.append(Notice("unterminated"))
        if self.decoder.used_fallback:
            self.notices.append(Notice("charset_guessed", value=self.decoder.fallback))
        if self.decoder.replaced:
            self.notices.append(Notice("bytes_replaced"))
        return tuple(self.notices)


def _padded(value: str) -> bytes:
    """Base64 made whole: phones forget the padding or lose the last sign."""
    core = value.replace(" ", "").rstrip("=")
    core = core[: len(core) - (len(core) % 4 == 1)]
    return core.encode("ascii", errors="replace") + b"=" * (-len(core) % 4)


def _list(value: str, joint: str) -> str:
    """The items of a list with bare commas between them."""
    return joint.join(clean(lines.unescaped(each)) for each in lines.cut(value, ",") if each.strip())


def _preference(contact: tuple[str, str, Head]) -> int:
    return contact[2].preferred or 101


def _better(new: Head, known: Head) -> bool:
    """An alternative of the same property whose language is the one in use, when the known one's is not."""
    language = i18n.current()
    return bool(
        new.alternative
        and new.alternative == known.alternative
        and new.language.startswith(language)
        and not known.language.startswith(language)
    )


def _too_long(
    short: tuple[tuple[str, str], ...], contacts: tuple[ImportedContact, ...], note: str
) -> tuple[tuple[str, str], ...]:
    for name, value in short:
        if len(value) > limits.NAME:
            return (("field", name), ("limit", str(limits.NAME)))
    for contact in contacts:
        if len(contact.raw) > (limits.LINK if contact.kind == "site" else limits.NAME):
            return (("field", contact.kind), ("limit", str(limits.NAME)))
    if len(note) > limits.NOTE:
        return (("field", "NOTE"), ("limit", str(limits.NOTE)))
    return ()


def _uid(text: str) -> str:
    return text[9:] if text[:9].lower() == "urn:uuid:" else text


def _storable(value: str) -> str:
    return value if value.isprintable() else clean(value)


_PLAIN: Final = Head("", "", frozenset(), 0, "", "", "", "", "", "")
_READERS: Final[dict[str, Callable[[_Card, Property], None]]] = {
    "N": _Card.read_name,
    "FN": _Card.read_full_name,
    "NICKNAME": _Card.read_single,
    "TITLE": _Card.read_single,
    "UID": _Card.read_single,
    "REV": _Card.read_single,
    "ORG": _Card.read_organisation,
    "BDAY": _Card.read_birthday,
    "NOTE": _Card.read_note,
    "CATEGORIES": _Card.read_tags,
    "CATEGORY": _Card.read_tags,
    "TEL": _Card.read_phone,
    "EMAIL": _Card.read_email,
    "URL": _Card.read_link,
    "IMPP": _Card.read_social,
    "X-SOCIALPROFILE": _Card.read_social,
    "X-TELEGRAM": _Card.read_social,
    "X-WHATSAPP": _Card.read_social,
    "X-VK": _Card.read_social,
    "X-ANDROID-CUSTOM": _Card.read_android,
    "ADR": _Card.read_address,
    "PHOTO": _Card.read_photo,
    "X-ABLABEL": _Card.read_label,
    "KIND": _Card.read_kind,
}
