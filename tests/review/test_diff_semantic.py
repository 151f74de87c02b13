"""Values that mean the same are no difference, and every other difference is told where it is."""

from __future__ import annotations

import base64
import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landform.planning.changes import Action, Change, Values
from landform.planning.redaction import HIDDEN, Redactor
from landform.review.diff import Diff, diff_of

SECRET = "hunter2-hunter2"
OTHER = "correct-horse-battery"


def _diff(before: Any, after: Any, *secrets: str, unknown: Any = False) -> Diff:
    sides = Values(before), Values(after)
    change = Change("s", "module.s.x.y", "x", "managed", Action.UPDATE, *sides, unknown)
    return diff_of(change, Redactor.of(secrets))


def _told(before: Any, after: Any, *secrets: str) -> list[tuple[str, Any, Any]]:
    found = _diff({"a": before}, {"a": after}, *secrets).attributes
    return [(each.path, each.before, each.after) for each in found]


def _policy(*statements: dict[str, Any], **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)} | more)


_READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
_WRITE = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": ["arn:aws:s3:::b/*"]}


def test_the_leaf_inside_a_json_text_is_told() -> None:
    before = json.dumps(
        {"image": "nginx:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
    )
    after = json.dumps(
        {"env": [{"name": "B", "value": "3"}, {"name": "A", "value": "1"}], "image": "nginx:1"}
    )
    assert _told(before, after) == [("jsondecode(a).env[0].value", "2", "3")]


def test_json_in_another_spelling_is_folded() -> None:
    before = json.dumps({"a": 1, "b": [1, 2]}, indent=2)
    diff = _diff({"p": before, "n": 1}, {"p": '{"b":[1,2],"a":1}', "n": 2})
    assert [each.path for each in diff.attributes] == ["n"]
    assert diff.folded == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a":null}', "{}"),
        ('{"a":[]}', '{"a":null}'),
        ('{"a":1}', '{"a":true}'),
        ('{"a":"1"}', '{"a":1}'),
        ('{"a":1,"a":2}', '{"a":3,"a":2}'),
        ("[1, 2]", "[2, 1]"),
        ('[{"name":"a"},{"name":"b"}]', '[{"name":"b"},{"name":"a"}]'),
        ('{"a":NaN}', '{"a":Infinity}'),
        ("a\n", "a"),
        ("a\r\nb", "a\nb"),
        ("[" * 100_000, "[" * 100_001),
        ("[" * 900 + "1" + "]" * 900, "[" * 900 + "2" + "]" * 900),
    ],
)
def test_what_is_not_the_same_is_a_difference(before: str, after: str) -> None:
    assert _told(before, after)


@pytest.mark.parametrize(("before", "after"), [(True, 1), ([1], [True]), (0, False), ([[1]], [[True]])])
def test_a_number_is_not_a_truth_value(before: Any, after: Any) -> None:
    assert _told(before, after)


@pytest.mark.parametrize(
    "after",
    [
        _policy(_WRITE, _READ),
        _policy(_READ | {"Action": ["s3:listbucket", "s3:GetObject"]}, _WRITE),
        _policy(_READ | {"Resource": ["*"]}, _WRITE | {"Action": ["s3:PutObject", "s3:PutObject"]}),
    ],
)
def test_a_policy_that_says_the_same(after: str) -> None:
    """The AWS provider writes a policy anew, in its own order, when one action of it changes."""
    assert _told(_policy(_READ, _WRITE), after) == []


def test_principals_and_conditions_are_sets() -> None:
    one = {"Effect": "Allow", "Principal": {"AWS": ["123456789012", "arn:aws:iam::1:user/a"]}}
    one["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    other = {
        "Effect": "Allow",
        "Principal": {"AWS": ["arn:aws:iam::1:user/a", "arn:aws:iam::123456789012:root"]},
    }
    other["Condition"] = {"Bool": {"aws:securetransport": [True]}}
    before = json.dumps({"Statement": one})
    assert _told(before, json.dumps({"Statement": [other]})) == []
    everyone = [{"Effect": "Allow", "Principal": each} for each in ("*", {"AWS": "*"})]
    assert _told(*(json.dumps({"Statement": each}) for each in everyone)) == []


def test_one_action_more_is_one_line() -> None:
    after = _policy(_WRITE, _READ | {"Action": ["s3:ListBucket", "s3:DeleteObject", "s3:GetObject"]})
    path = 'jsondecode(a).Statement["Read"].Action'
    assert _told(_policy(_READ, _WRITE), after) == [(path, None, "s3:DeleteObject")]


def test_a_statement_without_an_id_is_known_by_what_it_is_like() -> None:
    after = _policy(_WRITE | {"Resource": ["arn:aws:s3:::c/*"]}, _READ)
    path = "jsondecode(a).Statement[0].Resource"
    assert _told(_policy(_READ, _WRITE), after) == [
        (path, "arn:aws:s3:::b/*", None),
        (path, None, "arn:aws:s3:::c/*"),
    ]


def test_a_new_statement_is_one_line() -> None:
    deny = {"Sid": "No", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    expected = deny | {"Action": ["iam:*"], "Resource": ["*"]}
    assert _told(_policy(_READ), _policy(_READ, deny)) == [
        ('jsondecode(a).Statement["No"]', None, expected)
    ]  # fmt: skip


def test_an_effect_a_version_and_a_not_are_differences() -> None:
    for changed in (
        _policy(_READ | {"Effect": "Deny"}),
        _policy(_READ, Version="2008-10-17"),
        _policy({("NotAction" if key == "Action" else key): value for key, value in _READ.items()}),
        _policy(_READ, _READ | {"Sid": "Twice"}),
        _policy(_READ | {"Sid": "Other"}),
    ):
        assert _told(_policy(_READ), changed)


def test_a_list_in_another_order_is_said_to_be_that() -> None:
    (scalars,) = _diff({"a": ["x", "y", "z"]}, {"a": ["z", "x", "y"]}).attributes
    assert (scalars.before, scalars.after, scalars.note) == (["x", "y", "z"], ["z", "x", "y"], "re-ordered")
    rules = [{"port": 1, "to": "a"}, {"port": 2, "to": "b"}]
    (objects,) = _diff({"a": rules}, {"a": rules[::-1]}).attributes
    assert (objects.path, objects.before, objects.after, objects.note) == ("a", [0, 1], [1, 0], "re-ordered")


def test_objects_are_paired_by_their_key_or_by_what_they_are_like() -> None:
    disks = [{"device_name": "/dev/a", "size": 1}, {"device_name": "/dev/b", "size": 2}]
    assert _told(disks, [{"device_name": "/dev/b", "size": 3}]) == [
        ("a[0].size", 2, 3),
        ("a[0].device_name", "/dev/a", None),
        ("a[0].size", 1, None),
    ]
    rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "self": False}
    before = [rule, rule | {"protocol": "udp"}]
    after = [rule | {"protocol": "icmp", "self": True, "to_port": 9}, *before[::-1]]
    assert {path for path, _, _ in _told(before, after)} >= {"a[0].protocol"}
    changed = [rule | {"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}, before[1]]
    assert _told(before, changed) == [("a[0].cidr_blocks[1]", None, "0.0.0.0/0")]


def test_an_unknown_in_a_list_is_what_stood_there() -> None:
    diff = _diff({"a": ["x", "y"]}, {"a": ["x"]}, unknown={"a": [False, True]})
    assert [(each.path, each.before, each.unknown) for each in diff.attributes] == [("a[1]", "y", True)]


def test_a_script_in_base64_is_told_line_by_line() -> None:
    script = "#!/bin/sh\nset -e\nyum install nginx\n"
    sides = [base64.b64encode(each.encode()).decode() for each in (script, script.replace("nginx", "httpd"))]
    assert _told(*sides) == [("base64decode(a) line 3", "yum install nginx", "yum install httpd")]
    (created,) = _diff(None, {"user_data_base64": sides[0]}).attributes
    assert created.after == script
    assert _told("0123456789abcdef" * 2, "fedcba9876543210" * 2)[0][0] == "a"


def test_a_secret_inside_json_is_hidden_and_its_change_is_told() -> None:
    sides = [json.dumps({"user": "root", "password": each}) for each in (SECRET, OTHER)]
    (found,) = _diff({"a": sides[0]}, {"a": sides[1]}, SECRET, OTHER).attributes
    assert (found.path, found.before, found.after) == ("jsondecode(a).password", HIDDEN, HIDDEN)
    assert found.sensitive


@pytest.mark.parametrize(
    "secret", [json.dumps({"user": "ab12cd34", "n": 5}), 'ab12cd34", "x": "ef56ab78', "123456789"]
)
def test_a_secret_that_is_itself_a_piece_of_json_is_never_taken_apart(secret: str) -> None:
    texts = [
        f'{{"k": {secret}, "n": {n}}}' if secret[0] != "a" else f'{{"k": "{secret}", "n": {n}}}'
        for n in (1, 2)
    ]
    shown = repr(_diff({"a": texts[0]}, {"a": texts[1]}, secret))
    assert not any(part in shown for part in ("ab12cd34", "ef56ab78", "123456789"))
    assert "path=" in shown


def test_a_secret_that_is_itself_base64_is_never_decoded() -> None:
    secret = base64.b64encode(b"the key to it all, and more").decode()
    other = base64.b64encode(b"another text, that is none!").decode()
    assert "the key" not in repr(_diff({"user_data": secret}, {"user_data": other}, secret))
    assert "the key" not in repr(_diff(None, {"user_data": secret}, secret))


def test_the_lines_of_a_secret_of_many_lines_are_hidden() -> None:
    key = "-----BEGIN-----\nMIIE\nab12\n-----END-----"
    texts = [f"cat <<E\n{key}\nE\nrun {n}" for n in (1, 2)]
    shown = _told(*texts, key)
    assert shown == [("a line 4", "run 1", "run 2")]
    assert not any(line in repr(_told(f"x\n{key}", f"x\n{key}\ny", key)) for line in ("MIIE", "ab12"))


_KEYS = st.text("abkxyz", min_size=1, max_size=3)
_SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab\n", max_size=3)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_OBJECTS = st.dictionaries(_KEYS, _JSON, min_size=1, max_size=4)


def _shuffled(value: Any, seed: random.Random) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        seed.shuffle(items)
        return {key: _shuffled(item, seed) for key, item in items}
    return [_shuffled(item, seed) for item in value] if isinstance(value, list) else value


@given(_OBJECTS, st.randoms(use_true_random=False))
def test_reordered_keys_are_never_a_difference(value: dict[str, Any], seed: random.Random) -> None:
    assert _told(json.dumps(value), json.dumps(_shuffled(value, seed), indent=1)) == []


_NAMES = st.lists(
    st.sampled_from(["s3:Get*", "s3:Put*", "ec2:Run*", "*"]), min_size=1, max_size=4, unique=True
)
_STATEMENT = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": _NAMES, "Resource": _NAMES},
    optional={"Principal": st.just("*") | st.fixed_dictionaries({"AWS": _NAMES})},
)


@given(st.lists(_STATEMENT, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_policy_in_another_order_is_never_a_difference(
    statements: list[dict[str, Any]], seed: random.Random
) -> None:
    other = copy.deepcopy(statements)
    seed.shuffle(other)
    for each in other:
        seed.shuffle(each["Action"])
        if len(each["Resource"]) == 1:
            each["Resource"] = each["Resource"][0]
    written = other[0] if len(other) == 1 else other
    assert _told(_policy(*statements), json.dumps({"Statement": written, "Version": "2012-10-17"})) == []


def _strict(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@settings(max_examples=150)
@given(_OBJECTS, _OBJECTS)
def test_no_change_inside_json_is_ever_lost(before: dict[str, Any], after: dict[str, Any]) -> None:
    told = _told(json.dumps(before), json.dumps(after))
    assert bool(told) == (_strict(before) != _strict(after))


def _meant(value: Any) -> Any:
    """A value of an attribute with what providers return for each other taken as one."""
    if isinstance(value, dict):
        kept = {key: _meant(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        kept_items = [_meant(item) for item in value]
        return kept_items if any(item is not None for item in kept_items) else None
    return value


@settings(max_examples=150)
@given(_OBJECTS, _OBJECTS)
def test_no_change_of_attributes_is_ever_lost(before: dict[str, Any], after: dict[str, Any]) -> None:
    told = _diff(before, after).attributes
    if _strict(_meant(before)) != _strict(_meant(after)):
        assert told
    if _strict(before) == _strict(after):
        assert not told


@given(_OBJECTS, st.data())
def test_a_changed_leaf_is_told(value: dict[str, Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(value)
    place: Any = changed
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not place[key] or not isinstance(place[key], dict | list):
            break
        place = place[key]
    place[key] = "a new value"
    for sides in ((value, changed), (json.dumps(value), json.dumps(changed))):
        assert any(after == "a new value" or "a new value" in str(after) for _, _, after in _told(*sides))


def test_long_lists_are_compared_by_position_at_last() -> None:
    before = [{"value": n, "other": n % 7} for n in range(3_000)]
    after = [{"value": n * 2, "other": n % 5} for n in range(3_000)]
    names = [str(n % 50) for n in range(5_000)]
    assert _told(before, after)
    assert _told(names, [str(n % 49) for n in range(5_000)])
    assert _told([*names[:2_500], "new", *names[2_500:]], names) == [("a[2500]", "new", None)]
