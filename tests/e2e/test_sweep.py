"""The command finds what somebody left in the account of an applied project, and deletes what was shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from e2e.project_kit import ProjectKit
from e2e.terminal import Terminal

pytestmark = [pytest.mark.e2e, pytest.mark.terraform]
TAGS = [{"Key": "Project", "Value": "shop"}, {"Key": "Environment", "Value": "dev"}]


def test_a_leftover_is_found_listed_and_deleted_after_its_environment_was_typed(
    standing: ProjectKit, tmp_path: Path
) -> None:
    assert "Nothing is left over" in standing.landform("sweep", "dev", "--sandbox").out
    ec2 = standing.aws("ec2")
    spec = [{"ResourceType": "volume", "Tags": [*TAGS, {"Key": "Name", "Value": "<script>\u202e"}]}]
    volume = ec2.create_volume(
        AvailabilityZone="us-east-1a", Size=100, VolumeType="gp3", TagSpecifications=spec
    )["VolumeId"]
    found = standing.landform("sweep", "dev", "--sandbox", "--json", code=5).json
    assert [(each["id"], each["monthly"]["high"]) for each in found["found"]] == [(volume, 8.0)]
    page = tmp_path / "sweep.html"
    standing.landform("sweep", "dev", "--sandbox", "--format", "html", "-o", str(page), code=5)
    assert "<script>" not in page.read_text()
    shown = standing.landform("sweep", "dev", "--sandbox", "--delete-leftovers", code=5)
    assert "<script>\\u202e" in shown.out
    digest = shown.out.split("--delete ")[1].split()[0]
    command = ("sweep", "dev", "--sandbox", "--delete", digest)
    assert "no terminal to ask" in standing.landform(*command, code=3).err
    with Terminal(standing, *command) as terminal:
        terminal.wait_for("Type dev to delete 1")
        terminal.type("prod\n")
        assert terminal.wait_for_end() == 3, terminal.shown
    assert ec2.describe_volumes(VolumeIds=[volume])["Volumes"]
    with Terminal(standing, *command) as terminal:
        terminal.wait_for("Type dev to delete 1")
        terminal.type("dev\n")
        assert terminal.wait_for_end() == 0, terminal.shown
    assert "Nothing is left over" in terminal.shown
    assert ec2.describe_volumes()["Volumes"] == []
    assert "not what it was when the list was made" in standing.landform(*command, code=3).err
    assert f"list {digest}" in standing.landform("audit", "dev", "--sandbox").out
    assert len(standing.parameters()) == 3


def test_a_protected_environment_is_swept_and_nothing_of_it_is_deleted(standing: ProjectKit) -> None:
    standing.landform("sweep", "prod", "--sandbox")
    for option in (("--delete-leftovers",), ("--delete", "123456789abc")):
        assert "is protected" in standing.landform("sweep", "prod", "--sandbox", *option, code=3).err
