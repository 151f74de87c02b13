"""Where a stack's state lies in the state bucket: the key Terraform's S3 backend builds from its parts."""

from __future__ import annotations

from landform.project.model import Project


def workspace_key_prefix(project: Project) -> str:
    """What comes before ``/<environment>/<stack>/terraform.tfstate`` in the state bucket."""
    return "/".join(part for part in (project.backend.key_prefix, project.name) if part)


def state_key(stack: str) -> str:
    """The key of a stack's state inside its workspace: the ``key`` of ``backend "s3"``."""
    return f"{stack}/terraform.tfstate"


def state_object_key(project: Project, environment: str, stack: str) -> str:
    """The whole key of a state: ``<workspace_key_prefix>/<environment>/<stack>/terraform.tfstate``."""
    return f"{workspace_key_prefix(project)}/{environment}/{state_key(stack)}"
