"""A project that uses every feature the generator knows, and text that tries to become code."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.project import Project, load_project

HOSTILE = 'a"b\\c\n${file("/etc/passwd")} %{ if true } $${x} é\t\u2028\x7f #{}'

NET = """
variable "name" {}
variable "tags" {}
variable "ephemeral" {}
variable "cidr" {
  description = "Range, such as \\"10.0.0.0/16\\"."
  type        = string
}
variable "anything" {
  default = null
}
variable "escaped" {
  default = null
}
output "id" {
  description = "Id of \\"it\\"."
  value       = 1
}
output "a_much_longer_name" {
  value = 1
}
output "password" {
  value     = 1
  sensitive = true
}
"""
APP = """
variable "net" {}
variable "token" {
  type      = string
  sensitive = true
}
variable "anything" {
  default = null
}
output "url" {
  value = 1
}
"""
STACKS = """
project: shop
variables:
  limits:
    type: "object({min=number,max = optional( number , 2)})"
    description: 'The "limits" of ${it}.'
    default: {min: 1}
  zones: {type: "list( string )", default: [a, b]}
stacks:
  network:
    module: net
    providers:
      us_east_1: {region: us-east-1}
      other: {region: "${var.second}"}
    inputs:
      cidr: ${var.cidr}
      escaped: $${var.cidr} %{if var.cidr}
      anything:
        hostile: HOSTILE
        HOSTILE: 1
        "null": null
        number: 1.50
        small: 1.0e-7
        big: 1.0e+30
        yes_or_no: true
        empty: {list: [], map: {}}
        list: [one, 2, {deep: [{deeper: {deepest: x}}, []]}]
        long: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc, d]
        sum: ${var.limits.min+1}
        one_line_then_many: ${merge({a=1},{b = var.limits})}
        many: |-
          ${[
            for zone, index in {for i,z in var.zones : z=>i} :   # a comment
              "${zone}-${index+1}"
            if index>0
          ]}
        object: |-
          ${{
            min = var.limits.min
            longer = [
              "x",
              var.limits.max,
            ]
          }}
        text: |
          Hello ${join( ",",var.zones )},
            100% ${upper("${environment.name}")} $${not} %{not}
  data-base:
    module: net
    inputs: {cidr: "${var.cidr}"}
    depends_on: [network]
  app:
    module: app
    teardown: true
    providers:
      other: {region: eu-west-1}
    inputs:
      net: ${stack.network.id}
      token: ${var.token}
      anything:
        - ${stack.data-base.a_much_longer_name}
        - ${stack.empty.vpc_id}
        - [for, '${stack.network.id == 1 ? stack.data-base.id : environment.tags["a b"]}']
  empty:
    module: vpc
    inputs: {cidr: "${var.cidr}"}
"""
LOCAL = "backend: local\n"
S3_ONE = (
    "backend: {s3: {bucket: 'state-{project}', region: us-east-1, key_prefix: team/x, kms_key_id: alias/k}}\n"
)
S3_EACH = "backend: {s3: {bucket: 'state-{account_id}-{region}'}}\n"
ENVIRONMENT = """
region: us-east-1
account_id: "123456789012"
ephemeral: true
tags: {Owner: HOSTILE, HOSTILE: x, A: 1}
"""
ROLE = """\
assume_role_arn: arn:aws:iam::123456789012:role/deploy
plan_role_arn: arn:aws:iam::123456789012:role/look
assume_role: {external_id: "of:shop/1", duration: 2h}
"""
VALUES = 'cidr = "10.77.0.0/16"\nsecond = "eu-west-1"\ntoken = "x"\n'


@pytest.fixture
def rich(write: Callable[[Mapping[str, str]], Path]) -> Callable[..., Project]:
    """A function that makes the project with a backend, and with or without a role to assume."""

    def make(backend: str = LOCAL, role: str = "") -> Project:
        hostile = json.dumps(HOSTILE).replace("\x7f", "\\x7f")
        folder = write(
            {
                "landform.yaml": STACKS.replace("HOSTILE", hostile) + backend,
                "modules/net/main.tf": NET,
                "modules/app/main.tf": APP,
                "environments/dev/environment.yaml": ENVIRONMENT.replace("HOSTILE", hostile) + role,
                "environments/dev/terraform.tfvars": VALUES,
                "environments/prod/environment.yaml": "region: eu-west-1\naccount_id: '210987654321'\n",
                "environments/prod/terraform.tfvars": VALUES,
            }
        )
        return load_project(folder)

    return make
