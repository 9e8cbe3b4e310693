"""P16: any sequence of deeds, undos, redos and restarts; undoing everything brings back the rows there were.

The machine runs on real services and on rows. `run(number, seed)` runs so many sequences, for the torture harness.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from crm import clock as clocks
from crm.errors import CrmError
from crm.i18n import phrase
from crm.store.errors import NothingToRedo, NothingToUndo, UndoRefused
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support.deeds import (
    ROW_DEEDS,
    RowDeeds,
    facts,
    standing,
    undo_whatever_goes,
)
from tests.support.service_deeds import SERVICE_DEEDS, ServiceDeeds
from tests.support.soundness import faults

_LUCK = st.integers(0, 2**32 - 1)


class DeedMachine(RuleBasedStateMachine):
    """One store from its first deed to the undo of all."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="krug-deeds-")
        self._clock = clocks.fixed(NOON)
        self._names = 0

    @initialize()
    def begin(self) -> None:
        self.workspace = Workspace.create(Path(self._folder.name) / "community.krug", self._clock)
        self.start = self.workspace.read(facts)

    @rule(name=st.sampled_from(SERVICE_DEEDS), luck=_LUCK)
    def serve(self, name: str, luck: int) -> None:
        made = ServiceDeeds(random.Random(luck), self._clock, self._names)
        with contextlib.suppress(CrmError):
            self.workspace.write(phrase("Step {n}", n=name), getattr(made, name))
        self._names = made.names

    @rule(name=st.sampled_from(ROW_DEEDS), luck=_LUCK)
    def change_rows(self, name: str, luck: int) -> None:
        made = RowDeeds(random.Random(luck))
        made.names = self._names
        self.workspace.write(phrase("Step {n}", n=name), getattr(made, name))
        self._names = made.names

    @rule(place=st.integers(0, 30), again=st.booleans())
    def undo(self, place: int, again: bool) -> None:
        numbers = [None, *standing(self.workspace)]
        before = self.workspace.read(facts)
        try:
            self.workspace.undo(numbers[place % len(numbers)])
            if again:
                self.workspace.redo()
        except (UndoRefused, NothingToUndo):
            pass
        else:
            if not again:
                return
        assert self.workspace.read(facts) == before

    @rule()
    def redo(self) -> None:
        before = self.workspace.read(facts)
        try:
            self.workspace.redo()
        except (UndoRefused, NothingToRedo):
            assert self.workspace.read(facts) == before

    @precondition(lambda self: self._names % 5 == 4)
    @rule()
    def restart(self) -> None:
        self.workspace.close()
        self.workspace = Workspace.open(Path(self._folder.name) / "community.krug", self._clock)

    def teardown(self) -> None:
        try:
            if hasattr(self, "workspace"):
                self._undo_everything()
                self.workspace.close()
        finally:
            self._folder.cleanup()

    def _undo_everything(self) -> None:
        assert faults(self.workspace) == []
        while standing(self.workspace):
            undo_whatever_goes(self.workspace)
        assert self.workspace.read(facts) == self.start
        assert faults(self.workspace) == []


def run(number: int, seed: int, steps: int = 30) -> None:
    """Run `number` sequences of up to `steps` deeds; the same seed makes the same ones. Raises what went wrong."""
    chosen = settings(
        max_examples=number,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(hypothesis.seed(seed)(DeedMachine), settings=chosen)


if __name__ == "__main__":
    import sys

    run(int(sys.argv[1]), int(sys.argv[2]))
