"""Every tagged resource of every region, page after page, each once; what is in the way is said."""

from __future__ import annotations

import socket

import pytest

from landform.aws.emulator import emulated_access
from landform.aws.sandbox import Sandbox
from landform.aws.session import AwsClient, client
from landform.aws.tagged import SERVICE, global_region, tagged_resources
from landform.errors import LandformError

TAGS = {"Project": "shop", "Environment": "dev"}


def test_all_pages_of_all_regions_and_nobody_elses(sandbox: Sandbox) -> None:
    access = emulated_access(sandbox.endpoint_url, None, "eu-west-1")
    for region, count in (("eu-west-1", 105), ("us-east-1", 1)):
        logs = client(access, "logs", region)
        for number in range(count):
            logs.create_log_group(logGroupName=f"g{number:03}", tags=TAGS | {"Stack": "web"})
        logs.create_log_group(logGroupName="of-prod", tags=TAGS | {"Environment": "prod"})
        logs.create_log_group(logGroupName="of-nobody")
    client(access, "s3", "us-east-1").create_bucket(Bucket="everywhere")
    tags = [{"Key": name, "Value": value} for name, value in TAGS.items()]
    client(access, "s3", "us-east-1").put_bucket_tagging(Bucket="everywhere", Tagging={"TagSet": tags})

    def client_of(region: str) -> AwsClient:
        return client(access, SERVICE, region)

    found = list(tagged_resources(client_of, ["eu-west-1", "us-east-1"], TAGS))

    names = [(each.region, each.arn.rpartition(":")[2]) for each in found]
    groups = {name for name in names if name[1].startswith("g")}
    assert groups == {("eu-west-1", f"g{n:03}") for n in range(105)} | {("us-east-1", "g000")}
    assert len(names) == len(groups) + 1
    assert len({each.arn for each in found}) == len(found)
    assert next(each.tags for each in found if each.arn.endswith(":g001")) == TAGS | {"Stack": "web"}


def test_a_region_that_does_not_answer_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    access = emulated_access(url, None, "eu-west-1")
    with pytest.raises(LandformError, match="could not list the tagged resources in eu-west-1: no answer"):
        list(tagged_resources(lambda region: client(access, SERVICE, region), ["eu-west-1"], TAGS))


@pytest.mark.parametrize(
    ("region", "home"),
    [("eu-west-1", "us-east-1"), ("us-gov-east-1", "us-gov-west-1"), ("cn-north-1", "cn-northwest-1")],
)
def test_services_without_regions_are_listed_in_one(region: str, home: str) -> None:
    assert global_region(region) == home
