"""A thousand blows at random moments: what was acknowledged is there, what was not is there whole or not at all."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from crm.i18n import phrase
from tests.support.forks import Say, killed
from tests.support.soundness import BY_CHANCE, digest, faults
from tests.torture import stores
from tests.torture.mixture import Mixture
from tests.torture.tally import Tally
from tests.torture.warm import share_statements

WITHIN = 0.03
"""Seconds after the store was opened, or after one of the first deeds, in which the blow falls."""
_warm: list[bool] = []
_FRESH_AFTER = 150
"""Kills until a store is made anew: a grown one would make the looking slow, not the killing different."""


def in_deeds(times: int, seed: int) -> Tally:
    """Kill a program in the middle of a manager's day, plain, encrypted and in a cloud's folder by turns.

    The state after the blow must be that of exactly the deeds acknowledged, or of one more: the same deeds are
    performed again on a copy of the store as it was, one by one, and their facts compared.
    """
    tally = Tally("kills in deeds")
    chance = random.Random(seed)
    deeds = 0
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        there: dict[str, Path] = {}
        warm_up(Path(home))
        for number in range(times):
            kind = stores.KINDS[number % len(stores.KINDS)]
            if kind not in there or number % _FRESH_AFTER < len(stores.KINDS):
                there[kind] = stores.make(Path(home) / str(number), kind)
            store = there[kind]
            before = stores.copy_of(store, "before")
            fresh = chance.randrange(10**9)

            def work(say: Say, store: Path = store, kind: str = kind, fresh: int = fresh) -> None:
                mixture = Mixture(stores.opened(store, kind), fresh)
                say("open")
                while True:
                    say(mixture.step())

            ended = killed(work, chance.uniform(0, WITHIN), after=chance.randint(1, 4))
            said = [line for line in ended.lines if line != "open"]
            fault, lost = "", False
            if any(line.startswith("!") for line in said):
                fault = said[-1]
            else:
                deeds += len(said)
                fault, lost = _look(store, before, kind, fresh, len(said))
            tally.count(f"{kind}, kill {number}: {fault}" if fault else "", lost=lost)
            if fault:
                del there[kind]
    tally.note = f"{deeds:,} deeds acknowledged"
    return tally


def warm_up(home: Path) -> None:
    """Import and compile whatever the deeds need, once: the blow is to fall into deeds, not into imports."""
    share_statements()
    if _warm:
        return
    _warm.append(True)
    for kind in stores.KINDS:
        with stores.opened(stores.make(home / "warm", kind), kind) as workspace:
            mixture = Mixture(workspace, 0)
            for _, verb in mixture._deeds():
                if verb is not None:
                    workspace.write(phrase("Warm up"), verb)
            workspace.undo()
            faults(workspace)


def _look(store: Path, before: Path, kind: str, seed: int, acknowledged: int) -> tuple[str, bool]:
    try:
        with stores.opened(store, kind) as workspace:
            wrong = faults(workspace)
            found = digest(workspace, BY_CHANCE)
    except Exception as error:  # noqa: BLE001 - whatever it is, the store does not open
        return f"does not open: {type(error).__name__}", False
    if wrong:
        return "; ".join(wrong), False
    with stores.opened(before, kind) as workspace:
        mixture = Mixture(workspace, seed)
        states = [digest(workspace, BY_CHANCE)]
        for _ in range(acknowledged + 1):
            mixture.step()
            states.append(digest(workspace, BY_CHANCE))
    if found in states[acknowledged:]:
        return "", False
    if found in states:
        return f"{acknowledged - states.index(found)} of {acknowledged} acknowledged deeds are gone", True
    return f"half of a deed after {acknowledged}", False
