"""States looked at, brought back and compared with what stands, on stacks that stay applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from e2e.project_kit import ProjectKit
from e2e.small_projects import BUCKET
from e2e.terminal import Terminal

pytestmark = pytest.mark.e2e

KEY = "shop/dev/{}/terraform.tfstate"
TAGS = [{"Key": "Project", "Value": "shop"}, {"Key": "Environment", "Value": "dev"}]


def _state(project: ProjectKit, stack: str, version: str = "") -> Any:
    which = {"VersionId": version} if version else {}
    found = project.aws("s3").get_object(Bucket=BUCKET, Key=KEY.format(stack), **which)
    return json.loads(found["Body"].read())


def _care(project: ProjectKit, command: str, *args: str, code: int | None = 0) -> Any:
    return project.landform("state", command, "dev", *args, "--sandbox", code=code)


def _versions(project: ProjectKit, stack: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _care(project, "versions", stack, "--limit", "50", "--json").json[
        "versions"
    ]
    return found


@contextmanager
def _object(project: ProjectKit, key: str, text: str) -> Iterator[None]:
    """Something else in the state bucket."""
    s3 = project.aws("s3")
    s3.put_object(Bucket=BUCKET, Key=key, Body=text)
    try:
        yield
    finally:
        s3.delete_object(Bucket=BUCKET, Key=key)


def test_what_is_listed_and_shown_is_what_lies_in_the_bucket(standing: ProjectKit) -> None:
    listed = {each["stack"]: each for each in _care(standing, "list", "--json").json["states"]}
    for stack in ("network", "web"):
        state = _state(standing, stack)
        assert listed[stack]["lineage"] == state["lineage"]
        assert (listed[stack]["serial"], listed[stack]["resources"]) == (state["serial"], 2)
    (network,) = _care(standing, "list", "--stack", "network").out.splitlines()[1:-1]
    assert listed["network"]["lineage"] in network

    shown = _care(standing, "show", "web").out.splitlines()
    assert "module.web.aws_ssm_parameter.greeting" in shown
    (one,) = _care(standing, "show", "web", "aws_ssm_parameter.greeting", "--json").json["resources"]
    assert one["attributes"]["insecure_value"] == "hello"
    assert "log_group" not in _care(standing, "show", "web", "data.terraform_remote_state.network").out


@pytest.fixture
def restored(standing: ProjectKit) -> Iterator[ProjectKit]:
    """The standing stacks; the state of ``network`` knows them again in the end, whatever became of it."""
    key, s3 = KEY.format("network"), standing.aws("s3")
    before = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    try:
        yield standing
    finally:
        if _state(standing, "network")["resources"] != json.loads(before)["resources"]:
            s3.put_object(Bucket=BUCKET, Key=key, Body=before)


def test_an_earlier_state_comes_back_and_the_present_one_again(restored: ProjectKit) -> None:
    before = _state(restored, "network")
    newest, *_, oldest = _versions(restored, "network")
    assert (newest["serial"], newest["latest"], oldest["resources"]) == (before["serial"], True, 0)

    refused = _care(restored, "restore", "network", oldest["version"], code=3)
    assert "2 gone, 0 back" in refused.out
    assert "no terminal" in refused.err
    assert _state(restored, "network") == before
    _restore_by_hand(restored, oldest["version"])

    earlier = _state(restored, "network")
    assert (earlier["resources"], earlier["lineage"]) == ([], before["lineage"])
    assert earlier["serial"] > before["serial"]
    assert "2 to create" in restored.landform("plan", "dev", "--stack", "network", "--sandbox", code=2).out
    lost = _care(restored, "orphans", "--json", code=5).json["resources"]
    assert {each["arn"].rpartition(":")[2] for each in lost} == {
        "parameter/shop/cidr",
        *restored.log_groups(),
    }

    done = _care(restored, "restore", "network", newest["version"], "--yes")
    assert "0 gone, 2 back" in done.out
    again = _state(restored, "network")
    assert (again["resources"], again["outputs"]) == (before["resources"], before["outputs"])
    assert again["serial"] > earlier["serial"]
    assert not restored.locks(BUCKET)
    assert _care(restored, "orphans").code == 0
    entries = restored.landform("audit", "dev", "--sandbox", "--json").json["entries"]
    assert [each["event"] for each in entries][-4:] == ["state restore started", "state restore ended"] * 2
    assert entries[-2]["version"] == newest["version"]


def _restore_by_hand(project: ProjectKit, version: str) -> None:
    command = ("state", "restore", "dev", "network", version, "--sandbox")
    with Terminal(project, *command) as terminal:
        terminal.wait_for("Type network to restore this")
        terminal.type("dev\n")
        assert terminal.wait_for_end() == 3, terminal.shown
        assert "network was not typed" in terminal.shown
    with Terminal(project, *command) as terminal:
        terminal.wait_for("Type network to restore this")
        terminal.type("network\n")
        assert terminal.wait_for_end() == 0, terminal.shown


def test_a_locked_state_and_versions_that_are_none_of_it_are_refused(standing: ProjectKit) -> None:
    key, s3 = KEY.format("web"), standing.aws("s3")
    good = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    stranger = json.loads(good) | {"lineage": "11111111-2222-3333-4444-555555555555"}
    bad = [
        s3.put_object(Bucket=BUCKET, Key=key, Body=text)["VersionId"]
        for text in ("no state \x1b[2J", json.dumps(stranger), good)
    ]
    for version, why in (
        (bad[0], "is not a state"),
        (bad[1], "another lineage"),
        (bad[2], "what web has now"),
    ):
        assert why in _care(standing, "restore", "web", version, "--yes", code=3).err
    oldest = _versions(standing, "web")[-1]["version"]
    lock = json.dumps({"ID": "1b2", "Who": "ada\x1b[2J@laptop", "Operation": "OperationTypeApply"})
    with _object(standing, f"{key}.tflock", lock):
        refused = _care(standing, "restore", "web", oldest, "--yes", code=3)
    assert r"is locked by ada\x1b[2J@laptop" in refused.err
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == good
    told = _care(standing, "versions", "web").out
    assert "not a state" in told
    assert "\x1b" not in told


def test_states_without_a_stack_and_tagged_things_in_no_state_are_found(standing: ProjectKit) -> None:
    state = json.dumps(_state(standing, "web"))
    empty = json.dumps(_state(standing, "web") | {"resources": []})
    ssm = standing.aws("ssm")
    tags = [*TAGS, {"Key": "Name", "Value": "x\u202ey"}]
    ssm.put_parameter(Name="/shop/stray", Value="v", Type="String", Tags=tags)
    try:
        with (
            _object(standing, KEY.format("gone"), state),
            _object(standing, KEY.format("dry"), empty),
            _object(standing, KEY.format("web") + ".tflock", "{}"),
        ):
            found = _care(standing, "orphans", "--json", code=5).json
            shown = _care(standing, "orphans", code=5).out
            held = _care(standing, "show", "gone").out
    finally:
        ssm.delete_parameter(Name="/shop/stray")
    assert {each["stack"]: each["resources"] for each in found["states"]} == {"gone": 2, "dry": 0}
    (stray,) = found["resources"]
    assert stray["arn"].endswith(":parameter/shop/stray")
    assert "gone: 2 resources" in shown
    assert "Somebody works on web:" in shown
    assert "module.web.aws_ssm_parameter.logs" in held
    assert "\\u202e" in shown
    assert "\u202e" not in shown


def test_a_stack_without_a_state_is_told_of_and_a_state_without_resources_is_no_leftover(
    standing: ProjectKit,
) -> None:
    empty = json.dumps(_state(standing, "web") | {"resources": []})
    with _object(standing, "shop/prod/dry/terraform.tfstate", empty):
        done = standing.landform("state", "orphans", "prod", "--sandbox")
    assert "Stacks without a state: network, web" in done.out
    assert "dry: 0 resources" in done.out
