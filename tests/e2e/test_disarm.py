"""A destroy that would fail half way does not begin; what may be lifted is lifted first, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import Ended, ProjectKit, works_as
from e2e.small_projects import ENVIRONMENT, project_file

pytestmark = [pytest.mark.e2e, pytest.mark.terraform]

_DATA = """\
variable "note" {
  type = string
}

resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  tags                        = { Note = var.note }

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_s3_bucket" "files" {
  for_each = toset(["full", "empty"])
  bucket   = "shop-${each.key}"
}

resource "aws_s3_bucket_versioning" "files" {
  for_each = aws_s3_bucket.files
  bucket   = each.value.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_ecr_repository" "images" {
  name = "shop/web"
}

resource "aws_secretsmanager_secret" "token" {
  name = "token"
}

resource "aws_ssm_parameter" "note" {
  name           = "/shop/note"
  type           = "String"
  insecure_value = var.note
}
"""
_NET = """\
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.this.id
}
"""
_FILES = {
    "landform.yaml": project_file(
        "  net:\n    module: net\n"
        "  data:\n    module: data\n    inputs: {note: '${var.note}'}\n    depends_on: [net]\n",
        "local",
    ),
    "modules/net/main.tf": _NET,
    "modules/data/main.tf": _DATA,
    "environments/dev/environment.yaml": ENVIRONMENT,
    "environments/dev/terraform.tfvars": 'note = "first"\n',
}
_DATABASE = """\
resource "aws_db_instance" "orders" {
  identifier                = "orders"
  engine                    = "postgres"
  instance_class            = "db.t4g.micro"
  allocated_storage         = 20
  username                  = "orders"
  password                  = "not-a-real-one"
  deletion_protection       = true
  final_snapshot_identifier = "last"
}
"""
_TABLE = "module.data.aws_dynamodb_table.orders"
_BUCKET = 'module.data.aws_s3_bucket.files["full"]'
_IMAGES = "module.data.aws_ecr_repository.images"
_SECRET = "module.data.aws_secretsmanager_secret.token"


@pytest.fixture
def project(make_project: MakeProject) -> ProjectKit:
    """Applied, with data in it, and with changes of the code and of a value that wait."""
    made = make_project(_FILES)
    made.landform("apply", "dev", "--sandbox", "--yes")
    s3 = made.aws("s3")
    s3.put_object(Bucket="shop-full", Key="k", Body=b"1")
    s3.delete_object(Bucket="shop-full", Key="k")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}
    made.aws("ecr").put_image(repositoryName="shop/web", imageManifest=json.dumps(manifest), imageTag="1")
    made.write({"environments/dev/terraform.tfvars": 'note = "second"\n'})
    made.replace(
        "modules/data/main.tf", 'name = "shop/web"', 'name = "shop/web"\n  image_tag_mutability = "IMMUTABLE"'
    )
    return made


def _destroy(project: ProjectKit, *options: str, code: int = 0) -> Ended:
    return project.landform("destroy", "dev", "--sandbox", *options, code=code)


def _standing(project: ProjectKit) -> dict[str, Any]:
    """What stands in the account, as far as a disarm or a destroy could have changed it."""
    tables = project.aws("dynamodb")
    names = tables.list_tables()["TableNames"]
    return {
        "protected": [
            tables.describe_table(TableName=n)["Table"]["DeletionProtectionEnabled"] for n in names
        ],
        "tags": [
            tables.list_tags_of_resource(ResourceArn=tables.describe_table(TableName=n)["Table"]["TableArn"])[
                "Tags"
            ]
            for n in names
        ],
        "buckets": [each["Name"] for each in project.aws("s3").list_buckets()["Buckets"]],
        "images": [
            (each["repositoryName"], each["imageTagMutability"])
            for each in project.aws("ecr").describe_repositories()["repositories"]
        ],
        "parameters": project.parameters(),
        "secrets": project.aws("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"],
    }


def _runs(project: ProjectKit) -> list[str]:
    """What ran, by its history: runs are named after what they do."""
    entries = project.landform("audit", "dev", "--sandbox", "--json").json["entries"]
    return [each["run"].split("-")[-2] for each in entries if each["event"] == "apply ended"]


def test_all_that_resists_is_named_before_anything_is_touched_and_goes_where_that_is_allowed(
    project: ProjectKit,
) -> None:
    ec2 = project.aws("ec2")
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])[
        "SecurityGroups"
    ]
    (subnet,) = ec2.describe_subnets(Filters=[{"Name": "cidr-block", "Values": ["10.0.0.0/24"]}])["Subnets"]
    made = ec2.create_network_interface(SubnetId=subnet["SubnetId"], Groups=[group["GroupId"]])
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    before = _standing(project)

    said = _destroy(project, "--yes", code=3).err
    assert f"{_TABLE}: deletion protection is on" in said
    assert f"{_BUCKET}: it has objects in it" in said
    assert f"{_IMAGES}: it has images in it" in said
    assert f"module.net.aws_security_group.web: in use by {interface}" in said
    assert '["empty"]' not in said
    assert "--remedies purge --sandbox" in said
    said = _destroy(project, "--yes", "--remedies", "purge", code=3).err
    assert f"in use by {interface}" in said
    assert _TABLE not in said
    assert _SECRET not in said
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    said = _destroy(project, "--yes", "--remedies", "disarm", code=3).err
    assert _BUCKET in said
    assert _IMAGES in said
    assert _TABLE not in said
    assert _standing(project) == before
    assert _runs(project) == ["apply"]

    stages = _destroy(project, "--yes", "--remedies", "purge", "--json").json["stages"]

    assert {each["address"] for each in stages[0]["obstacles"]} == {_TABLE, _BUCKET, _IMAGES, _SECRET}
    lifting, destroying = (stage["counts"] for stage in stages[1:])
    assert {name: number for name, number in lifting.items() if number} == {"update": 4}
    assert {name: number for name, number in destroying.items() if number} == {"delete": 11}
    assert not any(_standing(project).values())
    assert _runs(project) == ["apply", "disarm", "destroy"]


def test_the_flags_are_approved_by_themselves_and_the_destroy_after_them_is_too(project: ProjectKit) -> None:
    before = _standing(project)
    project.env |= works_as("pam")
    project.write(
        {"environments/dev/environment.yaml": ENVIRONMENT + "approvals: {required: 1, critical: 0}\n"}
    )
    lifting = ("--disarm", "--remedies", "purge", "--sandbox", "--json")
    plan = project.landform("plan", "dev", *lifting, code=2).json
    changes = [change for stack in plan["stacks"] for change in stack["changes"]]
    shown = {each["address"]: [diff["path"] for diff in each["attributes"]] for each in changes}
    assert shown == {
        _TABLE: ["deletion_protection_enabled"],
        _BUCKET: ["force_destroy"],
        _IMAGES: ["force_delete"],
        _SECRET: ["recovery_window_in_days"],
    }
    assert "0 of 1 approvals" in _destroy(project, "--remedies", "purge", code=3).err
    assert _standing(project) == before
    _approve(project, plan["digest"])

    done = _destroy(project, "--remedies", "purge", code=3)

    assert "0 of 1 approvals" in done.err
    assert _standing(project) == before | {"protected": [False]}, "only what was approved"
    asked = project.landform("plan", "dev", "--destroy", "--sandbox", "--json", code=2).json
    _approve(project, asked["digest"])
    _destroy(project)
    assert not any(_standing(project).values())
    assert "Nothing in dev resists a destroy." in project.landform("plan", "dev", "--disarm", "--sandbox").out


def _approve(project: ProjectKit, digest: str) -> None:
    before, project.env = project.env, project.env | works_as("ann")
    project.landform("approve", "dev", "--plan", digest[:12], "--sandbox", "--yes")
    project.env = before


def test_a_final_snapshot_whose_name_is_taken_gets_one_of_its_own(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file("  db: {module: db}\n", "local"),
            "modules/db/main.tf": _DATABASE,
            "environments/dev/environment.yaml": ENVIRONMENT + "ephemeral: true\n",
            "environments/dev/terraform.tfvars": "",
        }
    )
    project.landform("apply", "dev", "--sandbox", "--yes")
    rds = project.aws("rds")
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="last")

    said = _destroy(project, "--yes").out

    assert "module.db.aws_db_instance.orders  deletion protection is on" in said
    assert "module.db.aws_db_instance.orders  a snapshot 'last' exists" in said
    assert rds.describe_db_instances()["DBInstances"] == []
    last, unique = sorted(
        (each["DBSnapshotIdentifier"] for each in rds.describe_db_snapshots()["DBSnapshots"]), key=len
    )
    assert last == "last"
    assert unique.startswith("dev-db-final-")
