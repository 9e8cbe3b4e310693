"""«Итоги месяца»: what the manager shows to those who ask how the community is doing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crm import i18n
from crm.export.pdf.blocks import Block, Heading, Row, Rule, Space, Text, Together, p, paginate
from crm.export.pdf.charts import COLUMNS, Answers, Bars, Figures, change
from crm.export.pdf.contents import EventLine, Feedback, Headline, MonthReport, Quote, Thanks
from crm.export.pdf.paper import (
    ACCENT,
    ACCENT_TEXT,
    BODY,
    BODY_STRONG,
    BODY_TEXT,
    BOTTOM,
    CAPTION,
    DISPLAY,
    HAIR2,
    HEADING,
    LEFT,
    RIGHT,
    SMALL,
    TEXT2,
    TEXT3,
    TOP,
    TRACK,
    Paper,
    Style,
    few_lines,
    fit,
    measure,
    visible,
)
from crm.export.whole_file import Report, silent, whole_file

_FIRST_TOP: Final = TOP - 43
_NEXT_TOP: Final = TOP - 38
_DASH: Final = "\N{EM DASH}"
_NUMBER: Final = Style("Inter-Regular", 10.5)
_NUMBER_THIN: Final = Style("Inter-Regular", 10.5, TEXT3)
_REGISTERED: Final = RIGHT - 222
_CAME: Final = RIGHT - 172
_SHARE: Final = RIGHT - 100
_ANSWERS: Final = RIGHT - 42
_TITLE_WIDTH: Final = BODY - 222 - 56
_BAR: Final = 28.0
_THIN: Final = 30
"""n below which an NPS is printed grey (metrics, common rules)."""


def write_month(report: MonthReport, target: Path | str, *, progress: Report = silent) -> int:
    """Write the report to `target`; return the number of pages. Raises NotWritten.

    Language of fixed words, numbers and dates is the one in use (`i18n.using`).
    """
    pages = paginate(list(_blocks(report)), _FIRST_TOP, _NEXT_TOP, BOTTOM)
    with whole_file(target) as file:
        paper = Paper(file, title=report.title, author=report.store_name, moment=report.made_at)
        made = i18n.text("made on {day}", day=i18n.date_long(report.made_on))
        for number, page in enumerate(pages, start=1):
            progress(number - 1, len(pages))
            right = made if number == 1 else fit(visible(report.title, 200), SMALL, BODY / 2)
            paper.furniture(store_name=report.store_name, right=right, page=number, pages=len(pages))
            if number == 1:
                paper.bookmark("title", report.title)
            page.draw(paper)
            paper.end_page()
        paper.save()
    return len(pages)


def _blocks(report: MonthReport) -> Iterator[Block]:
    """The whole report from top to bottom, sections parted by hairlines."""
    yield p(report.title, DISPLAY, limit=300)
    yield Space(5)
    if report.comment.strip():
        yield from _comment(report.comment)
    sections = (
        _headlines(report.headlines),
        _chart(report),
        _events(report),
        _feedback(report.feedback, hide_names=report.hide_names),
        _thanks(report),
    )
    for section in sections:
        blocks = list(section)
        if blocks:
            yield Rule()
            yield from blocks


def _comment(comment: str) -> Iterator[Block]:
    """The manager's own words, marked as theirs."""
    style = Style("Inter-SemiBold", 9.5, ACCENT_TEXT, 15)
    said = p(comment.strip(), BODY_TEXT, indent=11, bar=True)
    head = Text((i18n.text("Manager's comment"),), style, 11)
    first = said if said.height < 200 else (said.split(200) or (said,))[0]
    rest = Text(said.lines[len(first.lines) :], BODY_TEXT, 11, bar=True)
    yield Together((head, Text(first.lines, BODY_TEXT, 11, bar=True, bar_above=head.height)))
    if rest.lines:
        yield rest


def _headlines(headlines: tuple[Headline, ...]) -> Iterator[Block]:
    for start in range(0, len(headlines), COLUMNS):
        if start:
            yield Space(14)
        yield Figures(headlines[start : start + COLUMNS])
    if any((changed := change(headline)) and changed[1] == TEXT3 for headline in headlines):
        yield Space(5)
        yield p(i18n.text("Grey: a change inside the margin of error, or n < 30."), CAPTION)


def _chart(report: MonthReport) -> Iterator[Block]:
    if report.chart is not None and report.chart.points:
        chart = report.chart
        yield Together((Heading(visible(chart.title, 200), visible(chart.explained, 300)), Bars(chart)))


def _events(report: MonthReport) -> Iterator[Block]:
    if report.events is None:
        return
    header = _EventsHeader()
    if not report.events:
        yield Together((Heading(i18n.in_context("report", "Events")), p(i18n.text("There were no events."), SMALL)))
        return
    rows = [_EventRow(line, last=line is report.events[-1]) for line in report.events]
    yield Together((header, rows[0]))
    for row in rows[1:]:
        yield Row(row, header)


