"""The state-backend module: who may do what to states, what it refuses, and what stands after an apply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.testing import UNKNOWN, PlannedModule, Stack, TestedModule

_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_OTHER_KEY = _KEY.replace("us-east-1", "eu-west-1")
_BUCKET = "arn:aws:s3:::shop-tfstate"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.tf("modules/state-backend", vars={"name": "shop-tfstate"}),
]


# --- planned ----------------------------------------------------------------------------------------------


def test_without_more_it_is_one_closed_versioned_encrypted_bucket(tf_plan: PlannedModule) -> None:
    assert tf_plan.creates == {
        f"aws_s3_bucket{part}.this"
        for part in (
            "",
            "_lifecycle_configuration",
            "_ownership_controls",
            "_policy",
            "_public_access_block",
            "_server_side_encryption_configuration",
            "_versioning",
        )
    }
    assert tf_plan["aws_s3_bucket.this"].force_destroy is False
    (rule,) = tf_plan["aws_s3_bucket_lifecycle_configuration.this"].rule
    (old,) = rule["noncurrent_version_expiration"]
    assert (old["noncurrent_days"], old["newer_noncurrent_versions"]) == (90, 20)
    (rule,) = tf_plan["aws_s3_bucket_server_side_encryption_configuration.this"].rule
    (used,) = rule["apply_server_side_encryption_by_default"]
    assert (used["sse_algorithm"], used["kms_master_key_id"]) == ("AES256", "")


@pytest.mark.tf(vars={"encryption": {"type": "kms", "kms_key_arn": _KEY}, "lock_table": {"name": "locks"}})
def test_a_given_key_encrypts_objects_and_locks(tf_plan: PlannedModule) -> None:
    (rule,) = tf_plan["aws_s3_bucket_server_side_encryption_configuration.this"].rule
    (used,) = rule["apply_server_side_encryption_by_default"]
    assert (used["sse_algorithm"], used["kms_master_key_id"], rule["bucket_key_enabled"]) == (
        "aws:kms",
        _KEY,
        True,
    )
    table = tf_plan["aws_dynamodb_table.locks[0]"]
    (encryption,) = table.server_side_encryption
    assert (encryption["enabled"], encryption["kms_key_arn"]) == (True, _KEY)
    assert (table.hash_key, table.deletion_protection_enabled) == ("LockID", True)
    assert tf_plan.counts["aws_kms_key"] == 0
    assert tf_plan.outputs.kms_key_arn == _KEY


@pytest.mark.tf(vars={"encryption": {"type": "own_kms_key"}})
def test_an_own_key_is_rotated_and_stays_long_enough_to_change_ones_mind(tf_plan: PlannedModule) -> None:
    key = tf_plan["aws_kms_key.this[0]"]
    assert (key.enable_key_rotation, key.deletion_window_in_days) == (True, 30)
    assert tf_plan["aws_kms_alias.this[0]"].name == "alias/shop-tfstate"
    assert tf_plan.outputs.kms_key_arn is UNKNOWN


@pytest.mark.tf(
    vars={
        "encryption": {"type": "kms", "kms_key_arn": _KEY},
        "replication": {"bucket_arn": "arn:aws:s3:::shop-copy", "kms_key_arn": _OTHER_KEY},
        "access_log": {"bucket": "shop-logs", "prefix": "states/"},
    }
)
def test_copies_are_made_by_a_role_that_may_do_nothing_else(tf_plan: PlannedModule) -> None:
    said = {each["Sid"]: each for each in _statements(tf_plan["aws_iam_role_policy.replication[0]"].policy)}
    assert said["WriteCopies"]["Resource"] == "arn:aws:s3:::shop-copy/*"
    assert said["DecryptHere"]["Resource"] == _KEY
    assert {each["Resource"] for sid, each in said.items() if sid.startswith("EncryptThere")} == {_OTHER_KEY}
    assert tf_plan["aws_iam_role.replication[0]"].name == "shop-tfstate-replication"
    (rule,) = tf_plan["aws_s3_bucket_replication_configuration.this[0]"].rule
    (there,) = rule["destination"]
    assert there["encryption_configuration"][0]["replica_kms_key_id"] == _OTHER_KEY
    assert rule["delete_marker_replication"] == [{"status": "Disabled"}]
    log = tf_plan["aws_s3_bucket_logging.this[0]"]
    assert (log.target_bucket, log.target_prefix) == ("shop-logs", "states/")


@pytest.mark.tf(vars={"name": "a" * 63, "replication": {"bucket_arn": "arn:aws:s3:::shop-copy"}})
def test_the_longest_name_of_a_bucket_makes_a_name_that_iam_takes(tf_plan: PlannedModule) -> None:
    name = tf_plan["aws_iam_role.replication[0]"].name
    assert len(name) == 64
    assert name.startswith("a" * 43)


# --- who may do what --------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "access": {"state_prefixes": ["team/shop"], "record_prefixes": ["team/landform/shop"]},
        "encryption": {"type": "kms", "kms_key_arn": _KEY},
        "lock_table": {"name": "locks"},
    }
)
def test_planning_reads_and_applying_writes_below_the_prefixes_only(tf_plan: PlannedModule) -> None:
    plan = _allowed(tf_plan.outputs.plan_policy_json)
    apply = _allowed(tf_plan.outputs.apply_policy_json)
    states = f"{_BUCKET}/team/shop/*terraform.tfstate"
    records = f"{_BUCKET}/team/landform/shop/*"
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/locks"
    assert {action: each for action, each in plan.items() if "Put" in action or "Delete" in action} == {
        "s3:PutObject": {f"{records}/plans/*", f"{records}/key"}
    }
    assert plan["s3:GetObject"] == {states, f"{states}.tflock", records}
    assert (plan["dynamodb:GetItem"], plan["kms:Decrypt"]) == ({table}, {_KEY})
    assert all(resources <= apply[action] for action, resources in plan.items())
    assert apply["s3:PutObject"] == {*plan["s3:PutObject"], states, f"{states}.tflock", records}
    assert apply["s3:DeleteObject"] == {f"{states}.tflock"}
    assert apply["dynamodb:PutItem"] == apply["dynamodb:DeleteItem"] == {table}
    assert apply.keys() - plan.keys() == {"s3:DeleteObject", "dynamodb:PutItem", "dynamodb:DeleteItem"}


@pytest.mark.tf(vars={"access": {"record_prefixes": ["landform/shop"]}, "lock_table": {"name": "locks"}})
def test_records_are_never_written_over_and_locks_of_others_not_taken(tf_plan: PlannedModule) -> None:
    said = {each["Sid"]: each for each in _statements(tf_plan.outputs.apply_policy_json)}
    for sid in ("KeepPlans", "WriteRecordsOnce"):
        assert said[sid]["Condition"] == {"Null": {"s3:if-none-match": "false"}}
    assert said["LockInTable"]["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": "shop-tfstate/*"}
    }
    assert said["WriteStates"]["Resource"] == f"{_BUCKET}/*terraform.tfstate"


@pytest.mark.tf(
    vars={
        "bucket_policy_documents": [
            json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "Prod",
                            "Effect": "Allow",
                            "Action": "s3:GetObject",
                            "Resource": f"{_BUCKET}/*",
                            "Principal": {"AWS": "arn:aws:iam::333333333333:role/deploy"},
                        }
                    ],
                }
            )
        ]
    }
)
def test_others_are_let_in_over_tls_only(tf_plan: PlannedModule) -> None:
    said = {each["Sid"]: each for each in _statements(tf_plan["aws_s3_bucket_policy.this"].policy)}
    assert said.keys() == {"Prod", "OnlyOverTls"}
    assert (said["OnlyOverTls"]["Effect"], said["OnlyOverTls"]["Principal"]) == ("Deny", "*")
    assert said["OnlyOverTls"]["Resource"] == [f"{_BUCKET}/*", _BUCKET]
    assert said["OnlyOverTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


# --- refused ----------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[object, list[str]]] = {
    "name": ("Shop_States", ["The name must be one that S3 allows"]),
    "encryption": (
        {"type": "rot13", "kms_key_arn": "alias/states"},
        ['must be "s3", "kms" or "own_kms_key"', "takes none with another type", "must be the ARN of a key"],
    ),
    "versions": (
        {"keep_newest": 101, "expire_after_days": 0},
        ["a whole number from 1 to 100", "whole numbers of at least 1"],
    ),
    "lock_table": ({"name": "a b"}, ["The name of the lock_table must have 3 to 255"]),
    "replication": ({"bucket_arn": "shop-copy"}, ["must be the ARN of a bucket"]),
    "access": ({"state_prefixes": ["/shop/*"]}, ["without a slash at either end"]),
}


@pytest.mark.tf(level="mock")
def test_every_wrong_value_is_named_at_once(tf_module: TestedModule) -> None:
    with tf_module.fails() as refused:
        tf_module.plan(**{name: value for name, (value, _) in _WRONG.items()})
    told = " ".join(" ".join(refused.errors).split())
    expected = [sentence for _, sentences in _WRONG.values() for sentence in sentences]
    assert [sentence for sentence in expected if sentence not in told] == []
    assert len(refused.errors) == len(expected)


@pytest.mark.tf(level="plan")
def test_logs_and_copies_go_elsewhere(tf_module: TestedModule) -> None:
    with tf_module.fails() as refused:
        tf_module.plan(
            access_log={"bucket": "shop-tfstate"},
            replication={"bucket_arn": _BUCKET},
            encryption={"type": "kms", "kms_key_arn": _KEY},
        )
    told = " ".join(" ".join(refused.errors).split())
    for sentence in ("must be in another bucket", "must go to another bucket", "needs a kms_key_arn"):
        assert sentence in told


# --- applied ----------------------------------------------------------------------------------------------


@pytest.mark.tf(
    vars={
        "ephemeral": True,
        "lock_table": {"name": "locks"},
        "encryption": {"type": "own_kms_key"},
        "versions": {"expire_after_days": 30, "keep_newest": 5},
        "tags": {"Project": "shop"},
    }
)
def test_it_stands_as_planned_and_goes_with_all_that_is_in_it(tf: Stack) -> None:
    assert tf.plan().is_noop
    s3, bucket = tf.client("s3"), tf.outputs.bucket
    _is_closed_and_keeps_versions(s3, bucket, tf.outputs.kms_key_arn)
    table = tf.client("dynamodb").describe_table(TableName=tf.outputs.lock_table_name)["Table"]
    assert table["KeySchema"] == [{"AttributeName": "LockID", "KeyType": "HASH"}]
    assert table["DeletionProtectionEnabled"] is False

    grown = tf.plan(access_log={"bucket": "other-logs"}, replication={
        "bucket_arn": "arn:aws:s3:::other", "kms_key_arn": _OTHER_KEY,
    })  # fmt: skip
    assert not grown.replaces | grown.deletes | grown.updates

    # A state, a state that was deleted, and one that came back.
    for key in ("kept", "deleted", "restored"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
    for key in ("deleted", "restored"):
        s3.delete_object(Bucket=bucket, Key=key)
    s3.put_object(Bucket=bucket, Key="restored", Body=b"{}")
    tf.destroy()
    assert s3.list_buckets()["Buckets"] == []
    assert tf.client("dynamodb").list_tables()["TableNames"] == []


def _is_closed_and_keeps_versions(s3: Any, bucket: str, key: str) -> None:
    """What is the same whether a test or ``landform state bootstrap`` has made it."""
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    (rule,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rule["ObjectOwnership"] == "BucketOwnerEnforced"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    used = rule["ApplyServerSideEncryptionByDefault"]
    assert used == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    (statement,) = _statements(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    old = rule["NoncurrentVersionExpiration"]
    assert (old["NoncurrentDays"], old["NewerNoncurrentVersions"]) == (30, 5)
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def _statements(policy: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found


def _allowed(policy: str) -> dict[str, set[str]]:
    """Each action of a policy with all the resources it is allowed on."""
    found: dict[str, set[str]] = {}
    for statement in _statements(policy):
        assert statement["Effect"] == "Allow"
        actions, resources = statement["Action"], statement["Resource"]
        for action in [actions] if isinstance(actions, str) else actions:
            found.setdefault(action, set()).update([resources] if isinstance(resources, str) else resources)
    return found
