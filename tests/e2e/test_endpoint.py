"""Another emulator than the sandbox; what a real shell holds for real AWS reaches neither it nor anybody."""

from __future__ import annotations

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit, emulator_client
from e2e.recorders import recording_emulator, recording_proxy
from e2e.small_projects import ENVIRONMENT, NETWORK, project_file

pytestmark = pytest.mark.e2e

REAL = {
    "AWS_ACCESS_KEY_ID": "AKIAQ7REALKEYINENV00",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIrealsecretinenv0000000000",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjrealTokenInEnv",
    "AWS_PROFILE": "prod",
    "AWS_ENDPOINT_URL_SSM": "https://ssm.us-east-1.amazonaws.com",
}
IN_FILES = "[{}]\naws_access_key_id = AKIAQ7REALKEYINFILE0\naws_secret_access_key = realsecretinfile\n"
NEEDLES = (*(REAL[name] for name in list(REAL)[:3]), "AKIAQ7REALKEYINFILE0", "realsecretinfile")

PROVIDERS = ".terraform.io,.hashicorp.com,.opentofu.org,.github.com,.githubusercontent.com"
"""Where providers come from on a machine without a mirror: what else is asked for is asked of the proxy."""


def test_no_real_credential_is_used_or_sent(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(
                "  network:\n    module: network\n    inputs: {cidr: '${var.cidr}'}\n", "local"
            ),
            "modules/network/main.tf": NETWORK,
            "environments/dev/environment.yaml": ENVIRONMENT,
            "environments/dev/terraform.tfvars": 'cidr = "one"\n',
            "aws/credentials": IN_FILES.format("default") + IN_FILES.format("prod"),
            "aws/config": "[profile prod]\nregion = eu-west-1\n",
        }
    )
    project.env = REAL | {
        "AWS_SHARED_CREDENTIALS_FILE": str(project.folder / "aws" / "credentials"),
        "AWS_CONFIG_FILE": str(project.folder / "aws" / "config"),
    }
    with recording_emulator() as (endpoint, received), recording_proxy() as (proxy, asked):
        project.env |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
        project.env |= dict.fromkeys(("NO_PROXY", "no_proxy"), PROVIDERS)
        project.landform("apply", "dev", "--endpoint-url", endpoint, "--yes")
        found = emulator_client(endpoint, "ssm").get_parameter(Name="/shop/cidr")["Parameter"]

    assert (found["Value"], found["Version"]) == ("one", 1)
    assert any("Credential=testing/" in request.text for request in received)
    assert [request for request in received if any(needle in request.text for needle in NEEDLES)] == []
    assert asked == []
    _has_no_sandbox(project)


def _has_no_sandbox(project: ProjectKit) -> None:
    assert project.sandbox == {}
    assert project.landform("sandbox", "status", code=1).out.startswith("No sandbox")
