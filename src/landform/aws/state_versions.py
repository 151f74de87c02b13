"""The versions that a bucket keeps of one state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from landform.aws.session import AwsClient
from landform.aws.state_objects import reading

UNVERSIONED = "null"
"""The version id of an object that was written while its bucket kept no versions."""


@dataclass(frozen=True, slots=True)
class StateVersion:
    """One version: S3's id of it, when it was written (UTC), its size in bytes.

    ``deleted``: a delete marker, which holds no state. ``latest``: what the key means now.
    """

    id: str
    written: datetime
    size: int = 0
    latest: bool = False
    deleted: bool = False


def list_versions(client: AwsClient, bucket: str, key: str) -> Sequence[StateVersion]:
    """Every version of the object at ``key``, the newest first. Raises StateUnreadable."""
    found: list[StateVersion] = []
    with reading(f"the versions of s3://{bucket}/{key}", bucket):
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
            found += _of_page(page, key)
            if not _is_about(page, key):
                break  # keys come in order; what follows are the versions of the lock, and there are many
    # S3 tells versions and delete markers apart, so only their times say what came first.
    return sorted(found, key=lambda each: (each.latest, each.written), reverse=True)


def _is_about(page: Mapping[str, Any], key: str) -> bool:
    """Whether a page tells of nothing but the object at ``key``."""
    entries = (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
    return all(entry["Key"] == key for entry in entries)


def _of_page(page: Mapping[str, Any], key: str) -> Iterator[StateVersion]:
    for kind, deleted in (("Versions", False), ("DeleteMarkers", True)):
        for entry in page.get(kind, ()):
            if entry["Key"] == key:  # the prefix is that of the lock's versions, too
                yield StateVersion(
                    entry["VersionId"],
                    entry["LastModified"],
                    entry.get("Size", 0),
                    entry["IsLatest"],
                    deleted,
                )
