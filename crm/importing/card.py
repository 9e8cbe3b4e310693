"""One card's properties gathered into a person (interop §3, rules 6 to 11)."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from urllib.parse import unquote

from crm import i18n
from crm.contact_points import KINDS
from crm.importing import content_lines as lines
from crm.importing import dates, limits, links
from crm.importing.content_lines import Decoder, Head, Property, RawCard
from crm.importing.rows import (
    Entry,
    ExtraProperty,
    ImportedAddress,
    ImportedContact,
    ImportedPerson,
    Notice,
    Place,
    Reject,
    field_detail,
)
from crm.text import clean

_APPLE_LABELS: Final = {
    "mobile": "mobile", "home": "home", "work": "work", "main": "main", "other": "other",
    "homefax": "fax", "workfax": "fax", "iphone": "mobile", "homepage": "",
}  # fmt: skip
_SURELY_SHORT: Final = 120
"""No field of a card whose lines are all this short is over its limit, joints between list items included."""
_SYSTEM_TAGS: Final = frozenset(("mycontacts", "my contacts", "contacts", "starred in android"))
_SOCIAL: Final = {"telegram": "telegram", "vk": "vk", "vkontakte": "vk", "whatsapp": "whatsapp", "max": "max"}
_DETAILS: Final = {
    "X-KRUG-KIND": "kind",
    "X-KRUG-ADDRESS-AS": "address_as",
    "X-KRUG-ADDRESS-FORM": "address_form",
    "X-KRUG-CHANNEL": "preferred_channel",
    "X-KRUG-JOINED": "joined_on",
    "X-KRUG-SOURCE": "source",
    "X-KRUG-LANGUAGE": "languages",
    "X-KRUG-SKILL": "skills",
    "X-KRUG-MOTIVE": "motives",
    "X-KRUG-OFFERS": "offers",
    "X-KRUG-SEEKS": "seeks",
}
_GENDERS: Final = {"f": "female", "female": "female", "m": "male", "male": "male"}
_DISCARDED: Final = frozenset(("VERSION", "PRODID", "BEGIN", "END", "PROFILE", "X-ABUID"))


@dataclass(slots=True)
class Card:
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
    ours: bool = False
    """Written by Krug: names are in N alone, the order of contacts is the person's."""
    own_city: str | None = None
    details: list[tuple[str, str]] = field(default_factory=list)
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
            elif head.name == "PRODID":
                self.ours = item.value.startswith("-//Krug//")
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
            if self.ours:
                if (tag := clean(piece)) and tag not in self.tags:
                    self.tags.append(tag)
                continue
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
        self._add(links.kind_of_link(value), value, item.head)

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
        kind = kind or (links.kind_of_link(value) if links.KNOWN.match(value) else "")
        if self.ours and not kind:
            kind = next((kind for kind in KINDS if kind in item.head.types), "")
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
        """ADR: post box, extended, street, city, region, postcode, country; a 4.0 label is kept as a 3.0 LABEL."""
        parts = [clean(part, multiline=True) for part in self.decoder.parts(item)]
        if any(parts):
            self.addresses.append((parts, item.head))
        printed = lines.label_parameter(item.head) if "LABEL=" in item.head.parameters else ""
        if printed:
            types = f"TYPE={item.head.label}" if item.head.label else ""
            self.extra.append((replace(item.head, name="LABEL", parameters=types), lines.escaped(printed)))

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

    def read_detail(self, item: Property) -> None:
        """A line of Krug's own: what the standard has no place for."""
        key = _DETAILS[item.head.name]
        if value := self._text(item):
            self.details.append((key, value))

    def read_own_city(self, item: Property) -> None:
        """The city as the person's, which may be none although there are addresses."""
        self.own_city = self._text(item)

    def read_own_field(self, item: Property) -> None:
        """A value of a field of the manager's own: kind, name, value."""
        parts = self.decoder.parts(item)
        if len(parts) != 3:
            self._keep(item)
            return
        kind, name, value = parts
        self.details.append((field_detail(clean(name), clean(kind)), value))

    def read_gender(self, item: Property) -> None:
        """GENDER of 4.0, X-GENDER of others: a woman or a man; whatever else is kept as it came."""
        said = _GENDERS.get(self._text(item).partition(";")[0].casefold())
        if said is None or any(key == "gender" for key, _ in self.details):
            self._keep(item)
        else:
            self.details.append(("gender", said))

    def _add(self, kind: str, value: str, head: Head) -> None:
        if value and all(value != known or kind != other for other, known, _ in self.contacts):
            self.contacts.append((kind, value, head))

    def entry(self, place: Place, raw: RawCard, longest: int) -> Entry:
        """The person these lines make, or why they make none; `longest` is the length of the longest line."""
        family, given, additional, prefix, suffix = ([*self.name, "", "", "", "", ""])[:5]
        suffix = ", ".join(part for part in (suffix, *self.name[5:]) if part)
        organisation = self.single.get("ORG", "")
        named = self.full_name or family or given or additional or self.single.get("NICKNAME")
        if not (named or organisation or self.contacts):
            return Reject(place, "no_name_or_contact")
        if self.ours and self.name:
            self.full_name = ""
        if not self.ours and any(head.preferred for _, _, head in self.contacts):
            self.contacts.sort(key=_preference)
        contacts = tuple(
            [ImportedContact(kind, value, self._label(head), head.preferred > 0) for kind, value, head in self.contacts]
        )
        addresses = self._addresses()
        birthday = dates.of_card(self.birthday[0], self.today) if self.birthday else None
        note = "\n".join(note for note in self.notes if note)
        if longest > _SURELY_SHORT:
            too_long = self._too_long(contacts, addresses, note)
            if too_long:
                return Reject(place, "too_long", too_long)
        nameless = not (family or given or additional)
        likely = bool(organisation) and nameless and self.full_name.casefold() in ("", organisation.casefold())
        company = not self.ours and (self.company or likely)
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
            city=self._city(addresses),
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
            own_uid=self.ours and "UID" in self.single,
            details=tuple(self.details),
        )

    def _city(self, addresses: tuple[ImportedAddress, ...]) -> str:
        if self.own_city is not None:
            return self.own_city
        return next((address.city for address in addresses if address.city), "")

    def _too_long(
        self, contacts: tuple[ImportedContact, ...], addresses: tuple[ImportedAddress, ...], note: str
    ) -> tuple[tuple[str, str], ...]:
        """The first field over its limit, with the limit."""
        checked = [("FN", self.full_name, limits.NAME), ("NOTE", note, limits.NOTE)]
        checked += [("N", part, limits.NAME) for part in self.name]
        checked += [("CATEGORIES", tag, limits.NAME) for tag in self.tags]
        checked += [(name, value, limits.NAME) for name, value in self.single.items()]
        checked += [(each.kind, each.raw, limits.LINK if each.kind == "site" else limits.NAME) for each in contacts]
        for address in addresses:
            checked += [("ADR", part, limits.NAME) for part in (address.city, address.region, address.country)]
            checked += [("ADR", address.postcode, limits.NAME), ("ADR", address.street, limits.LINK)]
        for name, value, limit in checked:
            if len(value) > limit:
                return (("field", name), ("limit", str(limit)))
        return ()

    def _label(self, head: Head) -> str:
        if head.group:
            own = self.labels.get(head.group.lower())
            if own:
                return own
        if self.ours and head.name == "X-SOCIALPROFILE":
            # There the type is the kind of the contact, and «other» is one of them.
            return ""
        return head.label

    def _addresses(self) -> tuple[ImportedAddress, ...]:
        found = []
        for parts, head in sorted(self.addresses, key=lambda pair: pair[1].preferred or 101):
            box, extended, street, city, region, postcode, country = ([*parts, *[""] * 7])[:7]
            rest = ", ".join(part for part in parts[7:] if part)
            whole = "\n".join(part for part in (box, extended, street, rest) if part)
            if self.own_city and city == self.own_city and not any((whole, region, postcode, country)):
                # The city alone, for programs that know no other place for it.
                continue
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


