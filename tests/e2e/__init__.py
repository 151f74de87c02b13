"""Drives the installed ``landform`` with real Terraform, the real AWS provider and the sandbox."""
