"""People as vCards 3.0 (phones, iCloud, Google) or 4.0 (khard, KDE, GNOME, Nextcloud).

vobject builds and escapes each card; folding is done here, because its own folding passes 75 octets and is slow.
Lines an importer did not understand go back as they came.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from datetime import UTC
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crm import clock
from crm.clock import Clock
from crm.export.whole_file import Report, not_written, silent, whole_file
from crm.partial_date import PartialDate
from crm.services.cards import AddressLine, ContactLine, ExtraProperty, PersonCard
from crm.services.custom_fields import FieldDefinition

if TYPE_CHECKING:
    from vobject.base import Component

VERSIONS: Final = ("3.0", "4.0")
PARTS: Final = (
    "phones", "emails", "handles", "sites", "addresses", "work", "birthday", "tags", "note", "photo", "details", "own",
    "kept",
)  # fmt: skip
"""What may be left off a card; names, uid and revision are always there, the care note never."""
PRODUCT: Final = "-//Krug//Krug//RU"
"""PRODID of our cards: by it the importer knows that the parts of the name are the name, and takes lines of ours."""
LINE_OCTETS: Final = 75
"""RFC 6350 §3.2 and RFC 2426 §2.6: a line is at most 75 octets, its break not counted."""

_PROFILES: Final = {
    "telegram": "https://t.me/",
    "vk": "https://vk.com/",
    "whatsapp": "https://wa.me/",
    "max": "https://max.ru/",
}
_TYPES: Final = {
    "3.0": {"mobile": "CELL", "home": "HOME", "work": "WORK", "fax": "FAX", "pager": "PAGER", "main": "MAIN"},
    "4.0": {"mobile": "cell", "home": "home", "work": "work", "fax": "fax", "pager": "pager"},
}
_CONTACT_LINES: Final = {"phone": "TEL", "email": "EMAIL", "site": "URL"}
_PART_OF_KIND: Final = {"phone": "phones", "email": "emails", "site": "sites"}
"""Which part of a card a contact is; of any other kind it is a handle."""
OWN: Final = "X-KRUG-"
_HOME_OR_WORK: Final = ("home", "work")
_ONCE: Final = frozenset({"BEGIN", "END", "VERSION", "N", "UID", "REV", "PRODID"})
"""Lines a card may hold once; Krug writes them itself, so a kept one is not repeated."""
_NAME: Final = re.compile(r"[A-Za-z0-9-]+\Z")
_CONTROLS: Final = {code: None for code in (*range(32), *range(0x7F, 0xA0)) if code not in (9, 10, 13)} | {
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_CHUNK: Final = 200
_PART: Final = 1_000
_WORTH_PROCESSES: Final = 5_000
"""Fewer cards are written before a second process has started."""
_YEAR_UNKNOWN: Final = 1604
"""What Apple writes for a birthday without a year."""
_FORBIDDEN_IN_NAMES: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class CardChoice:
    """What of people goes onto their cards.

    `parts` are of `PARTS`. `fields` are the manager's own fields by id. With `impp` a Telegram handle is written as
    IMPP too, which more programs than phones show.
    """

    parts: frozenset[str] = frozenset(PARTS)
    fields: Mapping[int, FieldDefinition] = field(default_factory=dict)
    impp: bool = False


EVERYTHING: Final = CardChoice()


def write_vcards(
    people: Iterable[PersonCard],
    target: Path | str,
    version: str = "3.0",
    *,
    choice: CardChoice = EVERYTHING,
    one_file_each: bool = False,
    processes: int = 1,
    report: Report = silent,
    clock: Clock = clock.now,
) -> int:
    """Write `people` to the file `target`, or one file each into the folder `target`; return how many cards.

    UTF-8 without a mark, CRLF, lines of at most 75 octets. REV is the last change of the person, or the present
    moment where none is known. With `processes` > 1 thousands of cards are built side by side. Raises NotWritten
    and ValueError for a version that is neither 3.0 nor 4.0.
    """
    if version not in VERSIONS:
        raise ValueError(f"vCard {version} is not written here")
    revised = clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    of = len(people) if isinstance(people, Sized) else 0
    if processes > 1 and of >= _WORTH_PROCESSES:
        cards = _side_by_side(people, (version, revised, choice), report, of, processes)
    else:
        cards = _reported(people, (version, revised, choice), report, of)
    if one_file_each:
        return _write_folder(cards, Path(target))
    written = 0
    with whole_file(target) as file:
        for _, card in cards:
            file.write(card)
            written += 1
    return written


def vcard(person: PersonCard, version: str, revised: str, choice: CardChoice = EVERYTHING) -> bytes:
    """One card, with the line breaks it has in a file; `revised` is the REV of a person without a last change."""
    from vobject.base import Component, backslashEscape

    card = Component(name="VCARD")
    card.behavior = _behavior()
    tail: list[str] = []
    parts = choice.parts
    _add(card, "VERSION", version)
    _add(card, "PRODID", PRODUCT)
    _add_name(card, person, version)
    _add(card, "UID", backslashEscape(_plain(person.uid)))
    changed = person.changed_at
    _add(card, "REV", changed.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if changed else revised)
    texts = (
        ("NICKNAME", person.nickname, True),
        ("ORG", person.organisation, "work" in parts),
        ("TITLE", person.job_title, "work" in parts),
        ("NOTE", person.note, "note" in parts),
    )
    for name, text, wanted in texts:
        if text and wanted:
            _add(card, name, backslashEscape(_plain(text)) if name == "ORG" else _escaped(text, version))
    if "birthday" in parts:
        _add_day(card, person, version)
    if person.tags and "tags" in parts:
        _add(card, "CATEGORIES", ",".join(_escaped(name, version) for name, _ in person.tags))
    groups = _free_groups(person.extra)
    for contact in person.contacts:
        if _PART_OF_KIND.get(contact.kind, "handles") in parts:
            _add_contact(card, contact, version, groups, tail)
            if choice.impp and contact.kind == "telegram" and contact.valid:
                _add(card, "IMPP", f"tg:{_plain(contact.value)}", [["X-SERVICE-TYPE", "Telegram"]])
    if "addresses" in parts:
        _add_addresses(card, person, groups, tail)
    if person.photo and "photo" in parts:
        _add_photo(card, person.photo, version)
    if "details" in parts:
        tail.extend(_details(person, version))
    if "own" in parts and person.custom:
        tail.extend(_own_fields(person, choice.fields))
    if "kept" in parts:
        tail.extend(line for line in map(_verbatim, person.extra) if line)
    lines = card.serialize(lineLength=1 << 40, validate=False).split("\r\n")
    lines[-2:-2] = tail
    return b"".join(_folded(line) for line in lines if line)


def _behavior() -> Any:
    from vobject.vcard import VCard3_0

    return VCard3_0


def _add(
    card: Component, name: str, value: str, parameters: Iterable[list[str]] = (), group: str | None = None
) -> None:
    """Add one line whose value is escaped already.

    Escaping by vobject's own functions first, and not through `card.add`, saves its decoding every value back
    after writing it: half of the time.
    """
    from vobject.base import ContentLine

    line = ContentLine(name, parameters, value, group, encoded=True)
    card.contents.setdefault(name.lower(), []).append(line)


def _add_name(card: Component, person: PersonCard, version: str) -> None:
    from vobject.vcard import serializeFields

    first = person.contacts[0].value if person.contacts else ""
    parts = (person.prefix, person.given_name, person.additional_name, person.family_name, person.suffix)
    whole = person.display_name or " ".join(filter(None, parts))
    whole = whole or person.nickname or person.organisation or first or person.uid
    _add(card, "FN", _escaped(whole, version))
    prefix, given, additional, family, suffix = map(_plain, parts)
    _add(card, "N", serializeFields((family, given, additional, prefix, suffix)))


def _add_day(card: Component, person: PersonCard, version: str) -> None:
    if person.birthday is not None:
        _add_birthday(card, person.birthday, version)
    elif person.birthday_text:
        _add(card, "BDAY", _escaped(person.birthday_text, version), [["VALUE", "text"]])


def _add_birthday(card: Component, birthday: PartialDate, version: str) -> None:
    if birthday.year is not None:
        day = f"{birthday.month:02}{birthday.day:02}" if version == "4.0" else f"{birthday.month:02}-{birthday.day:02}"
        _add(card, "BDAY", f"{birthday.year:04}{day}" if version == "4.0" else f"{birthday.year:04}-{day}")
    elif version == "4.0":
        _add(card, "BDAY", f"--{birthday.month:02}{birthday.day:02}")
    else:
        omit = [["X-APPLE-OMIT-YEAR", str(_YEAR_UNKNOWN)]]
        _add(card, "BDAY", f"{_YEAR_UNKNOWN}-{birthday.month:02}-{birthday.day:02}", omit)


def _add_contact(card: Component, contact: ContactLine, version: str, groups: Iterator[str], tail: list[str]) -> None:
    """A phone, an address or a profile; a label of the person's own goes into an X-ABLabel of the same group."""
    from vobject.base import backslashEscape

    value = _plain(contact.value or contact.typed)
    label = contact.label
    types: list[str] = []
    name = _CONTACT_LINES.get(contact.kind, "X-SOCIALPROFILE")
    if name == "X-SOCIALPROFILE":
        types.append(contact.kind)
        if contact.valid and contact.kind in _PROFILES:
            value = _PROFILES[contact.kind] + value.removeprefix("+")
    else:
        if name == "EMAIL" and version == "3.0":
            types.append("INTERNET")
        known = _TYPES[version].get(label) if name == "TEL" or label in _HOME_OR_WORK else None
        if known:
            types.append(known)
            label = ""
    preferred = contact.preferred
    if preferred and version == "3.0" and name != "X-SOCIALPROFILE":
        types.append("PREF")
        preferred = False
    parameters = [["TYPE", *types]] if types else []
    if preferred:
        parameters.append(["PREF", "1"])
    group = _labelled(label, groups, tail)
    # A web address is a URI: commas and semicolons stand in it as they are (RFC 6350 §6.7.8).
    _add(card, name, _one_line(value) if name == "URL" else backslashEscape(value), parameters, group)


