"""A project's own policies run apart: whatever they do, there is one clear answer, and no secret in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from landform.errors import LandformError, ProjectInvalid
from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.planning.redaction import HIDDEN, Redactor
from landform.policy import PolicyResult, Result
from landform.project import load_project
from landform.workflows import policies
from landform.workflows.policies import PolicyRequest, policy_results, try_on_file
from review.policy.conftest import SECRET

Make = Callable[..., Path]

IMPORTS = "from landform.policy import *\n"
BUCKET = "module.web.aws_s3_bucket.logs"


def _asked(folder: Path) -> tuple[PolicyResult, ...]:
    return try_on_file(load_project(folder), "dev", folder / "plan.json").results


def _bucket_rule(body: str, **more: str) -> dict[str, str]:
    given = ", ".join(f"{name}={value}" for name, value in more.items())
    line = f'@policy(type="aws_s3_bucket"{", " if given else ""}{given})\ndef rule(bucket):\n    {body}\n'
    return {"rule.py": IMPORTS + line}


def test_a_policy_is_asked_and_answers(project: Make) -> None:
    found = _asked(project(_bucket_rule('return warn(bucket.after.acl + " in " + bucket.environment)')))
    assert found == (PolicyResult("rule", Result.WARN, BUCKET, "private in dev"),)


def test_policies_share_code_and_see_no_test_of_theirs(project: Make) -> None:
    files = _bucket_rule("return deny(WHY)")
    files["rule.py"] = "from policies._words import WHY\n" + files["rule.py"]
    files |= {"_words.py": "WHY = 'shared'\n", "test_rule.py": "1 / 0\n", "conftest.py": "1 / 0\n"}
    folder = project(files)
    assert [each.reason for each in _asked(folder)] == ["shared"]
    assert not list(folder.rglob("__pycache__"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise ValueError('no')", "it failed: ValueError: no (rule.py:4)"),
        ("print('noise', flush=True); return 7", "it said int"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("return deny(input())", "EOFError"),
    ],
)
def test_what_a_policy_does_wrong_denies(project: Make, body: str, says: str) -> None:
    (found,) = _asked(project(_bucket_rule(body)))
    assert (found.result, found.address) == (Result.DENY, BUCKET)
    assert says in found.reason


def test_a_policy_that_loops_denies_and_the_others_are_asked(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "POLICY_SECONDS", 0.3)
    files = _bucket_rule("while True: pass")
    files["later.py"] = IMPORTS + "@plan_policy()\ndef second(plan):\n    return warn('asked')\n"
    reasons = {each.policy: (each.result, each.reason) for each in _asked(project(files))}
    assert reasons["rule"] == (Result.DENY, "it did not end within 0.3 s")
    assert reasons["second"] == (Result.WARN, "asked")


@pytest.mark.parametrize(
    "body", ["import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_policy_that_ends_the_process_is_an_error_and_no_pass(project: Make, body: str) -> None:
    with pytest.raises(LandformError, match="ended without an answer"):
        _asked(project(_bucket_rule(body)))


def test_a_policy_that_hears_no_alarm_is_an_error_and_no_pass(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "ALL_SECONDS", 1.5)
    deaf = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n    while True: pass"
    with pytest.raises(LandformError, match=r"did not end within 1\.5 s"):
        _asked(project(_bucket_rule(deaf)))


def test_a_process_that_does_not_start_is_an_error_and_no_pass(
    project: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho No module named landform >&2\nexit 1\n")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(LandformError, match="could not be asked: No module named landform"):
        _asked(project(_bucket_rule("return None")))


@pytest.mark.parametrize(
    ("files", "where", "says"),
    [
        ({"a.py": "x = 1\ndef broken(:\n"}, "policies/a.py:2", "can't be imported: SyntaxError"),
        ({"a.py": "x = 1\n1 / 0\n"}, "policies/a.py:2", "can't be imported: ZeroDivisionError"),
        ({"a.py": "import nothing_here\n"}, "policies/a.py:1", "No module named 'nothing_here'"),
        ({"a.py": IMPORTS + "@policy\ndef a(b):\n    pass\n"}, "policies/a.py:2", "TypeError"),
        ({"a.py": IMPORTS + "def a(b):\n    pass\n"}, "policies/a.py", "no policy in it"),
        ({"a.py": "while True: pass\n"}, "policies/a.py", "importing it did not end within 0.5 s"),
        (
            dict.fromkeys(("a.py", "b.py"), IMPORTS + "@policy()\ndef same(b):\n    pass\n"),
            "policies/b.py:2",
            "a second policy is called 'same'",
        ),
    ],
)
def test_a_file_that_is_no_policy_is_a_fault_at_its_line(
    project: Make, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], where: str, says: str
) -> None:
    monkeypatch.setattr(policies, "POLICY_SECONDS", 0.5)
    with pytest.raises(ProjectInvalid) as refusal:
        _asked(project(files))
    (fault,) = refusal.value.faults
    assert str(fault.where) == where
    assert says in fault.what


def test_a_policy_inherits_nothing_of_the_shell_and_no_secret_comes_back(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "from-the-shell")
    monkeypatch.setenv("TF_VAR_password", SECRET)
    body = """\
