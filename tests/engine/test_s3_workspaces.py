"""Workspaces on the S3 backend need no creation, and one environment's first ``init`` works beside others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landform.engine import Terraform

pytestmark = pytest.mark.terraform

ROOT = """
terraform {
  backend "s3" {}
}
resource "terraform_data" "one" { input = 1 }
"""

BACKEND = """
bucket                      = "engine-tests"
key                         = "network.tfstate"
region                      = "eu-west-1"
use_lockfile                = true
use_path_style              = true
skip_credentials_validation = true
skip_metadata_api_check     = true
skip_requesting_account_id  = true
access_key                  = "testing"
secret_key                  = "testing"
endpoints                   = {{ s3 = "{url}" }}
"""


@pytest.fixture
def bucket_url() -> Iterator[str]:
    """An S3 on a free port of this machine, with one empty bucket."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_bucket(Bucket="engine-tests")
    yield url
    server.stop()


def test_the_second_environment_initialises_beside_the_first(
    make: Callable[..., Terraform], tmp_path: Path, bucket_url: str
) -> None:
    backend = tmp_path / "backend.hcl"
    backend.write_text(BACKEND.format(url=bucket_url))
    dev, prod = (make(ROOT, workspace=name) for name in ("dev", "prod"))

    async def main() -> None:
        for terraform in (dev, prod):
            await terraform.init(backend)
            assert await terraform.state_list() == ()
            assert await terraform.output() == {}
            plan = tmp_path / f"{terraform.workspace}.bin"
            assert (await terraform.plan(plan)).changes
            applied = await terraform.apply(plan, tmp_path / f"run-{terraform.workspace}")
            assert applied.succeeded, applied
            assert await terraform.state_list() == ("terraform_data.one",)
        assert await dev.workspace_list() == ("default", "dev", "prod")

    asyncio.run(main())
