"""``policy:`` and ``approvals:``: what they become, and their faults at file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.project import (
    ApprovalRules,
    Environment,
    PolicyRules,
    Project,
    RequiredTag,
    Stack,
    load_project,
)

Write = Callable[[Mapping[str, str]], Path]

_STACKS = "stacks:\n  a: {module: x/y/aws}\n"


def _files(policy: str = "", dev: str = "") -> dict[str, str]:
    return {
        "landform.yaml": f"project: shop\n{_STACKS}{policy}",
        "environments/dev/environment.yaml": f"region: us-east-1\n{dev}",
    }


def _faults(folder: Path) -> list[str]:
    with pytest.raises(ProjectInvalid) as refusal:
        load_project(folder)
    return [str(fault) for fault in refusal.value.faults]


def test_rules_are_read_and_an_environment_replaces_what_it_names(write: Write) -> None:
    policy = """\
policy:
  required_tags: {Owner: , CostCenter: {matches: "[0-9]{4}"}, Tier: {values: [web, 7]}}
  allowed_regions: [eu-*]
  deny_at: critical
"""
    project = load_project(write(_files(policy, "policy: {required_tags: [Owner], deny_at: never}\n")))
    tags = (
        RequiredTag("Owner"),
        RequiredTag("CostCenter", matches="[0-9]{4}"),
        RequiredTag("Tier", values=("web", "7")),
    )
    assert project.policy == PolicyRules(tags, ("eu-*",), deny_at="critical")
    dev = project.environment_by_name["dev"]
    merged = project.policy.overridden_by(dev.policy)
    assert merged == PolicyRules((RequiredTag("Owner"),), ("eu-*",), deny_at="never")


@pytest.mark.parametrize(("text", "seconds"), [("30m", 1800), ("24h", 86_400), ("7d", 604_800)])
def test_approvals_are_read_and_their_time_is_in_seconds(write: Write, text: str, seconds: int) -> None:
    approvals = f"{{required: 1, approvers: [ann, bob], expire_after: {text}, critical: 1, signed: true}}"
    found = load_project(write(_files(dev=f"approvals: {approvals}\n"))).environment_by_name["dev"].approvals
    assert found == ApprovalRules(1, ("ann", "bob"), seconds, 1, signed=True)


def test_without_a_word_nobody_has_to_approve(write: Write) -> None:
    found = load_project(write(_files())).environment_by_name["dev"].approvals
    assert found == ApprovalRules()
    assert (found.needed(critical=True), found.expire_after, found.planner_may_approve) == (0, 86_400, False)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("policy: {required_tag: [Owner]}", "4: unknown key 'required_tag'. Did you mean 'required_tags'?"),
        (
            "policy:\n  required_tags:\n    Owner: {match: x}",
            "6: unknown key 'match'. Did you mean 'matches'?",
        ),
        (
            'policy:\n  required_tags:\n    Owner: {matches: "(x"}',
            "6: policy.required_tags.Owner.matches: '(x' is no regular expression",
        ),
        ("policy:\n  required_tags: Owner", "5: policy.required_tags: input should be a valid dictionary"),
        ("policy:\n  allowed_regions: []", "5: policy.allowed_regions: list should have at least 1 item"),
        ("policy:\n  allowed_regions: [us east]", "5: policy.allowed_regions.0: 'us east' is not a valid"),
        ("policy:\n  deny_at: hihg", "5: policy.deny_at: input should be 'low', 'medium'"),
        ("policy:\n  on_unknown: pass", "5: policy.on_unknown: input should be 'deny' or 'warn'"),
    ],
)
def test_a_faulty_rule_is_said_at_its_line(write: Write, policy: str, says: str) -> None:
    (fault,) = _faults(write(_files(f"{policy}\n")))
    assert fault.startswith(f"landform.yaml:{says}")


@pytest.mark.parametrize(
    ("approvals", "says"),
    [
        ("{expire_after: 0h}", "approvals.expire_after: '0h' is no length of time"),
        ("{expire_after: 24}", "approvals.expire_after: input should be a valid string"),
        ("{critical: -1}", "approvals.critical: input should be greater than or equal to 0"),
        ("{approvers: ['']}", "approvals.approvers.0: string should have at least 1 character"),
        ("{required: 1, approvers: [ann, ann]}", "approvals.approvers names 'ann' twice"),
    ],
)
def test_a_faulty_approval_rule_is_said_at_its_line(write: Write, approvals: str, says: str) -> None:
    (fault,) = _faults(write(_files(dev=f"protected: true\napprovals: {approvals}\n")))
    assert fault.startswith(f"environments/dev/environment.yaml:3: {says}")


def test_approval_rules_from_python_are_checked_too() -> None:
    rules = ApprovalRules(1, ("ann", "ann"))
    with pytest.raises(ProjectInvalid, match="1 fault"):
        Project("shop", [Stack("a", "x/y/aws")], [Environment("dev", "us-east-1", approvals=rules)])
