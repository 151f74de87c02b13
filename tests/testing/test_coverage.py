"""``--tf-coverage``: what tests used of a module, over workers and through calls of other modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.testing.declared import REQUIRED, read_declared
from testing.suite import Run

pytest_plugins = ("pytester",)

SHELF = """
variable "name" {
  type = string
  validation {
    condition     = length(var.name) >= 3
    error_message = "Too short."
  }
  validation {
    condition     = length(var.name) <= 9
    error_message = "Too long."
  }
}
variable "size" {
  type    = number
  default = 3
  validation {
    condition     = var.size > 0
    error_message = "Too small."
  }
}
variable "labels" {
  type    = list(string)
  default = []
}
resource "terraform_data" "this" { input = var.name }
resource "terraform_data" "never" {
  count = var.size > 100 ? 1 : 0
}
output "name" { value = terraform_data.this.output }
output "size" { value = var.size }
"""
CALLER = """
module "shelf" {
  source = "../shelf"
  name   = "abc"
  size   = 3
  labels = ["x"]
}
output "found" { value = module.shelf.size }
"""
FILES = {
    "modules/shelf/main.tf": SHELF,
    "modules/caller/main.tf": CALLER,
    "modules/shelf/tests/a.tftest.hcl": """
        run "small" {
          command = plan
          variables {
            name = "abc"
            size = -1
          }
          expect_failures = [var.size]
        }
    """,
    "test_it.py": """
        import pytest
        pytestmark = pytest.mark.tf("modules/shelf", vars={"name": "abc"})

        @pytest.mark.tf(vars={"size": 3})
        def test_applied(tf): assert tf.outputs.name == "abc"

        @pytest.mark.tf(level="mock")
        def test_refused(tf_module):
            with tf_module.fails(on="var.name", match="Too long"):
                tf_module.plan(name="much-too-long")
    """,
    "test_other.py": """
        import pytest
        @pytest.mark.tf("modules/caller", level="mock")
        def test_caller(tf_plan): assert tf_plan.creates
    """,
}


def test_what_a_module_declares(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SHELF)
    declared = read_declared(tmp_path)
    assert declared.defaults == {"name": REQUIRED, "size": 3, "labels": []}
    assert declared.resources == {"terraform_data.this", "terraform_data.never"}
    assert declared.outputs == {"name", "size"}
    assert declared.rules == {"main.tf:4": "name", "main.tf:8": "name", "main.tf:16": "size"}
    assert declared.changed({"name": "x", "size": 3, "labels": ["a"], "other": 1}) == {"name", "labels"}


@pytest.mark.terraform
@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_the_table_says_what_no_test_used(run_suite: Run, workers: tuple[str, ...]) -> None:
    one = run_suite(FILES, "--tf-coverage", "test_it.py", "modules", *workers)
    one.assert_outcomes(passed=3)
    one.stdout.fnmatch_lines(
        [
            "*terraform coverage*",
            "module*resources*variables*outputs*validations*total",
            "modules/shelf *1/2 *2/3 *1/2 *2/3 *60%",
            "  never planned: terraform_data.never",
            "  never set: labels",
            "  never read: size",
            "  never refused anything: var.name (main.tf:4)",
        ]
    )


@pytest.mark.terraform
def test_the_threshold_fails_the_session_and_calls_count(run_suite: Run) -> None:
    low = run_suite(FILES, "--tf-coverage-min=61")
    assert low.ret == pytest.ExitCode.TESTS_FAILED
    low.assert_outcomes(passed=4)
    low.stdout.fnmatch_lines(["--tf-coverage-min=61: modules/caller has 0%"])
    assert "modules/shelf has" not in low.stdout.str()  # the caller gives labels and reads size
    assert "labels" not in low.stdout.str()

    enough = run_suite({}, "test_it.py", "modules", "--tf-coverage-min=60")
    assert enough.ret == pytest.ExitCode.OK
    skipped = run_suite({}, "test_it.py", "--tf-level=static", "--tf-coverage-min=1")
    assert skipped.ret == pytest.ExitCode.TESTS_FAILED
    skipped.stdout.fnmatch_lines(["--tf-coverage-min=1: modules/shelf has 0%"])
    none = run_suite({"test_none.py": "def test_it(): pass\n"}, "test_none.py", "--tf-coverage-min=1")
    assert none.ret == pytest.ExitCode.TESTS_FAILED
    none.stdout.fnmatch_lines(["--tf-coverage-min=1: no module was tested"])
