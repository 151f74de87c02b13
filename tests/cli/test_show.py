"""``landform show``: a kept review in every format, on standard output or in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from cli.views import samples
from landform.cli.app import app
from landform.cli.views.formats import Format, render
from landform.errors import LandformError
from landform.workflows.saved_reviews import save_review

_PROJECT = {
    "landform.yaml": (
        "project: shop\nbackend: local\nstacks:\n  network: {module: vpc, inputs: {cidr: 10.0.0.0/16}}\n"
    ),
    "environments/prod/environment.yaml": "region: eu-west-1\n",
    "environments/prod/terraform.tfvars": "",
}


@pytest.fixture
def show(write: Callable[[Mapping[str, str]], Path]) -> Callable[..., Result]:
    """A function that runs ``landform show`` in a project that keeps one review, the full one."""
    folder = write(_PROJECT)
    save_review(folder, samples.full())

    def run(*options: str) -> Result:
        return CliRunner().invoke(app, ["show", "--project", str(folder), *options])

    return run


def test_it_shows_the_review_as_it_was_kept(show: Callable[..., Result]) -> None:
    shown = show("prod").stdout
    assert "DENY   critical risk" in shown
    assert "A database is replaced: its data is lost" in shown


@pytest.mark.parametrize("wanted", [*Format])
def test_every_format_can_be_printed_and_written(
    show: Callable[..., Result], wanted: Format, tmp_path: Path
) -> None:
    printed = show("prod", "--format", wanted).stdout
    written = tmp_path / "report"
    assert show("prod", "-f", wanted, "-o", str(written)).stdout == ""
    assert written.read_text(encoding="utf-8") == printed == render(samples.full(), wanted)


def test_json_is_the_same_by_both_names(show: Callable[..., Result]) -> None:
    document = json.loads(show("--json").stdout)
    assert document == json.loads(show("--format", "json").stdout)
    assert document["cost"]["monthly"] == {"low": 430.0, "high": 462.8}
    assert document["verdict"]["result"] == "deny"


def test_the_formats_are_what_they_are_called() -> None:
    review = samples.full()
    assert render(review, Format.HTML).lstrip().startswith("<!doctype html>")
    assert render(review, Format.MARKDOWN).startswith("### ")
    assert json.loads(render(review, Format.SARIF))["version"] == "2.1.0"
    assert ET.fromstring(render(review, Format.JUNIT)).tag == "testsuites"
    assert max(map(len, render(review, Format.TEXT, 120).splitlines())) <= 120


@pytest.mark.parametrize("wanted", [*Format])
def test_hostile_text_is_printable_and_encodable_in_every_format(wanted: Format) -> None:
    text = render(samples.hostile(), wanted, diff=True)
    text.encode("utf-8")
    assert [line for line in text.split("\n") if not line.isprintable()] == []


def test_a_file_that_cannot_be_written_is_one_sentence(show: Callable[..., Result], tmp_path: Path) -> None:
    ended = show("prod", "--output", str(tmp_path / "none" / "x.txt"))
    assert isinstance(ended.exception, LandformError)
    assert "x.txt can't be written: No such file or directory" in ended.exception.what
