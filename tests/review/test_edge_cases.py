"""Every odd thing that a plan can hold reaches its reader: what Terraform here can be made to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landform.planning.annotations import CheckStatus
from landform.planning.changes import Action
from landform.planning.redaction import HIDDEN
from landform.review import ChangeReview, Review
from landform.review.document import to_document
from planning.conftest import Root, Run
from review.foreign_plans import review_of


@pytest.fixture
def root(tmp_path: Path, terraform: Run) -> Root:
    """An empty root."""
    folder = tmp_path / "root"
    folder.mkdir()
    return Root(folder, terraform)


def _changes(review: Review) -> dict[str, ChangeReview]:
    return {each.address.removeprefix("terraform_data."): each for each in review.stacks[0].changes}


_BEFORE = """
resource "terraform_data" "moved" { input = 1 }
resource "terraform_data" "moved_and_changed" { input = 1 }
resource "terraform_data" "forgotten" {}
resource "terraform_data" "down_first" { triggers_replace = 1 }
resource "terraform_data" "up_first" {
  triggers_replace = 1
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "source" { input = 1 }
resource "terraform_data" "triggered" {
  lifecycle { replace_triggered_by = [terraform_data.source] }
}
resource "terraform_data" "tainted" {}
resource "terraform_data" "asked_for" {}
resource "terraform_data" "counted" {
  count = 3
  input = ["a", "b", "c"][count.index]
}
resource "terraform_data" "policy" {
  input = jsonencode({
    Statement = [{ Sid = "A", Effect = "Allow", Action = ["s3:Get", "s3:Put"], Resource = "*" }]
  })
}
resource "terraform_data" "same_policy" {
  input = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:Get", "s3:Put"], Resource = "*" }] })
}
resource "terraform_data" "list" { input = ["x", "y"] }
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
resource "terraform_data" "down_first" { triggers_replace = 2 }
resource "terraform_data" "up_first" {
  triggers_replace = 2
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "source" { input = 2 }
resource "terraform_data" "triggered" {
  lifecycle { replace_triggered_by = [terraform_data.source] }
}
resource "terraform_data" "new_and_triggered" {
  lifecycle { replace_triggered_by = [terraform_data.source] }
}
resource "terraform_data" "tainted" {}
resource "terraform_data" "asked_for" {}
resource "terraform_data" "counted" {
  count = 2
  input = ["b", "c"][count.index]
}
resource "terraform_data" "policy" {
  input = jsonencode({
    Statement = { Sid = "A", Effect = "Allow", Action = ["s3:Put", "s3:*", "s3:Get"], Resource = ["*"] }
  })
}
resource "terraform_data" "same_policy" {
  input = jsonencode({ Statement = { Effect = "Allow", Action = ["s3:Put", "s3:Get"], Resource = ["*"] } })
}
resource "terraform_data" "list" { input = ["y", "z"] }
resource "terraform_data" "security" { input = terraform_data.source.output }
resource "terraform_data" "imported" {}
resource "terraform_data" "imported_and_changed" { input = 1 }
resource "terraform_data" "imported_and_replaced" { triggers_replace = 1 }
import {
  to = terraform_data.imported
  id = "one"
}
import {
  to = terraform_data.imported_and_changed
  id = "two"
}
import {
  to = terraform_data.imported_and_replaced
  id = "three"
}
data "terraform_remote_state" "later" {
  backend = "local"
  config  = { path = terraform_data.source.output }
}
"""


@pytest.mark.terraform
def test_what_one_plan_can_do_to_objects(root: Root) -> None:
    root.write({"main.tf": _BEFORE})
    root.apply()
    root.terraform(root.folder, "taint", "terraform_data.tainted")
    root.write({"main.tf": _AFTER})
    review = review_of(root.plan("-replace=terraform_data.asked_for"))
    found = _changes(review)
    said = {name: (change.action, change.why) for name, change in found.items()}
    assert said == {
        "new_name": (Action.MOVE, "moved from terraform_data.moved"),
        "changed_name": (Action.UPDATE, "moved from terraform_data.moved_and_changed"),
        "forgotten": (Action.FORGET, "no longer in the configuration"),
        "down_first": (Action.REPLACE, "triggers_replace 1 → 2"),
        "up_first": (Action.REPLACE_CREATE_FIRST, "triggers_replace 1 → 2"),
        "source": (Action.UPDATE, ""),
        "triggered": (Action.REPLACE, "replace_triggered_by: terraform_data.source"),
        "new_and_triggered": (Action.CREATE, ""),
        "tainted": (Action.REPLACE, "tainted: an earlier apply left it half made"),
        "asked_for": (Action.REPLACE, "asked for with -replace"),
        "counted[0]": (Action.UPDATE, ""),
        "counted[1]": (Action.UPDATE, ""),
        "counted[2]": (Action.DELETE, "its count index is gone"),
        "policy": (Action.UPDATE, ""),
        "same_policy": (Action.UPDATE, ""),
        "list": (Action.UPDATE, ""),
        "security": (Action.CREATE, ""),
        "imported": (Action.IMPORT, "imported: one"),
        "imported_and_changed": (Action.UPDATE, "imported: two"),
        "imported_and_replaced": (Action.REPLACE, "triggers_replace null → 1"),
    }
    assert found["changed_name"].previous_address == "terraform_data.moved_and_changed"
    assert found["triggered"].caused_by == ("terraform_data.source",)
    assert found["counted[0]"].headline.startswith("input a → b")
    (unknown,) = (each for each in found["security"].attributes if each.path == "input")
    assert (unknown.unknown, unknown.after, unknown.sources) == (
        True,
        None,
        ("terraform_data.source.output",),
    )
    assert (review.stacks[0].reads, review.complete, review.errored) == (1, True, False)


@pytest.mark.terraform
def test_a_text_of_json_and_a_list_as_terraform_writes_them(root: Root) -> None:
    root.write({"main.tf": _BEFORE})
    root.apply()
    root.write({"main.tf": _AFTER[: _AFTER.index("import {")]})
    found = _changes(review_of(root.plan()))
    known = {
        name: [(each.path, each.before, each.after) for each in found[name].attributes if not each.unknown]
        for name in ("policy", "same_policy", "list")
    }
    action = 'jsondecode(input).Statement["A"].Action'
    assert known == {
        "policy": [(action, None, "s3:*")],
        "same_policy": [],
        "list": [("input[0]", "x", None), ("input[1]", None, "z")],
    }
    assert found["same_policy"].folded == 1


_CHECKS = """
resource "terraform_data" "a" { input = "INPUT" }
check "passes" {
  assert {
    condition     = terraform_data.a.id != ""
    error_message = "no id"
  }
}
check "fails" {
  assert {
    condition     = terraform_data.a.input == "three"
    error_message = "too short"
  }
}
check "waits" {
  assert {
    condition     = terraform_data.a.output == "x"
    error_message = "?"
  }
}
output "id" { value = "INPUT" }
"""


@pytest.mark.terraform
def test_checks_by_what_came_of_them_and_outputs_alone(root: Root) -> None:
    root.write({"main.tf": _CHECKS.replace("INPUT", "one")})
    root.apply()
    root.write({"main.tf": _CHECKS.replace("INPUT", "two")})
    review = review_of(root.plan())
    assert {each.address: each.status for each in review.checks} == {
        "check.passes": CheckStatus.PASS,
        "check.fails": CheckStatus.FAIL,
        "check.waits": CheckStatus.UNKNOWN,
    }
    assert review.failed_checks == ("check.fails: too short",)
    only_output = review_of(root.plan("-refresh-only"))
    assert (only_output.refresh_only, only_output.has_changes, only_output.counts.total) == (True, True, 0)
    assert [each.name for each in only_output.stacks[0].outputs] == ["id"]
    root.write({"main.tf": _CHECKS.replace('input = "INPUT"', 'input = "one"').replace("INPUT", "two")})
    outputs_only = review_of(root.plan())
    assert (outputs_only.refresh_only, outputs_only.has_changes, outputs_only.counts.total) == (
        False,
        True,
        0,
    )
    destroy = review_of(root.plan("-destroy"))
    assert [(each.action, each.why) for each in destroy.stacks[0].changes] == [(Action.DELETE, "")]


@pytest.mark.terraform
def test_a_root_that_only_reads_is_not_taken_for_a_refresh(root: Root) -> None:
    root.write({"s.tfstate": '{"version": 4, "outputs": {"n": {"value": "NUMBER", "type": "string"}}}'})
    read = """
data "terraform_remote_state" "s" {
  backend = "local"
  config  = { path = "s.tfstate" }
}
output "n" { value = data.terraform_remote_state.s.outputs.n }
"""
    root.write({"main.tf": read})
    root.apply()
    review = review_of(root.plan())
    assert (review.refresh_only, review.has_changes) == (False, False)


_BROKEN = """
resource "terraform_data" "a" { input = 2 }
resource "terraform_data" "b" {
  input = 2
  lifecycle {
    precondition {
      condition     = terraform_data.a.input == 1
      error_message = "never"
    }
  }
}
"""


@pytest.mark.terraform
def test_a_plan_that_is_not_whole_says_so(root: Root) -> None:
    root.write({"main.tf": _BROKEN})
    root.terraform(root.folder, "init", "-input=false")
    root.terraform(root.folder, "plan", "-input=false", "-out=the.tfplan", expected=(1,))
    document = json.loads(root.terraform(root.folder, "show", "-json", "the.tfplan").stdout)
    review = review_of(document)
    assert (review.errored, review.complete, review.applyable) == (True, False, False)
    assert list(_changes(review)) == ["a"]
    root.write({"main.tf": _BROKEN.replace("input == 1", "input == 2")})
    partial = review_of(root.plan("-target=terraform_data.a"))
    assert (partial.errored, partial.complete, partial.applyable) == (False, False, True)
    whole = review_of(root.plan())
    assert (whole.errored, whole.complete, whole.applyable) == (False, True, True)


_SECRETS = """
variable "password" {
  type      = string
  sensitive = true
}
resource "terraform_data" "a" {
  input = {
    echo    = nonsensitive("<${var.password}>")
    encoded = nonsensitive(base64encode("u:${var.password}"))
  }
}
resource "terraform_data" "marked" { input = { key = sensitive("VALUE-OF-KEY"), p = var.password } }
resource "terraform_data" "copy" { input = "VALUE-OF-KEY" }
"""


@pytest.mark.terraform
def test_no_secret_is_shown_in_any_form(root: Root) -> None:
    root.write({"main.tf": _SECRETS, "terraform.tfvars": 'password = "hunter2/hunter2"'})
    root.apply()
    unchanged = review_of(root.plan())
    root.write({"terraform.tfvars": 'password = "correct+horse"'})
    changed = review_of(root.plan("-replace=terraform_data.copy"))
    for review in (unchanged, changed):
        text = json.dumps(to_document(review))
        for secret in ("hunter2", "correct", "dW50ZXIyL2h1bnRlcj", "VALUE-OF-KEY"):
            assert secret not in text
    paths = [each.path for each in _changes(changed)["a"].attributes if not each.unknown]
    assert paths == ["input.echo", "input.encoded"]
    assert HIDDEN in str(_changes(changed)["copy"].attributes)
