"""The reference names every command, argument and option that there is, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from docs.pages import ROOT
from landform.cli.app import app

_TEXT = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
_HELP = {"-h", "--help"}


def _commands() -> dict[str, Any]:
    """Every command by its full name; groups are left out, but for landform itself."""
    root: Any = typer.main.get_command(app)
    return {"landform": root} | dict(_below(root, "landform"))


def _below(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for key, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _below(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


def _sections() -> dict[str, str]:
    """``landform plan ENV`` → the text under that heading."""
    parts = re.split(r"(?m)^##+ `(landform[^`]*)`$", _TEXT)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _section(name: str) -> tuple[str, str]:
    """The heading and the text of one command."""
    found = [each for each in _sections().items() if re.sub(r" \[?[A-Z].*", "", each[0]) == name]
    assert len(found) == 1, f"{name} has {len(found)} sections"
    return found[0]


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    documented = {re.sub(r" \[?[A-Z].*", "", heading) for heading in _sections()}
    assert documented == set(_commands())


@pytest.mark.parametrize("name", _commands())
def test_the_options_are_those_of_the_program(name: str) -> None:
    options = [param for param in _commands()[name].params if param.param_type_name == "option"]
    real = {spelling for param in options for spelling in (*param.opts, *param.secondary_opts)}
    cells = re.findall(r"(?m)^\| (`-[^|]*) \|", _section(name)[1])
    documented = {spelling for cell in cells for spelling in re.findall(r"(?<![\w-])-{1,2}[a-z][\w-]*", cell)}
    assert documented - _HELP == real - _HELP


@pytest.mark.parametrize("name", _commands())
def test_the_heading_names_the_arguments(name: str) -> None:
    arguments = [param for param in _commands()[name].params if param.param_type_name == "argument"]
    heading, _ = _section(name)
    given = heading.removeprefix(name).split()
    assert given == [param.metavar for param in arguments]


@pytest.mark.parametrize("name", _commands())
def test_there_is_an_example(name: str) -> None:
    assert re.search(rf"(?m)^\$ .*{re.escape(name)}\b", _section(name)[1])


@pytest.mark.parametrize("name", [name for name in _commands() if name != "landform"])
def test_the_help_has_an_example_of_the_command(name: str) -> None:
    assert re.search(rf"Example: .*{re.escape(name)}\b", _commands()[name].help)
