"""How much of everything a demo community of a given size has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_SMALL: Final = 5_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers that follow from the number of people; 100,000 of them make the store L of QUALITY §1."""

    people: int

    @property
    def small(self) -> bool:
        """Whether there is room for what only a person looks at: every consent, distinct names, many votes."""
        return self.people <= _SMALL

    @property
    def events(self) -> int:
        """64 for 300 people, 2,000 for 100,000."""
        return max(24, round(2_000 * math.pow(self.people / 100_000, 0.5925)))

    @property
    def attendance(self) -> int:
        """Ten for each person; fourteen in a small community, where more are only invited, or fewer if it is full."""
        return (14 if self.small else 10) * self.people

    @property
    def invited_share(self) -> float:
        """The share of an event's list that was invited and never answered."""
        return 0.33 if self.small else 0.06

    @property
    def next_registered(self) -> int:
        """People on the list of the next event."""
        return max(3, min(2_000, round(0.3 * self.people)))

    @property
    def interactions(self) -> int:
        """Conversations."""
        return 2 * self.people

    @property
    def feedback(self) -> int:
        """Ideas, problems, praise and questions."""
        return self.people // 2

    @property
    def responses(self) -> int:
        """Filled-in forms, at most."""
        return 3 * self.people if self.small else round(0.6 * self.people)
