"""A sensitive value is in nothing that a run writes or says: not in inventories, snapshots and reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.suite import NOTE, Run, files_below

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.terraform

SECRET = "hunter2-is-secret"
TFVARS = Path("modules/note/tests/secret.tfvars")
FILES = {
    "modules/note/main.tf": NOTE,
    "modules/note/tests/tftest.yaml": """
        module: ..
        level: mock
        common_tfvars: secret.tfvars
        tests:
          written:
          wrong:
    """,
    "modules/note/tests/wrong.yaml": """
        values: {terraform_data.this: {input: {name: other, password: a-guess}}}
        outputs: {password: a-guess}
        counts: {terraform_data: 7}
    """,
    "test_it.py": """
        import os, pytest
        SECRET = os.environ["THE_SECRET"]
        pytestmark = pytest.mark.tf("modules/note", vars={"name": "abc", "password": SECRET})

        def test_snapshot(tf_plan, tf_snapshot): assert tf_plan == tf_snapshot
        def test_applied(tf, tf_snapshot): tf_snapshot.check(tf.plan(name="other"))
        def test_document(tf_module): assert not tf_module.plan_document()
        def test_raised(tf): raise RuntimeError(f"no {tf.outputs.password} and {tf.state}")
    """,
}


def test_what_is_written_and_told_of_plans_holds_no_secret(
    run_suite: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_SECRET", SECRET)
    values = {str(TFVARS): f'name = "abc"\npassword = "{SECRET}"\n'}
    options = ("-vv", "--showlocals", "--junitxml=report.xml", f"--log-file={tmp_path / 'log'}")
    written = run_suite(FILES | values, "--tf-update=missing", *options)
    written.assert_outcomes(passed=3, failed=3)
    said = _everything(written, tmp_path)
    files = [Path("modules/note/tests/written.yaml"), *Path("snapshots").rglob("*.yaml")]
    assert len(files) == 3
    for path in files:
        path.write_text(path.read_text().replace("abc", "xyz").replace("other", "xyz"))

    differing = run_suite(values, *options)
    differing.assert_outcomes(failed=6)
    said += _everything(differing, tmp_path)
    assert said.count("expected 'xyz'") >= 3
    assert "(sensitive value)" in said
    assert SECRET not in said


def _everything(result: pytest.RunResult, tmp_path: Path) -> str:
    """All that is said or lies about, save the file that the test itself gave the value in."""
    TFVARS.unlink()
    return result.stdout.str() + result.stderr.str() + files_below(tmp_path) + files_below(Path.cwd())
