"""Reads YAML into plain data with the line of every key; duplicates and syntax errors become faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from landform.errors import Fault, Location

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file's data, the line of each path in it, and what was wrong with it."""

    path: str
    data: object = None
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def location(self, *path: object) -> Location:
        """Where ``path`` stands, or the nearest key above it."""
        names = tuple(str(part) for part in path)
        for length in range(len(names), -1, -1):
            if names[:length] in self.lines:
                return Location(self.path, self.lines[names[:length]])
        return Location(self.path)

    def below(self, key: str) -> dict[str, dict[tuple[str, ...], int]]:
        """For each key under ``key`` the lines of it and below it, with both keys taken off."""
        found: dict[str, dict[tuple[str, ...], int]] = {}
        for names, line in self.lines.items():
            if names[:1] == (key,) and len(names) > 1:
                found.setdefault(names[1], {})[names[2:]] = line
        return found


def read_yaml(path: Path, shown: str) -> Document:
    """Read one file; ``shown`` is the path as the user knows it."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Document(shown, faults=(Fault(Location(shown), "file not found."),))
    except (OSError, UnicodeDecodeError) as error:
        return Document(shown, faults=(Fault(Location(shown), f"can't be read: {error}."),))
    reader = _Reader(shown)
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = reader.value(node, ()) if node is not None else None
    except yaml.YAMLError as error:
        reader.faults.append(_syntax_fault(shown, error))
        data = None
    except RecursionError:
        reader.faults.append(Fault(Location(shown), "can't be read: an anchor holds itself."))
        data = None
    return Document(shown, data, reader.lines, tuple(reader.faults))


def _syntax_fault(shown: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Fault(Location(shown, mark.line + 1 if mark else 0), f"not valid YAML: {problem}.")


class _Reader:
    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.lines: dict[tuple[str, ...], int] = {}
        self.faults: list[Fault] = []
        self.loader = _Loader("")

    def value(self, node: yaml.Node, path: tuple[str, ...]) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(child, (*path, str(key))) for key, child in self._pairs(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, str(index))) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> object:
        if node.tag in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"):
            return node.value
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError):
            return node.value

    def _pairs(self, node: yaml.MappingNode, path: tuple[str, ...]) -> Iterator[tuple[object, yaml.Node]]:
        seen: dict[object, int] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else str(key_node.value)
            if key in seen:
                what = f"duplicate key {key!r}: it stands on line {seen[key]} already."
                self.faults.append(Fault(Location(self.shown, line), what, "Remove one of the two."))
                continue
            seen[key] = line
            self.lines[(*path, str(key))] = line
            yield key, child
