"""Findings and policy results as code scanning reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli.views import samples
from landform.cli.views.console import json_text
from landform.cli.views.sarif import sarif


@pytest.fixture(scope="module")
def run() -> Any:
    """The one run of the full review."""
    (found,) = sarif(samples.full())["runs"]
    return found


def _result(run: Any, rule: str) -> Any:
    (found,) = [each for each in run["results"] if each["ruleId"] == rule]
    return found


@pytest.mark.parametrize(
    ("rule", "kind", "level"),
    [
        ("stateful-replace", "fail", "error"),
        ("open-ingress", "fail", "error"),
        ("checkov/tag-missing", "fail", "note"),
        ("policy/no-data-loss", "fail", "error"),
        ("policy/no-open-ssh", "fail", "warning"),
        ("policy/tls-only", "open", "none"),
        ("policy/encrypted-storage", "pass", "none"),
    ],
)
def test_what_each_result_is(run: Any, rule: str, kind: str, level: str) -> None:
    found = _result(run, rule)
    assert (found.get("kind", "fail"), found["level"]) == (kind, level)


def test_every_result_points_at_its_rule(run: Any) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    assert len({each["id"] for each in rules}) == len(rules)


def test_a_rule_carries_its_score_and_a_result_its_place(run: Any) -> None:
    (rule,) = [each for each in run["tool"]["driver"]["rules"] if each["id"] == "stateful-replace"]
    assert rule["properties"]["security-severity"] == "9.5"
    (place,) = _result(run, "stateful-replace")["locations"]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "module.database.aws_db_instance.main"
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "generated/database/main.tf"
    (place,) = _result(run, "checkov/tag-missing")["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "environments/prod/environment.yaml"


def test_evidence_and_advice_are_in_the_message(run: Any) -> None:
    message = _result(run, "open-ingress")["message"]["text"]
    assert "0.0.0.0/0" in message
    assert "Session Manager" in message


def test_an_exemption_is_a_suppression(run: Any) -> None:
    (given,) = _result(run, "policy/no-open-ssh")["suppressions"]
    assert given["status"] == "accepted"
    assert "migration until Q1" in given["justification"]
    assert "suppressions" not in _result(run, "policy/no-data-loss")


def test_a_finding_is_the_same_one_in_the_next_plan_and_another_at_another_place() -> None:
    first, again = sarif(samples.full()), sarif(samples.full())
    assert first == again
    prints = [each["partialFingerprints"]["landform/v1"] for each in first["runs"][0]["results"]]
    assert len(set(prints)) == len(prints)


def test_hostile_text_stays_text() -> None:
    text = json_text(sarif(samples.hostile()))
    assert [line for line in text.splitlines() if not line.isprintable()] == []
    assert json.loads(text)["version"] == "2.1.0"


def test_a_review_without_findings_is_a_run_without_results() -> None:
    (run,) = sarif(samples.unchanged())["runs"]
    assert run["results"] == []
