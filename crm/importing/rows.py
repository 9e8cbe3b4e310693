"""What a file gives: people, and the entries that were not taken, each with its place and reason.

Rows carry what the file says, cleaned but not normalised: phones stay as typed. The importing service decides what
is the same person. `ImportedPerson` and its parts pickle by position, since a child process sends many of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from crm import i18n
from crm.partial_date import PartialDate

CARD: Final = "card"
ROW: Final = "row"
SHEET: Final = "sheet"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its file an entry stands.

    `number` counts cards, or rows as a spreadsheet numbers them (blank ones too), from 1. `line` is the line of
    text it starts on, 0 where there are no lines. `part` is the sheet's title in a workbook of several.
    """

    kind: str
    number: int
    line: int = 0
    part: str = ""

    def key(self) -> str:
        """For programs: «card 3», «row 12», «Лист2 row 3»; the same in every language."""
        return f"{self.part} {self.kind} {self.number}".strip()

    def text(self) -> str:
        """For people, in the language in use."""
        if self.kind == CARD:
            return i18n.text("card {number}, line {line}", number=self.number, line=self.line)
        if self.kind == SHEET:
            return i18n.text("sheet “{sheet}”", sheet=self.part)
        if self.part:
            return i18n.text("sheet “{sheet}”, row {number}", sheet=self.part, number=self.number)
        return i18n.text("row {number}", number=self.number)

    def __reduce__(self) -> tuple[Any, ...]:
        return Place, (self.kind, self.number, self.line, self.part)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a taken entry that a person should know; `code` is a key of `NOTICES`."""

    code: str
    field: str = ""
    value: str = ""

    def text(self) -> str:
        """The sentence for a person; a long value is shown by its beginning."""
        shown = self.value if len(self.value) <= 80 else self.value[:79] + "…"
        return i18n.text(NOTICES[self.code], field=self.field, value=shown)

    def __reduce__(self) -> tuple[Any, ...]:
        return Notice, (self.code, self.field, self.value)


NOTICES: Final = {
    "phone_spoiled": i18n.mark("A spreadsheet has eaten the digits of the phone “{value}”. It was left out."),
    "not_an_address": i18n.mark("“{value}” is not an e-mail address. It went into the note."),
    "bad_date": i18n.mark("There is no such day as “{value}”. The birthday was kept as text."),
    "date_order_guessed": i18n.mark("“{value}” was read as day and month by guess. Check the birthday."),
    "extra_cells": i18n.mark("The row is longer than the header: “{value}” went into the note."),
    "stray_quote": i18n.mark("A quotation mark without a pair was left out."),
    "bytes_replaced": i18n.mark("Some characters could not be read and became “\N{REPLACEMENT CHARACTER}”."),
    "charset_guessed": i18n.mark("The file does not name its encoding; {value} was guessed. Check the letters."),
    "unterminated": i18n.mark("The card has no end mark; the file may have been cut short."),
    "line_without_colon": i18n.mark("The line “{value}” has no colon and was not understood."),
    "photo_not_loaded": i18n.mark("The photo is a link and was not loaded: {value}"),
    "photo_too_large": i18n.mark("The photo is larger than 5 MB and was left out."),
    "photo_damaged": i18n.mark("The photo is damaged and was left out."),
}


@dataclass(frozen=True, slots=True)
class ImportedContact:
    """One way to reach a person.

    `kind` is a key of `crm.contact_points.KINDS`. `raw` is as in the file, without blanks at the ends. `label` is
    a plain word (mobile, home, work, fax, pager, main, other) or the file's own text.
    """

    kind: str
    raw: str
    label: str = ""
    preferred: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        return ImportedContact, (self.kind, self.raw, self.label, self.preferred)


@dataclass(frozen=True, slots=True)
class ImportedAddress:
    """A postal address; `street` holds the post box and the extended part too, one a line."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    label: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        parts = (self.street, self.city, self.region, self.postcode, self.country, self.label)
        return ImportedAddress, parts


@dataclass(frozen=True, slots=True)
class ExtraProperty:
    """A vCard line not understood here: `group.name;parameters:value`, ready to be written back in 3.0 or 4.0.

    `value` stays in its escaped form; quoted-printable and foreign charsets are undone, their parameters dropped.
    """

    group: str
    name: str
    parameters: str
    value: str

    def __reduce__(self) -> tuple[Any, ...]:
        return ExtraProperty, (self.group, self.name, self.parameters, self.value)


ONE_DETAIL: Final = ("kind", "address_as", "address_form", "gender", "preferred_channel", "joined_on", "source")
"""Details a person has one of: columns of a person by their names, values as the store writes them."""
MANY_DETAILS: Final = ("languages", "skills", "motives", "offers", "seeks")
"""Details a person has several of, each a pair of its own."""
FIELD: Final = "field"
"""A value of a field of the manager's own: `field`, kind, name, joined by `DETAIL_JOINT`; the kind is empty where the
file does not tell it, and then only a field that is there already takes the value."""
DETAIL_JOINT: Final = "\x1f"


