"""«Лист регистрации»: everyone expected, by surname, with boxes to tick with a pen.

Drawn straight onto the page with rows of one height, so that ten thousand people take little longer than drawing
their letters (bar B9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crm import i18n
from crm.export.pdf.contents import RegisterRow, RegisterSheet
from crm.export.pdf.paper import (
    ACCENT_TEXT,
    BODY,
    BODY_STRONG,
    BODY_TEXT,
    CAPTION,
    DISPLAY,
    HAIR2,
    LEFT,
    RIGHT,
    SMALL,
    TEXT,
    TEXT2,
    TEXT3,
    TOP,
    Paper,
    Style,
    few_lines,
    fit,
    measure,
    visible,
    wrap,
)
from crm.export.whole_file import Report, silent, whole_file

ROW: Final = 26.0
TICK: Final = 14.0
"""5 mm: large enough for a pen."""
_LAST_LINE: Final = 66.0
_FAMILY: Final = Style("Inter-SemiBold", 10.5)
_GIVEN: Final = Style("Inter-Regular", 10.5)
_FAMILY_TIGHT: Final = Style("Inter-SemiBold", 9.5, TEXT, 11)
_GIVEN_TIGHT: Final = Style("Inter-Regular", 9, TEXT, 11)
_FAMILY_SMALLEST: Final = Style("Inter-SemiBold", 8)
_GIVEN_SMALLEST: Final = Style("Inter-Regular", 8)
_NOTE_SMALLEST: Final = Style("Inter-Regular", 7, TEXT3)
_QUIET: Final = Style("Inter-Regular", 9.5, TEXT2)
_QUIET_TIGHT: Final = Style("Inter-Regular", 8.5, TEXT2, 10.5)
_LETTER: Final = Style("Inter-Bold", 11, ACCENT_TEXT)
_COLUMN: Final = Style("Inter-Medium", 9, TEXT2)
_NAME_AT: Final = LEFT + 44
_GAP: Final = 12.0
_NAME_LIMIT: Final = 250


_Texts = list[tuple[float, float, str, Style]]
"""What a page says, in the order of reading."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns begin; 0 for a column left out. `name` is the width of the names."""

    name: float
    organisation: float
    organisation_width: float
    ticket: float
    signature: float


def write_register(sheet: RegisterSheet, target: Path | str, *, progress: Report = silent) -> int:
    """Write the sheet to `target`; return the number of pages. Raises NotWritten.

    The rows keep the order they come in. Language of fixed words is the one in use (`i18n.using`).
    """
    columns = _columns(sheet)
    head = _head_height(sheet)
    first = int((TOP - 43 - head - _LAST_LINE) / ROW)
    each = int((TOP - 60 - _LAST_LINE) / ROW)
    chunks = _chunks(sheet.rows, sheet.blank_rows, first, each)
    letters = _letters(sheet.rows)
    with whole_file(target) as file:
        paper = Paper(file, title=sheet.title, author=sheet.store_name, moment=sheet.made_at)
        done = 0
        for number, (rows, blanks) in enumerate(chunks, start=1):
            progress(number - 1, len(chunks))
            _draw_furniture(paper, sheet, rows, number, len(chunks))
            top = TOP - 43
            if number == 1:
                paper.bookmark("title", sheet.title)
                top = _draw_head(paper, sheet, top)
            else:
                top -= 17
            _draw_column_names(paper, sheet, columns, top)
            _draw_rows(paper, sheet, columns, top, rows, letters[done : done + len(rows)])
            _draw_blanks(paper, columns, top - len(rows) * ROW, blanks)
            done += len(rows)
            paper.end_page()
        paper.save()
    return len(chunks)


def _columns(sheet: RegisterSheet) -> _Columns:
    """Share the width: the names get what the optional columns leave."""
    right = RIGHT
    signature = ticket = organisation = width = 0.0
    if sheet.signatures:
        signature = right - 92
        right = signature - _GAP
    if sheet.tickets:
        ticket = right - 62
        right = ticket - _GAP
    if sheet.organisations:
        width = 110.0 if sheet.signatures else 138.0
        organisation = right - width
        right = organisation - _GAP
    return _Columns(right - _NAME_AT, organisation, width, ticket, signature)


