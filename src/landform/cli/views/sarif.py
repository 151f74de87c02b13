"""A review's findings and policy results in SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from landform import __version__
from landform.cli.views import phrases
from landform.cli.views.visible import visible_review
from landform.review import Review
from landform.review.findings import Finding, PolicyResult, Result, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
_SCORES = {Severity.LOW: "2.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
_POLICIES = {
    Result.PASS: ("pass", "none"),
    Result.WARN: ("fail", "warning"),
    Result.UNKNOWN: ("open", "none"),
    Result.DENY: ("fail", "error"),
}


def sarif(review: Review) -> dict[str, Any]:
    """The log. A place is an address; the file is the root of its stack, since SARIF's readers want one."""
    review = visible_review(review)
    findings = phrases.all_findings(review)
    rules = [*_finding_rules(findings), *_policy_rules(review.policies)]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [_of_finding(each, review) for each in findings]
    results += [_of_policy(each, review) for each in review.policies]
    for result in results:
        result["ruleIndex"] = places[result["ruleId"]]
    driver = {"name": "landform", "version": __version__, "rules": rules}
    automation = {"id": f"landform/{review.project}/{review.environment}/"}
    facts = {"digest": review.digest, "verdict": str(review.verdict.result)}
    run = {
        "tool": {"driver": driver},
        "automationDetails": automation,
        "results": results,
        "properties": facts,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule_id(finding: Finding) -> str:
    return f"{finding.source}/{finding.rule}" if finding.source else finding.rule


def _finding_rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Each rule once. Findings come the worst first, so a rule has the severity of its worst."""
    rules: dict[str, dict[str, Any]] = {}
    for each in findings:
        score = {"security-severity": _SCORES[each.severity], "tags": ["terraform", "risk"]}
        rule: dict[str, Any] = {
            "id": _rule_id(each),
            "shortDescription": {"text": phrases.title(each) or each.rule},
            "defaultConfiguration": {"level": _LEVELS[each.severity]},
            "properties": score,
        }
        if each.advice:
            rule["help"] = {"text": each.advice}
        rules.setdefault(rule["id"], rule)
    return list(rules.values())


def _policy_rules(policies: Iterable[PolicyResult]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"policy/{name}",
            "shortDescription": {"text": f"Policy {name}"},
            "properties": {"tags": ["terraform", "policy"]},
        }
        for name in dict.fromkeys(each.policy for each in policies)
    ]


def _of_finding(finding: Finding, review: Review) -> dict[str, Any]:
    sentences = [finding.title, finding.evidence, finding.advice]
    return {
        "ruleId": _rule_id(finding),
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(each for each in sentences if each) or finding.rule},
        "locations": [_location(finding.address, review)],
        "partialFingerprints": {"landform/v1": _fingerprint(_rule_id(finding), finding.address)},
        "properties": {"severity": str(finding.severity)},
    }


def _of_policy(policy: PolicyResult, review: Review) -> dict[str, Any]:
    """What could not be decided is ``open``: SARIF's word for neither passed nor failed."""
    kind, level = _POLICIES[policy.result]
    result: dict[str, Any] = {
        "ruleId": f"policy/{policy.policy}",
        "kind": kind,
        "level": level,
        "message": {"text": policy.reason or f"{policy.policy}: {policy.result}"},
        "locations": [_location(policy.address, review)],
        "partialFingerprints": {"landform/v1": _fingerprint(f"policy/{policy.policy}", policy.address)},
    }
    if policy.exemption is not None:
        why = {"kind": "external", "status": "accepted", "justification": phrases.exemption(policy)}
        result["suppressions"] = [why]
    return result


def _location(address: str, review: Review) -> dict[str, Any]:
    stack = next((each.stack for each in review.stacks if address.startswith(f"module.{each.stack}.")), "")
    file = f"generated/{stack}/main.tf" if stack else f"environments/{review.environment}/environment.yaml"
    file = file if review.project else review.environment  # without a project it is the plan's own file
    logical = {"fullyQualifiedName": address, "kind": "resource"} if address else {"name": review.environment}
    where = {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": 1}}
    return {"physicalLocation": where, "logicalLocations": [logical]}


def _fingerprint(rule: str, address: str) -> str:
    return hashlib.sha256(f"{rule}\0{address}".encode()).hexdigest()[:32]
