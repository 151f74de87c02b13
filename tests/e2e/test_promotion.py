"""One release goes dev → staging → prod: exactly it, when its source is calm, and back again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import Ended, ProjectKit, works_as
from e2e.small_projects import ENVIRONMENT, project_file

pytestmark = pytest.mark.e2e

MODULE = """\
variable "greeting" {
  type = string
}

resource "aws_ssm_parameter" "greeting" {
  name           = "/shop/${terraform.workspace}/greeting"
  type           = "String"
  insecure_value = "%s ${var.greeting}"
}
"""
APP = "  app:\n    module: %s\n    inputs: {greeting: '${var.greeting}'}\n"


def _files(module: str = "app", approvals: str = "") -> Mapping[str, str]:
    return {
        "landform.yaml": project_file(APP % module),
        "environments/dev/environment.yaml": ENVIRONMENT,
        "environments/dev/terraform.tfvars": 'greeting = "dev"\n',
        "environments/staging/environment.yaml": ENVIRONMENT + "promotes_from: dev\n",
        "environments/staging/terraform.tfvars": 'greeting = "staging"\n',
        "environments/prod/environment.yaml": ENVIRONMENT + f"promotes_from: staging\n{approvals}",
        "environments/prod/terraform.tfvars": 'greeting = "prod"\n',
    }


def _greetings(project: ProjectKit) -> dict[str, str]:
    return {name.split("/")[2]: value for name, (value, _) in project.parameters().items()}


def _promote(project: ProjectKit, source: str, target: str, *options: str, code: int = 0) -> Ended:
    return project.landform("promote", source, target, "--sandbox", "--yes", *options, code=code)


def _status(project: ProjectKit) -> dict[str, Any]:
    found = project.landform("status", "--sandbox", "--json").json["environments"]
    return {each["environment"]: each for each in found}


def _releases(project: ProjectKit) -> dict[str, str]:
    return {name: each["releases"][0] for name, each in _status(project).items() if each["releases"]}


def _apply(project: ProjectKit, environment: str = "dev", *options: str, code: int = 0) -> Ended:
    return project.landform("apply", environment, "--sandbox", "--yes", *options, code=code)


def test_one_release_goes_all_the_way_and_back(make_project: MakeProject) -> None:
    project = make_project(
        {**_files(approvals="approvals: {required: 1}\n"), "modules/app/main.tf": MODULE % "v1"}
    )
    assert "dev was never applied" in _promote(project, "dev", "staging", code=3).err
    _apply(project)
    first = _releases(project)["dev"]
    assert "takes releases from staging, not from dev" in _promote(project, "dev", "prod", code=3).err
    project.write({"modules/app/main.tf": MODULE % "edited meanwhile"})
    told = _promote(project, "dev", "staging").out
    assert "dev → staging" in told
    assert "greeting" in told, "the values that differ stand side by side"
    _promoted_with_an_approval(project)
    assert _greetings(project) == {"dev": "v1 dev", "staging": "v1 staging", "prod": "v1 prod"}
    assert set(_releases(project).values()) == {first}

    _apply(project)
    second = _releases(project)["dev"]
    assert second != first
    assert _status(project)["staging"]["promotion_brings"]["files"] == {"modules/app/main.tf": "changed"}
    shown = project.landform("release", "diff", "dev", first[:12], "--sandbox", "--diff").out
    assert '+  insecure_value = "edited meanwhile ${var.greeting}"' in shown
    _promote(project, "dev", "staging")
    _promoted_with_an_approval(project)
    assert _greetings(project)["prod"] == "edited meanwhile prod"
    _rolled_back(project, first)


def _promoted_with_an_approval(project: ProjectKit) -> None:
    """To prod, which asks for one other person's yes; it is applied by ``apply``, which opens the release."""
    refused = _promote(project, "staging", "prod", code=3).err
    assert "0 of 1 approvals" in refused
    (digest,) = {word for line in refused.splitlines() for word in line.split() if len(word) == 12} & {
        each["digest"][:12] for each in [project.landform("show", "prod", "--json").json]
    }
    _as(project, "ann", "approve", "prod", "--plan", digest, "--sandbox", "--yes")
    project.landform("apply", "prod", "--sandbox")


