"""Files and functions stay small, things have names and docstrings, and data is frozen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conventions.source import REPOSITORY, SOURCE, Module, modules, modules_of_tests, text_files

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base", "core", "shared"}

_MUTABLE = {"Conversation", "Run", "Step"}
"""Dataclasses that gather while something runs, and so can't be frozen."""


def test_files_end_at_400_lines() -> None:
    long = {
        module.name: lines
        for module in (*modules(), *modules_of_tests())
        if (lines := len(module.text.splitlines())) > 400
    }
    assert long == {}


def test_functions_end_at_60_lines() -> None:
    long = {
        f"{module.name}:{node.lineno} {node.name}": length
        for module in (*modules(), *modules_of_tests())
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 60
    }
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [module.name for module in modules() if module.path.stem in _VAGUE] == []
    assert [path.name for path in SOURCE.rglob("*") if path.is_dir() and path.name in _VAGUE] == []


def _public(module: Module) -> Iterator[Definition]:
    """Top-level definitions without an underscore, and the methods of such classes."""
    for node in module.tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                methods = (
                    each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
                )
                yield from (each for each in methods if not each.name.startswith("_"))


def test_every_module_and_public_name_has_a_docstring() -> None:
    bare = [module.name for module in (*modules(), *modules_of_tests()) if _needs_docstring(module)]
    bare += [
        f"{module.name}:{node.lineno} {node.name}"
        for module in modules()
        for node in _public(module)
        if not ast.get_docstring(node)
    ]
    assert bare == []


def _needs_docstring(module: Module) -> bool:
    return bool(module.text.strip()) and not ast.get_docstring(module.tree)


@pytest.mark.parametrize(
    "package", sorted(path.parent.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("__init__.py"))
)
def test_every_package_says_what_it_never_does(package: str) -> None:
    if package == ".":
        return
    docstring = ast.get_docstring(Module(SOURCE / package / "__init__.py").tree) or ""
    assert re.search(r"\bnever\b", docstring, re.IGNORECASE), package


def _dataclasses(module: Module) -> Iterator[tuple[ast.ClassDef, bool]]:
    """Each dataclass, and whether it is frozen."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                call = decorator.func if isinstance(decorator, ast.Call) else decorator
                if isinstance(call, ast.Name) and call.id == "dataclass":
                    yield node, "frozen=True" in ast.unparse(decorator)


def test_dataclasses_that_cross_folders_are_frozen() -> None:
    """``testing`` is left out: nothing imports it, so its classes cross nothing."""
    thawed = {
        node.name
        for module in modules()
        for node, frozen in _dataclasses(module)
        if not frozen and not node.name.startswith("_") and module.part != "testing"
    }
    assert thawed <= _MUTABLE


def test_templates_let_no_value_through_unescaped() -> None:
    """Each value passes a filter that writes HCL; the header and notes are landform's own words."""
    raw = {
        f"{path.name}: {inside}"
        for path in (SOURCE / "generator" / "templates").glob("*.j2")
        for inside in re.findall(r"\{\{\s*(.*?)\s*\}\}", path.read_text(encoding="utf-8"))
        if not re.search(r"\| *(quote|attributes\(\d\)|hcl)$", inside) and inside not in ("header", "line")
    }
    assert raw == set()


def test_text_names_no_place_of_one_machine_and_leaves_no_notes_to_self() -> None:
    here = "|".join(rf"{re.escape(str(path))}/" for path in (REPOSITORY, Path.home()) if len(path.parts) > 1)
    unwanted = re.compile(rf"{here}|/[\w./-]*mirror[\w-]*/|\bissue #|\bTO[D]O\b|\bFIX[M]E\b", re.IGNORECASE)
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if unwanted.search(line)
    ]
    assert found == []
