"""Environments of different accounts in one sandbox keep to themselves."""

from __future__ import annotations

import pytest

from e2e.conftest import MakeProject
from e2e.small_projects import NETWORK, project_file

pytestmark = pytest.mark.e2e

ACCOUNTS = {"dev": "111111111111", "staging": "222222222222"}


def test_each_environment_lives_in_its_own_account(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(
                "  network:\n    module: network\n    inputs: {cidr: '${var.cidr}'}\n"
            ),
            "modules/network/main.tf": NETWORK,
            **{
                f"environments/{name}/environment.yaml": f'region: us-east-1\naccount_id: "{account}"\n'
                for name, account in ACCOUNTS.items()
            },
            **{f"environments/{name}/terraform.tfvars": f'cidr = "of {name}"\n' for name in ACCOUNTS},
        }
    )
    project.landform("apply", "dev", "--sandbox", "--yes")
    assert project.parameters(ACCOUNTS["staging"]) == {}
    project.landform("apply", "staging", "--sandbox", "--yes")

    for name, account in ACCOUNTS.items():
        assert project.parameters(account) == {"/shop/cidr": (f"of {name}", 1)}
    assert project.parameters() == {}
    outputs = [
        project.landform("output", name, "--sandbox", "--json").json["network"]["log_group"]
        for name in ACCOUNTS
    ]
    assert len(set(outputs)) == 2