@policy(type="aws_db_instance")
def leaks(database):
    import os, sys
    yield warn(f"{database.after.password} {sys.argv[1:]} {sorted(os.environ)}")
    yield warn(f"{database.after.password._value}")
    raise ValueError(database.after.password._value)
"""
    first, second, third = _asked(project({"leaks.py": IMPORTS + body}))
    assert first.reason.startswith(f"{HIDDEN} []")
    assert "AWS" not in first.reason
    assert "TF_VAR" not in first.reason
    assert second.reason == HIDDEN
    assert third.reason == f"it failed: ValueError: {HIDDEN} (leaks.py:7)"


def test_all_kinds_of_rules_come_together_and_exemptions_last(project: Make) -> None:
    policy = "policy: {required_tags: [Owner], allowed_regions: [us-*]}\n"
    folder = project(_bucket_rule("return None"), policy, "policy: {allowed_regions: [eu-*]}\n")
    exemption = f"- {{policy: required_tags, address: {BUCKET}, reason: r, by: ann, expires: 2999-01-01}}\n"
    (folder / "exemptions.yaml").write_text(exemption)
    tried = try_on_file(load_project(folder), "dev", folder / "plan.json")
    assert [(each.policy, each.result) for each in tried.results] == [
        ("required_tags", Result.WARN),
        ("allowed_regions", Result.DENY),
        ("rule", Result.PASS),
    ]
    assert tried.verdict.result is Result.DENY
    assert tried.verdict.reasons[0].startswith("deny: allowed_regions: region us-east-1 of environment dev")


def test_the_environments_own_tags_count(project: Make) -> None:
    folder = project(policy="policy: {required_tags: [ManagedBy]}\n")
    document = json.loads((folder / "plan.json").read_text())
    change = document["resource_changes"][0]["change"]
    change["after"] = {"tags": {}}
    change["after_unknown"] = {"tags": {"Name": True}, "tags_all": True}
    (folder / "plan.json").write_text(json.dumps(document))
    assert [each.result for each in _asked(folder)] == [Result.PASS]


_KINDS = ("aws_s3_bucket", "aws_lb", "aws_subnet", "aws_instance")


def _large_plan(count: int) -> EnvironmentPlan:
    after = {f"attribute_{index}": "some value" for index in range(20)}
    after |= {"encrypted": True, "tags": {"Owner": "a"}, "tags_all": {"Owner": "a"}}  # type: ignore[dict-item]
    changes = tuple(
        Change("web", f'module.web.{kind}.this["{index}"]', kind, "managed", Action.CREATE,
               after=Values(dict(after), {"tags": {}}), unknown={"id": True, "arn": True, "tags": {}})
        for index in range(count) for kind in [_KINDS[index % len(_KINDS)]]
    )  # fmt: skip
    return EnvironmentPlan("shop", "dev", (StackPlan("web", changes=changes),))


def test_many_policies_see_many_resources(project: Make) -> None:
    rules = "".join(
        f'@policy(type="{_KINDS[index % 4]}")\ndef rule_{index}(each):\n'
        "    if not each.after.encrypted: yield deny('not encrypted')\n"
        "    if each.tag('Owner') is None: yield deny('no owner')\n"
        for index in range(10)
    )
    found = load_project(project({"rules.py": IMPORTS + rules}))
    asked = PolicyRequest(found, found.environment_by_name["dev"], _large_plan(2_000), Redactor())
    assert [each.reason for each in policy_results(asked)] == ["looked at 500 resources"] * 10
