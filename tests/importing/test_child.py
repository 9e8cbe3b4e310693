"""Reading in a process of its own gives what reading here gives, stops when told, and survives its own death."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import openpyxl
import pytest

from crm.errors import Cancelled
from crm.importing import child, reading
from crm.importing.errors import SuspiciousArchive, TookTooLong
from tests.importing.makers import NOW, card


def workbook(folder: Path, rows: int) -> Path:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["ФИО", "Телефон"])
    for number in range(rows):
        made.worksheets[0].append([f"Иванов Иван {number}", f"8900{number:07}"])
    path = folder / "list.xlsx"
    made.save(path)
    return path


def test_a_child_process_reads_the_same_as_this_one(tmp_path: Path) -> None:
    path = workbook(tmp_path, 1000)
    here = reading.read_people(path, clock=NOW)
    there = reading.collected(child.open_people(path, clock=NOW))
    assert there == here
    assert len(there.people) == 1000
    assert multiprocessing.active_children() == []


def test_a_stop_ends_the_child(tmp_path: Path) -> None:
    calls = 0

    def report(_position: int, _size: int) -> None:
        nonlocal calls
        calls += 1
        raise Cancelled

    with pytest.raises(Cancelled):
        reading.collected(child.open_people(workbook(tmp_path, 1000), report=report, clock=NOW))
    assert calls == 1
    assert multiprocessing.active_children() == []


def test_leaving_early_ends_the_child(tmp_path: Path) -> None:
    stream = child.open_people(workbook(tmp_path, 3000), clock=NOW)
    next(stream.entries)
    stream.close()
    assert multiprocessing.active_children() == []


def test_what_stops_the_file_in_the_child_is_raised_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, 1)
    import zipfile

    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(30_000_000))
    with pytest.raises(SuspiciousArchive) as problem:
        child.open_people(path, clock=NOW)
    assert problem.value.details == {"file": "list.xlsx"}


def test_a_child_that_dies_is_an_error_not_a_hang(tmp_path: Path) -> None:
    stream = child.open_people(workbook(tmp_path, 3000), clock=NOW)
    next(stream.entries)
    for process in multiprocessing.active_children():
        process.kill()
    with pytest.raises(TookTooLong):
        list(stream.entries)


def test_small_plain_files_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(card("FN:A"))
    monkeypatch.setattr(child, "_spawned", None)
    told: list[tuple[int, int]] = []
    read = reading.collected(child.open_people(path, report=lambda *step: told.append(step), clock=NOW))
    assert [one.full_name for one in read.people] == ["A"]
    assert told[-1][0] == told[-1][1] > 0
