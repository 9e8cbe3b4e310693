"""`check` finds each broken rule by its code, reading only; `mend` makes anew what follows from the facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.errors import Cancelled
from crm.i18n import phrase
from crm.models import Answer, Question, Response, Survey
from crm.services.demo import fill_demo
from crm.store import health
from crm.store.inspecting import inspect
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers
from tests.support.vandal import digest, vandalise


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    target = tmp_path / "a.krug"

    def evening(session: Session) -> None:
        first = makers.person(session, NOON, "Первый")
        makers.person(session, NOON, "Второй", referred_by_id=first.id)
        makers.phone(session, first)
        gathering = makers.event(session, NOON)
        makers.attendance(session, gathering, first)

    with Workspace.create(target, clock) as workspace:
        workspace.write(phrase("Evening"), evening)
        workspace.write(phrase("Tag"), lambda s: makers.tag(s, "BI").id)
        workspace.undo()
    return target


def codes(path: Path) -> dict[str, int]:
    return {problem.code: problem.count for problem in inspect(path).problems}


ATTACHED = (
    "INSERT INTO attachment_content (sha256, content) VALUES (printf('%064d', 1), x'00')",
    "INSERT INTO attachment (owner_table, owner_id, purpose, file_name, media_type, size, content_id, added_at) "
    "VALUES ('person', 99, 'photo', '', 'image/png', 1, 1, '2026-11-12 09:00:00')",
)


@pytest.mark.parametrize(
    ("statements", "code", "count", "mended"),
    [
        (("DELETE FROM person_search WHERE rowid = 1",), "search_out_of_step", 1, True),
        (("UPDATE person SET search_names = 'другой' WHERE id = 2",), "search_out_of_step", 1, True),
        (("DELETE FROM name_word WHERE word = 'второй'",), "names_out_of_step", 1, True),
        (("UPDATE person_score SET attended = 7",), "scores_out_of_step", 1, True),
        (("DELETE FROM person_score",), "scores_out_of_step", 1, True),
        (("UPDATE event_totals SET came_registered = 7",), "totals_out_of_step", 1, True),
        (("DELETE FROM event_totals",), "totals_out_of_step", 1, True),
        (("INSERT INTO stale_person (person_id, search, score) VALUES (1, 1, 0)",), "queue_left", 1, True),
        (("UPDATE contact_point SET person_id = 99",), "foreign_key", 1, False),
        (ATTACHED, "orphan_attachment", 1, False),
        (("UPDATE event SET status = 'nobody' ",), "bad_value", 1, False),
        (("UPDATE open_deed SET deed_id = 1",), "deed_open", 1, False),
        (("DELETE FROM change WHERE id = 2",), "journal_gap", 1, False),
        (("UPDATE change SET deed_id = 2 WHERE id = 2",), "journal_gap", 2, False),
        (("UPDATE deed SET label = 'Другое' WHERE id = 1",), "journal_chain", 1, False),
        (("DELETE FROM change WHERE deed_id = 2", "DELETE FROM deed WHERE id = 2"), "journal_chain", 1, False),
        (("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'person'",), "numbers_behind", 1, False),
        (("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'tag'",), "numbers_behind", 1, False),
    ],
)  # fmt: skip
def test_a_broken_rule_is_found_and_what_is_derived_is_mended(
    path: Path, clock: Clock, statements: tuple[str, ...], code: str, count: int, mended: bool
) -> None:
    assert codes(path) == {}
    vandalise(path, *statements)
    before = digest(path)
    assert codes(path)[code] == count
    assert digest(path) == before
    found = inspect(path)
    assert [one.derived for one in found.problems if one.code == code] == [mended]
    assert "{" not in "".join(problem.what.text() for problem in found.problems)
    with Workspace.open(path, clock) as workspace:
        workspace.maintain(lambda s: health.mend(s.connection(), clocks.today(clock)))
    assert (code in codes(path)) != mended


def test_a_search_index_that_does_not_read_is_made_anew(path: Path, clock: Clock) -> None:
    vandalise(path, "UPDATE person_search_data SET block = zeroblob(40) WHERE id > 10")
    assert set(codes(path)) <= {"search_damaged", "search_out_of_step"}
    assert codes(path)
    with Workspace.open(path, clock) as workspace:
        workspace.maintain(lambda s: health.mend(s.connection(), clocks.today(clock)))
    assert codes(path) == {}


def test_a_store_that_was_worked_on_is_in_order(tmp_path: Path, clock: Clock) -> None:
    target = tmp_path / "demo.krug"
    with Workspace.create(target, clock) as workspace:
        workspace.write(phrase("Demo community"), lambda s: fill_demo(s, clock, people=60))

        def work(session: Session) -> None:
            connection = session.connection()
            connection.exec_driver_sql(
                "DELETE FROM person WHERE id % 7 = 0 AND id NOT IN (SELECT person_id FROM consent)"
            )
            connection.exec_driver_sql("UPDATE person SET search_names = 'иной' WHERE id % 5 = 0")
            connection.exec_driver_sql("UPDATE person SET deleted_at = created_at WHERE id % 11 = 0")
            connection.exec_driver_sql("DELETE FROM attendance WHERE id % 3 = 0")
            connection.exec_driver_sql("DELETE FROM response WHERE id % 2 = 0")

        workspace.write(phrase("Work"), work)
        workspace.undo()
        workspace.redo()
    found = inspect(target)
    assert found.problems == ()
    assert found.ok
    assert found.people


def test_a_check_can_be_stopped(path: Path) -> None:
    def stop(step: int, of: int) -> None:
        if step == 3:
            raise Cancelled

    before = digest(path)
    with pytest.raises(Cancelled):
        inspect(path, report=stop)
    assert digest(path) == before
    with Workspace.open(path):
        pass


def test_scores_of_answers_are_counted_too(path: Path, clock: Clock) -> None:
    def answers(session: Session) -> None:
        survey = Survey(title="О", created_at=NOON)
        session.add(survey)
        session.flush()
        question = Question(survey_id=survey.id, kind="nps", text="?", position=0)
        response = Response(survey_id=survey.id, event_id=1, on=NOON.date(), at=NOON)
        session.add_all([question, response])
        session.flush()
        session.add(Answer(response_id=response.id, question_id=question.id, kind="nps", number=10))

    with Workspace.open(path, clock) as workspace:
        workspace.write(phrase("Answers"), answers)
    assert codes(path) == {}
    vandalise(path, "UPDATE answer SET number = 1")
    assert codes(path) == {"totals_out_of_step": 1}
