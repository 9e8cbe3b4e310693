"""What kind of folder a store lies in: a disk of this computer, a share of a network, or one that a cloud copies.

A write-ahead log works only where all who write share memory, and a cloud copies files one by one, in any order: in
such folders the store keeps a rollback journal instead, and the person is told that it would be safer elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Place:
    """`kind` of a folder and, of a cloud or a share, its `name` for people («OneDrive», «//server/share»)."""

    kind: Literal["disk", "network", "cloud"] = "disk"
    name: str = ""

    @property
    def shared(self) -> bool:
        """True where the store runs with a rollback journal and EXTRA."""
        return self.kind != "disk"


Source = Callable[[Path], Place]


def kind_of(path: Path, sources: Sequence[Source] = ()) -> Place:
    """The place of a file; the first of `sources` that knows more than «a disk» says."""
    for source in sources:
        place = source(path)
        if place.shared:
            return place
    return Place()
