"""A secret is hidden where Terraform marks it, and wherever else it turns up."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landform.planning.redaction import HIDDEN, Redactor, secrets_of_plan, untagged
from landform.testing.secret_scan import surviving
from planning.conftest import Root

SECRET = "p<w&\"d\\'>é-hunter2"
KEY = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQEFAASCBK\n-----END KEY-----\n"


def test_by_path_at_any_depth() -> None:
    value = {"a": [{"b": "one"}, {"b": "two"}], "c": {"d": 1}, "e": None, "f": "seen"}
    marks = {"a": [{}, {"b": True}], "c": True, "e": True}
    assert Redactor().data(value, marks) == {
        "a": [{"b": "one"}, {"b": HIDDEN}],
        "c": HIDDEN,
        "e": None,
        "f": "seen",
    }


def test_by_value_in_text_keys_numbers_and_json() -> None:
    redactor = Redactor.of([SECRET, 123456789, {"deep": ["another-one"]}])
    value = {
        "echo": f"mysql://root:{SECRET}@db",
        SECRET: "as a key",
        "number": 123456789,
        "json": json.dumps({"password": SECRET, "n": 1}),
        "list": ["x another-one y"],
        "kept": [True, 12345, "text"],
    }
    shown = redactor.data(value)
    assert SECRET not in json.dumps(shown, ensure_ascii=False)
    assert shown["echo"] == f"mysql://root:{HIDDEN}@db"
    assert shown[HIDDEN] == "as a key"
    assert shown["number"] == HIDDEN
    assert shown["json"] == f'{{"password": "{HIDDEN}", "n": 1}}'
    assert shown["list"] == [f"x {HIDDEN} y"]
    assert shown["kept"] == [True, 12345, "text"]


@pytest.mark.parametrize("before", ["", "u", "us"])
def test_in_base64_and_in_addresses(before: str) -> None:
    secret = "p/w+d&1 ~?~?"
    redactor = Redactor.of([secret])
    data = f"{before}{secret}:x".encode()
    for encoded in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
        assert surviving(redactor.text(encoded.decode()), [secret]) == []
    for quoted in (quote(secret, safe=""), quote_plus(secret)):
        assert redactor.text(f"db://{before}:{quoted}@h") == f"db://{before}:{HIDDEN}@h"


def test_every_place_where_a_plan_marks_something() -> None:
    resource = {"address": "x.y", "values": {"a": "in-planned-values"}, "sensitive_values": {"a": True}}
    child = {"child_modules": [{"resources": [resource | {"values": {"a": "in-prior-state"}}]}]}
    row = {"change": {"before": None, "after": {"a": "in-deferred"}, "after_sensitive": {"a": True}}}
    inner = {"variables": {"p": {"sensitive": True, "default": "as-a-default"}, "q": {"default": "kept-one"}}}
    call = {"module": inner, "expressions": {"p": {"constant_value": "as-an-argument"}}}
    redactor = secrets_of_plan(
        {
            "planned_values": {"outputs": {"o": {"sensitive": True, "value": "as-an-output"}}}
            | {"root_module": {"resources": [resource]}},
            "prior_state": {"values": {"root_module": child}},
            "deferred_changes": [{"reason": "unknown", "resource_change": row}],
            "configuration": {"root_module": {"module_calls": {"m": call}}},
            "resource_changes": None,
        }
    )
    for each in ("planned-values", "prior-state", "deferred"):
        assert redactor.text(f"in-{each}") == HIDDEN
    for each in ("a-default", "an-argument", "an-output"):
        assert redactor.text(f"as-{each}") == HIDDEN
    assert redactor.text("kept-one") == "kept-one"


def test_a_tag_tells_one_secret_from_another_and_shows_neither() -> None:
    redactor = Redactor.of(["first-secret", "second-secret"])
    one, other = redactor.tagged("x first-secret"), redactor.tagged("x second-secret")
    assert one != other
    assert untagged(one) == untagged(other) == f"x {HIDDEN}"


def test_the_lines_of_a_secret_of_many_lines() -> None:
    """A diff or a log shows a key line by line."""
    redactor = Redactor.of([KEY])
    assert redactor.text(f"read {KEY}!") == f"read {HIDDEN}!"
    assert redactor.text("line: kiG9w0BAQEFAASCBK") == f"line: {HIDDEN}"
    assert redactor.text(json.dumps({"key": KEY})) == f'{{"key": "{HIDDEN}"}}'


@pytest.mark.parametrize("text", ["true", "false", "null", "default", "12345", "abcde", "", "None"])
def test_text_too_common_to_be_a_secret_stays_readable(text: str) -> None:
    assert Redactor.of([text]).text(f"a {text} b") == f"a {text} b"


def test_the_longest_secret_goes_first() -> None:
    redactor = Redactor.of(["secret"]) | Redactor.of(["secret-and-more"])
    assert redactor.text("secret-and-more secret") == f"{HIDDEN} {HIDDEN}"


@given(secret=st.text(min_size=6, max_size=20), before=st.text(max_size=5), after=st.text(max_size=5))
def test_no_secret_survives_in_any_text(secret: str, before: str, after: str) -> None:
    redactor = Redactor.of([secret])
    if redactor.secrets:
        assert secret not in redactor.text(f"{before}{secret}{after}").replace(HIDDEN, "")
        assert secret not in redactor.text(json.dumps(f"{before}{secret}")).replace(HIDDEN, "")


_CONFIG = """
variable "password" {
  type      = string
  sensitive = true
}
resource "terraform_data" "a" {
  input = { password = var.password, plain = nonsensitive(jsonencode({ p = var.password })) }
}
output "password" {
  value     = var.password
  sensitive = true
}
output "echo" {
  value = nonsensitive("<${var.password}>")
}
"""


@pytest.mark.terraform
def test_nothing_of_a_real_plan_shows_a_sensitive_variable(root: Root) -> None:
    """Terraform's ``jsonencode`` writes <, > and & as escapes, and its provider echoes input unmarked."""
    root.write({"main.tf": _CONFIG, "terraform.tfvars": f"password = {json.dumps(SECRET)}\n"})
    for document in (root.plan(), _applied(root)):
        text = json.dumps(_redacted(document), ensure_ascii=False)
        assert "hunter2" not in text
        assert HIDDEN in text


def _applied(root: Root) -> dict[str, Any]:
    root.apply()
    root.write({"terraform.tfvars": 'password = "another-secret"\n'})
    return root.plan()


def _redacted(document: dict[str, Any]) -> list[Any]:
    redactor = secrets_of_plan(document)
    changes = [each["change"] for each in document["resource_changes"]] + [
        *document["output_changes"].values()
    ]
    return [
        redactor.data(change.get(side), change.get(f"{side}_sensitive"))
        for change in changes
        for side in ("before", "after")
    ]


@given(st.lists(st.text("abc", min_size=2, max_size=9), max_size=20), st.text("abcd", max_size=40))
def test_among_many_secrets_each_is_found_as_if_it_were_the_only_one(secrets: list[str], text: str) -> None:
    redactor = Redactor(tuple(sorted(set(secrets), key=lambda each: (-len(each), each))))
    expected = any(each in text for each in secrets)
    assert (redactor.text(text) != text) is expected
    assert (redactor.tagged(text) != text) is expected
