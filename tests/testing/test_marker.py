"""What a test may ask for, and what it is told when it asks for something else."""

from __future__ import annotations

import pytest

from landform.testing.levels import Level, parse_level
from testing.suite import NOTE, Run

pytest_plugins = ("pytester",)


def test_levels_are_ordered_and_a_wrong_one_names_the_others() -> None:
    assert sorted(Level) == [parse_level(word) for word in ("static", "mock", "plan", "apply", "aws")]
    with pytest.raises(ValueError, match=r"'aply' is no level. Did you mean 'apply'\?"):
        parse_level("aply")


def test_every_fault_is_named_at_once_before_anything_runs(run_suite: Run) -> None:
    result = run_suite(
        {
            "modules/note/main.tf": NOTE,
            "test_it.py": """
                import pytest
                @pytest.mark.tf("modules/not")
                def test_no_module(tf): pass
                @pytest.mark.tf("modules/note", vars={"nam": "x"})
                def test_no_variable(tf): pass
                @pytest.mark.tf("modules/note", level="aply")
                def test_no_level(tf): pass
                @pytest.mark.tf("modules/note", scop="module")
                def test_no_option(tf): pass
                @pytest.mark.tf("modules/note", scope="modul")
                def test_no_scope(tf): pass
                @pytest.mark.tf("modules/note", level="plan")
                def test_too_low(tf): pass
                @pytest.mark.tf("modules/note", env={"AWS_PROFILE": "x"})
                def test_other_account(tf): pass
                def test_no_marker(tf_plan): pass
            """,
        }
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "*test_it.py:3: @pytest.mark.tf of test_no_module: no module 'modules/not'*Did you mean 'note'?",
            "*test_no_variable: module 'modules/note' has no variable 'nam'. Did you mean 'name'?",
            "*test_no_level: 'aply' is no level. Did you mean 'apply'?*",
            "*test_no_option: there is no 'scop'. Did you mean 'scope'?",
            "*test_no_scope: 'modul' is no scope. Did you mean 'module'?",
            "*test_too_low is of level plan, but 'tf' needs at least apply.",
            "*test_other_account: env can't set AWS_PROFILE*",
            "*test_no_marker uses tf_plan without @pytest.mark.tf(module).",
        ]
    )


def test_in_a_worker_a_fault_fails_its_test(run_suite: Run) -> None:
    files = {
        "test_it.py": """
            import pytest
            @pytest.mark.tf("modules/none")
            def test_no_module(tf): pass
            def test_other(): pass
        """
    }
    result = run_suite(files, "-n1")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*no module 'modules/none'*"])


def test_a_shared_stack_needs_its_tests_kept_together(run_suite: Run) -> None:
    files = {
        "modules/note/main.tf": NOTE,
        "test_it.py": """
            import pytest
            @pytest.mark.tf("modules/note", vars={"name": "abc"}, scope="session")
            def test_it(tf): pass
        """,
    }
    result = run_suite(files, "-n1", "--dist=worksteal")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*run them with --dist loadgroup*"])


def test_tests_above_the_cap_are_skipped_with_the_reason(run_suite: Run) -> None:
    files = {
        "modules/note/main.tf": NOTE,
        "test_it.py": """
            import pytest
            pytestmark = pytest.mark.tf("modules/note")
            def test_apply(tf): pass
            def test_plan(tf_plan): pass
            @pytest.mark.tf(level="aws")
            def test_aws(tf): pass
        """,
    }
    result = run_suite(files, "--tf-level=mock", "-rs")
    result.assert_outcomes(skipped=3)
    text = result.stdout.str()
    for level in ("apply", "plan", "aws"):
        assert f"level {level} is above --tf-level=mock" in text
    wrong = run_suite({}, "--tf-level=aply")
    assert wrong.ret == pytest.ExitCode.USAGE_ERROR
    wrong.stderr.fnmatch_lines(["*--tf-level: 'aply' is no level. Did you mean 'apply'?*"])


def test_the_closest_marker_wins_and_variables_are_merged(pytester: pytest.Pytester) -> None:
    from landform.testing.collection import WANTED

    module = pytester.mkdir("note")
    (module / "main.tf").write_text(NOTE)
    items, _ = pytester.inline_genitems(
        pytester.makepyfile(
            """
            import pytest
            pytestmark = pytest.mark.tf("note", vars={"name": "far", "keys": ["a"]}, scope="module")

            @pytest.mark.tf(vars={"name": "near"}, level="plan")
            class TestIt:
                @pytest.mark.tf(vars={"password": "my-own"}, scope="class")
                def test_one(self, tf_module): pass
            """
        )
    )
    case = items[0].stash[WANTED].case
    assert case is not None
    assert case.vars == {"name": "near", "keys": ["a"], "password": "my-own"}
    assert (str(case.level), case.scope, case.module) == ("plan", "class", module)
    assert "my-own" not in repr(case)
