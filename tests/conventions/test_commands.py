"""Every command explains itself with an example that parses, is documented, and starts quickly."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from conventions.source import REPOSITORY
from landform.cli.app import app

_SLOW = ("boto3", "botocore", "jinja2", "pygohcl", "yaml", "rich", "moto", "pydantic")
_ASK_FOR_HELP = f"""
import sys
sys.argv = ["landform", "--help"]
from landform.cli.app import main
try:
    main()
except SystemExit as ended:
    print("exit", ended.code)
print("slow", [name for name in {_SLOW!r} if name in sys.modules])
"""


def _commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def _app() -> TyperGroup:
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    return command


COMMANDS: dict[str, Any] = dict(_commands(_app()))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_an_example_that_parses(name: str) -> None:
    text = COMMANDS[name].help or ""
    first, *_ = text.splitlines()
    assert first.endswith("."), "the first line of help is a sentence"
    (example,) = re.findall(r"^Example: (.*)$", text, re.MULTILINE)
    (called,) = re.findall(r"\blandform ([^)]*)", example)
    words = shlex.split(called)
    assert " ".join(words[: len(name.split())]) == name
    COMMANDS[name].make_context(name, words[len(name.split()) :])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_is_explained(name: str) -> None:
    silent = [each.name for each in COMMANDS[name].params if not getattr(each, "help", None)]
    assert silent == []


def test_every_command_is_in_the_reference() -> None:
    if not (REPOSITORY / "docs").is_dir():
        pytest.skip("there is no docs/ yet")
    text = (REPOSITORY / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if not re.search(rf"`landform {re.escape(name)}\b", text)]
    assert missing == []


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", _ASK_FOR_HELP], capture_output=True, text=True, check=True)
    assert "exit 0" in done.stdout
    assert "slow []" in done.stdout