def _add_addresses(card: Component, person: PersonCard, groups: Iterator[str], tail: list[str]) -> None:
    """Addresses, and the city: others see it as an address of its own, Krug by a line of Krug's."""
    for address in person.addresses:
        _add_address(card, address, groups, tail)
    if person.city and not any(address.city == person.city for address in person.addresses):
        _add_address(card, AddressLine(city=person.city), groups, tail)
    if person.city or person.addresses:
        tail.append(_own_line("CITY", person.city))


def _details(person: PersonCard, version: str) -> Iterator[str]:
    """What no line of the standard holds, as lines of ours; what is as for everybody is left out."""
    if person.gender != "unknown":
        known = {"female": ("F", "Female"), "male": ("M", "Male")}[person.gender]
        yield f"GENDER:{known[0]}" if version == "4.0" else f"X-GENDER:{known[1]}"
    told = (
        ("KIND", person.kind if person.kind != "member" else ""),
        ("ADDRESS-AS", person.address_as),
        ("ADDRESS-FORM", person.address_form if person.address_form != "unknown" else ""),
        ("CHANNEL", person.preferred_channel),
        ("JOINED", person.joined_on.isoformat() if person.joined_on else ""),
        ("SOURCE", person.source),
    )
    for name, value in told:
        if value:
            yield _own_line(name, value)
    for name, values in (("LANGUAGE", person.languages), ("SKILL", person.skills), ("MOTIVE", person.motives)):
        for value in values:
            yield _own_line(name, value)
    for need in person.needs:
        if need.closed_on is None:
            yield _own_line(need.direction.upper(), need.text)


