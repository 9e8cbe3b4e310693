"""«Итоги месяца»: every number with its base, every word that was put in."""

from dataclasses import replace
from datetime import date

import pytest

from crm import i18n
from crm.export.pdf.charts import change, explained, shown
from crm.export.pdf.contents import EventLine, Feedback, Headline, Quote, Thanks
from crm.export.pdf.month import write_month
from crm.export.pdf.paper import OK, TEXT3, WARN
from tests.export.pdf.makers import figure, month, pages, squeezed, text_of


def written(report, tmp_path):
    target = tmp_path / "a.pdf"
    write_month(report, target)
    return target


def test_all_that_was_put_in_can_be_read_out(tmp_path):
    text = text_of(written(month(), tmp_path))
    for words in (
        "Итоги октября", "Данные и люди", "составлен 12 ноября 2026", "Комментарий менеджера",
        "Сообщество растёт за счёт рекомендаций.", "Активны", "394", "были за 90 дней, из 1 266", "+17 к сентябрю",
        "73 %", "пришли снова, n = 37", "−1 п. п.", "n = 138, ±12", "Активные участники", "на конец месяца",
        "Встреча «Когорты без боли»", "1 окт", "68 %", "Вебинар №2", "9–10: 83", "35 % из 391 спрошенных",
        "«Ёмко, без воды»", "Семён Ёлкин", "Спасибо, что приводите людей", "Наталья Ёжикова", "привела двоих",
        "Сделано в «Круге» · ± — граница ошибки, 95 %",
    ):  # fmt: skip
        assert squeezed(words) in text


def test_english_speaks_english_throughout(tmp_path):
    with i18n.using("en"):
        text = text_of(written(month(title="October", comment="x"), tmp_path))
    assert squeezed("Thanks for bringing people") in text
    assert squeezed("made on 12 November 2026") in text
    assert "Спасибо" not in text
    assert "Записались" not in text


def test_hidden_names_are_nowhere_in_the_file(tmp_path):
    quotes = (Quote("Ёмко", "Семён Ёлкин", "ООО «Вектор»"), Quote("Да", "Семён Ёлкин"))
    thanks = (Thanks(1, "Наталья Ёжикова", "НЁ", "привела двоих", "Студия"), Thanks(2, "Семён Ёлкин", "СЁ", "привёл"))
    report = month(hide_names=True, feedback=Feedback(None, quotes=quotes), thanks=thanks)
    text = text_of(written(report, tmp_path))
    for name in ("Ёлкин", "Ёжикова", "СЁ", "НЁ"):
        assert name not in text
    assert squeezed("ООО «Вектор»") in text
    assert squeezed("имя скрыто") in text


def test_what_was_not_chosen_is_not_there_and_nothing_is_said_to_be_nothing(tmp_path):
    bare = month(headlines=(), comment=" ", chart=None, events=None, feedback=None, thanks=None)
    text = text_of(written(bare, tmp_path))
    for words in ("События", "Отзывы", "Спасибо", "Комментарий"):
        assert words not in text
    text = text_of(written(month(events=(), feedback=Feedback()), tmp_path))
    assert squeezed("Событий не было.") in text
    assert squeezed("Отзывов не было.") in text


@pytest.mark.parametrize(
    ("now", "before", "better", "expected"),
    [
        (figure(394, 1266), figure(377, 1249), 1, ("+17", OK)),
        (figure(360, 1266), figure(377, 1249), 1, ("−17", WARN)),
        (figure(360, 1266), figure(377, 1249), -1, ("−17", OK)),
        (figure(377, 1266), figure(377, 1249), 1, ("0", TEXT3)),
        (figure(394, 29), figure(377, 1249), 1, ("+17", TEXT3)),
        (figure(394, 1266), figure(377, 29), 1, ("+17", TEXT3)),
        (figure(51, 138, "points", 12.2), figure(40, 130, "points", 12.5), 1, ("+11", TEXT3)),
        (figure(51, 138, "points", 12.2), figure(20, 130, "points", 12.5), 1, ("+31", OK)),
        (figure(73.4, 37, "percent"), figure(74.3, 41, "percent"), 1, ("−1 п. п.", TEXT3)),
        (figure(90, 400, "percent"), figure(70, 400, "percent"), -1, ("+20 п. п.", WARN)),
        (figure(394, 1266), figure(377, 1249), 0, ("+17", TEXT3)),
    ],
)
def test_a_change_is_coloured_only_where_it_means_something(now, before, better, expected):
    found = change(Headline("x", now, "", previous=before, better=better))
    assert found is not None
    assert (found[0].replace("\N{NO-BREAK SPACE}", " "), found[1]) == expected


def test_nothing_to_divide_by_is_a_dash_and_no_change():
    empty = Headline("x", figure(None, 0, "percent"), "доля", previous=figure(5, 40, "percent"))
    assert shown(empty.figure) == "—"
    assert change(empty) is None
    assert explained(empty).replace("\N{NO-BREAK SPACE}", " ") == "доля, n = 0"


def test_every_event_of_a_long_month_is_there_under_a_repeated_header(tmp_path):
    events = tuple(EventLine(f"Встреча №{n:03} о ёлках", date(2026, 10, 1), n, n // 2) for n in range(80))
    found = pages(written(month(events=events), tmp_path))
    text = squeezed(" ".join(found))
    assert all(f"№{n:03}" in text for n in range(80))
    with_rows = [page for page in found if "о ёлках" in page]
    assert len(with_rows) > 1
    assert all("Записались" in page for page in with_rows)


def test_a_comment_over_several_pages_is_whole(tmp_path):
    words = " ".join(f"слово{number:04}" for number in range(700))
    report = month(comment=words)
    assert squeezed(words) in squeezed(" ".join(_bodies(written(report, tmp_path))))


def _bodies(path):
    """The pages without what stands at the head and foot of each."""
    for page in pages(path):
        lines = page.splitlines()
        yield " ".join(
            line
            for line in lines
            if not any(words in line for words in ("Данные и люди", "Сделано в", "Итоги октября", " из "))
        )


def test_a_month_without_values_has_bars_of_nothing(tmp_path):
    report = month()
    points = tuple(replace(point, value=None) for point in report.chart.points)
    text = text_of(written(month(chart=replace(report.chart, points=points)), tmp_path))
    assert "сен" in text
    assert "—" in text
