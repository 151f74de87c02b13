"""Who changed what has drifted: asked where CloudTrail keeps it, of a few objects, or left out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aws.trail_kit import CloudTrail, cloud_trail, event
from landform.aws.emulator import emulated_access
from landform.workflows.drift_context import MOST, unmanaged_in, who_changed
from landform.workflows.place import Place
from workflows.place_kit import Shop


@pytest.fixture
def known() -> Iterator[CloudTrail]:
    with cloud_trail() as found:
        yield found


@pytest.fixture
def place(shop: Shop, known: CloudTrail) -> Place:
    """The shop's place, in an account whose only service is CloudTrail."""
    here = shop.place()
    environment = replace(here.environment, region="eu-west-1")
    return replace(here, environment=environment, access=emulated_access(known.url, None, "eu-west-1"))


def test_each_object_is_asked_about_where_its_events_are(place: Place, known: CloudTrail) -> None:
    known.events["web"] = [event("UpdateRole")]
    objects = [
        ("web", "arn:aws:iam::1:role/web"),
        ("arn:aws:s3:::files",),
        ("arn:aws:rds:eu-central-1:1:db:shop",),
        ("sg-1",),
    ]
    found, silent = who_changed(place, objects)
    assert [each.event if each else None for each in found] == ["UpdateRole", None, None, None]
    assert [region for region, _ in known.asked] == ["us-east-1", "eu-west-1", "eu-central-1", "eu-west-1"]
    assert silent == ""


def test_no_more_objects_than_can_be_asked_about_in_time(place: Place, known: CloudTrail) -> None:
    found, _ = who_changed(place, [(f"sg-{number}",) for number in range(MOST + 5)])
    assert len(found) == len(known.asked) == MOST


def test_where_it_may_not_be_asked_one_line_says_so(place: Place, known: CloudTrail) -> None:
    known.denied = True
    assert who_changed(place, [("sg-1",), ("sg-2",)]) == ((), "CloudTrail: not allowed")
    assert len(known.asked) == 1


def test_tagged_objects_that_can_not_be_listed_are_a_note(place: Place) -> None:
    nowhere = replace(place, access=emulated_access("http://127.0.0.1:9", None, "eu-west-1"))
    found, silent = unmanaged_in(nowhere)
    assert found == ()
    assert silent.startswith("Tagged objects in no state: could not list the tagged resources in eu-west-1")
