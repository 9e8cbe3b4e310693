"""Pictures of numbers: headline figures, bars by month, the parts of an NPS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crm import i18n
from crm.export.pdf.contents import Chart, Feedback, Headline
from crm.export.pdf.paper import (
    ACCENT,
    ACCENT_PALE,
    BODY,
    CAPTION,
    HAIR2,
    LEFT,
    NUMBER,
    OK,
    SMALL,
    TEXT,
    TEXT2,
    TEXT3,
    TRACK,
    WARN,
    Paper,
    Style,
    few_lines,
    fit,
    measure,
    visible,
)
from crm.services.changes import base, change_of, explained, shown

COLUMNS: Final = 4
_GAP: Final = 18.0
_DASH: Final = "\N{EM DASH}"
_CHANGE: Final = Style("Inter-Medium", 9.5, TEXT3, 13)
_VALUE: Final = Style("Inter-SemiBold", 9.5, TEXT2, 12)


def change(headline: Headline) -> tuple[str, str] | None:
    """The change of a headline as words and colour, None where there is nothing to compare.

    Grey where it may be chance (`crm.services.changes`), otherwise green or amber by what is better.
    """
    changed = change_of(headline)
    if changed is None:
        return None
    words = " ".join(filter(None, (changed.text(), headline.compared_to)))
    return words, {1: OK, 0: TEXT3, -1: WARN}[changed.quality]


@dataclass(frozen=True, slots=True)
class Figures:
    """Up to four headline figures side by side: name, number, definition with base, change."""

    headlines: tuple[Headline, ...]

    @property
    def _width(self) -> float:
        return (BODY - _GAP * (COLUMNS - 1)) / COLUMNS

    def _explained(self) -> list[list[str]]:
        return [few_lines(visible(explained(headline), 300), SMALL, self._width, 6) for headline in self.headlines]

    @property
    def height(self) -> float:
        """The tallest column."""
        lines = max(map(len, self._explained()))
        return 17 + 34 + lines * SMALL.line + _CHANGE.line

    def draw(self, paper: Paper, top: float) -> None:
        """Draw the columns; the changes stand on one line."""
        name = Style("Inter-Regular", 10.5, TEXT2)
        texts = self._explained()
        last = top - 17 - 34 - max(map(len, texts)) * SMALL.line - 10
        for place, (headline, lines) in enumerate(zip(self.headlines, texts, strict=True)):
            x = LEFT + place * (self._width + _GAP)
            paper.text(x, top - 10, fit(visible(headline.label, 200), name, self._width), name)
            paper.text(x, top - 41, shown(headline.figure), NUMBER)
            y = top - 17 - 34 - 7.5
            for line in lines:
                paper.text(x, y, line, SMALL)
                y -= SMALL.line
            changed = change(headline)
            if changed:
                words, colour = changed
                style = Style(_CHANGE.font, _CHANGE.size, colour, _CHANGE.leading)
                paper.text(x, last, fit(visible(words, 200), style, self._width + _GAP - 4), style)


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar a month, the last in full colour; numbers over the first, the last two and the greatest."""

    chart: Chart

    @property
    def height(self) -> float:
        """The bars, the numbers over them and the months under them."""
        return 134.0

    def draw(self, paper: Paper, top: float) -> None:
        """Draw the bars from zero up."""
        points = self.chart.points
        values = [point.value for point in points]
        known = [value for value in values if value is not None]
        greatest = max(known, default=0) or 1
        step = BODY / len(points)
        wide = min(step * 0.76, 60.0)
        base, tall = top - 116, 100.0
        numbered = {0, len(points) - 2, len(points) - 1}
        if known:
            numbered.add(values.index(max(known)))
        # The bars stand flush with the margins of the page, as everything on it does.
        step = (BODY - wide) / (len(points) - 1) if len(points) > 1 else 0.0
        for place, point in enumerate(points):
            last = place == len(points) - 1
            x = LEFT + place * step
            label = fit(visible(point.label, 60), SMALL, max(wide, step - 2))
            paper.text_middle(x + wide / 2, base - 14, label, SMALL)
            if point.value is None:
                paper.text_middle(x + wide / 2, base + 4, _DASH, _VALUE)
                continue
            height = max(point.value, 0.0) / greatest * tall
            paper.box(x, base, wide, height, ACCENT if last else ACCENT_PALE, 2.0)
            if height < 1:
                paper.box(x, base, wide, 1, HAIR2)
            if place in numbered:
                style = Style("Inter-SemiBold", 10.5, TEXT) if last else _VALUE
                paper.text_middle(x + wide / 2, base + height + 4.5, i18n.number(point.value), style)


@dataclass(frozen=True, slots=True)
class Answers:
    """NPS with its n and margin, beside it the three parts it is made of, by the scale 0–10."""

    feedback: Feedback

    @property
    def height(self) -> float:
        """One band."""
        return 66.0

    def draw(self, paper: Paper, top: float) -> None:
        """Draw the number at the left, the parts at the right."""
        feedback = self.feedback
        nps = feedback.nps
        left = 132.0
        if nps is not None:
            paper.text(LEFT, top - 26, shown(nps), NUMBER)
            wide = measure(shown(nps), NUMBER)
            paper.text(LEFT + wide + 7, top - 26, "NPS", Style("Inter-Medium", 10.5, TEXT2))
            below = base(nps)
            if nps.margin is not None:
                below += ", ±" + i18n.number(round(nps.margin))
            paper.text(LEFT, top - 44, fit(below, SMALL, left - 8), SMALL)
            if feedback.asked:
                rate = i18n.percent(round(nps.n / feedback.asked * 100))
                asked = i18n.text("{rate} of {asked} asked", rate=rate, asked=i18n.number(feedback.asked))
                paper.text(LEFT, top - 57, fit(asked, CAPTION, left - 8), CAPTION)
        self._draw_parts(paper, top, LEFT + left, BODY - left)

    def _draw_parts(self, paper: Paper, top: float, x: float, width: float) -> None:
        feedback = self.feedback
        parts = (
            (feedback.promoters, ACCENT, i18n.text("9–10: {count}", count=i18n.number(feedback.promoters))),
            (feedback.passives, ACCENT_PALE, i18n.text("7–8: {count}", count=i18n.number(feedback.passives))),
            (feedback.detractors, HAIR2, i18n.text("0–6: {count}", count=i18n.number(feedback.detractors))),
        )
        total = sum(count for count, _, _ in parts)
        paper.box(x, top - 28, width, 16, TRACK, 2)
        at = x
        for count, colour, _ in parts:
            wide = width * count / total if total else 0.0
            paper.box(at, top - 28, max(wide - 1.2, 0.0), 16, colour, 2)
            at += wide
        at = x
        for _, colour, words in parts:
            paper.box(at, top - 45.5, 7, 7, colour, 1.5)
            paper.text(at + 11, top - 45, words, SMALL)
            at += 11 + measure(words, SMALL) + 18
