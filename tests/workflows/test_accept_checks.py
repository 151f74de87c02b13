"""A state takes in what was shown: a plan that is more than that is not applied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landform.errors import Refused
from landform.planning.changes import Action, Change, OutputChange, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.states import StackState
from landform.workflows.accept_checks import beyond_shown, check_only_shown

DRIFT = Change("web", "module.web.t.a", "t", "managed", Action.UPDATE, Values({"v": 1}), Values({"v": 2}))
OUTPUT = OutputChange("web", "v", Action.UPDATE, Values(1), Values(2))
SHOWN = StackPlan("web", drift=(DRIFT,), outputs=(OUTPUT,))


def _check(stack: StackPlan) -> None:
    check_only_shown(SHOWN, EnvironmentPlan("shop", "dev", (stack,)))


def test_what_was_shown_may_be_taken_in() -> None:
    _check(SHOWN)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"drift": (DRIFT, replace(DRIFT, address="module.web.t.b"))}, "module.web.t.b"),
        ({"drift": (replace(DRIFT, after=Values({"v": 2, "w": 3})),)}, "module.web.t.a"),
        ({"outputs": (OUTPUT, replace(OUTPUT, name="w"))}, "the output w"),
        ({"changes": (DRIFT,)}, "module.web.t.a"),
    ],
)
def test_another_object_attribute_output_or_change_is_more(more: dict[str, object], named: str) -> None:
    with pytest.raises(Refused, match="more than what was shown") as error:
        _check(replace(SHOWN, **more))  # type: ignore[arg-type]
    assert named in error.value.what


def _state(objects: dict[str, dict[str, Any]], **outputs: Any) -> StackState:
    resources = [
        {
            "module": "module.web",
            "mode": "managed",
            "type": "t",
            "name": name,
            "instances": [{"attributes": it}],
        }
        for name, it in objects.items()
    ]
    return StackState(
        "web", {"outputs": {k: {"value": v} for k, v in outputs.items()}, "resources": resources}
    )


BEFORE = _state({"a": {"v": 1}, "b": {"v": 1}}, v=1, w=1)


def test_a_state_that_says_what_was_shown() -> None:
    assert (
        list(beyond_shown(SHOWN, BEFORE, _state({"a": {"v": 2, "new": None}, "b": {"v": 1}}, v=2, w=1))) == []
    )


@pytest.mark.parametrize(
    ("after", "named"),
    [
        (_state({"a": {"v": 2, "w": 3}, "b": {"v": 1}}, v=2, w=1), "module.web.t.a.w"),
        (_state({"a": {"v": 2}, "b": {"v": 2}}, v=2, w=1), "module.web.t.b.v"),
        (_state({"a": {"v": 2}}, v=2, w=1), "module.web.t.b"),
        (_state({"a": {"v": 2}, "b": {"v": 1}}, v=2, w=2), "the output w"),
    ],
)
def test_a_state_that_says_more(after: StackState, named: str) -> None:
    (told,) = beyond_shown(SHOWN, BEFORE, after)
    assert told == f"the state says more than what was shown: {named}"
