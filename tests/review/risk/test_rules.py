"""Each rule has a change that it is about, and the nearest one that it is not about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from landform.planning.changes import Action, Change
from landform.review.risk import RULES, RiskContext
from review.risk.plans import NOTHING, change, of_rule, risks

_TAINTED = "tainted: an earlier apply left it half made"
_COUNT = "its count index is gone"


@dataclass(frozen=True)
class Case:
    """``fires`` is a finding of ``rule``, this bad; ``quiet`` is none."""

    rule: str
    severity: str
    fires: tuple[Change, ...]
    quiet: tuple[Change, ...]
    context: RiskContext = NOTHING
    quiet_context: RiskContext | None = None


def _flip(kind: str, name: str, old: Any, new: Any, **more: Any) -> tuple[Change, ...]:
    return (change(kind, {"id": "x", **_nested(name, old)}, {"id": "x", **_nested(name, new)}, **more),)


def _nested(path: str, value: Any) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    return {name: [_nested(rest, value)]} if rest else {name: value}


def _both(rule: str, severity: str, kind: str, name: str, values: tuple[Any, Any]) -> Case:
    """A value that may not go one way, and may go the other."""
    return Case(rule, severity, _flip(kind, name, *values), _flip(kind, name, values[1], values[0]))


def _count(index: int, action: Action, reason: str = "") -> Change:
    address = f"module.app.aws_instance.this[{index}]"
    sides = ({"ami": index}, None if action is Action.DELETE else {"ami": index + 1})
    return change("aws_instance", *sides, address=address, action=action, reason=reason)


_REPLACED = {"action": Action.REPLACE, "replace_paths": (("name",),)}
_EXEC = RiskContext(provisioners={"module.app.aws_instance.this": ("local-exec",)})

_TABLES = [
    _both("protection-off", "critical", "aws_db_instance", "deletion_protection", (True, False)),
    _both("protection-off", "critical", "aws_db_instance", "deletion_protection", (True, None)),
    _both("protection-off", "critical", "aws_lb", "enable_deletion_protection", (True, False)),
    _both("protection-off", "critical", "aws_cognito_user_pool", "deletion_protection",
          ("ACTIVE", "INACTIVE")),
    _both("protection-off", "critical", "aws_s3_bucket", "force_destroy", (False, True)),
    _both("protection-off", "critical", "aws_rds_cluster", "skip_final_snapshot", (False, True)),
    _both("protection-off", "critical", "aws_instance", "disable_api_termination", (True, False)),
    _both("protection-off", "critical", "aws_secretsmanager_secret", "recovery_window_in_days", (30, 0)),
    _both("protection-off", "medium", "aws_secretsmanager_secret", "recovery_window_in_days", (30, 7)),
    _both("protection-off", "medium", "aws_kms_key", "deletion_window_in_days", (30, 7)),
    _both("protection-off", "critical", "aws_s3_bucket_versioning", "versioning_configuration.status",
          ("Enabled", "Suspended")),
    _both("protection-off", "high", "aws_instance", "metadata_options.http_tokens", ("required", "optional")),
    _both("exposure-widened", "critical", "aws_db_instance", "publicly_accessible", (False, True)),
    _both("exposure-widened", "critical", "aws_s3_bucket_public_access_block", "block_public_policy",
          (True, False)),
    _both("exposure-widened", "critical", "aws_s3_bucket_acl", "acl", ("private", "public-read")),
    _both("exposure-widened", "critical", "aws_lb", "internal", (True, False)),
    _both("exposure-widened", "high", "aws_subnet", "map_public_ip_on_launch", (False, True)),
    _both("exposure-widened", "high", "aws_launch_template", "network_interfaces.associate_public_ip_address",
          ("false", "true")),
    _both("exposure-widened", "high", "aws_eks_cluster", "vpc_config.public_access_cidrs",
          (["198.51.100.0/24"], ["0.0.0.0/0"])),
    _both("encryption-off", "high", "aws_ebs_volume", "encrypted", (True, False)),
    _both("encryption-off", "high", "aws_kinesis_stream", "encryption_type", ("KMS", "NONE")),
    _both("encryption-off", "medium", "aws_cloudwatch_log_group", "kms_key_id", ("arn:key", None)),
    _both("encryption-off", "high", "aws_lb_listener", "protocol", ("HTTPS", "HTTP")),
    _both("retention-shortened", "high", "aws_db_instance", "backup_retention_period", (14, 7)),
    _both("retention-shortened", "critical", "aws_db_instance", "backup_retention_period", (7, 0)),
    _both("retention-shortened", "high", "aws_dynamodb_table", "point_in_time_recovery.enabled",
          (True, False)),
    _both("retention-shortened", "medium", "aws_cloudwatch_log_group", "retention_in_days", (90, 30)),
    _both("retention-shortened", "medium", "aws_cloudwatch_log_group", "retention_in_days", (0, 3650)),
    _both("retention-shortened", "medium", "aws_sqs_queue", "message_retention_seconds", (345600, 60)),
    _both("capacity-to-zero", "high", "aws_ecs_service", "desired_count", (2, 0)),
    _both("capacity-to-zero", "high", "aws_autoscaling_group", "max_size", (4, 0)),
    _both("capacity-to-zero", "high", "aws_eks_node_group", "scaling_config.desired_size", (3, 0)),
    _both("capacity-to-zero", "high", "aws_lambda_function", "reserved_concurrent_executions", (-1, 0)),
    _both("kms-touched", "critical", "aws_kms_key", "is_enabled", (True, False)),
]  # fmt: skip

_ONE_BY_ONE = [
    Case("data-loss", "critical", (change("aws_dynamodb_table", {"id": "t"}),),
         _flip("aws_dynamodb_table", "read_capacity", 5, 1)),
    Case("identity-touched", "high", (change("aws_iam_role", {"name": "a"}, {"name": "b"}, **_REPLACED),),
         _flip("aws_iam_role", "description", "a", "b")),
    Case("dns-touched", "critical", (change("aws_route53_zone", {"name": "a.org"}),),
         _flip("aws_route53_zone", "comment", "a", "b")),
    Case("dns-touched", "medium", _flip("aws_route53_record", "records", ["192.0.2.1"], ["192.0.2.2"]),
         _flip("aws_route53_record", "ttl", 300, 60)),
    Case("kms-touched", "critical", (change("aws_kms_key", {"deletion_window_in_days": 7}),),
         _flip("aws_kms_key", "description", "a", "b")),
    Case("outage", "high", (change("aws_lb", {"name": "a"}, {"name": "b"}, **_REPLACED),),
         (change("aws_lb", {"name": "a"}, {"name": "b"}, action=Action.REPLACE_CREATE_FIRST),)),
    Case("outage", "high", (change("aws_lb", {"name": "a"}),), (change("aws_lb", None, {"name": "a"}),)),
    Case("outage", "medium", _flip("aws_db_instance", "instance_class", "db.t3.small", "db.t3.large"),
         _flip("aws_db_instance", "allocated_storage", 20, 40)),
    Case("outage", "medium", _flip("aws_db_instance", "engine_version", "15.4", "15.7"),
         _flip("aws_s3_bucket", "engine_version", "15.4", "15.7")),
    Case("outage", "high", _flip("aws_db_instance", "engine_version", "15.4", "16.1"),
         _flip("aws_db_instance", "engine_version", None, "16.1")),
    Case("unknown-in-security", "high",
         (change("aws_iam_policy", {"policy": "{}"}, {"policy": None}, unknown={"policy": True},
                 causes={"policy": ("module.app.aws_s3_bucket.a.arn",)}),),
         (change("aws_sqs_queue", None, {"name": "q"}, unknown={"policy": True}),)),
    Case("unknown-in-security", "medium",
         (change("aws_vpc_security_group_ingress_rule", None, {}, unknown={"cidr_ipv4": True}),),
         (change("aws_vpc_security_group_ingress_rule", None, {"cidr_ipv4": None}, unknown={"arn": True}),)),
    Case("version-change", "high", (), (), RiskContext(
            previous_providers={"hashicorp/aws": "5.100.0"}, providers={"hashicorp/aws": "6.2.0"}),
         RiskContext(providers={"hashicorp/aws": "6.2.0"})),
    Case("version-change", "medium", (), (), RiskContext(
            previous_modules={"module.app": "git::https://x/y.git?ref=v1.2.0"},
            modules={"module.app": "git::https://x/y.git?ref=v1.3.0"}),
         RiskContext(previous_modules={"module.app": "./app"}, modules={"module.app": "./app"})),
    Case("index-shift", "high", (_count(0, Action.UPDATE), _count(1, Action.DELETE, _COUNT)),
         (_count(0, Action.NO_OP), _count(1, Action.DELETE, _COUNT))),
    Case("orphan", "high", (change("aws_vpc", {"id": "v"}, {"id": "w"}, action=Action.REPLACE_FORGET),),
         (change("aws_vpc", {"id": "v"}),)),
    Case("orphan", "high", (change("aws_vpc", {"id": "v"}, None, action=Action.FORGET),),
         (change("aws_vpc", {"id": "v"}, {"id": "v"}, action=Action.MOVE),)),
    Case("import-then-destroy", "critical",
         (change("aws_vpc", {"id": "v"}, {"id": None}, action=Action.REPLACE, import_id="v"),),
         (change("aws_vpc", {"id": "v"}, {"id": "v", "tags": {}}, import_id="v"),)),
    Case("provisioner-runs", "high", (change("aws_instance", None, {"ami": "a"}),),
         _flip("aws_instance", "tags", {}, {"a": "b"}), _EXEC),
    Case("provisioner-runs", "medium", (change("aws_instance", {"ami": "a"}),),
         (change("aws_instance", None, {"ami": "a"}, address="module.app.aws_instance.other"),), _EXEC),
    Case("tainted", "medium", (change("aws_vpc", {}, {}, action=Action.REPLACE, reason=_TAINTED),),
         (change("aws_vpc", {}, {}, action=Action.REPLACE, reason="replace_triggered_by"),)),
    Case("iam-widened", "critical",
         _flip("aws_iam_role_policy_attachment", "policy_arn", "arn:aws:iam::aws:policy/ReadOnlyAccess",
               "arn:aws:iam::aws:policy/AdministratorAccess"),
         _flip("aws_iam_role_policy_attachment", "policy_arn", "arn:aws:iam::aws:policy/AdministratorAccess",
               "arn:aws:iam::aws:policy/ReadOnlyAccess")),
    Case("secret-in-user-data", "critical",
         _flip("aws_instance", "user_data_base64", "", "export PASSWORD=correct-horse"),
         _flip("aws_instance", "user_data_base64", "", "export PASSWORD=$(aws ssm get-parameter)")),
]  # fmt: skip
CASES = _TABLES + _ONE_BY_ONE


def _named(case: Case) -> str:
    kind = case.fires[0].type if case.fires else "no-change"
    return f"{case.rule}-{kind}-{case.severity}"


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_rule_says_what_is_risky_and_is_quiet_about_its_neighbour(case: Case) -> None:
    (found,) = of_rule(case.rule, *case.fires, context=case.context)
    assert found.severity == case.severity
    assert found.title
    assert found.evidence
    assert found.advice
    quiet = case.context if case.quiet_context is None else case.quiet_context
    assert of_rule(case.rule, *case.quiet, context=quiet) == []


def test_every_rule_has_a_case_and_an_id_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert {case.rule for case in CASES} == set(ids)


def test_no_rule_says_worse_than_its_severity() -> None:
    worst = {rule.id: rule.severity for rule in RULES}
    for case in CASES:
        for finding in risks(*case.fires, context=case.context):
            assert finding.severity.rank <= worst[finding.rule].rank


@pytest.mark.parametrize("action", [Action.NO_OP, Action.MOVE, Action.READ])
def test_what_changes_nothing_is_no_risk(action: Action) -> None:
    sides = ({"deletion_protection": True}, {"deletion_protection": False})
    assert risks(change("aws_db_instance", *sides, action=action)) == ()


def test_what_is_only_read_is_no_risk() -> None:
    policy = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    assert risks(change("aws_iam_policy", None, {"policy": policy}, mode="data")) == ()


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ([{"encrypted": True}, {"encrypted": False}], [{"encrypted": False}, {"encrypted": True}], 0),
        ([{"encrypted": True}, {"encrypted": True}], [{"encrypted": True}, {"encrypted": False}], 1),
        ([{"encrypted": True}, {"encrypted": True}], [{"encrypted": True}], 0),
        ([{"encrypted": True}], [{"encrypted": False}, {"encrypted": False}], 1),
    ],
)
def test_blocks_of_a_set_are_compared_without_their_order(before: Any, after: Any, count: int) -> None:
    found = of_rule("encryption-off", *_flip("aws_instance", "ebs_block_device", before, after))
    assert len(found) == count


def test_a_value_known_only_after_apply_is_not_taken_for_switched_off() -> None:
    unknown = {"storage_encrypted": True, "deletion_protection": True}
    before = {"storage_encrypted": True, "deletion_protection": True}
    assert risks(change("aws_rds_cluster", before, {}, unknown=unknown)) == ()


def test_another_key_in_place_of_sqs_own_is_no_loss_of_encryption() -> None:
    before = {"sqs_managed_sse_enabled": True, "kms_master_key_id": None}
    better = {"sqs_managed_sse_enabled": False, "kms_master_key_id": "arn:key"}
    worse = {"sqs_managed_sse_enabled": False, "kms_master_key_id": None}
    assert of_rule("encryption-off", change("aws_sqs_queue", before, better)) == []
    assert len(of_rule("encryption-off", change("aws_sqs_queue", before, worse))) == 1


def test_a_guard_that_goes_with_what_it_guards_is_no_loss() -> None:
    block = change("aws_s3_bucket_public_access_block", {"id": "b", "bucket": "b"})
    bucket = change("aws_s3_bucket", {"id": "b", "force_destroy": True})
    (found,) = of_rule("protection-off", block)
    assert (found.severity, found.evidence) == ("critical", 'action: delete, bucket: "b"')
    assert of_rule("protection-off", block, bucket) == []
    replaced = change("aws_s3_bucket", {"id": "b"}, {"bucket": "c"}, action=Action.REPLACE)
    assert len(of_rule("protection-off", block, replaced)) == 1
    assert of_rule("protection-off", block, destroy=True) == []


def test_a_new_object_without_protection_has_lost_none() -> None:
    after = {"force_destroy": True, "deletion_protection": False, "backup_retention_period": 0}
    assert risks(change("aws_db_instance", None, after)) == ()


def test_what_is_replaced_with_its_successor_first_does_not_restart() -> None:
    sides = ({"instance_class": "db.t3.small"}, {"instance_class": "db.t3.large"})
    replaced = change("aws_rds_cluster_instance", *sides, action=Action.REPLACE_CREATE_FIRST)
    assert of_rule("outage", replaced) == []
    assert len(of_rule("outage", change("aws_rds_cluster_instance", *sides))) == 1


def test_a_left_over_of_a_replacement_is_no_identity_and_serves_nobody() -> None:
    assert risks(change("aws_iam_role", {"name": "a"}, deposed="0000")) == ()
    assert risks(change("aws_lb", {"name": "a"}, deposed="0000")) == ()


def test_taking_a_whole_environment_down_is_no_outage() -> None:
    assert of_rule("outage", change("aws_lb", {"name": "a"}), destroy=True) == []


def test_siblings_that_all_get_the_same_new_value_have_not_moved() -> None:
    sides = ({"ami": "a", "name": "x"}, {"ami": "b", "name": "x"})
    stays = change("aws_instance", *sides, address="module.app.aws_instance.this[0]")
    gone = change("aws_instance", sides[0], address="module.app.aws_instance.this[1]", reason=_COUNT)
    assert of_rule("index-shift", stays, gone) == []


def test_several_gone_by_index_are_told_once() -> None:
    gone = [_count(index, Action.DELETE, _COUNT) for index in (2, 3)]
    (found,) = of_rule("index-shift", _count(0, Action.UPDATE), _count(1, Action.REPLACE), *gone)
    assert "2 of its siblings" in found.title
    assert "aws_instance.this[0], aws_instance.this[1]" in found.evidence
