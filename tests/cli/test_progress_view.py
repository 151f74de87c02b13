"""Progress in a log: each phase once, each finished object once."""

from __future__ import annotations

import io

from landform.cli.views.live import PlainRun
from landform.workflows.progress import Phase, StackProgress


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
