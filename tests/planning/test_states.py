"""The states of an environment's stacks as one, so that one plan sees them all."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from landform.errors import StateUnreadable
from landform.generator import compose, generated_files
from landform.planning.changes import Action, parse_change
from landform.planning.states import StackState, merge_states, parse_state
from landform.project import Project
from planning.conftest import Root

Write = Callable[[Mapping[str, str]], Path]
Run = Callable[..., subprocess.CompletedProcess[str]]
_AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def _state(stack: str, *modules: str, provider: str = _AWS, **more: Any) -> StackState:
    resources = [
        {
            "module": module,
            "mode": "managed",
            "type": "x",
            "name": "y",
            "provider": provider,
            "instances": [{}],
        }
        for module in modules
    ]
    document = {"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "l", "outputs": {}}
    return parse_state(stack, json.dumps({**document, "resources": resources, **more}).encode())


def test_only_the_stacks_own_resources_count() -> None:
    """A root also holds what it reads itself, and a name may begin with another one."""
    state = _state(
        "web",
        "module.web",
        "module.web.module.alb",
        'module.web["a"].module.x',
        "module.web-app",
        "module.webs",
        "",
    )
    assert [each["module"] for each in state.resources] == [
        "module.web",
        "module.web.module.alb",
        'module.web["a"].module.x',
    ]
    assert state.managed_count == 3


def test_merging_keeps_every_resource_and_the_newest_version() -> None:
    states = {
        "a": _state("a", "module.a", "module.other", terraform_version="1.9.8"),
        "b": _state("b", "module.b", terraform_version="1.10.2"),
        "never": parse_state("never", None),
    }
    merged = json.loads(merge_states(states, {}, {}))
    assert [each["module"] for each in merged["resources"]] == ["module.a", "module.b"]
    assert (merged["version"], merged["terraform_version"]) == (4, "1.10.2")


def test_an_aliased_provider_gets_its_name_in_the_composed_root() -> None:
    states = {
        "a": _state("a", "module.a", provider=f"{_AWS}.other"),
        "b": _state("b", "module.b", provider=f"{_AWS}.other"),
        "c": _state("c", "module.c", provider=f"module.c.{_AWS}.other"),
    }
    merged = json.loads(merge_states(states, {}, {("b", "other"): "b__other", ("c", "other"): "c__other"}))
    assert [each["provider"] for each in merged["resources"]] == [
        f"{_AWS}.other",
        f"{_AWS}.b__other",
        f"module.c.{_AWS}.other",
    ]


def test_outputs_are_kept_under_their_composed_names() -> None:
    secret = {"value": "x", "type": "string", "sensitive": True}
    states = {"a": _state("a", outputs={"password": secret, "unused": secret}), "b": parse_state("b", b"")}
    names = {"a__password": ("a", "password"), "a__new": ("a", "new"), "b__x": ("b", "x"), "c__x": ("c", "x")}
    assert json.loads(merge_states(states, names, {}))["outputs"] == {"a__password": secret}


def test_no_state_is_an_empty_one() -> None:
    for text in (None, b"", b" \n"):
        state = parse_state("a", text)
        assert (state.serial, state.lineage, state.resources, state.managed_count) == (0, "", [], 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "is not a Terraform state"),
        (b"[]", "is not a Terraform state"),
        (b"{}", "is not a Terraform state"),
        (b"\xff\xfe", "is not a Terraform state"),
        (b'{"version": 3}', "has format 3, not 4"),
        (b'{"version": 5}', "has format 5, not 4"),
    ],
)
def test_what_is_no_state_of_format_4_is_refused(text: bytes, says: str) -> None:
    with pytest.raises(StateUnreadable, match=says):
        parse_state("web", text)


_LINK = """
variable "before" {
  type    = string
  default = "start"
}
variable "word" {
  type      = string
  default   = ""
  sensitive = true
}
resource "terraform_data" "it" {
  count            = 2
  input            = "${var.before} ${count.index}"
  triggers_replace = var.before
}
output "id" {
  value = terraform_data.it[0].id
}
output "word" {
  value     = var.word
  sensitive = true
}
"""
_YAML = """
project: chain
stacks:
  last: {module: link, inputs: {before: "${stack.middle.id}", word: "${stack.middle.word}"}}
  middle: {module: link, inputs: {before: "${stack.first-one.id}", word: "${var.word}"}}
  first-one: {module: link, inputs: {before: "${var.start}"}}
"""
_DEV = {
    "environments/dev/environment.yaml": "region: us-east-1\n",
    "environments/dev/terraform.tfvars": 'word = "hush"\nstart = "one"\n',
}


@pytest.mark.terraform
def test_stacks_applied_by_hand_one_by_one_need_no_change_as_a_whole(write: Write, terraform: Run) -> None:
    """The roots are plain Terraform, and the composed root over the merged states is the same system."""
    folder = write({**_DEV, "landform.yaml": _YAML, "modules/link/main.tf": _LINK})
    project = Project.load(folder)
    write(
        {path: text for path, text in generated_files(project).items() if not path.endswith("providers.tf")}
    )
    for stack in project.order:
        _apply_by_hand(Root(folder / "generated" / stack, terraform))
    document = _environment_plan(project, Root(folder / "composed", terraform))
    actions = {change.address: change.action for change in map(parse_change, document["resource_changes"])}
    assert len(actions) == 6
    assert set(actions.values()) == {Action.NO_OP}
    assert {each["actions"][0] for each in document["output_changes"].values()} == {"no-op"}

    changed = _environment_plan(project, Root(folder / "composed", terraform), "-var=start=two")
    reached = {
        change.stack for change in map(parse_change, changed["resource_changes"]) if change.action.destroys
    }
    assert reached == {"first-one", "middle", "last"}


_VAR_FILES = ("-var-file=../environments/dev.tfvars", "-var-file=../../environments/dev/terraform.tfvars")


def _apply_by_hand(root: Root) -> None:
    root.terraform(root.folder, "init", "-input=false")
    root.terraform(root.folder, "workspace", "select", "-or-create", "dev")
    root.terraform(root.folder, "apply", "-auto-approve", "-input=false", *_VAR_FILES)


def _environment_plan(project: Project, root: Root, *flags: str) -> dict[str, Any]:
    composed = compose(project, root.folder, project.order)
    states = {name: parse_state(name, _state_file(project, name).read_bytes()) for name in project.order}
    root.write({name: text for name, text in composed.files.items() if name != "providers.tf"})
    root.write({"terraform.tfstate": merge_states(states, composed.outputs, composed.aliases)})
    files = [flag.replace("=../", "=../generated/").replace("generated/../", "") for flag in _VAR_FILES]
    return root.plan(*files, *flags)


def _state_file(project: Project, stack: str) -> Path:
    return project.folder / "terraform.tfstate.d" / stack / "dev" / "terraform.tfstate"
