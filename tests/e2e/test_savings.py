"""An hour of what Terraform has made is priced as its plan said, from the states alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from e2e.conftest import MakeProject
from e2e.small_projects import ENVIRONMENT, project_file
from landform.project import load_project
from landform.workflows.place import PlaceOptions, open_place
from landform.workflows.savings import hourly_cost, savings_of
from landform.workflows.sweeping import inventory_before

pytestmark = [pytest.mark.e2e, pytest.mark.terraform]

_MODULE = """\
resource "aws_launch_template" "web" {
  name_prefix   = "web-"
  image_id      = "ami-0abcdef1234567890"
  instance_type = "t3.micro"

  network_interfaces {
    associate_public_ip_address = false
  }
}

resource "aws_autoscaling_group" "web" {
  name_prefix        = "web-"
  availability_zones = ["us-east-1a"]
  min_size           = 2
  desired_capacity   = 2
  max_size           = 2

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_ebs_volume" "data" {
  availability_zone = "us-east-1a"
  size              = 73
  type              = "gp3"
}

resource "aws_eip" "this" {
  domain = "vpc"
}
"""


def test_an_hour_of_what_stands_costs_what_the_plan_said(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file("  web: {module: web, teardown: true}\n"),
            "modules/web/main.tf": _MODULE,
            "environments/dev/environment.yaml": ENVIRONMENT,
        }
    )
    planned = project.landform("plan", "dev", "--sandbox", "--json", code=2).json["cost"]["lines"]
    expected = sum(line["hourly"]["high"] for line in planned if line["hourly"])
    assert expected == pytest.approx(2 * 0.0104 + 73 * 0.08 / 730 + 0.005)
    project.landform("apply", "dev", "--sandbox", "--yes")
    place = open_place(load_project(project.folder), "dev", PlaceOptions(sandbox=True))
    former = inventory_before(place, ["web"])
    assert len(former) == 4
    assert hourly_cost(place, former).high == pytest.approx(expected)
    down = datetime.now(UTC)
    assert savings_of(place, former, down, down + timedelta(hours=100)).usd == round(100 * expected, 2)
    shown = project.landform("teardown", "savings", "dev", "--sandbox", "--actual").out
    assert "no teardown has a certificate yet" in shown
    assert "bill is not known" in shown
