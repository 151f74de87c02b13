"""A review: counts, one headline a change, and why it happens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landform.planning.changes import Action, Change, OutputChange, Values
from landform.planning.environment_plan import Deferred, EnvironmentPlan, StackPlan
from landform.planning.redaction import HIDDEN, Redactor
from landform.review import ChangeReview, Counts, Facts, Review, review_plan
from landform.review.review import count, short

SECRET = "hunter2-hunter2"


def _change(action: Action, before: Any = None, after: Any = None, **more: Any) -> Change:
    more = {"type": "aws_instance", "mode": "managed"} | more
    address = more.pop("address", "module.web.aws_instance.a")
    return Change("web", address, action=action, before=Values(before), after=Values(after), **more)


def _review(*changes: Change, **more: Any) -> Review:
    plan = EnvironmentPlan(
        "shop", "dev", (StackPlan("web", "web-app", ("network",), changes, **more),), digest="d"
    )
    return review_plan(plan, Redactor.of([SECRET]), facts=Facts(created="now", where="sandbox"))


def _only(*changes: Change) -> ChangeReview:
    (found,) = _review(*changes).stacks[0].changes
    return found


def test_counts_take_both_orders_of_replacement_as_one_kind() -> None:
    counts = count(_change(action) for action in Action)
    assert counts == Counts(create=1, update=1, replace=3, delete=1, forget=1, move=1, imported=1)
    assert counts.total == 9


def test_what_changes_nothing_is_counted_and_not_listed() -> None:
    stack = _review(
        _change(Action.NO_OP),
        _change(Action.NO_OP, mode="data"),
        _change(Action.READ, mode="data"),
        _change(Action.CREATE, after={"id": 1}),
    ).stacks[0]
    assert [change.action for change in stack.changes] == [Action.CREATE]
    assert (stack.unchanged, stack.reads) == (1, 1)


@pytest.mark.parametrize(
    ("change", "headline"),
    [
        (
            _change(Action.CREATE, None, {"zone": 1, "cidr_block": "10.0.0.0/16", "name": "n"}),
            "10.0.0.0/16  n",
        ),
        (_change(Action.CREATE, None, {"zone": 1}), ""),
        (_change(Action.DELETE, {"bucket": "b", "name": "n"}), "b"),
        (_change(Action.UPDATE, {"size": 1, "other": 1}, {"size": 2, "other": 1}), "size 1 → 2"),
        (_change(Action.UPDATE, {"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}), "a 1 → 2, b 1 → 2"),
        (_change(Action.UPDATE, {"a": None}, {"a": [1, "x"]}), 'a null → [1, "x"]'),
        (_change(Action.UPDATE, {"a": "x"}, {}, unknown={"a": True}), "a x → (known after apply)"),
        (
            _change(
                Action.REPLACE,
                {"vpc": "v", "n": 1},
                {"n": 2},
                unknown={"vpc": True},
                replace_paths=(("vpc",),),
            ),
            "vpc v → (known after apply)",
        ),
    ],
)
def test_the_headline_is_what_matters_in_a_change(change: Change, headline: str) -> None:
    assert _only(change).headline == headline


def test_a_headline_is_one_short_line() -> None:
    change = _change(Action.UPDATE, {"a": "line\n" * 100, "b": "x" * 500}, {"a": "y" * 500, "b": ["z"] * 100})
    headline = _only(change).headline
    assert "\n" not in headline
    assert len(headline) < 200
    created = _only(_change(Action.CREATE, None, dict.fromkeys(("name", "bucket", "domain", "id"), "v" * 40)))
    assert len(created.headline) <= 60
    assert short("x" * 41) == "x" * 39 + "…"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_change(Action.REPLACE, {"a": 1}, {"a": 2}, replace_paths=(("a",),), reason="can't"), "a 1 → 2"),
        (_change(Action.REPLACE, {"a": 1}, {}, unknown={"a": True}, replace_paths=(("a",),)), "a"),
        (_change(Action.REPLACE, {}, {}, reason="asked for with -replace"), "asked for with -replace"),
        (_change(Action.MOVE, {}, {}, previous_address="module.web.x.old"), "moved from module.web.x.old"),
        (_change(Action.UPDATE, {}, {}, import_id="i-1"), "imported: i-1"),
        (_change(Action.DELETE, {}, None, reason="its module is gone"), "its module is gone"),
        (_change(Action.UPDATE, {}, {}), ""),
    ],
)
def test_why_it_happens(change: Change, why: str) -> None:
    assert _only(change).why == why


def test_a_stack_names_the_stacks_that_reach_into_it() -> None:
    causes = {"vpc": ("module.network.aws_vpc.this.id",), "key": ("module.web.aws_key.k.id",)}
    unknown = {"vpc": True, "key": True}
    changed = _change(
        Action.REPLACE, {"vpc": 1}, {}, unknown=unknown, replace_paths=(("vpc",),), causes=causes
    )
    stack = _review(changed).stacks[0]
    assert stack.changes[0].caused_by == ("module.network.aws_vpc.this.id",)
    assert stack.caused_by == ("network",)


def test_drift_is_what_had_a_value_and_has_another() -> None:
    drift = (
        _change(Action.UPDATE, {"size": 1}, {"size": 2}, address="module.web.x.changed"),
        _change(
            Action.UPDATE, {"arn": None, "list": []}, {"arn": "a", "list": [1]}, address="module.web.x.filled"
        ),
        _change(Action.UPDATE, {"tags_all": {"a": 1}}, {"tags_all": {}}, address="module.web.x.noise"),
        _change(Action.DELETE, {"id": 1}, None, address="module.web.x.gone"),
    )
    found = [change.local_address for change in _review(drift=drift).stacks[0].drift]
    assert found == ["x.changed", "x.gone"]


def test_nothing_of_a_review_holds_a_secret() -> None:
    """A review is shown, and stored in the project's folder."""
    secret = {"plain": SECRET, "json": json.dumps({"a": SECRET}), SECRET: 1, "marked": "other-secret"}
    after = Values(secret, {"marked": True})
    marked = Change(
        "web", "module.web.x.y", "x", "managed", Action.UPDATE, Values({}), after, import_id=SECRET
    )
    output = OutputChange("web", "o", Action.UPDATE, Values(SECRET), Values([{"a": SECRET}], True))
    plan = EnvironmentPlan(
        "shop",
        "dev",
        (StackPlan("web", changes=(marked,), outputs=(output,), drift=(marked,)),),
        (Deferred("last", f"because {SECRET}"),),
        failed_checks=(f"check.up: {SECRET}",),
    )
    shown = repr(review_plan(plan, Redactor.of([SECRET])))
    assert "hunter2" not in shown
    assert "other-secret" not in shown
    assert shown.count(HIDDEN) >= 9


def test_outputs_that_change_are_listed() -> None:
    outputs = (
        OutputChange("web", "url", Action.UPDATE, Values("old"), Values("new")),
        OutputChange("web", "id", Action.CREATE, unknown=True),
        OutputChange("web", "same", Action.NO_OP, Values(1), Values(1)),
    )
    review = _review(outputs=outputs)
    assert [(each.name, each.before, each.after, each.unknown) for each in review.stacks[0].outputs] == [
        ("url", "old", "new", False),
        ("id", None, None, True),
    ]
    assert review.has_changes
    assert review.counts.total == 0
