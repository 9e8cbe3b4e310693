"""What a battery counts, and the table it becomes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HEADINGS = ("battery", "tried", "survived", "lost", "corrupt", "seconds", "")


@dataclass
class Tally:
    """How often something was tried and how it ended. `lost`: acknowledged and gone; `corrupt`: anything unsound."""

    battery: str
    tried: int = 0
    survived: int = 0
    lost: int = 0
    corrupt: int = 0
    seconds: float = 0.0
    note: str = ""
    told: list[str] = field(default_factory=list)
    """What went wrong, for whoever must find out why."""

    def count(self, fault: str = "", *, lost: bool = False) -> None:
        """One more try: survived, unless there is a `fault` to tell of."""
        self.tried += 1
        if not fault:
            self.survived += 1
            return
        self.lost += lost
        self.corrupt += not lost
        if len(self.told) < 20:
            self.told.append(fault)

    @property
    def sound(self) -> bool:
        """Nothing lost, nothing corrupt, and something was tried or said why not."""
        return self.lost == self.corrupt == 0 and (self.tried > 0 or bool(self.note))

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        counts = (self.tried, self.survived, self.lost, self.corrupt)
        return (self.battery, *(f"{count:,}" for count in counts), f"{self.seconds:.1f}", self.note)


Battery = Callable[[int, int], Tally]
"""`battery(times, seed)`: try so often, with chance from this seed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A battery under its name: how often `make torture` tries, and how often the sample in the suite does."""

    battery: Battery
    times: int
    sample: int


def run(name: str, entry: Entry, seed: int, *, sample: bool) -> Tally:
    """Run one battery and time it; what it raises itself is told as corrupt, never swallowed."""
    began = time.perf_counter()
    try:
        tally = entry.battery(entry.sample if sample else entry.times, seed)
    except Exception as error:  # noqa: BLE001 - the other batteries still run
        tally = Tally(name)
        tally.count(f"the battery itself broke: {type(error).__name__}: {error}")
    tally.battery, tally.seconds = name, time.perf_counter() - began
    return tally


def table(tallies: Sequence[Tally]) -> str:
    """The table of all of them, and below it what went wrong."""
    lines = [HEADINGS, *(tally.cells() for tally in tallies)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    shown = [
        "  ".join(
            cell.ljust(width) if place in (0, len(HEADINGS) - 1) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*shown, *(f"{tally.battery}: {fault}" for tally in tallies for fault in tally.told)])
