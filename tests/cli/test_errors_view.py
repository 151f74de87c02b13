"""How failures are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landform.cli.views.errors import report_bug, show_error
from landform.engine.events import Diagnostic, Severity
from landform.errors import ExitCode, Fault, Location, ProjectInvalid, Refused, TerraformFailed

_FAULTS = [
    Fault(Location("landform.yaml", 12), "unknown key 'modul'.", "Did you mean 'module'?"),
    Fault(Location("environments/dev/terraform.tfvars", 3), "variable 'n' is a map, wants number."),
]


def test_each_fault_is_one_line_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(ProjectInvalid(_FAULTS))
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "environments/dev/terraform.tfvars:3: variable 'n' is a map, wants number.",
        "landform.yaml:12: unknown key 'modul'. Did you mean 'module'?",
        "error: 2 faults in the project. Nothing was written.",
    ]


def test_as_json_every_fault_is_data(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(ProjectInvalid(_FAULTS), as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["exit_code"] == ExitCode.FAILED
    assert [(fault["path"], fault["line"]) for fault in error["faults"]] == [
        ("environments/dev/terraform.tfvars", 3),
        ("landform.yaml", 12),
    ]


def test_terraforms_diagnostics_are_kept_whole(capsys: pytest.CaptureFixture[str]) -> None:
    diagnostic = Diagnostic(
        Severity.ERROR,
        "creating S3 Bucket",
        "AccessDenied",
        "module.web.aws_s3_bucket.b",
        "main.tf",
        7,
        "  bucket = x",
    )
    show_error(TerraformFailed("Terraform can't plan", [diagnostic]))
    told = capsys.readouterr().err
    for part in (
        "creating S3 Bucket",
        "AccessDenied",
        "module.web.aws_s3_bucket.b",
        "main.tf:7",
        "bucket = x",
    ):
        assert part in told


def test_what_a_diagnostic_quotes_acts_on_no_terminal_and_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    diagnostic = Diagnostic(Severity.ERROR, "no such bucket", "\x1b[2J\n::error::not ours\n##[group]x\u202e")
    show_error(TerraformFailed("Terraform can't plan", [diagnostic]))
    told = capsys.readouterr().err.splitlines()
    assert r"  \x1b[2J" in told
    assert "  : :error::not ours" in told
    assert r"  # #[group]x\u202e" in told


def test_a_refusal_is_not_called_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(Refused("environment 'prod' is protected", "Set 'protected: false'."))
    assert capsys.readouterr().err == "refused: environment 'prod' is protected. Set 'protected: false'.\n"


def test_a_bug_report_is_private_and_not_on_the_screen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    report_bug(RuntimeError("hunter2-in-a-message"))
    (report,) = tmp_path.iterdir()
    assert report.stat().st_mode & 0o077 == 0
    assert "hunter2-in-a-message" in report.read_text()
    told = capsys.readouterr().err
    assert str(report) in told
    assert "hunter2" not in told
