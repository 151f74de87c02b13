"""``drift.yaml``: every fault at once, with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from landform.errors import ProjectInvalid
from landform.project.drift_rules import DriftRule, read_drift_rules

Write = Callable[[Mapping[str, str]], Path]


def test_rules_of_the_project_and_of_one_environment(write: Write) -> None:
    folder = write(
        {
            "drift.yaml": "- {address: 'module.a.*', reason: r, expires: '2027-01-31'}\n",
            "environments/dev/drift.yaml": (
                "- {address: x, attribute: tags.*, reason: 'a scanner tags it', expires: '2027-02-01'}\n"
            ),
            "environments/prod/drift.yaml": "- {address: y, reason: r, expires: '2027-02-01'}\n",
        }
    )
    assert read_drift_rules(folder, "dev") == (
        DriftRule("module.a.*", "r", date(2027, 1, 31)),
        DriftRule("x", "a scanner tags it", date(2027, 2, 1), "tags.*"),
    )
    assert read_drift_rules(folder, "staging") == read_drift_rules(folder, "dev")[:1]


def test_all_faults_are_told_at_once_with_their_lines(write: Write) -> None:
    folder = write(
        {
            "drift.yaml": (
                "- {address: a, reason: r, expires: soon}\n"
                "- just text\n"
                "- {adress: a, reason: '', expires: '2027-01-01'}\n"
            )
        }
    )
    with pytest.raises(ProjectInvalid) as refused:
        read_drift_rules(folder, "dev")
    told = [str(fault) for fault in refused.value.faults]
    assert [line.split(":")[1] for line in told] == ["1", "2", "3", "3", "3"]
    assert "no date such as 2027-03-31" in told[0]
    assert any("Did you mean 'address'?" in line for line in told)


def test_a_file_that_is_no_list_says_so(write: Write) -> None:
    with pytest.raises(ProjectInvalid, match="1 fault"):
        read_drift_rules(write({"drift.yaml": "address: a\n"}), "dev")
