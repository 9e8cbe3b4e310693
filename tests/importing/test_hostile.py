"""T9 and the promise «never hangs»: inputs made to be slow stay linear. Bounds are loose; a hang is minutes."""

from __future__ import annotations

from time import process_time

import pytest

from crm.importing import tables
from crm.importing.dates import of_cell
from crm.importing.rows import ImportedPerson
from crm.importing.tables import Record
from tests.importing.makers import TODAY, card, entries

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "line",
    [
        "FN" + ";A=b" * 26 + " x",
        "FN" + ";A=b" * 200_000 + ":x",
        'TEL;TYPE="' + ",a" * 200_000 + ":1",
        "X" + '"' * 500_000 + ":1",
        "NOTE:" + "\\" * 900_000,
        "N:" + ";" * 900_000,
        "CATEGORIES:" + "a" * 900_000,
        "NOTE;ENCODING=QUOTED-PRINTABLE:" + "=" * 900_000,
        "QUOTED-PRINTABLE" * 50_000,
        "BDAY:1 января" + " " * 100_000 + "x",
        "AGENT:\r\n" + "BEGIN:VCARD\r\n" * 50_000,
        "\r\n ".join(["NOTE:a"] * 100_000),
        "g." * 400_000 + "FN:x",
    ],
    ids=lambda line: line[:12].strip(),
)
def test_t9_no_line_of_a_card_takes_more_than_its_length(line: str) -> None:
    started = process_time()
    found = entries(card("FN:Анна", line) + card("FN:Олег"))
    assert process_time() - started < 2
    assert any(isinstance(one, ImportedPerson) and one.full_name == "Олег" for one in found)


@pytest.mark.parametrize(
    "text",
    [
        '"' * MEGABYTE,
        '"\n' * (MEGABYTE // 4),
        'a;"b\n' * (MEGABYTE // 10),
        '"a\n' + "b;c\n" * (MEGABYTE // 8),
        ";" * MEGABYTE,
    ],
    ids=["quotes", "quote lines", "open cells", "open file", "delimiters"],
)
def test_no_table_takes_more_than_its_length(text: str) -> None:
    started = process_time()
    read: list[Record] = list(tables.records("Имя;Город\n" + text, ";", 2))
    assert process_time() - started < 3
    assert read


def test_no_date_takes_more_than_its_length() -> None:
    started = process_time()
    assert of_cell("1 янв" + " -" * MEGABYTE, "dmy", TODAY) is None
    assert process_time() - started < 1
