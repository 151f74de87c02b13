"""A project with three environments, and its workflows as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from landform.generator.ci import GithubOptions, github_workflows
from landform.project import ApprovalRules, Backend, BackendKind, Environment, Project, Stack

OPTIONS = GithubOptions(install="landform==1.2.3", terraform="1.11.4")
ROLE = "arn:aws:iam::{}:role/deploy"
DEV = Environment("dev", "us-east-1", assume_role_arn=ROLE.format("1" * 12))
STAGING = Environment(
    "staging", "us-east-1", assume_role_arn=ROLE.format("2" * 12), promotes_from="dev"
)  # fmt: skip
PROD = Environment(
    "prod", "eu-west-1", assume_role_arn=ROLE.format("3" * 12), promotes_from="staging",
    approvals=ApprovalRules(2),
)  # fmt: skip


def project(folder: Path, *environments: Environment, name: str = "shop", local: bool = False) -> Project:
    """A project of one stack without inputs, with these environments, or with dev, staging and prod."""
    module = folder / "modules" / "empty"
    module.mkdir(parents=True, exist_ok=True)
    (module / "main.tf").write_text("")
    backend = Backend() if local else Backend(BackendKind.S3, bucket="states", region="us-east-1")
    known = environments or (PROD, STAGING, DEV)
    return Project(name, [Stack("one", "empty")], known, folder=folder, backend=backend)


def texts(made: Project, **options: Any) -> Mapping[str, str]:
    """The workflows' text by file name."""
    return github_workflows(made, replace(OPTIONS, **options))


def loaded(files: Mapping[str, str]) -> dict[str, Any]:
    """The workflows as GitHub reads them; YAML 1.1's ``on`` is no truth value here."""
    return {name: yaml.load(text, _Loader) for name, text in files.items()}


def jobs(files: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every job, named by file and id."""
    for name, workflow in loaded(files).items():
        for key, job in workflow["jobs"].items():
            yield f"{name}:{key}", job


def steps(files: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step, named by file, job and its own name."""
    for name, job in jobs(files):
        for step in job["steps"]:
            yield f"{name}:{step['name']}", step


class _Loader(yaml.SafeLoader):
    """SafeLoader that reads only ``true`` and ``false`` as truth values, as YAML 1.2 and GitHub do."""


_Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:bool" or first in "tfTF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
