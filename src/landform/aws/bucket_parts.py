"""What of a state bucket is there already, named as the module ``state-backend`` names its resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from landform.aws.failures import error_code, explained
from landform.aws.session import AwsClient
from landform.errors import StateUnreadable

_NOT_THERE = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
_PARTS = {
    "aws_s3_bucket_ownership_controls.this": "get_bucket_ownership_controls",
    "aws_s3_bucket_public_access_block.this": "get_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration.this": "get_bucket_encryption",
    "aws_s3_bucket_lifecycle_configuration.this": "get_bucket_lifecycle_configuration",
    "aws_s3_bucket_policy.this": "get_bucket_policy",
}


def bucket_parts(client: AwsClient, bucket: str) -> frozenset[str]:
    """The bucket and those of its settings that are there; empty where there is no such bucket.

    Raises StateUnreadable where it cannot be told: a bucket of somebody else, a permission that is missing.
    """
    with explained(f"look at the bucket {bucket}", StateUnreadable):
        return frozenset(_parts(client, bucket))


def is_bucket(client: AwsClient, bucket: str) -> bool:
    """Whether there is a bucket of that name, of ours. Raises StateUnreadable."""
    with explained(f"look at the bucket {bucket}", StateUnreadable):
        return _answer(client.head_bucket, Bucket=bucket) is not None


def is_table(client: AwsClient, table: str) -> bool:
    """Whether there is a DynamoDB table of that name. Raises StateUnreadable."""
    with explained(f"look at the table {table}", StateUnreadable):
        return _answer(client.describe_table, TableName=table) is not None


def _parts(client: AwsClient, bucket: str) -> Iterator[str]:
    if _answer(client.head_bucket, Bucket=bucket) is None:
        return
    yield "aws_s3_bucket.this"
    if client.get_bucket_versioning(Bucket=bucket).get("Status"):  # one that never was is not there
        yield "aws_s3_bucket_versioning.this"
    for address, ask in _PARTS.items():
        if _answer(getattr(client, ask), Bucket=bucket) is not None:
            yield address


def _answer(ask: Callable[..., Any], **what: str) -> Any:
    """AWS's answer; None where what is asked for is not there."""
    from botocore.exceptions import ClientError

    try:
        return ask(**what)
    except ClientError as error:
        if error_code(error) in _NOT_THERE:
            return None
        raise
