"""Who holds a lock is told; the dead hold up nobody for long, the living are left alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import PATIENCE, ProjectKit, wait_until
from e2e.small_projects import BUCKET, ENVIRONMENT, VALUES, gated_stack, two_stacks
from e2e.terminal import Terminal

pytestmark = pytest.mark.e2e

APPLY = ("apply", "dev", "--sandbox", "--yes")


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The folder where the slow resource of dev waits."""
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder


def _locks(project: ProjectKit, environment: str = "dev") -> dict[str, Mapping[str, Any]]:
    """The locks by stack; that of the environment itself has no stack."""
    found = project.landform("state", "locks", environment, "--sandbox", "--json").json["locks"]
    return {each["stack"] or "": each for each in found}


def test_what_kill_9_leaves_is_dead_is_released_and_nothing_is_made_twice(
    make_project: MakeProject, gate: Path
) -> None:
    project = make_project(gated_stack(str(gate)))
    killed = project.start(*APPLY)
    wait_until((gate / "reached").exists, "the slow resource is being made")
    killed.kill()
    killed.communicate()
    for pid in _terraforms(project):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not _terraforms(project), "Terraform is gone")

    locks = _locks(project)
    assert {stack: each["life"] for stack, each in locks.items()} == {"": "dead", "slow": "dead"}
    assert locks["slow"]["operation"] == "OperationTypeApply"
    assert locks["slow"]["run"].endswith("-dev-apply-" + locks["slow"]["run"][-4:])
    assert os.uname().nodename in locks[""]["who"]

    said = project.landform("state", "unlock", "dev", "slow", "--sandbox", "--yes").out
    assert "Released the lock of the state of slow." in said
    assert project.locks(BUCKET) == []
    (gate / "open").touch()
    (before,) = project.log_groups()
    refused = project.landform(*APPLY, code=3).err
    assert "slow is in quarantine" in refused
    assert f":log-group:{before}" in refused
    assert project.log_groups() == [before]

    project.aws("logs").delete_log_group(logGroupName=before)
    project.landform(*APPLY)
    assert sorted(name.split("-")[0] for name in project.log_groups()) == ["after", "before"]
    assert _locks(project) == {}
    events = [
        each["event"] for each in project.landform("audit", "dev", "--sandbox", "--json").json["entries"]
    ]
    assert "unlocked" in events


def test_the_living_are_left_alone_and_the_others_wait_or_work_elsewhere(
    make_project: MakeProject, gate: Path
) -> None:
    files = dict(gated_stack(str(gate)))
    other = gate.with_name("other")
    other.mkdir()
    (other / "open").touch()
    files["environments/staging/environment.yaml"] = ENVIRONMENT
    files["environments/staging/terraform.tfvars"] = f'gate = "{other}"\n'
    project = make_project(files)
    running = project.start(*APPLY)
    wait_until((gate / "reached").exists, "the slow resource is being made")

    assert {stack: each["life"] for stack, each in _locks(project).items()} == {"": "alive", "slow": "alive"}
    second = project.landform(*APPLY, code=1).err
    assert "dev is locked:" in second
    assert "apply since" in second
    for stack in ("slow", ""):
        words = [each for each in ("state", "unlock", "dev", stack, "--sandbox", "--yes") if each]
        assert "the owner of this lock lives" in project.landform(*words, code=3).err
        assert "there is no terminal to ask" in project.landform(*words, "--force", code=3).err
    with Terminal(project, "state", "unlock", "dev", "slow", "--sandbox", "--force") as terminal:
        terminal.wait_for("Type slow to release it")
        terminal.type("fast\n")
        assert terminal.wait_for_end() == 3
    assert project.locks(BUCKET)

    project.landform("apply", "staging", "--sandbox", "--yes")

    waiting = project.start(*APPLY, "--lock-timeout", "10m")
    assert waiting.stderr is not None
    assert "The environment is locked" in waiting.stderr.readline()
    (gate / "open").touch()
    assert running.wait(PATIENCE) == 0
    out, err = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 0, out + err
    assert "No changes" in out


def test_a_live_lock_goes_by_force_and_its_typed_name(standing: ProjectKit) -> None:
    """A lock of somebody's plain terraform, of which nothing is known."""
    s3 = standing.aws("s3")
    key = "shop/dev/web/terraform.tfstate.tflock"
    text = (
        '{"ID":"0b1c2d3e-0000-4000-8000-000000000000","Operation":"OperationTypeApply","Info":"",'
        '"Who":"ann@laptop","Version":"1.11.4","Created":"2026-01-01T00:00:00.0Z",'
        f'"Path":"{BUCKET}/shop/dev/web/terraform.tfstate"}}'
    )
    s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
    try:
        lock = _locks(standing)["web"]
        assert (lock["who"], lock["life"]) == ("ann@laptop", "unknown")
        with Terminal(standing, "state", "unlock", "dev", "web", "--sandbox", "--force") as terminal:
            terminal.wait_for("Type web to release it")
            terminal.type("web\n")
            assert terminal.wait_for_end() == 0, terminal.shown
        assert standing.locks(BUCKET) == []
        assert _quarantines(standing) == {"web": "the lock of ann@laptop was released"}
        standing.landform("state", "lift", "dev", "web", "--sandbox", "--reason", "it was a test")
        assert _quarantines(standing) == {}
    finally:
        s3.delete_object(Bucket=BUCKET, Key=key)


def _quarantines(project: ProjectKit) -> dict[str, str]:
    found = project.landform("state", "locks", "dev", "--sandbox", "--json").json["quarantine"]
    return {each["stack"]: each["why"] for each in found}


def _terraforms(project: ProjectKit) -> list[int]:
    return [pid for pid, args in project.processes().items() if "sandbox_server" not in args]


def test_plans_and_applies_of_one_bucket_do_not_meet(make_project: MakeProject) -> None:
    """Four plans while two environments are applied: all end well, and nothing is locked or lost."""
    files = dict(two_stacks())
    files["environments/staging/environment.yaml"] = ENVIRONMENT
    files["environments/staging/terraform.tfvars"] = VALUES
    for name in ("network", "web"):
        text = files[f"modules/{name}/main.tf"]
        files[f"modules/{name}/main.tf"] = text.replace('"/shop/', '"/shop/${terraform.workspace}/')
    project = make_project(files)
    project.landform("sandbox", "start")
    applies = [project.start("apply", name, "--sandbox", "--yes") for name in ("dev", "staging")]
    plans = [project.start("plan", name, "--sandbox", "--json") for name in ("dev", "staging") * 2]
    for process in (*applies, *plans):
        out, err = process.communicate(timeout=2 * PATIENCE)
        assert process.returncode == 0 or (process in plans and process.returncode == 2), out + err
    for name in ("dev", "staging"):
        assert "No changes" in project.landform("plan", name, "--sandbox").out
        assert _locks(project, name) == {}
