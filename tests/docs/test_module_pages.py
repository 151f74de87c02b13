"""The modules' reference pages are what their HCL says, and so are the tables in their READMEs."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache

import pytest

from docs.pages import ROOT
from tools.module_pages.descriptions import take_apart
from tools.module_pages.page import page
from tools.module_pages.reading import ReadModule, read_module, written
from tools.module_pages.readme import Row, rows
from tools.module_pages.shapes import NONE, REQUIRED, Attribute, attributes

NAMES = sorted(path.parent.name for path in ROOT.glob("modules/*/versions.tf"))

each_module = pytest.mark.parametrize("name", NAMES)


@cache
def _module(name: str) -> ReadModule:
    return read_module(ROOT / "modules" / name)


def test_the_pages_are_up_to_date() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "tools.module_pages", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")


@each_module
def test_the_readme_names_all_inputs_and_outputs_and_no_other(name: str) -> None:
    module = _module(name)
    variables = {row.paths[0] for row in module.readme_inputs if "." not in row.paths[0]}
    assert variables == {each.name for each in module.inputs}
    assert {row.paths[0] for row in module.readme_outputs} == {each.name for each in module.outputs}


@each_module
def test_the_readme_has_the_types_and_defaults_of_the_inputs(name: str) -> None:
    module = _module(name)
    known = {each.name: (each.type, each.default) for each in module.inputs}
    known |= {one.path: (one.type, one.default) for each in module.inputs for one in each.attributes}
    assert [problem for row in module.readme_inputs if (problem := _differs(row, known))] == []


@each_module
def test_the_readme_names_every_attribute(name: str) -> None:
    module = _module(name)
    readme = (ROOT / "modules" / name / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`\n]+)`", readme))))
    assert [a.path for each in module.inputs for a in each.attributes if a.name not in named] == []


@each_module
def test_everything_of_the_module_has_a_description(name: str) -> None:
    module = _module(name)
    described = {each.name: each.description for each in module.inputs}
    described |= {each.name: each.description for each in module.outputs}
    assert [name for name, said in described.items() if not said] == []


@each_module
def test_the_page_has_every_block_of_the_module(name: str) -> None:
    text = page(_module(name))
    hcl = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "modules" / name).glob("*.tf"))
    blocks = re.findall(r'(?m)^(?:variable|output|resource|data) "([\w-]+)"(?: "([\w-]+)")?', hcl)
    assert len(blocks) > 5
    addresses = [".".join(filter(None, labels)) for labels in blocks]
    assert [address for address in addresses if f"`{address}`" not in text] == []


def _differs(row: Row, known: dict[str, tuple[str, str]]) -> str:
    """What a row says otherwise than the HCL. Of a default of null a README may tell what comes of it."""
    found = next((known[path] for path in row.paths if path in known), None)
    if found is None:
        return f"{row.paths[0]} is not there"
    if row.type != found[0]:
        return f"{row.paths[0]} is a {found[0]}, not a {row.type}"
    if row.default and row.default != found[1] and (found[1] != NONE or row.default == REQUIRED):
        return f"{row.paths[0]} is {found[1]} by default, not {row.default}"
    return ""


def test_an_object_is_read_with_what_is_in_it() -> None:
    constraint = """map(object({
      type   = string
      limits = optional(object({ "max" = optional(number, 3), text = optional(string, "a, (b)") }), {})
      any    = optional(list(map(string)))
    }))"""
    assert list(attributes(constraint, "nodes")) == [
        Attribute("nodes.*.type", "string", REQUIRED),
        Attribute("nodes.*.limits", "object", "{}"),
        Attribute("nodes.*.limits.max", "number", "3"),
        Attribute("nodes.*.limits.text", "string", '"a, (b)"'),
        Attribute("nodes.*.any", "list(map(string))", NONE),
    ]


def test_a_description_is_taken_apart_at_the_names_of_attributes() -> None:
    known = [
        Attribute("a.min", "number", "1"),
        Attribute("a.max", "number", "2"),
        Attribute("a.b.max", "number", "3"),
    ]
    said = "How many.\nmin, max: of nodes; at most: nine. max: again"
    assert take_apart(said, known) == (
        "How many.",
        {"a.min": "of nodes; at most: nine.", "a.max": "of nodes; at most: nine."},
    )
    assert take_apart("Such as:\n  this.", []) == ("Such as: this.", {})


def test_defaults_are_written_as_hcl() -> None:
    assert (
        written({"a": ["x", 1], "b": {}, "c": None, "d": True})
        == '{ a = ["x", 1], b = {}, c = none, d = true }'
    )


def test_a_table_of_a_readme_has_a_row_for_each_name() -> None:
    table = """
| attribute of `services` | type | default | description |
|---|---|---|---|
| `scale.min`, `.max` | `number` | `1`, none | Of \\| tasks. |
| `user` | `string` | the image's | |
"""
    assert list(rows(table)) == [
        Row(("services.*.scale.min", "services.scale.min"), "number", "1", "Of \\| tasks."),
        Row(("services.*.scale.max", "services.scale.max"), "number", "none", "Of \\| tasks."),
        Row(("services.*.user", "services.user"), "string", "", ""),
    ]
