"""Names enter Terraform code and paths, so a hostile one must never pass."""

from __future__ import annotations

import pytest

from landform.project.names import (
    did_you_mean,
    environment_name_fault,
    project_name_fault,
    stack_name_fault,
    variable_name_fault,
)

_HOSTILE = (
    *("", " ", "../x", "a/b", "a b", "a\n", "a.b", "a$b", '"', "${x}", "-a", "a-", "a--b", "1a", "_a", "Web"),
    *("é", "a\x00", "con\u200bnect", "a;b", "a" * 41),
)


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_names_are_refused_everywhere(name: str) -> None:
    assert repr(name) in stack_name_fault(name)
    assert repr(name) in environment_name_fault(name)
    assert repr(name) in project_name_fault(name)


def test_good_names_pass() -> None:
    assert [stack_name_fault(name) for name in ("a", "web-app", "web_app2", "a" * 40)] == [""] * 4
    assert [environment_name_fault(name) for name in ("dev", "eu-west-1", "a" * 30)] == [""] * 3


def test_names_with_a_meaning_of_their_own_are_refused() -> None:
    assert "generated/" in stack_name_fault("modules")
    assert "generated/" in stack_name_fault("environments")
    assert "workspace" in environment_name_fault("default")
    assert environment_name_fault("web_app")  # a workspace becomes a part of AWS names, which take no "_"
    assert environment_name_fault("a" * 31)


@pytest.mark.parametrize("name", ["environment", "state_dir", "source", "count", "for_each", "a b", "1a", ""])
def test_variables_that_would_clash_in_a_root_are_refused(name: str) -> None:
    assert repr(name) in variable_name_fault(name)


def test_the_nearest_name_is_offered() -> None:
    assert did_you_mean("netwrok", ["web", "network"]) == "Did you mean 'network'?"
    assert did_you_mean("zzz", ["web", "network"]) == "There are: network, web."
    assert did_you_mean("zzz", []) == "There are none."
    assert did_you_mean("zzz", [f"stack{n:02}" for n in range(40)]).endswith("stack11, ….")
