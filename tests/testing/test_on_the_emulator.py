"""Modules with the AWS provider, applied to the emulator."""

from __future__ import annotations

import pytest

from testing.suite import BUCKET, Run

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.e2e


def test_buckets_are_made_checked_and_gone(run_suite: Run) -> None:
    result = run_suite(
        {
            "modules/bucket/main.tf": BUCKET,
            "test_it.py": """
                import pytest
                pytestmark = pytest.mark.tf("modules/bucket", vars={"name": "one"})

                def names(stack):
                    return [each["Name"] for each in stack.client("s3").list_buckets()["Buckets"]]

                @pytest.mark.parametrize("n", range(2))
                def test_alone(tf, n):
                    assert names(tf) == ["one"] and tf["aws_s3_bucket.this"].arn == "arn:aws:s3:::one"

                @pytest.mark.tf(scope="module", restore="test", vars={"name": "shared"})
                class TestShared:
                    @pytest.mark.parametrize("n", range(2))
                    def test_restored(self, tf, n, tf_emulator):
                        assert names(tf) == ["shared"]
                        tf.client("s3").create_bucket(Bucket="mine")
                        if n:
                            tf.client("s3").delete_bucket(Bucket="mine")
                            assert tf.plan().is_noop

                def test_between(tf_module):
                    stack = tf_module.apply(name="between")
                    assert names(stack) == ["between"]

                @pytest.mark.tf(level="plan", vars={"tags": {"a": "b"}})
                def test_planned(tf_plan):
                    assert tf_plan["aws_s3_bucket.this"].tags == {"a": "b"}

                @pytest.mark.tf(level="mock")
                def test_mocked(tf_plan):
                    assert tf_plan.creates == {"aws_s3_bucket.this"}
            """,
        }
    )
    result.assert_outcomes(passed=7)


def test_a_module_with_two_regions_makes_each_in_its_own(run_suite: Run) -> None:
    module = """
        provider "aws" {}
        provider "aws" {
          alias  = "west"
          region = "us-west-2"
        }
        resource "aws_sns_topic" "here" { name = "topic" }
        resource "aws_sns_topic" "there" {
          provider = aws.west
          name     = "topic"
        }
    """
    files = {
        "modules/two/main.tf": module,
        "test_it.py": """
            import pytest
            @pytest.mark.tf("modules/two", region="eu-west-1")
            def test_it(tf):
                assert ":eu-west-1:" in tf["aws_sns_topic.here"].arn
                assert ":us-west-2:" in tf["aws_sns_topic.there"].arn
        """,
    }
    run_suite(files).assert_outcomes(passed=1)


def test_a_sessions_stack_is_made_by_one_call_however_many_workers(run_suite: Run) -> None:
    tests = """
        import pytest
        pytestmark = pytest.mark.tf("modules/bucket", vars={"name": "shared"}, scope="session")

        @pytest.mark.parametrize("n", range(3))
        def test_it(tf, tf_emulator, n):
            assert tf_emulator.calls()["CreateBucket"] == 1
    """
    files = {"modules/bucket/main.tf": BUCKET, "test_one.py": tests, "test_other.py": tests}
    result = run_suite(files, "-n3")
    result.assert_outcomes(passed=6)
    result.stdout.re_match_lines([r"apply +1 .*"])