def _own_fields(person: PersonCard, fields: Mapping[int, FieldDefinition]) -> Iterator[str]:
    """Values of the manager's own fields: kind, name and value as three parts of one line."""
    from vobject.vcard import serializeFields

    for field_id, value in person.custom:
        known = fields.get(field_id)
        if known is not None and not known.archived and value:
            yield f"{OWN}FIELD:" + serializeFields((known.kind, _plain(known.name), _plain(value)))


def _own_line(name: str, value: str) -> str:
    from vobject.base import backslashEscape

    return f"{OWN}{name}:{backslashEscape(_plain(value))}"


def _add_address(card: Component, address: AddressLine, groups: Iterator[str], tail: list[str]) -> None:
    from vobject.vcard import serializeFields

    label = address.label
    parameters = []
    if label in _HOME_OR_WORK:
        parameters.append(["TYPE", label])
        label = ""
    parts = (address.street, address.city, address.region, address.postcode, address.country)
    value = serializeFields(("", "", *map(_plain, parts)))
    _add(card, "ADR", value, parameters, _labelled(label, groups, tail))


def _add_photo(card: Component, photo: bytes, version: str) -> None:
    kind = "png" if photo.startswith(b"\x89PNG") else "webp" if photo[8:12] == b"WEBP" else "jpeg"
    content = base64.b64encode(photo).decode("ascii")
    if version == "4.0":
        _add(card, "PHOTO", f"data:image/{kind};base64,{content}")
    else:
        _add(card, "PHOTO", content, [["ENCODING", "b"], ["TYPE", kind.upper()]])


