"""What was approved is what is applied: everything that moves in between is named, and nothing is applied."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import ProjectKit, works_as
from e2e.small_projects import BUCKET, ENVIRONMENT, project_file, two_stacks

pytestmark = pytest.mark.e2e

PREFIX = "landform/shop/dev"
NOTED = """\
resource "aws_ssm_parameter" "note" {
  name           = "/shop/note"
  type           = "String"
  insecure_value = file("${path.module}/note.txt")
}
"""
STRANGER = """\
#!{python}
import os, sys
if sys.argv[1:2] == ["version"]:
    print({answer!r})
else:
    os.execv({real!r}, ["terraform", *sys.argv[1:]])
"""


@pytest.fixture
def project(make_project: MakeProject) -> ProjectKit:
    """Two stacks, one of which reads a file; each apply needs two approvals."""
    made = make_project(
        {
            **two_stacks(),
            "modules/network/note.tf": NOTED,
            "modules/network/note.txt": "first",
            "environments/dev/environment.yaml": ENVIRONMENT + "approvals: {required: 2}\n",
        }
    )
    made.env |= works_as("pam")
    return made


def _planned(project: ProjectKit) -> str:
    plan: Mapping[str, Any] = project.landform("plan", "dev", "--sandbox", "--json", code=2).json
    assert plan["verdict"]["approvals"] == 2
    return str(plan["digest"])


def _approve(project: ProjectKit, digest: str, *names: str, code: int = 0) -> str:
    said = ""
    for name in names:
        before, project.env = project.env, project.env | works_as(name)
        done = project.landform("approve", "dev", "--plan", digest[:12], "--sandbox", "--yes", code=code)
        project.env, said = before, done.out + done.err
    return said


def _apply(project: ProjectKit, *options: str, code: int = 0) -> str:
    done = project.landform("apply", "dev", "--sandbox", *options, code=code)
    return done.out + done.err


def test_it_takes_two_others_and_no_question(project: ProjectKit) -> None:
    digest = _planned(project)
    assert "0 of 2 approvals" in _apply(project, "--yes", code=3)
    assert "pam@example.com made the plan" in _approve(project, digest, "pam", code=3)
    assert "1 of 2" in _approve(project, digest, "ann", "ann")
    assert "2 of 2" in _approve(project, digest, "bob")

    assert "applied" in _apply(project), "without a question, though there is no --yes"
    assert project.parameter("/shop/note") == "first"
    assert project.parameter("/shop/logs") == project.log_groups()[0]

    history = project.landform("audit", "dev", "--sandbox", "--json").json["entries"]
    assert [each["event"] for each in history] == ["approved"] * 3 + ["apply started", "apply ended"]
    assert history[3]["approvals"] == [1, 3]
    project.replace("modules/network/note.txt", "first", "second")
    assert "0 of 2 approvals" in _apply(project, "--yes", code=3)
    project.replace("modules/network/note.txt", "second", "first")
    assert "No changes" in _apply(project)


def test_whatever_moves_after_the_approval_is_named_and_nothing_is_applied(
    project: ProjectKit, tmp_path: Path
) -> None:
    digest = _planned(project)
    _approve(project, digest, "ann", "bob")
    moved: dict[str, AbstractContextManager[None]] = {
        "generated/web/main.tf has changed": _edited(project, "generated/web/main.tf"),
        "modules/web/main.tf has changed": _edited(project, "modules/web/main.tf"),
        "modules/network/note.txt has changed": _edited(project, "modules/network/note.txt"),
        "environments/dev/terraform.tfvars has changed": _edited(
            project, "environments/dev/terraform.tfvars"
        ),
        "landform.yaml has changed": _edited(project, "landform.yaml"),
        "generated/web/.terraform.lock.hcl is new": _added(project, "generated/web/.terraform.lock.hcl"),
        "is terraform 1.11.99": _another_engine(project, tmp_path),
        "the state of network was none, is serial 7 of abcdef12": _state(project),
        "the plan's file is not the one that was approved": _recorded(
            project, f"plans/{digest}.json", _more_create
        ),
        "entry 1 or 2 was changed": _recorded(project, "audit/00000001.json", _backdated),
    }
    for what, moving in moved.items():
        with moving:
            said = _apply(project, code=3)
        assert what in said, said
        assert said.count(" has changed") + said.count(" is new") <= 1, "and nothing else is blamed"
    assert project.log_groups() == []
    _apply(project)
    assert len(project.log_groups()) == 1
    assert "since the plan" in _apply(project, "--plan", digest[:12], code=3), "an approval is used once"


def test_a_run_that_failed_goes_on_with_its_approvals_and_only_with_what_they_are_for(
    project: ProjectKit,
) -> None:
    project.landform("sandbox", "start")
    ssm = project.aws("ssm")
    ssm.put_parameter(Name="/shop/greeting", Value="in the way", Type="String")
    _approve(project, _planned(project), "ann", "bob")
    said = _apply(project, code=1)
    (command,) = re.findall(r"landform (apply dev .*--resume \S+)", said)

    assert "0 of 2 approvals" in _apply(project, "--yes", code=3), "they are used"
    ssm.delete_parameter(Name="/shop/greeting")
    project.replace("modules/network/note.txt", "first", "other")
    assert "modules/network/note.txt has changed" in project.landform(*command.split(), code=3).err
    project.replace("modules/network/note.txt", "other", "first")
    group = project.log_groups()[0]
    project.landform(*command.split())

    assert project.parameter("/shop/greeting") == "hello"
    assert project.log_groups() == [group]
    assert "No changes" in _apply(project)


@contextmanager
def _edited(project: ProjectKit, name: str) -> Iterator[None]:
    path = project.folder / name
    before = path.read_text()
    path.write_text(f"{before}\n")
    yield
    path.write_text(before)


@contextmanager
def _added(project: ProjectKit, name: str) -> Iterator[None]:
    path = project.folder / name
    path.write_text("# locked by somebody\n")
    yield
    path.unlink()


@contextmanager
def _another_engine(project: ProjectKit, folder: Path) -> Iterator[None]:
    real = project.landform("engine", "path").out.strip()
    program = folder / "terraform"
    answer = json.dumps({"terraform_version": "1.11.99"})
    program.write_text(STRANGER.format(python=sys.executable, answer=answer, real=real))
    program.chmod(0o755)
    before, project.env = project.env, {**project.env, "LANDFORM_TERRAFORM": str(program)}
    yield
    project.env = before


@contextmanager
def _state(project: ProjectKit) -> Iterator[None]:
    """Somebody else's Terraform has written a state meanwhile."""
    document = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": "abcdef12-3",
        "outputs": {},
    }
    key = "shop/dev/network/terraform.tfstate"
    s3 = project.aws("s3")
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps({**document, "resources": []}).encode())
    yield
    s3.delete_object(Bucket=BUCKET, Key=key)


