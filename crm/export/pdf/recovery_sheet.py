"""«Код восстановления»: the sheet that opens an encrypted store when its passphrase is forgotten, for a drawer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.export.pdf.paper import (
    ACCENT_TEXT,
    BODY,
    BODY_STRONG,
    BODY_TEXT,
    CAPTION,
    DISPLAY,
    HAIR2,
    HEADING,
    LEFT,
    RIGHT,
    SMALL,
    TEXT3,
    TOP,
    Paper,
    Style,
    few_lines,
    visible,
    wrap,
)
from crm.export.whole_file import whole_file

_GROUP: Final = Style("Inter-SemiBold", 17.5, tracking=2.6)
_NUMBER: Final = Style("Inter-Medium", 9, TEXT3)
_STEP: Final = Style("Inter-SemiBold", 11, ACCENT_TEXT)
_COLUMNS: Final = 4
_ROW: Final = 40.0
_QR: Final = 118.0


def write_recovery_sheet(target: Path, code: str, community: str, store: str, clock: Clock) -> None:
    """Write the sheet for the `store` at that place to `target`: whole or not at all. Raises NotWritten.

    `code` is what `Key.recovery_code` gives. Language is the one in use.
    """
    moment = clock()
    title = i18n.text("Recovery code")
    with whole_file(target) as file:
        paper = Paper(file, title=title, author=community, moment=moment)
        day = i18n.date_long(clocks.today(clock))
        paper.furniture(store_name=community, right=day, page=1, pages=1, margins=False)
        y = TOP - 74
        paper.text(LEFT, y, title, DISPLAY)
        y -= 30
        opens = i18n.text("Opens the store when its passphrase is forgotten. Community: {name}", name=community)
        for line in few_lines(visible(opens, 300), BODY_TEXT, BODY, 3):
            paper.text(LEFT, y, line, BODY_TEXT)
            y -= BODY_TEXT.line
        for line in few_lines(visible(store, 300), SMALL, BODY, 2):
            paper.text(LEFT, y, line, SMALL)
            y -= SMALL.line
        y = _code(paper, y - 18, code)
        _advice(paper, y - 40, code)
        paper.end_page()
        paper.save()


def _code(paper: Paper, top: float, code: str) -> float:
    """The groups, numbered as the dialog asks for them, in a frame; gives where it ends."""
    groups = code.split("-")
    rows = -(-len(groups) // _COLUMNS)
    height = rows * _ROW + 28
    paper.frame(LEFT, top - height, BODY, height, HAIR2, 10)
    width = (BODY - 36) / _COLUMNS
    for place, group in enumerate(groups):
        x = LEFT + 22 + place % _COLUMNS * width
        y = top - 40 - place // _COLUMNS * _ROW
        paper.text_right(x + 10, y, i18n.number(place + 1), _NUMBER)
        paper.text(x + 18, y, group, _GROUP)
    return top - height


def _advice(paper: Paper, top: float, code: str) -> None:
    paper.qr(RIGHT - _QR, top - _QR + 14, _QR, code)
    caption = wrap(i18n.text("The same code for a scanner"), CAPTION, _QR)
    for place, line in enumerate(caption):
        paper.text(RIGHT - _QR, top - _QR - 2 - place * CAPTION.line, line, CAPTION)
    width = BODY - _QR - 36
    y = top
    for heading, lines in (
        (
            i18n.text("How to open"),
            (
                i18n.text("Open Krug and choose the file."),
                i18n.text("Enter the code in place of the passphrase; blanks, hyphens and case don't matter."),
                i18n.text("Choose a new passphrase in the settings. This sheet is void then: print the new one."),
            ),
        ),
        (
            i18n.text("Where to keep it"),
            (
                i18n.text("On paper, where keys and contracts are: a safe, a locked drawer, with somebody you trust."),
                i18n.text("Not in the bag of the laptop, not as a photo or file, not in mail, messenger or cloud."),
                i18n.text("Whoever has this sheet and the file reads everything. Lost it? Choose a new passphrase."),
            ),
        ),
    ):
        paper.text(LEFT, y, heading, HEADING)
        y -= 24
        for number, text in enumerate(lines, start=1):
            paper.text(LEFT, y, i18n.number(number), _STEP)
            for line in wrap(text, BODY_STRONG, width - 20):
                paper.text(LEFT + 20, y, line, BODY_STRONG)
                y -= BODY_STRONG.line
            y -= 5
        y -= 16