def _uid(text: str) -> str:
    return text[9:] if text[:9].lower() == "urn:uuid:" else text


def _storable(value: str) -> str:
    return value if value.isprintable() else clean(value)


_PLAIN: Final = Head("", "", frozenset(), 0, "", "", "", "", "", "", "")
_READERS: Final[dict[str, Callable[[Card, Property], None]]] = {
    "N": Card.read_name,
    "FN": Card.read_full_name,
    "NICKNAME": Card.read_single,
    "TITLE": Card.read_single,
    "UID": Card.read_single,
    "REV": Card.read_single,
    "ORG": Card.read_organisation,
    "BDAY": Card.read_birthday,
    "NOTE": Card.read_note,
    "CATEGORIES": Card.read_tags,
    "CATEGORY": Card.read_tags,
    "TEL": Card.read_phone,
    "EMAIL": Card.read_email,
    "URL": Card.read_link,
    "IMPP": Card.read_social,
    "X-SOCIALPROFILE": Card.read_social,
    "X-TELEGRAM": Card.read_social,
    "X-WHATSAPP": Card.read_social,
    "X-VK": Card.read_social,
    "X-ANDROID-CUSTOM": Card.read_android,
    "ADR": Card.read_address,
    "PHOTO": Card.read_photo,
    "X-ABLABEL": Card.read_label,
    "KIND": Card.read_kind,
    "GENDER": Card.read_gender,
    "X-GENDER": Card.read_gender,
    "X-KRUG-CITY": Card.read_own_city,
    "X-KRUG-FIELD": Card.read_own_field,
    **dict.fromkeys(_DETAILS, Card.read_detail),
}
