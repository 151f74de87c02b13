"""States and locks in the state bucket, read with one request each; only Terraform writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from landform.aws.failures import error_code, explained
from landform.aws.session import AwsClient
from landform.errors import StateUnreadable

LOCK_SUFFIX = ".tflock"
"""What the S3 backend's ``use_lockfile`` puts after a state's key."""


@dataclass(frozen=True, slots=True)
class StateLock:
    """A lock Terraform holds on one state. ``created`` is None where the lock's text cannot be read."""

    key: str
    id: str
    who: str
    operation: str
    created: datetime | None


@dataclass(frozen=True, slots=True)
class StateObject:
    """A state's text as it is stored, and when it was written (UTC)."""

    content: bytes = field(repr=False)
    written: datetime


def get_state(client: AwsClient, bucket: str, key: str) -> bytes | None:
    """The state at ``key``, None where nothing was ever applied. Raises StateUnreadable."""
    found = get_state_object(client, bucket, key)
    return None if found is None else found.content


def get_state_object(client: AwsClient, bucket: str, key: str, version: str = "") -> StateObject | None:
    """The state at ``key`` with its time, of one S3 version of it if named; None where there is none.

    Raises StateUnreadable.
    """
    which = {"VersionId": version} if version else {}
    with reading(f"s3://{bucket}/{key}", bucket):
        try:
            found = client.get_object(Bucket=bucket, Key=key, **which)
            return StateObject(found["Body"].read(), found["LastModified"])
        except client.exceptions.NoSuchKey:
            return None


def list_keys(client: AwsClient, bucket: str, prefix: str) -> Sequence[str]:
    """The keys below ``prefix``, sorted. Raises StateUnreadable."""
    found: list[str] = []
    with reading(f"s3://{bucket}/{prefix}", bucket):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            found += [entry["Key"] for entry in page.get("Contents", ())]
    return sorted(found)


def list_locks(client: AwsClient, bucket: str, prefix: str) -> Sequence[StateLock]:
    """The locks below ``prefix``, by key. Raises StateUnreadable."""
    found = (key for key in list_keys(client, bucket, prefix) if key.endswith(LOCK_SUFFIX))
    read = ((key, get_state(client, bucket, key)) for key in found)
    # A lock that is gone by now was released in the meantime.
    return [parse_lock(key, content) for key, content in read if content is not None]


def get_table_lock(client: AwsClient, table: str, path: str) -> StateLock | None:
    """The lock in a DynamoDB table on the state at ``path`` (bucket and key), None where nobody has it.

    The table also has a row with the state's checksum, under another id. Raises StateUnreadable.
    """
    with explained(f"read the lock of {path} in the table {table}", StateUnreadable):
        row = client.get_item(TableName=table, Key={"LockID": {"S": path}}, ConsistentRead=True).get("Item")
    info = (row or {}).get("Info", {}).get("S")
    return None if info is None else parse_lock(path, info.encode())


def bucket_region(client: AwsClient, bucket: str) -> str | None:
    """The region a bucket lies in, None where it does not exist. Raises StateUnreadable."""
    from botocore.exceptions import ClientError

    with reading(f"where s3://{bucket} lies", bucket):
        try:
            answer = client.head_bucket(Bucket=bucket)
        except ClientError as error:
            headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
            if error_code(error) in ("404", "NoSuchBucket"):
                return None
            if found := headers.get("x-amz-bucket-region"):
                return str(found)
            raise
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return str(answer.get("BucketRegion") or headers.get("x-amz-bucket-region") or "") or None


def ensure_bucket(client: AwsClient, bucket: str, region: str) -> None:
    """Make a versioned state bucket where there is none: for the sandbox. Raises StateUnreadable.

    ``client`` is one of ``region``: S3 makes a bucket only where it is asked to.
    """
    with explained(f"make the state bucket {bucket}", StateUnreadable):
        if not _exists(client, bucket):
            _create(client, bucket, region)
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


@contextmanager
def reading(what: str, bucket: str) -> Iterator[None]:
    """``explained`` as StateUnreadable, with what is particular to a state bucket."""
    try:
        with explained(f"read {what}", StateUnreadable):
            yield
    except StateUnreadable as error:
        code = error_code(error.__cause__)
        if code == "NoSuchBucket":
            raise StateUnreadable(
                f"could not read {what}: there is no bucket {bucket}",
                "Make it, or correct the backend's bucket in landform.yaml.",
            ) from error.__cause__
        if code == "AccessDenied":
            # S3 also denies an object that is not there to those who may not list.
            way_out = f"Reading states takes s3:GetObject and s3:ListBucket on {bucket}."
            raise StateUnreadable(error.what, way_out) from error.__cause__
        raise


def _exists(client: AwsClient, bucket: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error_code(error) in ("404", "NoSuchBucket"):
            return False
        raise
    return True


def _create(client: AwsClient, bucket: str, region: str) -> None:
    from botocore.exceptions import ClientError

    # us-east-1 is the default location, which S3 refuses to be given by name.
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        client.create_bucket(Bucket=bucket, **where)
    except ClientError as error:
        if error_code(error) != "BucketAlreadyOwnedByYou":  # another command made it at this moment
            raise


def parse_lock(key: str, content: bytes) -> StateLock:
    """What a lock's text says; a text that can't be read is still a lock."""
    try:
        info = dict(json.loads(content))
    except (ValueError, TypeError):
        info = {}
    return StateLock(
        key=key,
        id=str(info.get("ID", "")),
        who=str(info.get("Who", "")),
        operation=str(info.get("Operation", "")),
        created=_moment(info.get("Created")),
    )


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
