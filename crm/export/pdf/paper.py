"""The paper: page, typefaces, colours, and the one way any text gets onto it.

There is no markup here: text is cleaned by `visible`, broken into lines by `wrap` and drawn character by character,
so that a name like `<img src="/etc/passwd">` is only ever a name (threats T1 to T3), and breaking takes linear time
(T4). reportlab's paragraphs, which do read markup, are not used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import IO, Any, Final

from crm import i18n, paths

WIDTH: Final = 595.28
HEIGHT: Final = 841.89
"""A4 in points (1/72 inch), as every length here."""
LEFT: Final = 46.0
RIGHT: Final = WIDTH - 46.0
TOP: Final = HEIGHT - 46.0
BOTTOM: Final = 64.0
BODY: Final = RIGHT - LEFT

TEXT: Final = "#1D1C1A"
TEXT2: Final = "#5E5B54"
TEXT3: Final = "#6C685F"
HAIR: Final = "#E7E4DE"
HAIR2: Final = "#D5D1C9"
ACCENT: Final = "#2B53D0"
ACCENT_TEXT: Final = "#2548BC"
ACCENT_PALE: Final = "#B7C5EF"
OK: Final = "#23763A"
WARN: Final = "#8A5A00"
TRACK: Final = "#E9E6E0"
WHITE: Final = "#FFFFFF"
AVATARS: Final = (
    ("#E3E9F7", "#2F4F9A"),
    ("#DDEEEA", "#1E6158"),
    ("#E8EFDB", "#4A6320"),
    ("#F7E8D6", "#85520F"),
    ("#F8E1DF", "#96362D"),
    ("#F1E4F3", "#753F7F"),
    ("#E4E2F5", "#504699"),
    ("#E9E6E0", "#5A564D"),
)
"""Background and text of the circles, by person id: the light tints of the guide."""

HAIRLINE: Final = 0.6
_NAMED: Final = 300
"""Characters of a title where a reader shows it in one line."""
_CONTROL: Final = "\N{WHITE SQUARE}"
_LINE_BREAKS: Final = {10: "\n", 13: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_DIRECTIONS: Final = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS: Final = dict.fromkeys((*range(32), *range(0x7F, 0xA0), *_DIRECTIONS), _CONTROL) | {9: " "} | _LINE_BREAKS
_TOKENS: Final = re.compile(r" +|[^ /-]*[/-]+|[^ /-]+")
"""Blanks, and pieces a line may break between: words, and what stands before a hyphen or slash."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; `leading` is the distance of two baselines, `tracking` the extra room between characters."""

    font: str
    size: float
    colour: str = TEXT
    leading: float = 0.0
    tracking: float = 0.0

    @property
    def line(self) -> float:
        """The height of one line."""
        return self.leading or round(self.size * 1.4, 1)


DISPLAY: Final = Style("InterDisplay-Bold", 29, TEXT, 35, -0.5)
HEADING: Final = Style("Inter-SemiBold", 13.5, TEXT, 18, -0.15)
BODY_TEXT: Final = Style("Inter-Regular", 11, TEXT, 16)
BODY_STRONG: Final = Style("Inter-Medium", 10.5, TEXT, 15)
SMALL: Final = Style("Inter-Regular", 9.5, TEXT2, 13)
SMALL_STRONG: Final = Style("Inter-Medium", 9.5, TEXT2, 13)
CAPTION: Final = Style("Inter-Regular", 8.5, TEXT3, 11.5)
NUMBER: Final = Style("InterDisplay-SemiBold", 25, TEXT, 30, -0.3)


class _Widths(dict[str, float]):
    """Widths of characters for size 1, asked of the typeface once each."""

    def __init__(self, font: Any) -> None:
        super().__init__()
        self._widths = font.face.charWidths
        self._default = font.face.defaultWidth

    def __missing__(self, char: str) -> float:
        width: float = self._widths.get(ord(char), self._default) / 1000
        self[char] = width
        return width


