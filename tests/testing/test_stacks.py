"""Applied modules, with Terraform's built-in provider only."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from testing.suite import NOTE, Run, files_below

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.terraform

DYING = """
variable "command" { type = string }
resource "terraform_data" "this" {
  provisioner "local-exec" { command = var.command }
}
"""


def test_an_applied_module_is_read_planned_changed_and_destroyed(run_suite: Run) -> None:
    caller = """
        terraform {
          backend "s3" {}
        }
        module "note" {
          source = "../note"
          name   = "abc-${path.module}"
          keys   = ["x", "y\\"z"]
        }
        output "file" { value = file("${path.module}/../texts/one.txt") }
    """
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "modules/note/local.auto.tfvars": 'name = "of-the-developer"',
            "modules/caller/main.tf": caller,
            "modules/texts/one.txt": "one",
            "tests/test_it.py": """
                import pytest
                from landform.testing import UNKNOWN

                @pytest.mark.tf("../modules/note", vars={"name": "it-{unique}", "keys": ["a"]})
                def test_note(tf, tf_unique):
                    assert tf.outputs.name == f"it-{tf.unique}" and tf.unique != tf_unique
                    assert tf['terraform_data.many["a"]'].output == "a"
                    assert tf.plan().is_noop
                    assert tf.plan(keys=[]).deletes == {'terraform_data.many["a"]'}
                    changed = tf.plan(name="other")
                    assert changed.updates == {"terraform_data.this"}
                    assert changed["terraform_data.this"].input["name"] == "other"
                    assert changed["terraform_data.this"].output is UNKNOWN
                    tf.apply(name="other", keys=["b"])
                    assert tf.outputs["name"] == "other" and 'terraform_data.many["a"]' not in tf
                    with pytest.raises(KeyError, match='There are .*many."b"'):
                        tf["terraform_data.many"]
                    with pytest.raises(AttributeError, match="Did you mean 'name'"):
                        tf.outputs.nam
                    tf.destroy()
                    assert tf.is_empty

                @pytest.mark.tf("modules/caller")
                def test_neighbours(tf):
                    assert tf.addresses == {
                        "module.note.terraform_data.this", 'module.note.terraform_data.many["x"]',
                        'module.note.terraform_data.many["y\\\\"z"]',
                    }
                    assert tf.outputs.file == "one"
            """,
        },
        "--junitxml=report.xml",
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["phase *", "apply * 3 *"])
    report = Path("report.xml").read_text()
    assert 'name="tf.apply_seconds"' in report
    assert 'name="tf.apply_processes" value="2"' in report
    left = {path.name for path in Path("modules/note").iterdir()}
    assert left == {"main.tf", "local.auto.tfvars"}


def test_a_shared_stack_is_applied_once_for_all_workers(run_suite: Run) -> None:
    counted = (
        'variable "log" { type = string }\n'
        + """
        resource "terraform_data" "this" {
          input = var.log
          provisioner "local-exec" { command = "echo made >> ${self.input}" }
          provisioner "local-exec" {
            when    = destroy
            command = "echo gone >> ${self.input}"
          }
        }
    """
    )
    log = Path.cwd() / "log"
    result = run_suite(
        {
            "modules/counted/main.tf": counted,
            "test_it.py": f"""
                import pytest
                pytestmark = pytest.mark.tf("modules/counted", vars={{"log": {str(log)!r}}}, scope="session")
                @pytest.mark.parametrize("n", range(6))
                def test_it(tf, n): assert "terraform_data.this" in tf
            """,
            "test_other.py": f"""
                import pytest
                pytestmark = pytest.mark.tf("modules/counted", vars={{"log": {str(log)!r}}}, scope="session")
                class TestIt:
                    def test_it(self, tf): assert tf.plan().is_noop
            """,
        },
        "-n3",
    )
    result.assert_outcomes(passed=7)
    assert log.read_text().split() == ["made", "gone"]


def test_a_secret_is_in_no_output_file_or_report(
    run_suite: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "hunter2-is-secret"
    monkeypatch.setenv("THE_SECRET", secret)
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "test_it.py": """
                import os, pytest
                SECRET = os.environ["THE_SECRET"]
                pytestmark = pytest.mark.tf("modules/note", vars={"name": "abc", "password": SECRET})
                def test_equal(tf): assert tf.outputs.password == "something else"
                def test_repr(tf): assert not (tf.outputs, tf["terraform_data.this"])
                def test_printed(tf):
                    print(tf.outputs.password)
                    assert tf.outputs.password == SECRET and 0, f"it was {tf.outputs.password}"
                def test_plan(tf_plan): assert tf_plan.creates == {"terraform_data.other"}
                def test_failing(tf_module): tf_module.apply(name="ab")
                def test_passes(tf): assert tf.outputs.password == SECRET and len(tf.outputs.password) > 5
            """,
        },
        "--junitxml=report.xml",
        "--showlocals",
        "-vv",
        f"--log-file={tmp_path / 'log'}",
    )
    result.assert_outcomes(passed=1, failed=5)
    told = result.stdout.str() + result.stderr.str() + files_below(tmp_path) + files_below(Path.cwd())
    assert secret not in told
    assert "(sensitive value)" in told


def test_failures_are_told_as_terraform_tells_them(run_suite: Run) -> None:
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "modules/dying/main.tf": DYING,
            "modules/absent/main.tf": 'resource "nosuchprovider_thing" "this" {}\n',
            "test_it.py": """
                import pytest

                @pytest.mark.tf("modules/note", vars={"name": "ab"})
                def test_apply(tf): pass

                @pytest.mark.tf("modules/note", vars={"name": "ab"})
                def test_planned(tf_plan): pass

                @pytest.mark.tf("modules/dying", vars={"command": "kill -9 $PPID"})
                def test_killed(tf): pass

                @pytest.mark.tf("modules/dying", vars={"command": "exit 3"})
                def test_command(tf): pass

                @pytest.mark.tf("modules/absent")
                def test_no_provider(tf_plan): pass
            """,
        },
        "-rs",
    )
    result.assert_outcomes(errors=4, skipped=1)
    result.stdout.fnmatch_lines(["*CommandFailed: terraform apply of modules/note failed (exit code 1)"])
    result.stdout.fnmatch_lines(
        ["*error: Invalid value for variable", "*on the test's variables", "*The name is too short."]
    )
    result.stdout.fnmatch_lines(["*CommandFailed: terraform plan of modules/note failed"])
    result.stdout.fnmatch_lines(["*terraform apply of modules/dying failed (killed by SIGKILL)"])
    result.stdout.fnmatch_lines(
        ["*error: local-exec provisioner error", "*with terraform_data.this", "*on main.tf:*"]
    )
    result.stdout.fnmatch_lines(
        ["SKIPPED*modules/absent: Failed to query available provider packages: *nosuchprovider*"]
    )
    assert "raise command_failed" not in result.stdout.str()


def test_failures_can_be_expected(run_suite: Run) -> None:
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "modules/dying/main.tf": DYING,
            "test_it.py": """
                import pytest

                @pytest.mark.tf("modules/note")
                def test_expected(tf_module):
                    with tf_module.fails(on="var.name", match="name is too short"):
                        tf_module.plan(name="ab")
                    with tf_module.fails(on="var.name", match="too short"):
                        tf_module.apply(name="ab")
                    with tf_module.fails(match="No value for required variable"):
                        tf_module.plan()
                    with pytest.raises(AssertionError, match="did not fail on var.name"):
                        with tf_module.fails(on="var.name"):
                            tf_module.plan(name="abc")
                    with pytest.raises(AssertionError, match="not with an error about var.keys"):
                        with tf_module.fails(on="var.keys"):
                            tf_module.plan(name="ab")
                    assert tf_module.validate() == ()

                @pytest.mark.tf("modules/dying")
                def test_expected_of_a_resource(tf_module):
                    with tf_module.fails(on="terraform_data.this", match="exit status 3"):
                        tf_module.apply(command="exit 3")
            """,
        }
    )
    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("exit 2", "*terraform apply of modules/note failed (exit code 2)"),
        ("head -c 300000 /dev/zero | tr '\\0' x >&2; exit 1", "*terraform apply of modules/note failed*"),
    ],
)
def test_a_terraform_that_ends_oddly_is_a_failure(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, told: str
) -> None:
    from landform.engine import find_engine

    odd = tmp_path / "terraform"
    odd.write_text(f'#!/bin/sh\n[ "$1" = apply ] && {{ {does}; }}\nexec {find_engine().path} "$@"\n')
    odd.chmod(0o755)
    monkeypatch.setenv("LANDFORM_TERRAFORM", str(odd))
    files = {
        "modules/note/main.tf": NOTE,
        "test_it.py": """
            import pytest
            @pytest.mark.tf("modules/note", vars={"name": "abc"})
            def test_it(tf): pass
        """,
    }
    result = run_suite(files)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])


def test_plans_of_one_module_are_made_by_one_process(run_suite: Run) -> None:
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "test_it.py": """
                import pytest
                pytestmark = pytest.mark.tf("modules/note")

                @pytest.mark.tf(vars={"name": "${literal} %{text}", "keys": ["a", "b"]})
                def test_values(tf_plan):
                    assert tf_plan.creates == {
                        "terraform_data.this", 'terraform_data.many["a"]', 'terraform_data.many["b"]'
                    }
                    assert tf_plan.counts == {"terraform_data": 3} and not tf_plan.updates
                    assert tf_plan["terraform_data.this"].input["name"] == "${literal} %{text}"
                    assert "password" in tf_plan.outputs

                @pytest.mark.tf(vars={"name": "ab"})
                def test_bad(tf_plan): pass

                @pytest.mark.tf(vars={"name": "abcd"})
                def test_difference(tf_plan): assert tf_plan.creates == {"terraform_data.thi"}

                @pytest.mark.tf(vars={"name": "abcde"})
                def test_document(tf_plan):
                    root = tf_plan.document["planned_values"]["root_module"]
                    assert root["resources"][0]["address"] == "terraform_data.this"
            """,
        }
    )
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["plan * 2 *"])
    result.stdout.fnmatch_lines(
        [
            "*missing     terraform_data.thi (not in the plan) Did you mean 'terraform_data.this'?",
            "*unexpected  terraform_data.this",
            "*the plan:",
            "*create terraform_data.this*",
        ]
    )
    result.stdout.fnmatch_lines(["*The name is too short.*"])


def test_nothing_of_a_run_is_left_unless_asked_for(run_suite: Run, tmp_path: Path) -> None:
    files = {
        "modules/note/main.tf": NOTE,
        "test_it.py": """
            import pytest
            @pytest.mark.tf("modules/note", vars={"name": "abc"})
            def test_it(tf): pass
        """,
    }
    scratch = Path(os.environ["TMPDIR"])
    run_suite(files).assert_outcomes(passed=1)
    assert list(scratch.glob("landform-test-*")) == []
    kept = run_suite(files, "--tf-keep")
    kept.stdout.fnmatch_lines([f"working folders are kept in {scratch}/landform-test-*"])
    values = next(scratch.rglob("landform_test.auto.tfvars.json"))
    assert json.loads(values.read_text()) == {"name": "abc"}
    assert values.stat().st_mode & 0o777 == 0o600
