"""A review as the test report of a CI."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from cli.views import samples
from landform.cli.views.junit import junit
from landform.review import Review
from landform.review.findings import PolicyResult, Result, Verdict


def _cases(review: Review) -> dict[tuple[str, str], ET.Element]:
    root = ET.fromstring(junit(review))
    return {
        (suite.get("name", ""), case.get("name", "")): case
        for suite in root.iter("testsuite")
        for case in suite.iter("testcase")
    }


@pytest.mark.parametrize(
    ("suite", "name", "element"),
    [
        ("verdict", "verdict", "failure"),
        ("policies", "no-data-loss", "failure"),
        ("policies", "tls-only", "error"),
        ("policies", "no-open-ssh", "skipped"),
        ("policies", "encrypted-storage", None),
        ("findings", "stateful-replace", None),
        ("findings", "checkov/tag-missing", None),
        ("checks", "check.dns", "failure"),
    ],
)
def test_what_each_case_comes_to(suite: str, name: str, element: str | None) -> None:
    case = _cases(samples.full())[(suite, name)]
    bad = [each.tag for each in case if each.tag != "system-out"]
    assert bad == ([element] if element else [])


def test_it_says_where_and_why() -> None:
    cases = _cases(samples.full())
    failure = cases[("policies", "no-data-loss")].find("failure")
    assert failure is not None
    assert failure.get("message") == "its data would be lost"
    assert "database.aws_db_instance.main" in (failure.text or "")
    finding = cases[("findings", "stateful-replace")].findtext("system-out") or ""
    assert "skip_final_snapshot is true" in finding
    assert "→ Take a snapshot first" in finding


def test_a_policy_is_as_good_as_its_worst_result() -> None:
    results = (
        PolicyResult("p", Result.PASS, "a"),
        PolicyResult("p", Result.UNKNOWN, "b"),
        PolicyResult("p", Result.WARN, "c"),
    )
    case = _cases(replace(samples.full(), policies=results))[("policies", "p")]
    assert case.find("error") is not None


def test_the_numbers_add_up() -> None:
    root = ET.fromstring(junit(samples.full()))
    assert {each: root.get(each) for each in ("tests", "failures", "errors", "skipped")} == {
        "tests": str(sum(1 for _ in root.iter("testcase"))),
        "failures": str(sum(1 for _ in root.iter("failure"))),
        "errors": str(sum(1 for _ in root.iter("error"))),
        "skipped": str(sum(1 for _ in root.iter("skipped"))),
    }


def test_a_clean_review_is_one_case_that_passes() -> None:
    cases = _cases(samples.unchanged())
    assert list(cases) == [("verdict", "verdict")]
    assert cases[("verdict", "verdict")].find("failure") is None
    unknown = _cases(replace(samples.unchanged(), verdict=Verdict(Result.UNKNOWN)))
    assert unknown[("verdict", "verdict")].find("error") is not None


def test_hostile_text_is_well_formed_and_starts_no_line() -> None:
    text = junit(samples.hostile())
    assert ET.fromstring(text).tag == "testsuites"
    assert [
        line for line in text.splitlines() if line.lstrip().startswith("::") or not line.isprintable()
    ] == []
