"""The findings of a whole plan: their order, that no secret is in them, and their page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landform.planning.changes import Action
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.redaction import HIDDEN, Redactor
from landform.review.risk import RULES, RiskContext, find_risks
from review.risk.plans import change, plan_of, risks

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "risk-rules.md"
_SECRET = "hunter2-hunter2"


def test_the_worst_comes_first_and_then_the_address() -> None:
    found = risks(
        change("aws_cloudwatch_log_group", {}),
        change("aws_sqs_queue", {}, address="module.app.aws_sqs_queue.b"),
        change("aws_sqs_queue", {}, address="module.app.aws_sqs_queue.a"),
        change("aws_dynamodb_table", {}),
    )
    assert [(each.severity.value, each.address.rpartition("aws_")[2]) for each in found] == [
        ("critical", "dynamodb_table.this"),
        ("high", "sqs_queue.a"),
        ("high", "sqs_queue.b"),
        ("medium", "cloudwatch_log_group.this"),
    ]


def test_the_same_thing_is_said_once() -> None:
    twice = change("aws_sqs_queue", {})
    assert len(risks(twice, twice)) == 1


@pytest.mark.parametrize("marked", [True, False])
def test_no_secret_is_in_a_finding(marked: bool) -> None:
    """Whether Terraform marks the path, or the value is only known from elsewhere."""
    marks: dict[str, Any] = {"was_sensitive": {"kms_key_id": True, "name": True}} if marked else {}
    found = risks(
        change("aws_sqs_queue", {"kms_key_id": _SECRET}, {"kms_key_id": None}, **marks),
        change(
            "aws_db_instance",
            {"name": _SECRET},
            {"name": "b"},
            action=Action.REPLACE,
            replace_paths=(("name",),),
            address=f'module.app.aws_db_instance.this["{_SECRET}"]',
            **marks,
        ),
        context=RiskContext(Redactor.of([_SECRET])),
    )
    assert {each.rule for each in found} == {"encryption-off", "data-loss", "outage"}
    assert all(_SECRET not in each.title + each.evidence + each.advice for each in found)
    assert sum(HIDDEN in each.evidence for each in found) == 3


def test_what_terraform_marks_is_hidden_even_where_no_value_is_known() -> None:
    sides = ({"kms_key_id": _SECRET}, {"kms_key_id": None})
    (found,) = risks(change("aws_sqs_queue", *sides, was_sensitive={"kms_key_id": True}))
    assert found.evidence == f"kms_key_id: {HIDDEN} → null"


def test_a_known_secret_inside_other_evidence_is_hidden() -> None:
    policy = f'{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "arn:{_SECRET}"}}}}'
    context = RiskContext(Redactor.of([_SECRET]))
    (found,) = risks(change("aws_iam_policy", None, {"policy": policy}), context=context)
    assert found.evidence == f"policy: Action *; Resource arn:{HIDDEN}"


def test_the_page_names_every_rule_with_its_severity_and_what_to_do() -> None:
    rows = re.findall(r"(?m)^\| `([\w-]+)` \| (\w+) \| (.+) \| (.+) \|$", _PAGE.read_text(encoding="utf-8"))
    assert rows == [(rule.id, rule.severity.value, rule.looks_for, rule.advice) for rule in RULES]


_ALLOW = '{"Statement": {"Effect": "Allow", "Action": ["s3:Get*", "s3:%s"], "Resource": "arn:aws:s3:::%s"}}'
_DOOR = {"from_port": 443, "to_port": 443, "protocol": "tcp"}
_KINDS: dict[str, Callable[[str, bool], dict[str, Any]]] = {
    "aws_iam_role_policy": lambda name, new: {"policy": _ALLOW % ("*" if new else "Put", name)},
    "aws_instance": lambda _, new: {"user_data_base64": f"#!/bin/sh\necho {new}\n" * 50},
    "aws_security_group": lambda _, new: {
        "ingress": [{**_DOOR, "cidr_blocks": ["0.0.0.0/0" if new else "10.0.0.0/8"]}]
    },
    "aws_db_instance": lambda _, new: {"deletion_protection": not new, "instance_class": f"db.{new}"},
    "aws_route53_record": lambda name, new: {"records": [f"{name}.{new}"]},
    "aws_ecs_service": lambda _, new: {"desired_count": 0 if new else 2},
    "aws_subnet": lambda name, _: {"cidr_block": name},
    "aws_cloudwatch_log_group": lambda _, new: {"retention_in_days": 7 if new else 90},
}


def _many(count: int) -> EnvironmentPlan:
    """Changes of many kinds, with as many attributes as real ones have; most of them are a finding."""
    common = {f"attribute_{number}": number for number in range(25)}
    actions = (Action.UPDATE, Action.REPLACE, Action.NO_OP, Action.UPDATE, Action.UPDATE)
    changes = []
    for index in range(count):
        kind, make = list(_KINDS.items())[index % len(_KINDS)]
        sides = (
            common | {"id": f"i-{index}", "tags": {"New": new}} | make(f"n{index}", new)
            for new in (False, True)
        )
        address = f"module.app.{kind}.this[{index}]"
        changes.append(change(kind, *sides, action=actions[index % len(actions)], address=address))
    return plan_of(*changes)


def test_a_large_plan_has_its_findings_too() -> None:
    found = find_risks(_many(2_000), RiskContext(Redactor.of([_SECRET])))
    assert len(found) > 1_500
