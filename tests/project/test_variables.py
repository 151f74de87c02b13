"""The variables of a project: declared, or implied by what its inputs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.project import Project, Stack, Variable

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def folder(write: Write, modules: dict[str, str]) -> Path:
    """A folder that holds only modules."""
    return write(modules)


def _variables(folder: Path, *stacks: Stack, declared: tuple[Variable, ...] = ()) -> Mapping[str, Variable]:
    return Project("shop", stacks, folder=folder, variables=declared).effective_variables


def test_an_implied_variable_is_what_the_input_it_feeds_is(folder: Path) -> None:
    found = _variables(
        folder,
        Stack("network", "net", {"cidr": "${var.range}", "zones": "${ var.zones }"}),
        Stack("app", "app", {"net": "x", "secret": "${var.token}"}),
    )
    assert list(found) == ["range", "token", "zones"]
    assert (found["range"].type, found["range"].description) == ("string", "Range of the network.")
    assert found["zones"].type == "number"
    assert [name for name, variable in found.items() if variable.sensitive] == ["token"]
    assert all(variable.required for variable in found.values())


def test_terraform_converts_where_the_type_is_not_plain(folder: Path) -> None:
    """An object's defaults, or two inputs of different types, are the modules' business."""
    found = _variables(
        folder,
        Stack("network", "net", {"cidr": "${var.mixed}", "zones": "${var.mixed}"}),
        Stack("app", "app", {"net": "in ${var.part}", "rules": "${var.rules}"}),
    )
    assert {name: variable.type for name, variable in found.items()} == {
        "mixed": "any",
        "part": "any",
        "rules": "any",
    }
    assert found["rules"].description == "Open ports."


def test_a_declared_variable_stays_as_it_is(folder: Path) -> None:
    declared = Variable("range", type="string", required=False, default="10.0.0.0/8")
    found = _variables(folder, Stack("network", "net", {"cidr": "${var.range}"}), declared=(declared,))
    assert found == {"range": declared}


def test_a_provider_alias_reads_variables_too(write: Write, good: dict[str, str]) -> None:
    good["landform.yaml"] += '    providers: {other: {region: "${var.second_region}"}}\n'
    good["environments/dev/terraform.tfvars"] += 'second_region = "eu-west-1"\n'
    assert "second_region" in Project.load(write(good)).effective_variables
