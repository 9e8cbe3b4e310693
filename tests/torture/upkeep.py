"""Blows within what Krug does to a store besides deeds: copies, migrations; and deeds undone again to the last."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

from crm.store import copies
from tests.support import deed_machine, interrupted, old_files, rekey_kill
from tests.support.forks import Say, finished, killed
from tests.support.soundness import digest, faults
from tests.torture import stores
from tests.torture.kills import warm_up
from tests.torture.tally import Tally

PEOPLE = 120
_MACHINE_STEPS = 12


def in_copies(times: int, seed: int) -> Tally:
    """Kill within a copy: the store is as it was, the copy before is valid, a new one is valid or not there."""
    tally, chance = Tally("kills in copy"), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        warm_up(Path(home))
        for number in range(times):
            kind = stores.KINDS[number % len(stores.KINDS)]
            store = stores.make(Path(home) / str(number % 12), kind, PEOPLE)
            with stores.opened(store, kind) as workspace:
                before = digest(workspace)
                if not copies.list_copies(copies.folder_of(store)):
                    copies.make_copy(workspace, "by_hand")
            began = time.perf_counter()
            if finished(partial(_copy, store, kind)).code:
                tally.count(f"{kind}: the copy itself fails")
                continue
            ended = killed(partial(_copy, store, kind), chance.uniform(0, time.perf_counter() - began))
            tally.count(_look(store, kind, before) or next((line for line in ended.lines if line[0] == "!"), ""))
            for copy in copies.list_copies(copies.folder_of(store))[1:]:
                copies.remove_copy(copy)
    return tally


def _copy(store: Path, kind: str, say: Say) -> None:
    with stores.opened(store, kind) as workspace:
        say("begun")
        copies.make_copy(workspace, "by_hand")


def _look(store: Path, kind: str, before: str) -> str:
    with stores.opened(store, kind) as workspace:
        if digest(workspace) != before:
            return f"{kind}: the store is another"
        if wrong := faults(workspace):
            return f"{kind}: {'; '.join(wrong)}"
    found = copies.list_copies(copies.folder_of(store))
    if not found:
        return f"{kind}: the copies before are gone"
    for copy in found:
        checked = copies.check_copy(copy, stores.secret_of(kind), stores.CLOCK)
        if checked.verdict != "sound":
            return f"{kind}: a copy that is listed is not sound"
    return ""


def in_migrations(times: int, seed: int) -> Tally:
    """Kill the migration of an old store after a statement of it: it opens at the old or the new version."""
    tally, chance = Tally("kills in migration"), random.Random(seed)
    fared: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        packed = old_files.all_files()
        many = {each: interrupted.statements(each, Path(home) / f"count-{each.name}") for each in packed}
        for number in range(times):
            old = packed[number % len(packed)]
            # Every tenth blow falls around the commit, where old becomes new.
            place = chance.randint(many[old] - 2, many[old]) if number % 10 == 9 else chance.randint(1, many[old])
            said = interrupted.run(old, Path(home) / str(number), place, kill=True)
            fared[said] = fared.get(said, 0) + 1
            tally.count("" if said in ("old", "new") else f"{old.name}: {said}", lost=said == "rows differ")
    tally.note = ", ".join(f"{count} {said}" for said, count in sorted(fared.items()))
    return tally


def in_rekeying(times: int, seed: int) -> Tally:
    """Kill within a change of the key: the store and its copies open with the old one or with the new one."""
    tally, chance = Tally("kills in rekey"), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        warm_up(Path(home))
        for number in range(times):
            folder, way = Path(home) / str(number), rekey_kill.WAYS[number % len(rekey_kill.WAYS)]
            wrong = rekey_kill.kill_once(folder, way, chance.random())
            tally.count(f"{way}: {'; '.join(wrong)}" if wrong else "")
            shutil.rmtree(folder)
    return tally


def in_sequences(times: int, seed: int) -> Tally:
    """Random sequences of deeds through the services, each undone to equal rows."""
    tally = Tally("deeds undone")
    try:
        deed_machine.run(times, seed, _MACHINE_STEPS)
    except Exception as error:  # noqa: BLE001 - whatever it is, rows are not what they were
        tally.count(f"{type(error).__name__}: {error}"[:500])
        return tally
    tally.tried = tally.survived = times
    return tally
