"""Where an unknown value comes from: follows references through modules, from the plan's configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_STEP = re.compile(r'module\.([\w-]+)(?:\[(?:"(?:\\.|[^"\\])*"|[^\]"]*)\])?\.?')
_RESOURCE = re.compile(r"((?:data\.)?[A-Za-z]\w*\.[\w-]+)((?:\[[^\]]*\])?(?:\.[\w-]+)?)")
_MAX_DEPTH = 20

LocalReferences = Callable[[tuple[str, ...], str], tuple[str, ...]]
"""(module path, local's name) → what its expression refers to; the plan JSON does not hold locals."""


class Causes:
    """Follows references of one plan document. ``locals_of`` resolves what the document leaves out."""

    def __init__(self, configuration: Mapping[str, Any], locals_of: LocalReferences) -> None:
        self._root: Mapping[str, Any] = configuration.get("root_module", {})
        self._locals_of = locals_of

    def of_attribute(self, address: str, attribute: str) -> tuple[str, ...]:
        """Addresses (with attribute, without index) that ``attribute`` of the object at ``address`` reads."""
        path, rest = split_address(address)
        resource = self._resource(path, rest)
        if resource is None:
            return ()
        expression = resource.get("expressions", {}).get(attribute)
        found: dict[str, None] = {}
        for reference in _references(expression):
            if reference.startswith("each."):
                each = resource.get("for_each_expression")
                targets = [found for other in _references(each) for found in self._resolve(path, other, 0)]
            else:
                targets = list(self._resolve(path, reference, 0))
            found.update(dict.fromkeys(targets))
        return tuple(found)

    def _module(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        module = self._root
        for name in path:
            module = module.get("module_calls", {}).get(name, {}).get("module", {})
        return module

    def _resource(self, path: tuple[str, ...], rest: str) -> Mapping[str, Any] | None:
        bare = re.sub(r"\[.*\]$", "", rest)
        resources = self._module(path).get("resources", [])
        return next((each for each in resources if each.get("address") == bare), None)

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
        for reference in _references(call.get("expressions", {}).get(name)):
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
        declared = self._module(child).get("outputs", {}).get(output, {})
        for reference in _references(declared.get("expression")):
            yield from self._resolve(child, reference, depth + 1)


def split_address(address: str) -> tuple[tuple[str, ...], str]:
    """``module.a.module.b.aws_x.y`` → (("a", "b"), "aws_x.y")."""
    path: list[str] = []
    rest = address
    while found := _STEP.match(rest):
        path.append(found.group(1))
        rest = rest[found.end() :]
    return tuple(path), rest


def _references(expression: Any) -> list[str]:
    """The longest form of each reference anywhere in an expression or in nested blocks."""
    found: list[str] = []
    if isinstance(expression, Mapping):
        if "references" in expression:
            found += expression["references"]
        else:
            for inner in expression.values():
                found += _references(inner)
    elif isinstance(expression, list):
        for inner in expression:
            found += _references(inner)
    return [
        one
        for one in found
        if not any(other != one and other.startswith((f"{one}.", f"{one}[")) for other in found)
    ]
