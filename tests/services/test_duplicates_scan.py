"""The scan for doubles: people entered once more, as people do it, are found, and whoever is sure is right."""

from __future__ import annotations

import pytest

from crm.services import duplicates
from crm.services.demo import fill_demo
from tests.support.doubles import plant

PLANTED = 100


def test_planted_doubles_are_found_and_the_sure_ones_are_right(workspace, deed, clock) -> None:
    deed(lambda s: fill_demo(s, clock, 600, 11))
    before = workspace.read(lambda s: duplicates.find_pairs(s, lambda _, __: None))
    planted = deed(lambda s: plant(s, clock(), PLANTED, seed=2026))
    found = workspace.read(lambda s: duplicates.find_pairs(s, lambda _, __: None))
    pairs = {(pair.person_id, pair.other_id) for pair in found}
    sure = {(pair.person_id, pair.other_id) for pair in found if pair.likeness.sure}
    assert len(pairs & planted.keys()) >= 0.95 * PLANTED
    assert len(sure & planted.keys()) >= 0.98 * len(sure)
    assert len(before) <= len(found)
    stopped = []

    def stop(step: int, of: int) -> None:
        stopped.append(step)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        workspace.read(lambda s: duplicates.find_pairs(s, stop))
    assert stopped == [0]
