"""A run as it goes on and ends: each thing once in a log; what a plan holds acts on no terminal."""

from __future__ import annotations

import io
import sys

import pytest

from landform.cli.views.live import LiveRun, PlainRun
from landform.cli.views.runs import show_run
from landform.planning.changes import Action
from landform.review import ChangeReview, Review, StackReview
from landform.workflows.progress import Phase, RunResult, StackProgress, StackResult

HOSTILE = 'x_y.z["\x1b[2J\r\u202e"]'
_CHANGE = ChangeReview("module.web.x_y.z", "x_y.z", "x_y", "managed", Action.CREATE)
REVIEW = Review(
    "shop", "dev", "0" * 64, "1.11.4", stacks=(StackReview("web", "web-app", changes=(_CHANGE,)),)
)


def test_a_log_has_one_line_for_each_thing_that_happened() -> None:
    stream = io.StringIO()
    plain = PlainRun(stream)
    for news in (
        StackProgress("web", Phase.PLANNING),
        StackProgress("web", Phase.PLANNING),
        StackProgress("web", Phase.APPLYING, "aws_lb.this", 0, 2),
        StackProgress("web", Phase.APPLYING, "aws_lb.this", 0, 2),
        StackProgress("web", Phase.APPLYING, "aws_lb.this", 1, 2, "aws_iam_role.r"),
        StackProgress("web", Phase.APPLYING, "", 2, 2, "aws_lb.this"),
        StackProgress("web", Phase.DONE),
        StackProgress("jobs", Phase.BLOCKED, detail="it needs web"),
    ):
        plain.hear(news)
    assert stream.getvalue().splitlines() == [
        "web: planning",
        "web: applying 0/2",
        "web: applying 1/2 aws_iam_role.r",
        "web: applying 2/2 aws_lb.this",
        "web: done",
        "jobs: blocked: it needs web",
    ]


def test_the_key_of_a_resource_is_spelt_out_in_a_log() -> None:
    stream = io.StringIO()
    PlainRun(stream).hear(StackProgress("web", Phase.APPLYING, "", 1, 1, HOSTILE))
    assert stream.getvalue() == 'web: applying 1/1 x_y.z["\\x1b[2J\\r\\u202e"]\n'


def test_the_key_of_a_resource_is_spelt_out_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with LiveRun(REVIEW, no_color=True) as live:
        live.hear(StackProgress("web", Phase.APPLYING, HOSTILE, 0, 1))
    shown = capsys.readouterr().out
    assert "\\x1b[2J\\r\\u202e" in shown
    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown


def test_the_reasons_of_an_end_act_on_no_terminal_and_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    reasons = [f"error: no {HOSTILE}\n::warning::not ours"]
    show_run(RunResult("run", (StackResult("web", Phase.FAILED, reasons),)), REVIEW, "landform apply dev")
    lines = capsys.readouterr().out.splitlines()
    assert r'     error: no x_y.z["\x1b[2J\r\u202e"]' in lines
    assert "     : :warning::not ours" in lines
