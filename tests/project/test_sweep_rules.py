"""What an environment keeps on purpose is read; a rule that keeps everything, or says no why, is a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import Fault, ProjectInvalid
from landform.project import Environment, Keep, Project, Stack, SweepRules, load_project

Write = Callable[[Mapping[str, str]], Path]
_YAML = "environments/dev/environment.yaml"


def _faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ProjectInvalid) as caught:
        load_project(folder)
    return caught.value.faults


def test_rules_are_read(write: Write, good: dict[str, str]) -> None:
    good[_YAML] += 'sweep: {keep: [{pattern: "*:snapshot:shop-*", reason: "a month"}]}\n'
    (keep,) = load_project(write(good)).environment_by_name["dev"].sweep.keep
    assert keep == Keep("*:snapshot:shop-*", "a month")
    assert keep.fits(["", "arn:aws:rds:us-east-1:1:snapshot:shop-1"])
    assert not keep.fits(["", "arn:aws:rds:us-east-1:1:snapshot:other"])


def test_all_bad_rules_are_said_at_once_where_they_stand(write: Write, good: dict[str, str]) -> None:
    good[_YAML] = (
        'region: us-east-1\nsweep:\n  keep:\n    - {pattern: "*", reason: all}\n'
        '    - {pattern: a, reason: " "}\n    - {pattern: b}\n    - {pattern: c, reason: c, until: never}\n'
    )
    found = [f"{each.where.line} {each.what}" for each in _faults(write(good))]
    assert [each[:2] for each in found] == ["4 ", "5 ", "6 ", "7 "]
    for says, each in zip(("would keep everything", "say why", "missing", "'until'"), found, strict=True):
        assert says in each


def test_two_reasons_for_one_pattern_are_a_fault(write: Write, good: dict[str, str]) -> None:
    good[_YAML] += "sweep:\n  keep:\n    - {pattern: a, reason: x}\n    - {pattern: a, reason: y}\n"
    (fault,) = _faults(write(good))
    assert "sweep.keep has 'a' twice" in fault.what


def test_an_environment_of_python_has_the_same_faults(write: Write, good: dict[str, str]) -> None:
    bad = Environment("dev", "us-east-1", sweep=SweepRules((Keep("**", "x"), Keep("a", ""))))
    with pytest.raises(ProjectInvalid) as caught:
        Project("shop", [Stack("net", "net", {"cidr": "x"})], [bad], folder=write(good))
    assert len(caught.value.faults) == 2
