"""Small reports for the tests of paper."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime

import pypdf

from crm.export.pdf.contents import (
    Chart,
    ChartPoint,
    EventLine,
    Feedback,
    Headline,
    MonthReport,
    Quote,
    RegisterRow,
    RegisterSheet,
    Thanks,
)
from crm.services.figures_rows import Figure

MOMENT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 12)


def figure(value, n, unit="count", margin=None):
    return Figure("key", value, n, "definition", unit=unit, margin=margin)


def month(**changes):
    report = MonthReport(
        title="Итоги октября",
        store_name="Данные и люди",
        made_at=MOMENT,
        made_on=DAY,
        headlines=(
            Headline(
                "Активны",
                figure(394, 1266),
                "были за 90 дней, из 1 266",
                base_named=True,
                previous=figure(377, 1249),
                compared_to="к сентябрю",
            ),
            Headline("Второй визит", figure(73.4, 37, "percent"), "пришли снова", previous=figure(74.3, 41, "percent")),
            Headline("NPS", figure(51, 138, "points", 12.2), "ответы за 90 дней"),
        ),
        comment="Сообщество растёт за счёт рекомендаций.",
        chart=Chart("Активные участники", "на конец месяца", (ChartPoint("сен", 377), ChartPoint("окт", 394))),
        events=(
            EventLine("Встреча «Когорты без боли»", date(2026, 10, 1), 148, 104, 4, 28, 54),
            EventLine("Вебинар №2", date(2026, 10, 8), 0, 3, 3, 0, None),
        ),
        feedback=Feedback(figure(51, 138, "points", 12.2), 83, 42, 13, 391, (Quote("Ёмко, без воды", "Семён Ёлкин"),)),
        thanks=(Thanks(6, "Наталья Ёжикова", "НЁ", "привела двоих", "Студия «Щегол»"),),
    )
    return replace(report, **changes)


def register(count=3, **changes):
    rows = tuple(
        RegisterRow(f"Ёлкин{number:05}", "Семён", "Ильич", "ООО «Вектор»", f"{number:06}") for number in range(count)
    )
    sheet = RegisterSheet("Встреча «Ошибки»", "Данные и люди", MOMENT, DAY, "29 октября, 19:00", rows)
    return replace(sheet, **changes)


def pages(path):
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def squeezed(text):
    """Text without blanks: where a line breaks is no business of what it says."""
    return "".join(text.split())


def text_of(path):
    return squeezed(" ".join(pages(path)))


def filled(content, payload):
    """`content` with `payload` in every field that holds text, however deep."""
    changes = {}
    for field in fields(content):
        value = getattr(content, field.name)
        if isinstance(value, Figure):
            continue
        if isinstance(value, str):
            changes[field.name] = payload
        elif is_dataclass(value):
            changes[field.name] = filled(value, payload)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(filled(item, payload) if is_dataclass(item) else item for item in value)
    return replace(content, **changes)
