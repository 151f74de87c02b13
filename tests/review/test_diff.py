"""The attributes that differ in a change, leaf by leaf, with nothing secret in them."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.changes import Action, Change, Values
from landform.planning.redaction import HIDDEN, Redactor
from landform.review import AttributeDiff
from landform.review.diff import attribute_diffs, shown_path


def _diffs(
    before: Any,
    after: Any,
    unknown: Any = False,
    sensitive: tuple[Any, Any] = (False, False),
    **more: Any,
) -> dict[str, AttributeDiff]:
    change = Change(
        "s",
        "module.s.x.y",
        "x",
        "managed",
        Action.UPDATE,
        Values(before, sensitive[0]),
        Values(after, sensitive[1]),
        unknown,
        **more,
    )
    return {diff.path: diff for diff in attribute_diffs(change, Redactor())}


def _pairs(diffs: dict[str, AttributeDiff]) -> dict[str, tuple[Any, Any]]:
    return {path: (diff.before, diff.after) for path, diff in diffs.items()}


def test_only_what_differs_is_there() -> None:
    before = {"a": 1, "b": {"c": "x", "d": [1, 2]}, "e": None, "same": {"f": [{}]}}
    after = {"a": 2, "b": {"c": "x", "d": [1, 3]}, "e": "new", "same": {"f": [{}]}}
    assert _pairs(_diffs(before, after)) == {"a": (1, 2), "b.d": ([1, 2], [1, 3]), "e": (None, "new")}


def test_a_new_object_shows_what_it_gets_and_a_lost_one_what_it_had() -> None:
    assert _pairs(_diffs(None, {"a": 1, "b": None, "c": [], "d": {}})) == {"a": (None, 1)}
    assert _pairs(_diffs({"a": 1, "b": None}, None)) == {"a": (1, None)}


def test_an_unknown_is_marked_and_never_shown_as_nothing() -> None:
    diffs = _diffs(
        {"id": "i-1", "tags": {"a": "x"}, "ips": ["1.1.1.1", "2.2.2.2"]},
        {"tags": {"a": "x"}, "ips": ["1.1.1.1", None]},
        {"id": True, "tags": {"b": True}, "ips": [False, True]},
    )
    assert {path for path, diff in diffs.items() if diff.unknown} == {"id", "tags.b", "ips[1]"}
    assert diffs["id"].before == "i-1"
    assert all(diff.after is None for diff in diffs.values() if diff.unknown)


def test_a_whole_unknown_object_is_one_line() -> None:
    diffs = _diffs({"a": {"b": 1, "c": 2}}, {}, {"a": True})
    assert [path for path, diff in diffs.items() if diff.unknown] == ["a"]


def test_sensitive_on_either_side_hides_both() -> None:
    marks = ({"password": True, "nested": [{"key": True}]}, {"moved": True})
    diffs = _diffs(
        {"password": "old", "nested": [{"key": "k1", "open": 1}], "moved": "public"},
        {"password": "new", "nested": [{"key": "k2", "open": 2}], "moved": "private"},
        sensitive=marks,
    )
    assert _pairs(diffs) == {
        "password": (HIDDEN, HIDDEN),
        "nested[0].key": (HIDDEN, HIDDEN),
        "nested[0].open": (1, 2),
        "moved": (HIDDEN, HIDDEN),
    }
    assert {path for path, diff in diffs.items() if diff.sensitive} == {"password", "nested[0].key", "moved"}


def test_a_whole_sensitive_object_gives_nothing_of_its_inside_away() -> None:
    diffs = _diffs({}, {"a": {"user": "root", "port": 1}}, sensitive=({}, {"a": True}))
    assert _pairs(diffs) == {"a": (None, HIDDEN)}


def test_a_known_secret_is_hidden_where_nothing_marks_it() -> None:
    change = Change(
        "s",
        "module.s.x.y",
        "x",
        "managed",
        Action.CREATE,
        after=Values({"url": "db://root:hunter2-hunter2@h"}),
    )
    (diff,) = attribute_diffs(change, Redactor.of(["hunter2-hunter2"]))
    assert diff.after == f"db://root:{HIDDEN}@h"


def test_lists_of_objects_are_told_by_place_and_of_scalars_as_a_whole() -> None:
    rules = [{"port": 80}, {"port": 443}]
    diffs = _diffs({"rules": rules, "zones": ["a"]}, {"rules": [*rules, {"port": 22}], "zones": ["a", "b"]})
    assert _pairs(diffs) == {"rules[2].port": (None, 22), "zones": (["a"], ["a", "b"])}


@pytest.mark.parametrize(("before", "after"), [(None, []), ([], None), ({}, None), (None, {}), ([], [])])
def test_nothing_and_empty_are_the_same(before: Any, after: Any) -> None:
    """Providers return one for the other; a review that lists them hides what matters."""
    assert _diffs({"a": before}, {"a": after}) == {}


def test_copies_of_the_tags_are_left_out() -> None:
    tags = {"tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}}
    assert set(_diffs(tags, {"tags": {"a": "2"}, "tags_all": {"a": "2", "b": "2"}})) == {"tags.a"}
    assert set(_diffs(tags, {"tags": {"a": "1"}}, {"tags_all": True})) == set()


def test_what_forces_a_replacement_is_marked_with_its_sources() -> None:
    diffs = _diffs(
        {"vpc": "a", "rules": [{"port": 1}], "name": "x"},
        {"rules": [{"port": 2}], "name": "y"},
        {"vpc": True},
        replace_paths=(("vpc",), ("rules", 0, "port")),
        causes={"vpc": ("module.network.aws_vpc.this.id",)},
    )
    assert {path for path, diff in diffs.items() if diff.forces_replacement} == {"vpc", "rules[0].port"}
    assert diffs["vpc"].sources == ("module.network.aws_vpc.this.id",)
    assert diffs["name"].sources == ()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("a",), "a"),
        (("ingress", 0, "from_port"), "ingress[0].from_port"),
        (("tags", "kubernetes.io/name"), 'tags["kubernetes.io/name"]'),
        (("tags", "cost-center"), "tags.cost-center"),
    ],
)
def test_a_path_reads_as_terraform_writes_it(path: tuple[str | int, ...], shown: str) -> None:
    assert shown_path(path) == shown
