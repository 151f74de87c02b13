"""What nobody looks at while it runs does what was agreed to, and no more."""

from __future__ import annotations

import pytest

from landform.errors import Refused
from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan, StackPlan
from landform.workflows.place import Place
from landform.workflows.ran import Ran, keep_run
from landform.workflows.records import records_of, secret_key
from landform.workflows.stack_digests import value_digests
from landform.workflows.teardown_shape import check_rebuild, check_teardown, check_values
from workflows.place_kit import Shop

_TEARDOWN = {Action.DELETE}
_REBUILD = {Action.CREATE, Action.UPDATE, Action.IMPORT, Action.MOVE}
_NOTHING = {Action.NO_OP, Action.READ}


def _plan(*actions: Action, stack: str = "web") -> EnvironmentPlan:
    changes = tuple(
        Change(stack, f"module.{stack}.t.x{number}", "t", "managed", action)
        for number, action in enumerate(actions)
    )
    return EnvironmentPlan("shop", "dev", (StackPlan(stack, changes=changes),))


@pytest.mark.parametrize("action", Action)
def test_a_teardown_deletes_and_does_nothing_else(action: Action) -> None:
    plan = _plan(Action.DELETE, action)
    if action in _TEARDOWN | _NOTHING:
        check_teardown(plan, ["web"], None)
    else:
        with pytest.raises(Refused, match=r"would do more than delete .*: module\.web\.t\.x1$"):
            check_teardown(plan, ["web"], None)


def test_a_teardown_stays_in_what_may_go() -> None:
    with pytest.raises(Refused, match=r"module\.data\.t\.x0") as refused:
        check_teardown(_plan(Action.DELETE, stack="data"), ["web"], None)
    assert "landform plan ENV --destroy" in refused.value.way_out
    check_teardown(_plan(Action.NO_OP, Action.READ, stack="data"), ["web"], None)
    check_teardown(_plan(Action.DELETE), {"web": 1, "data": 2}, None)


def test_a_teardown_of_more_than_was_thought_of_is_refused() -> None:
    three = _plan(*[Action.DELETE] * 3, Action.NO_OP)
    check_teardown(three, ["web"], 3)
    with pytest.raises(Refused, match="would delete 3 objects, and max_changes is 2") as refused:
        check_teardown(three, ["web"], 2)
    assert "teardown.max_changes" in refused.value.way_out


@pytest.mark.parametrize("action", Action)
def test_a_rebuild_ends_nothing(action: Action) -> None:
    plan = _plan(Action.CREATE, action)
    if action in _REBUILD | _NOTHING:
        check_rebuild(plan)
    else:
        with pytest.raises(Refused, match=r"would delete or replace module\.web\.t\.x1$"):
            check_rebuild(plan)


def test_the_first_few_are_named_and_the_others_counted() -> None:
    with pytest.raises(Refused) as refused:
        check_rebuild(_plan(*[Action.DELETE] * 7))
    assert "x0, " in refused.value.what
    assert refused.value.what.endswith("module.web.t.x4 and 2 more")


def _applied(place: Place, run: str, operation: str = "apply") -> None:
    records = records_of(place)
    values = {"net": dict(value_digests(place, "net", secret_key(records)))}
    keep_run(records, Ran(run, operation, "r1", "t", phases={"net": "done"}, values=values))


def _refused(place: Place) -> str:
    with pytest.raises(Refused) as refused:
        check_values(place)
    assert "hunter2" not in str(refused.value)
    assert "other-secret" not in str(refused.value)
    assert refused.value.way_out.endswith("landform apply dev")
    return refused.value.what


def _value(shop: Shop, value: str) -> Place:
    shop.write({"environments/dev/terraform.tfvars": f'x = "{value}"\n'})
    return shop.place()


def test_values_are_those_of_the_last_apply(shop: Shop) -> None:
    place = shop.place()
    _applied(place, "20260101-000000-dev-apply-0001")
    check_values(place)

    assert _refused(_value(shop, "other-secret")) == "x changed since dev was applied"
    check_values(_value(shop, "hunter2hunter2"))
    shop.write({"environments/dev/environment.yaml": "region: us-east-1\ntags: {Team: web}\n"})
    assert _refused(shop.place()) == "environment.yaml changed since dev was applied"


def test_a_destroy_since_then_and_an_older_apply_do_not_count(shop: Shop) -> None:
    _applied(_value(shop, "other-secret"), "20260101-000000-dev-apply-0001")
    place = _value(shop, "hunter2hunter2")
    _applied(place, "20260102-000000-dev-apply-0001")
    older = _value(shop, "other-secret")
    _applied(older, "20260103-000000-dev-destroy-0001", operation="destroy")
    check_values(_value(shop, "hunter2hunter2"))
    assert "x changed" in _refused(_value(shop, "other-secret"))


def test_a_value_that_no_apply_has_seen_is_new(shop: Shop) -> None:
    place = shop.place()
    records = records_of(place)
    values = {"net": {"gone": "0"}}
    keep_run(
        records,
        Ran("20260101-000000-dev-apply-0001", "apply", "r1", "t", phases={"net": "done"}, values=values),
    )
    assert "x changed since dev was applied" in _refused(place)
