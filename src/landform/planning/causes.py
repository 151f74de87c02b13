"""Where an unknown value comes from: follows references through modules, from the plan's configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_STEP = re.compile(r'module\.([\w-]+)(?:\[(?:"(?:\\.|[^"\\])*"|[^\]"]*)\])?\.?')
_RESOURCE = re.compile(r"((?:data\.)?[A-Za-z]\w*\.[\w-]+)((?:\[[^\]]*\])?(?:\.[\w-]+)?)")
_KEY = re.compile(r'\[(?:"(?:\\.|[^"\\])*"|\d+)\]')
_INDEX = re.compile(r"\[.*\]$")
_MAX_DEPTH = 20

LocalReferences = Callable[[tuple[str, ...], str], tuple[str, ...]]
"""(module path, local's name) → what its expression refers to; the plan JSON does not hold locals."""


class Causes:
    """Follows references of one plan document. ``locals_of`` resolves what the document leaves out."""

    def __init__(self, configuration: Mapping[str, Any], locals_of: LocalReferences) -> None:
        self._root: Mapping[str, Any] = configuration.get("root_module", {})
        self._locals_of = locals_of
        self._resources: dict[tuple[str, ...], Mapping[str, Mapping[str, Any]]] = {}
        self._found: dict[tuple[tuple[str, ...], str, str], tuple[str, ...]] = {}
        self._resolved: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}

    def of_attribute(self, address: str, attribute: str) -> tuple[str, ...]:
        """Addresses (with attribute, without index) that ``attribute`` of the object at ``address`` reads."""
        path, rest = split_address(address)
        key = (path, _INDEX.sub("", rest), attribute)
        if key not in self._found:  # every instance of a resource reads the same
            self._found[key] = self._of_attribute(*key)
        return self._found[key]

    def _of_attribute(self, path: tuple[str, ...], bare: str, attribute: str) -> tuple[str, ...]:
        resource = self._resource(path, bare)
        if resource is None:
            return ()
        expression = resource.get("expressions", {}).get(attribute)
        found: dict[str, None] = {}
        for reference in references(expression):
            if reference.startswith("each."):
                each = resource.get("for_each_expression")
                targets = tuple(self.of_expression(path, each))
            else:
                targets = self._targets(path, reference)
            found.update(dict.fromkeys(targets))
        return tuple(found)

    def left_out(self, address: str, unknown: Mapping[str, Any]) -> Iterator[str]:
        """Unknown attributes in blocks of which the configuration says nothing, such as ``root.ebs.iops``.

        The provider fills them in: they come from nowhere, whatever the block's other attributes read.
        """
        path, rest = split_address(address)
        resource = self._resource(path, _INDEX.sub("", rest))
        expressions = resource.get("expressions", {}) if resource else {}
        for name, inner in unknown.items():
            yield from _unset(name, inner, _blocks(expressions.get(name)))

    def of_expression(self, path: tuple[str, ...], expression: Any) -> Iterator[str]:
        """Addresses (with attribute, without index) that ``expression``, in the module at ``path``, reads."""
        for reference in references(expression):
            yield from self._targets(path, reference)

    def _targets(self, path: tuple[str, ...], reference: str) -> tuple[str, ...]:
        """What a reference comes to; in one module many resources read the same variable."""
        key = (path, reference)
        if key not in self._resolved:
            self._resolved[key] = tuple(self._resolve(path, reference, 0))
        return self._resolved[key]

    def _module(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        module = self._root
        for name in path:
            module = module.get("module_calls", {}).get(name, {}).get("module", {})
        return module

    def _resource(self, path: tuple[str, ...], bare: str) -> Mapping[str, Any] | None:
        if path not in self._resources:
            resources = self._module(path).get("resources", [])
            self._resources[path] = {str(each.get("address")): each for each in reversed(resources)}
        return self._resources[path].get(bare)

    def _resolve(self, path: tuple[str, ...], reference: str, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            return
        kind, _, rest = reference.partition(".")
        name = re.split(r"[.\[]", rest)[0]
        if kind == "var":
            yield from self._variable(path, name, depth)
        elif kind == "local":
            yield from self._local(path, rest, depth)
        elif kind == "module":
            yield from self._output(path, rest, depth)
        elif kind not in ("each", "count", "path", "terraform", "self"):
            found = _RESOURCE.match(reference)
            prefix = "".join(f"module.{step}." for step in path)
            yield prefix + (
                found.group(1) + re.sub(r"\[[^\]]*\]", "", found.group(2)) if found else reference
            )

    def _variable(self, path: tuple[str, ...], name: str, depth: int) -> Iterator[str]:
        if not path:
            return
        call = self._module(path[:-1]).get("module_calls", {}).get(path[-1], {})
        for reference in references(call.get("expressions", {}).get(name)):
            yield from self._resolve(path[:-1], reference, depth + 1)

    def _local(self, path: tuple[str, ...], rest: str, depth: int) -> Iterator[str]:
        name, _, attribute = rest.partition(".")
        name = name.split("[")[0]
        if not path and name.startswith("stack_"):
            yield from self._output(path, f"{name.removeprefix('stack_')}.{attribute}", depth)
            return
        for reference in self._locals_of(path, name):
            yield from self._resolve(path, reference, depth + 1)

    def _output(self, path: tuple[str, ...], rest: str, depth: int) -> Iterator[str]:
        name, _, attribute = rest.partition(".")
        output = re.split(r"[.\[]", attribute)[0]
        child = (*path, name.split("[")[0])
        outputs = self._module(child).get("outputs", {})
        for declared in [outputs.get(output, {})] if output else outputs.values():
            for reference in references(declared.get("expression")):
                yield from self._resolve(child, reference, depth + 1)


def _blocks(expression: Any) -> list[Mapping[str, Any]]:
    """The nested blocks that an entry of ``expressions`` is; none where it is an attribute's expression."""
    found = expression if isinstance(expression, list) else [expression]
    return [
        each
        for each in found
        if isinstance(each, Mapping) and not {"references", "constant_value"} & set(each)
    ]


def _unset(name: str, unknown: Any, blocks: list[Mapping[str, Any]]) -> Iterator[str]:
    """Attributes unknown in a block that none of ``blocks`` sets. A block that is missing may be dynamic."""
    if not blocks:
        return
    inside = [
        each for each in (unknown if isinstance(unknown, list) else [unknown]) if isinstance(each, Mapping)
    ]
    for key in dict.fromkeys(key for each in inside for key in each):
        values = [each[key] for each in inside if key in each]
        if any(value is True for value in values) and not any(key in block for block in blocks):
            yield f"{name}.{key}"
        for value in values:
            if isinstance(value, list | Mapping):
                deeper = [found for block in blocks for found in _blocks(block.get(key))]
                yield from _unset(f"{name}.{key}", value, deeper)


def configured_resources(
    configuration: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, ...], str, Mapping[str, Any]]]:
    """Each resource and data source of a plan's configuration: module path, address without index, block."""
    waiting: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), configuration.get("root_module", {}))]
    while waiting:
        path, module = waiting.pop()
        prefix = "".join(f"module.{name}." for name in path)
        for resource in module.get("resources", ()):
            yield path, f"{prefix}{resource['address']}", resource
        for name, call in module.get("module_calls", {}).items():
            waiting.append(((*path, name), call.get("module", {})))


