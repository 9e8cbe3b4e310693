"""Feedback: a form becomes an answer and an item; an item waits until it is answered; the loop closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import Answer, EventTotals, FeedbackItem, Response, Survey, Topic
from crm.services import feedback, feedback_table, surveys
from crm.services.feedback_rows import (
    FeedbackDraft,
    FeedbackEmpty,
    FeedbackFilter,
    FeedbackGone,
    FeedbackRow,
    NpsOutOfRange,
)
from crm.store.workspace import Workspace
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
EARLY = datetime(2026, 10, 1, 15, tzinfo=UTC)


ANY = FeedbackFilter()


def rows(workspace: Workspace, wanted: FeedbackFilter = ANY) -> list[FeedbackRow]:
    return workspace.read(lambda session: feedback.feedback_rows(session, feedback.feedback_ids(session, wanted)))


def item(deed: Deed, clock: Clock, text: str = "Мало розеток", **fields: object) -> int:
    draft = FeedbackDraft(text=text, **fields)  # type: ignore[arg-type]
    return deed(lambda session: feedback.add_item(session, draft, clock))


def test_a_form_with_score_and_words_becomes_an_answer_and_an_item(
    workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    def verb(session: Session) -> tuple[int, int]:
        who = makers.person(session, EARLY, "Щёголев", "Пётр")
        event = makers.event(session, EARLY, "Когорты без боли")
        surveys.record_response(
            session, event_id=event.id, person_id=who.id, nps=4, text=" Полчаса стояли\nв очереди ", clock=clock
        )
        return who.id, event.id

    person_id, event_id = deed(verb)
    (found,) = rows(workspace)
    assert (found.person_id, found.person, found.initials) == (person_id, "Пётр Щёголев", "ПЩ")
    assert (found.event_id, found.event) == (event_id, "Когорты без боли")
    assert (found.score, found.kind, found.text) == (4, "problem", "Полчаса стояли\nв очереди")
    assert found.waiting
    totals = workspace.read(lambda session: session.get_one(EventTotals, event_id))
    assert (totals.responses, totals.nps_answers, totals.detractors) == (1, 1, 1)


def test_a_score_alone_makes_no_item(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    deed(lambda session: surveys.record_response(session, nps=0, clock=clock))
    assert rows(workspace) == []
    assert workspace.read(lambda session: session.scalar(select(func.count(Answer.id)))) == 1


def test_without_a_person_the_form_is_anonymous(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    deed(lambda session: surveys.record_response(session, nps=10, text="Спасибо", clock=clock))
    assert workspace.read(lambda session: session.scalars(select(Response.anonymous)).one())
    assert rows(workspace)[0].person == ""


@pytest.mark.parametrize("score", [-1, 11, True, 7.5])
def test_only_0_to_10_is_an_nps_answer(workspace: Workspace, clock: Clock, deed: Deed, score: int) -> None:
    with pytest.raises(NpsOutOfRange):
        deed(lambda session: surveys.record_response(session, nps=score, clock=clock))
    assert workspace.read(lambda session: session.scalar(select(func.count(Survey.id)))) == 0


@pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u202e"])
def test_a_form_without_score_and_words_is_refused(clock: Clock, deed: Deed, text: str) -> None:
    with pytest.raises(FeedbackEmpty):
        deed(lambda session: surveys.record_response(session, text=text, clock=clock))


def test_each_event_has_one_standing_survey(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    def verb(session: Session) -> None:
        event = makers.event(session, EARLY)
        for event_id in (event.id, event.id, None, None):
            surveys.record_response(session, event_id=event_id, nps=9, clock=clock)

    deed(verb)
    assert workspace.read(lambda session: session.scalar(select(func.count(Survey.id)))) == 2


def test_an_answered_item_waits_no_more_and_undo_lets_it_wait_again(
    workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    item_id = item(deed, clock)
    deed(lambda session: feedback.reply(session, item_id, "Добавим удлинители", clock))
    assert rows(workspace, FeedbackFilter(waiting=True)) == []
    assert rows(workspace)[0].reply == "Добавим удлинители"
    workspace.undo()
    assert [row.id for row in rows(workspace, FeedbackFilter(waiting=True))] == [item_id]
    deed(lambda session: feedback.reply(session, item_id, "", clock))
    assert not rows(workspace)[0].waiting
    deed(lambda session: feedback.unreply(session, item_id))
    assert rows(workspace)[0].waiting


def test_told_notes_the_day_and_going_back_forgets_it(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    item_id = item(deed, clock, kind="idea")
    deed(lambda session: feedback.set_status(session, item_id, "told", clock))
    assert rows(workspace)[0].told_on == date(2026, 11, 12)
    deed(lambda session: feedback.set_status(session, item_id, "done", clock))
    assert rows(workspace)[0].told_on is None


def test_filters_narrow_the_list(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    event_id = deed(lambda session: makers.event(session, EARLY).id)
    first = item(deed, clock, "Тёмный зал", kind="problem", event_id=event_id)
    second = item(deed, clock, "Чат попутчиков", kind="idea")
    deed(lambda session: feedback.set_status(session, second, "considering", clock))
    for wanted, expected in (
        (FeedbackFilter(), [second, first]),
        (FeedbackFilter(waiting=True), [first]),
        (FeedbackFilter(kinds=("idea", "praise")), [second]),
        (FeedbackFilter(statuses=("new",)), [first]),
        (FeedbackFilter(event_id=event_id), [first]),
        (FeedbackFilter(text="темн ЗАЛ"), [first]),
        (FeedbackFilter(text="100%"), []),
    ):
        assert [row.id for row in rows(workspace, wanted)] == expected, wanted
        assert workspace.read(lambda session, wanted=wanted: feedback.feedback_count(session, wanted)) == len(expected)


def test_items_of_deleted_people_are_out(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    gone = deed(lambda session: makers.person(session, EARLY, deleted_at=EARLY).id)
    item(deed, clock, person_id=gone)
    assert rows(workspace) == []


def test_topics_differ_by_more_than_case_and_yo(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    first, second = item(deed, clock, "Одно"), item(deed, clock, "Другое")
    deed(lambda session: feedback.set_topics(session, first, ["Тёмный зал", "темный  ЗАЛ", "очередь", " "]))
    deed(lambda session: feedback.set_topics(session, second, ["тёмный зал"]))
    assert workspace.read(lambda session: session.scalar(select(func.count(Topic.id)))) == 2
    assert {row.id: row.topics for row in rows(workspace)} == {
        first: ("очередь", "Тёмный зал"),
        second: ("Тёмный зал",),
    }
    deed(lambda session: feedback.set_topics(session, first, ["очередь"]))
    assert workspace.read(lambda session: feedback.feedback_row(session, first)).topics == ("очередь",)


def test_the_head_of_the_page_adds_up(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    def verb(session: Session) -> None:
        for score, text in ((10, "Хорошо"), (9, ""), (7, ""), (3, "Очередь")):
            made = surveys.record_response(session, nps=score, text=text, clock=clock)
            if made.item_id is not None:
                feedback.set_topics(session, made.item_id, ["докладчики" if score > 6 else "регистрация"])
        surveys.record_response(session, nps=0, on=date(2026, 8, 1), clock=clock)

    deed(verb)
    head = workspace.read(lambda session: feedback.summary(session, clock))
    assert (head.responses, head.promoters, head.passives, head.detractors) == (4, 2, 1, 1)
    assert (head.nps.value, head.nps.n, sum(head.distribution)) == (25, 4, 4)
    assert head.previous.value == -100
    assert {topic.name: (topic.count, topic.mood) for topic in head.topics} == {
        "докладчики": (1, 1),
        "регистрация": (1, -1),
    }


def test_the_board_counts_more_than_it_shows(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    wanted = item(deed, clock, "Выездная встреча", kind="idea")
    for number in range(3):
        item(deed, clock, f"Идея {number}", kind="idea")
    voter = deed(lambda session: makers.person(session, EARLY).id)
    deed(lambda session: feedback.vote(session, wanted, voter, clock))
    deed(lambda session: feedback.vote(session, wanted, voter, clock))
    board = workspace.read(lambda session: feedback.board(session, most=2))
    count, shown = board["new"]
    assert count == 4
    assert len(shown) == 2
    assert (shown[0].id, shown[0].votes) == (wanted, 1)
    assert board["done"] == (0, [])


def test_a_removed_item_leaves_the_answer_in_the_figures(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    made = deed(lambda session: surveys.record_response(session, nps=10, text="Лучшая беседа", clock=clock))
    assert made.item_id is not None
    deed(lambda session: feedback.remove_item(session, made.item_id or 0))
    assert workspace.read(lambda session: feedback.summary(session, clock)).nps.n == 1
    with pytest.raises(FeedbackGone):
        deed(lambda session: feedback.remove_item(session, made.item_id or 0))


def test_an_edited_item_is_found_by_its_new_words(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    item_id = item(deed, clock)
    deed(
        lambda session: feedback.edit_item(
            session, item_id, text="Второй микрофон", title="Микрофон", kind="idea", about="event"
        )
    )
    assert [row.title for row in rows(workspace, FeedbackFilter(text="микрофон"))] == ["Микрофон"]
    with pytest.raises(FeedbackEmpty):
        deed(lambda session: feedback.edit_item(session, item_id, text=" ", title="", kind="idea", about="event"))


def test_problems_and_questions_wait_first(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    praise = item(deed, clock, kind="praise")
    question = item(deed, clock, kind="question")
    found = workspace.read(lambda session: feedback.waiting_rows(session, 5))
    assert [row.id for row in found] == [question, praise]


def test_the_table_holds_every_item(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    for number in range(3):
        item(deed, clock, f"Отзыв {number}")
    cells = workspace.read(feedback_table.feedback_table)
    assert [row[feedback_table.KEYS.index("text")] for row in cells] == ["Отзыв 2", "Отзыв 1", "Отзыв 0"]
    assert {len(row) for row in cells} == {len(feedback_table.KEYS)}
    assert workspace.read(lambda session: session.scalar(select(func.count(FeedbackItem.id)))) == 3
