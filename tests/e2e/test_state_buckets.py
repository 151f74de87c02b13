"""Each environment with a state bucket, a region and a lock table of its own, on a real S3 backend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ACCOUNT, REGION, ProjectKit
from e2e.small_projects import two_stacks

pytestmark = pytest.mark.e2e


_OTHER = "333333333333"


def _files() -> Mapping[str, str]:
    s3 = "{s3: {bucket: dev-states, region: us-east-1, dynamodb_table: locks, use_lockfile: false}}"
    prod = f'region: us-east-1\naccount_id: "{_OTHER}"\n'
    own = "backend: {bucket: prod-states, region: eu-west-1, dynamodb_table: prod-locks}\n"
    return {**two_stacks(s3), "environments/prod/environment.yaml": prod + own}


def test_apply_plan_and_output_go_by_each_environments_own_bucket(make_project: MakeProject) -> None:
    project = make_project(_files())
    project.landform("sandbox", "start")
    for environment, account, region, table in (
        ("dev", ACCOUNT, "us-east-1", "locks"),
        ("prod", _OTHER, "eu-west-1", "prod-locks"),
    ):
        locks = _table(project, table, account, region)
        project.landform("apply", environment, "--sandbox", "--yes")
        project.landform("plan", environment, "--sandbox")
        said = project.landform("output", environment, "--sandbox", "--json").json
        assert said["web"] == {"logs": "/shop/logs"}
        bucket = f"{environment}-states"
        s3 = project.aws("s3", account, region)
        states = {f"shop/{environment}/{stack}/terraform.tfstate" for stack in ("network", "web")}
        found = {each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]}
        assert {key for key in found if key.startswith("shop/")} == states
        where = s3.get_bucket_location(Bucket=bucket).get("LocationConstraint")
        assert where == (None if region == REGION else region)
        digests = {item["LockID"]["S"] for item in locks.scan(TableName=table)["Items"]}
        assert digests == {f"{bucket}/{key}-md5" for key in states}


def test_a_lock_in_the_table_stops_an_apply(make_project: MakeProject) -> None:
    project = make_project(_files())
    project.landform("sandbox", "start")
    table = _table(project, "locks")
    path = "dev-states/shop/dev/network/terraform.tfstate"
    held = {"ID": "1234", "Operation": "OperationTypeApply", "Who": "ann@laptop", "Path": path}
    table.put_item(TableName="locks", Item={"LockID": {"S": path}, "Info": {"S": json.dumps(held)}})
    said = project.landform("apply", "dev", "--sandbox", "--stack", "network", "--yes", code=1)
    assert "ann@laptop" in said.out
    (lock,) = project.landform("state", "locks", "dev", "--sandbox", "--json").json["locks"]
    assert (lock["stack"], lock["who"], lock["life"]) == ("network", "ann@laptop", "unknown")
    assert "/shop/cidr" not in project.parameters()
    table.delete_item(TableName="locks", Key={"LockID": {"S": path}})
    project.landform("apply", "dev", "--sandbox", "--stack", "network", "--yes")
    assert project.locks("dev-states") == []


def _table(project: ProjectKit, name: str, account: str = ACCOUNT, region: str = REGION) -> Any:
    found = project.aws("dynamodb", account, region)
    found.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
    )
    return found
