"""What an account holds with given tags, as the Resource Groups Tagging API tells it.

It knows most services, and it is not quick: what was made, tagged or deleted some minutes ago may be missing
or still be there. https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from landform.aws.failures import explained
from landform.aws.session import AwsClient
from landform.errors import LandformError

SERVICE = "resourcegroupstaggingapi"
"""boto3's name of the API."""

_GLOBAL = {"cn": "cn-northwest-1", "us-gov": "us-gov-west-1"}


@dataclass(frozen=True, slots=True)
class TaggedResource:
    """One resource; ``region`` is where it was found."""

    arn: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)


def global_region(region: str) -> str:
    """Where resources of services without regions, such as Route 53 and CloudFront, are listed."""
    return next((home for start, home in _GLOBAL.items() if region.startswith(f"{start}-")), "us-east-1")


def tagged_resources(
    client_of: Callable[[str], AwsClient], regions: Iterable[str], tags: Mapping[str, str]
) -> Iterator[TaggedResource]:
    """Every resource that has all of ``tags``, each once. ``client_of`` makes a client of ``SERVICE``.

    Raises LandformError where a region can't be asked.
    """
    filters: list[dict[str, object]] = [{"Key": name, "Values": [value]} for name, value in tags.items()]
    seen: set[str] = set()
    for region in regions:
        for found in _of_region(client_of, region, filters):
            if found.arn not in seen:
                seen.add(found.arn)
                yield found


def _of_region(
    client_of: Callable[[str], AwsClient], region: str, filters: list[dict[str, object]]
) -> list[TaggedResource]:
    found: list[TaggedResource] = []
    with explained(f"list the tagged resources in {region}", LandformError):
        pages = client_of(region).get_paginator("get_resources").paginate
        for page in pages(TagFilters=filters, ResourcesPerPage=100):
            for entry in page["ResourceTagMappingList"]:
                tags = {tag["Key"]: tag["Value"] for tag in entry["Tags"]}
                found.append(TaggedResource(entry["ResourceARN"], region, tags))
    return found
