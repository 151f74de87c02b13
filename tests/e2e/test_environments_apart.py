"""Environments share the roots and nothing else: workspaces in one bucket, or accounts with a bucket each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import LANDFORM, ProjectKit
from e2e.small_projects import project_file

pytestmark = pytest.mark.e2e

NAMES = ("dev", "staging", "prod")
ACCOUNTS = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}
MODULE = """\
variable "greeting" {
  type = string
}

resource "aws_ssm_parameter" "greeting" {
  name           = "/shop/${terraform.workspace}/greeting"
  type           = "String"
  insecure_value = var.greeting
}

output "greeting" {
  value = aws_ssm_parameter.greeting.insecure_value
}
"""


def _files(bucket: str, accounts: Mapping[str, str]) -> dict[str, str]:
    stack = "  app:\n    module: app\n    inputs: {greeting: '${var.greeting}'}\n"
    files = {
        "landform.yaml": project_file(stack, f'{{s3: {{bucket: "{bucket}", region: us-east-1}}}}'),
        "modules/app/main.tf": MODULE,
    }
    for name in NAMES:
        account = f'account_id: "{accounts[name]}"\n' if name in accounts else ""
        files[f"environments/{name}/environment.yaml"] = f"region: us-east-1\n{account}"
        files[f"environments/{name}/terraform.tfvars"] = f'greeting = "of {name}"\n'
    return files


def _states(project: ProjectKit, bucket: str, account: str) -> list[str]:
    listed = project.aws("s3", account).list_objects_v2(Bucket=bucket).get("Contents", ())
    return [each["Key"] for each in listed if each["Key"].endswith(".tfstate")]


def _outputs(project: ProjectKit, name: str) -> object:
    found = project.landform("output", name, "--sandbox", "--json").json
    return found.get("app", {}).get("greeting")


def test_three_workspaces_of_one_bucket(make_project: MakeProject) -> None:
    project = make_project(_files("shop-states", {}))
    for name in NAMES:
        assert _outputs(project, name) is None
        project.landform("apply", name, "--sandbox", "--yes")
    assert _states(project, "shop-states", "123456789012") == sorted(
        f"shop/{name}/app/terraform.tfstate" for name in NAMES
    ), "and none is that of the workspace default, whose key has no environment in it"
    assert [_outputs(project, name) for name in NAMES] == [f"of {name}" for name in NAMES]
    assert sorted(project.parameters()) == sorted(f"/shop/{name}/greeting" for name in NAMES)


def test_three_accounts_with_a_bucket_each(make_project: MakeProject) -> None:
    project = make_project(_files("states-{account_id}", ACCOUNTS))
    for name in NAMES:
        project.landform("apply", name, "--sandbox", "--yes")
    for name, account in ACCOUNTS.items():
        assert _states(project, f"states-{account}", account) == [f"shop/{name}/app/terraform.tfstate"]
        assert project.parameters(account) == {f"/shop/{name}/greeting": (f"of {name}", 1)}
    assert project.parameters() == {}
    for other in ("default", "dev", "staging"):
        assert _outputs_through(project, "prod", other) == {}, "prod's configuration knows prod's state alone"
    assert _outputs_through(project, "prod", "prod")["greeting"]["value"] == "of prod"


def _outputs_through(project: ProjectKit, environment: str, workspace: str) -> dict[str, Any]:
    """The outputs in what plain terraform reads of a workspace with the configuration of an environment."""
    terraform = project.landform("engine", "path").out.strip()
    script = f"""
        set -e
        eval "$({LANDFORM} sandbox env {environment})"
        cd generated/app
        {terraform} init -input=false -reconfigure \
          -backend-config=../environments/{environment}.s3.tfbackend >/dev/null
        TF_WORKSPACE={workspace} {terraform} state pull
    """
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project.folder,
        env=project.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    state: dict[str, Any] = json.loads(done.stdout or "{}")
    assert bool(state.get("resources")) == bool(state.get("outputs"))
    return dict(state.get("outputs", {}))
