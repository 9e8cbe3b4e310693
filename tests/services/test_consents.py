"""What a person agreed to and forbade: rows that are only added, and one answer to «may I write?»."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.models import Consent, MergedPerson, Person
from crm.services import consents, contacting, people_editing, today
from crm.services.consents import ConsentDraft, ConsentExpiryOdd, ConsentInFuture, ConsentNotGiven, ConsentUnknown
from crm.services.contacting import may_contact
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.store.errors import NothingToRedo, NothingToUndo, UndoRefused
from tests.conftest import NOON

DAY = date(2026, 11, 12)
LAST_YEAR = date(2025, 5, 1)


@pytest.fixture
def anna(deed, clock):
    draft = named_draft("Анина Анна", PersonDraft(contacts=(ContactDraft("telegram", "@anina"),)))
    return deed(lambda s: people_editing.add_person(s, draft, clock))


@pytest.fixture
def record(deed, clock, anna):
    def run(**fields):
        return deed(lambda s: consents.record_consent(s, anna, ConsentDraft(**fields), clock))

    return run


def in_force(workspace, person, on=DAY):
    lines = workspace.read(lambda s: consents.consents_in_force(s, person, on))
    return {(line.purpose, line.channel): line.status for line in lines if line.status}


def test_the_answer_given_last_decides_whenever_it_was_typed(workspace, anna, record) -> None:
    record(purpose="messages", status="withdrawn", on=DAY, source="письмо")
    record(purpose="messages", status="given", on=LAST_YEAR, source="анкета на бумаге", proof="папка 3, лист 12")
    assert in_force(workspace, anna) == {("messages", ""): "withdrawn"}
    first, second = workspace.read(lambda s: consents.consent_history(s, anna))
    assert (first.on, second.proof) == (DAY, "папка 3, лист 12")


def test_a_channel_has_an_answer_of_its_own(workspace, anna, record) -> None:
    record(purpose="messages", status="given", on=LAST_YEAR)
    record(purpose="messages", channel="telegram", status="refused")
    assert in_force(workspace, anna) == {("messages", ""): "given", ("messages", "telegram"): "refused"}
    asked = workspace.read(lambda s: may_contact(s, anna, "telegram", DAY, purpose="messages"))
    assert (asked.allowed, asked.why) == (False, "refused")
    assert workspace.read(lambda s: may_contact(s, anna, "email", DAY, purpose="messages"))


def test_a_consent_ends_on_its_day(workspace, anna, record) -> None:
    record(purpose="messages", on=LAST_YEAR, expires_on=DAY)
    assert in_force(workspace, anna) == {("messages", ""): "given"}
    assert in_force(workspace, anna, DAY + timedelta(days=1)) == {("messages", ""): "expired"}
    late = workspace.read(lambda s: may_contact(s, anna, "", DAY + timedelta(days=1), purpose="messages"))
    assert late.why == "expired"


def test_days_that_cannot_be_are_refused(anna, record) -> None:
    with pytest.raises(ConsentInFuture):
        record(on=DAY + timedelta(days=1))
    with pytest.raises(ConsentExpiryOdd):
        record(on=DAY, expires_on=DAY - timedelta(days=1))


def test_d02_withdrawing_is_one_verb_and_only_of_what_was_given(workspace, deed, clock, anna, record) -> None:
    with pytest.raises(ConsentNotGiven):
        deed(lambda s: consents.withdraw_consent(s, anna, "data", "", clock))
    record(purpose="data", on=LAST_YEAR)
    assert workspace.read(lambda s: today.way_to_write(s, anna, DAY))
    deed(lambda s: consents.withdraw_consent(s, anna, "data", "", clock, "попросила"))
    assert in_force(workspace, anna) == {("data", ""): "withdrawn"}
    asked = workspace.read(lambda s: may_contact(s, anna, "telegram", DAY))
    assert (asked.allowed, asked.why) == (False, "data_withdrawn")
    assert workspace.read(lambda s: today.way_to_write(s, anna, DAY)) is None


def test_d01_a_mistake_is_a_row_of_its_own_and_gives_back_what_was_before(workspace, deed, clock, anna, record) -> None:
    record(purpose="photo", on=LAST_YEAR)
    wrong = record(purpose="photo", status="refused")
    deed(lambda s: consents.mark_mistaken(s, wrong, clock))
    assert in_force(workspace, anna) == {("photo", ""): "given"}
    newest = workspace.read(lambda s: consents.consent_history(s, anna))[0]
    assert (newest.id, newest.status, newest.mistaken_on) == (wrong, "refused", DAY)
    with pytest.raises(ConsentUnknown):
        deed(lambda s: consents.mark_mistaken(s, wrong, clock))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(("given", "refused", "withdraw", "mistake", "undo", "redo")), max_size=12))
def test_d01_no_row_of_consent_ever_changes_or_goes(workspace, deed, clock, anna, acts) -> None:
    def rows(session):
        return {row.id: tuple(row) for row in session.execute(select(*Consent.__table__.columns))}

    known = workspace.read(rows)
    for act in acts:
        try:
            if act in {"given", "refused"}:
                draft = ConsentDraft("data", status=act)
                deed(lambda s, d=draft: consents.record_consent(s, anna, d, clock))
            elif act == "withdraw":
                deed(lambda s: consents.withdraw_consent(s, anna, "data", "", clock))
            elif act == "mistake":
                newest = workspace.read(lambda s: s.scalar(select(func.max(Consent.id)))) or 0
                deed(lambda s, one=newest: consents.mark_mistaken(s, one, clock))
            elif known:
                workspace.undo() if act == "undo" else workspace.redo()
        except (ConsentNotGiven, ConsentUnknown, NothingToRedo, NothingToUndo, UndoRefused):
            pass
        there = workspace.read(rows)
        if workspace.read(lambda s: s.get(Person, anna)) is not None:
            assert {number: there[number] for number in known} == known
        known = there


def test_d01_a_new_version_of_a_text_changes_no_old_proof(workspace, deed, clock, anna, record) -> None:
    old = deed(lambda s: consents.keep_text(s, "data", "1", "Согласен хранить имя"))
    assert deed(lambda s: consents.keep_text(s, "data", "1", "Согласен хранить имя")) == old
    record(purpose="data", text_id=old, on=LAST_YEAR)
    deed(lambda s: consents.keep_text(s, "data", "2", "Согласен хранить имя и телефон"))
    with pytest.raises(consents.ConsentTextThere):
        deed(lambda s: consents.keep_text(s, "data", "1", "Другое"))
    assert workspace.read(lambda s: consents.consent_history(s, anna))[0].text_version == "1"
    assert [one.version for one in workspace.read(lambda s: consents.consent_texts(s, "data"))] == ["2", "1"]


def test_d01_merged_people_keep_their_rows_and_the_stricter_answer_holds(workspace, deed, clock, anna, record) -> None:
    other = deed(lambda s: people_editing.add_person(s, named_draft("Анина Аня"), clock))
    record(purpose="messages", on=DAY)
    refusal = ConsentDraft("messages", status="refused", on=LAST_YEAR)
    deed(lambda s: consents.record_consent(s, other, refusal, clock))
    deed(lambda s: s.add(MergedPerson(old_uid="x", old_id=other, person_id=anna, merged_at=NOON + timedelta(hours=1))))
    assert in_force(workspace, anna) == {("messages", ""): "refused"}
    assert [entry.before_merge for entry in workspace.read(lambda s: consents.consent_history(s, anna))] == [
        False,
        True,
    ]


def test_after_a_merge_asking_anew_decides(workspace, deed, clock, anna, record) -> None:
    other = deed(lambda s: people_editing.add_person(s, named_draft("Анина Аня"), clock))
    deed(lambda s: consents.record_consent(s, other, ConsentDraft("messages", status="refused"), clock))
    deed(lambda s: s.add(MergedPerson(old_uid="x", old_id=other, person_id=anna, merged_at=NOON - timedelta(hours=1))))
    record(purpose="messages", on=DAY)
    assert in_force(workspace, anna) == {("messages", ""): "given"}


@pytest.mark.parametrize(
    ("channel", "until", "asked", "allowed"),
    [
        ("", None, "telegram", False),
        ("", DAY, "telegram", False),
        ("", DAY - timedelta(days=1), "telegram", True),
        ("telegram", None, "telegram", False),
        ("telegram", None, "email", True),
        ("telegram", None, "", True),
    ],
)
def test_d03_a_wish_not_to_be_reached_is_stronger_than_any_consent(
    workspace, deed, clock, anna, record, channel, until, asked, allowed
) -> None:
    record(purpose="messages")
    long_ago = clock_at(NOON - timedelta(days=30))
    deed(lambda s: contacting.ask_not_to_contact(s, anna, channel, until, "много писем", long_ago))
    answer = workspace.read(lambda s: may_contact(s, anna, asked, DAY, purpose="messages"))
    assert answer.allowed is allowed
    if not allowed:
        assert (answer.why, answer.until_on, answer.reason) == ("asked_not", until, "много писем")
    # Telegram is the one way there is to write.
    closed = channel in {"", "telegram"} and (until is None or until >= DAY)
    assert (workspace.read(lambda s: today.way_to_write(s, anna, DAY)) is None) is closed


def clock_at(moment):
    return lambda: moment


def test_a_wish_is_one_for_a_channel_and_is_lifted(workspace, deed, clock, anna) -> None:
    first = deed(lambda s: contacting.ask_not_to_contact(s, anna, "", None, "", clock))
    again = deed(lambda s: contacting.ask_not_to_contact(s, anna, "", DAY, "до отпуска", clock))
    assert first == again
    (wish,) = workspace.read(lambda s: contacting.wishes(s, anna, DAY))
    assert (wish.until_on, wish.reason) == (DAY, "до отпуска")
    with pytest.raises(contacting.WishOver):
        deed(lambda s: contacting.ask_not_to_contact(s, anna, "", DAY - timedelta(days=1), "", clock))
    deed(lambda s: contacting.lift_wish(s, first))
    assert workspace.read(lambda s: may_contact(s, anna, "", DAY))


def test_d06_who_is_blocked_or_gone_is_not_reached(workspace, deed, clock, anna) -> None:
    deed(lambda s: setattr(s.get(Person, anna), "blocked", True))
    assert workspace.read(lambda s: may_contact(s, anna, "", DAY)).why == "blocked"
    deed(lambda s: people_editing.delete_people(s, [anna], clock))
    assert workspace.read(lambda s: may_contact(s, anna, "", DAY)).why == "gone"
