"""A run that lifts protections makes exactly what was asked of it, or is refused."""

from __future__ import annotations

from typing import Any

import pytest

from landform.errors import Refused
from landform.generator.overrides import Setting
from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.workflows.overriding import check_settings

_TABLE = "module.data.aws_dynamodb_table.x"
_OFF = Setting(_TABLE, "deletion_protection_enabled", False)
_ARMED = {"deletion_protection_enabled": True, "tags": None}
_DISARMED = {**_ARMED, "deletion_protection_enabled": False}


def _change(
    before: Any, after: Any, action: Action = Action.UPDATE, address: str = _TABLE, **more: Any
) -> Change:
    return Change(
        "data", address, "aws_dynamodb_table", "managed", action, Values(before), Values(after), **more
    )


def _check(*changes: Change, settings: tuple[Setting, ...] = (_OFF,)) -> None:
    check_settings(EnvironmentPlan("shop", "dev", (StackPlan("data", changes=changes),)), settings)


def test_what_was_asked_for_is_made_and_may_be_there_already() -> None:
    _check(_change(_ARMED, _DISARMED))
    _check(
        _change(_DISARMED, _DISARMED, Action.NO_OP), _change(_ARMED, _ARMED, Action.NO_OP, "module.data.t.y")
    )
    _check(_change(_ARMED, {}), settings=())


@pytest.mark.parametrize(
    "other",
    [
        _change(_ARMED, {**_DISARMED, "tags": {"a": "b"}}),
        _change(_ARMED, None, Action.DELETE),
        _change(_ARMED, _DISARMED, Action.REPLACE),
        _change(_ARMED, _DISARMED, address="module.data.aws_dynamodb_table.y"),
        _change(None, _DISARMED, Action.CREATE, "module.data.t.y"),
    ],
)
def test_another_change_is_refused(other: Change) -> None:
    with pytest.raises(Refused, match=rf"other changes would be made, which wait at {other.address}$"):
        _check(_change(_ARMED, _DISARMED), other)


@pytest.mark.parametrize(
    "change",
    [
        _change(_ARMED, _ARMED, Action.NO_OP),
        _change(_DISARMED, _DISARMED, Action.NO_OP, deposed="abcd1234"),
        _change(_DISARMED, _DISARMED, Action.NO_OP, "module.data.aws_dynamodb_table.y"),
    ],
)
def test_a_plan_that_does_not_lift_it_ends_the_destroy(change: Change) -> None:
    """Terraform lets an override take nothing out of ``ignore_changes = all``."""
    with pytest.raises(Refused, match=f"does not change deletion_protection_enabled of {_TABLE}") as refused:
        _check(change)
    assert "ignore_changes = all" in refused.value.way_out
