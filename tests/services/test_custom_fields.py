"""Fields of the manager's own: what fits is kept in one form, what does not is told, an undo brings all back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import i18n
from crm.services import custom_fields
from crm.services.custom_fields import (
    ChoicesMissing,
    FieldDefinition,
    FieldNameless,
    FieldNameTaken,
    NotAChoice,
    NotADay,
    NotANumber,
    NotYesOrNo,
    ValueUnfit,
)
from tests.support import makers

EARLY = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(deed):
    return deed(lambda s: [makers.person(s, EARLY, f"Имя{number}").id for number in range(3)])


def field(kind, choices=()):
    return FieldDefinition(1, "key", "Размер", kind, tuple(choices))


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", "  как есть ", "как есть"),
        ("number", "1 284,50", "1284.5"),
        ("number", "\N{MINUS SIGN}3", "-3"),
        ("number", "0,0", "0"),
        ("number", "100", "100"),
        ("date", "14.03.2026", "2026-03-14"),
        ("date", "2026-03-14", "2026-03-14"),
        ("date", "14 марта 2031", "2031-03-14"),
        ("choice", "l", "L"),
        ("yes_no", "Да", "yes"),
        ("yes_no", "нет", "no"),
        ("number", "   ", ""),
    ],
)
def test_what_fits_is_kept_in_one_form(kind, typed, stored) -> None:
    assert custom_fields.read_value(field(kind, ("S", "L")), typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("number", "много", NotANumber),
        ("number", "1.2.3", NotANumber),
        ("number", "1e5", NotANumber),
        ("number", "\u0661", NotANumber),
        ("date", "31.02.2026", NotADay),
        ("date", "14.03", NotADay),
        ("choice", "XL", NotAChoice),
        ("yes_no", "может быть", NotYesOrNo),
    ],
)
def test_what_does_not_fit_is_told_with_the_name_of_the_field(kind, typed, told) -> None:
    with pytest.raises(told) as refused:
        custom_fields.read_value(field(kind, ("S", "L")), typed)
    assert "Размер" in refused.value.text()
    assert typed in refused.value.text()


@given(st.sampled_from(("text", "number", "date", "choice", "yes_no")), st.text(max_size=30), st.booleans())
def test_a_value_as_one_types_it_reads_back_to_the_same(kind, typed, russian) -> None:
    asked = field(kind, ("S", "L", "да"))
    with i18n.using("ru" if russian else "en"):
        try:
            stored = custom_fields.read_value(asked, typed)
        except ValueUnfit:
            return
        assert custom_fields.read_value(asked, custom_fields.typed_value(asked, stored)) == stored
        assert custom_fields.read_value(asked, stored) == stored


def test_values_are_given_changed_and_taken_by_deeds_that_undo(workspace, deed, clock, people) -> None:
    size = deed(lambda s: custom_fields.define_field(s, "Размер", "choice", ("S", "L", "s")))
    assert deed(lambda s: custom_fields.set_value(s, people, size, "s", clock)) == 3
    assert deed(lambda s: custom_fields.set_value(s, people[:2], size, "L", clock)) == 2
    assert deed(lambda s: custom_fields.set_value(s, people, size, "L", clock)) == 1
    assert deed(lambda s: custom_fields.set_value(s, people[2:], size, "", clock)) == 1
    assert workspace.read(lambda s: custom_fields.values_of(s, people)) == {
        people[0]: {size: "L"},
        people[1]: {size: "L"},
    }
    assert workspace.read(custom_fields.people_with) == {size: 2}
    for _ in range(3):
        workspace.undo()
    assert workspace.read(lambda s: custom_fields.values_of(s, people)) == {one: {size: "S"} for one in people}


def test_a_field_put_away_keeps_its_values_and_its_name(workspace, deed, clock, people) -> None:
    diet = deed(lambda s: custom_fields.define_field(s, "Питание", "text"))
    deed(lambda s: custom_fields.set_value(s, people, diet, "без орехов", clock))
    deed(lambda s: custom_fields.archive_field(s, diet, clock))
    assert workspace.read(custom_fields.fields) == ()
    assert workspace.read(lambda s: custom_fields.values_of(s, people)) == {}
    with pytest.raises(FieldNameTaken):
        deed(lambda s: custom_fields.define_field(s, "питание", "text"))
    deed(lambda s: custom_fields.archive_field(s, diet, clock, archived=False))
    assert workspace.read(lambda s: custom_fields.values_of(s, people))[people[0]] == {diet: "без орехов"}


def test_an_option_taken_away_stays_with_those_who_have_it(workspace, deed, clock, people) -> None:
    size = deed(lambda s: custom_fields.define_field(s, "Размер", "choice", ("S", "L")))
    deed(lambda s: custom_fields.set_value(s, people, size, "S", clock))
    deed(lambda s: custom_fields.change_definition(s, size, "Футболка", ("L", "XL")))
    (kept,) = workspace.read(custom_fields.fields)
    assert (kept.name, kept.choices) == ("Футболка", ("L", "XL"))
    assert workspace.read(lambda s: custom_fields.values_of(s, people))[people[0]] == {size: "S"}


def test_a_field_needs_a_name_of_its_own_and_a_choice_its_options(deed) -> None:
    deed(lambda s: custom_fields.define_field(s, "Ёмкость", "number"))
    with pytest.raises(FieldNameTaken):
        deed(lambda s: custom_fields.define_field(s, "емкость", "text"))
    with pytest.raises(FieldNameless):
        deed(lambda s: custom_fields.define_field(s, " \u200b", "text"))
    with pytest.raises(ChoicesMissing):
        deed(lambda s: custom_fields.define_field(s, "Выбор", "choice", (" ",)))


def test_fields_stand_in_the_order_they_are_put(workspace, deed) -> None:
    one, two, three = (deed(lambda s, n=name: custom_fields.define_field(s, n, "text")) for name in ("а", "б", "в"))
    deed(lambda s: custom_fields.arrange_fields(s, (three, one)))
    assert [found.id for found in workspace.read(custom_fields.fields)] == [three, one, two]
