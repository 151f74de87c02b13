"""What resists a destroy is found by what it is set to, and nothing else is taken for it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from landform.planning.changes import Action, Change, Values
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.project import Remedies
from landform.review.obstacles import Eyes, Obstacle, beyond, final_snapshots, find_obstacles, to_lift
from landform.review.remedies import REMEDIES, SNAPSHOTS, Remedy, SnapshotRemedy

_EACH = [
    pytest.param(remedy, kind, id=f"{kind}.{remedy.attribute}")
    for remedy in REMEDIES
    for kind in sorted(remedy.types)
]
_EACH_SNAPSHOT = [pytest.param(how, kind, id=kind) for how in SNAPSHOTS for kind in sorted(how.types)]
_QUIET = {"skip_final_snapshot": True}
_LEGAL = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,62}\Z")
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html, and shorter."""


def _change(kind: str, before: Any, action: Action = Action.DELETE, **more: Any) -> Change:
    address = more.pop("address", f"module.data.{kind}.x")
    return Change(more.pop("stack", "data"), address, kind, "managed", action, before=Values(before), **more)


def _found(
    *changes: Change,
    full: bool | None = True,
    taken: bool | None = False,
    serial: str = "l/1",
    env: str = "dev",
) -> tuple[Obstacle, ...]:
    stacks = {each.stack: [other for other in changes if other.stack == each.stack] for each in changes}
    plan = EnvironmentPlan(
        "shop", env, tuple(StackPlan(name, changes=tuple(own)) for name, own in stacks.items())
    )
    eyes = Eyes(lambda _: full, lambda _, name: taken)
    return find_obstacles(plan, dict.fromkeys(stacks, serial), eyes)


def _armed(remedy: Remedy) -> bool | int | str:
    return 30 if remedy.armed is None else remedy.armed


def _other(remedy: Remedy) -> bool | int | str:
    return remedy.value if remedy.armed is None or isinstance(remedy.armed, bool) else "INACTIVE"


@pytest.mark.parametrize(("remedy", "kind"), _EACH)
def test_what_is_armed_is_found_with_what_disarms_it(remedy: Remedy, kind: str) -> None:
    before = {**_QUIET, remedy.attribute: _armed(remedy), "arn": "a", "timeouts": None}
    (found,) = _found(_change(kind, before))
    assert (found.attribute, found.value, found.level, found.why) == (
        remedy.attribute, remedy.value, remedy.level, remedy.why,
    )  # fmt: skip
    assert {"arn", remedy.attribute} <= set(found.others)
    assert "timeouts" not in found.others, "it is a block, which an override can not ignore"
    assert remedy.value != _armed(remedy)
    # and where it is not armed, or does not end, nothing is in the way
    assert _found(_change(kind, {**before, remedy.attribute: _other(remedy)})) == ()
    for action in Action:
        if action is not Action.DELETE:
            assert _found(_change(kind, before, action)) == ()
    assert _found(_change(kind, before, deposed="abcd1234")) == ()
    for full in (False, None):
        assert bool(_found(_change(kind, before), full=full)) is not remedy.only_full


@pytest.mark.parametrize(("remedy", "kind"), _EACH)
@pytest.mark.parametrize("before", [{}, None], ids=["left out", "null"])
def test_what_is_not_set_is_off(remedy: Remedy, kind: str, before: Any) -> None:
    before = _QUIET if before == {} else {**_QUIET, remedy.attribute: None}
    assert bool(_found(_change(kind, before))) is (remedy.armed is False)


def test_an_object_with_nothing_in_its_state_and_another_type_are_no_obstacles() -> None:
    assert _found(_change("aws_vpc", {"deletion_protection": True, "force_destroy": False})) == ()
    assert _found(_change("aws_dynamodb_table", None)) == ()


def test_an_object_may_resist_in_two_ways() -> None:
    before = {"deletion_protection": True, "skip_final_snapshot": False, "final_snapshot_identifier": None}
    assert [each.attribute for each in _found(_change("aws_db_instance", before))] == [
        "deletion_protection",
        "final_snapshot_identifier",
    ]


def test_what_object_lock_keeps_nobody_can_empty() -> None:
    (found,) = _found(_change("aws_s3_bucket", {"force_destroy": False, "object_lock_enabled": True}))
    assert "object lock keeps them" in found.why
    assert found.way_out == "Wait until its locks end."
    assert not any(found.is_within(level) for level in Remedies)


