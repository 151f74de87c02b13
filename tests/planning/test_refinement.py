"""A step may do what was reviewed, or less of it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from landform.planning.changes import Action, Change
from landform.planning.refinement import deviations

_HARMLESS = (Action.NO_OP, Action.READ)
_ORDERS = {Action.REPLACE, Action.REPLACE_CREATE_FIRST}


def _change(address: str, action: Action, deposed: str | None = None) -> Change:
    return Change("s", f"module.s.x.{address}", "x", "managed", action, deposed=deposed)


_CHANGES = st.lists(
    st.builds(
        _change,
        st.sampled_from("abcdefgh"),
        st.sampled_from([*Action]),
        st.sampled_from([None, "00000001"]),
    ),
    min_size=1,
    unique_by=lambda change: change.key,
)


@given(_CHANGES)
def test_a_plan_refines_itself(changes: list[Change]) -> None:
    assert deviations(changes, changes) == ()


@given(_CHANGES, st.data())
def test_what_nobody_approved_is_a_deviation(changes: list[Change], data: st.DataObject) -> None:
    taken = data.draw(st.sampled_from(changes))
    assume(taken.action not in _HARMLESS)
    found = deviations(changes, [change for change in changes if change is not taken])
    assert [(each.address, each.planned, each.approved) for each in found] == [
        (taken.address, taken.action, None)
    ]


@given(_CHANGES, st.data())
def test_another_action_than_the_approved_one_is_a_deviation(
    changes: list[Change], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(changes) - 1))
    action = data.draw(st.sampled_from([*Action]))
    planned = changes[index].action
    assume(planned not in _HARMLESS and action is not planned and {action, planned} != _ORDERS)
    approved = [*changes[:index], replace(changes[index], action=action), *changes[index + 1 :]]
    assert [(each.planned, each.approved) for each in deviations(changes, approved)] == [(planned, action)]


@given(_CHANGES, st.data())
def test_doing_less_than_approved_is_fine(changes: list[Change], data: st.DataObject) -> None:
    step = data.draw(st.lists(st.sampled_from(changes), unique_by=lambda change: change.key))
    assert deviations(step, changes) == ()


def test_both_orders_of_a_replacement_are_the_same_approval() -> None:
    first, last = _change("a", Action.REPLACE_CREATE_FIRST), _change("a", Action.REPLACE)
    assert deviations([first], [last]) == deviations([last], [first]) == ()


def test_deleting_a_left_over_is_not_deleting_the_object() -> None:
    assert len(deviations([_change("a", Action.DELETE)], [_change("a", Action.DELETE, "00000001")])) == 1


@pytest.mark.parametrize(
    ("approved", "sentence"),
    [
        ([], "module.s.x.a: delete, not in the reviewed plan"),
        ([_change("a", Action.UPDATE)], "module.s.x.a: delete, reviewed was update"),
    ],
)
def test_a_deviation_says_what_was_reviewed(approved: list[Change], sentence: str) -> None:
    assert [str(each) for each in deviations([_change("a", Action.DELETE)], approved)] == [sentence]
