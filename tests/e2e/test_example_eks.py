"""The example of EKS is a project without faults, and the sandbox plans the whole of its dev."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit
from landform.workflows.examples import Example, example_folder

pytestmark = pytest.mark.e2e

EXAMPLE = example_folder(Example.EKS)


@pytest.fixture
def example(make_project: MakeProject) -> ProjectKit:
    """A copy of the example."""
    project = make_project({})
    ignored = shutil.ignore_patterns(".landform", "generated")
    shutil.copytree(EXAMPLE, project.folder, dirs_exist_ok=True, ignore=ignored)
    return project


def test_it_is_valid_with_its_own_values_and_with_those_of_the_example_file(example: ProjectKit) -> None:
    assert "Stacks: network, cluster; environments: dev, prod" in example.landform("validate").out
    values = (example.folder / "terraform.tfvars.example").read_text()
    example.write({"environments/prod/terraform.tfvars": values})
    assert example.landform("validate").code == 0


def test_the_plan_of_dev_is_whole(example: ProjectKit) -> None:
    planned = example.landform("plan", "dev", "--sandbox", "--json", code=2).json
    assert [stack["stack"] for stack in planned["stacks"]] == ["network", "cluster"]
    assert (planned["deferred"], planned["complete"], planned["errored"]) == ([], True, False)
    assert planned["verdict"]["result"] == "pass"
    assert planned["cost"]["unpriced"] == []
    changes = _changes(planned, "cluster")
    assert {each["action"] for each in changes.values()} == {"create"}
    assert {
        "aws_eks_cluster.this",
        'aws_eks_node_group.this["general"]',
        'aws_eks_addon.before_nodes["vpc-cni"]',
        'aws_eks_addon.after_nodes["coredns"]',
        'aws_eks_access_policy_association.this["developers/AmazonEKSEditPolicy"]',
    } <= set(changes)
    assert "203.0.113.0/24" in json.dumps(changes["aws_eks_cluster.this"])


def _changes(planned: Any, stack: str) -> dict[str, Any]:
    found = next(each for each in planned["stacks"] if each["stack"] == stack)
    return {each["local_address"]: each for each in found["changes"]}
