"""Modules that plan about everything that Terraform can plan."""

from __future__ import annotations

import json

SHAPES = {
    "main.tf": """
        variable "number" { default = 1 }
        variable "keys" {
          type    = set(string)
          default = ["k"]
        }
        variable "children" {
          type    = map(list(string))
          default = {}
        }
        variable "secret" {
          type      = string
          default   = null
          sensitive = true
        }
        variable "anything" { default = null }
        variable "nested" {
          type = object({
            list = optional(list(object({ name = optional(string), ports = optional(set(number)) })))
            note = optional(string)
          })
          default = {}
        }

        resource "terraform_data" "counted" {
          count = var.number
          input = { number = count.index, none = null, empty = {}, nothing = [] }
        }
        resource "terraform_data" "keyed" {
          for_each         = var.keys
          input            = each.key
          triggers_replace = [each.key, var.anything]
        }
        resource "terraform_data" "shapes" {
          input = {
            nested   = var.nested
            unknown  = terraform_data.keyed
            partly   = toset(["a", try(terraform_data.counted[0].id, "none")])
            list     = ["a", try(terraform_data.counted[0].id, "none"), null, [terraform_data.late.id]]
            deep     = { only = { unknown = terraform_data.late.output } }
            secret   = { plain = "plain", hidden = var.secret, list = ["a", sensitive({ b = [1, null] })] }
            anything = var.anything
            both     = sensitive({ known = "x", unknown = terraform_data.late.id })
          }
        }
        resource "terraform_data" "secret" {
          input            = var.secret
          triggers_replace = sensitive([terraform_data.late.id])
        }
        resource "terraform_data" "late" {}
        resource "terraform_data" "empty" { count = 0 }

        data "terraform_remote_state" "now" {
          backend = "local"
          config  = { path = "${path.module}/stored.json" }
        }
        data "terraform_remote_state" "later" {
          backend  = "local"
          config   = { path = "${path.module}/stored.json", workspace_dir = terraform_data.late.id }
          defaults = { hidden = sensitive("x"), number = 1 }
        }

        module "child" {
          source   = "./child"
          for_each = var.children
          keys     = each.value
          secret   = var.secret
        }
        module "only" {
          source = "./child"
          count  = 1
          keys   = [data.terraform_remote_state.now.outputs.stored]
          secret = "x"
        }

        output "known" { value = { nested = var.nested, anything = var.anything } }
        output "unknown" { value = terraform_data.late.id }
        output "partly" { value = [for one in terraform_data.counted : one.input.number == 0 ? one.id : "x"] }
        output "null" { value = null }
        output "secret" {
          value     = { a = var.secret, b = terraform_data.late.id }
          sensitive = true
        }
        output "empty" { value = [] }
    """,
    "child/main.tf": """
        variable "keys" { type = list(string) }
        variable "secret" { sensitive = true }
        module "grandchild" {
          source   = "./grandchild"
          for_each = toset(var.keys)
          key      = each.key
        }
        resource "terraform_data" "all" { input = [module.grandchild, var.secret] }
        data "terraform_remote_state" "later" {
          backend = "local"
          config  = { path = terraform_data.all.id }
        }
    """,
    "child/grandchild/main.tf": """
        variable "key" {}
        resource "terraform_data" "this" { input = { "${var.key}" = var.key } }
        output "id" { value = terraform_data.this.id }
    """,
    "stored.json": json.dumps(
        {
            "version": 4,
            "terraform_version": "1.5.0",
            "serial": 1,
            "lineage": "x",
            "outputs": {"stored": {"value": "from the state", "type": "string"}},
            "resources": [],
        }
    ),
}
"""A module of Terraform's built-in provider, its child modules, and a state that it reads."""

_CHANGING = """
variable "name" {}
variable "keys" {
  type    = set(string)
  default = ["a", "b"]
}
variable "password" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "same" { input = "same" }
resource "terraform_data" "updated" { input = { name = var.name, password = var.password } }
resource "terraform_data" "replaced" { triggers_replace = var.name }
resource "terraform_data" "successor_first" {
  triggers_replace = { name = var.name }
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "keyed" {
  for_each = var.keys
  input    = [each.key, terraform_data.replaced.id]
}
resource "terraform_data" "caused" {
  input = "x"
  lifecycle { replace_triggered_by = [terraform_data.updated] }
}
output "name" { value = terraform_data.updated.output.name }
output "password" {
  value     = var.password
  sensitive = true
}
output "replaced" { value = terraform_data.replaced.id }
"""

BEFORE = f"""{_CHANGING}
resource "terraform_data" "old_name" {{ input = "moved" }}
resource "terraform_data" "old_changed" {{ input = var.name }}
resource "terraform_data" "forgotten" {{ input = "forgotten" }}
resource "terraform_data" "gone" {{ input = {{ password = var.password, count = 3 }} }}
resource "terraform_data" "counted" {{ count = 2 }}
output "gone" {{ value = "gone" }}
"""
"""What is applied first."""

AFTER = f"""{_CHANGING}
resource "terraform_data" "new_name" {{ input = "moved" }}
moved {{
  from = terraform_data.old_name
  to   = terraform_data.new_name
}}
resource "terraform_data" "new_changed" {{
  for_each = {{ "a.b" = var.name }}
  input    = each.value
}}
moved {{
  from = terraform_data.old_changed
  to   = terraform_data.new_changed["a.b"]
}}
removed {{
  from = terraform_data.forgotten
  lifecycle {{ destroy = false }}
}}
resource "terraform_data" "counted" {{ count = 1 }}
output "new" {{ value = {{ name = var.name }} }}
"""
"""The same module, further on."""

AWS_BEFORE = """
variable "name" {}
data "aws_caller_identity" "this" {}
resource "aws_sns_topic" "replaced" { name = var.name }
resource "aws_security_group" "web" {
  name = "web"
  tags = { Name = var.name, Account = data.aws_caller_identity.this.account_id }
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
    description = aws_sns_topic.replaced.name
  }
}
resource "aws_ssm_parameter" "secret" {
  name  = "secret"
  type  = "SecureString"
  value = "hunter2-${var.name}"
}
data "aws_iam_policy_document" "publish" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.replaced.arn]
  }
}
output "policy" { value = data.aws_iam_policy_document.publish.json }
"""
"""Tags, sensitive attributes of the provider's own, data that has to be read late."""

AWS_AFTER = f"""{AWS_BEFORE}
resource "aws_security_group" "app" {{
  name        = "app"
  description = "for ${{var.name}}"
  ingress {{
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = ["sg-00000000000000001", aws_security_group.late.id]
  }}
  ingress {{
    from_port       = 81
    to_port         = 81
    protocol        = "tcp"
    security_groups = [aws_security_group.web.id]
    description     = aws_security_group.late.arn
  }}
}}
resource "aws_security_group" "late" {{ name = "late" }}
"""
"""The same and more: nested blocks in sets, with unknown parts."""
