"""Every shape a change has in Terraform's plan document."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.changes import Action, Change, parse_change, parse_output, stack_of
from planning.conftest import Root


def _raw(*actions: str, **more: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": None, "after": {"x": 1}} | more.pop("change", {})
    return {
        "address": "module.web.aws_instance.a",
        "mode": "managed",
        "type": "aws_instance",
        "change": change,
    } | more


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["no-op"], Action.NO_OP),
        (["create"], Action.CREATE),
        (["read"], Action.READ),
        (["update"], Action.UPDATE),
        (["delete"], Action.DELETE),
        (["forget"], Action.FORGET),
        (["delete", "create"], Action.REPLACE),
        (["create", "delete"], Action.REPLACE_CREATE_FIRST),
        (["create", "forget"], Action.REPLACE_FORGET),
    ],
)
def test_every_action_terraform_has(actions: list[str], action: Action) -> None:
    assert parse_change(_raw(*actions)).action is action


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["forget", "create"], Action.REPLACE_FORGET),
        (["delete", "import"], Action.DELETE),
        (["update", "delete", "create"], Action.REPLACE),
        (["forget", "tell"], Action.FORGET),
        (["invoke"], Action.UPDATE),
    ],
)
def test_an_action_of_a_later_terraform_never_passes_for_no_change(
    actions: list[str], action: Action
) -> None:
    assert parse_change(_raw(*actions)).action is action


def test_what_ends_an_object_and_what_only_lets_go_of_it() -> None:
    ends = {action for action in Action if action.destroys}
    assert ends == {Action.DELETE, Action.REPLACE, Action.REPLACE_CREATE_FIRST}
    replaces = {action for action in Action if action.is_replacement}
    assert replaces == {Action.REPLACE, Action.REPLACE_CREATE_FIRST, Action.REPLACE_FORGET}


def test_a_deposed_object_is_told_apart_from_its_successor() -> None:
    current = parse_change(_raw("update"))
    left_over = parse_change(_raw("delete", deposed="00000000"))
    assert left_over.action is Action.DELETE
    assert left_over.key != current.key


def test_import_and_replacement_at_once_shows_as_the_dangerous_one() -> None:
    change = parse_change(_raw("delete", "create", change={"importing": {"id": "i-1"}}))
    assert (change.action, change.import_id) == (Action.REPLACE, "i-1")


@pytest.mark.parametrize(
    ("importing", "shown"),
    [
        ({"id": "i-1"}, "i-1"),
        ({"identity": {"arn": "a", "region": "r"}}, "arn=a, region=r"),
        ({"unknown": True}, "known after apply"),
    ],
)
def test_every_way_an_import_names_its_object(importing: dict[str, Any], shown: str) -> None:
    change = parse_change(_raw("no-op", change={"importing": importing}))
    assert (change.action, change.import_id) == (Action.IMPORT, shown)


def test_a_reason_of_a_later_terraform_is_unspecified() -> None:
    assert parse_change(_raw("delete", action_reason="delete_because_of_the_moon")).reason == "unspecified"
    assert parse_change(_raw("delete")).reason == ""


@pytest.mark.parametrize(
    ("action", "reason", "says"),
    [
        ("delete", "delete_because_enabled_false", "its enabled is false"),
        ("forget", "forgot_because_lifecycle_destroy_in_state", "destroy = false, as the state has it"),
        ("forget", "forgot_because_lifecycle_destroy_in_config", "destroy = false"),
    ],
)
def test_the_reasons_of_opentofu(action: str, reason: str, says: str) -> None:
    """From OpenTofu 1.11, ``internal/command/jsonplan/plan.go``."""
    assert parse_change(_raw(action, action_reason=reason)).reason == says


def test_a_new_object_is_not_replaced_whatever_the_reason_says() -> None:
    """Terraform writes this for a new resource with ``replace_triggered_by``."""
    assert parse_change(_raw("create", action_reason="replace_by_triggers")).reason == ""


def test_missing_fields_have_defaults() -> None:
    change = parse_change({"address": "module.a.x.y", "change": {"actions": ["create"]}})
    assert change == Change("a", "module.a.x.y", "", "managed", Action.CREATE)


@pytest.mark.parametrize(
    ("address", "stack"),
    [
        ("module.web.aws_instance.a[0]", "web"),
        ("module.web-app.module.alb.aws_lb.this", "web-app"),
        ('module.web["a.b"].aws_instance.a', "web"),
        ("module.web.data.aws_ami.a", "web"),
        ("data.terraform_remote_state.network", None),
        ("aws_instance.module", None),
    ],
)
def test_the_stack_of_an_address(address: str, stack: str | None) -> None:
    assert stack_of(address) == stack


def test_an_output_change_lies_directly_under_its_name() -> None:
    raw = {"actions": ["create"], "before": None, "after_unknown": True, "after_sensitive": True}
    output = parse_output("web", "url", raw)
    assert (output.stack, output.name, output.action) == ("web", "url", Action.CREATE)
    assert (output.unknown, output.after.value, output.after.sensitive) == (True, None, True)


_BEFORE = """
resource "terraform_data" "moved" { input = 1 }
resource "terraform_data" "moved_and_changed" { input = 1 }
resource "terraform_data" "forgotten" {}
resource "terraform_data" "gone" {}
resource "terraform_data" "same" {}
resource "terraform_data" "changed" { input = 1 }
resource "terraform_data" "replaced" { triggers_replace = [1, { a = 1 }] }
resource "terraform_data" "create_first" {
  triggers_replace = 1
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "triggered" {
  lifecycle { replace_triggered_by = [terraform_data.changed] }
}
resource "terraform_data" "tainted" {}
resource "terraform_data" "asked_for" {}
resource "terraform_data" "counted" { count = 2 }
resource "terraform_data" "keyed" { for_each = toset(["a", "b"]) }
"""
_AFTER = """
resource "terraform_data" "new_name" { input = 1 }
moved {
  from = terraform_data.moved
  to   = terraform_data.new_name
}
resource "terraform_data" "changed_name" { input = 2 }
moved {
  from = terraform_data.moved_and_changed
  to   = terraform_data.changed_name
}
removed {
  from = terraform_data.forgotten
  lifecycle { destroy = false }
}
resource "terraform_data" "same" {}
resource "terraform_data" "changed" { input = 2 }
resource "terraform_data" "replaced" { triggers_replace = [2, { a = 1 }] }
resource "terraform_data" "create_first" {
  triggers_replace = 2
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "triggered" {
  lifecycle { replace_triggered_by = [terraform_data.changed] }
}
resource "terraform_data" "tainted" {}
resource "terraform_data" "asked_for" {}
resource "terraform_data" "counted" { count = 1 }
resource "terraform_data" "keyed" { for_each = toset(["b"]) }
resource "terraform_data" "imported" {}
resource "terraform_data" "imported_and_changed" { input = 1 }
import {
  to = terraform_data.imported
  id = "known"
}
import {
  to = terraform_data.imported_and_changed
  id = "other"
}
data "terraform_remote_state" "later" {
  backend = "local"
  config  = { path = terraform_data.changed.output }
}
"""
_EXPECTED = {
    "new_name": (Action.MOVE, ""),
    "changed_name": (Action.UPDATE, ""),
    "forgotten": (Action.FORGET, "no longer in the configuration"),
    "gone": (Action.DELETE, "no longer in the configuration"),
    "same": (Action.NO_OP, ""),
    "changed": (Action.UPDATE, ""),
    "replaced": (Action.REPLACE, "can't be changed in place"),
    "create_first": (Action.REPLACE_CREATE_FIRST, "can't be changed in place"),
    "triggered": (Action.REPLACE, "replace_triggered_by"),
    "tainted": (Action.REPLACE, "tainted: an earlier apply left it half made"),
    "asked_for": (Action.REPLACE, "asked for with -replace"),
    "counted[0]": (Action.NO_OP, ""),
    "counted[1]": (Action.DELETE, "its count index is gone"),
    'keyed["a"]': (Action.DELETE, "its for_each key is gone"),
    'keyed["b"]': (Action.NO_OP, ""),
    "imported": (Action.IMPORT, ""),
    "imported_and_changed": (Action.UPDATE, ""),
    "data.later": (Action.READ, "its arguments are not known yet"),
}


@pytest.mark.terraform
def test_what_terraform_itself_writes(root: Root) -> None:
    module = 'module "s" {\n  source = "./s"\n}\n'
    root.write({"main.tf": module, "s/main.tf": _BEFORE})
    root.apply()
    root.terraform(root.folder, "taint", "module.s.terraform_data.tainted")
    imports = _AFTER[_AFTER.index("import {") : _AFTER.index("data ")]
    root.write(
        {
            "main.tf": module + imports.replace("to = ", "to = module.s."),
            "s/main.tf": _AFTER.replace(imports, ""),
        }
    )
    document = root.plan("-replace=module.s.terraform_data.asked_for")
    changes = {change.local_address: change for change in map(parse_change, document["resource_changes"])}
    short = {_short(name): (change.action, change.reason) for name, change in changes.items()}
    assert short == _EXPECTED
    assert {change.stack for change in changes.values()} == {"s"}
    moved = changes["terraform_data.new_name"]
    assert moved.previous_address == "module.s.terraform_data.moved"
    assert changes["terraform_data.imported"].import_id == "known"
    assert changes["terraform_data.imported_and_changed"].import_id == "other"
    assert changes["terraform_data.replaced"].replace_paths == (("triggers_replace",),)
    assert changes["terraform_data.changed"].unknown == {"output": True}


def _short(local_address: str) -> str:
    return local_address.replace("terraform_data.", "").replace("terraform_remote_state.", "")


@pytest.mark.terraform
def test_a_destroy_gives_no_reasons(root: Root) -> None:
    root.write(
        {"main.tf": 'module "s" {\n  source = "./s"\n}\n', "s/main.tf": 'resource "terraform_data" "a" {}\n'}
    )
    root.apply()
    (change,) = map(parse_change, root.plan("-destroy")["resource_changes"])
    assert (change.action, change.reason, change.after.value) == (Action.DELETE, "", None)
