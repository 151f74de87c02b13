"""Small objects beside the states. Where one is to be written once, a second writer is told so."""

from __future__ import annotations

from collections.abc import Sequence

from landform.aws.failures import error_code, explained
from landform.aws.session import AwsClient
from landform.errors import RecordsUnreadable

_TAKEN = ("PreconditionFailed", "412")
_BUSY = ("ConditionalRequestConflict", "409")
_TRIES = 10


def put_record(client: AwsClient, bucket: str, key: str, content: bytes) -> bool:
    """Write an object that is not there yet; False where it is. Raises RecordsUnreadable.

    Needs S3's conditional writes (``If-None-Match``), so of two writers exactly one succeeds. Where S3 can't
    tell yet which (``ConditionalRequestConflict``), it asks to try again, some times at most.
    """
    from botocore.exceptions import ClientError

    with explained(f"write s3://{bucket}/{key}", RecordsUnreadable):
        for tries_left in reversed(range(_TRIES)):
            try:
                client.put_object(
                    Bucket=bucket, Key=key, Body=content, IfNoneMatch="*", ContentType="application/json"
                )
            except ClientError as error:
                if error_code(error) in _TAKEN:
                    return False
                if error_code(error) not in _BUSY or not tries_left:
                    raise
            else:
                break
    return True


def get_record(client: AwsClient, bucket: str, key: str) -> bytes | None:
    """An object's content, None where there is none. Raises RecordsUnreadable."""
    from botocore.exceptions import ClientError

    with explained(f"read s3://{bucket}/{key}", RecordsUnreadable):
        try:
            content: bytes = client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error_code(error) in ("NoSuchKey", "404"):
                return None
            raise
    return content


def list_records(client: AwsClient, bucket: str, prefix: str) -> Sequence[str]:
    """The keys below ``prefix``, sorted. Raises RecordsUnreadable."""
    found: list[str] = []
    with explained(f"list s3://{bucket}/{prefix}", RecordsUnreadable):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            found += [entry["Key"] for entry in page.get("Contents", ())]
    return sorted(found)


def replace_record(client: AwsClient, bucket: str, key: str, content: bytes) -> None:
    """Write an object, whatever is there. Raises RecordsUnreadable."""
    with explained(f"write s3://{bucket}/{key}", RecordsUnreadable):
        client.put_object(Bucket=bucket, Key=key, Body=content, ContentType="application/json")


def remove_record(client: AwsClient, bucket: str, key: str) -> None:
    """Delete an object; nothing happens where there is none. Raises RecordsUnreadable."""
    with explained(f"remove s3://{bucket}/{key}", RecordsUnreadable):
        client.delete_object(Bucket=bucket, Key=key)
