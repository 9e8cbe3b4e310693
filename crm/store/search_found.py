"""What a search gives back: who, in order, and by which reading of the query each."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from crm.text import Reading


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found, in order, and by which reading: by `first`, unless among those of a later one."""

    ids: array[int]
    first: Reading | None = None
    later: tuple[tuple[Reading, frozenset[int]], ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def reading(self, person_id: int) -> Reading | None:
        """The reading that found the person; None when nothing was asked."""
        return next((reading for reading, ids in self.later if person_id in ids), self.first)

    def then(self, other: Found) -> Found:
        """These, and after them whom `other` has besides."""
        if self.first is None or other.first is None:
            return self if other.first is None else other
        known = set(self.ids)
        ids = self.ids + array("q", (one for one in other.ids if one not in known))
        named = {one for _, members in other.later for one in members}
        rest = frozenset(other.ids).difference(known, named)
        later = tuple((reading, members - known) for reading, members in other.later)
        return Found(ids, self.first, (*self.later, (other.first, rest), *later))