def _feedback(feedback: Feedback | None, *, hide_names: bool) -> Iterator[Block]:
    if feedback is None:
        return
    heading = Heading(i18n.in_context("report", "Feedback"))
    answered = feedback.promoters + feedback.passives + feedback.detractors
    if feedback.nps is None and not answered and not feedback.quotes:
        yield Together((heading, p(i18n.text("There was no feedback."), SMALL)))
        return
    if feedback.nps is not None or answered:
        yield Together((heading, Answers(feedback)))
    elif feedback.quotes:
        yield Together((heading, Space(0)))
    for quote in feedback.quotes:
        yield from _quote(quote, hide_names=hide_names)


def _quote(quote: Quote, *, hide_names: bool) -> Iterator[Block]:
    """What somebody said, in quotation marks, and who and about what; the name only where names are shown."""
    marks = ("«", "»") if i18n.current() == "ru" else ("“", "”")
    said = p(marks[0] + quote.text.strip() + marks[1], BODY_TEXT, indent=11, limit=2_000)
    who = quote.organisation if hide_names else quote.author or quote.organisation
    score = i18n.text("{score} of 10", score=quote.score) if quote.score is not None else ""
    under = " · ".join(filter(None, (who, quote.about, score)))
    by = p(under, SMALL, indent=11, limit=300) if under else Space(0)
    yield Space(7)
    if said.height < 220:
        yield Together((said, by))
    else:
        yield said
        yield by
    yield Space(3)


def _thanks(report: MonthReport) -> Iterator[Block]:
    if not report.thanks:
        return
    rows = [_ThanksRow(thanks, report.hide_names) for thanks in report.thanks]
    yield Together((Heading(i18n.text("Thanks for bringing people")), rows[0]))
    yield from rows[1:]


@dataclass(frozen=True, slots=True)
class _EventsHeader:
    """«События» and the names of the columns on one line."""

    @property
    def height(self) -> float:
        return 25.0

    def draw(self, paper: Paper, top: float) -> None:
        paper.text(LEFT, top - 13.5, i18n.in_context("report", "Events"), HEADING)
        for right, words in (
            (_REGISTERED, i18n.in_context("report", "Registered")),
            (_CAME, i18n.in_context("report", "Came")),
            (_SHARE, i18n.in_context("report", "Show-up")),
            (_ANSWERS, i18n.in_context("report", "Answers, n")),
            (RIGHT, "NPS"),
        ):
            paper.text_right(right, top - 13, words, Style("Inter-Medium", 9, TEXT2))
        paper.hairline(top - 23)


@dataclass(frozen=True, slots=True)
class _EventRow:
    """One event: title and day, then how many registered, came, how large a part of the registered that is, NPS."""

    line: EventLine
    last: bool

    def _title(self) -> list[str]:
        return few_lines(visible(self.line.title, 300), BODY_STRONG, _TITLE_WIDTH, 3)

    @property
    def height(self) -> float:
        return 9 + BODY_STRONG.line * len(self._title())

    def draw(self, paper: Paper, top: float) -> None:
        line = self.line
        y = top - 16
        titles = self._title()
        for place, words in enumerate(titles):
            paper.text(LEFT, y - place * BODY_STRONG.line, words, BODY_STRONG)
        after = LEFT + measure(titles[-1], BODY_STRONG) + 7
        paper.text(after, y - (len(titles) - 1) * BODY_STRONG.line, i18n.birthday(line.on.month, line.on.day), CAPTION)
        paper.text_right(_REGISTERED, y, i18n.number(line.registered), _NUMBER)
        paper.text_right(_CAME, y, i18n.number(line.came), _NUMBER)
        share = line.show_up
        words = i18n.percent(None if share is None else round(share))
        paper.text_right(_SHARE, y, words, _NUMBER)
        if share is not None:
            x = _SHARE - 32 - _BAR
            paper.box(x, y + 1, _BAR, 5, TRACK, 2.5)
            paper.box(x, y + 1, _BAR * min(share, 100) / 100, 5, ACCENT, 2.5)
        paper.text_right(_ANSWERS, y, i18n.number(line.answers), _NUMBER)
        score = _DASH if line.nps is None else i18n.number(round(line.nps))
        paper.text_right(RIGHT, y, score, _NUMBER_THIN if line.answers < _THIN else _NUMBER)
        if not self.last:
            paper.hairline(top - self.height)


@dataclass(frozen=True, slots=True)
class _ThanksRow:
    """A circle, a name, what for. Under «hide names» the organisation stands for the person."""

    thanks: Thanks
    hide_names: bool

    @property
    def height(self) -> float:
        return 28.0

    def draw(self, paper: Paper, top: float) -> None:
        y = top - 14
        reason = fit(visible(self.thanks.reason, 200), Style("Inter-Regular", 10.5), BODY / 2)
        paper.text_right(RIGHT, y - 4, reason, Style("Inter-Regular", 10.5, TEXT2))
        if self.hide_names:
            paper.circle(LEFT + 10.5, y, 10.5, HAIR2)
            name = self.thanks.organisation or i18n.in_context("report", "name hidden")
        else:
            paper.avatar(LEFT + 10.5, y, 10.5, self.thanks.person_id, self.thanks.initials)
            name = self.thanks.name
        room = BODY - 40 - measure(reason, _NUMBER)
        paper.text(LEFT + 31, y - 4, fit(visible(name, 300), BODY_STRONG, room), BODY_STRONG)
