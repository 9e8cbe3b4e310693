"""A store whose key is changed by a process that is killed in the middle: what must be true whatever moment it was.

Run as a program it is the process that is killed.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from crm.clock import Clock, fixed
from crm.i18n import phrase
from crm.store import copies
from crm.store.errors import StoreError
from crm.store.key import Key, Secret
from crm.store.workspace import Workspace
from tests.support import makers

NOON = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
WAYS = ("plain to two", "one to two", "one to plain")


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
    folder.mkdir(parents=True)
    store = folder / "community.krug"
    old, new = (quick(word) for word in way.split(" to "))
    clock = fixed(NOON)
    with Workspace.create(store, clock, secret=old) as workspace:
        names = fill(workspace, clock)
        copies.make_copy(workspace, "by_hand")
    command = [sys.executable, "-m", "tests.support.rekey_kill", str(store), way]
    wrong = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        takes = float(child.stdout.readline())
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(takes * moment)
            wrong.append(f"it ended with {child.returncode} before it was killed")
        child.kill()
    for secret, word in ((new, "new"), (old, "old")):
        try:
            with Workspace.open(store, clock, secret) as workspace:
                if workspace.encrypted != (secret is not None):
                    continue
                if people_of(workspace) != names:
                    wrong.append(f"people are missing under the {word} key")
            (copy,) = copies.list_copies(copies.folder_of(store))
            with Workspace.open(copy.path, clock, secret) as workspace:
                if people_of(workspace) != names or workspace.encrypted != (secret is not None):
                    wrong.append("the copy is not the store's")
            break
        except StoreError:
            continue
    else:
        wrong.append("neither key opens it")
    wrong += [f"{name} is left" for name in files_of(store) if "-key" in name]
    return wrong


def _be_killed(store: Path, way: str) -> None:
    """Tell how long a change takes, by doing it there and back, then do it again and wait to be killed."""
    old, new = (quick(word) for word in way.split(" to "))
    with Workspace.open(store, fixed(NOON), old) as workspace:
        begun = time.perf_counter()
        for secret in (new, old):
            workspace.change_key(None if secret is None else workspace.fresh_key(secret), _silent)
        sys.stdout.write(f"{(time.perf_counter() - begun) / 2}\n")
        sys.stdout.flush()
        workspace.change_key(None if new is None else workspace.fresh_key(new), _silent)
        sys.stdin.read()


def _silent(step: int, of: int) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    _be_killed(Path(sys.argv[1]), sys.argv[2])
