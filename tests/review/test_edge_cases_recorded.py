"""Every odd thing that a plan can hold reaches its reader: what Terraform here can't be made to write.

Each test names the source of its shape.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.cli.views.html import html
from landform.cli.views.markdown import markdown
from landform.cli.views.review import review_text
from landform.planning.changes import Action
from landform.planning.drift import DriftOutcome
from landform.review import Review
from landform.review.document import to_document
from review.foreign_plans import review_of


def _everywhere(review: Review, text: str) -> bool:
    """Whether each format shows ``text``."""
    terminal = " ".join(review_text(review, 200, diff=True).split())
    formats = (terminal, markdown(review), html(review))
    return all(text in each.replace("\\_", "_").replace("&#39;", "'") for each in formats)


def _row(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": {"n": 1}, "after": {"n": 2}} | more.pop("change", {})
    return {"address": address, "mode": "managed", "type": "aws_instance", "change": change} | more


def _document(**more: Any) -> dict[str, Any]:
    """As Terraform 1.11 writes it; more keys as named in ``internal/command/jsonplan`` of its sources."""
    return {"format_version": "1.2", "terraform_version": "1.11.4"} | more


def test_a_deposed_object_is_told_apart() -> None:
    """An apply that broke off before the deletion leaves one; shape: jsonplan, ResourceChange."""
    rows = [
        _row("aws_instance.a", "update"),
        _row("aws_instance.a", "delete", deposed="0b5c3a1f", change={"after": None}),
    ]
    current, left_over = review_of(_document(resource_changes=rows)).stacks[0].changes
    assert (current.action, current.deposed) == (Action.UPDATE, None)
    assert (left_over.action, left_over.deposed) == (Action.DELETE, "0b5c3a1f")
    assert left_over.why == "left over from an earlier replacement (deposed 0b5c3a1f)"


def test_a_replacement_that_forgets_the_old_one() -> None:
    row = _row("aws_instance.a", "create", "forget", change={"replace_paths": [["n"]]})
    (change,) = review_of(_document(resource_changes=[row])).stacks[0].changes
    assert (change.action, change.why) == (Action.REPLACE_FORGET, "n 1 → 2")


@pytest.mark.parametrize(
    ("actions", "after", "outcome"),
    [
        (["no-op"], 2, DriftOutcome.KEPT),
        (["update"], 1, DriftOutcome.REVERTED),
        (["update"], 3, DriftOutcome.OVERWRITTEN),
        (["delete"], None, DriftOutcome.OVERWRITTEN),
        (None, None, DriftOutcome.KEPT),
    ],
)
def test_what_becomes_of_drift(actions: list[str] | None, after: Any, outcome: DriftOutcome) -> None:
    """Nothing of Terraform's built-in provider can drift; shape: ``resource_drift`` of 1.11.4."""
    drift = [_row("aws_instance.a", "update")]
    rows = (
        [_row("aws_instance.a", *actions, change={"before": {"n": 2}, "after": {"n": after}})]
        if actions
        else []
    )
    review = review_of(_document(resource_changes=rows, resource_drift=drift))
    (found,) = review.stacks[0].drift
    assert found.outcome is outcome
    assert [(each.path, each.before, each.after) for each in found.attributes] == [("n", 1, 2)]


def test_what_is_gone_is_made_again_and_what_matters_comes_first() -> None:
    drift = [
        _row("aws_instance.ignored", "update"),
        _row("aws_instance.read", "update"),
        _row("aws_instance.gone", "delete", change={"after": None}),
        _row("aws_instance.noise", "update", change={"before": {"etag": 1}, "after": {"etag": 2}}),
        _row("aws_instance.filled_in", "update", change={"before": {"arn": None}, "after": {"arn": "a"}}),
    ]
    rows = [_row("aws_instance.gone", "create", change={"before": None})]
    relevant = [
        {"resource": "aws_instance.read", "attribute": ["n"]},
        {"resource": "aws_instance.ignored", "attribute": ["other"]},
    ]
    review = review_of(_document(resource_changes=rows, resource_drift=drift, relevant_attributes=relevant))
    assert [(each.local_address, each.outcome) for each in review.stacks[0].drift] == [
        ("aws_instance.read", DriftOutcome.KEPT),
        ("aws_instance.gone", DriftOutcome.REVERTED),
        ("aws_instance.ignored", DriftOutcome.KEPT),
    ]


