"""The root that makes the state bucket of an environment, through the module ``state-backend``."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from landform.errors import LandformError
from landform.generator.hcl import Code
from landform.generator.parts import DEFAULT_REGION, Block, provider, variables_file
from landform.generator.roots import environment_object, s3_backend_config
from landform.generator.templates import render_template
from landform.project import Environment, Project
from landform.project.module import built_in_folder
from landform.project.state_keys import (
    bootstrap_state_key,
    records_key_prefix,
    state_store,
    workspace_key_prefix,
)
from landform.project.values import Value

MODULE = "state-backend"
"""The module, and the name of its call: what the review shows as the stack."""
OUTPUTS = ("bucket", "kms_key_arn", "lock_table_name", "plan_policy_json", "apply_policy_json")

_IMPORT_IDS = {
    "aws_s3_bucket.this": "var.bucket",
    "aws_s3_bucket_versioning.this": "var.bucket",
    "aws_s3_bucket_ownership_controls.this": "var.bucket",
    "aws_s3_bucket_public_access_block.this": "var.bucket",
    "aws_s3_bucket_server_side_encryption_configuration.this": "var.bucket",
    "aws_s3_bucket_lifecycle_configuration.this": "var.bucket",
    "aws_s3_bucket_policy.this": "var.bucket",
    "aws_dynamodb_table.locks[0]": "var.dynamodb_table",
}
"""The resources of the module that may be there already, and how the provider names them."""

_INPUTS: Mapping[str, Value | Code] = {
    "name": Code("var.bucket"),
    "ephemeral": Code("var.environment.ephemeral"),
    "encryption": Code(
        '{ type = var.kms_key_id == null ? "s3" : "kms", kms_key_arn = one(data.aws_kms_key.states[*].arn) }'
    ),
    "lock_table": Code("var.dynamodb_table == null ? null : { name = var.dynamodb_table }"),
    "access": Code("var.access"),
}

_VARIABLES = (
    Block("bucket", {"description": "Name of the state bucket.", "type": Code("string")}),
    Block(
        "kms_key_id",
        {"description": "Key that encrypts the states.", "type": Code("string"), "default": None},
    ),
    Block(
        "dynamodb_table",
        {"description": "Table for locks.", "type": Code("string"), "default": None},
    ),
    Block(
        "access",
        {
            "description": "Prefixes of states and of records in the bucket.",
            "type": Code("object({ state_prefixes = set(string), record_prefixes = set(string) })"),
        },
    ),
)


def bootstrap_files(
    project: Project, environment: Environment, state: str, imports: Collection[str] = ()
) -> dict[str, str]:
    """``{path: text}`` of the root. ``state`` is the local file of the first phase; empty: the bucket.

    ``imports`` are addresses inside of the module whose objects are there, and in no state yet.
    """
    taken = [
        {"to": Code(f"module.{MODULE}.{address}"), "id": Code(_IMPORT_IDS[address])}
        for address in _IMPORT_IDS
        if address in imports
    ]
    outputs = [Block(name, {"value": Code(f"module.{MODULE}.{name}")}) for name in OUTPUTS]
    providers = [provider(DEFAULT_REGION)]
    return {
        "main.tf": render_template("bootstrap.tf", inputs=_INPUTS, imports=taken),
        "variables.tf": variables_file((), _VARIABLES),
        "outputs.tf": render_template("outputs.tf", outputs=outputs),
        "providers.tf": render_template("providers.tf", terraform=project.terraform, providers=providers),
        "backend.tf": _backend(project, environment, state),
    } | _module_files()


def bootstrap_values(project: Project, environment: Environment) -> str:
    """The values of the root's variables, as ``tfvars.json``. Raises LandformError, see ``_sharing``.

    Environments that share a bucket make the same one: what differs between them is left out.
    """
    store, sharing = state_store(project, environment), _sharing(project, environment)
    facts = environment_object(project, environment)
    tags = {name: value for name, value in _tags(project, environment).items() if name != "Environment"}
    common = {
        name: value
        for name, value in tags.items()
        if all(_tags(project, each).get(name) == value for each in sharing)
    }
    ephemeral = all(each.ephemeral for each in sharing)
    values = {
        "environment": facts | {"region": store.region, "ephemeral": ephemeral, "tags": common},
        "bucket": store.bucket,
        "kms_key_id": store.kms_key_id,
        "dynamodb_table": store.dynamodb_table,
        "access": {
            "state_prefixes": [workspace_key_prefix(project)],
            "record_prefixes": [records_key_prefix(project)],
        },
    }
    return json.dumps(values, indent=2)


def _tags(project: Project, environment: Environment) -> dict[str, str]:
    tags = environment_object(project, environment)["tags"]
    return {str(name): str(value) for name, value in tags.items()} if isinstance(tags, Mapping) else {}


def _sharing(project: Project, environment: Environment) -> list[Environment]:
    """The environments with the same state bucket. Raises LandformError where they disagree on it."""
    store = state_store(project, environment)
    sharing = []
    for other in project.environment_by_name.values():
        its = state_store(project, other)
        if its.bucket != store.bucket:
            continue
        sharing.append(other)
        for name in ("region", "kms_key_id", "dynamodb_table"):
            if getattr(its, name) != getattr(store, name):
                raise LandformError(
                    f"{environment.name} and {other.name} share the state bucket {store.bucket}, "
                    f"and want another {name} for it: {getattr(store, name)} and {getattr(its, name)}",
                    f"Give one of them a bucket of its own, or both the same {name}.",
                )
    return sharing


def _backend(project: Project, environment: Environment, state: str) -> str:
    if state:
        return render_template("backend.tf", backend="local", attributes={"path": state})
    config = s3_backend_config(project, environment, bootstrap_state_key(project))
    return render_template("backend.tf", backend="s3", attributes=config)


def _module_files() -> dict[str, str]:
    """A copy of the module, so that the root is whole wherever landform is installed."""
    folder = built_in_folder() / MODULE
    files = sorted(folder.glob("*.tf"))
    return {f"module/{path.name}": path.read_text(encoding="utf-8") for path in files}
