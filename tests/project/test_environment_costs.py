"""What environment.yaml and usage.yaml say about money, and how they say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import Fault, ProjectInvalid
from landform.project import Budget, load_project

Write = Callable[[Mapping[str, str]], Path]
_YAML = "environments/dev/environment.yaml"
_USAGE = "environments/dev/usage.yaml"


def _faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ProjectInvalid) as caught:
        load_project(folder)
    return caught.value.faults


def test_a_budget_is_read(write: Write, good: dict[str, str]) -> None:
    good[_YAML] += "budget: {monthly_usd: 150, warn_at_percent: 50}\n"
    assert load_project(write(good)).environment_by_name["dev"].budget == Budget(150.0, 50.0)


def test_a_budget_warns_from_four_fifths_on(write: Write, good: dict[str, str]) -> None:
    good[_YAML] += "budget: {monthly_usd: 150}\n"
    assert load_project(write(good)).environment_by_name["dev"].budget == Budget(150.0, 80.0)


@pytest.mark.parametrize(
    ("lines", "where", "says"),
    [
        (["budget:", "  monthly_usd: 10", "  warn_at_percent: 101"], 4, "less than or equal to 100"),
        (["budget: {monthly_usd: .inf}"], 2, "finite"),
    ],
)
def test_a_bad_one_is_said_where_it_stands(
    write: Write, good: dict[str, str], lines: list[str], where: int, says: str
) -> None:
    good[_YAML] = "\n".join(["region: us-east-1", *lines]) + "\n"
    (fault,) = _faults(write(good))
    assert says in fault.what
    assert str(fault.where) == f"{_YAML}:{where}"


def test_usage_is_read_with_the_line_of_each_figure(write: Write, good: dict[str, str]) -> None:
    address = 'module.network.aws_nat_gateway.this["us-east-1a"]'
    good[_USAGE] = (
        f"# a month\naws_nat_gateway: {{data_processed_gb: 100}}\n{address}:\n  data_processed_gb: 2.5\n"
    )
    dev = load_project(write(good)).environment_by_name["dev"]
    assert dev.usage == {"aws_nat_gateway": {"data_processed_gb": 100}, address: {"data_processed_gb": 2.5}}
    assert str(dev.usage_lines[address, "data_processed_gb"]) == f"{_USAGE}:4"


def test_every_bad_figure_is_said_at_once(write: Write, good: dict[str, str]) -> None:
    good[_USAGE] = "a:\n  x: -1\n  y: many\n  z: .nan\n  t: true\nb: 3\na: {x: 1}\n"
    found = [f"{fault.where} {fault.what}" for fault in _faults(write(good))]
    starts = [
        "2 x: -1 is",
        "3 y: 'many' is",
        "4 z: nan is",
        "5 t: True is",
        "6 'b' needs",
        "7 duplicate key 'a'",
    ]
    assert [
        each.removeprefix(f"{_USAGE}:")[: len(start)] for each, start in zip(found, starts, strict=True)
    ] == starts


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_usage_file_says_nothing(write: Write, good: dict[str, str], text: str) -> None:
    good[_USAGE] = text
    assert load_project(write(good)).environment_by_name["dev"].usage == {}
