"""P16: any sequence of deeds, undos and redos: undoing all brings back the rows there were (a small sample)."""

from __future__ import annotations

import os

from tests.support import deed_machine

SEQUENCES = int(os.environ.get("KRUG_SEQUENCES", "6"))


def test_p16_undoing_everything_brings_back_the_start() -> None:
    deed_machine.run(SEQUENCES, seed=16, steps=16)
