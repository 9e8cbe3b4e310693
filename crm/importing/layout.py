"""How a table is laid out: its encoding, delimiter, header and what each column means; guessed, or given and saved."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from crm import i18n, paths
from crm.importing.errors import BadMapping

_DROPPED: Final = re.compile(r"[.:*\"«»?!“”]")
_DASHES: Final = re.compile("[\N{HYPHEN}-\N{HORIZONTAL BAR}]")
_DIGITS: Final = re.compile(r"\d+")
_BRACKETS: Final = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]$")
_POLITE: Final = re.compile(r"^(?:ваш[аеи]?|укажите|введите|your|attendee|участник[аи]?|гость|контактн(?:ый|ая)) ")

FIELDS: Final = {
    "full_name": "Full name",
    "family_name": "Family name",
    "given_name": "Given name",
    "additional_name": "Patronymic",
    "prefix": "Title before the name",
    "suffix": "Suffix",
    "nickname": "Nickname",
    "phone": "Phone",
    "email": "E-mail",
    "telegram": "Telegram",
    "vk": "VK",
    "whatsapp": "WhatsApp",
    "max": "MAX",
    "site": "Site",
    "organisation": "Organisation",
    "department": "Department",
    "job_title": "Job title",
    "birthday": "Birthday",
    "city": "City",
    "street": "Street address",
    "region": "Region",
    "postcode": "Postcode",
    "country": "Country",
    "note": "Note",
    "tags": "Tags",
    "kind": "Kind of person",
    "address_as": "Address as",
    "address_form": "Form",
    "gender": "Gender",
    "preferred_channel": "Preferred channel",
    "joined_on": "Joined",
    "source": "Source",
    "languages": "Languages",
    "skills": "Skills",
    "motives": "Motives",
    "offers": "Can help",
    "seeks": "Looks for",
    "consent": "Consent",
    "uid": "Identifier",
    "extra": "Keep in the note",
    "ignored": "Don't import",
}
"""What a person may choose for a column; a colon and a label may follow, as in «phone:work». The words are catalogue
entries in the context «column»."""

_INTERNAL: Final = frozenset(
    (
        *("label", "custom", "email_type", "routine", "job_title_second", "name_part"),
        *("birth_year", "birth_month", "birth_day"),
    )
)
_FIGURES: Final = (
    frozenset(("уровень", "визиты", "последний визит")),
    frozenset(("level", "visits", "last visit")),
)
"""Headers that only together, and beside a uid, tell a table of Krug's own."""


