"""B6, B7, B8: people in from cards and tables, and out into them, each beside a library that only reads or writes."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crm.export.people import columns, usual_keys, write_people
from crm.export.vcard import write_vcards
from crm.i18n import phrase
from crm.importing.sources import open_sources
from crm.services import custom_fields, importing, people
from crm.store.search import find
from crm.store.workspace import Workspace
from tests.bench import large
from tests.bench.large import CLOCK
from tests.bench.row import Row

FEW, MANY, SHEET = 10_000, 100_000, 20_000
TABLE_SECONDS = 12.0
_HEADINGS = ("Фамилия", "Имя", "Телефон", "E-mail", "Организация", "Город", "Теги")


def measure_cards(store: Path) -> list[Row]:
    """B6: cards with a phone, an e-mail, a tag and a birthday; the floor parses the same file with vobject."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number in (min(FEW, large.PEOPLE), min(MANY, large.PEOPLE)):
            file = Path(folder) / f"{number}.vcf"
            file.write_text("".join(_card(place) for place in range(number)), "utf-8")
            floor = _timed(lambda file=file: _parse(file))
            ours = _timed(lambda file=file, number=number: _bring_in(file, number))
            rows.append(
                Row("B6", f"import of {number:,} vCards", ours, "s", "≤ ¼ of vobject's parse", ours <= floor / 4, floor)
            )
    return rows


def measure_tables(store: Path) -> list[Row]:
    """B7: a hundred thousand rows of CSV, twenty thousand of a workbook; the floors only read them."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        number = min(MANY, large.PEOPLE)
        file = Path(folder) / "people.csv"
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, delimiter=";")
            writer.writerow(_HEADINGS)
            writer.writerows(_row(place) for place in range(number))
        floor = _timed(lambda: _read_csv(file))
        ours = _timed(lambda: _bring_in(file, number))
        rows.append(
            Row("B7", f"import of {number:,} rows of CSV", ours, "s", f"≤ {TABLE_SECONDS:.0f} s", ours <= 12, floor)
        )
        number = min(SHEET, large.PEOPLE)
        book = Path(folder) / "people.xlsx"
        _write_book(book, number)
        floor = _timed(lambda: _read_book(book))
        ours = _timed(lambda: _bring_in(book, number))
        rows.append(
            Row("B7", f"import of {number:,} rows of XLSX", ours, "s", "≤ 2× its read", ours <= 2 * floor, floor)
        )
    return rows


def measure_out(store: Path) -> list[Row]:
    """B8: everybody as cards and as a workbook; the floors serialise the same with vobject and openpyxl alone."""
    with Workspace.open(store, CLOCK) as workspace, tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        ids = workspace.read(lambda s: list(find(s, "").ids))
        began = time.perf_counter()
        cards = workspace.read(lambda s: list(people.cards(s, ids)))
        reading = time.perf_counter() - began
        fields = workspace.read(custom_fields.fields)
        number = len(cards)
        one = _timed(lambda: write_vcards(cards, target / "ours.vcf", clock=CLOCK))
        two = reading + _timed(lambda: write_vcards(cards, target / "two.vcf", processes=2, clock=CLOCK))
        floor = _serialise(target / "ours.vcf")
        known = [column.cell for column in columns(fields) if column.key in usual_keys(fields)]
        rows = [[cell(card) for cell in known] for card in cards]
        plain = _timed(lambda: _write_plain(target / "plain.xlsx", rows))
        sheet = _timed(lambda: write_people(cards, target / "ours.xlsx", "xlsx", fields=fields))
    return [
        Row("B8", f"export of {number:,} vCards, one process", one, "s", "≤ 1.2×", one <= 1.2 * floor, floor),
        Row("B8", f"export of {number:,} vCards, two, with reading", two, "s", "≤ 11.9 s", two <= 11.9),
        Row("B8", f"export of {number:,} rows of XLSX", sheet, "s", "≤ 1.3×", sheet <= 1.3 * plain, plain),
    ]


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _bring_in(file: Path, number: int) -> None:
    """The whole way: read in a child, matched, journaled, searchable, in an empty community."""
    with tempfile.TemporaryDirectory() as folder, Workspace.create(Path(folder) / "new.krug", CLOCK) as workspace:
        done = workspace.write(
            phrase("Import of {file}", file=file.name),
            lambda s: importing.import_people(s, open_sources([file], None, importing.silent, CLOCK), CLOCK),
        )
        if done.value.added != number:
            raise RuntimeError(f"{done.value.added} of {number} came in")


def _card(number: int) -> str:
    family, given = _name(number)
    return (
        "BEGIN:VCARD\r\nVERSION:3.0\r\n"
        f"N:{family};{given};;;\r\nFN:{given} {family}\r\n"
        f"TEL;TYPE=CELL:+7900{number:07}\r\nEMAIL:p{number}@example.com\r\n"
        f"CATEGORIES:{'спикер' if number % 3 else 'гость'}\r\nBDAY:1990-{number % 12 + 1:02}-{number % 28 + 1:02}\r\n"
        "END:VCARD\r\n"
    )


def _row(number: int) -> tuple[str, ...]:
    family, given = _name(number)
    phone = f"+7900{number:07}"
    return family, given, phone, f"p{number}@example.com", f"ООО «Ладога {number % 900}»", "Казань", "спикер"


def _name(number: int) -> tuple[str, str]:
    chance = random.Random(number)
    return f"Иван{''.join(chance.choices('абвгдежзиклмн', k=5))}ов", chance.choice(("Анна", "Пётр", "Юлия", "Олег"))


def _parse(file: Path) -> None:
    import vobject

    for _ in vobject.readComponents(file.read_text("utf-8")):
        pass


def _serialise(source: Path) -> float:
    """Seconds vobject takes to write the cards of `source`, which it has read before."""
    import vobject

    cards = list(vobject.readComponents(source.read_text("utf-8")))
    began = time.perf_counter()
    for card in cards:
        card.serialize()
    return time.perf_counter() - began


def _read_csv(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        for _ in csv.reader(source, delimiter=";"):
            pass


def _write_book(file: Path, number: int) -> None:
    _write_plain(file, [_HEADINGS, *(_row(place) for place in range(number))])


def _write_plain(file: Path, rows: list[Any]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Лист1")
    for row in rows:
        sheet.append([_plain(value) for value in row])
    book.save(file)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _read_book(file: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    book.close()
