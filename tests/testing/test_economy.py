"""What a run does not pay for."""

from __future__ import annotations

import pytest

from testing.suite import NOTE, Run

pytest_plugins = ("pytester",)


def test_a_run_without_modules_loads_next_to_nothing(run_suite: Run) -> None:
    test = """
        import sys

        def test_it():
            heavy = {"boto3", "jinja2", "pydantic", "yaml", "landform.engine", "landform.project"}
            assert not heavy & set(sys.modules)
    """
    run_suite({"test_it.py": test}).assert_outcomes(passed=1)


@pytest.mark.terraform
def test_workers_share_what_init_made(run_suite: Run) -> None:
    test = """
        import os
        import pytest

        @pytest.mark.tf("note", vars={"name": "{unique}"})
        @pytest.mark.parametrize("n", range(2))
        def test_it(tf, n):
            assert tf.outputs.name == tf.unique
            print("worker", os.environ["PYTEST_XDIST_WORKER"])
    """
    result = run_suite({"note/main.tf": NOTE, "test_it.py": test}, "-n2", "-rP")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines_random(["worker gw0", "worker gw1"])
    result.stdout.re_match_lines_random([r"apply +2 ", r"init +1 "])
