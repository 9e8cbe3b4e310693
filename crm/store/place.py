"""Where a store lies, as the rooms that find it out and those that act on it both say it."""

from __future__ import annotations

from dataclasses import dataclass
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
