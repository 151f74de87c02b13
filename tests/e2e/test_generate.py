"""``landform generate`` writes what is stale and nothing else, and never over somebody's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit
from e2e.small_projects import two_stacks

pytestmark = pytest.mark.e2e


@pytest.fixture
def generated(make_project: MakeProject) -> ProjectKit:
    """The two small stacks, generated."""
    project = make_project(two_stacks())
    project.landform("generate")
    return project


def test_a_second_generate_writes_nothing(generated: ProjectKit) -> None:
    before = _stamps(generated.folder)

    again = generated.landform("generate")

    assert "up to date" in again.out
    assert _stamps(generated.folder) == before
    generated.landform("generate", "--check")


def test_check_says_what_is_stale_and_leaves_it(generated: ProjectKit) -> None:
    generated.replace("landform.yaml", "greeting: '${var.greeting}'", "greeting: '${var.welcome}'")
    for environment in ("dev", "prod"):
        generated.replace(f"environments/{environment}/terraform.tfvars", "greeting", "welcome")
    before = _stamps(generated.folder / "generated")

    stale = generated.landform("generate", "--check", code=2)

    assert stale.out.split() == [
        "update", "generated/web/main.tf", "update", "generated/web/variables.tf"
    ]  # fmt: skip
    assert _stamps(generated.folder / "generated") == before


def test_a_removed_stack_takes_its_root_with_it(generated: ProjectKit) -> None:
    with_network, _, _ = (generated.folder / "landform.yaml").read_text().partition("  web:\n")
    generated.write({"landform.yaml": with_network})
    for environment in ("dev", "prod"):
        generated.replace(f"environments/{environment}/terraform.tfvars", 'greeting = "hello"\n', "")

    generated.landform("generate")

    assert not (generated.folder / "generated" / "web").exists()
    assert (generated.folder / "generated" / "network" / "main.tf").exists()


@pytest.mark.parametrize("command", [("generate",), ("plan", "dev", "--sandbox")])
def test_a_hand_written_file_is_refused_before_anything_is_written(
    generated: ProjectKit, command: tuple[str, ...]
) -> None:
    own = "# mine\n"
    generated.write({"generated/web/main.tf": own})
    generated.replace("landform.yaml", "cidr: '${var.cidr}'", "cidr: '${var.cidr}0'")
    before = _stamps(generated.folder / "generated")

    refused = generated.landform(*command, code=1)

    assert "generated/web/main.tf" in refused.err
    assert "Move the file away" in refused.err
    assert _stamps(generated.folder / "generated") == before


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of change of every file: a file that was written anew has others."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}
