"""P11: a store beside a cloud's program or on a network drive is known, warned of, and saved the careful way."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.i18n import phrase
from crm.store import clouds, drives, folders
from crm.store.key import Key
from crm.store.place import Place
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

STORE = "community.krug"
CLOUDS = {
    "OneDrive": "OneDrive",
    "OneDrive - Ладога Банк": "OneDrive",
    "Dropbox": "Dropbox",
    "Dropbox (Личный)": "Dropbox",
    "Google Drive": "Google Drive",
    "GoogleDrive": "Google Drive",
    "Yandex.Disk": "Яндекс Диск",
    "YandexDisk": "Яндекс Диск",
    "Яндекс.Диск": "Яндекс Диск",
    "Яндекс Диск": "Яндекс Диск",
    "Yandex.Disk.localized": "Яндекс Диск",
    "iCloudDrive": "iCloud Drive",
    "Облако Mail.ru": "Облако Mail",
    "Nextcloud": "Nextcloud",
    "pCloud Drive": "pCloud",
}
MAC = {
    "/Users/anna/Library/Mobile Documents/com~apple~CloudDocs/Круг/c.krug": "iCloud Drive",
    "/Users/anna/Library/CloudStorage/OneDrive-Personal/c.krug": "OneDrive",
    "/Users/anna/Library/CloudStorage/GoogleDrive-anna@example.com/Мой диск/c.krug": "CloudStorage",
    "/Users/anna/Library/CloudStorage/Unheard/c.krug": "CloudStorage",
}
MOUNTS = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
30 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
41 30 0:45 / /mnt/office rw,relatime shared:2 - cifs //server/Общая\040папка rw,vers=3.0
42 30 0:46 / /mnt/with\040blank rw,relatime - nfs4 nas:/export rw
43 30 0:47 / /home/anna/remote rw - fuse.sshfs anna@host: rw
44 30 0:48 / /home/anna/Диск rw - fuse.rclone yandex: rw
45 30 8:2 / /mnt/officer rw - ext4 /dev/sdb1 rw
46 41 8:3 / /mnt/office/local rw - xfs /dev/sdc1 rw
"""
MAC_MOUNTS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//anna@server/share on /Volumes/Общая папка (smbfs, nodev, nosuid, mounted by anna)
"""


@pytest.mark.parametrize(("name", "cloud"), CLOUDS.items())
def test_p11_a_clouds_folder_is_known_by_its_name_at_any_depth(tmp_path: Path, name: str, cloud: str) -> None:
    for written in (name, name.upper()):
        assert clouds.of_cloud(tmp_path / written / "Работа" / STORE, {}) == Place("cloud", cloud)


@pytest.mark.parametrize(
    "name", ["OneDriver", "Мой Dropboxer", "Диск", "Mega fest", "Box", "disk", "Яндекс", "Google", "onedrive.krug"]
)
def test_p11_an_ordinary_folder_is_not_taken_for_a_clouds(tmp_path: Path, name: str) -> None:
    assert clouds.of_cloud(tmp_path / name / STORE, {}) == Place()


def test_p11_the_file_itself_may_be_called_like_a_cloud(tmp_path: Path) -> None:
    assert clouds.of_cloud(tmp_path / "Dropbox", {}) == Place()


@pytest.mark.parametrize(("path", "cloud"), MAC.items())
def test_p11_the_folders_of_macos_are_known(path: str, cloud: str) -> None:
    assert clouds.of_cloud(Path(path), {}).kind == "cloud"
    assert cloud in (clouds.of_cloud(Path(path), {}).name, "CloudStorage")


def test_p11_a_cloud_under_another_name_is_known_by_what_its_program_wrote_down(tmp_path: Path) -> None:
    moved = tmp_path / "Документы"
    assert clouds.of_cloud(moved / STORE, {"OneDriveCommercial": str(moved)}) == Place("cloud", "OneDrive")
    assert clouds.of_cloud(tmp_path / STORE, {"OneDriveCommercial": str(moved)}) == Place()
    home = tmp_path / "home"
    (home / ".dropbox").mkdir(parents=True)
    (home / ".dropbox" / "info.json").write_text(json.dumps({"personal": {"path": str(moved), "host": 1}}), "utf-8")
    assert clouds.of_cloud(moved / "a" / STORE, {"HOME": str(home)}) == Place("cloud", "Dropbox")
    assert clouds.of_cloud(home / STORE, {"HOME": str(home)}) == Place(), "its settings lie here, nothing is copied"
    (home / ".config" / "yandex-disk").mkdir(parents=True)
    (home / ".config" / "yandex-disk" / "config.cfg").write_text(f'auth="x"\ndir="{tmp_path / "д"}"\n', "utf-8")
    assert clouds.of_cloud(tmp_path / "д" / STORE, {"HOME": str(home)}) == Place("cloud", "Яндекс Диск")


@pytest.mark.parametrize(
    "note", ["", "{", "[]", '{"personal": 1}', '{"personal": {"path": null}}', '{"a": {"path": ""}}']
)
def test_p11_notes_of_other_programs_that_do_not_read_trouble_nobody(tmp_path: Path, note: str) -> None:
    (tmp_path / ".dropbox").mkdir()
    (tmp_path / ".dropbox" / "info.json").write_text(note, "utf-8")
    assert clouds.of_cloud(tmp_path / STORE, {"HOME": str(tmp_path), "OneDrive": ""}) == Place()


@pytest.mark.parametrize(
    ("mark", "cloud"),
    [(".dropbox.cache/x", "Dropbox"), (".tmp.driveupload/x", "Google Drive"), (".dropbox", "Dropbox")],
)
def test_p11_a_cloud_is_known_by_the_mark_it_leaves(tmp_path: Path, mark: str, cloud: str) -> None:
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).touch()
    assert clouds.of_cloud(tmp_path / "люди" / STORE, {}) == Place("cloud", cloud)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/home/anna/c.krug", Place()),
        ("/mnt/office/c.krug", Place("network", "//server/Общая папка")),
        ("/mnt/officer/c.krug", Place()),
        ("/mnt/office/local/c.krug", Place()),
        ("/mnt/with blank/a/c.krug", Place("network", "nas:/export")),
        ("/home/anna/remote/c.krug", Place("network", "anna@host:")),
        ("/home/anna/Диск/c.krug", Place("cloud", "rclone")),
    ],
)
def test_p11_network_drives_are_known_by_the_table_of_mounts(path: str, place: Place) -> None:
    assert drives.of_mounts(PurePosixPath(path), drives.read_mountinfo(MOUNTS)) == place


def test_p11_this_computers_own_table_of_mounts_reads() -> None:
    mounts = drives.read_mac_mounts(MAC_MOUNTS)
    assert drives.of_mounts(PurePosixPath("/Volumes/Общая папка/c.krug"), mounts) == Place(
        "network", "//anna@server/share"
    )
    assert drives.of_mounts(PurePosixPath("/Users/anna/c.krug"), mounts) == Place()
    assert drives.of_mounts(PurePosixPath("/c.krug"), []) == Place()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"\\server\share\c.krug", "network"),
        (r"\\?\UNC\server\share\c.krug", "network"),
        (r"Z:\c.krug", "network"),
        (r"G:\Мой диск\c.krug", "cloud"),
        (r"C:\Users\anna\c.krug", "disk"),
        (r"\\?\C:\Users\anna\c.krug", "disk"),
        (r"c.krug", "disk"),
    ],
)
def test_p11_shares_and_letters_of_windows_are_known(path: str, kind: str) -> None:
    place = drives.of_windows(
        PureWindowsPath(path),
        lambda root: 4 if root == "Z:\\" else 3,
        lambda root: "Google Drive" if root == "G:\\" else "Windows",
    )
    assert place.kind == kind


def test_p11_a_link_into_a_clouds_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    try:
        (tmp_path / "люди").symlink_to(tmp_path / "Dropbox", target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    assert folders.kind_of(tmp_path / "люди" / STORE).name == "Dropbox"


def test_p11_sources_are_asked_in_turn_and_what_is_found_has_its_warning(tmp_path: Path) -> None:
    share = Place("network", "//s/a")
    assert folders.kind_of(tmp_path, (lambda _: Place(), lambda _: share)) == share
    assert folders.kind_of(tmp_path, ()) == Place()
    said = folders.warning_of(share)
    assert said is not None
    assert "//s/a" in said.text()
    cloud = folders.warning_of(Place("cloud", "OneDrive"))
    assert cloud is not None
    assert "OneDrive" in cloud.text()
    assert "152-ФЗ" in cloud.text()
    assert folders.warning_of(Place()) is None


def _people(session: Session) -> int:
    return int(session.connection().exec_driver_sql("SELECT count(*) FROM person").scalar_one())


def _mode(session: Session) -> tuple[str, int]:
    connection = session.connection()
    return (
        str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()),
        int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one()),
    )


@pytest.mark.parametrize("secret", [None, lambda salt: Key(b"one".ljust(32, b"."), salt)], ids=["plain", "encrypted"])
def test_p11_a_store_changes_its_mode_with_its_folder_and_loses_nothing(tmp_path: Path, clock: Clock, secret) -> None:
    here, there = tmp_path / "Стол", tmp_path / "OneDrive"
    with Workspace.create(here / STORE, clock, secret=secret) as workspace:
        assert workspace.read(_mode) == ("wal", 2)
        workspace.write(phrase("A"), lambda session: makers.person(session, NOON, "Раз"))
    for turn, (before, after, mode) in enumerate(((here, there, ("delete", 3)), (there, here, ("wal", 2)))):
        after.mkdir(exist_ok=True)
        (before / STORE).rename(after / STORE)
        with Workspace.open(after / STORE, clock, secret) as workspace:
            assert workspace.place.shared is (mode[0] == "delete")
            assert workspace.read(_mode) == mode
            workspace.write(phrase("B"), lambda session, turn=turn: makers.person(session, NOON, f"Имя{turn}"))
            assert (after / f"{STORE}-wal").exists() is (mode[0] == "wal")
            assert workspace.read(_people) == 2 + turn


def test_p11_a_log_left_by_a_kill_is_taken_in_when_the_folder_became_a_clouds(tmp_path: Path, clock: Clock) -> None:
    here, there = tmp_path / "Стол", tmp_path / "Dropbox"
    there.mkdir()
    with Workspace.create(here / STORE, clock) as workspace:
        workspace.write(phrase("A"), lambda session: makers.person(session, NOON, "Раз"))
        # What a killed program leaves: the file and its log, as they stand.
        for suffix in ("", "-wal"):
            (there / (STORE + suffix)).write_bytes((here / (STORE + suffix)).read_bytes())
    assert (there / f"{STORE}-wal").stat().st_size > 0
    with Workspace.open(there / STORE, clock) as workspace:
        assert workspace.read(_mode) == ("delete", 3)
        assert not (there / f"{STORE}-wal").exists()
        found = workspace.read(
            lambda s: s.connection().exec_driver_sql("SELECT family_name FROM person").scalars().all()
        )
    assert found == ["Раз"]
