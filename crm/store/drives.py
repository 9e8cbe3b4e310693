"""Network drives, as the system itself lists them: mounts on Linux and macOS, drive types and shares on Windows."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath
from typing import Final

from crm.store.place import Place

_NETWORK: Final = frozenset(
    (
        "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afpfs", "afs", "webdav", "davfs", "9p",
        "ceph", "glusterfs", "lustre", "gfs2", "ocfs2", "beegfs", "vboxsf", "prl_fs", "fuse.sshfs", "sshfs",
        "fuse.davfs", "fuse.davfs2", "fuse.ceph", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.kio-fuse",
        "fuse.smbnetfs", "fuse.curlftpfs", "fuse.vmhgfs-fuse", "fuse.s3fs", "macfuse.sshfs",
    )
)  # fmt: skip
_CLOUDS: Final = {
    "fuse.rclone": "rclone",
    "fuse.google-drive-ocamlfuse": "Google Drive",
    "fuse.onedriver": "OneDrive",
    "fuse.onedrive": "OneDrive",
    "fuse.pcloud": "pCloud",
    "fuse.pcloud.fs": "pCloud",
    "fuse.insync": "Google Drive",
}
_REMOTE: Final = 4
"""DRIVE_REMOTE of GetDriveTypeW."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the system's table: where, what sort of file system, and what is mounted there."""

    point: str
    sort: str
    what: str


def of_network(path: Path) -> Place:
    """The network drive that holds `path`; a plain disk where the system says nothing else."""
    if sys.platform == "win32":
        return of_windows(PureWindowsPath(path), _drive_type, _volume_name)
    return of_mounts(path, _mac_mounts(path) if sys.platform == "darwin" else _linux_mounts())


def of_mounts(path: PurePath, mounts: Iterable[Mount]) -> Place:
    """The place of `path` among `mounts`: the longest mount above it counts, and of two on one point the later."""
    nearest: Mount | None = None
    for mount in mounts:
        inside = path.is_relative_to(mount.point)
        if inside and (nearest is None or len(mount.point) >= len(nearest.point)):
            nearest = mount
    if nearest is None:
        return Place()
    if cloud := _CLOUDS.get(nearest.sort):
        return Place("cloud", cloud)
    return Place("network", nearest.what or nearest.point) if nearest.sort in _NETWORK else Place()


def of_windows(path: PureWindowsPath, drive_type: Callable[[str], int], volume_name: Callable[[str], str]) -> Place:
    """The place of a path of Windows: a share by its name or its letter, a cloud's own drive by its label."""
    drive = path.drive.replace("/", "\\")
    if drive.upper().startswith("\\\\?\\UNC\\"):
        return Place("network", "\\\\" + drive[8:])
    drive = drive.removeprefix("\\\\?\\").removeprefix("\\\\.\\")
    if drive.startswith("\\\\"):
        return Place("network", drive)
    if len(drive) != 2:
        return Place()
    root = drive + "\\"
    if drive_type(root) == _REMOTE:
        return Place("network", drive)
    label = volume_name(root).casefold()
    return Place("cloud", "Google Drive") if label == "google drive" else Place()


def read_mountinfo(text: str) -> list[Mount]:
    """The mounts of `/proc/self/mountinfo`, in its order."""
    found = []
    for line in text.splitlines():
        before, dash, after = line.partition(" - ")
        left, right = before.split(" "), after.split(" ")
        if dash and len(left) > 4 and len(right) > 1:
            found.append(Mount(_unescaped(left[4]), right[0], _unescaped(right[1])))
    return found


def read_mac_mounts(text: str) -> list[Mount]:
    """The mounts that `mount` of macOS prints: «//anna@server/share on /Volumes/share (smbfs, nodev)»."""
    found = []
    for line in text.splitlines():
        told = re.fullmatch(r"(.+?) on (/.*) \(([^,)]+).*\)", line)
        if told is not None:
            found.append(Mount(told[2], told[3], told[1]))
    return found


def _unescaped(word: str) -> str:
    r"""A word of mountinfo: blanks and the like stand there as `\040`, each byte for itself."""
    octal = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), word.encode("utf-8", "surrogateescape"))
    return octal.decode("utf-8", "surrogateescape")


def _linux_mounts() -> list[Mount]:
    with contextlib.suppress(OSError):
        return read_mountinfo(Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))
    return []


def _mac_mounts(path: Path) -> list[Mount]:
    # What lies on the disk of the home folder needs no table; asking the system costs a process.
    with contextlib.suppress(OSError):
        there = next((folder for folder in path.parents if folder.exists()), None)
        if there is None or there.stat().st_dev == Path.home().stat().st_dev:
            return []
    import subprocess

    with contextlib.suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run(["/sbin/mount"], capture_output=True, timeout=5, check=True)
        return read_mac_mounts(told.stdout.decode("utf-8", "replace"))
    return []


def _drive_type(root: str) -> int:
    import ctypes

    library = getattr(ctypes, "windll", None)
    return int(library.kernel32.GetDriveTypeW(ctypes.c_wchar_p(root))) if library is not None else 0


def _volume_name(root: str) -> str:
    import ctypes

    library = getattr(ctypes, "windll", None)
    if library is None:
        return ""
    name = ctypes.create_unicode_buffer(261)
    filled = library.kernel32.GetVolumeInformationW(ctypes.c_wchar_p(root), name, 261, None, None, None, None, 0)
    return name.value if filled else ""
