"""The attributes that differ in a change, leaf by leaf, with nothing secret in them."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.changes import Action, Change, Values
from landform.planning.redaction import HIDDEN, Redactor
from landform.review import AttributeDiff
from landform.review.diff import diff_of, shown_path


def _change(
    before: Any,
    after: Any,
    unknown: Any = False,
    sensitive: tuple[Any, Any] = (False, False),
    **more: Any,
) -> Change:
    sides = Values(before, sensitive[0]), Values(after, sensitive[1])
    return Change("s", "module.s.x.y", "x", "managed", Action.UPDATE, *sides, unknown, **more)


def _diffs(*sides: Any, **more: Any) -> dict[str, AttributeDiff]:
    return {diff.path: diff for diff in diff_of(_change(*sides, **more), Redactor()).attributes}


def _pairs(diffs: dict[str, AttributeDiff]) -> dict[str, tuple[Any, Any]]:
    return {path: (diff.before, diff.after) for path, diff in diffs.items()}


def test_only_what_differs_is_there() -> None:
    before = {"a": 1, "b": {"c": "x", "d": [1, 2]}, "e": None, "same": {"f": [{}]}}
    after = {"a": 2, "b": {"c": "x", "d": [1, 3]}, "e": "new", "same": {"f": [{}]}}
    assert _pairs(_diffs(before, after)) == {"a": (1, 2), "b.d[1]": (2, 3), "e": (None, "new")}


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
    (diff,) = diff_of(change, Redactor.of(["hunter2-hunter2"])).attributes
    assert diff.after == f"db://root:{HIDDEN}@h"


def test_what_comes_and_goes_in_a_list_does_not_shift_the_rest() -> None:
    rules = [{"port": 80}, {"port": 443}]
    before = {"rules": rules, "zones": ["x", "y"], "cidrs": ["a"]}
    after = {"rules": [{"port": 22}, *rules], "zones": ["y", "z"], "cidrs": ["b", "c"]}
    assert _pairs(_diffs(before, after)) == {
        "rules[0].port": (None, 22),
        "zones[0]": ("x", None),
        "zones[1]": (None, "z"),
        "cidrs": (["a"], ["b", "c"]),
    }


@pytest.mark.parametrize(("before", "after"), [(None, []), ([], None), ({}, None), (None, {}), ([], [])])
def test_nothing_and_empty_are_the_same(before: Any, after: Any) -> None:
    """Providers return one for the other; a review that lists them hides what matters."""
    assert _diffs({"a": before}, {"a": after}) == {}


def test_what_says_nothing_new_is_folded_and_counted() -> None:
    before = {"tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}, "etag": "x", "n": 1}
    after = {"tags": {"a": "2"}, "tags_all": {"a": "2", "b": "2"}, "etag": "y", "n": 1}
    diff = diff_of(_change(before, after), Redactor())
    assert [each.path for each in diff.attributes] == ["tags.a"]
    assert (diff.folded, diff.is_noise) == (2, False)
    assert set(_diffs(before, {**after, "tags_all": None}, {"tags_all": True})) == {"tags.a"}


def test_where_nothing_else_differs_noise_is_the_change() -> None:
    diff = diff_of(_change({"etag": "x"}, {"etag": "y"}), Redactor())
    assert [each.path for each in diff.attributes] == ["etag"]
    assert (diff.folded, diff.is_noise) == (0, True)


def test_a_tag_that_the_provider_adds_is_no_copy() -> None:
    before = {"tags": {"a": "1"}, "tags_all": {"a": "1", "owner": "x"}}
    after = {"tags": {"a": "2"}, "tags_all": {"a": "2", "owner": "y"}}
    assert set(_diffs(before, after)) == {"tags.a", "tags_all.owner"}


def test_what_forces_a_replacement_is_never_folded() -> None:
    diffs = _diffs({"etag": 1, "n": 1}, {"etag": 2, "n": 2}, replace_paths=(("etag",),))
    assert set(diffs) == {"etag", "n"}


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
