"""What a module's own files say of it, in the order in which they say it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygohcl

from landform.project.types import parse_type
from tools.module_pages.readme import Row, rows, section
from tools.module_pages.shapes import NONE, REQUIRED, Attribute, attributes

_DECLARED = re.compile(r'^(variable|output|resource|data) "([^"]+)"(?: "([^"]+)")?', re.MULTILINE)
_CALCULATED = re.compile(r"[:;,]?(?: not so:)? \$\{.*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Input:
    """A variable. ``checks`` are the sentences that it refuses values with."""

    name: str
    type: str
    default: str
    description: str
    attributes: tuple[Attribute, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """An output."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class ReadModule:
    """A module. ``resources`` and ``data_sources`` are addresses by file; ``requirements`` versions by name.

    ``readme_inputs`` and ``readme_outputs`` are the rows of the tables in its README.
    """

    name: str
    requirements: Mapping[str, str]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    resources: Mapping[str, tuple[str, ...]]
    data_sources: Mapping[str, tuple[str, ...]]
    readme_inputs: tuple[Row, ...]
    readme_outputs: tuple[Row, ...]


def read_module(folder: Path) -> ReadModule:
    """Read the module in a folder. Raises ``pygohcl.HCLParseError``."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.tf"))}
    parsed = {name: pygohcl.loads(text) for name, text in texts.items()}
    readme = (folder / "README.md").read_text(encoding="utf-8")
    inputs = [_input(name, block) for name, block in _blocks(texts, parsed, "variable")]
    return ReadModule(
        folder.name,
        _requirements(parsed["versions.tf"]["terraform"]),
        tuple(sorted(inputs, key=lambda each: each.default != REQUIRED)),
        tuple(Output(name, _text(block)) for name, block in _blocks(texts, parsed, "output")),
        _addresses(texts, "resource"),
        _addresses(texts, "data"),
        tuple(rows(section(readme, "Inputs"))),
        tuple(rows(section(readme, "Outputs"))),
    )


def _blocks(
    texts: Mapping[str, str], parsed: Mapping[str, Any], kind: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name and content of each block of a kind, in the order of the files."""
    for file, (label, _) in _labels(texts, kind):
        yield label, parsed[file][kind][label]


def _labels(texts: Mapping[str, str], kind: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """File and labels of each block of a kind: pygohcl gives them in an order of its own."""
    for name, text in texts.items():
        for found in _DECLARED.finditer(text):
            if found[1] == kind:
                yield name, (found[2], found[3] or "")


def _addresses(texts: Mapping[str, str], kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, labels in _labels(texts, kind):
        found[name] = (*found.get(name, ()), ".".join(labels))
    return found


def _requirements(block: Mapping[str, Any]) -> dict[str, str]:
    providers = {name: str(wanted["version"]) for name, wanted in block["required_providers"].items()}
    return {"terraform": str(block["required_version"]), **providers}


def _input(name: str, block: Mapping[str, Any]) -> Input:
    constraint = str(block.get("type", "any"))
    default = written(block["default"]) if "default" in block else REQUIRED
    return Input(
        name,
        str(parse_type(constraint)),
        default,
        _text(block),
        tuple(attributes(constraint, name)),
        tuple(_check(each["error_message"]) for each in _many(block.get("validation", []))),
    )


def _text(block: Mapping[str, Any]) -> str:
    return str(block.get("description", "")).strip()


def _many(blocks: Any) -> list[Mapping[str, Any]]:
    """pygohcl gives one block as a mapping, several as a list."""
    return blocks if isinstance(blocks, list) else [blocks]


def _check(message: str) -> str:
    """The sentence, without what Terraform calculates at its end."""
    return f"{_CALCULATED.sub('', message).rstrip('.')}."


def written(value: Any) -> str:
    """A default as HCL has it; null is no default."""
    if value is None:
        return NONE
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {written(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False)