def _chunks(rows: Sequence[RegisterRow], blanks: int, first: int, each: int) -> list[tuple[Sequence[RegisterRow], int]]:
    """The rows of every page, with how many blank lines follow them there."""
    chunks: list[tuple[Sequence[RegisterRow], int]] = []
    start, room = 0, first
    while start < len(rows) or blanks > 0 or not chunks:
        part = rows[start : start + room]
        start += len(part)
        free = room - len(part) - 1
        here = min(blanks, max(free, 0)) if start == len(rows) else 0
        blanks -= here
        chunks.append((part, here))
        room = each
    return chunks


def _letters(rows: Sequence[RegisterRow]) -> list[str]:
    """The letter before the row that begins it, empty elsewhere; Ё stands with Е, as in a dictionary."""
    letters = []
    before = ""
    for row in rows:
        letter = _initial(row)
        letters.append("" if letter == before else letter)
        before = letter
    return letters


def _initial(row: RegisterRow) -> str:
    name = (row.family_name or row.given_name or row.organisation).strip()
    # First upper case, then what Inter can show: the capital of a letter it has may be one it has not (ʇ).
    letter = visible(name[:1].upper())[:1]
    return "Е" if letter == "Ё" else letter


def _head_height(sheet: RegisterSheet) -> float:
    lines = len(wrap(visible(sheet.title, 300), DISPLAY, BODY))
    under = len(few_lines(visible(sheet.details, 400), BODY_TEXT, BODY, 3)) if sheet.details else 0
    return lines * DISPLAY.line + under * BODY_TEXT.line + SMALL.line + 36


def _draw_head(paper: Paper, sheet: RegisterSheet, top: float) -> float:
    """Title, when and where, how many; returns where the table begins."""
    y = top - 26
    for line in wrap(visible(sheet.title, 300), DISPLAY, BODY):
        paper.text(LEFT, y, line, DISPLAY)
        y -= DISPLAY.line
    y += DISPLAY.line - 22
    if sheet.details:
        for line in few_lines(visible(sheet.details, 400), BODY_TEXT, BODY, 3):
            paper.text(LEFT, y, line, BODY_TEXT)
            y -= BODY_TEXT.line
    paper.text(LEFT, y, i18n.plural("{count} person", "{count} people", len(sheet.rows)), SMALL)
    return top - _head_height(sheet)


def _draw_furniture(paper: Paper, sheet: RegisterSheet, rows: Sequence[RegisterRow], number: int, pages: int) -> None:
    made = i18n.text("made on {day}", day=i18n.date_long(sheet.made_on))
    right = f"{i18n.text('Registration sheet')} · {made}"
    if number > 1:
        title = visible(sheet.title, 300)
        span = _span(rows)
        room = BODY / 2 - measure(span, SMALL)
        right = fit(title, SMALL, room) + (f" · {span}" if span else "")
    paper.furniture(store_name=sheet.store_name, right=right, page=number, pages=pages, margins=False)


def _span(rows: Sequence[RegisterRow]) -> str:
    """The letters of a page: «А–Е»."""
    if not rows:
        return ""
    first, last = _initial(rows[0]), _initial(rows[-1])
    return first if first == last else f"{first}–{last}"


def _draw_column_names(paper: Paper, sheet: RegisterSheet, columns: _Columns, top: float) -> None:
    y = top + 8
    paper.text(_NAME_AT, y, i18n.in_context("report", "Family name, given name"), _COLUMN)
    if sheet.organisations:
        paper.text(columns.organisation, y, i18n.in_context("report", "Organisation"), _COLUMN)
    if sheet.tickets:
        paper.text(columns.ticket, y, i18n.in_context("report", "Ticket"), _COLUMN)
    if sheet.signatures:
        paper.text(columns.signature, y, i18n.in_context("report", "Signature"), _COLUMN)
    paper.hairline(top, colour=HAIR2)


