"""What is refused before anything starts: an engine that cannot lock states as the project wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.project import load_project
from landform.workflows.place import PlaceOptions, open_place

_YAML = """\
project: shop
terraform: ">= 1.5"
backend: {s3: {bucket: states, region: us-east-1%s}}
stacks:
  a: {module: x/y/aws}
"""


def _options(folder: Path, version: str) -> PlaceOptions:
    """A program that answers as that release of Terraform does; nothing else is asked of it."""
    program = folder / "terraform"
    program.write_text(f'#!/bin/sh\necho \'{{"terraform_version": "{version}"}}\'\n')
    program.chmod(0o755)
    return PlaceOptions(endpoint_url="http://127.0.0.1:1", terraform=str(program))


@pytest.mark.parametrize(
    ("more", "version", "refused"),
    [
        ("", "1.9.8", True),
        (", dynamodb_table: locks", "1.9.8", True),
        (", dynamodb_table: locks, use_lockfile: false", "1.9.8", False),
        ("", "1.10.0", False),
    ],
)
def test_use_lockfile_needs_1_10(tmp_path: Path, more: str, version: str, refused: bool) -> None:
    environment = tmp_path / "environments" / "dev" / "environment.yaml"
    environment.parent.mkdir(parents=True)
    environment.write_text("region: us-east-1\n")
    (tmp_path / "landform.yaml").write_text(_YAML % more)
    options = _options(tmp_path, version)
    if not refused:
        assert str(open_place(load_project(tmp_path), "dev", options).engine.version) == version
        return
    with pytest.raises(ProjectInvalid) as refusal:
        open_place(load_project(tmp_path), "dev", options)
    (fault,) = refusal.value.faults
    assert (fault.where.path, fault.where.line) == ("landform.yaml", 3)
    assert "does not know use_lockfile, which came with 1.10." in fault.what
    assert "name a dynamodb_table" in fault.way_out
