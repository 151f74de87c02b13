"""Bring ``generated/`` up to date, or say what is stale."""

from __future__ import annotations

from pathlib import Path

from landform.generator import Change, generated_files, write_files
from landform.generator.files import stale_files
from landform.project import load_project


def generate_project(folder: Path, *, check: bool = False) -> list[Change]:
    """What was changed, or with ``check`` what would be. Raises ProjectInvalid and HandWritten."""
    project = load_project(folder)
    files = generated_files(project)
    return stale_files(project.folder, files) if check else write_files(project.folder, files)
