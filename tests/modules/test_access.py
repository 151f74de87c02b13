"""The access module: what it opens and grants, what it refuses, and that a grant more changes no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.testing import Emulator, PlannedModule, TestedModule
from modules.refusals import refuses_each

_WEB, _DATABASE = "sg-0000000000000000a", "sg-0000000000000000b"
_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-AbCdEf"
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_CONNECT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": "*"}]}

pytestmark = [pytest.mark.e2e, pytest.mark.tf("modules/access", vars={"name": "shop"})]


def _connection(port: int = 5432, **more: str) -> dict[str, Any]:
    return {"from_security_group_id": _WEB, "to_security_group_id": _DATABASE, "port": port} | more


@pytest.mark.tf(
    vars={
        "connections": {"web": _connection()},
        "secret_readers": {
            "own": {"role_name": "web", "secret_arn": _SECRET, "kms_key_arn": _KEY},
            "plain": {"role_name": "jobs", "secret_arn": _SECRET},
        },
        "role_policies": {"cache": {"role_name": "web", "policy": json.dumps(_CONNECT)}},
    }
)
def test_it_opens_one_port_and_grants_no_more_than_was_said(tf_plan: PlannedModule) -> None:
    rule = tf_plan['aws_vpc_security_group_ingress_rule.this["web"]']
    assert (rule.security_group_id, rule.referenced_security_group_id) == (_DATABASE, _WEB)
    assert (rule.ip_protocol, rule.from_port, rule.to_port) == ("tcp", 5432, 5432)
    assert (rule.cidr_ipv4, rule.cidr_ipv6) == (None, None)

    policies = {
        key: json.loads(tf_plan[f'aws_iam_role_policy.this["{key}"]'].policy)["Statement"]
        for key in ("own", "plain", "cache")
    }
    read = {
        "Sid": "ReadSecret",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": _SECRET,
    }
    decrypt = {"Sid": "DecryptSecret", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": _KEY}
    assert policies == {"own": [read, decrypt], "plain": [read], "cache": _CONNECT["Statement"]}


_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop", ["The name must have 2 to 48 characters"]),
    "connections": (
        {"web": {"from_security_group_id": "vpc-1", "to_security_group_id": _DATABASE, "port": 0.5}},
        ["must be ids of security groups", "The port of each of connections"],
    ),
    "secret_readers": (
        {"web": {"role_name": "web", "secret_arn": "shop"}},
        ["The secret_arn of each of secret_readers must be the ARN"],
    ),
    "role_policies": ({"cache": {"role_name": "web", "policy": "{}"}}, ["must be an IAM policy as JSON"]),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    refuses_each(tf_module, _WRONG)


def test_one_name_for_two_policies_is_refused(tf_module: TestedModule) -> None:
    with tf_module.fails() as refused:
        tf_module.plan(
            secret_readers={"web": {"role_name": "web", "secret_arn": _SECRET}},
            role_policies={"web": {"role_name": "web", "policy": json.dumps(_CONNECT)}},
        )
    (told,) = refused.errors
    assert "The name web is in role_policies and in secret_readers" in told


def test_a_grant_more_changes_no_other_and_nothing_is_left(
    tf_module: TestedModule, tf_emulator: Emulator
) -> None:
    ec2, iam = tf_emulator.client("ec2"), tf_emulator.client("iam")
    groups = [ec2.create_security_group(GroupName=each, Description=each)["GroupId"] for each in "abc"]
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(_CONNECT))
    web = {"from_security_group_id": groups[0], "to_security_group_id": groups[2], "port": 5432}
    given = {
        "connections": {"web": web},
        "secret_readers": {"secret": {"role_name": "web", "secret_arn": _SECRET}},
    }
    stack = tf_module.apply(**given)
    assert stack.plan().is_noop
    (rule,) = ec2.describe_security_groups(GroupIds=[groups[2]])["SecurityGroups"][0]["IpPermissions"]
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [groups[0]]
    assert iam.list_role_policies(RoleName="web")["PolicyNames"] == ["shop-secret"]

    jobs = {**web, "from_security_group_id": groups[1]}
    more = stack.plan(connections={"web": web, "jobs": jobs})
    assert more.creates == {'aws_vpc_security_group_ingress_rule.this["jobs"]'}
    assert not more.updates | more.replaces | more.deletes

    stack.destroy()
    assert ec2.describe_security_groups(GroupIds=[groups[2]])["SecurityGroups"][0]["IpPermissions"] == []
    assert iam.list_role_policies(RoleName="web")["PolicyNames"] == []
