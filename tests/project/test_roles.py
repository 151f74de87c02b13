"""What environment.yaml says about roles and profiles, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.project import AssumeRole, Environment, Project, Purpose, Stack, load_project

Write = Callable[[Mapping[str, str]], Path]
_YAML = "environments/dev/environment.yaml"
_ROLE = "arn:aws:iam::111111111111:role"
_GIVEN = f"""\
region: us-east-1
account_id: "111111111111"
assume_role_arn: {_ROLE}/apply
plan_role_arn: {_ROLE}/path/plan
assume_role: {{external_id: "of:shop/1", session_name: ci@shop, duration: 1h30m}}
profile: company-prod
"""


def _read(write: Write, good: Mapping[str, str], text: str) -> Environment:
    return load_project(write({**good, _YAML: text})).environment_by_name["dev"]


def _faults(write: Write, good: Mapping[str, str], text: str) -> list[tuple[str, str]]:
    with pytest.raises(ProjectInvalid) as caught:
        _read(write, good, text)
    return [(str(fault.where), fault.what) for fault in caught.value.faults]


def test_roles_options_and_profile_are_read(write: Write, good: dict[str, str]) -> None:
    dev = _read(write, good, _GIVEN)
    assert dev.assume_role == AssumeRole("of:shop/1", "ci@shop", 5400)
    assert dev.profile == "company-prod"
    assert dev.role_arn(Purpose.PLAN) == f"{_ROLE}/path/plan"
    assert dev.role_arn(Purpose.APPLY) == f"{_ROLE}/apply"


def test_one_role_may_do_both_and_a_role_for_plans_may_stand_alone(
    write: Write, good: dict[str, str]
) -> None:
    dev = _read(write, good, f"region: us-east-1\nassume_role_arn: {_ROLE}/apply\n")
    assert dev.role_arn(Purpose.PLAN) == dev.role_arn(Purpose.APPLY) == f"{_ROLE}/apply"
    dev = _read(write, good, f"region: us-east-1\nplan_role_arn: {_ROLE}/plan\nassume_role: {{}}\n")
    assert dev.role_arn(Purpose.PLAN) == f"{_ROLE}/plan"
    assert dev.role_arn(Purpose.APPLY) is None
    assert dev.assume_role == AssumeRole(None, "landform", None)


def test_all_that_is_wrong_is_said_at_once_each_on_its_line(write: Write, good: dict[str, str]) -> None:
    text = (
        "region: us-east-1\n"
        "plan_role_arn: arn:aws:iam::1:role/plan\n"
        "assume_role:\n"
        "  external_id: 'with a blank'\n"
        "  session_name: x\n"
        "  duration: 14m\n"
        "profile: '[default]'\n"
    )
    found = dict(_faults(write, good, text))
    assert found.keys() == {f"{_YAML}:{line}" for line in (2, 4, 5, 6, 7)}
    assert "is not a valid value" in found[f"{_YAML}:2"]
    assert "is no external id" in found[f"{_YAML}:4"]
    assert "is no session name: 2 to 64" in found[f"{_YAML}:5"]
    assert "a role is assumed for 15m to 12h" in found[f"{_YAML}:6"]


@pytest.mark.parametrize("duration", ["15m", "1h", "90m", "12h"])
def test_durations(write: Write, good: dict[str, str], duration: str) -> None:
    text = f"region: us-east-1\nassume_role_arn: {_ROLE}/x\nassume_role: {{duration: {duration}}}\n"
    assert _read(write, good, text).assume_role is not None


@pytest.mark.parametrize("duration", ["0m", "1d", "h", "''", "12h1m", "13h", "-1h", "1h 30m", "3600s"])
def test_wrong_durations(write: Write, good: dict[str, str], duration: str) -> None:
    text = f"region: us-east-1\nassume_role_arn: {_ROLE}/x\nassume_role: {{duration: {duration}}}\n"
    ((where, what),) = _faults(write, good, text)
    assert where == f"{_YAML}:3"
    assert what.startswith("assume_role.duration: ")


def test_options_without_a_role_are_a_fault(write: Write, good: dict[str, str]) -> None:
    text = "region: us-east-1\nassume_role: {session_name: ci}\n"
    assert _faults(write, good, text) == [
        (f"{_YAML}:2", "assume_role has options, but there is no role to assume.")
    ]


@pytest.mark.parametrize(
    ("account", "lines"), [('account_id: "222222222222"', [3, 4]), ("ephemeral: true", [4])]
)
def test_a_role_of_another_account_is_a_fault(
    write: Write, good: dict[str, str], account: str, lines: list[int]
) -> None:
    other = f"{_ROLE}/plan".replace("111111111111", "333333333333")
    text = f"region: us-east-1\n{account}\nassume_role_arn: {_ROLE}/apply\nplan_role_arn: {other}\n"
    found = _faults(write, good, text)
    assert [where for where, _ in found] == [f"{_YAML}:{line}" for line in lines]
    assert "plan_role_arn is a role of account 333333333333" in found[-1][1]


def test_options_of_an_environment_built_in_python_are_checked_too(write: Write) -> None:
    options = AssumeRole("x", "a b", 60)
    environment = Environment("dev", "us-east-1", assume_role_arn=f"{_ROLE}/x", assume_role=options)
    with pytest.raises(ProjectInvalid) as caught:
        Project("shop", [Stack("a", "x/y/aws")], [environment], folder=write({"landform.yaml": ""}))
    assert len(caught.value.faults) == 3
