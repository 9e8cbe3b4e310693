"""What a report says, as plain values: services fill these, the PDF writers draw them, pages show the headlines.

Every text is shown as it is, never read as markup. Words that belong to a definition (labels, definitions with their
base) come ready in the language of the report, because screens show the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from crm.services.figures_rows import Figure


@dataclass(frozen=True, slots=True)
class Headline:
    """One number at the head of a report.

    `explained` is the definition with its base in words («был хотя бы на одном событии за 90 дней, из 1 266»). Where
    it does not name the base, `base_named` is False and «n = …» is printed after it. `previous` is the same figure
    for the period compared with, `compared_to` its words («к сентябрю»). `better` is 1 where more is better, −1 where
    less is, 0 where neither: it decides the colour of a change, never its wording.
    """

    label: str
    figure: Figure
    explained: str
    base_named: bool = False
    previous: Figure | None = None
    compared_to: str = ""
    better: int = 1


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One bar; None is «not known», drawn as a dash, never as zero."""

    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in order of time, the last one being the period of the report."""

    title: str
    explained: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event: `registered` = R, `came` = attendance A + W, `walk_ins` = W of the definitions of attendance."""

    title: str
    on: date
    registered: int
    came: int
    walk_ins: int = 0
    answers: int = 0
    nps: float | None = None

    @property
    def show_up(self) -> float | None:
        """Show-up rate A / R out of 100, None without registrations."""
        return None if self.registered == 0 else (self.came - self.walk_ins) / self.registered * 100


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation somebody agreed to; under `hide_names` only the organisation is shown, never `author`."""

    text: str
    author: str = ""
    organisation: str = ""
    about: str = ""
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What people answered: NPS (a figure with n and margin), its three parts, whom we asked, what they said."""

    nps: Figure | None = None
    promoters: int = 0
    passives: int = 0
    detractors: int = 0
    asked: int | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Thanks:
    """Somebody to thank and what for («привела четверых»); `person_id` chooses the colour of the circle."""

    person_id: int
    name: str
    initials: str
    reason: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class MonthReport:
    """«Итоги месяца». None leaves a section out; an empty tuple says that there was nothing."""

    title: str
    store_name: str
    made_at: datetime
    made_on: date
    headlines: tuple[Headline, ...] = ()
    comment: str = ""
    chart: Chart | None = None
    events: tuple[EventLine, ...] | None = None
    feedback: Feedback | None = None
    thanks: tuple[Thanks, ...] | None = None
    hide_names: bool = False


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One expected person; the rows come sorted by the stored sort key."""

    family_name: str
    given_name: str = ""
    additional_name: str = ""
    organisation: str = ""
    ticket_code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """«Лист регистрации»: who is expected, to tick with a pen. `details` stand under the title: when, where."""

    title: str
    store_name: str
    made_at: datetime
    made_on: date
    details: str = ""
    rows: tuple[RegisterRow, ...] = field(default=(), repr=False)
    organisations: bool = True
    tickets: bool = True
    signatures: bool = False
    blank_rows: int = 8
