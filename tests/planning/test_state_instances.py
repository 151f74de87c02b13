"""Objects of a state: their addresses, and which of their values are secret."""

from __future__ import annotations

from typing import Any

import pytest

from landform.planning.redaction import HIDDEN
from landform.planning.state_instances import instances_of, managed_addresses, secrets_of_state
from planning.state_kit import instances, path, resource, state


def test_addresses_tell_keys_deposed_objects_and_data_apart() -> None:
    found = state(
        instances("t", "a", {"index_key": 'x"y'}, {"index_key": 0}, {"deposed": "ab12cd34"}),
        resource("t", "read", mode="data"),
    )
    assert [each.address for each in instances_of(found)] == [
        'module.web.t.a["x\\"y"]',
        "module.web.t.a[0]",
        "module.web.t.a (deposed ab12cd34)",
        "module.web.data.t.read",
    ]
    assert len(managed_addresses(found)) == 3


@pytest.mark.parametrize(
    ("attributes", "sensitive", "shown"),
    [
        (
            {"password": "hunter2hunter2", "user": "ada"},
            path("password"),
            {"password": HIDDEN, "user": "ada"},
        ),
        ({"env": {"A": "s3cret-s3cret", "B": "b"}}, path("env", "A"), {"env": {"A": HIDDEN, "B": "b"}}),
        ({"list": ["x", "s3cret-s3cret"]}, path("list", 1), {"list": ["x", HIDDEN]}),
        # A path that leads nowhere: rather too much is hidden than too little.
        ({"block": {"value": {"p": "s3cret"}, "type": "o"}}, path("block", "p"), {"block": HIDDEN}),
        ({"set": ["s3cret"]}, path("set", "k"), {"set": HIDDEN}),
    ],
)
def test_what_the_state_marks_is_hidden_and_nothing_else(
    attributes: dict[str, Any], sensitive: list[dict[str, Any]], shown: dict[str, Any]
) -> None:
    (each,) = instances_of(
        state(instances("t", "a", {"attributes": attributes, "sensitive_attributes": [sensitive]}))
    )
    hide = secrets_of_state(state())
    assert hide.data(each.attributes, each.sensitive) == shown


def test_secrets_are_hidden_wherever_they_are_echoed() -> None:
    marked = {"attributes": {"password": "hunter2hunter2"}, "sensitive_attributes": [path("password")]}
    found = state(instances("t", "a", marked), secret_url="postgres://s3cret-s3cret@db")
    hide = secrets_of_state(found)
    assert hide.text("user:hunter2hunter2") == f"user:{HIDDEN}"
    assert hide.text("postgres://s3cret-s3cret@db") == HIDDEN


def test_upstream_outputs_are_hidden_because_their_marks_are_lost_in_a_remote_state() -> None:
    read = resource(
        "terraform_remote_state", "network", mode="data", outputs={"value": {"p": "x"}}, backend="s3"
    )
    (each,) = instances_of(state(read))
    assert secrets_of_state(state()).data(each.attributes, each.sensitive) == {
        "outputs": HIDDEN,
        "backend": "s3",
    }
