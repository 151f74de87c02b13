"""How long stacks stand: for a class, for a module of tests, and beyond a destroy that fails."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from testing.suite import BUCKET, Run

pytest_plugins = ("pytester",)

COUNTED = """
variable "log" { type = string }
variable "name" {
  type    = string
  default = "one"
}
resource "terraform_data" "this" {
  input = { log = var.log, name = var.name }
  provisioner "local-exec" { command = "echo made ${self.input.name} >> ${self.input.log}" }
  provisioner "local-exec" {
    when    = destroy
    command = "echo gone ${self.input.name} >> ${self.input.log}"
  }
}
"""
STUBBORN = """
variable "leave" { type = string }
resource "terraform_data" "this" {
  input = var.leave
  provisioner "local-exec" {
    when    = destroy
    command = "test -e ${self.input}"
  }
}
"""


@pytest.mark.terraform
def test_a_stack_of_a_class_stands_for_its_tests_alone(run_suite: Run) -> None:
    log = Path.cwd() / "log"
    suite = f"""
        from pathlib import Path
        import pytest
        LOG = Path({str(log)!r})
        pytestmark = pytest.mark.tf("counted", vars={{"log": str(LOG)}}, scope="class")

        class TestFirst:
            stacks = []
            @pytest.mark.parametrize("n", range(3))
            def test_it(self, tf, n):
                self.stacks.append(tf)
                assert tf is self.stacks[0] and "terraform_data.this" in tf
                assert LOG.read_text().split() == ["made", "one"]

            @pytest.mark.tf(vars={{"name": "other"}})
            def test_other_values(self, tf):
                assert tf is not self.stacks[0] and tf["terraform_data.this"].input["name"] == "other"

        def test_after_the_class():
            assert sorted(LOG.read_text().splitlines()) == ["gone other", "made one", "made other"]
            assert not any(stack.folder.exists() for stack in TestFirst.stacks)

        class TestSecond:
            def test_it(self, tf):
                assert tf.folder != TestFirst.stacks[0].folder
                assert LOG.read_text().splitlines().count("made one") == 2
    """
    run_suite({"counted/main.tf": COUNTED, "test_it.py": suite}).assert_outcomes(passed=6)


@pytest.mark.e2e
def test_a_restored_stack_is_for_each_test_as_it_was_applied(run_suite: Run) -> None:
    suite = """
        import pytest
        pytestmark = pytest.mark.tf("bucket", vars={"name": "one"}, scope="module", restore="test")
        seen = []

        def names(tf):
            return [each["Name"] for each in tf.client("s3").list_buckets()["Buckets"]]

        @pytest.mark.parametrize("n", range(2))
        def test_spoils(tf, n):
            seen.append(tf)
            assert tf is seen[0] and names(tf) == ["one"] and "Contents" not in objects(tf)
            tf.client("s3").put_object(Bucket="one", Key="left", Body=b"x")
            tf.client("s3").create_bucket(Bucket="left")

        def objects(tf):
            return tf.client("s3").list_objects_v2(Bucket="one")

        class TestIn:
            def test_destroys(self, tf):
                tf.destroy()
                assert tf.is_empty and names(tf) == []

            def test_stands_again(self, tf):
                assert tf is seen[0] and names(tf) == ["one"] and "Contents" not in objects(tf)
                assert "aws_s3_bucket.this" in tf and tf.plan().is_noop
    """
    result = run_suite({"bucket/main.tf": BUCKET, "test_it.py": suite})
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["apply * 1 *"])


@pytest.mark.terraform
def test_what_can_not_be_destroyed_is_kept_with_a_command_that_works(
    run_suite: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = Path.cwd() / "leave"
    suite = f"""
        import pytest
        @pytest.mark.tf("stub born", vars={{"leave": {str(leave)!r}}})
        def test_it(tf): pass
    """
    result = run_suite({"stub born/main.tf": STUBBORN, "test_it.py": suite})
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*terraform destroy of stub born failed*", "*local-exec provisioner error"])
    (state,) = Path(os.environ["TMPDIR"]).rglob("terraform.tfstate")
    result.stdout.fnmatch_lines([f"*Its folder is kept: {state.parent}"])

    (command,) = [line.strip() for line in result.outlines if " -chdir=" in line]
    leave.touch()
    for name in ("TF_CLI_ARGS", "TF_VAR_name", "TF_WORKSPACE"):
        monkeypatch.delenv(name)
    done = subprocess.run(command, shell=True, input="yes\n", capture_output=True, text=True, check=False)
    assert "Destroy complete! Resources: 1 destroyed." in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.e2e
def test_a_bucket_that_is_not_empty_fails_where_it_ends(run_suite: Run) -> None:
    suite = """
        import pytest
        @pytest.mark.tf("bucket", vars={"name": "one"})
        def test_it(tf):
            tf.client("s3").put_object(Bucket="one", Key="left", Body=b"x")
    """
    bucket = BUCKET.replace("force_destroy = true", "force_destroy = false")
    result = run_suite({"bucket/main.tf": bucket, "test_it.py": suite})
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*terraform destroy of bucket failed*", "*BucketNotEmpty*"])
    result.stdout.fnmatch_lines(["*Its folder is kept: *"])
