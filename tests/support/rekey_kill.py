"""A store whose key is changed by a process that is killed in the middle: what must be true whatever moment it was."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from crm.clock import Clock, fixed
from crm.i18n import phrase
from crm.store import copies
from crm.store.errors import StoreError
from crm.store.key import Key, Secret
from crm.store.workspace import Workspace
from tests.support import makers
from tests.support.forks import Say, finished, killed

NOON = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
WAYS = ("plain to two", "one to two", "one to plain")


@dataclass(frozen=True, slots=True)
class _Start:
    """A store with a copy, as files; who is in it; the seconds a change of its key takes."""

    files: dict[str, bytes]
    names: list[str]
    seconds: float


_starts: dict[str, _Start] = {}
"""Made once for each way: making a store costs more than killing it."""


def quick(word: str) -> Secret | None:
    """A secret without the half second of Argon2id; None for «plain»."""
    return None if word == "plain" else lambda salt: Key(word.encode().ljust(32, b"."), salt)


def canaries() -> list[bytes]:
    """Twenty strings that stand nowhere else, as a file would hold them."""
    return [name.encode() for name in _names()]


def _names() -> list[str]:
    return [f"Канарейкина{number:02d}" for number in range(20)]


def fill(workspace: Workspace, clock: Clock) -> list[str]:
    """Twenty people with the canaries as their names; gives the names."""
    workspace.write(phrase("Add"), lambda s: [makers.person(s, clock(), name).id for name in _names()])
    return people_of(workspace)


def people_of(workspace: Workspace) -> list[str]:
    """The surnames in the store."""
    sql = "SELECT family_name FROM person ORDER BY id"
    return list(workspace.read(lambda s: s.connection().exec_driver_sql(sql).scalars().all()))


def files_of(store: Path) -> dict[str, bytes]:
    """Every file of the store's folder and below, by its path."""
    return {str(path): path.read_bytes() for path in store.parent.rglob("*") if path.is_file()}


def kill_once(folder: Path, way: str, moment: float) -> list[str]:
    """Change the key `way` in a process killed at `moment` (0 to 1) of the change; gives what is wrong afterwards."""
    if way not in _starts:
        _starts[way] = _start(folder.with_name(f"{folder.name}-start"), way)
    start = _starts[way]
    store = _put(folder, start)
    ended = killed(partial(_change, store, way), start.seconds * moment)
    wrong = [line for line in ended.lines if line.startswith("!")]
    old, new = (quick(word) for word in way.split(" to "))
    # A change that was told as done is not taken back.
    possible = ((new, "new"),) if "done" in ended.lines else ((new, "new"), (old, "old"))
    for secret, word in possible:
        try:
            with Workspace.open(store, fixed(NOON), secret) as workspace:
                if workspace.encrypted != (secret is not None):
                    continue
                if people_of(workspace) != start.names:
                    wrong.append(f"people are missing under the {word} key")
            (copy,) = copies.list_copies(copies.folder_of(store))
            with Workspace.open(copy.path, fixed(NOON), secret) as workspace:
                if people_of(workspace) != start.names or workspace.encrypted != (secret is not None):
                    wrong.append("the copy is not the store's")
            break
        except StoreError:
            continue
    else:
        wrong.append(f"{' and '.join(word for _, word in possible)}: no key opens store and copy")
    wrong += [f"{name} is left" for name in files_of(store) if "-key" in name]
    return wrong


def _start(folder: Path, way: str) -> _Start:
    folder.mkdir(parents=True)
    store = folder / "community.krug"
    with Workspace.create(store, fixed(NOON), secret=quick(way.partition(" to ")[0])) as workspace:
        names = fill(workspace, fixed(NOON))
        copies.make_copy(workspace, "by_hand")
    files = {str(Path(name).relative_to(folder)): content for name, content in files_of(store).items()}
    ended = finished(partial(_change, store, way))
    if ended.code:
        raise AssertionError(f"the change itself fails: {ended.lines}")
    return _Start(files, names, float(ended.lines[-1]))


def _put(folder: Path, start: _Start) -> Path:
    for name, content in start.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
        path.chmod(0o600)
    return folder / "community.krug"


def _change(store: Path, way: str, say: Say) -> None:
    """What is killed: says when it begins, when it is done, and how many seconds that took."""
    old, new = (quick(word) for word in way.split(" to "))
    with Workspace.open(store, fixed(NOON), old) as workspace:
        begun = time.perf_counter()
        say("begun")
        workspace.change_key(None if new is None else workspace.fresh_key(new), lambda _step, _of: None)
        say("done")
        say(str(time.perf_counter() - begun))
