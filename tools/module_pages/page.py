"""The Markdown of a module's page, and of the lists of all modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tools.module_pages.descriptions import take_apart
from tools.module_pages.reading import Input, ReadModule
from tools.module_pages.shapes import NONE, REQUIRED

HEADER = '<!-- Written by "make docs" from the files of the module: change those. -->'


def page(module: ReadModule) -> str:
    """The whole page, the same for the same module."""
    lines = [
        HEADER,
        "",
        f"# Module {module.name}",
        "",
        f"What it is for, an example and how it behaves: [README](../../../modules/{module.name}/README.md).",
        *_section("Requirements", ("name", "version"), _requirement_rows(module.requirements)),
        *_section("Inputs", ("name", "type", "default", "description"), map(_input_row, module.inputs)),
        *_section("Attributes", ("attribute", "type", "default", "description"), _attribute_rows(module)),
        *_section(
            "Outputs", ("name", "description"), ((_code(o.name), o.description) for o in module.outputs)
        ),
        *_checks(module.inputs),
        *_section("Resources", ("file", "addresses"), _address_rows(module.resources)),
        *_section("Data sources", ("file", "addresses"), _address_rows(module.data_sources)),
    ]
    return "\n".join(lines) + "\n"


def module_list(names: Sequence[str]) -> str:
    """The links of the map of the documentation, to each module's README and page."""
    links = [
        f"- [{name}](../modules/{name}/README.md): [inputs and outputs](reference/modules/{name}.md)"
        for name in names
    ]
    return "\n".join(links)


def count_table(modules: Sequence[ReadModule]) -> str:
    """How much there is of each module, for a reader who compares."""
    lines = ["| module | inputs | checks of inputs | outputs | resources |", "|---|---|---|---|---|"]
    for each in modules:
        checks = sum(len(one.checks) for one in each.inputs)
        resources = sum(map(len, each.resources.values()))
        counts = (len(each.inputs), checks, len(each.outputs), resources)
        lines.append(f"| {each.name} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def _section(title: str, heads: Sequence[str], rows: Iterator[Sequence[str]]) -> list[str]:
    found = [f"| {' | '.join(map(_escaped, row))} |" for row in rows]
    if not found:
        return []
    return ["", f"## {title}", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *found]


def _escaped(cell: str) -> str:
    """A cell in which no ``|`` ends it early."""
    return re.sub(r"(?<!\\)\|", r"\|", cell)


def _code(text: str) -> str:
    return text if text in (REQUIRED, NONE) else f"`{text}`"


def _requirement_rows(requirements: Mapping[str, str]) -> Iterator[Sequence[str]]:
    yield from ((name, _code(version)) for name, version in requirements.items())


def _input_row(each: Input) -> Sequence[str]:
    said, _ = take_apart(each.description, each.attributes)
    return (_code(each.name), _code(each.type), _code(each.default), said or "See its attributes.")


def _attribute_rows(module: ReadModule) -> Iterator[Sequence[str]]:
    """What the variable's description does not say of an attribute, the README's table may."""
    told = [row for row in module.readme_inputs if not row.description.startswith("See ")]
    in_readme = {path: row.description for row in told for path in row.paths}
    for each in module.inputs:
        _, said = take_apart(each.description, each.attributes)
        for one in each.attributes:
            text = said.get(one.path) or in_readme.get(one.path, "")
            yield (_code(one.path), _code(one.type), _code(one.default), text)


def _checks(inputs: Sequence[Input]) -> list[str]:
    found = [f"- {check}" for each in inputs for check in each.checks]
    said = "By Terraform at plan, which names all that is wrong at once."
    return ["", "## What is checked", "", said, "", *found] if found else []


def _address_rows(addresses: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    yield from ((_code(name), ", ".join(map(_code, found))) for name, found in addresses.items())
