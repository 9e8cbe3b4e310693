"""The batteries by name: a plain function `battery(times, seed) -> Tally`, how often it tries, and its sample."""

from __future__ import annotations

from tests.torture import damage, full_disk, kills, soak, upkeep, within
from tests.torture.tally import Entry

ENTRIES: dict[str, Entry] = {
    "soak": Entry(soak.soak, 20_000, 30),
    "deeds": Entry(kills.in_deeds, 1_000, 3),
    "sequences": Entry(upkeep.in_sequences, 2_000, 2),
    "corruption": Entry(damage.in_files, 500, 6),
    "copy": Entry(upkeep.in_copies, 100, 1),
    "rekey": Entry(upkeep.in_rekeying, 100, 2),
    "migration": Entry(upkeep.in_migrations, 100, 1),
    "export": Entry(within.in_exports, 100, 3),
    "import": Entry(within.in_import, 100, 2),
    "vacuum": Entry(within.in_vacuum, 100, 2),
    "checkpoint": Entry(within.in_rest, 100, 2),
    "disk": Entry(full_disk.in_places, len(full_disk.PLACES), 2),
}
"""The longest first: they run two at a time."""
