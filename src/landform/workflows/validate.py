"""Check a project, and let Terraform validate all stacks in one composed root. Needs no AWS."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from landform.engine import Terraform, clean_environment, find_engine, prepare_cli_config
from landform.engine.events import Severity
from landform.errors import TerraformFailed
from landform.generator import compose, generated_files, write_files
from landform.project import Project, load_project
from landform.workflows.initialised import ensure_init
from landform.workflows.place import WORK, scratch_root


def validate_project(folder: Path) -> Project:
    """The project, if it and its Terraform are valid. Raises ProjectInvalid or TerraformFailed."""
    project = load_project(folder)
    write_files(project.folder, generated_files(project))
    engine = find_engine(constraint=project.terraform)
    with scratch_root(project.folder) as root:
        for name, text in compose(project, root, project.order).files.items():
            (root / name).write_text(text, encoding="utf-8")
        data = project.folder / WORK / "data" / "validate"
        env = clean_environment(os.environ)
        terraform = Terraform(engine, root, env, None, data, prepare_cli_config(os.environ))
        asyncio.run(_validate(terraform, project))
    return project


async def _validate(terraform: Terraform, project: Project) -> None:
    await ensure_init(terraform, [m.folder for m in project.modules.values() if m.folder is not None])
    found = [each for each in await terraform.validate() if each.severity is Severity.ERROR]
    if found:
        raise TerraformFailed(f"Terraform finds {len(found)} fault{'s' if len(found) != 1 else ''}", found)
