"""A secret is hidden where Terraform marks it, and wherever else it turns up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landform.planning.redaction import HIDDEN, Redactor, secrets_of_plan
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
