"""What is read of a project for work on what stands: as little as possible of what may be broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.project import load_standing

Write = Callable[[Mapping[str, str]], Path]

_CIRCLE = """\
project: shop
stacks:
  a: {module: m, depends_on: [b]}
  b: {module: m, depends_on: [a]}
"""


@pytest.mark.parametrize(
    "broken",
    [
        {"modules/net/main.tf": 'variable "cidr" {'},
        {"modules/net/main.tf": ""},
        {"environments/dev/terraform.tfvars": ""},
        {"environments/dev/terraform.tfvars": "cidr ="},
        {"environments/dev/terraform.tfvars": 'cidr = "10.0.0.0/16"\nnobody_reads = 1\n'},
        {"environments/prod/environment.yaml": "nothing: known\n"},
        {"landform.yaml": "project: shop\nstacks:\n  app: {module: gone, inputs: {x: '${stack.lost.id}'}}\n"},
    ],
)
def test_modules_inputs_values_and_other_environments_may_be_broken(
    write: Write, good: dict[str, str], broken: dict[str, str]
) -> None:
    project = load_standing(write(good | broken), "dev")

    assert project.environment_by_name["dev"].region == "us-east-1"
    assert "app" in project.order


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"landform.yaml": "project: [\n"}, "landform.yaml"),
        ({"landform.yaml": "project: shop\nbackend: {s3: {bucket: '{nobody}'}}\nstacks: {}\n"}, "nobody"),
        ({"landform.yaml": "project: shop\nstacks: {a: {module: m, modul: n}}\n"}, "modul"),
        ({"environments/dev/environment.yaml": "region: us-east-1\nrole: x\n"}, "unknown key 'role'"),
        (
            {"landform.yaml": _CIRCLE},
            "circle",
        ),
    ],
)
def test_where_states_are_and_their_order_have_to_be_clear(
    write: Write, good: dict[str, str], broken: dict[str, str], said: str
) -> None:
    with pytest.raises(ProjectInvalid) as caught:
        load_standing(write(good | broken), "dev")

    assert said in " ".join(map(str, caught.value.faults))
