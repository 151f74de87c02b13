"""A step may do what was reviewed, or less of it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from landform.planning.changes import Action, Change, Values
from landform.planning.fingerprints import Fingerprint, fingerprints
from landform.planning.refinement import deviations

_KEY = b"k" * 32
_ORDERS = {Action.REPLACE, Action.REPLACE_CREATE_FIRST}
_ATTRIBUTES = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3), min_size=1)


def _change(address: str, action: Action, deposed: str | None = None, after: Any = None) -> Change:
    values = Values(after)
    return Change("s", f"module.s.x.{address}", "x", "managed", action, after=values, deposed=deposed)


def _print(address: str, action: Action, deposed: str | None = None) -> Fingerprint:
    return fingerprints([_change(address, action, deposed)], _KEY)[0]


_CHANGES = st.lists(
    st.builds(
        _change,
        st.sampled_from("abcdefgh"),
        st.sampled_from([*Action]),
        st.sampled_from([None, "00000001"]),
        _ATTRIBUTES,
    ),
    min_size=1,
    unique_by=lambda change: change.key,
)
_PRINTS = _CHANGES.map(lambda changes: fingerprints(changes, _KEY)).filter(bool)


@given(_PRINTS)
def test_a_plan_refines_itself(prints: tuple[Fingerprint, ...]) -> None:
    assert deviations(prints, prints) == ()


@given(_PRINTS, st.data())
def test_what_nobody_approved_is_a_deviation(prints: tuple[Fingerprint, ...], data: st.DataObject) -> None:
    taken = data.draw(st.sampled_from(prints))
    found = deviations(prints, [each for each in prints if each is not taken])
    assert [(each.address, each.planned, each.approved) for each in found] == [
        (taken.address, taken.action, None)
    ]


@given(_PRINTS, st.sampled_from([*Action]), st.data())
def test_another_action_than_the_approved_one_is_a_deviation(
    prints: tuple[Fingerprint, ...], action: Action, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(prints) - 1))
    planned = prints[index].action
    assume(action is not planned and {action, planned} != _ORDERS)
    approved = [*prints[:index], replace(prints[index], action=action), *prints[index + 1 :]]
    assert [(each.planned, each.approved) for each in deviations(prints, approved)] == [(planned, action)]


@given(_CHANGES, st.data())
def test_another_known_value_is_a_deviation(changes: list[Change], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(changes) - 1))
    changed = changes[index]
    assume(changed.action not in (Action.NO_OP, Action.READ))
    name = data.draw(st.sampled_from(sorted(changed.after.value)))
    other = changed.after.value | {name: changed.after.value[name] + 1}
    step = [*changes[:index], replace(changed, after=Values(other)), *changes[index + 1 :]]
    found = deviations(fingerprints(step, _KEY), fingerprints(changes, _KEY))
    assert [(each.address, each.attribute) for each in found] == [(changed.address, name)]


@given(_CHANGES, st.integers(), st.data())
def test_a_value_that_was_unknown_may_be_anything(
    changes: list[Change], value: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(changes) - 1))
    open_one = replace(changes[index], unknown={"x": True})
    step = replace(open_one, unknown=False, after=Values(open_one.after.value | {"x": value}))
    approved = [*changes[:index], open_one, *changes[index + 1 :]]
    planned = [*changes[:index], step, *changes[index + 1 :]]
    assert deviations(fingerprints(planned, _KEY), fingerprints(approved, _KEY)) == ()


@given(_PRINTS, st.data())
def test_doing_less_than_approved_is_fine(prints: tuple[Fingerprint, ...], data: st.DataObject) -> None:
    step = data.draw(st.lists(st.sampled_from(prints), unique_by=lambda each: each.key))
    assert deviations(step, prints) == ()


def _update(before: dict[str, int], after: dict[str, int]) -> tuple[Fingerprint, ...]:
    return fingerprints([replace(_change("a", Action.UPDATE, None, after), before=Values(before))], _KEY)


def test_an_update_may_change_fewer_attributes_and_no_others() -> None:
    approved = _update({"x": 1, "y": 1, "z": 1}, {"x": 2, "y": 2, "z": 1})
    assert deviations(_update({"x": 2, "y": 1, "z": 1}, {"x": 2, "y": 2, "z": 1}), approved) == ()
    found = deviations(_update({"x": 1, "y": 1, "z": 0}, {"x": 2, "y": 2, "z": 1}), approved)
    assert [each.attribute for each in found] == ["z"]


def test_both_orders_of_a_replacement_are_the_same_approval() -> None:
    first, last = _print("a", Action.REPLACE_CREATE_FIRST), _print("a", Action.REPLACE)
    assert deviations([first], [last]) == deviations([last], [first]) == ()


def test_only_a_resumed_run_may_make_again_what_it_was_to_create() -> None:
    approved, tainted = [_print("a", Action.CREATE)], [_print("a", Action.REPLACE)]
    assert deviations(tainted, approved, resumed=True) == ()
    assert len(deviations(tainted, approved)) == 1
    assert len(deviations([_print("a", Action.DELETE)], approved, resumed=True)) == 1


def test_deleting_a_left_over_is_not_deleting_the_object() -> None:
    assert len(deviations([_print("a", Action.DELETE)], [_print("a", Action.DELETE, "00000001")])) == 1


@pytest.mark.parametrize(
    ("approved", "sentence"),
    [
        ([], "module.s.x.a: delete, not in the reviewed plan"),
        ([_print("a", Action.UPDATE)], "module.s.x.a: delete, reviewed was update"),
        (
            [replace(_print("a", Action.DELETE), after="s1")],
            "module.s.x.a: its value is not what was reviewed",
        ),
    ],
)
def test_a_deviation_says_what_was_reviewed(approved: list[Fingerprint], sentence: str) -> None:
    assert [str(each) for each in deviations([_print("a", Action.DELETE)], approved)] == [sentence]