def provisioners(configuration: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The kinds of provisioner of each resource that has one, by its address without index."""
    return {
        address: tuple(str(each.get("type", "")) for each in resource["provisioners"])
        for _, address, resource in configured_resources(configuration)
        if resource.get("provisioners")
    }


def bare_address(address: str) -> str:
    """``module.a["x"].aws_x.y[0]`` → ``module.a.aws_x.y``: as the configuration names it."""
    return _KEY.sub("", address) if "[" in address else address


def split_address(address: str) -> tuple[tuple[str, ...], str]:
    """``module.a.module.b.aws_x.y`` → (("a", "b"), "aws_x.y")."""
    path: list[str] = []
    rest = address
    while found := _STEP.match(rest):
        path.append(found.group(1))
        rest = rest[found.end() :]
    return tuple(path), rest


def references(expression: Any) -> list[str]:
    """The longest form of each reference anywhere in an expression or in nested blocks."""
    found: list[str] = []
    if isinstance(expression, Mapping):
        if "references" in expression:
            found += expression["references"]
        else:
            for inner in expression.values():
                found += references(inner)
    elif isinstance(expression, list):
        for inner in expression:
            found += references(inner)
    if len(found) < 2:
        return found
    return [one for one in found if not any(map(_longer_than(one), found))]


def _longer_than(reference: str) -> Callable[[str], bool]:
    beginnings = (f"{reference}.", f"{reference}[")
    return lambda other: other.startswith(beginnings)
