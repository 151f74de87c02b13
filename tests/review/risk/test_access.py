"""Policies compared by what they mean: what gives more, or denies less."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.planning.changes import Change
from landform.review.risk.documents import parse, widened
from review.risk.plans import change, of_rule, severities

_ME = "arn:aws:iam::111122223333:role/me"
_BUCKET = "arn:aws:s3:::b/*"


def _policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(action: Any, resource: Any = _BUCKET, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _identity(before: Any, after: Any) -> Change:
    sides = (before and {"policy": _policy(before)}, {"policy": _policy(after)})
    return change("aws_iam_role_policy", *sides)


def _resource(before: Any, after: Any) -> Change:
    return change("aws_s3_bucket_policy", before and {"policy": before}, {"policy": after})


def _trust(before: Any, after: Any) -> Change:
    sides = [
        each and {"assume_role_policy": _policy({"Effect": "Allow", "Action": "sts:AssumeRole", **each})}
        for each in (before, after)
    ]
    return change("aws_iam_role", *sides)


def _not_in(*networks: str) -> dict[str, Any]:
    return {"Condition": {"StringNotEquals": {"aws:SourceVpc": list(networks)}}}


_READ = _allow("s3:GetObject")
_ORG = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
_TLS = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}
_TLS_ONLY = _TLS | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
_TO_ME, _TO_OTHER = {"Principal": {"AWS": _ME}}, {"Principal": {"AWS": "444455556666"}}
_TO_ALL: dict[str, Any] = {"Principal": "*"}


@pytest.mark.parametrize(
    ("wider", "severity"),
    [
        (_identity(_READ, _allow(["s3:GetObject", "s3:PutObject"])), "medium"),
        (_identity(_READ, _allow("s3:GetObject", "*")), "medium"),
        (_identity(_READ, _allow("s3:PutObject", "*")), "high"),
        (_identity(_READ, _allow("s3:*")), "medium"),
        (_identity(_READ, _allow("s3:*", "*")), "high"),
        (_identity(_READ, _allow("iam:*", "*")), "critical"),
        (_identity(_READ, _allow("*", "*")), "critical"),
        (_identity(_READ, _allow("iam:PassRole", "*")), "high"),
        (_identity(_READ, {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "critical"),
        (_identity(None, _allow("*", "*")), "critical"),
        (_identity(None, _allow("ec2:*", "*")), "high"),
        (_identity({**_READ, **_ORG}, _READ), "high"),
        (_identity({**_READ, **_not_in("v-1", "v-2")}, {**_READ, **_not_in("v-1")}), "high"),
        (_trust(_TO_ME, _TO_OTHER), "high"),
        (_trust(_TO_ME, _TO_ALL), "critical"),
        (_trust(None, _TO_ALL), "critical"),
        (_resource(_policy({**_READ, **_TO_ME}), _policy({**_READ, **_TO_OTHER})), "medium"),
        (_resource(_policy(_TLS_ONLY), _policy()), "high"),
        (_resource(_policy(_TLS), _policy(_TLS_ONLY)), "high"),
    ],
)
def test_what_gives_more_is_a_finding(wider: Change, severity: str) -> None:
    assert severities("iam-widened", wider) == [severity]


@pytest.mark.parametrize(
    "quiet",
    [
        _identity(_allow(["s3:GetObject", "s3:PutObject"]), _READ),
        _identity(_allow("*", "*"), _allow("s3:*", "*")),
        _identity(_allow("s3:Get*"), _allow(["S3:getobject"])),
        _identity(_READ, {**_READ, "Sid": "New"}),
        _identity(_READ, {**_READ, **_ORG}),
        _identity(None, _READ),
        _identity({**_READ, **_not_in("v-1")}, {**_READ, **_not_in("v-1", "v-2")}),
        _trust(None, {"Principal": {"Service": "ec2.amazonaws.com"}}),
        _trust({"Principal": {"AWS": "111122223333"}}, _TO_ME),
        _trust({"Principal": {"AWS": "arn:aws:iam::444455556666:root"}}, _TO_OTHER),
        _resource(None, _policy({**_READ, **_TO_ME})),
        _resource(_policy(_TLS_ONLY), _policy(_TLS)),
        _resource(None, "not a policy"),
    ],
)
def test_what_gives_less_or_is_only_written_otherwise_is_none(quiet: Change) -> None:
    assert of_rule("iam-widened", quiet) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_policy(_READ, _allow("s3:PutObject")), _policy(_allow(["s3:PutObject", "s3:GetObject"]))),
        (_policy(_allow(["s3:PutObject", "s3:GetObject"])), _policy(_allow("s3:PutObject"), _READ)),
        (json.dumps({"Statement": [_READ]}), json.dumps({"Statement": _READ})),
        (_policy(_allow("s3:GetObject", ["a", "b"])), _policy(_allow(["s3:GetObject"], ["b", "a"]))),
        (_policy({**_READ, "Principal": {"AWS": "*"}}), _policy({**_READ, **_TO_ALL})),
    ],
)
def test_spelling_order_and_grouping_make_no_difference(before: str, after: str) -> None:
    old, new = parse(before), parse(after)
    assert old is not None
    assert new is not None
    assert list(widened(old, new)) == []
    assert list(widened(new, old)) == []


def test_only_what_is_new_is_shown() -> None:
    (found,) = of_rule("iam-widened", _identity(_READ, _allow(["s3:GetObject", "s3:PutObject"])))
    assert found.title == f"app.aws_iam_role_policy.this gives s3:putobject on {_BUCKET} by its policy"
    assert found.evidence == f"policy: Action s3:putobject; Resource {_BUCKET}"


def test_a_weaker_condition_is_told_as_that() -> None:
    (found,) = of_rule("iam-widened", _identity({**_READ, **_ORG}, _READ))
    assert "drops or weakens a condition on s3:getobject" in found.title


@pytest.mark.parametrize("before", [None, _policy({**_READ, **_TO_ME})])
def test_a_policy_for_everyone_is_exposure(before: str | None) -> None:
    public = _resource(before, _policy({**_READ, **_TO_ALL}))
    assert severities("exposure-widened", public) == ["critical"]
    assert of_rule("iam-widened", public) == []


@pytest.mark.parametrize(
    "after",
    [
        _policy({**_READ, **_TO_ALL, **_ORG}),
        _policy({**_READ, **_TO_ALL, "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:::t"}}}),
        _policy({**_READ, **_TO_ME}),
        _policy(_TLS_ONLY),
    ],
)
def test_a_condition_that_binds_everyone_to_someone_is_no_exposure(after: str) -> None:
    assert of_rule("exposure-widened", _resource(None, after)) == []


def test_a_condition_that_binds_nobody_does_not_help() -> None:
    loose = {"Condition": {"StringLike": {"aws:PrincipalArn": "*"}}}
    assert len(of_rule("exposure-widened", _resource(None, _policy({**_READ, **_TO_ALL, **loose})))) == 1


def test_inline_policies_of_a_role_are_read_together() -> None:
    before = {"inline_policy": [{"name": "a", "policy": _policy(_READ)}]}
    after = {
        "inline_policy": [{"name": "b", "policy": _policy(_READ)}, {"policy": _policy(_allow("*", "*"))}]
    }
    assert severities("iam-widened", change("aws_iam_role", before, after)) == ["critical"]


def test_a_managed_policy_added_to_a_list_is_attached() -> None:
    reads, all_of_s3 = (
        f"arn:aws:iam::aws:policy/{name}" for name in ("ReadOnlyAccess", "AmazonS3FullAccess")
    )
    before, after = {"managed_policy_arns": [reads]}, {"managed_policy_arns": [reads, all_of_s3]}
    assert severities("iam-widened", change("aws_iam_role", before, after)) == ["high"]
    assert severities("iam-widened", change("aws_iam_role", after, before)) == []


def test_a_permissions_boundary_that_goes_is_a_finding() -> None:
    bound, free = {"permissions_boundary": "arn:p"}, {"permissions_boundary": None}
    assert severities("iam-widened", change("aws_iam_role", bound, free)) == ["high"]
    assert severities("iam-widened", change("aws_iam_role", free, bound)) == []


def test_a_sensitive_policy_is_judged_and_not_shown() -> None:
    sides = ({"policy": _policy(_READ)}, {"policy": _policy(_allow("*", "*"))})
    (found,) = of_rule("iam-widened", change("aws_iam_policy", *sides, is_sensitive={"policy": True}))
    assert found.evidence == "policy: (sensitive value)"
    assert found.title == "app.aws_iam_policy.this gives more by its policy"
