"""The scripts of the workflows, run as a runner would: with the real landform, and a GitHub in a file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.conftest import MakeProject
from e2e.project_kit import LANDFORM, PATIENCE, ProjectKit, works_as
from e2e.small_projects import ENVIRONMENT, two_stacks

pytestmark = pytest.mark.e2e

_MARKER = "<!-- landform shop dev -->"
_OTHERS = [
    {"id": 0, "user": {"login": "mallory"}, "body": f"{_MARKER}\nmine"},
    {"id": 1, "user": {"login": "github-actions[bot]"}, "body": "<!-- landform shop dev-2 -->\nother"},
]


@dataclass(frozen=True)
class Runner:
    """A runner's folders around one project, and its variables."""

    project: ProjectKit
    temp: Path

    def run(self, workflow: str, step: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the script of a step for environment dev, as ``shell: bash`` does."""
        text = (self.project.folder / ".github" / "workflows" / f"landform-{workflow}.yml").read_text()
        (script,) = (
            each["run"]
            for job in yaml.safe_load(text)["jobs"].values()
            for each in job["steps"]
            if each["name"] == step
        )
        argv = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        known = {**self.project.environ, **self._variables(), **env}
        return subprocess.run(
            argv, cwd=self.project.folder, env=known, capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip

    def _variables(self) -> dict[str, str]:
        return {
            "PATH": f"{self.temp}{os.pathsep}{LANDFORM.parent}{os.pathsep}{os.environ['PATH']}",
            "ENVIRONMENT": "dev",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"),
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": "shop/shop",
            "GITHUB_RUN_ID": "42",
            "GH_STORE": str(self.temp / "comments.json"),
            "GH_TOKEN": "token",
            "PULL_REQUEST": "7",
            "MARKER": _MARKER,
        }

    @property
    def summary(self) -> str:
        """What was added to the job's summary since the last look."""
        path = self.temp / "summary.md"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.unlink(missing_ok=True)
        return text

    @property
    def comments(self) -> list[dict[str, Any]]:
        """What stands at the pull request."""
        found: list[dict[str, Any]] = json.loads((self.temp / "comments.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def runner(make_project: MakeProject, tmp_path: Path) -> Runner:
    """The two small stacks; workflows are made of prod, and their scripts run in dev, a sandbox."""
    role = "assume_role_arn: arn:aws:iam::123456789012:role/deploy\n"
    more = {
        "environments/dev/environment.yaml": f"{ENVIRONMENT}sandbox: true\n",
        "environments/prod/environment.yaml": ENVIRONMENT + role,
    }
    made = make_project({**two_stacks(), **more})
    made.landform("ci", "github")
    temp = tmp_path / "runner"
    temp.mkdir()
    gh = temp / "gh"
    gh.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_gh.py")}" "$@"\n')
    gh.chmod(0o755)
    (temp / "comments.json").write_text(json.dumps(_OTHERS))
    return Runner(made, temp)


def test_a_plan_is_commented_once_and_then_kept_up_to_date(runner: Runner) -> None:
    planned = runner.run("plan", "Plan")
    assert planned.returncode == 0, planned.stderr
    assert "to create" in planned.stdout
    assert runner.run("plan", "Comment").returncode == 0
    (posted,) = runner.comments[2:]
    assert posted["body"] == f"{_MARKER}\n\n{runner.summary}"
    assert "`dev`" in posted["body"]

    runner.project.replace("modules/web/main.tf", "var.greeting", "nonsense.greeting")
    failed = runner.run("plan", "Plan")
    assert failed.returncode == 1
    assert runner.run("plan", "Comment").returncode == 0
    assert runner.comments[:2] == _OTHERS
    (updated,) = runner.comments[2:]
    assert updated["id"] == posted["id"]
    assert "can't be planned: exit 1" in updated["body"]
    assert "https://github.example/shop/shop/actions/runs/42" in updated["body"]


def test_drift_is_told_from_changes_that_wait_to_be_applied(runner: Runner) -> None:
    assert runner.run("apply", "Apply").returncode == 0
    assert runner.run("drift", "Look for drift").returncode == 0
    runner.project.replace("environments/dev/terraform.tfvars", "10.0.0.0/16", "10.9.0.0/16")
    waiting = runner.run("drift", "Look for drift")
    assert (waiting.returncode, waiting.stdout) == (0, "")

    runner.project.aws("ssm").put_parameter(Name="/shop/greeting", Value="meddled", Overwrite=True)
    drifted = runner.run("drift", "Look for drift")
    assert drifted.returncode == 2, drifted.stderr
    assert drifted.stdout.startswith("::error title=Drift::")
    assert runner.run("drift", "Summarise").returncode == 0
    summary = runner.summary
    assert "    ~ aws_ssm_parameter.greeting  would be reverted" in summary
    assert all(line.startswith("    ") for line in summary.splitlines()), "text of the account is no Markdown"

    runner.project.replace("modules/web/main.tf", "var.greeting", "nonsense.greeting")
    broken = runner.run("drift", "Look for drift")
    assert broken.returncode == 1
    assert "::error" not in broken.stdout
    assert runner.run("drift", "Summarise").returncode == 0
    assert "nonsense" in runner.summary, "Terraform's own words are there"

    (runner.temp / "drift.txt").unlink()
    assert runner.run("drift", "Summarise").returncode == 0
    assert runner.summary == "Nobody looked at `dev`; the log says why.\n"


def test_a_job_that_lacks_approvals_names_them_and_applies_when_it_runs_again(runner: Runner) -> None:
    approvals = "approvals: {required: 1}\n"
    for name in ("dev", "prod"):
        path = f"environments/{name}/environment.yaml"
        runner.project.write({path: (runner.project.folder / path).read_text() + approvals})
    runner.project.landform("ci", "github")
    runner.project.env |= works_as("runner")
    refused = runner.run("apply", "Apply")
    assert refused.returncode == 3
    (digest,) = re.findall(r"landform approve dev --plan (\w+)", refused.stderr)
    assert runner.project.parameters() == {}

    runner.project.env |= works_as("ann")
    runner.project.landform("approve", "dev", "--plan", digest, "--yes")
    again = runner.run("apply", "Apply")
    assert again.returncode == 0, again.stderr
    assert len(runner.project.parameters()) == 3


def test_a_summary_of_nothing_says_so(runner: Runner) -> None:
    assert runner.run("apply", "Summarise").returncode == 0
    assert runner.summary == "Nothing of `dev` was planned; the log says why.\n"