def _draw_rows(
    paper: Paper,
    sheet: RegisterSheet,
    columns: _Columns,
    top: float,
    rows: Sequence[RegisterRow],
    letters: Sequence[str],
) -> None:
    """All rows of a page, drawn by kind of thing, so that the pen changes seldom."""
    lines = [top - (place + 1) * ROW for place in range(len(rows))]
    if not rows:
        return
    paper.hairlines(lines, left=LEFT + 20)
    paper.tick_boxes(LEFT + 20, [line + (ROW - TICK) / 2 for line in lines], TICK)
    for place, (line, letter) in enumerate(zip(lines, letters, strict=True)):
        shown = letter or (_initial(rows[0]) if place == 0 else "")
        if shown:
            paper.text(LEFT, line + 9.2, shown, _LETTER)
    texts: _Texts = []
    for row, line in zip(rows, lines, strict=True):
        _lay_name(texts, row, columns.name, line)
        if sheet.organisations:
            _lay_quiet(texts, row.organisation, columns.organisation, columns.organisation_width, line)
        if sheet.tickets:
            texts.append((columns.ticket, line + 9.2, fit(visible(row.ticket_code, 60), _QUIET, 62), _QUIET))
    paper.texts(texts)
    if sheet.signatures:
        for line in lines:
            paper.hairline(line + 5, left=columns.signature, colour=HAIR2)


def _lay_name(texts: _Texts, row: RegisterRow, width: float, line: float) -> None:
    """Surname strong, the rest after it; in two lines where one is too short. A note stands under the name."""
    family = visible(row.family_name, _NAME_LIMIT).replace("\n", " ")
    given = visible(f"{row.given_name} {row.additional_name}".strip(), _NAME_LIMIT).replace("\n", " ")
    wide = measure(family + " ", _FAMILY) if family else 0.0
    if not row.note and ((len(given) * 9 + wide <= width) or wide + measure(given, _GIVEN) <= width):
        texts.append((_NAME_AT, line + 9.2, family, _FAMILY))
        texts.append((_NAME_AT + wide, line + 9.2, given, _GIVEN))
        return
    if not row.note:
        if not family:
            family, given = given, ""
        texts.append((_NAME_AT, line + 15, fit(family, _FAMILY_TIGHT, width), _FAMILY_TIGHT))
        texts.append((_NAME_AT, line + 4.6, fit(given, _GIVEN_TIGHT, width), _GIVEN_TIGHT))
        return
    note = fit(visible(row.note, 300), CAPTION, width)
    wide = measure(family + " ", _FAMILY_TIGHT) if family else 0.0
    if wide + measure(given, _GIVEN_TIGHT) <= width:
        texts.append((_NAME_AT, line + 15, family, _FAMILY_TIGHT))
        texts.append((_NAME_AT + wide, line + 15, given, _GIVEN_TIGHT))
        texts.append((_NAME_AT, line + 4.8, note, CAPTION))
        return
    texts.append((_NAME_AT, line + 17.6, fit(family or given, _FAMILY_SMALLEST, width), _FAMILY_SMALLEST))
    texts.append((_NAME_AT, line + 9.9, fit(given if family else "", _GIVEN_SMALLEST, width), _GIVEN_SMALLEST))
    texts.append((_NAME_AT, line + 2.8, fit(note, _NOTE_SMALLEST, width), _NOTE_SMALLEST))


def _lay_quiet(texts: _Texts, text: str, x: float, width: float, line: float) -> None:
    """One line, or two smaller ones."""
    if not text:
        return
    text = visible(text, _NAME_LIMIT)
    if "\n" not in text and (len(text) * 8.6 <= width or measure(text, _QUIET) <= width):
        texts.append((x, line + 9.2, text, _QUIET))
        return
    lines = few_lines(text, _QUIET_TIGHT, width, 2)
    y = line + (15 if len(lines) == 2 else 9.2)
    for part in lines:
        texts.append((x, y, part, _QUIET_TIGHT))
        y -= _QUIET_TIGHT.line


def _draw_blanks(paper: Paper, columns: _Columns, top: float, count: int) -> None:
    """Empty lines for those who came without being on the list."""
    if not count:
        return
    words = Style(BODY_STRONG.font, 9.5, TEXT3)
    paper.text(LEFT + 20, top - ROW + 9, i18n.text("Came without registering"), words)
    lines = [top - (place + 2) * ROW for place in range(count)]
    paper.hairlines([top - ROW, *lines], left=LEFT + 20)
    paper.tick_boxes(LEFT + 20, [line + (ROW - TICK) / 2 for line in lines], TICK)
    if columns.signature:
        for line in lines:
            paper.hairline(line + 5, left=columns.signature, colour=HAIR2)
