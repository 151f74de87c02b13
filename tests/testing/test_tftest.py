"""``*.tftest.hcl`` and ``*.tftest.json`` as pytest items, with real terraform."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from landform.engine import find_engine
from testing.suite import NOTE, Run, files_below

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.terraform

RUNS = """
variables { name = "abc" }

run "good" {
  assert {
    condition     = output.name == "abc"
    error_message = "not abc"
  }
}

run "wrong" {
  command = plan
  assert {
    condition     = var.name == "xyz"
    error_message = "the name is ${var.name}"
  }
}

run "refused" {
  command = plan
  variables { name = "ab" }
}

run "after" { command = plan }
"""


def test_each_run_is_a_test_with_terraforms_own_result(run_suite: Run) -> None:
    files = {
        "modules/note/main.tf": NOTE,
        "modules/note/tests/runs.tftest.hcl": RUNS,
        "modules/note/tests/other.tftest.hcl": 'run "must_not_run_with_it" {}\n',
        "modules/note/terraform.tfvars": 'name = "of-the-developer"\n',
    }
    result = run_suite(files, "modules/note/tests/runs.tftest.hcl", "-v", "-rs")
    result.assert_outcomes(passed=1, failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*runs.tftest.hcl::good PASSED*",
            "*runs.tftest.hcl::wrong FAILED*",
            "*runs.tftest.hcl::refused FAILED*",
            "*runs.tftest.hcl::after SKIPPED*",
        ]
    )
    result.stdout.fnmatch_lines(
        [
            "modules/note/tests/runs.tftest.hcl:11: run 'wrong' of * failed",
            "error: Test assertion failed",
            '*on tests/runs.tftest.hcl:14, in run "wrong"',
            '*14:     condition     = var.name == "xyz"',
            "*the name is abc",
        ]
    )
    result.stdout.fnmatch_lines(["*error: Invalid value for variable", "*The name is too short.*"])
    result.stdout.fnmatch_lines(["*terraform skipped it, because run 'refused' ended with an error"])
    result.stdout.fnmatch_lines(["test *1 *"])  # one process
    assert "collect_tftest.py" not in result.stdout.str()
    assert {path.name for path in Path("modules/note").iterdir()} == {"main.tf", "tests", "terraform.tfvars"}


def test_json_mocks_helper_modules_and_one_run_alone(run_suite: Run) -> None:
    bucket = """
        variable "name" { type = string }
        resource "aws_s3_bucket" "this" { bucket = var.name }
        output "arn" { value = aws_s3_bucket.this.arn }
    """
    with_helper = """
        mock_provider "aws" {
          mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::mocked" } }
        }
        run "setup" {
          module { source = "./tests/setup" }
        }
        run "mocked" {
          variables { name = run.setup.name }
          assert {
            condition     = output.arn == "arn:aws:s3:::mocked" && aws_s3_bucket.this.bucket == "from-setup"
            error_message = "not mocked"
          }
        }
    """
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "modules/note/one.tftest.json": """
                {"run": {"zz": {"command": "plan"}, "aa": {"variables": {"name": "ab"},
                 "command": "plan", "expect_failures": ["var.name"]}},
                 "variables": {"name": "abc"}}
            """,
            "modules/bucket/main.tf": bucket,
            "modules/bucket/tests/setup/main.tf": 'output "name" { value = "from-setup" }\n',
            "modules/bucket/tests/mocked.tftest.hcl": with_helper,
        },
        "modules",
        "--tf-level=mock",
        "-v",
    )
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*one.tftest.json::zz *", "*one.tftest.json::aa *"])
    alone = run_suite({}, "modules/note/one.tftest.json::aa")
    alone.assert_outcomes(passed=1)


def test_files_that_can_not_be_read_or_test_nothing_are_collection_errors(run_suite: Run) -> None:
    files = {
        "modules/note/main.tf": NOTE,
        "modules/note/broken.tftest.hcl": 'run "x" {\n  command = \n}\n',
        "modules/note/empty.tftest.hcl": 'variables { name = "abc" }\n',
        "modules/note/twice.tftest.hcl": 'run "x" {}\nrun "y" {}\nrun "x" {}\n',
        "modules/note/tests/text.tftest.json": '{"run": \n',
    }
    result = run_suite(files, "modules")
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(["modules/note/twice.tftest.hcl: it has two runs named 'x'."])
    result.stdout.fnmatch_lines(["modules/note/broken.tftest.hcl:2: not valid HCL: *"])
    result.stdout.fnmatch_lines(["modules/note/empty.tftest.hcl: it has no run block: it tests nothing."])
    result.stdout.fnmatch_lines(["modules/note/tests/text.tftest.json:2: not valid JSON: *"])


def test_levels_follow_from_the_file(run_suite: Run) -> None:
    files = {
        "modules/bucket/main.tf": 'resource "aws_s3_bucket" "this" {}\n',
        "modules/bucket/plans.tftest.hcl": 'run "x" { command = plan }\n',
        "modules/bucket/applies.tftest.hcl": 'run "x" {}\n',
    }
    result = run_suite(files, "modules", "--tf-level=mock", "-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED*level apply is above --tf-level=mock"])
    result.stdout.fnmatch_lines(["SKIPPED*level plan is above --tf-level=mock"])


def test_resources_that_could_not_be_destroyed_fail_the_last_run(run_suite: Run) -> None:
    stubborn = """
        resource "terraform_data" "this" {
          provisioner "local-exec" {
            when    = destroy
            command = "exit 3"
          }
        }
    """
    files = {"a/main.tf": stubborn, "a/a.tftest.hcl": 'run "one" {}\nrun "two" {}\n'}
    result = run_suite(files, "a")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["a/a.tftest.hcl:2: a/a.tftest.hcl, after its runs, failed"])
    result.stdout.fnmatch_lines(["*not destroyed*", "*terraform_data.this*"])


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("kill -9 $$", "failed (killed by SIGKILL)"),
        ("exit 0", "failed (terraform told no result of it)"),
    ],
)
def test_a_terraform_that_dies_passes_nothing(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ends: str, told: str
) -> None:
    """It says that the first run passed, and ends before the second."""
    dying = tmp_path / "terraform"
    passed = '{"@testrun":"one","test_run":{"run":"one","progress":"complete","status":"pass"}}'
    dying.write_text(
        f'#!/bin/sh\n[ "$1" = test ] && {{ echo \'{passed}\'; {ends}; }}\nexec {find_engine().path} "$@"\n'
    )
    dying.chmod(0o755)
    monkeypatch.setenv("LANDFORM_TERRAFORM", str(dying))
    files = {
        "modules/note/main.tf": NOTE,
        "modules/note/a.tftest.hcl": 'variables { name = "abc" }\nrun "one" {}\nrun "two" {}\n',
    }
    result = run_suite(files, "modules")
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] >= 1
    assert "::two" in "".join(line for line in result.outlines if line.startswith("FAILED"))
    assert told in result.stdout.str()
    if "SIGKILL" in told:
        result.assert_outcomes(failed=2)


def test_workers_share_no_file_and_secrets_stay_hidden(run_suite: Run, tmp_path: Path) -> None:
    secret = "hunter2-is-secret"
    told = f"""
        variables {{
          name     = "abc"
          password = "{secret}"
        }}
        run "one" {{}}
        run "two" {{
          assert {{
            condition     = nonsensitive(var.password) == "x"
            error_message = "it is ${{nonsensitive(var.password)}}"
          }}
        }}
    """
    files = {"modules/note/main.tf": NOTE, "modules/note/tests/a.tftest.hcl": told}
    result = run_suite(files, "modules", "-n2", "--junitxml=report.xml", f"--log-file={tmp_path / 'log'}")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["test *1 *"])
    assert "it is (sensitive value)" in result.stdout.str()
    assert secret not in result.stdout.str() + files_below(tmp_path) + Path("report.xml").read_text()
    assert list(Path(os.environ["TMPDIR"]).glob("landform-test-*")) == []
