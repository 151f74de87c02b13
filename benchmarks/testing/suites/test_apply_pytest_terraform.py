"""Six applied buckets, each asked for with boto3: pytest-terraform.

It gives a module no variables; those of the environment give each worker a name of its own.
"""

import os
from typing import Any

import boto3
import pytest
from pytest_terraform import terraform  # type: ignore[import-not-found]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ.update({"TF_VAR_name": f"bench-{WORKER}", "TF_VAR_tags": '{"env":"test"}'})


@terraform("bucket", scope="function")  # type: ignore[untyped-decorator]
@pytest.mark.parametrize("number", range(6))
def test_bucket(bucket: Any, number: int) -> None:
    answer = boto3.client("s3").get_bucket_tagging(Bucket=bucket.outputs["bucket"]["value"])
    assert answer["TagSet"] == [{"Key": "env", "Value": "test"}]
