"""A sweep and a certificate say the same in every format, and nothing from outside acts in any of them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from landform.cli.views.console import json_text
from landform.cli.views.sweep_html import certificate_html, sweep_html
from landform.cli.views.sweep_markdown import certificate_markdown, sweep_markdown
from landform.cli.views.sweeps import list_text, sweep_text
from landform.errors import Refused
from landform.review.approval import Person
from landform.review.certificate import Certificate, Destroyed, Savings, digest_of, to_document, verify
from landform.review.cost.model import Money
from landform.review.deletion import DeletionList
from landform.review.sweep import Class, Found, StateLeft, Sweep
from landform.workflows.certificates import certificate_of, certified_runs, certify
from landform.workflows.records import LocalRecords

_HOSTILE = "<script>alert(1)</script>|`$(reboot)`\x1b[2J\u202e\n# x\n[a](javascript:x) @ann ##[error]x"
_SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "reference" / "certificate.schema.json"


def _found(standing: Class = Class.LEFTOVER, text: str = "vol-1", **more: Any) -> Found:
    arn = f"arn:aws:ec2:eu-west-1:1:volume/{text}"
    return Found(standing, "aws_ebs_volume", text, arn, "eu-west-1", how="tags", **more)


def _certificate(text: str = "shop") -> Certificate:
    found = (
        _found(text=text, name=text, why=text, monthly=Money(8.0, 8.0)),
        _found(Class.GONE, "vol-2", stack="web", address="module.web.aws_ebs_volume.a"),
        _found(Class.PENDING, "vol-3", why="until 2026-01-02"),
        _found(Class.RETAINED, "vol-4", why="for the auditors", monthly=Money(1.0, 2.0)),
        _found(Class.NOT_LOOKED_AT, "vol-5", why=text),
        _found(text="vol-6", unpriced="no price"),
    )
    swept = Sweep(
        text, text, "123456789012", "2026-01-01T00:10:00Z", regions=("eu-west-1",), found=found,
        states=(StateLeft("web", 0),), listed=("volumes",), not_listed=(text,), not_asked=("provider x",),
    )  # fmt: skip
    destroyed = (Destroyed(text, f'module.web.aws_vpc.o["{text}"]', "aws_vpc"),)
    savings = Savings(12.5, 0.25, 3.125)
    person = Person(text, "ann@example.org")
    made = Certificate(
        "20260101-dev", person, "2026-01-01T00:00:00Z", "2026-01-01T00:09:00Z", swept, destroyed, savings
    )
    return replace(made, digest=to_document(made)["digest"])


def test_every_format_says_what_is_left_and_what_it_costs() -> None:
    made = _certificate()
    swept = made.sweep
    for text in (
        sweep_text(swept), sweep_markdown(swept), certificate_markdown(made), sweep_html(swept),
        certificate_html(made),
    ):  # fmt: skip
        plain = html.unescape(text).replace("\\", "").replace("<!-- -->", "")
        assert "2 objects left over: $8.00 a month, and 1 object without a whole price" in plain
        assert "for the auditors" in plain
        assert "until 2026-01-02" in plain
        assert "1 object not looked at" in plain
        assert "provider x" in plain
    for text in (certificate_markdown(made), certificate_html(made)):
        assert made.digest in text
        assert made.run in text
        assert "aws_vpc" in text
        assert "$3.12 saved" in re.sub(r"[\\]|<[^>]*>", "", text)


class _Page(HTMLParser):
    """The tags of a page, and whether any of them is one that data has brought."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)


@pytest.mark.parametrize("render", [sweep_html, certificate_html])
def test_nothing_in_a_page_is_run(render: Callable[[Any], str]) -> None:
    made = _certificate(_HOSTILE)
    text = render(made.sweep if render is sweep_html else made)
    page = _Page()
    page.feed(text)
    assert "script" not in page.tags
    assert "a" not in page.tags
    assert "&lt;script&gt;" in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert "default-src 'none'" in html.unescape(text)


@pytest.mark.parametrize("render", [sweep_markdown, certificate_markdown])
def test_nothing_in_markdown_is_markup(render: Callable[[Any], str]) -> None:
    made = _certificate(_HOSTILE)
    text = render(made.sweep if render is sweep_markdown else made)
    assert not {"\x1b", "\u202e"} & set(text)
    assert "\n# x" not in text
    for line in text.splitlines():
        outside = re.sub(r"(?<!\\)(`+).+?(?<!`)\1(?!`)", "", line)
        assert not re.search(r"(?<!\\)<script|(?<!\\)\]\(|(?<![\\\w])@ann", outside.replace("\\<", ""))
    for rows in re.findall(r"(?m)^\|.*\|$", text):
        assert len(re.findall(r"(?<!\\)\|", rows)) in (3, 5)


def test_nothing_on_a_terminal_is_obeyed() -> None:
    swept = _certificate(_HOSTILE).sweep
    made = DeletionList(swept, (swept.leftovers[0].arn,), {})
    for text in (sweep_text(swept), list_text(made), json_text(to_document(_certificate(_HOSTILE)))):
        assert not {"\x1b", "\u202e"} & set(text)
    assert "##[" not in sweep_text(swept)
    assert "\n# x" not in sweep_text(swept)


@pytest.mark.parametrize("text", ["shop", _HOSTILE, "\ud800"])
def test_a_certificate_fits_its_schema_and_comes_back_as_it_was(text: str) -> None:
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    made = _certificate(text)
    document = to_document(made)
    assert list(Draft202012Validator(schema).iter_errors(json.loads(json.dumps(document)))) == []
    assert verify(json.dumps(document)) == made
    assert set(schema["properties"]) == set(document)
    assert set(schema["$defs"]["sweep"]["properties"]) == set(document["sweep"])
    for part, kind in {"found": Found, "savings": Savings, "person": Person, "destroyed": Destroyed}.items():
        assert set(schema["$defs"][part]["properties"]) == {each.name for each in fields(kind)}


@pytest.mark.parametrize(
    "change",
    [
        lambda each: each["sweep"]["found"].pop(0),
        lambda each: each.update(clean=True),
        lambda each: each.update(extra=1),
        lambda each: each["sweep"].update(regions=["us-east-1"]),
    ],
)
def test_a_certificate_that_was_changed_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(json.dumps(to_document(_certificate())))
    change(document)
    with pytest.raises(Refused, match="not what was written"):
        verify(json.dumps(document))
    document["digest"] = digest_of(document)  # by somebody who knows how it is made
    verdicts = {"clean", "extra"} & {name for name in document if document.get(name) in (True, 1)}
    if verdicts:  # what follows from the rest can't be claimed
        with pytest.raises(Refused, match="not what was written"):
            verify(json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"digest": "x"}', "\x00"])
def test_what_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no certificate"):
        verify(text)


def test_a_certificate_is_written_once(tmp_path: Path) -> None:
    records, made = LocalRecords(tmp_path), _certificate()
    sealed = certify(records, made)
    assert certify(records, made) == sealed == certificate_of(records, made.run)
    assert certified_runs(records) == [made.run]
    with pytest.raises(Refused, match="has a certificate already"):
        certify(records, replace(made, started="2026-01-01T00:00:01Z"))
    with pytest.raises(Refused, match="has no certificate"):
        certificate_of(records, "../key")
    name = f"certificates/{made.run}.json"
    records.replace(name, (records.get(name) or b"").replace(b"vol-2", b"vol-9"))
    with pytest.raises(Refused, match="not what was written"):
        certificate_of(records, made.run)