def field_detail(name: str, kind: str = "") -> str:
    """The key of a detail that is a value of the field called `name`."""
    return DETAIL_JOINT.join((FIELD, kind, name))


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """One card or row.

    Names are empty where the file has none: when only `full_name` is known, splitting it is the service's work,
    and `name_order` («family», «given» or empty) says what the file told about the order of its words. `kind` is
    «company» where the card says that it is an organisation. `extra_columns` are the cells of columns not
    understood, with their headers; `consents` are the cells of consent columns. `revised_at` is aware, in UTC.
    """

    place: Place
    kind: str = "person"
    uid: str = ""
    full_name: str = ""
    name_order: str = ""
    family_name: str = ""
    given_name: str = ""
    additional_name: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    organisation: str = ""
    department: str = ""
    job_title: str = ""
    city: str = ""
    birthday: PartialDate | None = None
    birthday_text: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    contacts: tuple[ImportedContact, ...] = ()
    addresses: tuple[ImportedAddress, ...] = ()
    revised_at: datetime | None = None
    photo: bytes | None = field(default=None, repr=False)
    extra: tuple[ExtraProperty, ...] = ()
    extra_columns: tuple[tuple[str, str], ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    notices: tuple[Notice, ...] = ()
    own_uid: bool = False
    """The card is of a Krug, which gives no two people one uid and keeps no person twice by mistake of a file: cards of
    one file with two uids are two people, whatever they share."""
    details: tuple[tuple[str, str], ...] = ()
    """What else the file tells: pairs of `ONE_DETAIL`, `MANY_DETAILS` or `field_detail` with a value as written."""

    def shown_name(self) -> str:
        """The best name there is: full name, its parts, nickname, organisation, e-mail, any contact."""
        parts = " ".join(part for part in (self.given_name, self.additional_name, self.family_name) if part)
        first = next((each.raw for each in self.contacts if each.kind == "email"), "")
        any_contact = self.contacts[0].raw if self.contacts else ""
        return self.full_name or parts or self.nickname or self.organisation or first or any_contact

    def __reduce__(self) -> tuple[Any, ...]:
        return ImportedPerson, tuple(getattr(self, name) for name in _PERSON_FIELDS)


_PERSON_FIELDS: Final = ImportedPerson.__slots__


@dataclass(frozen=True, slots=True)
class Reject:
    """An entry not taken: where it stands and why; `code` is a key of `REASONS`."""

    place: Place
    code: str
    details: tuple[tuple[str, str], ...] = ()
    cells: tuple[str, ...] = field(default=(), compare=False)
    """The row of a table as it stands in the file, for it to be mended; empty where it is none or too long for that."""

    def text(self) -> str:
        """The reason for a person, in the language in use."""
        return i18n.text(REASONS[self.code], **dict(self.details))

    def __reduce__(self) -> tuple[Any, ...]:
        return Reject, (self.place, self.code, self.details, self.cells)


REASONS: Final = {
    "no_name_or_contact": i18n.mark("There is neither a name nor a contact here."),
    "title_row": i18n.mark("This is a title above the table: “{value}”."),
    "total_row": i18n.mark("This is a total, not a person: “{value}”."),
    "repeated_header": i18n.mark("This row repeats the header."),
    "outside_card": i18n.mark("This text stands outside any card: “{value}”."),
    "too_long": i18n.mark("The field “{field}” is longer than {limit} characters."),
    "line_too_long": i18n.mark("A line of the card is longer than {limit} bytes."),
    "too_many_columns": i18n.mark("The row has more than {limit} columns."),
    "unclosed_quote": i18n.mark("A quotation mark is opened here and never closed: “{value}”."),
    "sheet_without_list": i18n.mark("No list of people was found on the sheet “{sheet}”."),
    "broken_sheet": i18n.mark("The sheet “{sheet}” breaks off here and can't be read further."),
}

Entry = ImportedPerson | Reject


@dataclass(slots=True)
class Stream:
    """A file being read: what is known about it, and its entries one by one, in the order of the file.

    `entries` may be walked once. `position` and `size` say how far the reading is, in bytes or rows; `mapping` is
    the layout used for a table (`crm.importing.layout.Layout`), None for vCards. Close it when leaving early.
    """

    file: str
    kind: str = "people"
    encoding: str = ""
    encoding_guessed: bool = False
    mapping: Any = None
    size: int = 0
    entries: Iterator[Entry] = field(default_factory=lambda: iter(()))
    position: int = 0
    columns: tuple[Any, ...] = ()
    """Columns of a table (`crm.importing.layout.Column`), of a workbook's first list."""
    sample: tuple[tuple[str, ...], ...] = ()
    """Its first rows below the header, as they stand in the file."""

    def close(self) -> None:
        """Stop reading; safe to call twice."""
        close = getattr(self.entries, "close", None)
        if close is not None:
            close()


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file read whole; `read` = people + rejects."""

    file: str
    kind: str
    encoding: str
    encoding_guessed: bool
    mapping: Any
    people: tuple[ImportedPerson, ...]
    rejects: tuple[Reject, ...]

    @property
    def read(self) -> int:
        """How many entries the file has, blank rows not counted."""
        return len(self.people) + len(self.rejects)


@dataclass(frozen=True, slots=True)
class Source:
    """One file on its way into the store: what is known of it, and its entries, walked once."""

    file: str
    kind: str
    encoding: str
    sha256: str
    entries: Iterable[Entry]
    mapping: Any = None


@dataclass(frozen=True, slots=True)
class PastedList:
    """A pasted text read whole: its entries in order, and by their places the guests and the line of each."""

    name: str
    sha256: str
    entries: tuple[Entry, ...]
    guests: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    table: bool = False
    """A range of a table or cards; else lines."""
