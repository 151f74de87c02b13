"""What a module's own HCL says of its inputs and outputs, and where a module is looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.project.module import ModuleKind, built_in_names, resolve_module

Write = Callable[[Mapping[str, str]], Path]


def test_the_interface_comes_from_the_modules_files(write: Write, modules: dict[str, str]) -> None:
    net = resolve_module("net", None, write(modules))
    assert (net.kind, net.is_known) == (ModuleKind.PROJECT, True)
    assert net.variables["cidr"].required
    assert str(net.variables["cidr"].type) == "string"
    assert net.variables["cidr"].description == "Range of the network."
    assert not net.variables["zones"].required
    assert {name: output.sensitive for name, output in net.outputs.items()} == {"id": False, "password": True}


def test_a_null_default_is_a_default(write: Write, modules: dict[str, str]) -> None:
    assert not resolve_module("app", None, write(modules)).variables["secret"].required


def test_variables_may_stand_in_any_file(write: Write) -> None:
    files = {"m/a.tf": 'variable "a" {}\n', "m/z.tf": 'output "b" {\n  value = 1\n}\n', "m/notes.txt": "{{{"}
    module = resolve_module("./m", None, write(files))
    assert (list(module.variables), list(module.outputs)) == (["a"], ["b"])


def test_a_changed_module_is_read_again(write: Write) -> None:
    folder = write({"m/a.tf": 'variable "old" {}\n'})
    resolve_module("./m", None, folder)
    write({"m/a.tf": 'variable "other" {}\n'})
    assert list(resolve_module("./m", None, folder).variables) == ["other"]


def test_the_projects_own_module_goes_before_a_built_in_one(write: Write, tmp_path: Path) -> None:
    assert resolve_module("vpc", None, tmp_path).kind is ModuleKind.BUILT_IN
    assert resolve_module("vpc", None, write({"modules/vpc/a.tf": ""})).kind is ModuleKind.PROJECT


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("terraform-aws-modules/vpc/aws", ModuleKind.REGISTRY),
        ("registry.example.com/team/vpc/aws//modules/x", ModuleKind.REGISTRY),
        ("git::https://example.com/vpc.git?ref=v1.2.0", ModuleKind.REMOTE),
        ("github.com/example/vpc", ModuleKind.REMOTE),
        ("https://example.com/vpc.zip", ModuleKind.REMOTE),
    ],
)
def test_a_module_terraform_downloads_is_not_guessed_at(
    source: str, kind: ModuleKind, tmp_path: Path
) -> None:
    module = resolve_module(source, None, tmp_path)
    assert (module.kind, module.is_known, module.source) == (kind, False, source)


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_module_is_readable_and_typed(name: str, tmp_path: Path) -> None:
    module = resolve_module(name, None, tmp_path)
    assert module.is_known, module.faults
    assert {"name", "tags", "ephemeral"} <= set(module.variables)
    assert [each for each, variable in module.variables.items() if variable.type.kind == "any"] == []
