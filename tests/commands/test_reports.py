"""The command line says of figures and reports what the window says: one JSON document each, the contract's keys."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from crm import cli
from crm import clock as clocks
from crm.i18n import phrase
from crm.services import reports
from crm.services.surveys import record_response
from crm.store.workspace import Workspace
from tests.support import makers

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "a.krug"
    with Workspace.create(path) as workspace:
        now = clocks.now()

        def fill(session: Session) -> None:
            past = now - timedelta(days=3)
            event = makers.event(session, past, "Когорты без боли", status="closed")
            people = [makers.person(session, now, family, "Семён") for family in ("Елкин", "Огнев", "Королев")]
            for who, status in zip(people, ("attended", "walk_in", "no_show"), strict=True):
                makers.attendance(session, event, who, status)
            record_response(session, event_id=event.id, person_id=people[0].id, nps=10, text="=Ура", clock=clocks.now)

        workspace.write(phrase("Fill"), fill)
    return path


@pytest.fixture
def run(store: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def go(*words: str) -> tuple[int, Any]:
        code = cli.run(["--store", str(store), *words, "--json"])
        out = capfd.readouterr().out
        return code, json.loads(out) if out.strip() else None

    return go


def test_figures_have_the_keys_of_the_contract(run: Run) -> None:
    code, found = run("figures")
    assert code == 0
    for figure in found.values():
        assert {"value", "n", "definition", "from", "to"} <= set(figure)
    assert (found["nps"]["value"], found["nps"]["n"], found["nps"]["margin"]) == (100, 1, 0)
    assert found["nps_distribution"]["value"][10] == [10, 1]
    assert found["no_show_rate"] == {
        "value": 50,
        "n": 2,
        "definition": "attendance.no_show_rate",
        "from": found["attendance"]["from"],
        "to": found["attendance"]["to"],
    }


def test_figures_of_an_event_leave_the_community_out(run: Run) -> None:
    code, found = run("figures", "--event", "Когорты без боли")
    assert code == 0
    assert found["show_up_rate"]["value"] == 50
    assert found["response_rate"] == {**found["response_rate"], "value": 50, "n": 2}
    assert "people_total" not in found


def test_a_period_out_of_order_is_a_usage_error(run: Run) -> None:
    assert run("figures", "--from", "2026-05-02", "--to", "2026-05-02")[0] == 2
    assert run("figures", "--from", "вчера")[0] == 2


def test_a_period_before_anything_has_no_rates(run: Run) -> None:
    code, found = run("figures", "--from", "2020-01-01", "--to", "2020-02-01")
    assert code == 0
    assert found["show_up_rate"]["value"] is None
    assert found["attendance"]["value"] == 0


def test_reports_are_listed_with_what_they_need(run: Run) -> None:
    code, found = run("report", "--list")
    assert code == 0
    assert found == [
        {"kind": "month", "title": "Итоги месяца", "needs": []},
        {"kind": "register", "title": "Лист регистрации", "needs": ["event"]},
    ]


def test_a_month_is_written_and_noted(run: Run, store: Path, tmp_path: Path) -> None:
    target = tmp_path / "итоги.pdf"
    month = clocks.today(clocks.now) - timedelta(days=3)
    code, found = run("report", "month", str(target), "--from", month.isoformat(), "--comment", "Растём <b>")
    assert code == 0
    assert found == {"file": str(target), "pages": len(PdfReader(target).pages)}
    text = "\n".join(page.extract_text() for page in PdfReader(target).pages)
    assert "Когорты без боли" in text
    assert "Растём <b>" in text
    with Workspace.open(store) as workspace:
        assert [run.kind for run in workspace.read(reports.last_runs)] == ["month"]


def test_a_register_needs_its_event(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "лист.pdf"
    assert run("report", "register", str(target))[0] == 2
    assert run("report", "register", str(target), "--event", "Нет такого")[0] == 1
    assert not target.exists()
    code, found = run("report", "register", str(target), "--event", "1")
    assert (code, found["pages"]) == (0, 1)
    assert "Королев" in PdfReader(target).pages[0].extract_text()


def test_a_period_of_two_months_is_no_month(run: Run, tmp_path: Path) -> None:
    words = ("report", "month", str(tmp_path / "a.pdf"), "--from", "2026-01-01", "--to", "2026-03-01")
    assert run(*words)[0] == 2
    assert run(*words[:-1], "2026-02-01")[0] == 0


def test_an_unknown_report_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    assert run("report", "horoscope", str(tmp_path / "a.pdf"))[0] == 2
    assert run("report")[0] == 2


def test_a_folder_that_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    code, found = run("report", "month", str(tmp_path / "нет" / "a.pdf"))
    assert code == 1
    assert "a.pdf" in found["message"]


def test_feedback_goes_into_a_table(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "отзывы.csv"
    code, found = run("export", "feedback", str(target))
    assert (code, found) == (0, {"file": str(target), "written": 1})
    with target.open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file, delimiter=";")
    cells = dict(zip(head, row, strict=True))
    assert (cells["Текст"], cells["Вид"], cells["NPS"]) == ("'=Ура", "похвала", "10")
    data = tmp_path / "отзывы.json"
    assert run("export", "feedback", str(data))[0] == 0
    assert json.loads(data.read_text("utf-8"))[0]["kind"] == "praise"
    assert run("export", "feedback", str(tmp_path / "a.doc"))[0] == 2
