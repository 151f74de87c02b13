"""Fingerprints compare as the values do, and give none of them away."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from landform.planning.changes import Action, Change, OutputChange, Values
from landform.planning.fingerprints import (
    UNKNOWN,
    Fingerprint,
    covers,
    digest_of,
    fingerprints,
    from_json,
    hashed,
    to_json,
)

KEY = b"k" * 32
_LEAVES = st.booleans() | st.integers() | st.text(max_size=8)
_NAMES = st.text("abcd", min_size=1, max_size=2)
VALUES = st.recursive(
    _LEAVES | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where there is a leaf that is not null."""
    if isinstance(value, dict):
        return [path for name, item in value.items() for path in _paths(item, (*at, name))]
    if isinstance(value, list):
        return [path for index, item in enumerate(value) for path in _paths(item, (*at, index))]
    return [] if value is None else [at]


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _with(value[path[0]], path[1:], new)
    return copy


def _mark(value: Any, path: tuple[Any, ...]) -> Any:
    """Terraform's ``after_unknown`` for one unknown place: false and null stand beside it."""
    if not path:
        return True
    if isinstance(value, list):
        return [_mark(item, path[1:]) if index == path[0] else False for index, item in enumerate(value)]
    return {path[0]: _mark(value[path[0]], path[1:])}


@given(VALUES)
def test_a_value_covers_itself(value: Any) -> None:
    assert covers(hashed(value, False, KEY), hashed(value, False, KEY)) is None


@given(VALUES, _LEAVES, st.data())
def test_another_known_value_is_found_where_it_is(value: Any, new: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_paths(value) or [()]))
    changed = _with(value, path, new)
    assume(json.dumps(hashed(changed, False, KEY)) != json.dumps(hashed(value, False, KEY)))
    where = covers(hashed(value, False, KEY), hashed(changed, False, KEY))
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    assert where == shown


@given(VALUES, VALUES, st.data())
def test_what_was_unknown_may_be_anything(value: Any, new: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_paths(value) or [()]))
    approved = hashed(_with(value, path, None), _mark(value, path), KEY)
    assert covers(approved, hashed(_with(value, path, new), False, KEY)) is None


@given(VALUES, st.data())
def test_what_was_known_may_not_become_unknown(value: Any, data: st.DataObject) -> None:
    paths = _paths(value)
    assume(paths)
    path = data.draw(st.sampled_from(paths))
    planned = hashed(_with(value, path, None), _mark(value, path), KEY)
    assert covers(hashed(value, False, KEY), planned) is not None


_BLOCKS = st.lists(st.fixed_dictionaries({"port": st.integers(0, 3), "group": st.text("xy", max_size=1)}))


@given(_BLOCKS, st.randoms(), st.data())
def test_a_set_with_unknown_items_may_come_in_another_order(
    blocks: list[dict[str, Any]], random: random.Random, data: st.DataObject
) -> None:
    marks = [
        {name: True for name in block if data.draw(st.booleans())} or data.draw(st.booleans())
        for block in blocks
    ]
    assume(any(marks))
    known = [
        None if mark is True else {n: v for n, v in block.items() if not mark or n not in mark}
        for block, mark in zip(blocks, marks, strict=True)
    ]
    shuffled = random.sample(blocks, len(blocks))
    assert covers(hashed(known, marks, KEY), hashed(shuffled, False, KEY)) is None


def test_an_unknown_item_does_not_take_the_place_of_a_known_one() -> None:
    approved = hashed([None, {"port": 22}], [True, False], KEY)
    assert covers(approved, hashed([{"port": 22}, {"port": 80}], False, KEY)) is None
    assert covers(approved, hashed([{"port": 80}, {"port": 81}], False, KEY)) is not None
    assert covers(approved, hashed([{"port": 22}], False, KEY)) is not None


def test_an_order_that_was_known_is_a_value() -> None:
    assert covers(hashed(["a", "b"], False, KEY), hashed(["b", "a"], False, KEY)) == "[0]"


_SECRETS = st.text("abcdefghij0123456789", min_size=4, max_size=40)


@given(_SECRETS, st.sampled_from([*Action]))
def test_hashes_never_contain_the_value(secret: str, action: Action) -> None:
    values = Values({"password": secret, "in_json": json.dumps([secret]), "list": [{"x": secret}]})
    changes = [Change("s", "module.s.t.a", "t", "managed", action, Values({"password": "old"}), values)]
    kept = json.dumps(to_json(fingerprints(changes, KEY)))
    assert f'"{secret}"' not in kept
    assert not len(secret) > 24 or secret not in kept  # a shorter one may be a part of a hash by chance


def test_another_key_gives_other_hashes_and_a_number_is_no_text() -> None:
    assert hashed("v", False, KEY) != hashed("v", False, b"other")
    assert hashed(1, False, KEY) != hashed("1", False, KEY)
    assert hashed(True, False, KEY) != hashed("true", False, KEY)


def _updated(before: dict[str, Any], after: dict[str, Any], unknown: Any = False) -> Fingerprint:
    change = Change(
        "s", "module.s.t.a", "t", "managed", Action.UPDATE, Values(before), Values(after), unknown
    )
    return fingerprints([change], KEY)[0]


def test_an_update_is_of_the_attributes_that_change() -> None:
    """What a provider reports anew each time would make two plans of the same update differ."""
    first = _updated({"size": 1, "restorable": "10:00"}, {"size": 2, "restorable": "10:00"})
    later = _updated({"size": 1, "restorable": "10:05"}, {"size": 2, "restorable": "10:05"})
    assert first == later
    assert set(first.after) == {"size"}


def test_an_update_from_another_value_is_another_update() -> None:
    """From 4 to 2 is not from 2 to 2: what was seen is the difference."""
    assert _updated({"size": 4}, {"size": 2}).before != _updated({"size": 3}, {"size": 2}).before
    assert _updated({"id": "a", "v": 1}, {"v": 2}, {"id": True}) == _updated(
        {"id": "b", "v": 1, "list": ["x"]},
        {"v": 2, "list": ["x"]},
        {"id": True, "tags": {}, "list": [False]},
    )


def test_only_what_does_something_has_a_fingerprint() -> None:
    changes = [Change("s", f"module.s.t.{action}", "t", "managed", action) for action in Action]
    found = {each.action for each in fingerprints(changes, KEY)}
    assert found == set(Action) - {Action.NO_OP, Action.READ}


@given(st.lists(VALUES, max_size=3))
def test_fingerprints_survive_json(values: list[Any]) -> None:
    outputs = [OutputChange("s", str(i), Action.CREATE, after=Values(v)) for i, v in enumerate(values)]
    prints = fingerprints(outputs, KEY)
    again = from_json(json.loads(json.dumps(to_json(prints))))
    assert again == prints
    assert digest_of(again) == digest_of(prints)


def test_the_digest_does_not_depend_on_the_order_of_the_plan() -> None:
    changes = [Change("s", f"module.s.t.{name}", "t", "managed", Action.CREATE) for name in "abc"]
    assert digest_of(fingerprints(changes, KEY)) == digest_of(fingerprints(changes[::-1], KEY))


@pytest.mark.parametrize("row", [[], ["a", None, "explode", None, ""], ["a"]])
def test_what_is_no_fingerprint_is_an_error(row: list[Any]) -> None:
    with pytest.raises((ValueError, IndexError)):
        from_json([row])


def test_unknown_is_no_hash() -> None:
    assert hashed(UNKNOWN, False, KEY) != UNKNOWN
