"""Six applied buckets, each asked for with boto3: tftest, in copies, for it works in the module's folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import tftest  # type: ignore[import-not-found]

BUCKET = Path(__file__).parent / "bucket"


@pytest.fixture
def outputs(tmp_path: Path) -> Iterator[Any]:
    name = tmp_path.name.replace("_", "-")
    variables = {"name": f"{name}-{tmp_path.parent.name}", "tags": '{"env":"test"}'}
    copy = shutil.copytree(BUCKET, tmp_path / "bucket")
    terraform = tftest.TerraformTest(str(copy))
    terraform.setup()
    terraform.apply(tf_vars=variables)
    yield terraform.output()
    terraform.destroy(tf_vars=variables)


@pytest.mark.parametrize("number", range(6))
def test_bucket(outputs: Any, number: int) -> None:
    answer = boto3.client("s3").get_bucket_tagging(Bucket=outputs["bucket"])
    assert answer["TagSet"] == [{"Key": "env", "Value": "test"}]
