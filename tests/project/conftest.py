"""A small project with two modules of its own, to be broken in one place or in many."""

from __future__ import annotations

import pytest

NET = """
variable "cidr" {
  description = "Range of the network."
  type        = string
}
variable "zones" {
  type    = number
  default = 2
}
variable "name" {
  type = string
}
output "id" {
  description = "Id of the network."
  value       = 1
}
output "password" {
  value     = 1
  sensitive = true
}
"""
APP = """
variable "net" {
  type = string
}
variable "secret" {
  type      = string
  default   = null
  sensitive = true
}
variable "rules" {
  description = <<-EOT
    Open ports.
    One object each.
  EOT
  type = list(object({
    port = number
    from = optional(string, "0.0.0.0/0")
  }))
  default = []
}
output "url" {
  value = 1
}
"""
GOOD = """
project: shop
stacks:
  network:
    module: net
    inputs: {cidr: "${var.cidr}"}
  app:
    module: app
    inputs:
      net: ${stack.network.id}
"""


@pytest.fixture
def modules() -> dict[str, str]:
    """The files of the project's own modules ``net`` and ``app``."""
    return {"modules/net/main.tf": NET, "modules/app/main.tf": APP}


@pytest.fixture
def good(modules: dict[str, str]) -> dict[str, str]:
    """The files of a project without a fault."""
    return {
        **modules,
        "landform.yaml": GOOD,
        "environments/dev/environment.yaml": "region: us-east-1\n",
        "environments/dev/terraform.tfvars": 'cidr = "10.0.0.0/16"\n',
    }
