"""A review as a comment: it fits, it is well formed, and hostile text in it is only text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.views import samples
from landform.cli.views.markdown import LIMIT, code, markdown, plain
from landform.planning.changes import Action
from landform.review import Review

_ALL = [samples.full, samples.hostile, samples.destroyed, samples.unchanged, samples.large]


def _outside_fences(text: str) -> list[str]:
    """The lines that are not in a fence. Fails where a fence is left open."""
    lines, fence = [], ""
    for line in text.split("\n"):
        opening = re.match(r"(`{3,})(diff)?$", line)
        if fence:
            fence = "" if line == fence else fence
        elif opening:
            fence = opening[1]
        else:
            lines.append(line)
    assert fence == "", "a fence is left open"
    return lines


@pytest.mark.parametrize("make", _ALL)
@pytest.mark.parametrize("limit", [8_000, 20_000, LIMIT])
def test_it_fits_and_every_fence_and_fold_is_closed(make: Callable[[], Review], limit: int) -> None:
    text = markdown(make(), limit)
    assert len(text) <= limit
    lines = _outside_fences(text)
    opened = sum(line.count("<details>") for line in lines)
    assert opened == sum(line == "</details>" for line in lines)


@settings(max_examples=25)
@given(
    st.integers(0, 60),
    st.integers(0, 12),
    st.integers(1, 30),
    st.integers(2_500, LIMIT),
    st.text("`x\n|", max_size=90),
)
def test_it_fits_whatever_there_is(number: int, attributes: int, stacks: int, limit: int, value: str) -> None:
    text = markdown(samples.large(number * stacks, attributes, stacks, value), limit)
    assert len(text) <= limit
    _outside_fences(text)


def test_a_small_plan_is_there_in_full() -> None:
    text = markdown(samples.full())
    assert text.startswith("### ⛔ `prod` shop — deny\n")
    for told in (
        "critical risk · 2 approvals needed · -\\$40.98 to -\\$8.18 a month · plan `369d3109b9a5`",
        "| **critical** | `database.aws_db_instance.main` | A database is replaced: its data is lost",
        "| ⛔ deny | `no-data-loss` | `database.aws_db_instance.main` | its data would be lost |",
        "exempt until 2027-01-31",
        "- -/+ aws_db_instance.main  engine_version 14.9 → 16.3",
        "+         engine_version = 16.3  # forces replacement",
        "← database.aws_db_instance.main.endpoint",
        "`jobs` is deferred: for_each needs",
        "check failed: check.dns: shop.example.com",
        "Changed outside Terraform: `database.aws_db_parameter_group.main`",
    ):
        assert told in text
    assert "left out" not in text


def test_what_matters_least_goes_first_and_its_number_is_told() -> None:
    text = markdown(samples.large(600, 12, 6))
    replaced = 'aws_instance.fleet["stack-5-0090"]'
    assert f"- -/+ {replaced}" in text
    assert text.index("attribute_3") < text.index("diffs left out.")
    told = markdown(samples.large(2000, 12, 20))
    headlines = len(re.findall(r"^[-+!] +\S+ +aws_instance|^[-+!] {5}aws_instance", told, re.MULTILINE))
    more = sum(int(each) for each in re.findall(r"^…and (\d+) more: ", told, re.MULTILINE))
    assert headlines + more == 2000
    assert told.count("- -/+ ") == 200


def test_so_many_stacks_that_only_counts_fit() -> None:
    text = markdown(samples.large(2000, 1, 1000), 20_000)
    assert "- <b>stack-0</b> · 1 replace, 1 update" in text
    assert re.search(r"- …and \d+ stacks more\.", text)


def test_a_table_has_as_many_cells_in_each_row_whatever_is_in_them() -> None:
    text = markdown(samples.hostile())
    rows = [line for line in _outside_fences(text) if line.startswith("|")]
    assert len(rows) > 8
    cells = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows]
    assert set(cells) == {4, 5, 6}
    assert [each for each in cells if each == 6] == [6] * 5, "a head, a rule and three findings"


def test_nothing_hostile_is_markup() -> None:
    """What is left outside of code spans is ours, or escaped."""
    outside = "\n".join(_outside_fences(markdown(samples.hostile())))
    spans = re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "CODE", outside)
    tags = set(re.findall(r"(?<!\\)<[^>]*>", spans))
    assert tags <= {
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<b>",
        "</b>",
        "<sub>",
        "</sub>",
        "<br>",
        "<code>",
        "</code>",
        "<!-- -->",
    }
    assert not re.search(r"@(?!<!-- -->)", spans)
    assert not re.search(r"(?<!\\)\]\(", spans)
    assert "\x1b" not in outside


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("```", "```` ``` ````"),
        ("", ""),
        (r"a\|b", "<code>a&#92;&#124;b</code>"),
    ],
)
def test_a_code_span_ends_where_it_should(text: str, span: str) -> None:
    assert code(text) == span


def test_plain_text_mentions_nobody_and_links_nowhere() -> None:
    shown = plain("@ada #12 [x](http://e.x) www.e.x *b* _i_ some_name <b> &lt; ~s~ $x$ `c`")
    assert shown == (
        r"@<!-- -->ada #<!-- -->12 \[x\](http://<!-- -->e.x) www<!-- -->.e.x "
        r"\*b\* \_i\_ some_name \<b\> \&lt; \~s\~ \$x\$ \`c\`"
    )


def test_a_fence_is_longer_than_any_run_of_backticks_in_it() -> None:
    change = samples.change("web", "aws_x.y", Action.CREATE, headline="`" * 9)
    text = markdown(samples.review(samples.stack("web", change)))
    assert "`" * 10 + "diff\n" in text


def test_deferred_stacks_cannot_push_it_over_the_limit() -> None:
    many = tuple((f"stack-{number}", "because " * 40) for number in range(2000))
    assert len(markdown(replace(samples.full(), deferred=many, failed_checks=("x" * 500,) * 500))) <= LIMIT
