"""Ten plan cases of one module: tftest, which plans and shows each; one ``init`` for all of a worker."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import tftest  # type: ignore[import-not-found]

BUCKET = Path(__file__).parent / "bucket"


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Any:
    copy = shutil.copytree(BUCKET, tmp_path_factory.mktemp("copy") / "bucket")
    found = tftest.TerraformTest(str(copy))
    found.setup()
    return found


@pytest.mark.parametrize("name", [f"case-{n}" for n in range(10)])
def test_name(terraform: Any, name: str) -> None:
    plan = terraform.plan(output=True, tf_vars={"name": name})
    assert plan.resources["aws_s3_bucket.this"]["values"]["bucket"] == name
