"""B11: the undo of an import of 10,000 people beside the import itself, in a community of 100,000."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from crm.i18n import phrase
from crm.importing.sources import open_sources
from crm.models import ContactPoint, Person
from crm.services import importing
from crm.store.workspace import Workspace
from tests.bench.large import CLOCK, copied
from tests.bench.row import Row, median

PEOPLE = 10_000
RUNS = 3
_HEADINGS = ("Фамилия", "Имя", "Телефон", "E-mail", "Организация", "Должность", "Город", "Теги", "Заметка")


def measure(store: Path) -> list[Row]:
    """Import a table and turn it back, a few times over; the middle of both."""
    imports, undos = [], []
    with copied(store) as copy, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "guests.csv"
        _write(file)
        with Workspace.open(copy, CLOCK) as workspace:
            before = workspace.read(_counts)
            for _ in range(RUNS):
                began = time.perf_counter()
                done = workspace.write(
                    phrase("Import of {file}", file=file.name),
                    lambda s: importing.import_people(s, open_sources([file], None, importing.silent, CLOCK), CLOCK),
                )
                imports.append(time.perf_counter() - began)
                if done.value.added != PEOPLE:
                    raise RuntimeError(f"{done.value.added} of {PEOPLE} came in")
                began = time.perf_counter()
                workspace.undo(done.deed)
                undos.append(time.perf_counter() - began)
                if workspace.read(_counts) != before:
                    raise RuntimeError("the undo left something behind")
    ours, floor = median(undos), median(imports)
    work = f"undo of an import of {PEOPLE:,} people"
    return [Row("B11", work, ours, "s", "≤ 1× the import", ours <= floor, floor)]


def _counts(session: Any) -> tuple[int, ...]:
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Person, ContactPoint))


def _write(file: Path) -> None:
    chance = random.Random(11)
    with file.open("w", encoding="utf-8", newline="") as target:
        table = csv.writer(target)
        table.writerow(_HEADINGS)
        for number in range(PEOPLE):
            table.writerow(
                (
                    f"Новосёлов{number}",
                    chance.choice(("Пётр", "Алёна", "Семён", "Анна")),
                    f"+7 955 {number // 10_000:03} {number // 100 % 100:02} {number % 100:02}",
                    f"newcomer{number}@example.com",
                    f"Завод № {chance.randrange(400)}",
                    "инженер",
                    chance.choice(("Тула", "Орёл", "Казань")),
                    chance.choice(("спикер", "новые", "")),
                    "пришёл с выставки",
                )
            )
