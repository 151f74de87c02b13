"""What a policy sees, and what becomes of a policy that can't say, breaks or talks nonsense."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from landform.errors import LandformError
from landform.planning.changes import Action, Change, Values
from landform.policy import (
    UNKNOWN,
    Answer,
    Plan,
    PolicyResult,
    Resource,
    Result,
    Saying,
    Says,
    Sensitive,
    deny,
    evaluate,
    ok,
    plan_of,
    plan_policy,
    policy,
    read_plan,
    unknown,
    warn,
)

BUCKET = "module.web.aws_s3_bucket.logs"


def _only(function: Callable[[Resource], Answer], after: dict[str, Any], **more: Any) -> PolicyResult:
    (found,) = evaluate([policy(**more)(function)], plan_of({BUCKET: after}))
    return found


def test_a_policy_that_says_nothing_is_kept_and_counts_what_it_looked_at() -> None:
    found = _only(lambda _: None, {})
    assert (found.policy, found.result, found.reason) == ("<lambda>", Result.PASS, "looked at 1 resource")


def test_each_objection_is_a_result_at_its_resource() -> None:
    @policy(type="aws_s3_bucket")
    def two_things(bucket: Resource) -> Says:
        yield deny("no owner")
        yield warn(f"acl {bucket.after.acl}")

    assert evaluate([two_things], plan_of({BUCKET: {"acl": "private"}})) == (
        PolicyResult("two_things", Result.DENY, BUCKET, "no owner"),
        PolicyResult("two_things", Result.WARN, BUCKET, "acl private"),
    )


@pytest.mark.parametrize(
    ("chosen", "looked_at"),
    [
        ({}, ["made", "changed", "replaced"]),
        ({"type": "aws_db_*", "action": "*"}, ["replaced", "gone"]),
        ({"stack": "data"}, ["replaced"]),
        ({"action": ("delete", "replace")}, ["replaced", "gone"]),
        ({"action": "no-op"}, ["same"]),
        ({"environment": "prod"}, []),
        ({"type": "data.aws_ami"}, ["read"]),
    ],
)
def test_a_policy_chooses_what_it_looks_at(chosen: dict[str, Any], looked_at: list[str]) -> None:
    seen: list[str] = []
    before = {"aws_lb.changed": {"a": 1}, "aws_lb.same": {}, "module.data.aws_db_instance.replaced": {}}
    plan = plan_of(
        {"aws_lb.made": {}, **before, "aws_lb.changed": {"a": 2}, "data.aws_ami.read": {}},
        before={**before, "aws_db_instance.gone": {}},
        replaced=["module.data.aws_db_instance.replaced"],
    )
    evaluate([policy(**chosen)(lambda each: seen.append(each.address.rpartition(".")[2]))], plan)
    assert sorted(seen) == sorted(looked_at)


TOUCHES: list[Callable[[Any], object]] = [
    lambda value: value == "x",
    lambda value: value != "x",
    lambda value: value in ("x", "y"),
    lambda value: value in {"x"},
    lambda value: "x" in value,
    lambda value: not value,
    lambda value: value < 3,
    len,
    list,
    lambda value: value.startswith("x"),
    lambda value: value["x"],
    lambda value: value + 1,
    int,
]


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_question_to_an_unknown_value_makes_the_result_unknown(touch: Callable[[Any], object]) -> None:
    def looks(bucket: Resource) -> None:
        touch(bucket.after.acl)

    found = _only(looks, {"acl": UNKNOWN})
    assert (found.result, found.reason) == (Result.UNKNOWN, "can't tell yet: acl known only after apply")


@pytest.mark.parametrize("look", [lambda a: a.acl is None, lambda a: isinstance(a.get("acl"), str)])
def test_a_policy_that_could_not_see_does_not_pass_by_not_asking(look: Callable[[Any], object]) -> None:
    def looks(bucket: Resource) -> Saying | None:
        return deny("no acl") if look(bucket.after) else None

    assert _only(looks, {"acl": UNKNOWN}).result is Result.UNKNOWN
    assert _only(looks, {"acl": UNKNOWN}, on_unknown="warn").result is Result.WARN


def test_an_unknown_item_of_a_list_is_noticed_when_it_is_read() -> None:
    def looks(bucket: Resource) -> Iterator[Saying]:
        for each in bucket.after.cidrs:
            if isinstance(each, str) and each == "0.0.0.0/0":
                yield deny("open")

    assert _only(looks, {"cidrs": ["10.0.0.0/8", UNKNOWN]}).reason.startswith("can't tell yet: cidrs[1]")
    assert _only(looks, {"cidrs": [UNKNOWN, "0.0.0.0/0"]}).result is Result.DENY
    assert _only(lambda bucket: deny("many") if len(bucket.after.cidrs) > 1 else None,
                 {"cidrs": [UNKNOWN]}).result is Result.PASS  # fmt: skip


def test_a_policy_may_handle_what_is_unknown_itself() -> None:
    def handles(bucket: Resource) -> Saying:
        return ok() if bucket.after.acl is UNKNOWN else deny("known")

    assert _only(handles, {"acl": UNKNOWN}).result is Result.PASS
    assert _only(lambda _: unknown("later"), {}).result is Result.UNKNOWN
    assert _only(lambda _: unknown("later"), {}, on_unknown="warn").result is Result.WARN


def test_what_one_policy_read_does_not_stick_to_the_next() -> None:
    first = policy()(lambda bucket: ok() if bucket.after.acl is UNKNOWN else None)
    second = policy()(lambda _: None)
    results = evaluate([first, second], plan_of({BUCKET: {"acl": UNKNOWN}}))
    assert [each.result for each in results] == [Result.PASS, Result.PASS]


def _recurse(bucket: Resource) -> Answer:
    return _recurse(bucket)


def _raise_late(_: Resource) -> Iterator[Saying]:
    yield deny("said before")
    raise KeyError("late")


def _endless(_: Resource) -> Iterator[Saying]:
    while True:
        yield warn("again")


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda bucket: bucket.after.alc, "AttributeError: there is no 'alc' (test_rules.py:"),
        (lambda _: 1 / 0, "ZeroDivisionError"),
        (lambda _: True, "it said bool: return or yield deny(…), warn(…) or ok()"),
        (lambda _: "open", "it said str"),
        (lambda _: deny(""), "a reason is a sentence"),
        (lambda _: sys.exit(0), "SystemExit"),
        (_recurse, "RecursionError"),
        (_endless, "it said more than 1000 things"),
    ],
)
def test_a_policy_that_breaks_denies_and_says_why(function: Callable[[Any], Any], says: str) -> None:
    found = evaluate([policy()(function)], plan_of({BUCKET: {}}))[-1]
    assert found.result is Result.DENY
    assert says in found.reason
    (warned,) = evaluate([policy(on_crash="warn")(lambda _: 1 / 0)], plan_of({BUCKET: {}}))  # type: ignore[arg-type,return-value]
    assert warned.result is Result.WARN


def test_what_was_said_before_a_failure_still_counts() -> None:
    reasons = [each.reason for each in evaluate([policy()(_raise_late)], plan_of({BUCKET: {}}))]
    assert reasons[0] == "said before"
    assert "KeyError" in reasons[1]


def test_a_policy_that_loops_is_stopped_and_denies() -> None:
    @policy()
    def loops(_: Resource) -> None:
        while True:
            with suppress(Exception):
                pass

    (found,) = evaluate([loops], plan_of({BUCKET: {}}), seconds=0.1)
    assert (found.result, found.address) == (Result.DENY, BUCKET)
    assert found.reason == "it did not end within 0.1 s"


def test_a_policy_of_the_whole_plan_points_at_what_it_means() -> None:
    @plan_policy()
    def one_bucket(plan: Plan) -> Says:
        _, *others = plan.of_type("aws_s3_*")
        yield from (deny("a second one", bucket) for bucket in others)

    plan = plan_of({"aws_s3_bucket.a": {}, "aws_s3_bucket.b": {}}, before={"aws_s3_bucket.gone": {}})
    assert evaluate([one_bucket], plan) == (
        PolicyResult("one_bucket", Result.DENY, "aws_s3_bucket.b", "a second one"),
    )


def test_a_secret_can_be_compared_and_shows_itself_nowhere() -> None:
    secret = "hunter2-hunter2"
    values = {"password": secret, "user": {"name": "root", "key": secret}}
    marks = {"password": True, "user": {"key": True}}
    change = Change("", "aws_db_instance.a", "aws_db_instance", "managed", Action.CREATE,
                    after=Values(values, marks))  # fmt: skip
    seen: list[str] = []

    @policy()
    def looks(database: Resource) -> None:
        after = database.after
        assert after.password == secret
        assert after.user.key == secret
        assert "hunter2" in after.password
        assert after.password
        seen.extend(
            [str(after), repr(after.password), f"{after.password}", str(after.user.key), repr(database)]
        )

    assert evaluate([looks], Plan("dev", changes=(change,)))[0].result is Result.PASS
    assert len(seen) == 5
    assert secret not in "".join(seen)
    assert Sensitive(secret) == secret


@pytest.mark.parametrize(
    ("after", "marks", "defaults", "expected"),
    [
        ({"tags": {"Owner": "a"}, "tags_all": {"Owner": "a"}}, {}, None, "a"),
        ({"tags": None, "tags_all": {"Owner": "b"}}, {}, None, "b"),
        ({"tags": {}, "tags_all": {}}, {}, None, None),
        ({"tags": {"Owner": "a"}}, {"tags": {"Name": True}, "tags_all": True}, None, "a"),
        ({"tags": {}}, {"tags": {"Name": True}, "tags_all": True}, None, UNKNOWN),
        ({"tags": {}}, {"tags": {"Name": True}, "tags_all": True}, {"Owner": "d"}, "d"),
        ({"tags": {}}, {"tags": {"Name": True}, "tags_all": True}, {}, None),
        ({"tags": {}}, {"tags": {"Owner": True}, "tags_all": True}, {"Owner": "d"}, UNKNOWN),
        ({}, {"tags": True, "tags_all": True}, {"Owner": "d"}, UNKNOWN),
    ],
)
def test_a_tag_is_told_as_far_as_it_is_known(
    after: dict[str, Any], marks: dict[str, Any], defaults: dict[str, str] | None, expected: object
) -> None:
    change = Change("", "aws_lb.a", "aws_lb", "managed", Action.CREATE, after=Values(after), unknown=marks)
    (resource,) = Plan("dev", changes=(change,), default_tags=defaults).resources
    assert resource.has_tags
    found = resource.tag("Owner")
    assert found is UNKNOWN if expected is UNKNOWN else found == expected


def test_a_rule_may_change_its_own_copy_of_a_list_only() -> None:
    (resource,) = plan_of({BUCKET: {"zones": ["b", "a"]}}).resources
    resource.after.zones.sort()
    assert resource.after.zones == ["b", "a"]


def test_a_plan_is_read_from_terraforms_own_file(tmp_path: Any) -> None:
    change = {"actions": ["create"], "after": {"acl": "x"}, "after_unknown": {"id": True}}
    raw = {"address": BUCKET, "type": "aws_s3_bucket", "mode": "managed", "change": change}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"format_version": "1.2", "resource_changes": [raw]}))
    (resource,) = read_plan(path).resources
    assert (resource.stack, resource.action, resource.after.acl) == ("web", "create", "x")
    assert resource.after.id is UNKNOWN


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ('{"resource_changes": [', "is not JSON, or not all of it"),
        ("[]", "is no plan"),
        ('{"format_version": "1.2", "resource_changes": [{}]}', "the plan is damaged"),
        ('{"format_version": "2.0", "resource_changes": []}', "format 2.0 can't be read"),
    ],
)
def test_another_file_is_refused_in_one_sentence(tmp_path: Any, text: str, says: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(LandformError, match=says):
        read_plan(path)
