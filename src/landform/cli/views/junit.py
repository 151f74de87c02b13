"""A review as JUnit XML: a case for the verdict, each policy, each kind of finding, each failed check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from landform.cli.views import phrases
from landform.cli.views.phrases import FindingGroup
from landform.cli.views.visible import visible_review
from landform.review import Review
from landform.review.findings import PolicyResult, Result

_ELEMENTS = {Result.DENY: "failure", Result.UNKNOWN: "error"}
"""What a policy's result is in JUnit; a warning is a case that passes and says why."""


def junit(review: Review) -> str:
    """The report. Only a policy's deny, an unknown, the verdict and failed checks fail: findings just say."""
    review = visible_review(review)
    groups = phrases.grouped(phrases.all_findings(review))
    policies: dict[str, list[PolicyResult]] = {}
    for each in review.policies:
        policies.setdefault(each.policy, []).append(each)
    suites = [
        _suite("verdict", [_verdict(review)]),
        _suite("policies", [_policy(name, results) for name, results in policies.items()]),
        _suite("findings", [_finding(group) for group in groups]),
        _suite("checks", [_check(check) for check in review.failed_checks]),
    ]
    root = ET.Element("testsuites", name=f"landform {review.project} {review.environment}")
    root.extend(suite for suite in suites if len(suite))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(name: str, cases: Sequence[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name, tests=str(len(cases)))
    for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(element) is not None for case in cases)))
    suite.extend(cases)
    return suite


def _case(suite: str, name: str, element: str | None, message: str, lines: Iterable[str]) -> ET.Element:
    """One case. ``element`` is what makes it fail; without one, what there is to say is its output."""
    case = ET.Element("testcase", classname=f"landform.{suite}", name=name)
    text = "\n".join(line for line in lines if line)
    if element is not None:
        ET.SubElement(case, element, message=message).text = text
    elif text:
        ET.SubElement(case, "system-out").text = text
    return case


def _verdict(review: Review) -> ET.Element:
    verdict = review.verdict
    words = ", ".join([str(verdict.result), *phrases.verdict_words(verdict)])
    lines = [f"plan {review.digest[:12]}: {words}", *(f"- {reason}" for reason in verdict.reasons)]
    return _case("verdict", "verdict", _ELEMENTS.get(verdict.result), words, lines)


def _policy(name: str, results: Sequence[PolicyResult]) -> ET.Element:
    """All results of one policy; an exemption takes its result out of the count, and is named."""
    counting = [each for each in results if each.exemption is None]
    worst = max((each.result for each in counting), key=lambda each: each.rank, default=None)
    element = "skipped" if worst is None else _ELEMENTS.get(worst)
    telling = [each for each in results if each.result is not Result.PASS]
    lines = [
        f"{each.result}: {phrases.short_address(each.address) or 'the environment'}: {each.reason}"
        + (f" ({phrases.exemption(each)})" if each.exemption is not None else "")
        for each in telling
    ]
    message = next((each.reason for each in telling if each.result is worst), lines[0] if lines else "")
    return _case("policies", name, element, message, lines)


def _finding(group: FindingGroup) -> ET.Element:
    lines = [f"{group.first.severity}: {group.title}"]
    for each in group.findings:
        where = phrases.short_address(each.address) or "the environment"
        lines.append(f"- {where}: {each.evidence}" if each.evidence else f"- {where}")
    rule = f"{group.first.source}/{group.first.rule}" if group.first.source else group.first.rule
    return _case("findings", rule, None, "", [*lines, *(f"→ {advice}" for advice in group.advice)])


def _check(check: str) -> ET.Element:
    return _case("checks", check.partition(":")[0], "failure", check, [f"- {check}"])
