"""A review on the terminal: what matters is on the first screen, and hostile text does nothing there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from cli.views import samples
from landform.cli.views.review import review_text
from landform.cli.views.visible import visible
from landform.review import Review
from landform.review.findings import Finding, Severity, Verdict


def test_the_first_screen_says_what_to_decide_on() -> None:
    screen = "\n".join(review_text(samples.full(), 80).splitlines()[:24])
    assert "plan 369d3109b9a5" in screen
    assert "DENY   critical risk · 2 approvals needed · -$40.98 to -$8.18 a month" in screen
    assert "1 to create, 2 to update, 1 to replace, 1 to destroy, 1 to move" in screen
    assert "2 existing objects end: 1 in database, 1 in web." in screen
    assert "no-data-loss: its data would be lost" in screen
    assert "Needs your eyes" in screen
    assert "A database is replaced: its data is lost" in screen
    assert "database.aws_db_instance.main" in screen
    assert "skip_final_snapshot is true" in screen
    assert "→ Take a snapshot first" in screen
    assert "3 depend on it: web.aws_launch_template.web" in screen


def test_findings_come_the_worst_first_then_policies_cost_and_stacks() -> None:
    text = review_text(samples.full(), 80)
    told = [
        "critical",
        "Port 22",
        "no owner tag",
        "no-data-loss  database",
        "tls-only",
        "Cost  at least $430.00",
        "web-app",
    ]
    places = [text.index(each) for each in told]
    assert places == sorted(places)
    assert "exempt until 2027-01-31 by ada@example.com: migration until Q1" in text
    assert "1 not priced" in text


@pytest.mark.parametrize("make", [samples.full, samples.hostile, samples.destroyed, samples.unchanged])
@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("diff", [False, True])
def test_no_line_is_wider_than_the_terminal(make: Callable[[], Review], width: int, diff: bool) -> None:
    assert max(map(len, review_text(make(), width, diff=diff).splitlines())) <= width


def test_a_plan_that_nothing_was_found_in_has_no_verdict_to_read() -> None:
    text = review_text(samples.destroyed(), 80)
    assert "PASS" not in text
    assert "3 existing objects end: 3 in web." in text
    assert "Needs your eyes" not in text
    assert "No changes." in review_text(samples.unchanged(), 80)


def test_a_pass_with_a_risk_is_shown_as_one() -> None:
    review = replace(samples.destroyed(), verdict=Verdict(severity=Severity.LOW, approvals=1))
    assert "PASS   low risk · 1 approval needed" in review_text(review, 80)


def test_many_findings_are_folded_but_no_critical_one_is() -> None:
    def found(severity: Severity, number: int) -> Finding:
        return Finding(f"{severity}-{number}", severity, "", f"{severity} risk number {number}")

    findings = [found(severity, number) for severity in Severity for number in range(20)]
    review = replace(samples.unchanged(), findings=tuple(findings))
    text = review_text(review, 80)
    assert text.count("critical risk number") == 20
    assert text.count("high risk number") < 20
    assert "20 critical, 20 high, 20 medium, 20 low" in text
    assert "findings more: see --diff" in text
    assert "low risk number 19" not in text
    assert "low risk number 19" in review_text(review, 80, diff=True)


def test_findings_alike_are_one_entry_with_their_places() -> None:
    text = review_text(samples.large(200, 1, 2), 80)
    assert text.count("An instance is replaced") == 1
    assert "and 16 more like it" in text


def test_a_title_that_begins_with_its_address_does_not_say_it_twice() -> None:
    def found(name: str) -> Finding:
        return Finding("lost", Severity.HIGH, f"module.web.x.{name}", f"web.x.{name} is deleted", "gone")

    text = review_text(replace(samples.unchanged(), findings=(found("a"), found("b"))), 80)
    assert text.count("Is deleted") == 1
    assert text.count("web.x.a") == text.count("web.x.b") == 1


@pytest.mark.parametrize("diff", [False, True])
def test_nothing_hostile_reaches_the_terminal_raw(diff: bool) -> None:
    text = review_text(samples.hostile(), 80, diff=diff)
    assert [line for line in text.splitlines() if not line.isprintable()] == []
    assert r"\x1b[2J" in text
    assert r"\u202e" in text
    assert "[red]" in text


def test_no_line_is_a_command_to_a_ci_log() -> None:
    review = replace(samples.unchanged(), failed_checks=("x" * 65 + " ::error::owned", "##[error]owned"))
    for text in (review_text(review, 80), review_text(samples.hostile(), 80, diff=True)):
        assert [line for line in text.splitlines() if re.match(r"\s*::\w", line)] == []
        assert "##[" not in text
    assert ": :error::owned" in review_text(review, 80)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – ünïcode ✓ 日本", "plain – ünïcode ✓ 日本"),
        ("a\nb", "a⏎b"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b\x7f\t", r"\x9b\x7f\t"),
        ("\u202e\u2066\u200b\u2028\ufeff", r"\u202e\u2066\u200b\u2028\ufeff"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_is_invisible_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown
