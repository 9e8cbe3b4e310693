"""What a figure is: a value with its base, its definition and its period, the same on a screen, in a PDF, in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the product.

    `value` is a number, None («—»: nothing to divide by) or a tuple of rows; `n` is the base it was computed on;
    `definition` is the key of reference metrics («attendance.no_show_rate»); `unit` is one of count, percent,
    points, score; `margin` is the 95 % half-width in the same unit where the definition has one; the period is
    half-open [start, end), local days.
    """

    key: str
    value: float | int | tuple[Any, ...] | None
    n: int
    definition: str
    start: date | None = None
    end: date | None = None
    unit: str = "count"
    margin: float | None = None

    THIN: ClassVar[int] = 30

    @property
    def thin(self) -> bool:
        """True where the base is too small to read a change from (n < 30)."""
        return self.n < self.THIN
