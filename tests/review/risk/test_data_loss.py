"""Data that ends with its object: what is lost, what is kept, and how bad that is."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.changes import Action
from landform.review.risk import RiskContext
from review.risk.plans import change, of_rule, severities

_FINAL = {"skip_final_snapshot": False, "final_snapshot_identifier": "last"}
_GONE = {"skip_final_snapshot": True}


@pytest.mark.parametrize(
    ("kind", "before", "severity", "says"),
    [
        ("aws_db_instance", _GONE, "critical", "will be deleted with no final snapshot"),
        ("aws_db_instance", _FINAL, "high", "a final snapshot is taken"),
        ("aws_db_instance", _GONE | {"replicate_source_db": "x"}, "high", "it is a replica"),
        ("aws_db_instance", _GONE | {"deletion_protection": True}, "high", "will make AWS refuse"),
        ("aws_rds_cluster", _GONE, "critical", "with no final snapshot"),
        ("aws_s3_bucket", {"force_destroy": True}, "critical", "with every object in it"),
        ("aws_s3_bucket", {"force_destroy": False}, "high", "AWS refuses unless it is empty"),
        ("aws_dynamodb_table", {"point_in_time_recovery": [{"enabled": True}]}, "high", "for 35 days"),
        ("aws_dynamodb_table", {}, "critical", "with no backup of its own"),
        ("aws_ebs_volume", {"final_snapshot": True}, "high", "a final snapshot is taken"),
        ("aws_elasticache_replication_group", {"snapshot_retention_limit": 5}, "high", "no final snapshot"),
        ("aws_elasticache_replication_group", {"snapshot_retention_limit": 0}, "medium", "for a cache"),
        ("aws_secretsmanager_secret", {"recovery_window_in_days": 0}, "critical", "no recovery window"),
        ("aws_secretsmanager_secret", {"recovery_window_in_days": 30}, "high", "can be restored"),
        ("aws_ecr_repository", {"force_delete": True}, "high", "with every image in it"),
        ("aws_cloudwatch_log_group", {}, "medium", "log events"),
        ("aws_sqs_queue", {}, "high", "messages not yet read"),
        ("aws_ssm_parameter", {}, "low", "a value"),
    ],
)
def test_what_is_lost_depends_on_what_the_state_says(
    kind: str, before: dict[str, Any], severity: str, says: str
) -> None:
    (found,) = of_rule("data-loss", change(kind, before))
    assert found.severity == severity
    assert says in found.title
    assert found.title.startswith(f"app.{kind}.this holds data")


def test_a_flag_that_is_only_set_now_saves_nothing() -> None:
    """Terraform deletes by the flags of the state."""
    before, after = {"skip_final_snapshot": True, "name": "a"}, {"skip_final_snapshot": False, "name": "b"}
    replaced = change("aws_db_instance", before, after, action=Action.REPLACE, replace_paths=(("name",),))
    (found,) = of_rule("data-loss", replaced)
    assert found.severity == "critical"
    assert "it will be deleted with no final snapshot; its successor is empty" in found.title
    assert 'name: "a" → "b" (forces replacement)' in found.evidence


def test_the_order_of_a_replacement_does_not_save_data() -> None:
    action = Action.REPLACE_CREATE_FIRST
    assert severities("data-loss", change("aws_ebs_volume", {}, {}, action=action)) == ["critical"]


@pytest.mark.parametrize("action", [Action.FORGET, Action.REPLACE_FORGET])
def test_what_is_only_forgotten_keeps_its_data(action: Action) -> None:
    assert severities("data-loss", change("aws_db_instance", _GONE, None, action=action)) == []


def test_a_left_over_object_is_called_one() -> None:
    (found,) = of_rule("data-loss", change("aws_ebs_volume", {}, deposed="0000"))
    assert "a left-over of it will be deleted" in found.title


@pytest.mark.parametrize(
    ("before", "severity"), [({"force_destroy": True}, "high"), ({"force_destroy": False}, "high")]
)
def test_in_an_ephemeral_environment_what_may_go_is_less_bad(before: Any, severity: str) -> None:
    context = RiskContext(ephemeral=True)
    assert severities("data-loss", change("aws_s3_bucket", before), context=context) == [severity]
    other = change("aws_dynamodb_table", {})
    assert severities("data-loss", other, context=context) == ["critical"]


def test_in_an_ephemeral_environment_protection_is_meant_to_be_off() -> None:
    flipped = change("aws_s3_bucket", {"force_destroy": False}, {"force_destroy": True})
    assert severities("protection-off", flipped, context=RiskContext(ephemeral=True)) == ["high"]
    role = change("aws_iam_role", {"name": "a"})
    assert severities("identity-touched", role, context=RiskContext(ephemeral=True)) == ["medium"]
    key = change("aws_kms_key", {})
    assert severities("kms-touched", key, context=RiskContext(ephemeral=True)) == ["critical"]
