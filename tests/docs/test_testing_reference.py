"""The reference of the pytest plugin names every option, setting, fixture, hook and member, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import landform.testing
from docs.pages import ROOT
from landform.testing import collect_readme, inventory, inventory_file, marker
from landform.testing.levels import Level

_TEXT = (ROOT / "docs" / "reference" / "testing.md").read_text(encoding="utf-8")
_SOURCE = [ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.glob("src/landform/testing/*.py")]


def _declared(method: str) -> set[str]:
    """The first argument of every call of ``addoption`` or ``addini``."""
    calls = (node for tree in _SOURCE for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == method
    }


def _fixtures() -> set[str]:
    functions = (node for tree in _SOURCE for node in tree.body if isinstance(node, ast.FunctionDef))
    return {
        function.name
        for function in functions
        if any(ast.unparse(one).startswith("pytest.fixture") for one in function.decorator_list)
    }


def _hooks() -> set[str]:
    hookspecs = import_module("landform.testing.hookspecs")
    return {name for name in vars(hookspecs) if name.startswith("pytest_landform_")}


def _section(heading: str) -> str:
    """The text between a heading and the next one."""
    found = re.search(rf"(?ms)^{re.escape(heading)}$(.*?)(?=^##|\Z)", _TEXT)
    assert found, f"there is no {heading!r}"
    return found[1]


def _first_cells(heading: str) -> Iterator[str]:
    """The code in the first column of the tables below a heading."""
    for cell in re.findall(r"(?m)^\| (.*?) \|", _section(heading)):
        yield from re.findall(r"`([^`]+)`", cell)


def _names(heading: str) -> set[str]:
    """What the first column names, without arguments and values."""
    return {re.split(r"[ (=\[]", cell)[0] for cell in _first_cells(heading)}


@pytest.mark.parametrize(
    ("heading", "real"),
    [
        ("## The marker `tf`", set(marker._NAMES)),
        ("## Levels", set(map(str, Level))),
        ("## Fixtures", _fixtures()),
        ("## Options", _declared("addoption")),
        ("## Settings", _declared("addini")),
        ("### README.md", set(collect_readme._WORDS)),
        ("## Hooks", _hooks()),
    ],
)
def test_a_table_names_all_there_is_and_nothing_else(heading: str, real: set[str]) -> None:
    assert _names(heading) - {"#"} == real


def test_the_keys_of_inventory_files_are_all_there() -> None:
    keys = {*inventory_file._TOP, *inventory_file._TEST, *inventory.SECTIONS}
    assert _names("### `tftest*.yaml`") == keys


@pytest.mark.parametrize("name", ["Stack", "PlannedModule", "TestedModule", "Emulator"])
def test_every_member_of_what_tests_hold_is_there(name: str) -> None:
    kind: Any = getattr(landform.testing, name)
    members = {member for member in vars(kind) if not member.startswith("_")}
    assert members - _names(f"### {name}") == set()


def test_every_public_name_is_there() -> None:
    assert [name for name in landform.testing.__all__ if f"`{name}`" not in _TEXT] == []
