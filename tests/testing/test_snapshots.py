"""Plan snapshots: written redacted and normalised, compared exactly, listed when nobody uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.testing.snapshots import normalised
from testing.suite import NOTE, Run, files_below

pytest_plugins = ("pytester",)

TESTS = """
    import os, pytest
    pytestmark = pytest.mark.tf("modules/note", level="mock", vars={"password": os.environ["THE_SECRET"]})

    @pytest.mark.tf(vars={"name": "abc-{unique}", "keys": ["127.0.0.1:8123"]})
    def test_same(tf_plan, tf_snapshot):
        assert tf_plan == tf_snapshot
        assert tf_plan == tf_snapshot

    class TestIt:
        @pytest.mark.tf(vars={"name": "abc"})
        @pytest.mark.parametrize("n", ["a/b"])
        def test_checked(self, tf_plan, tf_module, tf_snapshot, n):
            tf_snapshot.check(tf_plan)
            tf_snapshot.check(tf_module.plan(keys=["second"]))
"""


def test_what_differs_from_run_to_run_is_made_the_same() -> None:
    assert normalised(
        {
            "t0a1b2wn3-logs": "http://localhost:45123/x and http://127.0.0.1:5000",
            "arn": "arn:aws:sqs:us-east-1:123456789012:t0a1b2w1n12",
            "owner": ["999999999999", "2026-01-02T03:04:05Z", "1234567890123"],
            "number": 123456789012,
        }
    ) == {
        "<unique>-logs": "http://localhost:<port>/x and http://127.0.0.1:<port>",
        "arn": "arn:aws:sqs:us-east-1:<account>:<unique>",
        "owner": ["<account>", "<timestamp>", "1234567890123"],
        "number": 123456789012,
    }


@pytest.mark.terraform
def test_a_snapshot_is_written_compared_and_reported(run_suite: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2-is-secret"
    monkeypatch.setenv("THE_SECRET", secret)
    folder = Path("snapshots/test_it")
    missing = run_suite({"modules/note/main.tf": NOTE, "test_it.py": TESTS})
    missing.assert_outcomes(failed=2)
    text = missing.stdout.str()
    assert "there is no snapshot snapshots/test_it/test_same.yaml" in text
    assert "to write it: pytest 'test_it.py::test_same' --tf-update=missing" in text
    assert not folder.exists()

    run_suite({}, "--tf-update=missing").assert_outcomes(passed=2)
    written = {path.name for path in folder.iterdir()}
    assert written == {"test_same.yaml", "TestIt.test_checked_a_b_.yaml", "TestIt.test_checked_a_b_-2.yaml"}
    assert secret not in files_below(folder)
    same = (folder / "test_same.yaml").read_text()
    assert 'terraform_data.many["127.0.0.1:<port>"]' in same
    assert "name: abc-<unique>" in same
    assert "password: <sensitive>" in same

    monkeypatch.setenv("THE_SECRET", "another-secret")  # it is not in the snapshot, so it may differ
    run_suite({}, "-n2").assert_outcomes(passed=2)

    changed = same.replace("abc-<unique>", "xyz").replace("  terraform_data: 2\n", "")
    (folder / "test_same.yaml").write_text(changed)
    (folder / "TestIt.test_checked_a_b_.yaml").write_text("")
    (folder / "test_gone.yaml").write_text(same)
    (folder / "mine.yaml").write_text("not: ours\n")
    differs = run_suite({}, "--tf-update=missing", "-n2")
    differs.assert_outcomes(failed=2)
    text = differs.stdout.str()
    assert "the plan is not that of snapshots/test_it/test_same.yaml" in text
    assert "values.terraform_data.this.input.name: expected 'xyz', planned 'abc-<unique>'" in text
    assert "counts.terraform_data: expected nothing, planned 2" in text
    assert "to write what is planned now: pytest 'test_it.py::test_same' --tf-update" in text
    assert "test_checked_a_b_.yaml is empty: it checks nothing" in text
    differs.stdout.fnmatch_lines(["*unused plan snapshots*", "snapshots/test_it/test_gone.yaml"])
    assert "mine.yaml" not in text

    run_suite({}, "--tf-update").assert_outcomes(passed=2)
    assert (folder / "test_same.yaml").read_text() == same
    one = run_suite({}, "test_it.py::test_same")
    one.assert_outcomes(passed=1)
    assert "unused" not in one.stdout.str()


@pytest.mark.terraform
def test_only_a_plan_equals_a_snapshot(run_suite: Run) -> None:
    tests = """
        import pytest
        def test_it(tf_snapshot): assert {} == tf_snapshot
    """
    result = run_suite({"test_it.py": tests})
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a snapshot is that of a plan, not of dict"])
