"""Lists of AWS's objects with their tags, page after page, whatever a service calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from landform.aws.failures import error_code
from landform.aws.session import AwsClient

Tags: TypeAlias = Mapping[str, str]

_TAGS_AT_ONCE = 20
"""As many as ``DescribeTags`` of both load balancing APIs takes."""


def list_all(service: AwsClient, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    """Everything under ``key`` of all pages of an operation's answer."""
    for page in service.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def tags_in_batches(ids: Sequence[str], tags: Callable[[Sequence[str]], dict[str, Tags]]) -> dict[str, Tags]:
    """The tags of each of these; those that are gone by now are left out."""
    found: dict[str, Tags] = {}
    for start in range(0, len(ids), _TAGS_AT_ONCE):
        found |= _tags_of_some(ids[start : start + _TAGS_AT_ONCE], tags)
    return found


def _tags_of_some(ids: Sequence[str], tags: Callable[[Sequence[str]], dict[str, Tags]]) -> dict[str, Tags]:
    from botocore.exceptions import ClientError

    try:
        return tags(ids)
    except ClientError as error:
        # One that was deleted since the listing spoils the answer for all.
        if not error_code(error).endswith("NotFound"):
            raise
    if len(ids) == 1:
        return {}
    return {key: value for each in ids for key, value in _tags_of_some([each], tags).items()}


def as_mapping(tags: Iterable[Mapping[str, str]]) -> Tags:
    """Tags as most services list them."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def tags_of(described: Mapping[str, Any]) -> Tags:
    """Network interfaces have a ``TagSet``, all others ``Tags``; either may be missing."""
    return as_mapping(described.get("TagSet") or described.get("Tags") or ())


def ends_with_its_instance(volume: Mapping[str, Any]) -> bool:
    """Whether a volume goes when the instance does that has it."""
    attachments = volume.get("Attachments") or ()
    return bool(attachments) and all(each.get("DeleteOnTermination") for each in attachments)
