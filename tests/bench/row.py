"""One line of the table: what was done, how long it took beside its floor, and whether it stays within its bar."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`ours` and `floor` are in the unit given; `met` says whether the bar holds."""

    key: str
    work: str
    ours: float
    unit: str
    bar: str
    met: bool
    floor: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the floor of the same run."""
        return None if not self.floor else self.ours / self.floor

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        return (
            self.key,
            self.work,
            _shown(self.ours, self.unit),
            "" if self.floor is None else _shown(self.floor, self.unit),
            "" if self.ratio is None else f"{self.ratio:.2f}×",
            self.bar,
            "met" if self.met else "missed",
            self.note,
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def _shown(value: float, unit: str) -> str:
    return f"{value:.1f} {unit}" if value >= 10 or unit == "ms" else f"{value:.3f} {unit}"
