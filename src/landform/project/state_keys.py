"""Where states lie: the bucket of an environment, and the keys in it that Terraform's S3 backend builds."""

from __future__ import annotations

from dataclasses import dataclass

from landform.project.model import Environment, Project

STATE_FILE = "terraform.tfstate"


@dataclass(frozen=True, slots=True)
class StateStore:
    """The state bucket of one environment, and how states are locked and encrypted in it."""

    bucket: str
    region: str
    kms_key_id: str | None = None
    dynamodb_table: str | None = None


def state_store(project: Project, environment: Environment) -> StateStore:
    """What an environment's own ``backend`` says, else the project's. For the S3 backend only."""
    backend, own = project.backend, environment.backend
    bucket = own.bucket or backend.bucket
    return StateStore(
        bucket.format(
            project=project.name,
            environment=environment.name,
            account_id=environment.account_id or "",
            region=environment.region,
        ),
        own.region or backend.region or environment.region,
        own.kms_key_id or backend.kms_key_id,
        own.dynamodb_table or backend.dynamodb_table,
    )


def workspace_key_prefix(project: Project) -> str:
    """What comes before ``/<environment>/<stack>/terraform.tfstate`` in the state bucket."""
    return "/".join(part for part in (project.backend.key_prefix, project.name) if part)


def state_key(stack: str) -> str:
    """The key of a stack's state inside its workspace: the ``key`` of ``backend "s3"``."""
    return f"{stack}/{STATE_FILE}"


def state_object_key(project: Project, environment: str, stack: str) -> str:
    """The whole key of a state: ``<workspace_key_prefix>/<environment>/<stack>/terraform.tfstate``."""
    return f"{workspace_key_prefix(project)}/{environment}/{state_key(stack)}"


def records_key_prefix(project: Project) -> str:
    """What comes before ``/<environment>/`` in the keys of landform's own records."""
    return "/".join(part for part in (project.backend.key_prefix, "landform", project.name) if part)


def bootstrap_state_key(project: Project) -> str:
    """The key of the state in which the state bucket itself is."""
    return f"{records_key_prefix(project)}/state-backend/{STATE_FILE}"
