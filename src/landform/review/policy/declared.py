"""The rules of ``policy:`` in landform.yaml as policies, and its thresholds for findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from landform.review.findings import Finding, PolicyResult, Result, Severity
from landform.review.policy.patterns import matches_any
from landform.review.policy.rules import CHANGING, Policy, Saying, deny, ok, unknown
from landform.review.policy.values import UNKNOWN

if TYPE_CHECKING:
    from landform.project import PolicyRules, RequiredTag
    from landform.review.policy.plan import Plan, Resource

_TYPE_ATTRIBUTES = (
    "instance_type", "instance_types", "instance_class", "node_type", "replication_instance_class",
    "db_cluster_instance_class", "dedicated_master_type", "warm_type",
)  # fmt: skip


def declared_policies(rules: PolicyRules, regions: Mapping[str, str | None]) -> tuple[Policy, ...]:
    """The policies that ``rules`` declare. ``regions`` are the providers', by whose; None: can't be told."""
    tags, types = rules.required_tags, rules.allowed_instance_types
    made = partial(Policy, on_unknown=rules.on_unknown or "deny")
    found: list[Policy] = []
    if tags:
        found.append(made("required_tags", partial(_required_tags, tags)))
    if rules.allowed_regions is not None:
        check = partial(_provider_regions, rules.allowed_regions, regions)
        found.append(made("allowed_regions", check, over_plan=True))
    if types is not None:
        found.append(made("allowed_instance_types", partial(_instance_types, types)))
    return tuple(found)


def threshold_results(findings: Iterable[Finding], rules: PolicyRules) -> tuple[PolicyResult, ...]:
    """Findings as severe as ``deny_at`` or ``warn_at``, as results of a policy named after their rule."""
    return tuple(
        PolicyResult(each.rule, result, each.address, f"{each.severity}: {each.title}")
        for each in findings
        if (result := _at_threshold(each.severity, rules)) is not Result.PASS
    )


def _at_threshold(severity: Severity, rules: PolicyRules) -> Result:
    for result, word in ((Result.DENY, rules.deny_at), (Result.WARN, rules.warn_at)):
        if word is not None and word != "never" and severity.rank >= Severity(word).rank:
            return result
    return Result.PASS


def _required_tags(tags: tuple[RequiredTag, ...], resource: Resource) -> Iterator[Saying]:
    for tag in tags if resource.has_tags else ():
        value = resource.tag(tag.name)
        if value is UNKNOWN:
            yield unknown(f"tag {tag.name} is known only after apply")
        elif not value:
            yield deny(f"there is no tag {tag.name}")
        elif tag.values and value not in tag.values:
            yield deny(f"tag {tag.name} is {value!r}, allowed is {', '.join(tag.values)}")
        elif tag.matches and re.fullmatch(tag.matches, value) is None:
            yield deny(f"tag {tag.name} is {value!r}, which is not as {tag.matches} says")


def _provider_regions(
    allowed: tuple[str, ...], regions: Mapping[str, str | None], plan: Plan
) -> Iterator[Saying]:
    """Of the providers, and of resources, which have one of their own since version 6 of the AWS provider."""
    for whose, region in regions.items():
        if region is None:
            yield unknown(f"the region of {whose} is an expression")
        elif not matches_any(allowed, region):
            yield deny(f"region {region} of {whose} is not among {', '.join(allowed)}")
    for resource in plan.resources:
        if resource.mode == "managed" and resource.action in CHANGING:
            own = resource.after.get("region") if resource.type.startswith("aws_") else None
            if isinstance(own, str) and not matches_any(allowed, own):
                yield deny(f"region {own} is not among {', '.join(allowed)}", resource)
    yield ok()  # a region that is unknown is the provider's


def _instance_types(allowed: tuple[str, ...], resource: Resource) -> Iterator[Saying]:
    for name, value in _instance_attributes(resource.after):
        if value is UNKNOWN:
            yield unknown(f"{name} is known only after apply")
        elif isinstance(value, str) and value and not matches_any(allowed, value):
            yield deny(f"{name} {value} is not among {', '.join(allowed)}")
    yield ok()  # other attributes may well be unknown


def _instance_attributes(values: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of each instance type in a resource, in its blocks too."""
    if isinstance(values, Mapping):
        for name in values:
            if name in _TYPE_ATTRIBUTES:
                value = values[name]
                yield from ((name, each) for each in (value if isinstance(value, list) else [value]))
            elif not name.startswith("tags"):
                yield from _instance_attributes(values[name])
    elif isinstance(values, list):
        for each in values:
            yield from _instance_attributes(each)
