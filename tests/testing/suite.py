"""Small test suites about small modules, run by a pytest of their own with the plugin installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

NOTE = """
variable "name" {
  type = string
  validation {
    condition     = length(var.name) >= 3
    error_message = "The name is too short."
  }
}
variable "keys" {
  type    = set(string)
  default = []
}
variable "password" {
  type      = string
  default   = "nothing-secret"
  sensitive = true
}
resource "terraform_data" "this" {
  input = { name = var.name, password = var.password }
}
resource "terraform_data" "many" {
  for_each = var.keys
  input    = each.key
}
output "name" { value = terraform_data.this.output.name }
output "password" {
  value     = var.password
  sensitive = true
}
"""
"""A module of Terraform's built-in provider only: quick, and no AWS."""

BUCKET = """
variable "name" { type = string }
variable "tags" {
  type    = map(string)
  default = {}
}
resource "aws_s3_bucket" "this" {
  bucket        = var.name
  tags          = var.tags
  force_destroy = true
}
output "bucket" { value = aws_s3_bucket.this.bucket }
"""
"""A bucket, with no provider block."""

Run = Callable[..., pytest.RunResult]


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write ``{path: text}``; texts may be indented."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))


def hostile_environment() -> dict[str, str]:
    """Settings of a shell that must not reach a test: another account, other values."""
    return {
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL_S3": "http://192.0.2.1:1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "TF_VAR_name": "from-the-shell",
        "TF_CLI_ARGS": "-no-such-flag",
        "TF_WORKSPACE": "another",
    }


def files_below(folder: Path) -> str:
    """The text of every file below ``folder``."""
    paths = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in paths if path.is_file())
