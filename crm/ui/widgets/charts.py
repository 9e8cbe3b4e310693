"""Painted figures: sparkline, funnel, NPS gauge, bars, ring, parts of a whole. Each says in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets import shapes


class _Chart(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.updateGeometry)

    def _text(self, painter: QPainter, rect: QRect, words: str, role: str, token: str, align: str = "left") -> None:
        theme = self._theme
        shapes.line_of_text(painter, rect, words, theme.font(role), theme.metrics(role), theme.colour(token), align)


class Sparkline(_Chart):
    """A line of values with a dot at the last one and a soft ground. Tokens: accent, warn, text2."""

    def __init__(
        self, theme: Theme, values: Sequence[float] = (), tone: str = "accent", *, filled: bool = True, name: str = ""
    ) -> None:
        super().__init__(theme)
        self._tone = tone
        self._filled = filled
        self._values: tuple[float, ...] = ()
        self.setAccessibleName(name)
        self.set_values(values)

    def set_values(self, values: Sequence[float], tone: str | None = None) -> None:
        """The points from left to right; fewer than two show nothing."""
        self._values = tuple(values)
        self._tone = tone or self._tone
        self.setAccessibleDescription(", ".join(i18n.number(value) for value in self._values))
        self.update()

    def sizeHint(self) -> QSize:
        """As in a pulse strip."""
        return QSize(self._theme.px(88), self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Still a line."""
        return QSize(40, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        if len(self._values) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour("accent_text" if self._tone == "accent" and self._theme.dark else self._tone)
        low, high = min(self._values), max(self._values)
        spread = (high - low) or 1
        room = QRectF(self.rect()).adjusted(2, 4, -5, -3)
        step = room.width() / (len(self._values) - 1)
        flat = high == low
        points = [
            QPointF(
                room.x() + place * step,
                room.center().y() if flat else room.bottom() - (value - low) / spread * room.height(),
            )
            for place, value in enumerate(self._values)
        ]
        line = QPainterPath(points[0])
        for point in points[1:]:
            line.lineTo(point)
        if self._filled:
            ground = QPainterPath(line)
            ground.lineTo(points[-1].x(), self.height())
            ground.lineTo(points[0].x(), self.height())
            ground.closeSubpath()
            tint = QColor(colour)
            tint.setAlpha(22)
            painter.fillPath(ground, tint)
        pen = QPen(colour, 1.6)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(line, pen)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(points[-1], 2.8, 2.8)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One bar of the funnel; `note` says of what the percentage is."""

    title: str
    value: int
    note: str = ""


class Funnel(_Chart):
    """Bars on one baseline, growing in strength, with pale connectors between them."""

    _GAP: Final = 44
    _BAR: Final = 58

    def __init__(self, theme: Theme, steps: Sequence[FunnelStep] = ()) -> None:
        super().__init__(theme)
        self._steps: tuple[FunnelStep, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[FunnelStep]) -> None:
        """The bars from left to right."""
        self._steps = tuple(steps)
        self.setAccessibleName(
            "; ".join(f"{step.title}: {i18n.number(step.value)} {step.note}".strip() for step in steps)
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Title, number, bar."""
        return QSize(640, self._top() + self._BAR + 2)

    def minimumSizeHint(self) -> QSize:
        """Narrow, as high."""
        return QSize(320, self.sizeHint().height())

    def _top(self) -> int:
        theme = self._theme
        return theme.metrics("small").height() + theme.metrics("number_large").height() + 12

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint titles, numbers, bars, connectors."""
        if not self._steps:
            return
        painter = QPainter(self)
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        number = len(self._steps)
        width = (self.width() - self._GAP * (number - 1)) / number
        highest = max(step.value for step in self._steps) or 1
        bottom = self.height() - 2
        heights = [max(2.0, step.value / highest * self._BAR) for step in self._steps]
        accent = theme.colour("accent")
        for place in range(number - 1):
            x = place * (width + self._GAP) + width
            y, after = bottom - heights[place], bottom - heights[place + 1]
            middle = x + self._GAP / 2
            path = QPainterPath(QPointF(x, y))
            path.cubicTo(middle, y, middle, after, x + self._GAP, after)
            path.lineTo(x + self._GAP, bottom)
            path.lineTo(x, bottom)
            pale = QColor(accent)
            pale.setAlpha(30)
            painter.fillPath(path, pale)
        for place, (step, height) in enumerate(zip(self._steps, heights, strict=True)):
            x = round(place * (width + self._GAP))
            strength = 0.27 + 0.73 * (place / (number - 1)) ** 1.2 if number > 1 else 1.0
            ink = QColor(accent)
            ink.setAlphaF(strength)
            shapes.box(painter, QRectF(x, bottom - height, width, height), min(3.0, height / 2), ink)
            self._words(painter, step, x, round(width + self._GAP - 8))

    def _words(self, painter: QPainter, step: FunnelStep, x: int, width: int) -> None:
        theme = self._theme
        title = theme.metrics("small").height()
        self._text(painter, QRect(x, 0, width, title), step.title, "small", "text2")
        figure = i18n.number(step.value)
        metrics = theme.metrics("number_large")
        advance = metrics.horizontalAdvance(figure) + 2
        self._text(painter, QRect(x, title + 1, advance, metrics.height()), figure, "number_large", "text")
        lift = metrics.descent() - theme.metrics("small").descent()
        area = QRect(x + advance + 8, title + 1, width - advance - 8, metrics.height() - lift)
        if area.width() > 20:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text2"))
            words = shapes.elided(step.note, area.width(), theme.font("small"), theme.metrics("small"))
            painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, words)


class NpsGauge(_Chart):
    """Half a ring from −100 to 100 with the figure inside."""

    def __init__(self, theme: Theme, score: float | None = None) -> None:
        super().__init__(theme)
        self._score: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_value(score)

    def set_value(self, score: float | None, words: str = "") -> None:
        """The score, None for «—»; `words` adds base, margin and change for a screen reader."""
        self._score = score
        shown = "\N{EM DASH}" if score is None else i18n.number(round(score))
        self.setAccessibleName(", ".join(part for part in (f"NPS {shown}", words) if part))
        self.update()

    def sizeHint(self) -> QSize:
        """Half a ring and the ends of its scale."""
        return QSize(self._theme.px(132), self._theme.px(84))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring and the figure."""
        painter = QPainter(self)
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stroke = theme.px(11)
        foot = theme.metrics("small").height() + 3
        radius = min(self.width() / 2 - 8, self.height() - foot - 2) - stroke / 2
        middle = QPointF(self.width() / 2, self.height() - foot)
        area = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        pen = QPen(theme.colour("track"), stroke)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(area, 0, 180 * 16)
        shown = "\N{EM DASH}"
        if self._score is not None:
            pen.setColor(theme.colour("accent"))
            painter.setPen(pen)
            share = (max(-100.0, min(100.0, self._score)) + 100) / 200
            painter.drawArc(area, 180 * 16, -round(share * 180 * 16))
            shown = i18n.number(round(self._score))
        metrics = theme.metrics("number_large")
        self._text(
            painter,
            QRect(0, round(middle.y() - metrics.height() + 4), self.width(), metrics.height()),
            shown,
            "number_large",
            "text",
            "centre",
        )
        end = theme.metrics("caption").horizontalAdvance("\N{MINUS SIGN}100") + 2
        y = round(middle.y()) + 2
        left = QRect(round(area.left() - end / 2), y, end, foot)
        right = QRect(round(area.right() - end / 2), y, end, foot)
        self._text(painter, left.translated(max(0, -left.x()), 0), i18n.number(-100), "caption", "text2", "centre")
        self._text(
            painter, right.translated(min(0, self.width() - right.right() - 1), 0), "100", "caption", "text2", "centre"
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands below it, how much, in which token's colour."""

    label: str
    value: float
    tone: str = "accent"
    shown: str | None = None


class BarChart(_Chart):
    """Bars with their values above and their labels below."""

    def __init__(self, theme: Theme, bars: Sequence[Bar] = (), *, name: str = "", height: int = 92) -> None:
        super().__init__(theme)
        self._bars: tuple[Bar, ...] = ()
        self._height = height
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_bars(bars)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """The bars from left to right."""
        self._bars = tuple(bars)
        self.setAccessibleDescription(", ".join(f"{bar.label}: {i18n.number(bar.value)}" for bar in bars))
        self.update()

    def sizeHint(self) -> QSize:
        """22 px a bar."""
        return QSize(max(60, 23 * len(self._bars)), self._theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Thin bars."""
        return QSize(14 * len(self._bars), 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars."""
        if not self._bars:
            return
        painter = QPainter(self)
        theme = self._theme
        line = theme.metrics("small").height()
        highest = max(bar.value for bar in self._bars) or 1
        step = self.width() / len(self._bars)
        width = min(34.0, step * 0.78)
        bottom, room = self.height() - line - 4, self.height() - 2 * line - 8
        tallest = {place for place, bar in enumerate(self._bars) if bar.value / highest >= 0.2}
        for place, bar in enumerate(self._bars):
            x = place * step
            height = max(2.0, bar.value / highest * room)
            area = QRectF(x + (step - width) / 2, bottom - height, width, height)
            shapes.box(painter, area, min(2.5, height / 2), theme.colour(bar.tone))
            label = QRect(round(x) - 6, self.height() - line, round(step) + 12, line)
            self._text(painter, label, bar.label, "small", "text2", "centre")
            shown = bar.shown if bar.shown is not None else i18n.number(bar.value) if place in tallest else ""
            top = QRect(round(x) - 6, round(area.y()) - line - 2, round(step) + 12, line)
            self._text(painter, top, shown, "small", "text2", "centre")


class RingGauge(_Chart):
    """How many of how many, for the desk."""

    def __init__(self, theme: Theme, size: int = 178) -> None:
        super().__init__(theme)
        self._size = size
        self._now, self._of = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_value(self, now: int, of: int) -> None:
        """Who is here, of whom were expected; more than expected fills the ring."""
        self._now, self._of = now, of
        self.setAccessibleName(i18n.text("{now} of {of}", now=i18n.number(now), of=i18n.number(of)))
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring and the figures."""
        painter = QPainter(self)
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stroke = max(6.0, self.width() * 0.058)
        area = QRectF(self.rect()).adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2)
        pen = QPen(theme.colour("track"), stroke)
        painter.setPen(pen)
        painter.drawEllipse(area)
        share = min(1.0, self._now / self._of) if self._of else float(self._now > 0)
        if share:
            pen.setColor(theme.colour("accent"))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(area, 90 * 16, -round(share * 360 * 16))
        metrics = theme.metrics("desk_number")
        middle = self.height() // 2
        shown = i18n.number(self._now)
        font = theme.font("desk_number")
        if metrics.horizontalAdvance(shown) > self.width() - 4 * stroke:
            font = theme.font("number_large")
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        upper = QRect(0, middle - metrics.height() + theme.px(22), self.width(), metrics.height())
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, shown)
        lower = QRect(0, middle + theme.px(18), self.width(), theme.px(26))
        self._text(
            painter, lower, i18n.text("of {count}", count=i18n.number(self._of)), "desk_detail", "text2", "centre"
        )


class PartsBar(_Chart):
    """Parts of a whole in one thin bar: seats taken and confirmed, new and updated rows."""

    def __init__(self, theme: Theme, height: int = 6, *, name: str = "") -> None:
        super().__init__(theme)
        self._height = height
        self._parts: tuple[tuple[float, str], ...] = ()
        self._total = 0.0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[tuple[float, str]], total: float) -> None:
        """`(value, token)` from left to right; what is missing to `total` is the track. «accent2»: half accent."""
        self._parts, self._total = tuple(parts), total
        self.update()

    def sizeHint(self) -> QSize:
        """Thin and wide."""
        return QSize(160, self._theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Thin and short."""
        return QSize(40, self._theme.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.height() / 2
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(clip)
        painter.fillRect(self.rect(), self._theme.colour("track"))
        x = 0.0
        for value, named in self._parts:
            width = value / self._total * self.width() if self._total else 0.0
            area = QRectF(x, 0, width, self.height())
            pale = named == "accent2"
            colour = QColor(self._theme.colour("accent" if pale else named))
            if pale:
                painter.fillRect(area, self._theme.colour("surface"))
                colour.setAlphaF(0.45)
            painter.fillRect(area, colour)
            x += width


class Progress(PartsBar):
    """How far a job is; with an unknown end it shows the track alone, the words beside it count."""

    def __init__(self, theme: Theme, *, name: str = "") -> None:
        super().__init__(theme, 4, name=name or i18n.text("Progress"))

    def set_progress(self, step: int, of: int) -> None:
        """`step` of `of`; `of` is 0 when nobody knows."""
        self.set_parts([(min(step, of), "accent")], of or 1)
        self.setAccessibleDescription(
            i18n.text("{now} of {of}", now=i18n.number(step), of=i18n.number(of)) if of else i18n.number(step)
        )
