"""Rows of a table become people: several values in a cell, labels beside values, dates by column (interop §4, §5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from crm import i18n
from crm.importing import dates, detail_words, limits, links
from crm.importing.cells import emails, is_handle, label_of, phones, unguarded
from crm.importing.layout import Column, field_of, normal_header
from crm.importing.rows import (
    MANY_DETAILS,
    ONE_DETAIL,
    Entry,
    ImportedAddress,
    ImportedContact,
    ImportedPerson,
    Notice,
    Place,
    Reject,
)
from crm.partial_date import PartialDate
from crm.text import clean

_NOTHING: Final = frozenset(("", "-", "–", "—", "−", "#N/A", "#Н/Д", "NULL", "null", "N/A", "n/a"))
_NO_CONTACT: Final = frozenset(("нет", "no", "none", "отсутствует", "не указан", "не указано"))
_ROUTINE: Final = frozenset(
    ("обычная", "обычный", "normal", "ложь", "false", "не определен", "не определён", "unspecified", "0.0.00", "0/0/00")
)
_SPOILED: Final = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
_TOTAL: Final = re.compile(r"(?:итого|всего|подытог|total|grand total|subtotal|sum total)\b", re.IGNORECASE)
_CONTACTS: Final = frozenset(("phone", "email", "telegram", "vk", "whatsapp", "max", "site"))
_SYSTEM_TAGS: Final = frozenset(("mycontacts", "my contacts", "starred", "contacts"))


class _Row:
    """One row while its cells are read."""

    __slots__ = (
        "addresses",
        "birthday",
        "birthday_text",
        "city",
        "consents",
        "contacts",
        "details",
        "extra",
        "full_name",
        "labels",
        "names",
        "notes",
        "notices",
        "order",
        "skipped_email",
        "tags",
        "values",
    )  # fmt: skip

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.full_name = ""
        self.names: list[str] = []
        self.order = ""
        self.contacts: list[ImportedContact] = []
        self.addresses: dict[str, dict[str, str]] = {}
        self.labels: dict[tuple[str, str], str] = {}
        self.skipped_email: set[str] = set()
        self.city: dict[str, str] = {}
        self.birthday: PartialDate | None = None
        self.birthday_text = ""
        self.notes: list[str] = []
        self.tags: list[str] = []
        self.extra: list[tuple[str, str]] = []
        self.details: list[tuple[str, str]] = []
        self.consents: list[tuple[str, str]] = []
        self.notices: list[Notice] = []


class RowReader:
    """Reads the rows under one header. `order` is that of its dates, `guessed_order` when nothing proved it;
    `spoilt` says that some characters of the file could not be read."""

    def __init__(self, columns: Sequence[Column], order: str, guessed_order: bool, spoilt: bool, today: date) -> None:
        self.columns = columns
        self.order = order
        self.guessed_order = guessed_order
        self.spoilt = spoilt
        self.today = today
        self.header = [normal_header(column.header) for column in columns]
        by_field = sorted(columns, key=lambda column: column.field not in ("label", "email_type"))
        self._plan = [
            (column.index, column, _READERS.get(column.field, RowReader.read_name))
            for column in by_field
            if column.field != "ignored"
        ]

    def entry(self, cells: Sequence[str], place: Place, stray_quote: bool = False) -> Entry | None:
        """The person of a row, why it is none, or None for a blank row."""
        row = _Row()
        filled = ""
        width = len(cells)
        for index, column, read in self._plan:
            if index >= width:
                continue
            cell = cells[index]
            if not cell:
                continue
            if not cell.isascii() or not cell.isprintable() or "  " in cell:
                cell = clean(cell, multiline=not cell.isprintable())
            else:
                cell = cell.strip()
            if cell in _NOTHING:
                continue
            if cell[0] in "'=":
                cell = unguarded(cell)
            if len(cell) > limits.NOTE:
                return Reject(place, "too_long", (("field", column.header), ("limit", str(limits.NOTE))))
            filled = filled or cell
            read(self, row, column, cell)
        if width > len(self.columns):
            beyond = [clean(cell) for cell in cells[len(self.columns) :] if cell.strip()]
            if beyond and width > limits.COLUMNS:
                return Reject(place, "too_many_columns", (("limit", str(limits.COLUMNS)),))
            if beyond:
                value = "; ".join(beyond)
                row.notices.append(Notice("extra_cells", value=value))
                row.extra.append((i18n.text("Beyond the table"), value))
                filled = filled or value
        if not filled:
            return _nothing_read(cells, place)
        if self.spoilt and any("\N{REPLACEMENT CHARACTER}" in cell for cell in cells):
            row.notices.append(Notice("bytes_replaced"))
        if stray_quote:
            row.notices.append(Notice("stray_quote"))
        return self._person(row, cells, place, filled)

    def _person(self, row: _Row, cells: Sequence[str], place: Place, filled: str) -> Entry:
        emailed = any(contact.kind == "email" for contact in row.contacts)
        if (
            not emailed
            and (total := next((cell for cell in cells if cell.strip()), ""))
            and _TOTAL.match(total.strip())
        ):
            return Reject(place, "total_row", (("value", clean(total)[:80]),))
        if normal_header(filled) in self.header and self._repeats_header(cells):
            return Reject(place, "repeated_header")
        values = row.values
        full_name, family, given, additional = self._names(row)
        nickname = values.get("nickname", "")
        if full_name and not (family or given) and is_handle(full_name) and not nickname:
            nickname, full_name = full_name, ""
        organisation = values.get("organisation", "")
        if not (full_name or family or given or additional or nickname or organisation or row.contacts):
            return Reject(place, "no_name_or_contact")
        if values.get("job_title_second"):
            if values.get("job_title"):
                row.extra.append((i18n.text("Profession"), values["job_title_second"]))
            else:
                values["job_title"] = values["job_title_second"]
        self._birthday_by_parts(row)
        too_long = _too_long(row, (full_name, family, given, additional, nickname))
        if too_long:
            return Reject(place, "too_long", too_long)
        return ImportedPerson(
            place=place,
            kind="company" if organisation and not (full_name or family or given or nickname) else "person",
            uid=values.get("uid", ""),
            full_name=full_name,
            name_order=row.order if full_name else "",
            family_name=family,
            given_name=given,
            additional_name=additional,
            prefix=values.get("prefix", ""),
            suffix=values.get("suffix", ""),
            nickname=nickname,
            organisation=organisation,
            department=values.get("department", ""),
            job_title=values.get("job_title", ""),
            city=next((row.city[label] for label in ("", "home", "work", "other") if label in row.city), "")
            or next(iter(row.city.values()), ""),
            birthday=row.birthday,
            birthday_text=row.birthday_text,
            note="\n".join(row.notes),
            tags=tuple(row.tags),
            contacts=tuple(row.contacts),
            addresses=_addresses(row),
            extra_columns=tuple(row.extra),
            consents=tuple(row.consents),
            details=tuple(row.details),
            notices=tuple(row.notices),
        )

    def _repeats_header(self, cells: Sequence[str]) -> bool:
        alike = sum(
            normal_header(cell) == header for cell, header in zip(cells, self.header, strict=False) if cell.strip()
        )
        return alike >= 2 and alike == sum(bool(cell.strip()) for cell in cells)

    @staticmethod
    def _names(row: _Row) -> tuple[str, str, str, str]:
        """Full name and parts. «Имя» alone may hold the whole name: then it is one."""
        values = row.values
        family, given = values.get("family_name", ""), values.get("given_name", "")
        additional = values.get("additional_name", "")
        full_name = row.full_name or " ".join(row.names)
        if not family and not additional and not full_name and " " in given:
            return given, "", "", ""
        return full_name, family, given, additional

    def _birthday_by_parts(self, row: _Row) -> None:
        """Thunderbird keeps year, month and day in columns of their own."""
        month, day = row.values.get("birth_month"), row.values.get("birth_day")
        year = row.values.get("birth_year")
        if row.birthday or not (month or day or year):
            return
        try:
            row.birthday = PartialDate(int(month or ""), int(day or ""), int(year) if year else None)
        except ValueError:
            row.birthday_text = row.birthday_text or ".".join(part for part in (day, month, year) if part)

    # Readers of one cell, by field.

    def read_name(self, row: _Row, column: Column, cell: str) -> None:
        value = " ".join(cell.split()) if "\n" in cell else cell
        if row.values.setdefault(column.field, value) != value:
            row.extra.append((column.header, value))

    def read_full_name(self, row: _Row, column: Column, cell: str) -> None:
        value = " ".join(cell.split())
        if not any(map(str.isalpha, value)) and sum(map(str.isdigit, value)) >= 5:
            self.read_phone(row, column, value)
        elif "@" in value and "." in value.rpartition("@")[2] and " " not in value:
            self.read_email(row, column, value)
        elif not row.full_name:
            row.full_name, row.order = value, column.label
        elif value != row.full_name:
            row.extra.append((column.header, value))

    def read_name_part(self, row: _Row, _column: Column, cell: str) -> None:
        row.names.append(" ".join(cell.split()))

    def read_phone(self, row: _Row, column: Column, cell: str) -> None:
        if cell.casefold() in _NO_CONTACT:
            return
        for phone in phones(cell):
            if _SPOILED.fullmatch(phone):
                row.notices.append(Notice("phone_spoiled", column.header, phone))
            else:
                self._add(row, "phone", phone, column)

    def read_email(self, row: _Row, column: Column, cell: str) -> None:
        if cell.casefold() in _NO_CONTACT:
            return
        for email in emails(cell):
            if "@" in email and column.number not in row.skipped_email:
                self._add(row, "email", email, column)
            else:
                row.notices.append(Notice("not_an_address", column.header, email))
                row.extra.append((column.header, email))

    def read_handle(self, row: _Row, column: Column, cell: str) -> None:
        if cell.casefold() in _NO_CONTACT:
            return
        for handle in cell.replace(":::", "\n").replace(";", "\n").split("\n"):
            if handle.strip():
                kind = column.field if column.field != "site" else links.kind_of_link(handle.strip())
                self._add(row, kind, handle.strip(), column)

    def _add(self, row: _Row, kind: str, value: str, column: Column) -> None:
        label, preferred = column.label, False
        if row.labels and not label:
            written = row.labels.get((column.field, column.number), "")
            label, preferred = label_of(written), written.startswith("*")
        contact = ImportedContact(kind, value, label, preferred)
        if all(value != known.raw or kind != known.kind for known in row.contacts):
            row.contacts.append(contact)

    def read_label(self, row: _Row, column: Column, cell: str) -> None:
        row.labels[column.label, column.number] = cell

    def read_email_type(self, row: _Row, column: Column, cell: str) -> None:
        if cell.upper() in ("EX", "X400"):
            row.skipped_email.add(column.number)

    def read_custom(self, row: _Row, column: Column, cell: str) -> None:
        label = row.labels.get(("custom", column.number), "")
        field = field_of(label)[0].partition(":")[0] if label else ""
        if field in _CONTACTS:
            named = Column(column.index, label, field, "", "")
            _READERS[field](self, row, named, cell)
        else:
            row.extra.append((label or column.header, cell))

    def read_birthday(self, row: _Row, column: Column, cell: str) -> None:
        if cell in dates.EMPTY:
            return
        if row.birthday is not None or row.birthday_text:
            row.extra.append((column.header, cell))
            return
        row.birthday = dates.of_cell(cell, self.order, self.today)
        if row.birthday is None:
            row.birthday_text = cell[: limits.NAME]
            row.notices.append(Notice("bad_date", column.header, cell))
        elif self.guessed_order and dates.ambiguous(cell):
            row.notices.append(Notice("date_order_guessed", column.header, cell))

    def read_city(self, row: _Row, column: Column, cell: str) -> None:
        self.read_address(row, column, cell)
        row.city.setdefault(self._address_label(row, column), cell)

    def read_address(self, row: _Row, column: Column, cell: str) -> None:
        part = row.addresses.setdefault(self._address_label(row, column), {})
        known = part.setdefault(column.field, cell)
        if known == cell:
            return
        if column.field == "street":
            part["street"] = f"{known}\n{cell}"
        else:
            row.extra.append((column.header, cell))

    @staticmethod
    def _address_label(row: _Row, column: Column) -> str:
        if column.label or not column.number or not column.header.casefold().startswith("address"):
            return column.label
        return label_of(row.labels.get(("address", column.number), "")) or f"address {column.number}"

    def read_note(self, row: _Row, _column: Column, cell: str) -> None:
        row.notes.append(cell)

    def read_tags(self, row: _Row, _column: Column, cell: str) -> None:
        for part in re.split(r"[,;\n]|:::", cell):
            tag = part.strip().removeprefix("* ")
            if tag and tag.casefold() not in _SYSTEM_TAGS and tag not in row.tags:
                row.tags.append(tag)

    def read_consent(self, row: _Row, column: Column, cell: str) -> None:
        row.consents.append((column.header, cell))

    def read_extra(self, row: _Row, column: Column, cell: str) -> None:
        header = column.header or i18n.text("Column {number}", number=column.index + 1)
        row.extra.append((header, cell))

    def read_detail(self, row: _Row, column: Column, cell: str) -> None:
        """One value; a word of this program becomes its key, anything else goes on as written."""
        if column.field == "gender" and cell.casefold() in _ROUTINE:
            return
        if column.field == "joined_on":
            day = dates.of_cell(cell, self.order, self.today)
            value = day.iso() if day is not None and day.year else cell
        else:
            value = detail_words.key_of(column.field, cell)
        row.details.append((column.field, value))

    def read_details(self, row: _Row, column: Column, cell: str) -> None:
        """A list in a cell, joined as our own tables join one."""
        row.details.extend((column.field, part.strip()) for part in re.split(r"[,;\n]", cell) if part.strip())

    def read_routine(self, row: _Row, column: Column, cell: str) -> None:
        """Outlook fills these in for everybody; only an unusual value says something."""
        if cell.casefold() not in _ROUTINE:
            row.extra.append((column.header, cell))


def _nothing_read(cells: Sequence[str], place: Place) -> Entry | None:
    """A row whose only filled cells are ignored ones (a number before an empty row) is blank or has no person."""
    shown = [cell for cell in cells if cell.strip() and cell.strip() not in _NOTHING]
    if not shown:
        return None
    return Reject(place, "no_name_or_contact")


def _addresses(row: _Row) -> tuple[ImportedAddress, ...]:
    found = []
    for label, parts in row.addresses.items():
        if set(parts) == {"city"} and row.city:
            continue
        found.append(
            ImportedAddress(
                street=parts.get("street", ""),
                city=parts.get("city", ""),
                region=parts.get("region", ""),
                postcode=parts.get("postcode", ""),
                country=parts.get("country", ""),
                label="" if label.startswith("address ") else label,
            )
        )
    return tuple(found)


def _too_long(row: _Row, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    limit = limits.NAME
    for field, value in row.values.items():
        if len(value) > limit:
            return (("field", field), ("limit", str(limit)))
    if any(len(name) > limit for name in names):
        return (("field", "full_name"), ("limit", str(limit)))
    for contact in row.contacts:
        if len(contact.raw) > (limits.LINK if contact.kind == "site" else limit):
            return (("field", contact.kind), ("limit", str(limit)))
    for parts in row.addresses.values():
        for field, value in parts.items():
            if len(value) > (limits.LINK if field == "street" else limit):
                return (("field", field), ("limit", str(limits.LINK if field == "street" else limit)))
    if any(len(tag) > limit for tag in row.tags):
        return (("field", "tags"), ("limit", str(limit)))
    return ()


_READERS: Final[dict[str, Callable[[RowReader, _Row, Column, str], None]]] = {
    "full_name": RowReader.read_full_name,
    "name_part": RowReader.read_name_part,
    "phone": RowReader.read_phone,
    "email": RowReader.read_email,
    "telegram": RowReader.read_handle,
    "vk": RowReader.read_handle,
    "whatsapp": RowReader.read_handle,
    "max": RowReader.read_handle,
    "site": RowReader.read_handle,
    "label": RowReader.read_label,
    "custom": RowReader.read_custom,
    "email_type": RowReader.read_email_type,
    "birthday": RowReader.read_birthday,
    "city": RowReader.read_city,
    "street": RowReader.read_address,
    "region": RowReader.read_address,
    "postcode": RowReader.read_address,
    "country": RowReader.read_address,
    "note": RowReader.read_note,
    "tags": RowReader.read_tags,
    "consent": RowReader.read_consent,
    "extra": RowReader.read_extra,
    "routine": RowReader.read_routine,
    **dict.fromkeys(ONE_DETAIL, RowReader.read_detail),
    **dict.fromkeys(MANY_DETAILS, RowReader.read_details),
}
