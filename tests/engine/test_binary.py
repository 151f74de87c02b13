"""Which engine is taken, and what is said when none fits."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from landform.engine.binary import Engine, Product, check_version, find_engine
from landform.engine.versions import parse_version
from landform.errors import EngineNotFound, EngineVersion


@pytest.fixture
def fake(tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a program which answers a version, and counts how often it was asked."""

    def make(folder: str, version: str, name: str = "terraform", size: int = 0) -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        answer = f'{{"terraform_version": "{version}"}}'
        path.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho '{answer}'\nexit\n" + "#" * size)
        path.chmod(0o755)
        return path

    return make


def search(tmp_path: Path, *folders: str, constraint: str = "", **environ: str) -> Engine:
    path = os.pathsep.join(str(tmp_path / folder) for folder in folders)
    return find_engine(
        constraint=constraint,
        environ={"PATH": path, "HOME": str(tmp_path), **environ},
        cache_dir=tmp_path / "c",
    )


def test_terraform_before_tofu_before_the_cache(tmp_path: Path, fake: Callable[..., Path]) -> None:
    cached = fake("c/engines/1.9.8", "1.9.8")
    newer = fake("c/engines/1.11.4", "1.11.4")
    assert search(tmp_path).path == newer
    tofu = fake("two", "1.10.6", "tofu")
    assert search(tmp_path, "one", "two") == Engine(tofu, Product.TOFU, parse_version("1.10.6"))
    terraform = fake("one", "1.10.0")
    assert search(tmp_path, "two", "one") == Engine(terraform, Product.TERRAFORM, parse_version("1.10.0"))
    assert search(tmp_path, "one", constraint="1.9.8").path == cached
    assert search(tmp_path, "one", LANDFORM_TERRAFORM=str(cached)).path == cached


def test_one_that_was_named_is_taken_or_refused(tmp_path: Path, fake: Callable[..., Path]) -> None:
    named = fake("own", "1.5.7")
    fake("path", "1.11.4")
    environ = {"PATH": str(tmp_path / "path"), "HOME": str(tmp_path)}
    assert find_engine(str(named), environ=environ, cache_dir=tmp_path).path == named
    with pytest.raises(
        EngineVersion, match=r"needs Terraform >= 1\.10, but this is terraform 1\.5\.7 \(.*own"
    ) as old:
        find_engine(str(named), constraint=">= 1.10", environ=environ, cache_dir=tmp_path)
    assert "landform engine install" in old.value.way_out
    with pytest.raises(EngineNotFound, match="nowhere is not a program"):
        find_engine("nowhere", environ=environ, cache_dir=tmp_path)
    named.write_text("#!/bin/sh\necho broken >&2; exit 3\n")
    with pytest.raises(EngineNotFound, match="does not answer `version -json`: exit code 3, 'broken'"):
        find_engine(str(named), environ=environ, cache_dir=tmp_path)


def test_none_and_none_that_fits_are_two_errors_with_a_way_out(
    tmp_path: Path, fake: Callable[..., Path]
) -> None:
    with pytest.raises(EngineNotFound, match="neither terraform nor tofu") as missing:
        search(tmp_path, "one")
    assert "landform engine install" in missing.value.way_out
    fake("one", "1.9.8")
    with pytest.raises(EngineVersion, match=r"needs Terraform >= 1\.10, found only terraform 1\.9\.8") as old:
        search(tmp_path, "one", constraint=">= 1.10")
    assert "landform engine install" in old.value.way_out


def test_a_broken_one_on_path_is_passed_over(tmp_path: Path, fake: Callable[..., Path]) -> None:
    fake("one", "nonsense")
    good = fake("two", "1.11.4", "tofu")
    assert search(tmp_path, "one", "two").path == good


def test_the_version_is_asked_once_until_the_file_changes(tmp_path: Path, fake: Callable[..., Path]) -> None:
    def times() -> int:
        return (tmp_path / "asked").read_text().count("asked")

    large = 31 * 1024 * 1024
    fake("one", "1.11.4", size=large)
    search(tmp_path, "one")
    assert str(search(tmp_path, "one").version) == "1.11.4"
    assert times() == 1
    fake("one", "1.12.0", size=large + 1)
    assert str(search(tmp_path, "one").version) == "1.12.0"
    assert times() == 2


def test_a_version_manager_is_asked_every_time(tmp_path: Path, fake: Callable[..., Path]) -> None:
    fake("one", "1.11.4")
    search(tmp_path, "one")
    search(tmp_path, "one")
    assert (tmp_path / "asked").read_text().count("asked") == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}'])
def test_a_damaged_memory_costs_only_a_question(
    tmp_path: Path, fake: Callable[..., Path], content: str
) -> None:
    fake("one", "1.11.4")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "versions.json").write_text(content)
    assert str(search(tmp_path, "one").version) == "1.11.4"


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path, fake: Callable[..., Path]) -> None:
    fake("one", "1.11.4", size=31 * 1024 * 1024)
    (tmp_path / "c").write_text("a file where the folder should be")
    assert str(search(tmp_path, "one").version) == "1.11.4"


def test_check_version(tmp_path: Path) -> None:
    engine = Engine(tmp_path, Product.TOFU, parse_version("1.10.6"))
    assert check_version(engine, "~> 1.10") is engine
    with pytest.raises(EngineVersion):
        check_version(engine, ">= 1.11")
    with pytest.raises(ValueError, match="is not a version constraint"):
        check_version(engine, "about 1.11")
