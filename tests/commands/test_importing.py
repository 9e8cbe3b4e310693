"""`krug import` and what stands around it: exit codes, one JSON document, nothing half done."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm.cli import run

CARDS = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Семён Ёлкин\r\nTEL:+7 900 000-00-01\r\nEND:VCARD\r\n"
TABLE = "ФИО;Тел.;Город\r\nИванов Иван Иванович;8 900 000 00 02;Москва\r\nИТОГО: 1;;\r\n"


def krug(*words: str | Path) -> int:
    return run(["--lang", "ru", *map(str, words)])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "a.krug"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    cards, table = tmp_path / "cards.vcf", tmp_path / "list.csv"
    cards.write_text(CARDS, encoding="utf-8", newline="")
    table.write_bytes(TABLE.encode("cp1251"))
    return [cards, table]


def document(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_every_row_is_taken_or_named_and_the_second_run_adds_nothing(
    store: Path, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert krug("--store", store, "import", *files, "--json") == 0
    first = document(capsys)
    assert [(file["read"], file["added"]) for file in first["files"]] == [(1, 1), (2, 1)]
    assert [reject["code"] for reject in first["files"][1]["rejected"]] == ["total_row"]
    for file in first["files"]:
        assert file["read"] == file["added"] + file["updated"] + file["unchanged"] + len(file["rejected"])
    assert first["deed"] == 1
    assert krug("--store", store, "import", *files, "--json") == 0
    second = document(capsys)
    assert [file["added"] for file in second["files"]] == [0, 0]
    assert second["deed"] is None


def test_one_undo_removes_what_an_import_brought(
    store: Path, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    krug("--store", store, "import", *files)
    assert krug("--store", store, "undo") == 0
    capsys.readouterr()
    krug("--store", store, "people", "--json")
    assert document(capsys) == []


def test_a_dry_run_changes_nothing(store: Path, files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert krug("--store", store, "import", *files, "--dry-run", "--json") == 0
    assert document(capsys)["files"][0]["added"] == 1
    krug("--store", store, "people", "--json")
    assert document(capsys) == []


def make_bad(kind: str, folder: Path) -> Path:
    target = folder / "плохой.vcf"
    if kind == "empty":
        target.write_bytes(b"")
    elif kind == "directory":
        target.mkdir()
    elif kind == "picture":
        target.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
    elif kind == "no_rights":
        target.write_text(CARDS, encoding="utf-8")
        target.chmod(0)
    return target


@pytest.mark.parametrize("kind", ["missing", "empty", "directory", "picture", "no_rights"])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_imported(
    kind: str, store: Path, files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "no_rights" and (sys.platform == "win32" or os.geteuid() == 0):
        pytest.skip("rights do not stop root, nor Windows")
    krug("--store", store, "import", files[0])
    before = store.read_bytes()
    bad = make_bad(kind, tmp_path)
    capsys.readouterr()
    assert krug("--store", store, "import", files[1], bad) == 1
    said = capsys.readouterr().err
    assert "плохой.vcf" in said
    assert "Traceback" not in said
    assert store.read_bytes() == before


def test_a_store_that_cannot_be_opened_ends_with_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = tmp_path / "foreign.krug"
    foreign.write_text("не база", encoding="utf-8")
    assert krug("--store", foreign, "people") == 3
    assert krug("--store", tmp_path / "none.krug", "people") == 3
    assert not (tmp_path / "none.krug").exists()
    assert foreign.read_text("utf-8") == "не база"


def test_wrong_usage_ends_with_two(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert krug("--store", store, "import") == 2
    assert krug("--store", store, "no-such-command") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in access lists")
def test_a_store_made_by_an_import_is_private(store: Path, files: list[Path]) -> None:
    krug("--store", store, "import", files[0])
    assert stat.S_IMODE(store.stat().st_mode) == 0o600


SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


@pytest.mark.outside
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files stand beside the project, not in it")
def test_every_sample_is_taken_or_named_and_the_second_run_adds_nothing(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = [*sorted((SAMPLES / "vcard").glob("*.vcf")), *sorted((SAMPLES / "csv").glob("*.csv"))]
    assert krug("--store", store, "import", *samples, "--json") == 0
    first = document(capsys)
    assert len(first["files"]) == len(samples)
    assert sum(file["read"] for file in first["files"]) > 90
    for file in first["files"]:
        assert file["read"] == file["added"] + file["updated"] + file["unchanged"] + len(file["rejected"])
    assert krug("--store", store, "import", *samples, "--json") == 0
    second = document(capsys)
    assert [(file["file"], file["added"], file["updated"]) for file in second["files"]] == [
        (file["file"], 0, 0) for file in second["files"]
    ]
    krug("--store", store, "undo", "--json")
    capsys.readouterr()
    krug("--store", store, "people", "--json")
    assert document(capsys) == []


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from crm.cli import run
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit stands for a full disk where the system has it")
def test_a_full_disk_is_said_and_the_store_stays_as_it_was(
    store: Path, files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    krug("--store", store, "import", files[0])
    long = tmp_path / "long.csv"
    rows = "".join(f"Иванов{n} Иван;8 900 {n:07};Город {n}\r\n" for n in range(5000))
    long.write_text("ФИО;Тел.;Город\r\n" + rows, encoding="utf-8")
    limit = str(store.stat().st_size + 400_000)
    words = ["--lang", "ru", "--store", str(store), "import", str(long)]
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, limit, *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "Диск заполнен" in ended.stderr
    assert "Traceback" not in ended.stderr
    capsys.readouterr()
    krug("--store", store, "people", "--json")
    assert [person["family_name"] for person in document(capsys)] == ["Ёлкин"]
    assert krug("--store", store, "import", long) == 0
