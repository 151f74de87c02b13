"""Terraform's type constraints, and whether a literal fits one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pygohcl
import pytest

from landform.project.types import Type, misfit, parse_type
from landform.project.values import Value, parse_value

_MODULE = """
variable "flat" { type = object({
  name = string
  rules = optional(list(object({ port = number
    cidrs = set(string) })), [])   # a comment
  "with-dash" = any
  // another
  pair = tuple([string, bool])
  tags = optional(map(string), { x = "}" })
}) }
"""


def test_an_object_as_pygohcl_hands_it_over() -> None:
    """pygohcl flattens a constraint to one line, and loses the line ends that parted its attributes."""
    text = pygohcl.loads(_MODULE)["variable"]["flat"]["type"]
    assert "\n" not in text
    found = parse_type(text)
    assert list(found.attributes) == ["name", "rules", "with-dash", "pair", "tags"]
    assert found.optional == {"rules", "tags"}
    rules = found.attributes["rules"].element
    assert rules is not None
    assert str(rules.attributes["cidrs"]) == "set(string)"
    assert found.attributes["pair"].members == (Type("string"), Type("bool"))


@pytest.mark.parametrize("text", ["string", "any", "list(map(set(number)))", "map(any)"])
def test_simple_types_read_back_as_they_were(text: str) -> None:
    assert str(parse_type(text)) == text
    assert parse_type(text).is_simple


def test_a_bare_collection_holds_anything() -> None:
    assert str(parse_type("list")) == "list(any)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "foo",
        "list[string]",
        "list(",
        "list(string",
        "string string",
        "object({",
        "object({a})",
        "tuple([",
    ],
)
def test_what_is_no_type_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a type constraint"):
        parse_type(text)


@pytest.mark.parametrize(
    ("value", "wanted", "sentence"),
    [
        ("two", "number", "is the string 'two', wants number"),
        (True, "number", "is the bool true, wants number"),
        (3, "bool", "is the number 3, wants bool"),
        ([], "string", "is a list, wants string"),
        ({"a": 1}, "list(string)", "is a map, wants list(string)"),
        ("a", "set(string)", "is the string 'a', wants set(string)"),
        (["a", ["b"]], "list(string)", "[1] is a list, wants string"),
        ({"a": {"b": "x"}}, "map(map(number))", "a.b is the string 'x', wants number"),
        ({"min": 1}, "object({min = number, max = number})", "lacks the attribute 'max'"),
        ({"mim": 1}, "object({min = optional(number)})", "has no attribute 'mim'; there are: min"),
        ({"a": [{"b": 1}]}, "object({a = list(object({b = bool}))})", "a[0].b is the number 1, wants bool"),
        (["a"], "tuple([string, string])", "has 1 items, wants 2"),
        ("is ${var.x}", "number", "is a string, wants number"),
    ],
)
def test_a_misfit_is_named_with_its_place(value: object, wanted: str, sentence: str) -> None:
    assert misfit(parse_value(value), parse_type(wanted)) == sentence


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, "number"),
        ("${var.x}", "number"),
        ({"a": "${var.x}"}, "map(list(string))"),
        ({}, "object({a = optional(string)})"),
        ({"a": 1, "b": "x"}, "any"),
        (["x", 1], "tuple([string, number])"),
    ],
)
def test_what_terraform_may_still_convert_fits(value: object, wanted: str) -> None:
    assert misfit(parse_value(value), parse_type(wanted)) == ""


_SCALARS: tuple[Value, ...] = (
    *(
        "true",
        "false",
        "True",
        "1",
        "0",
        "",
        "yes",
        "1.5",
        "-1",
        "+1",
        ".5",
        "1.",
        "1e5",
        "0x10",
        " 1",
        "1e",
        "-",
    ),
    *(1, 0, 1.5, -2, True, False),
)


@pytest.mark.terraform
def test_scalars_convert_exactly_where_terraform_converts_them(
    terraform: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    pairs = [(value, kind) for value in _SCALARS for kind in ("bool", "number", "string")]
    asked = ", ".join(f"can(to{kind}({json.dumps(value)}))" for value, kind in pairs)
    answer = terraform(tmp_path, "console", stdin=f"jsonencode([{asked}])\n").stdout
    theirs = json.loads(json.loads(answer))
    ours = [misfit(value, parse_type(kind)) == "" for value, kind in pairs]
    assert list(zip(pairs, ours, strict=True)) == list(zip(pairs, theirs, strict=True))
