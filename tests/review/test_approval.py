"""Who may approve, whose approvals count, and when they stop to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from landform.project import ApprovalRules
from landform.review.approval import Approval, Person, Standing, standing, why_may_not, why_unlisted

_NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ANN, _BOB, _CAT = (Person(git=name.title(), email=f"{name}@example.org") for name in ("ann", "bob", "cat"))
_RULES = ApprovalRules(required=2)
_ROLE = "arn:aws:sts::111111111111:assumed-role/Platform/cat@example.org"


def _yes(by: Person, number: int = 1, age: timedelta = timedelta(hours=1), **more: object) -> Approval:
    return replace(Approval(number, by, (_NOW - age).isoformat()), **more)  # type: ignore[arg-type]


def _stands(*approvals: Approval, rules: ApprovalRules = _RULES, planner: Person = _ANN) -> Standing:
    return standing(approvals, planner, rules, rules.required, _NOW)


def test_enough_people_are_enough() -> None:
    assert not _stands(_yes(_BOB)).is_enough
    assert _stands(_yes(_BOB), _yes(_CAT, 2)).is_enough
    assert _stands(rules=ApprovalRules()).is_enough


@pytest.mark.parametrize(
    ("approval", "why"),
    [
        (_yes(_BOB, used=True), "was used"),
        (_yes(_BOB, age=timedelta(hours=24, seconds=1)), "expired"),
        (_yes(_BOB, age=-timedelta(hours=1)), "from the future"),
        (_yes(_BOB, fault="it is of another file"), "another file"),
        (_yes(_ANN), "ann@example.org made the plan"),
        (_yes(replace(_CAT, email="ANN@example.org")), "made the plan"),
        (_yes(Person()), "nobody knows who this is"),
    ],
)
def test_what_does_not_count_says_why(approval: Approval, why: str) -> None:
    ((void, reason),) = _stands(approval).void
    assert void is approval
    assert why in reason


def test_at_the_last_second_it_still_counts_and_clocks_may_differ_a_little() -> None:
    exactly = _yes(_BOB, age=timedelta(hours=24))
    ahead = _yes(_CAT, age=-timedelta(minutes=4))
    assert _stands(exactly, ahead).is_enough


@pytest.mark.parametrize(
    "again",
    [
        _BOB,
        Person(email="bob@example.org", aws=_ROLE),
        Person(email="Bob@Example.org"),
        Person(git="Other", key="bob@example.org"),
    ],
)
def test_one_person_counts_once_under_whatever_name(again: Person) -> None:
    stands = _stands(_yes(_BOB), _yes(again, 2))
    assert [each.number for each in stands.valid] == [1]
    assert "already" in stands.void[0][1]


def test_a_void_approval_does_not_take_the_place_of_a_later_valid_one() -> None:
    stands = _stands(_yes(_BOB, used=True), _yes(_BOB, 2), _yes(_CAT, 3))
    assert stands.is_enough


def test_nobody_can_tell_that_an_unknown_planner_is_not_the_approver() -> None:
    assert "nobody knows who made the plan" in _stands(_yes(_BOB), planner=Person()).void[0][1]
    alone = replace(_RULES, required=1, planner_may_approve=True)
    assert _stands(_yes(_ANN), rules=alone).is_enough
    assert _stands(_yes(_BOB), rules=alone, planner=Person()).is_enough


@pytest.mark.parametrize(
    ("person", "approvers"),
    [
        (_BOB, "bob@example.org"),
        (_BOB, "Bob"),
        (_BOB, "*@example.org"),
        (Person(aws=_ROLE), "Platform"),
        (Person(aws=_ROLE), "arn:aws:sts::*:assumed-role/Platform/cat@example.org"),
        (Person(aws="arn:aws:iam::111111111111:user/team/cat"), "cat"),
    ],
)
def test_approvers_are_listed_by_any_name_of_theirs(person: Person, approvers: str) -> None:
    assert why_unlisted(person, ApprovalRules(1, (approvers,))) == ""


@pytest.mark.parametrize(
    ("aws", "approvers"),
    [
        (_ROLE, "cat@example.org"),  # whoever assumes the role chooses the session's name
        ("arn:aws:iam::111111111111:user/team/cat", "team"),
        ("arn:aws:iam::111111111111:root", "root"),
        (_ROLE, "Plat"),
        ("", "Platform"),
    ],
)
def test_who_is_not_listed_may_not(aws: str, approvers: str) -> None:
    stranger = Person(email="mallory@elsewhere.org", aws=aws)
    assert "none of the approvers" in why_unlisted(stranger, ApprovalRules(1, (approvers,)))


def test_where_signatures_are_needed_only_the_key_says_who_it_is() -> None:
    rules = ApprovalRules(1, ("bob@example.org",), signed=True)
    said = Person(email="bob@example.org")
    proven = Person(email="x", key="bob@example.org")
    other = Person(email="bob@example.org", key="mallory@elsewhere.org")
    assert "need a signature" in why_may_not(said, _ANN, rules, signed=False)
    assert why_may_not(proven, _ANN, rules, signed=True) == ""
    assert "none of the approvers" in why_may_not(other, _ANN, rules, signed=True)


def test_an_unsigned_approval_does_not_count_where_signatures_are_needed() -> None:
    rules = ApprovalRules(1, signed=True)
    proven = Person(key="bob@example.org")
    assert not _stands(_yes(_BOB), rules=rules).is_enough
    assert _stands(_yes(proven, signed=True), rules=rules).is_enough
