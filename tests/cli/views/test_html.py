"""The page as text: safe whatever the plan holds, of a size a browser opens at once."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from cli.views import samples
from landform.cli.views.html import html
from landform.planning.changes import Action
from landform.review import AttributeDiff, Review


class _Page(HTMLParser):
    """Gathers the elements with their attributes, the text of scripts and styles, and all other text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._texts: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.raw:
            self.raw[self._inside].append(data)
        else:
            self._texts.append(data)

    @property
    def text(self) -> str:
        """What is not in a script or a style."""
        return "".join(self._texts)


def _attributes(page: _Page, name: str) -> list[Any]:
    return [found[name] for _, found in page.elements if name in found]


@pytest.mark.parametrize("make", [samples.hostile, samples.full, samples.destroyed, samples.unchanged])
def test_one_script_and_one_style_both_ours_and_no_other_may_run(make: Callable[[], Review]) -> None:
    page = _Page(html(make()))
    assert {tag: len(found) for tag, found in page.raw.items()} == {"script": 1, "style": 1}
    assert page.raw == _Page(html(samples.review())).raw, "no data is in them"
    (policy,) = [found["content"] for tag, found in page.elements if found.get("http-equiv")]
    for tag, (text,) in page.raw.items():
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none'; ")
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("make", [samples.hostile, samples.large])
def test_nothing_is_loaded_and_no_attribute_runs(make: Callable[[], Review]) -> None:
    page = _Page(html(make()))
    assert not {tag for tag, _ in page.elements} & {"img", "link", "iframe", "object", "base", "embed"}
    names = {name for _, found in page.elements for name in found}
    assert [name for name in names if name.startswith("on") or name in ("src", "style", "srcset")] == []
    assert [link for link in _attributes(page, "href") if not re.fullmatch(r"#[a-z]+-?\d+", link)] == []
    assert "http" not in page.raw["style"][0] + page.raw["script"][0]


def test_hostile_text_is_shown_as_it_is() -> None:
    text = html(samples.hostile())
    page = _Page(text)
    assert "</script><script>alert(1)</script><img src=x onerror=alert(2)>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert r"\x1b[2J" in page.text
    assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []
    assert text.replace("\n", "").isprintable()


def test_ids_are_there_once() -> None:
    ids = _attributes(_Page(html(samples.hostile())), "id")
    assert len(ids) == len(set(ids))


def test_every_part_of_a_review_is_on_the_page() -> None:
    text = _Page(html(samples.full())).text
    for told in (
        "Denied", "critical risk", "2 approvals needed", "-$40.98 to -$8.18", "in 2 of 4 stacks",
        "2 existing objects end: 1 in database, 1 in web.", "no-data-loss: its data would be lost",
        "A database is replaced: its data is lost", "skip_final_snapshot is true", "Take a snapshot first",
        "3 depend on it", "protocol is not known yet", "migration until Q1", "db.m6g.large, 2026-10-01",
        "1 not priced, and not counted as zero", "Data transfer is not counted.", "forces replacement",
        "sensitive, changed", "1 object changed outside Terraform", "1 output", "for_each needs",
        "shop.example.com does not resolve", "moved from module.web.aws_subnet.a",
    ):  # fmt: skip
        assert told in text, told


def test_links_lead_to_what_is_there() -> None:
    page = _Page(html(samples.full()))
    targets = {f"#{each}" for each in _attributes(page, "id")}
    links = set(_attributes(page, "href"))
    assert links
    assert links <= targets


def test_2000_changes_fit_in_3_megabytes_with_their_diffs() -> None:
    text = html(samples.large(2000, 8))
    assert len(text.encode()) <= 3_000_000
    assert "left out: the page would be too large" not in text


def test_what_would_make_the_page_too_large_is_left_out_and_risks_are_not() -> None:
    text = html(samples.large(2000, 10, value='<"日' * 20))
    assert len(text.encode()) <= 3_000_000
    left_out = text.count("left out: the page would be too large")
    assert 0 < left_out < 2000
    for row in re.findall(r'<details class="c replace".*?</details>', text, re.DOTALL):
        assert "left out" not in row


def test_a_long_value_is_cut_and_says_so() -> None:
    change = samples.change("web", "x.y", Action.UPDATE, attributes=(AttributeDiff("a", "b", "v" * 9000),))
    assert "v… (9,000 characters)" in html(samples.review(samples.stack("web", change)))
