"""The first screen of a dangerous plan: what ends, that it holds data, what hangs on it, who must agree."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from e2e.conftest import MakeProject
from e2e.small_projects import ENVIRONMENT, project_file

pytestmark = pytest.mark.e2e

NETWORK = """\
variable "cidr" {
  type = string
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr, 4, 0)
}

output "zone" {
  value = aws_subnet.this.availability_zone
}
"""
DATABASE = """\
variable "zone" {
  type = string
}

variable "protected" {
  type = bool
}

resource "aws_ebs_volume" "data" {
  availability_zone = var.zone
  size              = 100
  type              = "gp3"
}

resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = var.protected

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_ssm_parameter" "volume" {
  name           = "/shop/volume"
  type           = "String"
  insecure_value = aws_ebs_volume.data.id
}
"""
STACKS = (
    "  network:\n    module: network\n    inputs: {cidr: '${var.vpc_cidr}'}\n"
    "  database:\n    module: database\n"
    "    inputs: {zone: '${stack.network.zone}', protected: '${var.protected}'}\n"
)
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "review.schema.json"


def test_what_matters_is_on_the_first_screen_and_on_the_page(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file(STACKS),
            "modules/network/main.tf": NETWORK,
            "modules/database/main.tf": DATABASE,
            "environments/dev/environment.yaml": ENVIRONMENT,
            "environments/dev/terraform.tfvars": 'vpc_cidr  = "10.0.0.0/16"\nprotected = true\n',
        }
    )
    project.landform("apply", "dev", "--sandbox", "--yes")
    project.replace("environments/dev/terraform.tfvars", "10.0.0.0", "10.1.0.0")
    project.replace("environments/dev/terraform.tfvars", "true", "false")
    project.write({"environments/dev/environment.yaml": f"{ENVIRONMENT}approvals: {{required: 1}}\n"})

    planned = project.landform("plan", "dev", "--sandbox", code=2)

    screen = "\n".join(planned.out.splitlines()[:40])
    assert "critical risk" in screen
    assert "2 approvals needed" in screen, "one more than usual, because data is lost"
    said = re.sub(r"\s+", " ", screen)
    assert "database.aws_ebs_volume.data" in said
    assert "data-loss" in said
    assert "depend" in said
    assert "aws_ssm_parameter.volume" in said
    assert re.search(r"[-+]?\$\d+\.\d\d a month", said)
    assert "deletion_protection_enabled: true → false" in planned.out

    project.landform("show", "--format", "html", "--output", "review.html")
    page = (project.folder / "review.html").read_text()
    for text in ("Needs 2 approvals", "data-loss", "deletion_protection_enabled: true → false", "critical"):
        assert text in page

    document = project.landform("show", "--json").json
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["verdict"]["approvals"] == 2
    assert document["cost"]["monthly"]["low"] == pytest.approx(8, abs=2), "100 GB of gp3"
    assert document["cost"]["difference"] == {"low": 0, "high": 0}
    assert len(document["digest"]) == 64
