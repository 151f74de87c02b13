"""What can't be in a workflow is refused, all of it at once; what can be, stays data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.workflow_kit import DEV, PROD, STAGING, jobs, loaded, project, texts
from landform.errors import ProjectInvalid

HOSTILE = """x"; run: $(touch /tmp/x) `id` 'y' # \\ : - | > & * ! % @ {a: b} é"""
EXPRESSION = "${{ secrets.GITHUB_TOKEN }}"


def test_everything_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    bare = replace(DEV, assume_role_arn=None)
    wrong = replace(PROD, assume_role_arn=f"arn:aws:iam::{'3' * 12}:role/x\n{EXPRESSION}", region="$(id)")
    made = project(tmp_path, bare, STAGING, wrong, local=True)
    with pytest.raises(ProjectInvalid) as refused:
        texts(made, branch="main' }", install="-r https://example.org", terraform="latest", folder=EXPRESSION)
    said = "\n".join(map(str, refused.value.faults))
    for word in (
        "backend local",
        "dev has no role",
        "role/x",
        "$(id)",
        "--branch",
        "--install",
        "--terraform",
    ):
        assert word in said
    assert len(refused.value.faults) == 8


@pytest.mark.parametrize(
    "branch",
    ["", "-x", "a..b", "rel*", "a b", "a\n", '"', "!main", "a'b", "[x]", EXPRESSION, "/a", "a/", "a.", "ä"],
)
def test_a_branch_is_a_name_and_no_pattern(tmp_path: Path, branch: str) -> None:
    with pytest.raises(ProjectInvalid, match="1 fault") as refused:
        texts(project(tmp_path), branch=branch)
    assert "--branch" in str(refused.value.faults[0])


@pytest.mark.parametrize("install", ["", "--pre", "a\nb", f"landform {EXPRESSION}", "a\u2028b"])
def test_what_is_installed_is_one_requirement(tmp_path: Path, install: str) -> None:
    with pytest.raises(ProjectInvalid) as refused:
        texts(project(tmp_path), install=install)
    assert "--install" in str(refused.value.faults[0])


@pytest.mark.parametrize("name", ["shop\n", "sh op", EXPRESSION, '"', "$(id)"])
def test_hostile_names_never_get_that_far(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProjectInvalid):
        texts(project(tmp_path, name=name))
    with pytest.raises(ProjectInvalid):
        texts(project(tmp_path, replace(DEV, name=name)))


def test_no_environment_is_no_workflow(tmp_path: Path) -> None:
    with pytest.raises(ProjectInvalid) as refused:
        texts(project(tmp_path, replace(DEV, sandbox=True)))
    assert "only sandboxes" in str(refused.value.faults[0])


def test_other_text_is_data_whatever_it_looks_like(tmp_path: Path) -> None:
    plain = texts(project(tmp_path))
    files = texts(project(tmp_path), install=HOSTILE, folder=HOSTILE)
    for name, workflow in loaded(files).items():
        assert workflow["env"]["REQUIREMENT"] == HOSTILE, name
    for name, job in jobs(files):
        folder = job.get("defaults", {}).get("run", {}).get("working-directory", HOSTILE)
        assert folder == HOSTILE, name
    scripts = {name: [step.get("run") for step in job["steps"]] for name, job in jobs(files)}
    assert scripts == {name: [step.get("run") for step in job["steps"]] for name, job in jobs(plain)}


@pytest.mark.parametrize("name", ["on", "no", "true", "null", "y"])
def test_a_name_that_yaml_has_a_use_for_stays_a_name(tmp_path: Path, name: str) -> None:
    files = texts(project(tmp_path, replace(DEV, name=name), replace(STAGING, promotes_from=name)))
    read = loaded(files)
    assert list(read["landform-apply.yml"]["jobs"]) == [name]
    assert read["landform-apply.yml"]["jobs"][name]["environment"] == name
    assert (
        read["landform-plan.yml"]["jobs"]["plan"]["strategy"]["matrix"]["include"][0]["environment"] == name
    )
