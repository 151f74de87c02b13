"""What the emulator is taught: each as AWS does it, and nothing around it changed."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from botocore.exceptions import ClientError

from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client


@pytest.fixture
def s3(sandbox: Sandbox) -> AwsClient:
    """S3 of the sandbox that these tests share."""
    return client(emulated_access(sandbox.endpoint_url, None, "us-east-1"), "s3")


@pytest.fixture
def box(s3: AwsClient) -> str:
    """A bucket that holds one object."""
    name = f"box-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="one", Body=b"1")
    return name


def _policy(effect: str, **condition: Any) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::box-*",
        "Condition": condition,
    }


@pytest.mark.parametrize(
    ("statements", "opens"),
    [
        ([_policy("Deny", Bool={"aws:SecureTransport": "false"})], True),
        ([_policy("Deny", Bool={"AWS:securetransport": ["false"]})], True),
        (_policy("Deny", BoolIfExists={"aws:SecureTransport": False}), True),
        ([_policy("Deny", Bool={"aws:SecureTransport": "true"})], False),
        ([_policy("Deny", Bool={"aws:SecureTransport": "false"}), _policy("Deny")], False),
        ([_policy("Allow", Bool={"aws:SecureTransport": "true"})], True),
    ],
    ids=["deny", "other spelling", "one statement", "deny over TLS", "deny all beside it", "allow"],
)
def test_requests_count_as_tls_in_a_buckets_policy(
    s3: AwsClient, box: str, statements: Any, opens: bool
) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    s3.put_bucket_policy(Bucket=box, Policy=policy)
    assert json.loads(s3.get_bucket_policy(Bucket=box)["Policy"]) == json.loads(policy)
    if opens:
        assert s3.get_object(Bucket=box, Key="one")["Body"].read() == b"1"
    else:
        with pytest.raises(ClientError, match="403"):
            s3.get_object(Bucket=box, Key="one")


def test_another_condition_beside_it_still_counts(s3: AwsClient, box: str) -> None:
    """moto has no value for most of them, and then denies: that is as it was."""
    both = _policy("Deny", Bool={"aws:SecureTransport": "true", "aws:ViaAWSService": "true"})
    s3.put_bucket_policy(Bucket=box, Policy=json.dumps({"Version": "2012-10-17", "Statement": [both]}))
    with pytest.raises(ClientError, match="403"):
        s3.get_object(Bucket=box, Key="one")


def test_a_lifecycle_keeps_how_many_versions_stay(s3: AwsClient, box: str) -> None:
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=box)
    rules = [
        {"ID": name, "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": expiration}
        for name, expiration in (
            ("a", {"NoncurrentDays": 30, "NewerNoncurrentVersions": 5}),
            ("b", {"NoncurrentDays": 9}),
        )
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=box, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=box)["Rules"] == rules


def test_a_delete_marker_goes_where_versioning_was_suspended(s3: AwsClient, box: str) -> None:
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=box, VersioningConfiguration={"Status": status})
        s3.delete_object(Bucket=box, Key="one")
        s3.put_object(Bucket=box, Key=status, Body=b"2")
    found = s3.list_object_versions(Bucket=box)
    left = [*found.get("Versions", ()), *found.get("DeleteMarkers", ())]
    objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in left]
    s3.delete_objects(Bucket=box, Delete={"Objects": objects})
    s3.delete_bucket(Bucket=box)
    assert box not in [each["Name"] for each in s3.list_buckets()["Buckets"]]