@cache
def _widths(font: str) -> _Widths:
    """The widths of a typeface of ours, registered with reportlab when first asked for."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    loaded = TTFont(font, str(paths.fonts() / f"{font}.ttf"))
    pdfmetrics.registerFont(loaded)
    return _Widths(loaded)


class _Shown(dict[int, str]):
    """What to draw for a character: itself, □ where the typeface has none, nothing for an invisible one."""

    def __init__(self) -> None:
        from reportlab.pdfbase import pdfmetrics

        super().__init__(_CONTROLS)
        _widths("Inter-Regular")
        self._glyphs = pdfmetrics.getFont("Inter-Regular").face.charToGlyph

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if code not in self._glyphs:
            char = "" if unicodedata.category(char) in ("Cf", "Mn", "Me") else _CONTROL
        self[code] = char
        return char


@cache
def _shown() -> _Shown:
    return _Shown()


@cache
def _colour(value: str) -> tuple[float, float, float]:
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def visible(text: str, limit: int = 200_000) -> str:
    """`text` ready for paper: controls, direction marks and signs Inter does not have (emoji, 中) shown as □.

    Past `limit` characters it ends with «… (ещё N знаков)»: nothing is cut in silence.
    """
    if not (text.isascii() and text.isprintable()):
        text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").translate(_shown())
    if len(text) > limit:
        left_out = len(text) - limit
        more = i18n.plural("({count} more character)", "({count} more characters)", left_out)
        text = f"{text[:limit].rstrip()}… {more}"
    return text


def measure(text: str, style: Style) -> float:
    """The width of one line of cleaned text."""
    widths = _widths(style.font)
    return sum(map(widths.__getitem__, text)) * style.size + len(text) * style.tracking


def wrap(text: str, style: Style, width: float) -> list[str]:
    """The lines of cleaned text in a column of `width`; a word that does not fit alone is broken where it must be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, room = "", width
        for token in _TOKENS.findall(paragraph):
            wide = measure(token, style)
            if wide <= room:
                line, room = line + token, room - wide
            elif token[0] == " ":
                lines.append(line)
                line, room = "", width
            elif wide <= width:
                lines.append(line.rstrip(" "))
                line, room = token, width - wide
            else:
                if line.strip(" "):
                    lines.append(line.rstrip(" "))
                *whole, line = _broken(token, style, width)
                lines.extend(whole)
                room = width - measure(line, style)
        lines.append(line.rstrip(" "))
    return lines


def _broken(word: str, style: Style, width: float) -> list[str]:
    """`word` in pieces that fit; at least one character each. A mark over a letter stays with its letter."""
    widths = _widths(style.font)
    pieces = []
    start, used = 0, 0.0
    for place, char in enumerate(word):
        wide = widths[char] * style.size + style.tracking
        if used + wide > width and place > start and not unicodedata.combining(char):
            pieces.append(word[start:place])
            start, used = place, 0.0
        used += wide
    pieces.append(word[start:])
    return pieces


def fit(text: str, style: Style, width: float) -> str:
    """One line of cleaned text that fits, with «…» where its end is left out."""
    text = text.replace("\n", " ")
    if len(text) * style.size <= width or measure(text, style) <= width:
        return text
    room = width - measure("…", style)
    widths = _widths(style.font)
    for place, char in enumerate(text):
        room -= widths[char] * style.size + style.tracking
        if room < 0:
            return text[:place].rstrip() + "…"
    return text


def few_lines(text: str, style: Style, width: float, most: int) -> list[str]:
    """At most `most` lines of cleaned text, the last one ending in «…» where something is left out."""
    text = text.replace("\n", " ")
    if len(text) * style.size <= width:
        return [text]
    lines = wrap(text, style, width)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fit(" ".join(lines[most - 1 :])[:2000], style, width)]