def field_title(field: str) -> str:
    """What a field is called in the language in use; `field` is a key of `FIELDS`, with or without a label."""
    return i18n.in_context("column", FIELDS[field.partition(":")[0]])


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, its header as written, the field, the label, the number in «Phone 2 - Value»."""

    index: int
    header: str
    field: str
    label: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What it takes to read a table again. `header_row` counts from 1 as a spreadsheet does; 0 is no header.

    `columns` pairs each header (without one, the column's number from 1) with its field. `date_order` is «dmy»,
    «mdy», or empty to decide by the column.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    columns: tuple[tuple[str, str], ...] = ()
    date_order: str = ""
    mended: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    """Rows as a person corrected them, by the sheet's title («» for the only one) and number; never saved."""

    def as_json(self) -> dict[str, Any]:
        """The plain form that is saved: the keys of DESIGN §4."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header_row": self.header_row,
            "columns": dict(self.columns),
            "date_order": self.date_order,
        }


def from_json(data: object) -> Layout:
    """A layout from its plain form, any key of which may be missing; raises BadMapping naming what is wrong."""
    if not isinstance(data, Mapping):
        raise BadMapping(what="{}")
    columns = data.get("columns") or {}
    header_row = data.get("header_row")
    order = data.get("date_order") or ""
    if not isinstance(columns, Mapping):
        raise BadMapping(what="columns")
    if header_row is not None and (not isinstance(header_row, int) or isinstance(header_row, bool) or header_row < 0):
        raise BadMapping(what="header_row")
    if order not in ("", "dmy", "mdy"):
        raise BadMapping(what="date_order")
    for header, field in columns.items():
        name = str(field).partition(":")[0]
        if name not in FIELDS and name not in _INTERNAL:
            raise BadMapping(what=f"{header}: {field}")
    return Layout(
        encoding=str(data.get("encoding") or ""),
        delimiter=str(data.get("delimiter") or "")[:1],
        header_row=header_row,
        columns=tuple((str(header), str(field)) for header, field in columns.items()),
        date_order=str(order),
    )


@cache
def _aliases() -> dict[str, str]:
    with (paths.resources() / "header_aliases.csv").open(encoding="utf-8", newline="") as file:
        return {row["header"]: row["field"] for row in csv.DictReader(file)}


def normal_header(header: str) -> str:
    """A header as the table of aliases spells it: lower case, ё as е, no `. : *`, blanks folded."""
    plain = _DASHES.sub("-", _DROPPED.sub("", header.casefold().replace("ё", "е").replace("_", " ")))
    return " ".join(plain.split())


@cache
def field_of(header: str) -> tuple[str, str]:
    """The field («phone:work») and number («2») a header stands for; empty when it isn't known."""
    if len(header) > 120:
        return "", ""
    plain = normal_header(header)
    number = "".join(_DIGITS.findall(plain)[:1])
    tried = [plain, _DIGITS.sub("{n}", plain)]
    bare = _BRACKETS.sub("", plain)
    tried += [bare, _DIGITS.sub("{n}", bare), _POLITE.sub("", bare), _POLITE.sub("", plain)]
    aliases = _aliases()
    for form in tried:
        if form in aliases:
            return aliases[form], number
    return "", number


def recognised(cells: Sequence[str]) -> int:
    """How many cells of a row are known headers; 0 where a cell holds what only data does."""
    if any("@" in cell and "." in cell for cell in cells):
        return 0
    return sum(bool(cell and field_of(cell.strip())[0]) for cell in cells)


def columns_of(headers: Sequence[str], chosen: Iterable[tuple[str, str]] = ()) -> list[Column]:
    """The columns under `headers`, a person's choice before the aliases; unknown ones are «extra»."""
    given = {normal_header(header): field for header, field in chosen}
    found: list[Column] = []
    for index, header in enumerate(headers):
        field, number = field_of(header.strip())
        name, _, label = given.get(normal_header(header), field or "extra").partition(":")
        found.append(Column(index, " ".join(header.split()), name, label, number))
    return [_in_company(column, found) for column in _of_krug(found)]


def _of_krug(found: Sequence[Column]) -> list[Column]:
    """Columns as a table that a Krug wrote means them: what it counts itself is counted anew, not kept in notes."""
    headers = {normal_header(one.header) for one in found}
    figures = next((some for some in _FIGURES if some <= headers), frozenset())
    if not figures or not any(one.field == "uid" for one in found):
        return list(found)
    meant = {**dict.fromkeys(figures, "ignored"), "source": "source"}
    return [
        replace(one, field=meant.get(normal_header(one.header), one.field)) if one.field == "extra" else one
        for one in found
    ]


def signature_of(columns: Iterable[Column]) -> str:
    """What a table's shape is known by: its headers, in their order."""
    headers = "\x1f".join(normal_header(column.header) for column in columns)
    return hashlib.sha256(headers.encode("utf-8", "surrogatepass")).hexdigest()


def _in_company(column: Column, all_columns: Sequence[Column]) -> Column:
    """«Title» is a job only where nothing beside it says otherwise: Outlook's is «Mr», Meetup's a role in the group."""
    if column.field != "title":
        return column
    beside = {other.field for other in all_columns}
    headers = {normal_header(other.header) for other in all_columns}
    if headers & {"rsvp", "user id", "event host"}:
        field = "extra"
    elif "job_title" in beside and beside & {"given_name", "family_name"}:
        field = "prefix"
    else:
        field = "job_title"
    return Column(column.index, column.header, field, column.label, column.number)
