"""Starts a project: a copy of one of the examples under another name."""

from __future__ import annotations

import re
from pathlib import Path

from landform.errors import Fault, LandformError, Location, ProjectInvalid
from landform.generator import generated_files, write_files
from landform.generator.files import write_text
from landform.project import load_project
from landform.project.names import project_name_fault
from landform.workflows.examples import Example, example_folder

_GITIGNORE = """\
.landform/
.terraform/
*.tfstate
*.tfstate.*
*.tfplan
"""


def new_project(folder: Path, name: str | None = None, example: Example = Example.STARTER) -> list[Path]:
    """Make ``folder`` a project. Raises LandformError where there is one, ProjectInvalid for a bad name."""
    name = name or re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    if fault := project_name_fault(name):
        raise ProjectInvalid([Fault(Location(str(folder)), fault, "Give another one with --name.")])
    if (folder / "landform.yaml").exists():
        raise LandformError(f"{folder} holds a project already", "Choose another folder.")
    made: list[Path] = []
    for relative, text in _files(example, name).items():
        if not (folder / relative).exists():
            write_text(folder / relative, text)
            made.append(folder / relative)
    project = load_project(folder)
    made += [folder / change.path for change in write_files(project.folder, generated_files(project))]
    return made


def _files(example: Example, name: str) -> dict[str, str]:
    root = example_folder(example)
    paths = [root / "landform.yaml", root / "terraform.tfvars.example"]
    paths += sorted(path for path in (root / "environments").rglob("*") if path.is_file())
    files = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    files["landform.yaml"] = re.sub(r"(?m)^project: .*$", f"project: {name}", files["landform.yaml"])
    return files | {".gitignore": _GITIGNORE}
