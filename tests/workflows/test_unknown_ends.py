"""After which ends of a Terraform somebody has to look, and what becomes of a state that was not saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landform.engine.events import Diagnostic, Severity
from landform.engine.supervision import OutcomeKind
from landform.workflows.unknown_ends import keep_unsaved, why_unknown


@pytest.fixture
def step(tmp_path: Path) -> Path:
    """The run folder of a step whose Terraform worked in the folder ``root`` beside it."""
    (tmp_path / "root").mkdir()
    (tmp_path / "step").mkdir()
    (tmp_path / "step" / "spec.json").write_text(json.dumps({"cwd": str(tmp_path / "root")}))
    return tmp_path / "step"


def test_an_unsaved_state_leaves_the_folder_that_other_runs_use(step: Path, tmp_path: Path) -> None:
    left = tmp_path / "root" / "errored.tfstate"
    left.write_text("{}")

    assert why_unknown(step, OutcomeKind.FINISHED) == "Terraform could not save its state"

    kept = keep_unsaved(step)
    assert kept == step / "errored.tfstate", "who looks later finds it too"
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("{}", 0o600)
    assert not left.exists()


def test_a_state_that_was_saved_leaves_nothing_open(step: Path) -> None:
    assert why_unknown(step, OutcomeKind.FINISHED) == ""
    assert why_unknown(step, OutcomeKind.INTERRUPTED) == ""
    assert why_unknown(step, OutcomeKind.UNKNOWN) == "Terraform was killed"


@pytest.mark.parametrize(
    ("detail", "lost"),
    [
        ("operation error CloudWatch Logs: CreateLogGroup, ResourceAlreadyExistsException: exists", True),
        ("operation error EC2: CreateSecurityGroup, api error InvalidGroup.Duplicate: The group", True),
        (
            "operation error SQS: CreateQueue, https response error StatusCode: 0, request send failed, EOF",
            True,
        ),
        ("operation error S3: CreateBucket, exceeded maximum number of attempts, 25", True),
        ("read tcp 10.0.0.1:1->10.0.0.2:443: read: connection reset by peer", True),
        ("api error AccessDenied: User is not authorized to perform: sqs:CreateQueue", False),
        ("api error ValidationException: 1 validation error detected", False),
        ("api error LimitExceededException: too many of them", False),
    ],
)
def test_of_all_errors_only_a_lost_answer_leaves_something_open(step: Path, detail: str, lost: bool) -> None:
    error, warning = (Diagnostic(each, "creating it", detail) for each in (Severity.ERROR, Severity.WARNING))

    assert bool(why_unknown(step, OutcomeKind.FINISHED, [error])) is lost
    assert not why_unknown(step, OutcomeKind.FINISHED, [warning])