def _as(project: ProjectKit, name: str, *words: str) -> Ended:
    before = dict(project.env)
    project.env |= works_as(name)
    try:
        return project.landform(*words)
    finally:
        project.env = before


def _rolled_back(project: ProjectKit, first: str) -> None:
    """Prod goes back to the release before, reviewed and approved; then there is nothing left to do."""
    refused = project.landform("rollback", "prod", "--sandbox", "--yes", code=3)
    assert "0 of 1 approvals" in refused.err
    assert f"→ {first[:12]}" in refused.out
    digest = project.landform("show", "prod", "--json").json["digest"]
    _as(project, "ann", "approve", "prod", "--plan", digest[:12], "--sandbox", "--yes")
    project.landform("rollback", "prod", "--sandbox")
    assert _greetings(project)["prod"] == "v1 prod"
    assert _releases(project)["prod"] == first
    project.landform("plan", "prod", "--sandbox", "--release", first[:12], code=0)


def test_a_source_that_is_not_calm_promotes_nothing(make_project: MakeProject) -> None:
    project = make_project({**_files(), "modules/app/main.tf": MODULE % "v1"})
    _apply(project)
    _promote(project, "dev", "staging")
    project.write({"environments/staging/terraform.tfvars": 'greeting = "new"\n'})
    assert "staging has changes that are not applied: app" in _promote(project, "staging", "prod", code=3).err
    project.write({"environments/staging/terraform.tfvars": 'greeting = "staging"\n'})

    project.replace("environments/prod/environment.yaml", "promotes_from", "soak: 2d\npromotes_from")
    assert "prod asks for 2 days (soak)" in _promote(project, "staging", "prod", code=3).err
    project.replace("environments/prod/environment.yaml", "soak: 2d\n", "")

    project.write({"environments/prod/terraform.tfvars": ""})
    assert "'greeting' has no value in 'prod'" in _promote(project, "staging", "prod", code=1).err
    project.write({"environments/prod/terraform.tfvars": 'greeting = "prod"\n'})
    assert _promote(project, "staging", "prod", "--dry-run", code=2).out.count("greeting") >= 1
    assert "prod" not in _greetings(project)
    ssm = project.aws("ssm")
    ssm.put_parameter(Name="/shop/staging/greeting", Value="by hand", Overwrite=True)
    refused = _promote(project, "staging", "prod", code=3).err
    assert "staging has drifted from its release: module.app.aws_ssm_parameter.greeting" in refused
    assert "prod" not in _greetings(project)
    drifted = {"app": ["module.app.aws_ssm_parameter.greeting"]}
    assert _status(project)["staging"]["drift"]["stacks"] == drifted
    (revert,) = re.findall(r"landform (apply staging --release \w+ --sandbox)", refused)
    project.landform(*revert.split(), "--yes")
    assert _greetings(project)["staging"] == "v1 staging"
    assert _promote(project, "staging", "prod").code == 0


def test_a_downloaded_module_is_promoted_as_it_was(make_project: MakeProject, tmp_path: Path) -> None:
    """The branch moves on between dev and staging: a promotion downloads nothing anew."""
    remote = tmp_path / "remote"
    remote.mkdir()
    _git(remote, "init", "-q", "-b", "main")
    _commit(remote, MODULE % "v1")
    project = make_project(_files(f"git::file://{remote}"))
    _apply(project)
    _commit(remote, MODULE % "v2")
    (project.folder / ".landform" / "data").rename(project.folder / ".landform" / "gone")

    _promote(project, "dev", "staging")

    assert _greetings(project) == {"dev": "v1 dev", "staging": "v1 staging"}
    assert len(set(_releases(project).values())) == 1


def _commit(remote: Path, text: str) -> None:
    (remote / "main.tf").write_text(text)
    _git(remote, "add", ".")
    _git(remote, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "x")


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)
