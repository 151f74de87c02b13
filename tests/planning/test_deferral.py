"""Stacks that Terraform can't plan before another is applied, read from its own errors."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.engine.events import Diagnostic, Severity, parse_event
from landform.generator import compose
from landform.generator.parts import module_source
from landform.planning.deferral import not_plannable_yet
from landform.project import Project
from planning.conftest import Root

Write = Callable[[Mapping[str, str]], Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

_FIRST = """
resource "terraform_data" "it" {}
output "id" {
  value = terraform_data.it.id
}
"""
_COUNTS = """
variable "of" {
  default = "x"
}
resource "terraform_data" "many" {
  count = length(var.of)
}
"""
_YAML = """
project: chain
stacks:
  first: {module: first}
  counting: {module: MODULE, inputs: {of: "${stack.first.id}"}}
  same_module: {module: MODULE}
  downstream: {module: other, depends_on: [counting]}
"""
_REFUSES = """
resource "terraform_data" "it" {
  lifecycle {
    precondition {
      condition     = terraform.workspace == "other"
      error_message = "No."
    }
  }
}
"""
_OTHER = 'resource "terraform_data" "it" {}\n'


def _errors(root: Root) -> list[Diagnostic]:
    root.terraform(root.folder, "init", "-input=false")
    told = root.terraform(root.folder, "plan", "-json", "-input=false", expected=(1,)).stdout
    events = [parse_event(line) for line in told.splitlines()]
    return [each for each in events if isinstance(each, Diagnostic) and each.severity is Severity.ERROR]


def _composed(write: Write, terraform: Run, modules: dict[str, str]) -> tuple[Project, Root]:
    yaml = _YAML.replace("MODULE", "counts")
    files = {
        "modules/first/main.tf": _FIRST,
        "modules/other/main.tf": _OTHER,
        "landform.yaml": yaml,
    } | modules
    dev = {"environments/dev/environment.yaml": "region: us-east-1\n"}
    project = Project.load(write({**files, **dev}))
    root = Root(project.folder / "composed", terraform)
    composed = compose(project, root.folder, project.order)
    root.write({name: text for name, text in composed.files.items() if name != "providers.tf"})
    root.write({"dev.auto.tfvars": 'environment = {name = "dev", project = "p", region = "us-east-1"}\n'})
    return project, root


def _folders(project: Project, root: Root) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for stack in project.stack_by_name.values():
        if stack.reads:
            found.setdefault(module_source(project, stack, root.folder), []).append(stack.name)
    return found


@pytest.mark.terraform
@pytest.mark.parametrize("nested", [False, True])
def test_a_count_on_an_unknown_defers_its_stack_and_not_another_caller(
    write: Write, terraform: Run, nested: bool
) -> None:
    modules = {"modules/counts/main.tf": _COUNTS}
    if nested:
        call = 'variable "of" {\n  default = "x"\n}\nmodule "in" {\n  source = "./in"\n  of     = var.of\n}\n'
        modules = {"modules/counts/main.tf": call, "modules/counts/in/main.tf": _COUNTS}
    project, root = _composed(write, terraform, modules)
    (deferred,) = not_plannable_yet(_errors(root), _folders(project, root))
    assert deferred.stack == "counting"
    assert "terraform_data" in deferred.reason
    assert "invalid count argument" in deferred.reason


@pytest.mark.terraform
def test_a_for_each_on_an_unknown_defers_its_stack(write: Write, terraform: Run) -> None:
    counts = _COUNTS.replace("count = length(var.of)", "for_each = toset([var.of])")
    project, root = _composed(write, terraform, {"modules/counts/main.tf": counts})
    assert [each.stack for each in not_plannable_yet(_errors(root), _folders(project, root))] == ["counting"]


@pytest.mark.terraform
def test_any_other_error_is_a_failure_and_defers_nothing(write: Write, terraform: Run) -> None:
    files = {"modules/counts/main.tf": _COUNTS, "modules/other/main.tf": _REFUSES}
    project, root = _composed(write, terraform, files)
    errors = _errors(root)
    assert {error.summary for error in errors} == {"Invalid count argument", "Resource precondition failed"}
    assert not_plannable_yet(errors, _folders(project, root)) == ()


def test_no_errors_defer_nothing() -> None:
    assert not_plannable_yet([], {"../modules/x": ["x"]}) == ()


def test_an_error_in_a_folder_nobody_calls_defers_nothing() -> None:
    problem = Diagnostic(
        Severity.ERROR,
        "Invalid count argument",
        "cannot be determined until apply",
        filename="../other/main.tf",
    )
    assert not_plannable_yet([problem], {"../modules/x": ["x"]}) == ()


def test_the_deepest_folder_decides() -> None:
    problem = Diagnostic(
        Severity.ERROR,
        "Invalid count argument",
        "cannot be determined\nuntil apply",
        filename="../m/x/y/main.tf",
    )
    folders = {"../m/x": ["outer"], "../m/x/y": ["inner"], "../m/x/yy": ["beside"]}
    assert [each.stack for each in not_plannable_yet([problem], folders)] == ["inner"]
