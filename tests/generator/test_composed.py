"""The composed root of an environment: the roots' own calls, with real references between them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.generator import compose, generated_files
from landform.project import Project

Rich = Callable[..., Project]
Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Mapping[str, str]], Path]

_LINK = """
variable "name" {
  type = string
}
variable "before" {
  type    = string
  default = ""
}
resource "terraform_data" "it" {
  input = "${var.before}/${var.name}"
}
output "id" {
  value = terraform_data.it.id
}
"""
_CHAIN = """
project: chain
stacks:
  last: {module: link, inputs: {before: "${stack.middle_one.id} of ${environment.name}"}}
  middle_one: {module: link, inputs: {before: "${stack.first-one.id}"}}
  first-one: {module: link}
"""


def _module_block(text: str, name: str) -> str:
    found = re.search(rf'^module "{name}" \{{\n(.*?)^\}}', text, re.DOTALL | re.MULTILINE)
    assert found is not None
    return re.sub(r'source\s*=\s*"[^"]*"', "source", found.group(1))


def test_a_stack_is_called_the_same_in_its_own_root_and_in_the_composed_one(rich: Rich) -> None:
    """So every resource has one address, and the same expressions serve both kinds of root."""
    project = rich()
    composed = compose(project, project.folder / "x/y/z", project.order).files["main.tf"]
    roots = generated_files(project)
    for name in ("network", "data-base", "empty"):
        assert _module_block(composed, name) == _module_block(roots[f"generated/{name}/main.tf"], name)


def test_equal_providers_are_hoisted_as_one_and_others_keep_apart(rich: Rich) -> None:
    project = rich()
    composed = compose(project, project.folder / "x", project.order)
    assert composed.aliases == {
        ("network", "us_east_1"): "us_east_1",
        ("network", "other"): "other",
        ("app", "other"): "app__other",
    }
    regions = re.findall(r'alias\s+= "(\w+)"\n\s+region\s+= (\S+)', composed.files["providers.tf"])
    assert dict(regions) == {"us_east_1": '"us-east-1"', "other": "var.second", "app__other": '"eu-west-1"'}
    assert "aws.other = aws.app__other" in _module_block(composed.files["main.tf"], "app")


def test_outputs_know_their_stack_and_stay_sensitive(rich: Rich) -> None:
    project = rich()
    composed = compose(project, project.folder / "x", ["network"])
    assert composed.outputs["network__password"] == ("network", "password")
    assert set(composed.outputs.values()) == {
        ("network", name) for name in ("id", "a_much_longer_name", "password")
    }
    block = composed.files["outputs.tf"].split('output "network__password"')[1]
    assert "sensitive = true" in block


def test_only_the_variables_of_the_chosen_stacks_are_asked_for(rich: Rich) -> None:
    project = rich()
    assert compose(project, project.folder / "x", ["network"]).variables == (
        "cidr",
        "limits",
        "second",
        "zones",
    )


@pytest.mark.terraform
def test_terraform_validates_the_composed_root_of_a_chain(write: Write, terraform: Run) -> None:
    project = Project.load(write({"landform.yaml": _CHAIN, "modules/link/main.tf": _LINK}))
    folder = project.folder / "composed"
    composed = compose(project, folder, project.order)
    write(
        {
            f"composed/{name}": text
            for name, text in composed.files.items()
            if name != "providers.tf"  # the built-in provider needs no block, and nothing is downloaded
        }
    )
    terraform(folder, "init", "-input=false")
    terraform(folder, "validate")
    graph = terraform(folder, "graph").stdout
    assert '"module.last.terraform_data.it" -> "module.middle_one.terraform_data.it"' in graph
    assert '"module.middle_one.terraform_data.it" -> "module.first-one.terraform_data.it"' in graph


@pytest.mark.terraform
def test_terraform_validates_every_root_of_a_chain(write: Write, terraform: Run) -> None:
    project = Project.load(write({"landform.yaml": _CHAIN, "modules/link/main.tf": _LINK}))
    files = generated_files(project)
    folder = write({path: text for path, text in files.items() if not path.endswith("providers.tf")})
    for stack in project.order:
        terraform(folder / "generated" / stack, "init", "-input=false")
        terraform(folder / "generated" / stack, "validate")
