"""The example of each README works with terraform alone: no landform, no flag, no file beside the example."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from landform.engine import find_engine, prepare_cli_config
from landform.testing import Emulator
from landform.testing.collect_readme import Example, read_examples
from modules.conftest import MODULES

pytestmark = pytest.mark.e2e

NAMES = sorted(path.parent.name for path in MODULES.glob("*/README.md"))
Run = Callable[..., str]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root from which ``../../modules`` is the modules; one for all: the provider is fetched once."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "modules").symlink_to(MODULES)
    (folder / "roots" / "example").mkdir(parents=True)
    return folder / "roots" / "example"


@pytest.fixture
def run(root: Path, tf_emulator: Emulator) -> Run:
    """Run terraform in the root as a person would; all it is told is where AWS is, and who is asking."""
    engine = find_engine(constraint=">= 1.10, < 2", cache_dir=root.parent)
    env = _mirror() | {
        "PATH": os.environ["PATH"],
        "HOME": str(root.parent),
        "AWS_ENDPOINT_URL": tf_emulator.endpoint_url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }

    def terraform(*argv: str) -> str:
        done = subprocess.run(
            [str(engine.path), *argv],
            cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return terraform


def _mirror() -> dict[str, str]:
    """A provider mirror of this machine is the machine's own setting, as a ``~/.terraformrc`` is."""
    path = prepare_cli_config(os.environ).path
    return {"TF_CLI_CONFIG_FILE": str(path)} if path else {}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_planned(name: str, root: Path, run: Run) -> None:
    example = _example(name)
    (root / "main.tf").write_text(example.text)
    run("init", "-no-color")
    told = run("plan", "-no-color")
    added = re.search(r"^Plan: (\d+) to add, 0 to change, 0 to destroy\.$", told, re.MULTILINE)
    assert added, told
    read = told.count("will be read during apply")
    assert int(added[1]) + read == example.resources
    assert "Warning" not in told


def _example(name: str) -> Example:
    """The first one of the README, which the plugin plans as well."""
    return next(read_examples((MODULES / name / "README.md").read_text(encoding="utf-8")))
