"""Exported files are whole or absent (P10) and readable by their owner only (T18)."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crm.export import whole_file as room
from crm.export.whole_file import (
    DiskFull,
    FolderMissing,
    NoRights,
    TargetBusy,
    TargetIsDirectory,
    whole_file,
)
from tests.support.forks import Say, finished, killed


def _write(target: Path, content: bytes) -> None:
    with whole_file(target) as file:
        file.write(content)


def _write_half(target: Path) -> None:
    with whole_file(target) as file:
        file.write(b"half")
        raise RuntimeError


def _left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole_and_private(tmp_path):
    _write(tmp_path / "люди.csv", b"new")
    assert (tmp_path / "люди.csv").read_bytes() == b"new"
    assert _left_over(tmp_path) == ["люди.csv"]
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "люди.csv").stat().st_mode) == 0o600


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        _write_half(target)
    assert target.read_bytes() == b"old"
    assert _left_over(tmp_path) == ["a.csv"]


def test_a_folder_in_the_way_and_a_missing_folder_are_named(tmp_path):
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(TargetIsDirectory, match=r"a\.pdf"):
        _write(tmp_path / "a.pdf", b"x")
    with pytest.raises(FolderMissing, match="нет такой"):
        _write(tmp_path / "нет такой" / "b.pdf", b"x")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EFBIG, DiskFull),
        (errno.EACCES, NoRights),
        (errno.EROFS, NoRights),
        (errno.EBUSY, TargetBusy),
        (errno.EIO, room.NotWritten),
    ],
)
def test_what_the_system_says_becomes_a_sentence_naming_the_file(tmp_path, number, kind):
    target = tmp_path / "отчёт.pdf"
    target.write_bytes(b"old")
    with pytest.raises(room.NotWritten, match=r"отчёт\.pdf") as caught, whole_file(target):
        raise OSError(number, os.strerror(number))
    assert type(caught.value) is kind
    assert target.read_bytes() == b"old"
    assert _left_over(tmp_path) == ["отчёт.pdf"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_named(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(NoRights, match="closed"):
        _write(folder / "a.csv", b"x")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file size there")
def test_p10_a_really_full_disk_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "from crm.export.whole_file import DiskFull, whole_file\n"
        "try:\n"
        "    with whole_file(sys.argv[1]) as file:\n"
        "        file.write(b'x' * 200_000)\n"
        "except DiskFull:\n"
        "    sys.exit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, target], check=False).returncode == 7
    assert target.read_bytes() == b"old"
    assert _left_over(tmp_path) == ["a.bin"]


@pytest.mark.skipif(sys.platform == "win32", reason="kill is another thing there")
def test_p10_killed_while_writing_the_target_is_old_or_new_whole_and_the_next_one_sweeps(tmp_path):
    target = tmp_path / "a.bin"
    whole = [bytes([number]) * 300_000 for number in (1, 2)]
    target.write_bytes(whole[0])

    def write(say: Say) -> None:
        say("on")
        while True:
            for content in whole:
                with whole_file(target) as file:
                    for start in range(0, len(content), 1000):
                        file.write(content[start : start + 1000])

    left = 0
    for turn in range(12):
        assert killed(write, turn * 0.0013).code == -signal.SIGKILL
        assert target.read_bytes() in whole
        left += len(_left_over(tmp_path)) - 1
        _write(target, whole[0])
        assert _left_over(tmp_path) == ["a.bin"]
    assert left


def test_p10_only_what_nobody_writes_any_more_is_swept(tmp_path):
    child = finished(lambda _: None) if hasattr(os, "fork") else None
    other, here = "00000000", room._computer()
    ours, foreign = f".a.csv.{here}-{os.getpid()}-abcdefgh.part", f".a.csv.{other}-1-abcdefgh.part"
    stay = [ours, foreign, ".a.csv.part", ".notes.part", "a.part"]
    old = f".b.csv.{other}-1-12345678.part"
    for name in (*stay, old):
        (tmp_path / name).write_bytes(b"half")
    os.utime(tmp_path / old, (1, 1))
    os.utime(tmp_path / ".notes.part", (1, 1))
    if child is not None:
        (tmp_path / f".a.csv.{here}-{child.process}-abcdefgh.part").write_bytes(b"half")
    _write(tmp_path / "c.csv", b"new")
    assert _left_over(tmp_path) == sorted([*stay, "c.csv"])


@pytest.mark.skipif(sys.platform == "win32", reason="a file that may only be read is another thing there")
def test_p10_an_older_file_that_may_only_be_read_is_replaced_where_the_folder_allows(tmp_path):
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    target.chmod(0o400)
    _write(target, b"new")
    assert target.read_bytes() == b"new"


def test_p10_a_file_held_open_by_another_program_is_named_and_untouched(tmp_path, monkeypatch):
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")

    def held(*_: object) -> Path:
        # What Windows says of a file that Excel has open.
        error = PermissionError(errno.EACCES, "used by another process")
        error.winerror = 32
        raise error

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(TargetBusy, match=r"a\.xlsx"):
        _write(target, b"new")
    assert target.read_bytes() == b"old"
    assert _left_over(tmp_path) == ["a.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="a reader holds nothing there")
def test_p10_who_reads_the_older_file_meanwhile_reads_it_to_its_end(tmp_path):
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with target.open("rb") as reader:
        _write(target, b"new")
        assert reader.read() == b"old"
    assert target.read_bytes() == b"new"


def test_a_link_is_followed_not_replaced(tmp_path):
    real = tmp_path / "real.csv"
    real.write_bytes(b"old")
    link = tmp_path / "link.csv"
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("links are not allowed here")
    _write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
