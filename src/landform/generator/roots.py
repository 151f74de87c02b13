"""The root of each stack, and the files that hand an environment to them; all under ``generated/``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from landform.generator.hcl import Code, quote
from landform.generator.modules import vendored_modules
from landform.generator.parts import (
    DEFAULT_REGION,
    GENERATED,
    Block,
    module_call,
    output_names,
    provider,
    used_variables,
    variables_file,
)
from landform.generator.templates import render_template
from landform.project import AssumeRole, BackendKind, Environment, Project, Stack
from landform.project.state_keys import state_key, state_store, workspace_key_prefix
from landform.project.values import Value

STATE_DIR = "../../terraform.tfstate.d"
_STATE_BUCKET = "var.environment.state_bucket"
_BUCKET_FIELDS = {"project": "project", "environment": "name", "account_id": "account_id", "region": "region"}


def generated_files(project: Project) -> dict[str, str]:
    """``{path: text}`` of everything under ``generated/``, paths relative to the project's folder."""
    files: dict[str, str] = {}
    for stack in project.stack_by_name.values():
        folder = f"{GENERATED}/{stack.name}"
        files |= {f"{folder}/{name}": text for name, text in _root(project, stack).items()}
    for environment in project.environment_by_name.values():
        files |= environment_files(project, environment)
    return files | vendored_modules(project)


def _root(project: Project, stack: Stack) -> dict[str, str]:
    root = project.folder / GENERATED / stack.name
    aliases = {alias.name: alias.name for alias in stack.providers}
    local = project.backend.kind is BackendKind.LOCAL
    regions = [provider(DEFAULT_REGION), *(provider(a.region, a.name) for a in stack.providers)]
    extra = [_STATE_DIR_VARIABLE] if local and stack.reads else []
    files = {
        "main.tf": render_template(
            "main.tf", notes=_notes(project), calls=[module_call(project, stack, root, aliases)]
        ),
        "variables.tf": variables_file(
            used_variables(project, [stack]), extra, state_bucket=bool(stack.reads) and _own_buckets(project)
        ),
        "outputs.tf": render_template("outputs.tf", outputs=_outputs(project, stack)),
        "providers.tf": render_template("providers.tf", terraform=project.terraform, providers=regions),
        "backend.tf": _backend_file(project, stack),
    }
    if stack.reads:
        files["remote_state.tf"] = _remote_state(project, stack)
    return files


_STATE_DIR_VARIABLE = Block(
    "state_dir",
    {
        "description": "Folder of the states of all stacks, for the local backend.",
        "type": Code("string"),
        "default": STATE_DIR,
    },
)


def _notes(project: Project) -> list[str]:
    init = "terraform init"
    if _backend_depends_on_environment(project):
        init += " -backend-config=../environments/ENV.s3.tfbackend"
    return [
        f"By hand, for environment ENV: {init} && terraform workspace select -or-create ENV &&",
        "terraform plan -var-file=../environments/ENV.tfvars "
        "-var-file=../../environments/ENV/terraform.tfvars",
    ]


def _outputs(project: Project, stack: Stack) -> list[Block]:
    blocks: list[Block] = []
    for name, description, sensitive in output_names(project, stack):
        shown: dict[str, Value | Code] = {"description": description} if description else {}
        shown["value"] = Code(f"module.{stack.name}.{name}")
        if sensitive:
            shown["sensitive"] = True
        blocks.append(Block(name, shown))
    return blocks


def _backend_depends_on_environment(project: Project) -> bool:
    backend = project.backend
    if backend.kind is BackendKind.LOCAL:
        return False
    environments = project.environment_by_name.values()
    own = any(environment.backend.given for environment in environments) or _has_roles(project)
    return "{" in backend.bucket.replace("{project}", "") or backend.region is None or own


def _has_roles(project: Project) -> bool:
    return any(environment.assume_role_arn for environment in project.environment_by_name.values())


def _own_buckets(project: Project) -> bool:
    """Whether an environment names a bucket or a region of its own, which no expression can tell."""
    environments = project.environment_by_name.values()
    return any(environment.backend.bucket or environment.backend.region for environment in environments)


def _own(project: Project, key: str) -> bool:
    """Whether an environment has another ``key`` of the backend than the project."""
    return any(key in environment.backend.given for environment in project.environment_by_name.values())


def _backend_file(project: Project, stack: Stack) -> str:
    backend = project.backend
    shown: dict[str, Value | Code]
    if backend.kind is BackendKind.LOCAL:
        shown = {"workspace_dir": f"{STATE_DIR}/{stack.name}"}
        return render_template("backend.tf", backend="local", attributes=shown)
    shown = {}
    if not _backend_depends_on_environment(project):
        shown |= {"bucket": backend.bucket.replace("{project}", project.name), "region": backend.region}
    shown |= {
        "workspace_key_prefix": workspace_key_prefix(project),
        "key": state_key(stack.name),
        "use_lockfile": backend.use_lockfile,
        "encrypt": True,
    }
    for key, value in (("kms_key_id", backend.kms_key_id), ("dynamodb_table", backend.dynamodb_table)):
        if value and not _own(project, key):
            shown[key] = value
    return render_template("backend.tf", backend="s3", attributes=shown)