@contextmanager
def _recorded(project: ProjectKit, name: str, change: Callable[[Any], None]) -> Iterator[None]:
    s3, key = project.aws("s3"), f"{PREFIX}/{name}"
    before = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    document = json.loads(before)
    change(document)
    forged = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    s3.put_object(Bucket=BUCKET, Key=key, Body=forged)
    yield
    s3.put_object(Bucket=BUCKET, Key=key, Body=before)


def _more_create(document: Any) -> None:
    document["review"]["counts"]["create"] = 0


def _backdated(document: Any) -> None:
    document["at"] = "2099-01-01T00:00:00Z"


def test_break_glass_is_recorded_and_blocks_until_somebody_else_has_looked(make_project: MakeProject) -> None:
    project = make_project(
        {
            "landform.yaml": project_file("  one:\n    module: one\n    inputs: {}\n", "local"),
            "modules/one/main.tf": 'resource "terraform_data" "x" { input = file("${path.module}/x.txt") }\n',
            "modules/one/x.txt": "1",
            "environments/dev/environment.yaml": ENVIRONMENT + "approvals: {required: 1}\n",
            "environments/dev/terraform.tfvars": "",
        }
    )
    project.env |= works_as("pam")
    _apply(project, "--yes", "--break-glass", "the site is down")

    (project.folder / "modules/one/x.txt").write_text("2")
    _approve(project, _planned_one(project), "ann")
    said = _apply(project, code=3)
    assert "pam@example.com went around the approvals" in said
    assert "the site is down" in said
    reviewed = ("audit", "dev", "--sandbox", "--reviewed", "1", "--reason", "it was right")
    assert "may not review it" in project.landform(*reviewed, code=3).err
    before, project.env = project.env, project.env | works_as("bob")
    project.landform(*reviewed)
    project.env = before
    _apply(project)


def _planned_one(project: ProjectKit) -> str:
    return str(project.landform("plan", "dev", "--sandbox", "--json", code=2).json["digest"])
