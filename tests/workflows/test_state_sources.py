"""``--from`` means exactly one place, or says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landform.aws.emulator import emulated_access
from landform.errors import LandformError
from landform.workflows.records import BucketRecords, LocalRecords
from landform.workflows.state_homes import BucketHome
from landform.workflows.state_sources import read_source
from workflows.place_kit import Shop


@pytest.mark.parametrize(
    ("text", "address", "region", "records"),
    [
        ("s3://old/shop", "s3://old/shop/dev/net/terraform.tfstate", "us-east-1", "landform/shop/dev"),
        ("s3://old/a/b/shop/?region=eu-west-1", "s3://old/a/b/shop/dev/net/terraform.tfstate", "eu-west-1",
         "a/b/landform/shop/dev"),
        ("s3://old-{environment}-{region}/{project}", "s3://old-dev-us-east-1/shop/dev/net/terraform.tfstate",
         "us-east-1", "landform/shop/dev"),
        ("s3://old", "s3://old/dev/net/terraform.tfstate", "us-east-1", None),
        ("s3://old/{stack}-{environment}.tfstate", "s3://old/net-dev.tfstate", "us-east-1", None),
        ("s3://old/shop/{environment}/{stack}/terraform.tfstate", "s3://old/shop/dev/net/terraform.tfstate",
         "us-east-1", "landform/shop/dev"),
    ],
)  # fmt: skip
def test_a_bucket(shop: Shop, text: str, address: str, region: str, records: str | None) -> None:
    place = replace(shop.place(), access=emulated_access("http://127.0.0.1:9", None, "us-east-1"))
    found = read_source(place, text)
    assert isinstance(found.home, BucketHome)
    assert (found.home.address("net"), found.home.region) == (address, region)
    assert (found.records.prefix if isinstance(found.records, BucketRecords) else None) == records


def test_folders(shop: Shop) -> None:
    place = shop.place()
    own = read_source(place, "local")
    assert own.home.address("net") == str(place.state_dir / "net" / "dev" / "terraform.tfstate")
    assert isinstance(own.records, LocalRecords)
    assert read_source(place, own.home.where) == own, "what landform prints is what it takes"
    other = read_source(place, "local:/mnt/states")
    assert other.home.address("net") == "/mnt/states/net/dev/terraform.tfstate"
    assert other.records is None
    whole = read_source(place, "local:old/{environment}-{stack}.tfstate")
    assert whole.home.address("net") == str(place.home / "old" / "dev-net.tfstate")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("old-bucket/shop", "names no place of states"),
        ("https://old/shop", "names no place of states"),
        ("", "names no place of states"),
        ("s3:///shop", "names no bucket"),
        ("s3://old/shop?profile=x", "region=REGION after the '[?]', and nothing else"),
        ("s3://old/{workspace}", "holds {workspace}"),
        ("local:{0.__class__}", "holds {0.__class__}"),
    ],
)
def test_what_is_wrong_is_said(shop: Shop, text: str, what: str) -> None:
    with pytest.raises(LandformError, match=what) as failure:
        read_source(shop.place(), text)
    assert "It is one of" in failure.value.way_out or "It may hold" in failure.value.way_out
