"""What landform generated and applied is plain Terraform: by hand it gives the same answer."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import Ended, ProjectKit, run
from e2e.small_projects import two_stacks

pytestmark = pytest.mark.e2e


def test_plain_terraform_sees_no_changes_of_states_in_s3(standing: ProjectKit) -> None:
    _has_no_changes_by_hand(standing)


def test_plain_terraform_sees_no_changes_of_local_states(make_project: MakeProject) -> None:
    project = make_project(two_stacks("local"))
    project.landform("apply", "dev", "--sandbox", "--yes")
    _has_no_changes_by_hand(project)


def _has_no_changes_by_hand(project: ProjectKit) -> None:
    exports = project.landform("sandbox", "env", "dev").out
    for stack in ("network", "web"):
        planned = _by_hand(project, project.folder / "generated" / stack, exports)
        assert planned.code == 0, planned.out + planned.err
        assert "No changes" in planned.out


def _by_hand(project: ProjectKit, root: Path, exports: str) -> Ended:
    """Do what the comment in the root's main.tf says, in a shell that took landform's exports."""
    comment = [line[2:] for line in (root / "main.tf").read_text().splitlines()[1:3]]
    told = " ".join(comment).partition("ENV: ")[2].replace("ENV", "dev")
    assert "terraform workspace select" in told
    script = f"eval {shlex.quote(exports)}\n{told} -detailed-exitcode -input=false -no-color"
    return run(["bash", "-euc", script], root, project.environ, code=None)