def _remote_state(project: Project, stack: Stack) -> str:
    names = sorted(stack.reads)
    upstream = [{"name": name, "config": _remote_config(project, name)} for name in names]
    found = {f"stack_{name}": Code(f"data.terraform_remote_state.{name}.outputs") for name in names}
    kind = str(project.backend.kind)
    return render_template("remote_state.tf", backend=kind, upstream=upstream, locals=found)


def _remote_config(project: Project, name: str) -> Mapping[str, Value | Code]:
    backend = project.backend
    if backend.kind is BackendKind.LOCAL:
        return {"workspace_dir": Code(f'"${{var.state_dir}}/{name}"')}
    own = _own_buckets(project)
    shown: dict[str, Value | Code] = {
        "bucket": Code(f"{_STATE_BUCKET}.bucket" if own else _bucket_expression(project)),
        "region": Code(f"{_STATE_BUCKET}.region") if own else backend.region or DEFAULT_REGION,
        "workspace_key_prefix": workspace_key_prefix(project),
        "key": state_key(name),
    }
    if _has_roles(project):
        role = "var.environment.assume_role_arn"
        merged = f"merge({{ role_arn = {role} }}, var.environment.assume_role)"
        shown["assume_role"] = Code(f"{role} == null ? null : {merged}")
    return shown


def _bucket_expression(project: Project) -> str:
    parts: list[str] = []
    for text, field, _, _ in Formatter().parse(project.backend.bucket):
        parts.append(quote(text)[1:-1])
        if field == "project":
            parts.append(project.name)
        elif field is not None:
            parts.append("${var.environment." + _BUCKET_FIELDS[field] + "}")
    return f'"{"".join(parts)}"'


def environment_files(project: Project, environment: Environment) -> dict[str, str]:
    """The files that hand an environment to the roots: its facts, and what ``init`` needs of the backend."""
    base = f"{GENERATED}/environments/{environment.name}"
    values: dict[str, Value | Code] = {"environment": environment_object(project, environment)}
    files = {f"{base}.tfvars": render_template("values", values=values)}
    if _backend_depends_on_environment(project):
        files[f"{base}.s3.tfbackend"] = render_template(
            "values", values=_backend_values(project, environment)
        )
    return files


def environment_object(project: Project, environment: Environment) -> dict[str, Value]:
    """The value of ``var.environment``."""
    tags = {"Project": project.name, "Environment": environment.name, "ManagedBy": "landform"}
    shown: dict[str, Value] = {
        "name": environment.name,
        "project": project.name,
        "region": environment.region,
        "account_id": environment.account_id,
        "assume_role_arn": environment.assume_role_arn,
        "assume_role": _assume_role(environment) if environment.assume_role else None,
        "ephemeral": environment.ephemeral,
        "protected": environment.protected,
        "tags": tags | dict(sorted(environment.tags.items())),
    }
    if project.backend.kind is BackendKind.S3 and _own_buckets(project):
        store = state_store(project, environment)
        shown["state_bucket"] = {"bucket": store.bucket, "region": store.region}
    return shown


def _backend_values(project: Project, environment: Environment) -> dict[str, Value | Code]:
    store = state_store(project, environment)
    shown: dict[str, Value | Code] = {"bucket": store.bucket, "region": store.region}
    for key, value in (("kms_key_id", store.kms_key_id), ("dynamodb_table", store.dynamodb_table)):
        if value and _own(project, key):
            shown[key] = value
    if role := role_values(environment):
        shown["assume_role"] = role
    return shown


def role_values(environment: Environment) -> dict[str, str]:
    """The arguments of an ``assume_role`` block, with the values themselves; empty where there is no role."""
    if not environment.assume_role_arn:
        return {}
    options = {"role_arn": environment.assume_role_arn} | _assume_role(environment)
    return {name: value for name, value in options.items() if value is not None}


def _assume_role(environment: Environment) -> dict[str, str | None]:
    """The options of an ``assume_role`` block, as the provider and the S3 backend both name them."""
    options = environment.assume_role or AssumeRole()
    return {
        "external_id": options.external_id,
        "session_name": options.session_name,
        "duration": f"{options.duration // 60}m" if options.duration else None,
    }


def s3_backend_config(project: Project, environment: Environment, key: str) -> dict[str, Value | Code]:
    """Everything that ``backend "s3"`` needs for one state, in the default workspace, at ``key``."""
    store = state_store(project, environment)
    shown = _backend_values(project, environment)
    shown |= {"key": key, "use_lockfile": project.backend.use_lockfile, "encrypt": True}
    given = {"kms_key_id": store.kms_key_id, "dynamodb_table": store.dynamodb_table}
    return shown | {name: value for name, value in given.items() if value}


def root_folder(project: Project, stack: str) -> Path:
    """Where a stack's root lies."""
    return project.folder / GENERATED / stack


def backend_config(project: Project, environment: Environment) -> Path | None:
    """The file for ``terraform init -backend-config``, where the environment decides on the backend."""
    if not _backend_depends_on_environment(project):
        return None
    return project.folder / GENERATED / "environments" / f"{environment.name}.s3.tfbackend"
