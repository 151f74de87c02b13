"""A plan document as the plan of an environment, and the hash that names what it changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from landform.errors import TerraformFailed
from landform.planning.changes import Action
from landform.planning.environment_plan import Deferred, EnvironmentPlan, PlanFrame, StackPlan, parse_plan
from landform.planning.fingerprints import digest_of, fingerprints
from planning.conftest import Root

_FRAME = PlanFrame(
    "shop", "dev", [StackPlan("network", "vpc"), StackPlan("web")], {"network__id": ("network", "id")}
)


def _raw(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": {"x": 0}, "after": {"x": 1}}
    return {"address": address, "mode": "managed", "type": "t", "change": change} | more


def _document(**more: Any) -> dict[str, Any]:
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "timestamp": "2026-01-01T00:00:00Z",
        "resource_changes": [
            _raw("module.network.t.a", "update"),
            _raw("module.network.t.b", "no-op"),
            _raw("module.web.t.a", "no-op"),
            _raw("module.web.data.t.b", "read", mode="data"),
            _raw("data.terraform_remote_state.network", "read", mode="data"),
        ],
        "resource_drift": [_raw("module.web.t.a", "update")],
        "output_changes": {
            "network__id": {"actions": ["update"], "before": 1, "after": 2},
            "someone_elses": {"actions": ["create"], "after": 2},
        },
    } | more


def _plan(document: dict[str, Any], frame: PlanFrame = _FRAME) -> EnvironmentPlan:
    return parse_plan(document, frame, lambda *_: ())


def test_everything_lands_at_its_stack() -> None:
    plan = _plan(_document())
    network, web = plan.stacks
    assert [(change.address, change.action) for change in network.changes] == [
        ("module.network.t.a", Action.UPDATE),
        ("module.network.t.b", Action.NO_OP),
    ]
    assert [output.name for output in network.outputs] == ["id"]
    assert [change.address for change in web.drift] == ["module.web.t.a"]
    assert (network.module, plan.terraform_version) == ("vpc", "1.11.4")
    assert plan.stack("unheard_of") == StackPlan("unheard_of")


def test_a_read_is_no_change_and_a_new_output_is_one() -> None:
    plan = _plan(_document())
    assert [change.address for change in plan.stack("network").effective] == ["module.network.t.a"]
    assert not plan.stack("web").has_changes
    only_output = _document(resource_changes=[])
    assert _plan(only_output).has_changes
    assert not _plan(only_output | {"output_changes": {}}).has_changes


def test_deferred_stacks_leave_something_to_do() -> None:
    frame = PlanFrame("shop", "dev", [], deferred=(Deferred("web", "count"),))
    assert _plan(_document(resource_changes=[], output_changes={}), frame).has_changes


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"format_version": "2.0"}, "format 2.0"),
        ({"format_version": ""}, "format unknown"),
        ({"errored": True}, "could not finish"),
    ],
)
def test_a_document_that_cant_be_trusted_is_refused(more: dict[str, Any], says: str) -> None:
    with pytest.raises(TerraformFailed, match=says):
        _plan(_document(**more))


def test_keys_of_a_later_format_are_left_out() -> None:
    assert _plan(_document(format_version="1.9", action_invocations=[{}], applyable=True)).has_changes


def _named(plan: EnvironmentPlan) -> str:
    outputs = [output for stack in plan.stacks for output in stack.outputs]
    return digest_of(fingerprints([*plan.changes, *outputs], b"key"))


def test_equal_plans_have_equal_digests() -> None:
    """Neither the time nor the order in which Terraform lists objects is a part of the plan."""
    document = _document()
    later = copy.deepcopy(document) | {"timestamp": "2027-01-01T00:00:00Z"}
    later["resource_changes"].reverse()
    assert _named(_plan(later)) == _named(_plan(document))


def _edit(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(document: dict[str, Any]) -> None:
        place = document["resource_changes"][0]
        *steps, last = path.split(".")
        for step in steps:
            place = place[step]
        place[last] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        _edit("change.actions", ["delete", "create"]),
        _edit("change.after", {"x": 2}),
        _edit("change.before", {"x": 2}),
        _edit("change.after_unknown", {"x": True}),
        _edit("address", "module.network.t.c"),
        _edit("deposed", "00000001"),
        lambda document: document["resource_changes"].pop(0),
        lambda document: document["output_changes"]["network__id"].update(after=3),
    ],
)
def test_any_difference_in_what_will_be_done_is_another_digest(
    edit: Callable[[dict[str, Any]], None],
) -> None:
    document = _document()
    edit(document)
    assert _named(_plan(document)) != _named(_plan(_document()))


def test_a_failing_check_is_told_with_its_messages() -> None:
    address = {"kind": "check", "to_display": "check.up"}
    checks = [
        {
            "address": address,
            "status": "fail",
            "instances": [{"status": "fail", "problems": [{"message": "503"}, {"message": "slow"}]}],
        },
        {"address": address, "status": "error", "instances": [{"status": "error"}]},
        {"address": address, "status": "pass", "instances": [{}]},
        {"address": address, "status": "unknown"},
    ]
    assert _plan(_document(checks=checks)).failed_checks == (
        "check.up: 503",
        "check.up: slow",
        "check.up: error",
    )


_CONFIG = """
resource "terraform_data" "a" {
  count = 2
  input = "INPUT"
}
check "up" {
  assert {
    condition     = terraform_data.a[0].input == "x"
    error_message = "It is down."
  }
}
"""
_MODULE = 'module "web" {\n  source = "./m"\n}\n'


@pytest.mark.terraform
def test_two_plans_of_the_same_thing_are_one_digest(root: Root) -> None:
    root.write({"main.tf": _MODULE, "m/main.tf": _CONFIG.replace("INPUT", "y")})
    first, second = _plan(root.plan()), _plan(root.plan())
    assert _named(first) == _named(second)
    assert first.failed_checks == ("module.web.check.up: It is down.",)
    root.write({"m/main.tf": _CONFIG.replace("INPUT", "z")})
    assert _named(_plan(root.plan())) != _named(first)