def test_a_write_only_value_shows_by_its_version() -> None:
    """Write-only attributes are null on both sides (aws_db_instance of provider 5.100)."""
    before = {"password_wo": None, "password_wo_version": 1}
    after = {"password_wo": None, "password_wo_version": 2}
    row = _row("aws_db_instance.a", "update", change={"before": before, "after": after})
    (change,) = review_of(_document(resource_changes=[row])).stacks[0].changes
    assert [(each.path, each.after) for each in change.attributes] == [("password_wo_version", 2)]


_INVOCATION = {
    "address": "action.aws_lambda_invoke.notify",
    "type": "aws_lambda_invoke",
    "name": "notify",
    "config_values": {"payload": "the-token-of-it"},
    "config_sensitive": {"payload": True},
    "provider_name": "registry.terraform.io/hashicorp/aws",
    "lifecycle_action_trigger": {
        "triggering_resource_address": "aws_instance.a",
        "action_trigger_event": "AfterCreate",
        "action_trigger_block_index": 0,
        "actions_list_index": 0,
    },
}


def test_an_action_without_any_change_is_something_to_apply() -> None:
    """Terraform 1.14; shape: ``internal/command/jsonplan/action_invocations.go``."""
    row = _row("aws_instance.a", "no-op", change={"after": {"n": 1, "text": "the-token-of-it"}})
    document = _document(resource_changes=[row], action_invocations=[_INVOCATION])
    review = review_of(document)
    (invocation,) = review.invocations
    assert (invocation.address, invocation.triggered_by) == (_INVOCATION["address"], "aws_instance.a")
    assert review.has_changes
    assert "the-token" not in json.dumps(to_document(review))
    assert not review_of(_document(resource_changes=[row])).has_changes
    later = _document(deferred_action_invocations=[{"reason": "unknown", "action_invocation": _INVOCATION}])
    assert review_of(later).invocations[0].deferred


def test_a_change_that_is_put_off() -> None:
    """Shape: ``deferred_changes`` of jsonplan, of Terraform's alpha releases and stacks."""
    row = _row("aws_instance.a[*]", "create", index_unknown=True, change={"before": None})
    document = _document(
        deferred_changes=[{"reason": "instance_count_unknown", "resource_change": row}], complete=False
    )
    review = review_of(document)
    (deferred,) = review.deferred_changes
    assert (deferred.address, deferred.action) == ("aws_instance.a[*]", Action.CREATE)
    assert deferred.reason == "instance_count_unknown"
    assert (review.complete, review.has_changes) == (False, True)


@pytest.mark.parametrize(
    ("rows", "applyable"),
    [([_row("aws_instance.a", "update")], True), ([_row("aws_instance.a", "no-op")], False)],
)
def test_opentofu_says_neither_applyable_nor_complete(rows: list[dict[str, Any]], applyable: bool) -> None:
    """OpenTofu 1.10's ``tofu show -json`` has the same format 1.2 without these two keys."""
    review = review_of(_document(resource_changes=rows, errored=False))
    assert (review.applyable, review.complete, review.errored) == (applyable, True, False)


@pytest.mark.parametrize(
    "key", ["resource_changes", "output_changes", "checks", "relevant_attributes", "variables"]
)
def test_a_key_that_is_null_is_as_one_that_is_missing(key: str) -> None:
    assert not review_of(_document(**{key: None})).has_changes


def test_a_reader_is_told_what_holds_for_the_whole_plan() -> None:
    row = _row("aws_instance.a", "update")
    errored = review_of(_document(resource_changes=[row], errored=True))
    assert _everywhere(errored, "Terraform could not finish this plan")
    partial = review_of(_document(resource_changes=[row], complete=False))
    assert _everywhere(partial, "another plan is needed after this one")
    acting = review_of(_document(resource_changes=[row], action_invocations=[_INVOCATION] * 30))
    assert _everywhere(acting, "Runs action.aws_lambda_invoke.notify after create of aws_instance.a")
    assert _everywhere(acting, "and 22 more")
    whole = review_of(_document(resource_changes=[row]))
    assert not _everywhere(whole, "another plan is needed")


def test_a_reader_is_told_how_much_is_folded_and_what_is_only_reordered() -> None:
    before = {"etag": "1", "tags": {"a": "1"}, "tags_all": {"a": "1"}, "zones": ["a", "b"]}
    after = {"etag": "2", "tags": {"a": "2"}, "tags_all": {"a": "2"}, "zones": ["b", "a"]}
    row = _row("aws_instance.a", "update", change={"before": before, "after": after})
    review = review_of(_document(resource_changes=[row]))
    assert _everywhere(review, "2 more differences in copies, time stamps or spelling")
    assert _everywhere(review, "re-ordered")
