"""CloudTrail tells who changed a resource last; reads, failures and Terraform itself are nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws.trail_kit import CloudTrail, cloud_trail, event
from landform.aws.emulator import emulated_access
from landform.aws.session import client
from landform.aws.trail import SERVICE, Asked, TrailEvent, last_changes
from landform.errors import LandformError

TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.100.0"
)


@pytest.fixture
def known() -> Iterator[CloudTrail]:
    with cloud_trail() as found:
        yield found


def _changes(known: CloudTrail, *objects: Asked, pauses: list[str] | None = None) -> list[TrailEvent | None]:
    access = emulated_access(known.url, None, "eu-west-1")
    noted: list[str] = [] if pauses is None else pauses
    return list(
        last_changes(lambda region: client(access, SERVICE, region), objects, lambda: noted.append("pause"))
    )


def test_the_last_change_by_a_person(known: CloudTrail) -> None:
    known.events["db-1"] = [
        event("DescribeDBInstances", at=40),
        event("ModifyDBInstance", by="arn:aws:iam::1:user/denied", at=30, errorCode="AccessDenied"),
        event("ModifyDBInstance", by="arn:aws:iam::1:role/ci", at=20, userAgent=TERRAFORM),
        event("ModifyDBInstance", by="arn:aws:iam::1:user/bob", at=10),
        event("CreateDBInstance"),
    ]
    (found,) = _changes(known, ("eu-west-1", ("db-1",)))
    assert found == TrailEvent("ModifyDBInstance", "arn:aws:iam::1:user/bob", "2026-09-21T14:13:30Z")


def test_names_are_tried_in_turn_with_a_pause_between(known: CloudTrail) -> None:
    known.events["arn:two"] = [event("PutBucketTagging")]
    pauses: list[str] = []
    objects = [("us-east-1", ("one", "arn:two", "three")), ("us-east-1", ("four",))]
    found = _changes(known, *objects, pauses=pauses)
    assert [each and each.event for each in found] == ["PutBucketTagging", None]
    assert known.asked == [("us-east-1", name) for name in ("one", "arn:two", "four")]
    assert len(pauses) == 2


def test_who_may_not_ask_is_told(known: CloudTrail) -> None:
    known.denied = True
    with pytest.raises(LandformError, match="could not ask CloudTrail: access denied"):
        _changes(known, ("us-east-1", ("one",)))
