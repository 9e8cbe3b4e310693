"""P1, P3, P10: a small seeded sample of what `make torture` does a thousand times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.registry import ENTRIES

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")
def test_p01_the_store_outlives_a_sample_of_torture(tmp_path: Path) -> None:
    # All in one process: to start and to warm up costs as much as the blows.
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--sample", "--seed", "3"],
        cwd=ROOT,
        env=os.environ | {"KRUG_TORTURE": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    batteries = json.loads((tmp_path / "torture.json").read_text("utf-8"))["batteries"]
    assert sorted(each["battery"] for each in batteries) == sorted(ENTRIES)
    for told in batteries:
        assert (told["lost"], told["corrupt"]) == (0, 0), done.stdout
        assert told["survived"] == told["tried"]
        assert told["tried"] > 0 or told["note"]
        assert told["battery"] in done.stdout
    assert done.returncode == 0, done.stderr


def test_a_battery_that_breaks_or_loses_is_told_and_fails() -> None:
    from tests.torture.tally import Entry, Tally, run, table

    def broken(times: int, seed: int) -> Tally:
        raise ValueError(times)

    def losing(times: int, seed: int) -> Tally:
        tally = Tally("losing")
        tally.count()
        tally.count("a deed is gone", lost=True)
        return tally

    first, second = (run("a", Entry(each, 1, 1), 1, sample=True) for each in (broken, losing))
    assert (first.corrupt, first.sound) == (1, False)
    assert (second.survived, second.lost, second.sound) == (1, 1, False)
    assert "a deed is gone" in table([first, second])
    assert not Tally("nothing").sound
