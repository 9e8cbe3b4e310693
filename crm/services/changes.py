"""How a figure and its change are written, wherever they stand: on a page, on paper, in a terminal."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crm import i18n
from crm.services.figures_rows import Figure
from crm.services.report_contents import Headline


def shown(figure: Figure) -> str:
    """The value as people read it: «394», «73 %», «−12», «—» where there is nothing to divide by."""
    if not isinstance(figure.value, int | float):
        return "\N{EM DASH}"
    if figure.unit == "percent":
        return i18n.percent(round(figure.value))
    return i18n.number(round(figure.value) if figure.unit == "points" else figure.value)


@dataclass(frozen=True, slots=True)
class Change:
    """How a headline moved, as whole as it is printed: in points of percent where `points`.

    `quality` is 1 for better, −1 for worse, 0 where it may be chance: a thin base (n < 30) or inside the margin.
    """

    difference: float
    points: bool
    quality: int

    def text(self) -> str:
        """«+17», «−2 п. п.»."""
        signed = i18n.signed(self.difference)
        return i18n.text("{change} pp", change=signed) if self.points else signed


def change_of(headline: Headline) -> Change | None:
    """The change of a headline; None where one of the two values is missing.

    It is certain where both bases have n ≥ 30 and the difference passes √(m₁² + m₂²) of the two 95 % half-widths.
    """
    before, now = headline.previous, headline.figure
    if before is None or not isinstance(before.value, int | float) or not isinstance(now.value, int | float):
        return None
    difference = _printed(now) - _printed(before)
    unsure = now.thin or before.thin or abs(difference) <= math.hypot(half_width(now), half_width(before))
    quality = 0 if unsure or not difference else int(math.copysign(1, difference)) * headline.better
    return Change(difference, now.unit == "percent", quality)


def half_width(figure: Figure) -> float:
    """The 95 % half-width of a figure: its own, that of a share, 1.96·√(p(1−p)/n)·100, or 0 for a count."""
    if figure.margin is not None:
        return figure.margin
    if figure.unit == "percent" and figure.n > 0 and isinstance(figure.value, int | float):
        share = min(max(figure.value / 100, 0.0), 1.0)
        return 1.96 * math.sqrt(share * (1 - share) / figure.n) * 100
    return 0.0


def base(figure: Figure) -> str:
    """«n = 37», in one piece."""
    return i18n.text("n = {n}", n=i18n.number(figure.n)).replace(" ", i18n.NBSP)


def explained(headline: Headline) -> str:
    """The definition with its base, and the margin where the figure has one: no number stands without them."""
    figure = headline.figure
    parts = [headline.explained]
    if not headline.base_named:
        parts.append(base(figure))
    if figure.margin is not None:
        parts.append("±" + i18n.number(round(figure.margin)))
    return ", ".join(filter(None, parts))


def _printed(figure: Figure) -> float:
    value = figure.value if isinstance(figure.value, int | float) else 0
    return round(value) if figure.unit in ("percent", "points") else value
