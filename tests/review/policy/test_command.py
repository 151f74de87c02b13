"""``landform policy test``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landform.cli.policy import policy_app
from landform.errors import ExitCode, LandformError, ProjectInvalid

Make = Callable[..., Path]

_TAGS = "policy: {required_tags: [Owner], allowed_instance_types: ['db.t4g.*']}\n"


def _run(folder: Path, *argv: str) -> tuple[int, str]:
    asked = ["test", "--project", str(folder), "--plan", str(folder / "plan.json"), *argv]
    done = CliRunner().invoke(policy_app, asked, env={"COLUMNS": "120"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_each_policy_is_listed_with_what_it_says_and_a_deny_is_refused(project: Make) -> None:
    code, text = _run(project(policy=_TAGS), "dev")
    assert code == ExitCode.REFUSED
    assert [line.rstrip() for line in text.splitlines()] == [
        "✗  required_tags           there is no tag Owner",
        "                             module.web.aws_s3_bucket.logs",
        "✓  allowed_instance_types  looked at 2 resources",
        "Verdict: deny",
    ]


def test_a_warning_is_done_and_an_environment_is_no_must(project: Make) -> None:
    rule = "from landform.policy import *\n@plan_policy()\ndef look(plan):\n    return warn('twice')\n"
    code, text = _run(project({"look.py": rule}))
    assert (code, text) == (ExitCode.DONE, "!  look  twice\nVerdict: warn\n")


def test_a_sarif_file_meets_the_thresholds(project: Make) -> None:
    folder = project(policy="policy: {deny_at: high}\n", dev="approvals: {required: 1}\n")
    result = {"ruleId": "R1", "level": "error", "message": {"text": "module.web.aws_s3_bucket.logs is open"}}
    run = {"tool": {"driver": {"name": "Checkov"}}, "results": [result]}
    (folder / "found.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    code, text = _run(folder, "dev", "--sarif", str(folder / "found.sarif"), "--json")
    document = json.loads(text)
    assert code == ExitCode.REFUSED
    assert document["policies"][0]["address"] == "module.web.aws_s3_bucket.logs"
    assert document["verdict"]["severity"] == "high"
    assert document["verdict"]["approvals"] == 1


def test_a_project_without_policies_says_so(project: Make) -> None:
    assert _run(project()) == (ExitCode.DONE, "The project has no policies.\nVerdict: pass\n")


def test_an_unknown_environment_and_no_plan_at_all_are_said(project: Make) -> None:
    with pytest.raises(ProjectInvalid):
        _run(project(), "prodd")
    done = CliRunner().invoke(policy_app, ["test", "--project", str(project())])
    assert isinstance(done.exception, LandformError)
    assert done.exception.what == "there is no plan to ask about"
