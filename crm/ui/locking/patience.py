"""A wrong passphrase slows down: the wait doubles with each further one, and is over with a right one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

FREE: Final = 2
"""Wrong ones that cost nothing: everybody mistypes."""
LONGEST: Final = 60.0
"""Seconds."""


class Patience:
    """Counts wrong passphrases of this process; `seconds` is a clock that never runs back."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._wrong = 0
        self._until = 0.0

    def failed(self) -> None:
        """One more was wrong."""
        self._wrong += 1
        if self._wrong > FREE:
            self._until = self._seconds() + min(2.0 ** (self._wrong - FREE - 1), LONGEST)

    def fitted(self) -> None:
        """It was right: begin anew."""
        self._wrong, self._until = 0, 0.0

    @property
    def left(self) -> float:
        """Seconds until the next try, 0 for at once."""
        return max(0.0, self._until - self._seconds())
