"""Folders that a cloud copies: known by their name, by what its program wrote down, or by its mark inside."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from crm.store.place import Place

_NAMES: Final = (
    ("OneDrive", r"onedrive( - .+|-.+)?"),
    ("Dropbox", r"dropbox( \(.+\)|-.+)?"),
    ("Google Drive", r"google ?drive( \(.+\)|-.+)?"),
    ("Яндекс Диск", r"(yandex|яндекс)[. ]?(disk|диск)(\.localized| .+)?"),
    ("iCloud Drive", r"icloud ?drive|mobile documents|com~apple~clouddocs|icloud~.+"),
    ("Облако Mail", r"(облако|cloud) mail\.?ru|mail\.?ru cloud"),
    ("Nextcloud", r"nextcloud\d*"),
    ("ownCloud", r"owncloud\d*"),
    ("pCloud", r"pcloud ?(drive|sync)"),
    ("MEGA", r"mega(sync)?( downloads)?"),
    ("Box", r"box sync|box-.+"),
)
"""A folder anywhere above the store with such a name, whole and in any case."""
_PATTERNS: Final = tuple((cloud, re.compile(pattern)) for cloud, pattern in _NAMES)
_MARKS: Final = (
    # `~/.dropbox` is a folder of settings and says nothing of what lies beside it; the mark is a file.
    ("Dropbox", ".dropbox", "file"),
    ("Dropbox", ".dropbox.cache", "folder"),
    ("Google Drive", ".tmp.driveupload", "folder"),
    ("Google Drive", ".tmp.drivedownload", "folder"),
    ("Nextcloud", ".nextcloudsync.log", "file"),
    ("ownCloud", ".owncloudsync.log", "file"),
    ("Syncthing", ".stfolder", "folder"),
    ("Resilio Sync", ".sync/ID", "file"),
)
"""What a cloud's program leaves in the folder it copies, under whatever name that folder goes."""
_VARIABLES: Final = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_DROPBOX_NOTES: Final = (
    ("HOME", ".dropbox/info.json"),
    ("APPDATA", "Dropbox/info.json"),
    ("LOCALAPPDATA", "Dropbox/info.json"),
)
_YANDEX_NOTE: Final = ".config/yandex-disk/config.cfg"
_MOST_BYTES: Final = 65_536


def of_cloud(path: Path, environment: Mapping[str, str] = os.environ) -> Place:
    """The cloud that copies the folder of `path`; a plain disk where none is known to."""
    for cloud, folder in _written_down(environment):
        if _within(path, folder):
            return Place("cloud", cloud)
    for folder in path.parents:
        name = folder.name.casefold()
        for cloud, pattern in _PATTERNS:
            if pattern.fullmatch(name):
                return Place("cloud", cloud)
    if "cloudstorage" in (part.casefold() for part in path.parts[:-1]) and "Library" in path.parts:
        return Place("cloud", "CloudStorage")
    for folder in path.parents:
        for cloud, mark, kind in _MARKS:
            if _is_there(folder / mark, kind):
                return Place("cloud", cloud)
    return Place()


def _written_down(environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for variable in _VARIABLES:
        if folder := environment.get(variable):
            yield "OneDrive", Path(folder)
    for variable, note in _DROPBOX_NOTES:
        if (home := environment.get(variable)) and (text := _text(Path(home) / note)):
            for copied in _folders_of_dropbox(text):
                yield "Dropbox", copied
    if (home := environment.get("HOME")) and (text := _text(Path(home) / _YANDEX_NOTE)):
        for found in re.finditer(r'^\s*dir\s*=\s*"?([^"\n]+)"?\s*$', text, re.MULTILINE):
            yield "Яндекс Диск", Path(found[1])


def _folders_of_dropbox(text: str) -> Iterator[Path]:
    try:
        note = json.loads(text)
    except ValueError:
        return
    for account in note.values() if isinstance(note, dict) else ():
        folder = account.get("path") if isinstance(account, dict) else None
        if isinstance(folder, str) and folder:
            yield Path(folder)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _within(path: Path, folder: Path) -> bool:
    # By parts and without case: «C:\\Users\\Anna\\OneDrive» and «c:\\users\\anna\\onedrive» are one folder, and a
    # folder told apart by case alone is warned of once too often rather than never.
    above = [part.casefold() for part in folder.parts]
    return len(above) > 1 and [part.casefold() for part in path.parts[: len(above)]] == above


def _is_there(mark: Path, kind: str) -> bool:
    try:
        return mark.is_file() if kind == "file" else mark.is_dir()
    except OSError:
        return False
