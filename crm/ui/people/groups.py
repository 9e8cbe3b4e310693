"""The list under headings: which negative id stands for which group, and which groups are folded away."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from crm.services import list_columns
from crm.services.custom_fields import FieldDefinition
from crm.services.people_order import Listing
from crm.ui.widgets.id_list import GroupHead


class Groups:
    """Headings of a grouped listing; a list without groups has none."""

    def __init__(self) -> None:
        self._folded: set[str] = set()
        self._titles: dict[int, str] = {}

    def heads_of(self, listing: Listing, group: str, fields: Sequence[FieldDefinition]) -> dict[int, GroupHead]:
        """The headings by their ids: −1 for the first group, −2 for the second."""
        heads = {}
        for number, (_, value, count) in enumerate(listing.heads, 1):
            title = list_columns.heading(group, value, fields)
            heads[-number] = GroupHead(title, count, title in self._folded)
        self._titles = {one: head.title for one, head in heads.items()}
        return heads

    def shown_of(self, listing: Listing) -> Sequence[int]:
        """The ids with that of its heading before each group; folded groups leave theirs out."""
        if not listing.heads:
            return listing.ids
        shown = array("q")
        for number, (start, _, count) in enumerate(listing.heads, 1):
            shown.append(-number)
            if self._titles[-number] not in self._folded:
                shown.extend(listing.ids[start : start + count])
        return shown

    def toggle(self, head: int) -> None:
        """Fold a group away, or show it again."""
        self._folded ^= {self._titles[head]}

    def unfold(self) -> None:
        """Show every group."""
        self._folded.clear()
