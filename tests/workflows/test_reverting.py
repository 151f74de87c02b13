"""A plan that is to put drift back and would do anything else is refused, and what that is is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landform.errors import Refused
from landform.planning.annotations import ActionInvocation
from landform.planning.changes import Action, Change, OutputChange, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.workflows.reverting import check_only_reverts

HERE = "module.web.aws_db_instance.a"


def _change(action: Action, old: Any, new: Any, address: str = HERE, unknown: Any = False) -> Change:
    return Change(
        "web", address, "aws_db_instance", "managed", action, Values(old), Values(new), unknown=unknown
    )


DRIFT = _change(Action.UPDATE, {"class": "small", "note": ""}, {"class": "large", "note": None})
GONE = _change(Action.DELETE, {"class": "small"}, None)
BACK = _change(Action.UPDATE, {"class": "large", "note": None}, {"class": "small", "note": ""})


def _check(*changes: Change, drift: Change = DRIFT, **more: Any) -> None:
    stack = StackPlan("web", changes=changes, drift=(drift,), **more)
    check_only_reverts(EnvironmentPlan("shop", "dev", (stack,)), [HERE])


@pytest.mark.parametrize(
    ("change", "drift"),
    [
        (BACK, DRIFT),
        (replace(BACK, action=Action.REPLACE), DRIFT),
        (
            _change(Action.UPDATE, {"class": "large", "arn": "a"}, {"class": "small"}, unknown={"arn": True}),
            _change(Action.UPDATE, {"class": "small", "arn": "b"}, {"class": "large", "arn": "a"}),
        ),
        (_change(Action.CREATE, None, {"class": "by now the code says this"}), GONE),
    ],
)
def test_what_gives_an_object_back_what_its_state_says(change: Change, drift: Change) -> None:
    _check(change, drift=drift)
    _check(replace(change, action=Action.NO_OP), drift=drift)


def test_an_output_that_follows_what_is_made_again() -> None:
    output = OutputChange("web", "arn", Action.UPDATE, Values("old"), Values(None), True)
    _check(BACK, outputs=(output,))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_change(Action.UPDATE, {"class": "large"}, {"class": "medium"}), f"{HERE}: class would be"),
        (_change(Action.UPDATE, {"size": 1}, {"size": 2}), f"{HERE}: size would be"),
        (_change(Action.DELETE, {"class": "large"}, None), f"{HERE}: delete"),
        (replace(BACK, address="module.web.other.b"), "module.web.other.b: update, and it has not drifted"),
        (replace(BACK, deposed="abcd1234"), f"{HERE}: update"),
    ],
)
def test_what_does_more_is_named(change: Change, named: str) -> None:
    with pytest.raises(Refused, match="to put the drift back would do more than that") as error:
        _check(change)
    assert named in error.value.what
    assert "landform apply dev" in error.value.way_out


def test_an_object_whose_drift_a_rule_takes_is_left_alone() -> None:
    other = "module.web.other.b"
    stack = StackPlan("web", changes=(replace(BACK, address=other),), drift=(replace(DRIFT, address=other),))
    with pytest.raises(Refused, match=r"other\.b: update, and its drift is left alone"):
        check_only_reverts(EnvironmentPlan("shop", "dev", (stack,)), [HERE])


def test_what_a_refresh_fills_in_is_no_drift() -> None:
    other = "module.web.other.b"
    filled = replace(DRIFT, address=other, before=Values({"tags": None}), after=Values({"tags": {}}))
    stack = StackPlan("web", changes=(replace(BACK, address=other),), drift=(filled,))
    with pytest.raises(Refused, match=r"other\.b: update, and it has not drifted"):
        check_only_reverts(EnvironmentPlan("shop", "dev", (stack,)), [HERE])


def test_outputs_and_actions_are_more_too() -> None:
    output = OutputChange("web", "url", Action.UPDATE, Values("old"), Values("new"))
    action = ActionInvocation("web", "module.web.action.aws_lambda_invoke.a", "aws_lambda_invoke", HERE)
    with pytest.raises(Refused, match="the output url of web") as error:
        _check(BACK, outputs=(output,), invocations=(action,))
    assert "action.aws_lambda_invoke.a: run by" in error.value.what
