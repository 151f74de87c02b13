"""Any text and any data arrive in Terraform as exactly what they were."""

from __future__ import annotations

import base64
import json
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from landform.generator.hcl import quote, render
from landform.project.expressions import Expression, Reference, Template
from landform.project.values import Value

pytestmark = pytest.mark.terraform
Run = Callable[..., subprocess.CompletedProcess[str]]

# One terraform evaluates a whole list of examples, so few lists are enough; shrinking one takes minutes.
_FEW = settings(
    max_examples=10,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
_TEXT = st.one_of(
    st.text(alphabet='$%{}"\\n~a \n', max_size=8),
    st.text(max_size=12),
    st.text(alphabet=st.characters(max_codepoint=0xFF), max_size=6),
)
_WORD = 'value of "word": ${x} %{y}'
_INTERPOLATION = Expression("var.word", frozenset({Reference("var", "word")}))
_TEMPLATE = st.lists(_TEXT, min_size=2, max_size=4)
_SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), _TEXT
)
_DATA = st.recursive(
    _SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(_TEXT.map(lambda text: unicodedata.normalize("NFC", text)), inner, max_size=4),
    ),
    max_leaves=12,
)


def _evaluated(terraform: Run, folder: Path, rendered: list[str]) -> list[Any]:
    lines = "".join(f"  v{index} = {text}\n" for index, text in enumerate(rendered))
    names = ", ".join(f"local.v{index}" for index in range(len(rendered)))
    text = f'variable "word" {{\n  default = {quote(_WORD)}\n}}\nlocals {{\n{lines}  all = [{names}]\n}}\n'
    (folder / "main.tf").write_text(text, encoding="utf-8")
    # base64, because the console prints strings with escapes of its own
    answer = terraform(folder, "console", stdin="base64encode(jsonencode(local.all))\n").stdout
    values: list[Any] = json.loads(base64.b64decode(json.loads(answer)))
    return values


def _arrived(sent: Any, found: Any) -> bool:
    """Whether ``found`` is what was sent, but for Unicode's form C, in which Terraform keeps all text."""
    if isinstance(sent, tuple):
        return isinstance(found, list) and len(sent) == len(found) and all(map(_arrived, sent, found))
    if isinstance(sent, Mapping):
        return sent.keys() == found.keys() and all(_arrived(item, found[key]) for key, item in sent.items())
    if isinstance(sent, str):
        return bool(found == unicodedata.normalize("NFC", sent))
    if isinstance(sent, float):
        return bool(float(found) == sent)  # written out in full, a large one is read back as an integer
    return type(sent) is type(found) and bool(sent == found)


@_FEW
@given(texts=st.lists(_TEXT, min_size=100, max_size=200))
def test_quoted_text_evaluates_to_exactly_that_text(terraform: Run, tmp_path: Path, texts: list[str]) -> None:
    found = _evaluated(terraform, tmp_path, [quote(text) for text in texts])
    assert [(text, one) for text, one in zip(texts, found, strict=True) if not _arrived(text, one)] == []


@_FEW
@given(many=st.lists(_TEMPLATE, min_size=60, max_size=100))
def test_text_around_an_interpolation_stays_text(
    terraform: Run, tmp_path: Path, many: list[list[str]]
) -> None:
    """A literal "$" or "%" before an interpolation must not turn it into an escape."""
    found = _evaluated(terraform, tmp_path, [render(_template(texts)) for texts in many])
    sent = [_WORD.join(texts) for texts in many]
    assert [(text, one) for text, one in zip(sent, found, strict=True) if not _arrived(text, one)] == []


def _template(texts: list[str]) -> Template:
    parts: list[str | Expression] = []
    for text in texts:
        parts += [text, _INTERPOLATION]
    return Template(tuple(part for part in parts[:-1] if part != ""))


@_FEW
@given(values=st.lists(_DATA, min_size=40, max_size=80))
def test_data_of_any_depth_arrives_as_it_was(terraform: Run, tmp_path: Path, values: list[Value]) -> None:
    found = _evaluated(terraform, tmp_path, [render(value, 2) for value in values])
    assert [(value, one) for value, one in zip(values, found, strict=True) if not _arrived(value, one)] == []


def test_keys_that_are_words_of_the_language_stay_keys(terraform: Run, tmp_path: Path) -> None:
    words: dict[str, Value] = dict.fromkeys(("for", "in", "if", "null", "true", "false", "endif", "else"), 1)
    many: list[Value] = [words, *({word: value} for word, value in words.items())]
    assert _evaluated(terraform, tmp_path, [render(value) for value in many]) == many


@pytest.mark.parametrize("text", ["$", "%", "$$", "a%", "$%", "%$", "\\$", "$${", "%%{", "${", "%{", "\x00$"])
def test_the_known_traps_before_an_interpolation(terraform: Run, tmp_path: Path, text: str) -> None:
    assert _evaluated(terraform, tmp_path, [render(_template([text, text]))]) == [text + _WORD + text]
