"""Findings of other programs come to the resources they are about, and foreign files end in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from landform.errors import LandformError
from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.redaction import HIDDEN, Redactor
from landform.review.findings import Finding, Severity
from landform.review.policy.sarif import read_sarif

Write = Callable[[Mapping[str, str]], Path]

LOGS = "module.web.aws_s3_bucket.logs"
ZONES = ('module.net.aws_subnet.this["a.b"]', 'module.net.aws_subnet.this["c"]')
_MAIN = """\
locals {
  policy = <<-EOT
}
EOT
}

resource "aws_s3_bucket" "logs" {
  bucket = "x"
}

data "aws_s3_bucket" "logs" {
}

output "x" {
  value = 1
}
"""


def _plan(*addresses: str) -> EnvironmentPlan:
    found = addresses or (LOGS, *ZONES, "module.web.data.aws_s3_bucket.logs")
    changes = tuple(Change("web", each, "x", "managed", Action.CREATE) for each in found)
    return EnvironmentPlan("shop", "dev", (StackPlan("web", changes=changes),))


def _result(text: str = "open", **more: Any) -> dict[str, Any]:
    return {"ruleId": "R1", "message": {"text": text}} | more


def _at(uri: str, line: int, **more: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": line, "endLine": line}}
    return {"locations": [{"physicalLocation": place} | more]}


def _named(name: str) -> dict[str, Any]:
    return {"locations": [{"logicalLocations": [{"fullyQualifiedName": name}]}]}


def _read(
    tmp_path: Path,
    *results: Mapping[str, Any],
    rules: Any = (),
    plan: EnvironmentPlan | None = None,
    **more: Any,
) -> tuple[Finding, ...]:
    run = {"tool": {"driver": {"name": "Trivy", "rules": list(rules)}}, "results": list(results)}
    path = tmp_path / "found.sarif"
    path.write_text(json.dumps({"version": "2.1.0", "runs": [run]}), encoding="utf-8-sig")
    return read_sarif(path, plan or _plan(), **more)


@pytest.mark.parametrize(
    ("result", "addresses"),
    [
        (_result(**_named(LOGS)), [LOGS]),
        (_result(**_named("module.net.aws_subnet.this")), list(ZONES)),
        (_result(**_named(ZONES[0])), [ZONES[0]]),
        (_result(**_named(f"{LOGS}.acl")), [LOGS]),
        (_result(properties={"resource": LOGS}), [LOGS]),
        (_result(f"Bucket {LOGS}, line 3, is open."), [LOGS]),
        (_result("resource aws_s3_bucket.logs is open"), [LOGS]),
        (_result("data.aws_s3_bucket.logs"), ["module.web.data.aws_s3_bucket.logs"]),
        (_result("aws_s3_bucket.other is open"), [""]),
        (_result(), [""]),
    ],
)
def test_a_result_finds_its_resource_by_name(
    tmp_path: Path, result: Mapping[str, Any], addresses: list[str]
) -> None:
    assert [each.address for each in _read(tmp_path, result)] == addresses


def test_a_block_that_two_modules_have_is_not_guessed(tmp_path: Path) -> None:
    plan = _plan("module.a.aws_lb.this", "module.b.aws_lb.this")
    assert [each.address for each in _read(tmp_path, _result("aws_lb.this"), plan=plan)] == [""]


@pytest.mark.parametrize(
    ("uri", "line", "address"),
    [
        ("modules/web/main.tf", 8, LOGS),
        ("main.tf", 7, LOGS),
        ("./web/main.tf", 9, LOGS),
        ("modules/web/main.tf", 12, "module.web.data.aws_s3_bucket.logs"),
        ("modules/web/main.tf", 3, ""),
        ("modules/web/main.tf", 15, ""),
        ("other.tf", 8, ""),
        ("", 8, ""),
    ],
)
def test_a_result_finds_its_resource_by_file_and_line(
    write: Write, tmp_path: Path, uri: str, line: int, address: str
) -> None:
    folder = write({"modules/web/main.tf": _MAIN})
    found = _read(tmp_path, _result(**_at(uri, line)), folders={"web": folder / "modules" / "web"})
    assert [each.address for each in found] == [address]


def test_a_file_name_that_two_modules_have_is_not_guessed(write: Write, tmp_path: Path) -> None:
    folder = write({"web/main.tf": _MAIN, "net/main.tf": _MAIN})
    folders = {"web": folder / "web", "net": folder / "net"}
    bare, exact = (_result(**_at(uri, 8)) for uri in ("main.tf", (folder / "web/main.tf").as_uri()))
    assert [each.address for each in _read(tmp_path, bare, folders=folders)] == [""]
    assert [each.address for each in _read(tmp_path, exact, folders=folders)] == [LOGS]


@pytest.mark.parametrize(
    ("result", "rule", "severity"),
    [
        ({}, {"properties": {"security-severity": "9.5"}}, Severity.CRITICAL),
        ({"level": "note"}, {"properties": {"security-severity": "8.0"}}, Severity.HIGH),
        ({"properties": {"security-severity": "5.5"}}, {}, Severity.MEDIUM),
        ({}, {"properties": {"security-severity": 2}}, Severity.LOW),
        ({"level": "error"}, {}, Severity.HIGH),
        ({}, {"defaultConfiguration": {"level": "error"}}, Severity.HIGH),
        ({}, {}, Severity.MEDIUM),
        ({"level": "none"}, {}, Severity.LOW),
    ],
)
def test_the_severity_is_the_other_programs(
    tmp_path: Path, result: Any, rule: Any, severity: Severity
) -> None:
    (found,) = _read(tmp_path, _result(**result), rules=[{"id": "R1", **rule}])
    assert found.severity is severity


def test_texts_are_those_of_the_rule_redacted_and_tame(tmp_path: Path) -> None:
    secret = "hunter2-hunter2"
    rule = {"id": "R1", "shortDescription": {"text": "Bucket\nis open"}, "helpUri": "https://x.example"}
    hostile = f"\x1b[31mred {secret}\u202e" + "x" * 1000
    more = _at("main.tf", 3)
    (found,) = _read(tmp_path, _result(hostile, **more), rules=[rule], redactor=Redactor.of([secret]))
    assert (found.rule, found.title, found.source) == ("R1", "Bucket is open", "Trivy")
    assert found.evidence.startswith(f"main.tf:3: [31mred {HIDDEN}x")
    assert len(found.evidence) == 500
    assert found.advice == "https://x.example"


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "pass"},
        {"suppressions": [{"kind": "inSource"}]},
        {"baselineState": "absent"},
    ],
)
def test_what_the_other_program_settled_is_left_out(tmp_path: Path, more: dict[str, Any]) -> None:
    assert _read(tmp_path, _result(**more)) == ()
    assert len(_read(tmp_path, _result(suppressions=[{"status": "rejected"}]))) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON, or not all of it"),
        ('{"version": "2.1.0", "runs": [{"tool"', "not JSON, or not all of it"),
        ("[" * 100_000, "not JSON, or not all of it"),
        ("[]", "it is no SARIF 2.1"),
        ('{"version": "1.0.0", "runs": []}', "it is no SARIF 2.1"),
        ('{"version": "2.1.0", "runs": [1]}', "it is no SARIF 2.1: TypeError"),
        ('{"version": "2.1.0", "runs": [{"tool": {}}]}', "it is no SARIF 2.1: KeyError"),
        ('{"version": "2.1.0", "runs": [{"tool": {"driver": {}}, "results": [7]}]}', "it is no SARIF 2.1"),
        (
            '{"version": "2.1.0", "runs": [{"tool": {"driver": {}}, "results":'
            ' [{"properties": {"security-severity": "much"}}]}]}',
            "it is no SARIF 2.1: ValueError",
        ),
    ],
)
def test_another_file_is_one_clear_error(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "found.sarif"
    path.write_text(text)
    with pytest.raises(LandformError, match=says) as refusal:
        read_sarif(path, _plan())
    assert str(path) in refusal.value.what


def test_a_missing_and_a_binary_file_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LandformError, match="can't be read"):
        read_sarif(tmp_path / "nothing.sarif", _plan())
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LandformError, match="can't be read"):
        read_sarif(tmp_path / "binary", _plan())
