"""What the pages give as whole files is valid, and HCL is formatted as ``terraform fmt`` does."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from docs.pages import ROOT, Block, all_blocks, blocks, pages
from landform.project import Stack, load_project

_STARTER = ROOT / "examples" / "starter"
_PROJECT_FILES = ("landform.yaml", "environment.yaml")


def _whole_files(page: Path) -> list[Block]:
    """The titled blocks of a page; of several versions of a file the last one counts."""
    return [block for block in blocks(page) if block.title]


def _describing() -> list[Path]:
    return [page for page in pages() if any(b.title.endswith(_PROJECT_FILES) for b in _whole_files(page))]


@pytest.mark.parametrize("page", _describing(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_files_of_a_page_make_a_project_without_faults(page: Path, tmp_path: Path) -> None:
    for block in _whole_files(page):
        path = tmp_path / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    if not (tmp_path / "landform.yaml").exists():
        _starter(tmp_path)
    assert load_project(tmp_path).stack_by_name


def _starter(folder: Path) -> None:
    """The project of ``landform new`` around the page's own files: the page adds to it."""
    shutil.copy(_STARTER / "landform.yaml", folder)
    shutil.copytree(
        _STARTER / "environments", folder / "environments", dirs_exist_ok=True, copy_function=_keep
    )
    for environment in (folder / "environments").iterdir():
        _keep(str(_STARTER / "terraform.tfvars.example"), str(environment / "terraform.tfvars"))


def _keep(source: str, target: str) -> str:
    """Copy, but never over a file of the page."""
    return target if Path(target).exists() else shutil.copy(source, target)


def test_there_are_examples() -> None:
    assert len(_describing()) >= 3


@pytest.mark.terraform
@pytest.mark.parametrize("block", all_blocks("hcl"), ids=str)
def test_hcl_is_formatted(
    block: Block, tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    terraform(tmp_path, "fmt", "-check", "-diff", "-", stdin=block.text)


@pytest.mark.parametrize("block", all_blocks("python"), ids=str)
def test_python_runs(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(_STARTER / "landform.yaml", tmp_path)
    shutil.copytree(_STARTER / "environments", tmp_path / "environments")
    monkeypatch.chdir(tmp_path)
    exec(compile(block.text, str(block), "exec"), {})


def _data_rows() -> list[tuple[str, str]]:
    """Written and received, from the table of what is data."""
    page = (ROOT / "docs" / "reference" / "expressions.md").read_text(encoding="utf-8")
    return re.findall(r"(?m)^\| `(\".*\")` \| `(.*)` \|$", page)


@pytest.mark.parametrize(("written", "received"), _data_rows())
def test_data_stays_data(written: str, received: str) -> None:
    assert Stack("one", "vpc", {"text": yaml.safe_load(written)}).inputs["text"] == received


def test_there_is_data() -> None:
    assert len(_data_rows()) >= 3
