"""A new project is valid at once and stays plain Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.errors import LandformError, ProjectInvalid
from landform.generator import generated_files
from landform.generator.files import stale_files
from landform.project import load_project
from landform.workflows.examples import Example
from landform.workflows.new import new_project


def test_it_loads_under_its_own_name_with_fresh_roots(tmp_path: Path) -> None:
    new_project(tmp_path / "My Shop")
    project = load_project(tmp_path / "My Shop")
    assert project.name == "my-shop"
    assert set(project.environment_by_name) == {"dev", "staging", "prod"}
    assert stale_files(project.folder, generated_files(project)) == []


_ENVIRONMENTS = {
    Example.STARTER: {"dev", "staging", "prod"},
    Example.SHOP: {"dev", "staging", "prod"},
    Example.EKS: {"dev", "prod"},
}


@pytest.mark.parametrize("example", Example)
def test_every_example_is_a_project_under_the_new_name(tmp_path: Path, example: Example) -> None:
    new_project(tmp_path / "mine", example=example)
    project = load_project(tmp_path / "mine")
    assert project.name == "mine"
    assert set(project.environment_by_name) == _ENVIRONMENTS[example]
    assert stale_files(project.folder, generated_files(project)) == []


def test_it_does_not_need_landform_to_find_its_modules(tmp_path: Path) -> None:
    new_project(tmp_path / "shop")
    main = (tmp_path / "shop" / "generated" / "network" / "main.tf").read_text()
    assert 'source = "../modules/vpc"' in main
    assert (tmp_path / "shop" / "generated" / "modules" / "vpc" / "variables.tf").is_file()


@pytest.mark.parametrize("example", Example)
def test_the_example_file_has_every_variable_and_is_valid_as_it_stands(
    tmp_path: Path, example: Example
) -> None:
    new_project(tmp_path / "shop", example=example)
    folder = tmp_path / "shop"
    values = (folder / "terraform.tfvars.example").read_text()
    (folder / "environments" / "dev" / "terraform.tfvars").write_text(values)
    project = load_project(folder)
    assert set(project.environment_by_name["dev"].values) == set(project.effective_variables)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    new_project(tmp_path / "shop")
    with pytest.raises(LandformError, match="holds a project already"):
        new_project(tmp_path / "shop")


def test_a_name_that_can_not_be_one_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ProjectInvalid, match="1 fault"):
        new_project(tmp_path / "shop", "Shop!")
    assert not (tmp_path / "shop").exists()
