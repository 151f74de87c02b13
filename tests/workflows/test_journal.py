"""The journal of a run survives crashes and never holds a secret."""

from __future__ import annotations

from pathlib import Path

from landform.planning.redaction import Redactor
from landform.workflows.journal import JOURNAL, read_journal, start_run


def test_events_are_read_back_in_order(tmp_path: Path) -> None:
    run = start_run(tmp_path, "dev", "apply", Redactor())
    run.record("started", digest="abc")
    run.record("ended", phases={"web": "done"})
    events = list(read_journal(run.folder))
    assert [event["event"] for event in events] == ["started", "ended"]
    assert events[1]["phases"] == {"web": "done"}


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    run = start_run(tmp_path, "dev", "apply", Redactor())
    run.record("started")
    with (run.folder / JOURNAL).open("a") as stream:
        stream.write('{"at": "2026-01-01T00:00:00Z", "ev')
    assert [event["event"] for event in read_journal(run.folder)] == ["started"]


def test_secrets_are_taken_out_and_files_are_private(tmp_path: Path) -> None:
    run = start_run(tmp_path, "dev", "apply", Redactor.of(["s3cr3t-value"]))
    run.record("stack ended", reasons=["provider said: s3cr3t-value is too short"])
    path = run.folder / JOURNAL
    assert "s3cr3t-value" not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert run.folder.stat().st_mode & 0o077 == 0


def test_runs_sort_by_time_and_name_their_environment(tmp_path: Path) -> None:
    run = start_run(tmp_path, "dev", "destroy", Redactor())
    assert "-dev-destroy-" in run.id
    assert run.id[:8].isdigit()