@pytest.mark.parametrize(("how", "kind"), _EACH_SNAPSHOT)
def test_a_snapshot_needs_a_name_that_is_free(how: SnapshotRemedy, kind: str) -> None:
    named = {how.attribute: "last", "skip_final_snapshot": False}
    assert _found(_change(kind, named), taken=False) == ()
    assert _found(_change(kind, named), taken=None) == (), "what can't be seen is for AWS to say"
    (taken,) = _found(_change(kind, named), taken=True)
    assert (taken.why, taken.attribute, taken.level) == (
        "a snapshot 'last' exists", how.attribute, Remedies.DISARM,
    )  # fmt: skip
    assert taken.value != "last"
    unnamed = _found(_change(kind, {**named, how.attribute: None}), taken=True)
    if how.skip:
        assert [each.why for each in unnamed] == ["its final snapshot has no name"]
        assert _found(_change(kind, {**named, how.skip: True}), taken=True) == ()
    else:
        assert unnamed == (), "it makes none"


def test_two_that_would_make_snapshots_of_one_name_get_names_of_their_own() -> None:
    before = {"skip_final_snapshot": False, "final_snapshot_identifier": "last"}
    both = [
        _change("aws_db_instance", before, address=f"module.data.aws_db_instance.{name}") for name in "ab"
    ]
    found = _found(*both, taken=False)
    assert [each.why for each in found] == ["another one makes a snapshot 'last'"] * 2
    assert len({each.value for each in found}) == 2
    assert _found(both[0], _change("aws_db_instance", {**before, **_QUIET})) == ()


def test_a_name_is_that_of_a_state_and_of_an_object() -> None:
    def name(address: str = "module.data.aws_db_instance.a", serial: str = "l/1") -> bool | int | str:
        (found,) = _found(_change("aws_db_instance", {}, address=address), serial=serial)
        return found.value

    assert name() == name()
    assert len({name(), name(serial="l/2"), name(serial="m/1"), name("module.data.aws_db_instance.b")}) == 4


@given(
    environment=st.from_regex(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,29}\Z"),
    stack=st.from_regex(r"[a-z](?:[a-z0-9]|[-_](?=[a-z0-9])){0,39}\Z"),
)
@example("d" * 30, "s" * 40)
@example("d" * 30, "ssssssss-" + "s" * 20)
@example("dev", "user_data")
@example("0", "a")
@example("2026-dev", "a")
def test_every_name_is_legal(environment: str, stack: str) -> None:
    """Legal names of environments and stacks, and more than that."""
    (found,) = _found(_change("aws_db_instance", {}, stack=stack), env=environment)
    assert _LEGAL.match(str(found.value)), found.value


def test_the_snapshots_of_a_destroy_are_told_apart_from_what_is_left_over() -> None:
    changes = (
        _change("aws_db_instance", {"final_snapshot_identifier": "last"}, address="module.data.x.a"),
        _change("aws_db_instance", {"final_snapshot_identifier": "skipped"} | _QUIET),
        _change("aws_db_instance", {"final_snapshot_identifier": "stays"}, Action.UPDATE),
    )
    plan = EnvironmentPlan("shop", "dev", (StackPlan("data", changes=changes),))
    assert final_snapshots(plan) == {"last": "the final snapshot of module.data.x.a"}


@pytest.mark.parametrize(
    ("level", "block", "disarm", "purge"),
    [(None, False, False, False), (Remedies.DISARM, False, True, True), (Remedies.PURGE, False, False, True)],
)
def test_what_is_allowed(level: Remedies | None, block: bool, disarm: bool, purge: bool) -> None:
    found = Obstacle("data", "a", "t", "why", level)
    assert [found.is_within(each) for each in (Remedies.BLOCK, Remedies.DISARM, Remedies.PURGE)] == [
        block, disarm, purge,
    ]  # fmt: skip
    assert [bool(beyond([found], each)) for each in (Remedies.BLOCK, Remedies.DISARM, Remedies.PURGE)] == [
        not block, not disarm, not purge,
    ]  # fmt: skip


def test_a_recovery_window_stays_unless_data_may_go() -> None:
    change = _change("aws_secretsmanager_secret", {"recovery_window_in_days": 30})
    found = _found(change)
    assert [to_lift(found, level) for level in Remedies] == [(), (), found]
    assert [each.value for each in found] == [0]
