"""Blocks that know their height, and the way they fall onto pages. Pages are counted before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from crm.export.pdf.paper import ACCENT, BODY, HEADING, LEFT, RIGHT, SMALL, Paper, Style, fit, visible, wrap


class Block(Protocol):
    """Something of a known height that can be drawn under a given y."""

    @property
    def height(self) -> float:
        """How much of a page it takes."""

    def draw(self, paper: Paper, top: float) -> None:
        """Draw it below `top`."""


@dataclass(frozen=True, slots=True)
class Space:
    """Room between blocks; none at the head of a page."""

    height: float

    def draw(self, paper: Paper, top: float) -> None:
        """Nothing to see."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline between sections, with room above and below; none at the head of a page."""

    before: float = 15.0
    after: float = 15.0

    @property
    def height(self) -> float:
        """The room it takes."""
        return self.before + self.after

    def draw(self, paper: Paper, top: float) -> None:
        """Draw the line."""
        paper.hairline(top - self.before)


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of plain text, `indent` from the left; `bar` draws the accent bar of somebody's own words beside them."""

    lines: tuple[str, ...]
    style: Style
    indent: float = 0.0
    bar: bool = False
    bar_above: float = 0.0

    @property
    def height(self) -> float:
        """All its lines."""
        return len(self.lines) * self.style.line

    def draw(self, paper: Paper, top: float) -> None:
        """Draw the lines, the first baseline where the eye expects it."""
        if self.bar:
            paper.box(LEFT, top - self.height, 1.6, self.height + self.bar_above, ACCENT)
        y = top - (self.style.line - self.style.size) / 2 - self.style.size * 0.79
        for line in self.lines:
            paper.text(LEFT + self.indent, y, line, self.style)
            y -= self.style.line

    def split(self, room: float) -> tuple[Text, Text] | None:
        """Two parts, the first of which fits into `room` and leaves no line alone; None when there is no such cut."""
        count = min(int(room / self.style.line), len(self.lines) - 2)
        if count < 2:
            return None
        first = Text(self.lines[:count], self.style, self.indent, self.bar, self.bar_above)
        return first, Text(self.lines[count:], self.style, self.indent, self.bar)


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section with a quiet line under it; never the last thing on a page."""

    title: str
    under: str = ""

    @property
    def height(self) -> float:
        """One or two lines and the room below."""
        return HEADING.line + (SMALL.line if self.under else 0) + 8

    def draw(self, paper: Paper, top: float) -> None:
        """Draw it."""
        paper.text(LEFT, top - 13.5, fit(self.title, HEADING, BODY), HEADING)
        if self.under:
            paper.text(LEFT, top - HEADING.line - 9.5, fit(self.under, SMALL, BODY), SMALL)


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page."""

    parts: tuple[Block, ...]

    @property
    def height(self) -> float:
        """Their heights together."""
        return sum(part.height for part in self.parts)

    def draw(self, paper: Paper, top: float) -> None:
        """Draw them one under another."""
        for part in self.parts:
            part.draw(paper, top)
            top -= part.height


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, whose `header` is repeated when the table goes on over a page."""

    row: Block
    header: Block

    @property
    def height(self) -> float:
        """The row's own."""
        return self.row.height

    def draw(self, paper: Paper, top: float) -> None:
        """Draw the row."""
        self.row.draw(paper, top)


@dataclass(slots=True)
class Page:
    """Blocks with the y each hangs under."""

    placed: list[tuple[float, Block]] = field(default_factory=list)

    def draw(self, paper: Paper) -> None:
        """Draw all of it."""
        for top, block in self.placed:
            block.draw(paper, top)


def p(
    text: str, style: Style, *, width: float = RIGHT - LEFT, indent: float = 0.0, limit: int = 8_000, bar: bool = False
) -> Text:
    """Text of a person's as a block: cleaned, broken into lines, never read as markup.

    This is the one way flowing user text gets onto paper. Past `limit` characters the rest is named, not shown.
    """
    return Text(tuple(wrap(visible(text, limit), style, width - indent)), style, indent, bar)


def paginate(blocks: list[Block], first_top: float, top: float, bottom: float) -> list[Page]:
    """Let `blocks` fall onto pages between `first_top` (`top` after the first page) and `bottom`."""
    pages = [Page()]
    y = first_top
    waiting = list(reversed(blocks))
    while waiting:
        block = waiting.pop()
        at_head = not pages[-1].placed
        if at_head and len(pages) > 1 and isinstance(block, Space | Rule):
            continue
        if y - block.height >= bottom or (at_head and not isinstance(block, Text)):
            pages[-1].placed.append((y, block))
            y -= block.height
            continue
        if isinstance(block, Text) and (parts := block.split(y - bottom)):
            pages[-1].placed.append((y, parts[0]))
            waiting.append(parts[1])
        elif at_head or (isinstance(block, Row) and pages[-1].placed[-1][1] is block.header):
            pages[-1].placed.append((y, block))
            y -= block.height
            continue
        else:
            waiting.append(block)
            if isinstance(block, Row):
                waiting.append(block.header)
        _drop_tail(pages[-1])
        pages.append(Page())
        y = top
    return pages


def _drop_tail(page: Page) -> None:
    """A page does not end in a hairline or in room for what comes on the next one."""
    while len(page.placed) > 1 and isinstance(page.placed[-1][1], Space | Rule):
        page.placed.pop()
