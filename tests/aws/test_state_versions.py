"""The versions of one state, newest first, and not those of the lock beside it."""

from __future__ import annotations

from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client
from landform.aws.state_objects import ensure_bucket, get_state, get_state_object
from landform.aws.state_versions import UNVERSIONED, list_versions

KEY = "shop/dev/web/terraform.tfstate"


def _s3(sandbox: Sandbox) -> AwsClient:
    return client(emulated_access(sandbox.endpoint_url, None, "us-east-1"), "s3")


def test_newest_first_with_delete_markers_and_without_the_locks(sandbox: Sandbox) -> None:
    s3 = _s3(sandbox)
    ensure_bucket(s3, "versions", "us-east-1")
    written = [s3.put_object(Bucket="versions", Key=KEY, Body=f"{n}")["VersionId"] for n in range(3)]
    s3.put_object(Bucket="versions", Key=f"{KEY}.tflock", Body="lock")
    marker = s3.delete_object(Bucket="versions", Key=KEY)["VersionId"]

    first, *others = list_versions(s3, "versions", KEY)

    assert (first.id, first.deleted, first.latest) == (marker, True, True)
    assert [each.id for each in others] == written[::-1]
    assert [(each.deleted, each.latest, each.size) for each in others] == [(False, False, 1)] * 3
    assert get_state(s3, "versions", KEY) is None
    oldest = get_state_object(s3, "versions", KEY, written[0])
    assert oldest is not None
    assert oldest.content == b"0"


def test_a_bucket_that_keeps_no_versions_has_one_without_an_id(sandbox: Sandbox) -> None:
    s3 = _s3(sandbox)
    s3.create_bucket(Bucket="no-versions")
    for text in ("1", "2"):
        s3.put_object(Bucket="no-versions", Key=KEY, Body=text)
    assert [each.id for each in list_versions(s3, "no-versions", KEY)] == [UNVERSIONED]
