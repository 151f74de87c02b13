"""The tree is the pipeline: data and imports go one way, and one file starts processes."""

from __future__ import annotations

import ast
from itertools import chain

import pytest

from conventions.source import SOURCE, Module, modules

_BELOW = {
    "errors": set(),
    "processes": set(),
    "project": {"errors"},
    "generator": {"errors", "project"},
    "engine": {"errors", "processes"},
    "planning": {"errors", "engine"},
    "review": {"errors", "project", "engine", "planning"},
    "aws": {"errors", "project", "processes"},
}
_WORKFLOWS = {"errors", "processes", "project", "generator", "engine", "planning", "review", "aws"}
_CLI = {"errors", "project", "engine", "planning", "review", "aws", "workflows"}
_ALLOWED: dict[str, set[str]] = {
    **_BELOW,
    "workflows": _WORKFLOWS,
    "cli": _CLI,
    "testing": _WORKFLOWS | {"workflows"},
    "policy": {"review"},
    "__init__": {"project"},
}
"""Which part of landform may import which other part."""

_CLI_MAY_CALL = {
    "load_project",
    "load_standing",
    "find_engine",
    "install_engine",
    "sandbox",
    "short",
    "to_document",
}
"""The functions of other parts that a command calls without a workflow; all else it imports is a type."""

_STARTERS = {
    "subprocess", "multiprocessing", "pty", "create_subprocess_exec", "create_subprocess_shell",
    "ProcessPoolExecutor", "fork", "forkpty", "posix_spawn", "posix_spawnp", "system", "popen", "startfile",
}  # fmt: skip
_STARTING_PREFIXES = ("exec", "spawn")


def _parts_imported(module: Module) -> set[str]:
    found = set()
    for name, member in module.imports():
        if name == "landform":
            found.add(member)
        elif name.startswith("landform."):
            found.add(name.split(".")[1])
    return found - {module.part, "__version__", ""}


def test_every_part_is_in_the_table() -> None:
    assert {module.part for module in modules()} <= set(_ALLOWED)


@pytest.mark.parametrize("part", sorted(_ALLOWED))
def test_imports_go_one_way(part: str) -> None:
    beyond = {
        f"{module.name} imports landform.{name}"
        for module in modules()
        if module.part == part
        for name in _parts_imported(module) - _ALLOWED[part]
    }
    assert beyond == set()


def test_the_table_itself_has_no_way_back() -> None:
    """Else two parts could come to need each other."""
    seen: set[str] = set()
    for part in ("errors", "processes", "project", "generator", "engine", "planning", "review", "aws"):
        assert _BELOW[part] <= seen
        seen.add(part)


def test_commands_take_types_from_the_parts_and_leave_the_work_to_workflows() -> None:
    called = {
        f"{module.name} imports {name}.{member}"
        for module in modules()
        if module.part == "cli"
        for name, member in module.imports()
        if name.startswith("landform.")
        and name.split(".")[1] not in ("cli", "workflows", "errors")
        and member[:1].islower()
        and member not in _CLI_MAY_CALL
    }
    assert called == set()


def test_views_show_and_run_nothing() -> None:
    views = [module for module in modules() if (SOURCE / "cli" / "views") in module.path.parents]
    verbs = {
        f"{module.name} imports {name}.{member}"
        for module in views
        for name, member in module.imports()
        if name.startswith("landform.workflows") and member[:1].islower()
    }
    assert views
    assert verbs == set()


def test_no_relative_imports() -> None:
    relative = [module.name for module in modules() for name, _ in module.imports() if name.startswith(".")]
    assert relative == []


def test_one_file_starts_processes() -> None:
    starting = {module.name for module in modules() if _starts_processes(module)}
    assert starting == {"src/landform/processes.py"}


def _starts_processes(module: Module) -> bool:
    outside = (each for each in module.imports(for_types=False) if not each[0].startswith("landform"))
    imported = chain.from_iterable((name.split(".")[0], member) for name, member in outside)
    called = (node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute))
    return bool(_STARTERS.intersection(imported)) or any(map(_is_start, called))


def _is_start(node: ast.Attribute) -> bool:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    return owner in ("os", "asyncio") and (node.attr in _STARTERS or node.attr.startswith(_STARTING_PREFIXES))


def test_the_rules_would_be_noticed() -> None:
    """A convention that can't fail is none: each rule is tried on a module that breaks it."""
    bad = "import os\nfrom landform.workflows.plan import plan\nfrom . import x\nos.execv('a', [])\n"
    module = Module(SOURCE / "project" / "bad.py")
    module.__dict__["text"] = bad
    assert _parts_imported(module) == {"workflows"}
    assert _starts_processes(module)
    assert ("." in dict(module.imports())) is True
