"""Who reads whom in an environment: the reverse of the references that a plan's configuration holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landform.planning.causes import (
    Causes,
    LocalReferences,
    bare_address,
    configured_resources,
    split_address,
)

_MODULE_ARGUMENTS = ("for_each_expression", "count_expression")
_RESOURCE_ARGUMENTS = ("expressions", "for_each_expression", "count_expression", "provisioners")


@dataclass(frozen=True, slots=True)
class Dependents:
    """``direct`` maps an object to those that read it, by addresses without index, across all stacks."""

    direct: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of_plan(cls, document: Mapping[str, Any], locals_of: LocalReferences) -> Dependents:
        """From a ``terraform show -json`` plan: what is configured, and what the state remembers.

        The state knows the dependents of an object that is no longer configured.
        """
        found: defaultdict[str, set[str]] = defaultdict(set)
        configuration = document.get("configuration", {})
        for reader, source in _configured(configuration, Causes(configuration, locals_of)):
            found[source].add(reader)
        for reader, source in _remembered(document.get("prior_state", {}).get("values", {})):
            found[source].add(reader)
        return cls({source: frozenset(readers - {source}) for source, readers in found.items()})

    def of(self, address: str) -> frozenset[str]:
        """Everything that reads the object at ``address`` (without index), directly or not."""
        found: set[str] = set()
        waiting = [address]
        while waiting:
            new = self.direct.get(waiting.pop(), frozenset()) - found
            found |= new
            waiting += new
        return frozenset(found - {address})


def _configured(configuration: Mapping[str, Any], causes: Causes) -> Iterator[tuple[str, str]]:
    """(reader, what it reads)."""
    resources = list(configured_resources(configuration))
    inside: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, address, _ in resources:
        for depth in range(1, len(path) + 1):
            inside[path[:depth]].append(address)
    gates = dict(_gates(configuration.get("root_module", {}), (), causes, inside))
    for path, address, resource in resources:
        for argument in _RESOURCE_ARGUMENTS:
            for source in causes.of_expression(path, resource.get(argument)):
                yield address, _object(source)
        for source in _ordered_after(path, resource.get("depends_on", ()), inside):
            yield address, source
        for depth in range(1, len(path) + 1):
            for source in gates.get(path[:depth], ()):
                yield address, source


def _gates(
    module: Mapping[str, Any],
    path: tuple[str, ...],
    causes: Causes,
    inside: Mapping[tuple[str, ...], list[str]],
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What a module call as a whole reads: its ``for_each``, ``count`` and ``depends_on``."""
    for name, call in module.get("module_calls", {}).items():
        sources = [
            _object(source)
            for argument in _MODULE_ARGUMENTS
            for source in causes.of_expression(path, call.get(argument))
        ]
        sources += _ordered_after(path, call.get("depends_on", ()), inside)
        yield (*path, name), tuple(sources)
        yield from _gates(call.get("module", {}), (*path, name), causes, inside)


def _ordered_after(
    path: tuple[str, ...], references: Iterable[str], inside: Mapping[tuple[str, ...], list[str]]
) -> Iterator[str]:
    """The objects of ``depends_on``; a module stands for everything in it."""
    prefix = "".join(f"module.{name}." for name in path)
    for reference in map(bare_address, references):
        if reference.startswith("module."):
            yield from inside.get((*path, reference.split(".")[1]), ())
        else:
            yield _object(f"{prefix}{reference}")


def _remembered(module: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    waiting = [module.get("root_module", {})]
    while waiting:
        part = waiting.pop()
        for resource in part.get("resources", ()):
            for source in resource.get("depends_on", ()):
                yield bare_address(str(resource["address"])), bare_address(str(source))
        waiting += part.get("child_modules", ())


def _object(source: str) -> str:
    """The object's address without the attribute."""
    path, rest = split_address(source)
    parts = rest.split(".")
    kept = parts[: 3 if parts[0] == "data" else 2]
    return "".join(f"module.{name}." for name in path) + ".".join(kept)