def _labelled(label: str, groups: Iterator[str], tail: list[str]) -> str | None:
    """The group that carries `label`, or None for no label. Written by hand: vobject would upper-case the name."""
    from vobject.base import backslashEscape

    if not label:
        return None
    group = next(groups)
    tail.append(f"{group}.X-ABLabel:{backslashEscape(_plain(label))}")
    return group


def _free_groups(extra: Iterable[ExtraProperty]) -> Iterator[str]:
    """item1, item2, … without the groups that kept lines use."""
    taken = {line.group.lower() for line in extra if line.group}
    number = 0
    while True:
        number += 1
        if f"item{number}" not in taken:
            yield f"item{number}"


def _verbatim(line: ExtraProperty) -> str:
    """A kept line as it came; empty for what would not be one line of its own or repeats one of `_ONCE`."""
    if not _NAME.match(line.name) or line.name.upper() in _ONCE:
        return ""
    group = f"{line.group}." if _NAME.match(line.group) else ""
    parameters = _one_line(line.parameters).strip(";")
    return f"{group}{line.name}{';' if parameters else ''}{parameters}:{_one_line(line.value)}"


def _escaped(text: str, version: str) -> str:
    """A text of one part. RFC 2426 wants its semicolons escaped, RFC 6350 §3.4 does not, and readers show a `\\;`."""
    from vobject.base import backslashEscape

    escaped: str = backslashEscape(_plain(text))
    return escaped if version == "3.0" else escaped.replace("\\;", ";")


def _one_line(text: str) -> str:
    return _plain(text).replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _plain(text: str) -> str:
    """`text` without what no reader of lines survives: controls, lone surrogates, exotic line breaks."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


def _folded(line: str) -> bytes:
    """`line` with its break, folded by octets without cutting a character."""
    content = line.encode("utf-8")
    if len(content) <= LINE_OCTETS:
        return content + b"\r\n"
    parts = []
    start, room = 0, LINE_OCTETS
    while start < len(content):
        end = start + room
        while end < len(content) and content[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(content[start:end])
        start, room = end, LINE_OCTETS - 1
    return b"\r\n ".join(parts) + b"\r\n"


_Style = tuple[str, str, CardChoice]


def _reported(
    people: Iterable[PersonCard], style: _Style, report: Report, of: int
) -> Iterator[tuple[PersonCard, bytes]]:
    for number, person in enumerate(people):
        if number % _CHUNK == 0:
            report(number, of)
        yield person, vcard(person, *style)


def _side_by_side(
    people: Iterable[PersonCard], style: _Style, report: Report, of: int, processes: int
) -> Iterator[tuple[PersonCard, bytes]]:
    """As `_reported`, with the cards built in several processes, in the same order."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    everyone = list(people)
    parts = [everyone[start : start + _PART] for start in range(0, len(everyone), _PART)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            for number, cards in enumerate(pool.map(_part, parts, repeat(style))):
                report(number * _PART, of)
                yield from zip(parts[number], cards, strict=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _part(people: list[PersonCard], style: _Style) -> list[bytes]:
    return [vcard(person, *style) for person in people]


def _write_folder(cards: Iterable[tuple[PersonCard, bytes]], folder: Path) -> int:
    """Every card in a file of its own, all made aside first, so that a failure leaves older files alone."""
    names: dict[str, int] = {}
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".krug-", dir=folder) as aside:
            ready = []
            for person, card in cards:
                name = _file_name(person, names)
                with whole_file(Path(aside) / name) as file:
                    file.write(card)
                ready.append(name)
            for name in ready:
                (Path(aside) / name).replace(folder / name)
    except OSError as error:
        raise not_written(error, folder) from error
    return len(ready)


def _file_name(person: PersonCard, taken: dict[str, int]) -> str:
    """«Анна Ёлкина.vcf», «Анна Ёлкина 2.vcf»: safe on three systems, never the same twice."""
    stem = _FORBIDDEN_IN_NAMES.sub(" ", _plain(person.display_name or person.uid))
    stem = " ".join(stem.split()).strip(". ")[:60].rstrip(". ") or "card"
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", stem):
        stem = f"_{stem}"
    while True:
        number = taken[stem.casefold()] = taken.get(stem.casefold(), 0) + 1
        name = stem if number == 1 else f"{stem} {number}"
        if number == 1 or name.casefold() not in taken:
            if number > 1:
                taken[name.casefold()] = 1
            return f"{name}.vcf"
