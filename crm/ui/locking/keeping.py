"""What the window asks of the store's key. The front door answers: no key and no store is known on this floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A key to be: its recovery code for paper, and the key itself, which only the front door looks into."""

    code: str = field(repr=False)
    key: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """How many copies follow the new key, and how many could not be opened and stay as they are."""

    rewritten: int
    left: int


class Keeping(Protocol):
    """The key of the open store."""

    @property
    def encrypted(self) -> bool:
        """The store has a passphrase."""

    @property
    def copies(self) -> int:
        """How many copies there are."""

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of files beside the copies that did not read and stay as they are, under the key they have."""

    def prepare(self, passphrase: str) -> Prepared:
        """The key that a new passphrase gives; half a second, any thread. Raises CrmError."""

    def derive(self, words: str) -> object:
        """The key that a passphrase or a recovery code gives; half a second, any thread. Raises CrmError."""

    def is_key(self, derived: object) -> bool:
        """Whether `derived` is the key of the open store."""

    def wrong_group(self, prepared: Prepared, typed: str) -> int | None:
        """The first group of a code typed back that is missing or not that of `prepared`; None when all are right."""

    def change(self, prepared: Prepared | None, report: Report, *, delete_copies: bool) -> Changed:
        """Put store and copies under the prepared key, or under none; long, in a job. Raises CrmError."""

    def lock(self) -> None:
        """Close the store and drop its key; what asks it meanwhile is refused."""

    def unlock(self, derived: object) -> None:
        """Go on with a derived key. Raises CrmError, and the store stays closed."""
