"""Ten plan cases of one module: landform's plugin plans them together."""

import pytest

from landform.testing import PlannedModule

pytestmark = pytest.mark.tf("bucket")
CASES = [pytest.param(f"case-{n}", marks=pytest.mark.tf(vars={"name": f"case-{n}"})) for n in range(10)]


@pytest.mark.parametrize("name", CASES)
def test_name(tf_plan: PlannedModule, name: str) -> None:
    assert tf_plan["aws_s3_bucket.this"].bucket == name
