"""What a state tells of the configuration that made it: providers, their regions, which stacks it read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landform.errors import StateUnreadable
from landform.planning.states import StackState

_ADDRESS = re.compile(
    r"((?:module\.[^\W\d][\w-]*\.)*)"
    r'provider\["([\w.:-]+/[\w-]+/[^\W\d][\w-]*)"\](?:\.([^\W\d][\w-]*))?\Z'
)


@dataclass(frozen=True, slots=True)
class StateProvider:
    """One provider configuration that objects of a state were made with.

    ``calls`` are the module calls that lead to it from the root, ``source`` is its whole source address.
    ``regions`` are where its objects are, as far as they say so themselves.
    """

    calls: tuple[str, ...]
    source: str
    alias: str = ""
    regions: frozenset[str] = frozenset()


def providers_of(state: StackState) -> tuple[StateProvider, ...]:
    """The providers of everything that a state manages. Raises StateUnreadable for one that is none."""
    regions: dict[str, set[str]] = {}
    for resource in state.resources:
        if resource["mode"] == "managed":
            regions.setdefault(str(resource.get("provider", "")), set()).update(_regions(resource))
    return tuple(_provider(state.stack, address, found) for address, found in sorted(regions.items()))


def _provider(stack: str, address: str, regions: set[str]) -> StateProvider:
    found = _ADDRESS.match(address)
    if found is None:
        raise StateUnreadable(f"the state of stack {stack!r} names a provider {address!r}, which is none")
    calls, source, alias = found.groups()
    return StateProvider(tuple(calls.split(".")[1::2]), source, alias or "", frozenset(regions))


def _regions(resource: Mapping[str, Any]) -> Iterator[str]:
    """The regions in the ARNs of its objects; that of a bucket has none, but the bucket says it."""
    for instance in resource.get("instances", ()):
        attributes = instance.get("attributes") or {}
        parts = str(attributes.get("arn") or "").split(":")
        if len(parts) > 5 and parts[0] == "arn" and parts[3]:
            yield parts[3]
        if resource["type"] == "aws_s3_bucket" and attributes.get("region"):
            yield str(attributes["region"])


def stacks_read_by(state: StackState) -> frozenset[str]:
    """The stacks whose outputs a stack's root had read when the state was written."""
    return frozenset(
        str(each["name"])
        for each in (state.document or {}).get("resources", ())
        if each["mode"] == "data" and each["type"] == "terraform_remote_state" and "module" not in each
    )
