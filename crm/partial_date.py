"""A birthday: day and month, the year only when it is known."""

from __future__ import annotations

import calendar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """Day and month, with or without a year; raises ValueError for a day that does not exist."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        longest = calendar.monthrange(self.year or 2000, self.month)[1] if 1 <= self.month <= 12 else 0
        if not 1 <= self.day <= longest or not (self.year is None or 1 <= self.year <= 9999):
            raise ValueError("no such day")

    def iso(self) -> str:
        """`YYYY-MM-DD`, or `--MM-DD` without a year (as vCard 4.0 writes it, with dashes)."""
        if self.year is None:
            return f"--{self.month:02}-{self.day:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"
