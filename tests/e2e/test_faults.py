"""A project with many faults hears of all of them at once, and nothing is written."""

from __future__ import annotations

import re

import pytest

from e2e.conftest import MakeProject

pytestmark = pytest.mark.e2e

PROJECT = """\
project: shop
backend: local
stacks:
  a b:
    module: network
    inputs: {cidr: x}
  network:
    module: network
    inputs:
      cidr: [1, 2]
      cidrr: x
  web:
    module: wep
  api:
    module: web
    inputs:
      log_group: ${stack.network.log_grup}
      greeting: ${stack.nowhere.x}
    depends_on: [api]
"""
NETWORK = """\
variable "cidr" {
  type = string
}

output "log_group" {
  value = var.cidr
}
"""
WEB = """\
variable "log_group" {
  type = string
}

variable "greeting" {
  type = string
}
"""
EXPECTED = {
    "landform.yaml:4": "bad stack name 'a b'",
    "landform.yaml:10": "input 'cidr'",
    "landform.yaml:11": "has no input 'cidrr'",
    "landform.yaml:13": "unknown module 'wep'",
    "landform.yaml:14": "circle: api → api",
    "landform.yaml:17": "no output 'log_grup'",
    "landform.yaml:18": "unknown stack 'nowhere'",
    "environments/dev/environment.yaml:1": "region",
    "environments/dev/environment.yaml:2": "unknown key 'protectd'",
    "environments/dev/terraform.tfvars:2": "unknown variable 'typo'",
}


@pytest.mark.parametrize("command", [("plan", "dev", "--sandbox"), ("apply", "dev", "--sandbox", "--yes")])
def test_ten_faults_get_ten_lines_in_one_run(make_project: MakeProject, command: tuple[str, ...]) -> None:
    project = make_project(
        {
            "landform.yaml": PROJECT,
            "modules/network/main.tf": NETWORK,
            "modules/web/main.tf": WEB,
            "environments/dev/environment.yaml": "region: mars\nprotectd: true\n",
            "environments/dev/terraform.tfvars": "\ntypo = 1\n",
        }
    )
    before = sorted(project.folder.rglob("*"))

    ended = project.landform(*command, code=1)

    *lines, last = ended.err.splitlines()
    found = dict(line.split(": ", 1) for line in lines)
    assert found.keys() == EXPECTED.keys(), ended.err
    for where, words in EXPECTED.items():
        assert words in found[where]
    assert re.match(r"error: 10 faults in the project\. Nothing was written\.$", last)
    assert not ended.out
    assert sorted(project.folder.rglob("*")) == before
