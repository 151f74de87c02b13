"""The page in Chromium: filter, keys, themes, size; with hostile text too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.views import samples
from cli.views.browser import CHROMIUM, Page, browser
from landform.cli.views.html import html
from landform.review import Review

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on PATH to open the page with"),
    pytest.mark.xdist_group("chromium"),
]
_VISIBLE = "[...document.querySelectorAll('details.c')].filter(each => !each.hidden).length"
_FOCUS = "document.activeElement.querySelector?.('.ad')?.textContent ?? ''"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests of this file."""
    with browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[], Review]], Path]:
    """A function that writes the page of a sample, once."""
    folder = tmp_path_factory.mktemp("pages")

    def write(make: Callable[[], Review]) -> Path:
        path = folder / f"{make.__name__}.html"
        if not path.exists():
            path.write_text(html(make()), encoding="utf-8")
        return path

    return write


@pytest.fixture
def show(chromium: Page, written: Callable[[Callable[[], Review]], Path]) -> Callable[..., Page]:
    """A function that opens a sample's page, in a theme that nobody has chosen yet."""

    def opened(make: Callable[[], Review] = samples.full, fragment: str = "", **look: Any) -> Page:
        chromium.faults.clear()
        chromium.emulate(**look)
        chromium.open(written(make))
        chromium.run("localStorage.clear()")
        chromium.open(written(make), fragment)
        return chromium

    return opened


def test_typing_filters_by_address_and_escape_brings_all_back(show: Callable[..., Page]) -> None:
    page = show()
    page.press("/", *"web.aws_i")
    assert page.run(_VISIBLE) == 1
    assert page.run("document.getElementById('shown').textContent") == "1 of 6"
    assert page.run("document.querySelector('[data-stack=database]').hidden") is True
    page.press("Escape")
    assert page.run(_VISIBLE) == 6
    assert page.run("document.getElementById('q').value") == ""


@pytest.mark.parametrize(
    ("act", "number"),
    [
        ("document.querySelector('.act.replace').click()", 1),
        ("document.querySelector('.act.replace').click(); document.querySelector('.act.delete').click()", 2),
        ("s = document.getElementById('stack'); s.value = 'web'; s.dispatchEvent(new Event('change'))", 4),
        (
            "s = document.getElementById('risk'); s.value = 'critical'; s.dispatchEvent(new Event('change'))",
            1,
        ),
        ("s = document.getElementById('risk'); s.value = 'none'; s.dispatchEvent(new Event('change'))", 4),
    ],
)
def test_action_stack_and_risk_filter(show: Callable[..., Page], act: str, number: int) -> None:
    page = show()
    page.run(f"(() => {{ let s; {act} }})()")
    assert page.run(_VISIBLE) == number


def test_a_filter_that_nothing_fits_says_so_and_can_be_cleared(show: Callable[..., Page]) -> None:
    page = show()
    page.press("/", *"zzz")
    assert page.run("document.getElementById('none').hidden") is False
    page.click("#clear")
    assert page.run(_VISIBLE) == 6


def test_j_and_k_walk_through_what_is_shown_and_enter_opens(show: Callable[..., Page]) -> None:
    page = show()
    page.press("j")
    assert page.run(_FOCUS) == "aws_db_instance.main"
    page.press("j", "j", "k")
    assert page.run(_FOCUS) == "aws_db_parameter_group.main"
    page.press("Enter")
    assert page.run("document.activeElement.parentElement.open") is True
    page.press("Enter")
    assert page.run("document.activeElement.parentElement.open") is False
    page.press("/", *"legacy", "Enter")
    assert page.run(_FOCUS) == "aws_instance.legacy"
    page.press("j")
    assert page.run(_FOCUS) == "aws_instance.legacy"


def test_x_opens_and_closes_only_what_is_shown(show: Callable[..., Page]) -> None:
    page = show()
    page.click(".act.update")
    page.press("x")
    assert page.run("document.querySelectorAll('details.c[open]').length") == 2
    page.press("x")
    assert page.run("document.querySelectorAll('details.c[open]').length") == 0


def test_help_opens_and_takes_no_other_key_while_open(show: Callable[..., Page]) -> None:
    page = show()
    page.press("?")
    assert page.run("document.getElementById('help').open") is True
    page.press("j")
    assert page.run(_FOCUS) == ""
    page.press("Escape")
    assert page.run("document.getElementById('help').open") is False


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_the_systems_until_one_is_chosen_and_then_kept(
    show: Callable[..., Page], scheme: str
) -> None:
    page = show(scheme=scheme)
    ink = "getComputedStyle(document.body).backgroundColor"
    light, dark = "rgb(247, 247, 245)", "rgb(14, 16, 20)"
    before, after = (light, dark) if scheme == "light" else (dark, light)
    assert page.run(ink) == before
    page.press("t")
    assert page.run(ink) == after
    page.open(Path(page.run("decodeURI(location.pathname)")))
    assert page.run(ink) == after
    page.click("#theme")
    assert page.run(ink) == before


def test_a_link_opens_its_change_even_if_the_filter_hides_it(show: Callable[..., Page]) -> None:
    page = show()
    page.press("/", *"zzz")
    page.click("#eyes a[href='#c1']")
    page.run("new Promise(done => setTimeout(done))")
    assert page.run("document.getElementById('c1').open") is True
    assert page.run(_VISIBLE) == 6
    assert show(fragment="#c4").run("document.getElementById('c4').open") is True


@pytest.mark.parametrize(
    "make", [samples.full, samples.hostile, samples.destroyed, samples.unchanged, samples.large]
)
@pytest.mark.parametrize("width", [400, 1280])
def test_it_never_scrolls_sideways_and_nothing_complains(
    show: Callable[..., Page], make: Callable[[], Review], width: int
) -> None:
    page = show(make, width=width)
    assert page.run("document.documentElement.scrollWidth <= innerWidth") is True
    page.press("j", "Enter", "x", "t", "?", "Escape")
    assert page.run("document.documentElement.scrollWidth <= innerWidth") is True
    assert page.faults == [], "no request, no exception, no breach of the content policy"


def test_an_injected_script_would_not_run(show: Callable[..., Page]) -> None:
    """The policy holds even where escaping would not."""
    page = show()
    page.run(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.1:9/x'}))"
    )
    page.run("try { document.body.setAttribute('onclick', 'window.owned = 1') } catch {}")
    page.run("document.body.click()")
    assert page.run("window.owned === undefined") is True
    assert any("Content Security Policy" in fault for fault in page.faults)


def test_2000_changes_can_be_filtered(show: Callable[..., Page]) -> None:
    page = show(samples.large)
    page.press("/", "0", "0", "1", "7")
    assert 0 < page.run("document.querySelectorAll('details.c:not([hidden])').length") < 100
    assert page.run(_VISIBLE) == 20
