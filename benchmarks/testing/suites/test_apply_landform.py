"""Six applied buckets, each asked for with boto3: landform's plugin."""

import pytest

from landform.testing import Stack

pytestmark = pytest.mark.tf("bucket", vars={"name": "{unique}", "tags": {"env": "test"}})


@pytest.mark.parametrize("number", range(6))
def test_bucket(tf: Stack, number: int) -> None:
    answer = tf.client("s3").get_bucket_tagging(Bucket=tf.outputs.bucket)
    assert answer["TagSet"] == [{"Key": "env", "Value": "test"}]
