"""What the page does to segments: each is one deed with a label, said in the toast with «Отменить»."""

from __future__ import annotations

from typing import Any

from crm.errors import CrmError
from crm.i18n import phrase, phrase_plural
from crm.services import segment_editing
from crm.services.segment_editing import ByHand
from crm.services.segment_rows import SegmentCard
from crm.ui.operations import Operations, Said


class SegmentDeeds:
    """The verbs of the page. Refusals are given back where the page shows them, else said."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def save(self, card: SegmentCard, name: str, rule: dict[str, Any]) -> tuple[int | None, CrmError | None]:
        """Keep a name and a rule; gives the segment's id, or what stands against it."""
        clock = self._operations.clock

        def verb(session: Any) -> int:
            if card.id is None:
                return segment_editing.add_segment(
                    session,
                    name,
                    rule,
                    clock,
                    description=card.description,
                    glyph=card.glyph,
                    starter=card.starter,
                )
            if name != card.name:
                segment_editing.rename_segment(session, card.id, name)
            if card.kind == "live":
                segment_editing.change_rule(session, card.id, rule, clock)
            return card.id

        label = phrase("Added the segment «{name}»", name=name)
        if card.id is not None:
            label = phrase("Changed the segment «{name}»", name=name)
        try:
            done = self._operations.write(label, verb)
        except CrmError as error:
            return None, error
        if done.deed is not None:
            self._operations.said.emit(Said(label, done.deed))
        return done.value, None

    def adopt(self, starter: str, *, pinned: bool = False) -> int | None:
        """Make a ready segment one's own."""
        clock = self._operations.clock
        done = self._operations.perform(
            phrase("Kept a ready segment"), lambda s: segment_editing.add_starter(s, starter, clock, pinned=pinned)
        )
        return None if done is None else done.value

    def pin(self, card: SegmentCard) -> None:
        """Show it in the navigation, or no longer."""
        segment_id = _id(card)
        label = phrase("Pinned «{name}»", name=card.name)
        if card.pinned:
            label = phrase("Unpinned «{name}»", name=card.name)
        self._operations.perform(label, lambda s: segment_editing.pin_segment(s, segment_id, pinned=not card.pinned))

    def duplicate(self, card: SegmentCard) -> int | None:
        """A copy under a free name."""
        segment_id, clock = _id(card), self._operations.clock
        done = self._operations.perform(
            phrase("Duplicated the segment «{name}»", name=card.name),
            lambda s: segment_editing.duplicate_segment(s, segment_id, clock),
        )
        return None if done is None else done.value

    def freeze(self, card: SegmentCard) -> int | None:
        """A frozen list of who is inside now."""
        segment_id, clock = _id(card), self._operations.clock
        done = self._operations.perform(
            phrase("Froze the segment «{name}» as a list", name=card.name),
            lambda s: segment_editing.freeze_segment(s, segment_id, clock),
        )
        return None if done is None else done.value

    def remove(self, card: SegmentCard) -> None:
        """Take it away."""
        segment_id, clock = _id(card), self._operations.clock
        self._operations.perform(
            phrase("Deleted the segment «{name}»", name=card.name),
            lambda s: segment_editing.remove_segment(s, segment_id, clock),
        )

    def decide(self, card: SegmentCard, person_id: int, name: str, decision: ByHand | None) -> None:
        """Put a person in, keep them out, or leave it to the rule."""
        segment_id, clock = _id(card), self._operations.clock
        label = phrase("{person} is left to the rule of «{name}»", person=name, name=card.name)
        if decision == "exclude":
            label = phrase("{person} is kept out of «{name}»", person=name, name=card.name)
        self._operations.perform(
            label, lambda s: segment_editing.decide_by_hand(s, segment_id, person_id, decision, clock)
        )

    def leave_to_the_rule(self, card: SegmentCard) -> None:
        """Take back everything decided by hand."""
        segment_id = _id(card)
        label = phrase_plural(
            "{count} person is left to the rule again",
            "{count} people are left to the rule again",
            card.included + card.excluded,
        )
        self._operations.perform(label, lambda s: segment_editing.leave_to_the_rule(s, segment_id))


def _id(card: SegmentCard) -> int:
    if card.id is None:
        raise ValueError("nobody has saved this segment")
    return card.id
