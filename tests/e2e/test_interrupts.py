"""Ctrl-C and kill -9 in the middle of an apply: no lock stays, no resource is lost, none is made twice."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import PATIENCE, ProjectKit, frozen, wait_until
from e2e.small_projects import BUCKET, gated_stack
from e2e.terminal import Terminal

pytestmark = pytest.mark.e2e

APPLY = ("apply", "dev", "--sandbox", "--yes")


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The folder where the slow resource waits."""
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder


def test_sigint_stops_and_the_next_apply_finishes(make_project: MakeProject, gate: Path) -> None:
    project = make_project(gated_stack(str(gate)))
    running = project.start(*APPLY)
    wait_until((gate / "reached").exists, "the slow resource is being made")
    assert project.locks(BUCKET)

    running.send_signal(signal.SIGINT)

    out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130, out + err
    assert "Go on with: landform apply dev" in err
    _was_stopped_in_order(project)
    _next_apply_finishes(project, gate)


def test_ctrl_c_again_and_again_leaves_and_terraform_gets_one_of_them(
    make_project: MakeProject, gate: Path
) -> None:
    project = make_project(gated_stack(str(gate)))
    with Terminal(project, "apply", "dev", "--sandbox") as terminal:
        terminal.wait_for("Apply this to dev?")
        terminal.type("y\n")
        wait_until((gate / "reached").exists, "the slow resource is being made")

        with frozen(project):  # Terraform cannot end meanwhile, and a second SIGINT would have it abort
            terminal.type("\x03")
            terminal.wait_for("interrupted")
            terminal.press_until("\x03", "Terraform still ends what it has begun in slow, by itself")
            assert terminal.wait_for_end() == 130, terminal.shown

    assert "Go on with: landform apply dev" in terminal.shown
    wait_until(lambda: not _terraforms(project), "Terraform has ended")
    _was_stopped_in_order(project)


def test_kill_9_leaves_terraform_to_finish_and_the_next_apply_waits_for_it(
    make_project: MakeProject, gate: Path
) -> None:
    project = make_project(gated_stack(str(gate)))
    following = _killed_and_followed(project, gate)

    assert following.poll() is None
    (gate / "open").touch()
    out, err = following.communicate(timeout=PATIENCE)

    assert following.returncode == 0, out + err
    assert "No changes" in out, "the first one had made everything"
    assert not project.locks(BUCKET)
    _made_once(project)


def test_ctrl_c_while_waiting_for_a_killed_run_stops_that_one(make_project: MakeProject, gate: Path) -> None:
    project = make_project(gated_stack(str(gate)))
    following = _killed_and_followed(project, gate)

    following.send_signal(signal.SIGINT)
    out, err = following.communicate(timeout=PATIENCE)

    assert following.returncode == 130, out + err
    assert "Go on with: landform apply dev" in err
    _was_stopped_in_order(project)


def test_kill_9_while_a_stack_is_planned_leaves_no_lock(make_project: MakeProject, gate: Path) -> None:
    project = make_project(gated_stack(str(gate)))
    killed = project.start(*APPLY)
    told = killed.stdout
    assert told is not None
    wait_until(lambda: "slow: planning" in told.readline(), "the stack is planned")
    wait_until(lambda: any("provider-aws" in args for args in _terraforms(project)), "Terraform is at it")
    killed.kill()
    killed.communicate()
    wait_until(lambda: not _terraforms(project), "Terraform has ended")

    assert not project.locks(BUCKET)


def _killed_and_followed(project: ProjectKit, gate: Path) -> subprocess.Popen[str]:
    """A landform that waits for what another one, killed in the middle of its apply, has left running."""
    killed = project.start(*APPLY)
    wait_until((gate / "reached").exists, "the slow resource is being made")
    killed.kill()
    killed.communicate()
    assert project.locks(BUCKET), "Terraform goes on, and holds its lock"
    following = project.start(*APPLY)
    assert following.stderr is not None
    assert "still works on slow; waiting for it" in following.stderr.readline()
    return following


def _terraforms(project: ProjectKit) -> list[str]:
    return [args for args in project.processes().values() if "sandbox_server" not in args]


def _was_stopped_in_order(project: ProjectKit) -> None:
    assert not project.locks(BUCKET)
    status = project.landform("status", "dev", "--sandbox", "--json").json
    standing = {each["stack"]: each for each in status["stacks"]}
    assert standing["slow"]["resources"] >= 1
    assert len(project.log_groups()) == 1
    assert not _terraforms(project)


def _next_apply_finishes(project: ProjectKit, gate: Path) -> None:
    (gate / "open").touch()
    project.landform(*APPLY)
    _made_once(project)


def _made_once(project: ProjectKit) -> None:
    prefixes = sorted(name.split("-")[0] for name in project.log_groups())
    assert prefixes == ["after", "before"]
