"""What two states differ in is told by names: no value of either is in it."""

from __future__ import annotations

from landform.planning.state_difference import ChangedObject, state_difference
from planning.state_kit import instances, resource, state


def test_gone_back_changed_and_the_same() -> None:
    now = state(
        resource("t", "a", x=1), resource("t", "b", x=1, password="now-now-now"), resource("t", "d"), out="1"
    )
    then = state(
        resource("t", "b", x=2, password="then-then-then"), resource("t", "c"), resource("t", "d"), out="2"
    )
    found = state_difference(now, then)
    assert found.gone == ("module.web.t.a",)
    assert found.back == ("module.web.t.c",)
    assert found.changed == (ChangedObject("module.web.t.b", ("password", "x")),)
    assert (found.outputs, found.same, found.is_empty) == (("out",), 1, False)
    assert "now-now" not in repr(found)
    assert "then-then" not in repr(found)


def test_tainted_counts_and_data_does_not() -> None:
    now = state(instances("t", "a", {"attributes": {}}), resource("t", "read", mode="data", x=1))
    then = state(instances("t", "a", {"attributes": {}, "status": "tainted"}))
    assert state_difference(now, then).changed == (ChangedObject("module.web.t.a", ("(tainted)",)),)
    assert state_difference(now, state(instances("t", "a", {"attributes": {}}))).is_empty


def test_no_state_is_one_that_holds_nothing() -> None:
    from landform.planning.states import StackState

    found = state_difference(StackState("web"), state(resource("t", "a")))
    assert found.back == ("module.web.t.a",)