class Paper:
    """A PDF being drawn, page by page; coordinates are points from the lower left corner.

    The file is the same, byte for byte, for the same drawing at the same `moment`.
    """

    def __init__(self, file: IO[bytes], *, title: str, author: str, moment: datetime) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # as bytes, not as letters: smaller, and written in half the time
        _widths("Inter-Regular")
        self._canvas = Canvas(
            file,
            pagesize=(WIDTH, HEIGHT),
            invariant=1,
            pageCompression=1,
            lang=i18n.current(),
            initialFontName="Inter-Regular",
            initialFontSize=BODY_TEXT.size,
        )
        stamp = self._canvas._doc._timeStamp  # noqa: SLF001 - reportlab offers no other way to say when
        instant = moment.astimezone(UTC)
        stamp.t = instant.timestamp()
        stamp.lt = instant.timetuple()
        stamp.YMDhms = tuple(instant.timetuple())[:6]
        self._canvas.setTitle(visible(title, _NAMED))
        self._canvas.setAuthor(visible(author, _NAMED))
        self._canvas.setCreator(i18n.text("Krug"))
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._fill = ""
        self._stroke = ("", 0.0)

    def end_page(self) -> None:
        """Begin a new page."""
        self._canvas.showPage()
        self._fill = ""
        self._stroke = ("", 0.0)

    def save(self) -> None:
        """Write everything into the file."""
        self._canvas.save()

    def bookmark(self, key: str, title: str) -> None:
        """Put `title` into the outline, pointing at this page."""
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(visible(title, _NAMED), key, level=0)

    def fill(self, colour: str) -> None:
        """The colour of the shapes that follow."""
        if colour != self._fill:
            self._canvas.setFillColorRGB(*_colour(colour))
            self._fill = colour

    def stroke(self, colour: str, width: float = HAIRLINE) -> None:
        """The colour and width of the lines that follow."""
        if (colour, width) != self._stroke:
            self._canvas.setStrokeColorRGB(*_colour(colour))
            self._canvas.setLineWidth(width)
            self._stroke = (colour, width)

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """One line of cleaned text with its baseline at `y`, beginning at `x`."""
        if not text:
            return
        _widths(style.font)
        self.fill(style.colour)
        self._canvas.setFont(style.font, style.size)
        if style.tracking:
            self._canvas.drawString(x, y, text, charSpace=style.tracking)
        else:
            self._canvas.drawString(x, y, text)

    def texts(self, lines: Iterable[tuple[float, float, str, Style]]) -> None:
        """Many lines (x, y, cleaned text, style) in the order of reading, quicker than one by one."""
        block = self._canvas.beginText()
        font, size = "", 0.0
        for x, y, text, style in lines:
            if not text:
                continue
            if (style.font, style.size) != (font, size):
                _widths(style.font)
                font, size = style.font, style.size
                block.setFont(font, size)
            if style.colour != self._fill:
                block.setFillColorRGB(*_colour(style.colour))
                self._fill = style.colour
            block.setTextOrigin(x, y)
            block.textLine(text)
        self._canvas.drawText(block)

    def text_right(self, x: float, y: float, text: str, style: Style) -> None:
        """One line that ends at `x`."""
        self.text(x - measure(text, style), y, text, style)

    def text_middle(self, x: float, y: float, text: str, style: Style) -> None:
        """One line centred on `x`."""
        self.text(x - measure(text, style) / 2, y, text, style)

    def hairline(self, y: float, left: float = LEFT, right: float = RIGHT, colour: str = HAIR) -> None:
        """A thin line across."""
        self.stroke(colour)
        self._canvas.line(left, y, right, y)

    def hairlines(self, ys: list[float], left: float = LEFT, right: float = RIGHT) -> None:
        """Many thin lines across, in one go."""
        self.stroke(HAIR)
        self._canvas.lines([(left, y, right, y) for y in ys])

    def box(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0.0) -> None:
        """A filled rectangle."""
        if width <= 0 or height <= 0:
            return
        self.fill(colour)
        if radius:
            radius = min(radius, width / 2, height / 2)
            self._canvas.roundRect(x, y, width, height, radius, stroke=0, fill=1)
        else:
            self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def tick_boxes(self, x: float, ys: list[float], size: float) -> None:
        """Empty squares for a pen, in one go."""
        self.stroke(TEXT3, 0.9)
        self._canvas.setLineJoin(1)
        path = self._canvas.beginPath()
        for y in ys:
            path.rect(x, y, size, size)
        self._canvas.drawPath(path, stroke=1, fill=0)
        self._canvas.setLineJoin(0)

    def qr(self, x: float, y: float, size: float, content: str) -> None:
        """A QR code whose lower left corner is at (x, y), its quiet zone left to the caller; one path, one filling."""
        import segno

        rows = segno.make_qr(content, error="m").matrix
        side = size / len(rows)
        self.fill(TEXT)
        path = self._canvas.beginPath()
        for row, cells in enumerate(rows):
            column = 0
            while column < len(cells):
                run = column
                while run < len(cells) and cells[run]:
                    run += 1
                if run > column:
                    path.rect(x + column * side, y + size - (row + 1) * side, (run - column) * side, side)
                column = run + 1
        self._canvas.drawPath(path, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, colour: str, radius: float) -> None:
        """An empty rectangle with round corners."""
        self.stroke(colour, 0.8)
        self._canvas.roundRect(x, y, width, height, radius, stroke=1, fill=0)

    def circle(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self.fill(colour)
        self._canvas.circle(x, y, radius, stroke=0, fill=1)

    def mark(self, x: float, y: float, size: float) -> None:
        """The sign of the product: a disc in a ring, its middle at (x, y)."""
        self.circle(x, y, size / 2, ACCENT)
        self.circle(x, y, size * 0.335, WHITE)
        self.circle(x, y, size * 0.235, ACCENT)

    def avatar(self, x: float, y: float, radius: float, person_id: int, initials: str) -> None:
        """A person's circle, coloured by id as everywhere in the product."""
        back, front = AVATARS[person_id % len(AVATARS)]
        self.circle(x, y, radius, back)
        style = Style("Inter-SemiBold", radius * 0.72, front)
        self.text_middle(x, y - style.size * 0.36, fit(visible(initials), style, radius * 1.8), style)

    def furniture(self, *, store_name: str, right: str, page: int, pages: int, margins: bool = True) -> None:
        """What every page carries: the mark and the store at the top, what made it and «1 из 4» at the bottom.

        `margins` adds what ± means, for pages with figures.
        """
        y = TOP - 7
        self.mark(LEFT + 9.2, y, 18.4)
        wide = measure(right, SMALL)
        name = Style("Inter-Medium", 11, TEXT2)
        self.text(LEFT + 25.5, y - 4, fit(visible(store_name, 200), name, BODY - wide - 50), name)
        self.text_right(RIGHT, y - 4, right, Style("Inter-Regular", 10.5, TEXT2) if page == 1 else SMALL)
        self.hairline(54)
        made = i18n.text("Made in Krug · ± is the margin of error, 95 %") if margins else i18n.text("Made in Krug")
        self.text(LEFT, 38, made, CAPTION)
        self.text_right(RIGHT, 38, i18n.text("{page} of {pages}", page=page, pages=pages), CAPTION)
