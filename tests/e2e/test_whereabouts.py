"""Nothing is planned in another account, region, workspace or state than the environment's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from e2e.project_kit import ACCOUNT, ProjectKit

pytestmark = pytest.mark.e2e

OTHER = "999999999999"


def _refused(project: ProjectKit, *, sandbox: bool = True) -> str:
    before = project.parameters()
    done = project.landform("apply", "dev", "--yes", *(["--sandbox"] if sandbox else []), code=3)
    assert "Needs your eyes" not in done.out
    assert "plan " not in done.out, "it was refused before any plan"
    assert project.parameters() == before
    return done.err


@contextmanager
def _edited(path: Path, change: Callable[[str], str]) -> Iterator[None]:
    before = path.read_text() if path.exists() else None
    path.write_text(change(before or ""))
    yield
    if before is None:
        path.unlink()
    else:
        path.write_text(before)


def _data(project: ProjectKit, stack: str) -> Path:
    (life,) = (project.folder / ".landform" / "sandbox").glob("????????/data/dev")
    return life / stack


def _at(name: str, value: str) -> Callable[[str], str]:
    """A data folder's memory of its backend, edited."""

    def change(text: str) -> str:
        document: Any = json.loads(text)
        assert name in document["backend"]["config"]
        document["backend"]["config"][name] = value
        return json.dumps(document)

    return change


def test_another_account_is_refused_with_both(standing: ProjectKit) -> None:
    """Credentials of another account, on the ordinary way to AWS."""
    endpoint = f"http://127.0.0.1:{standing.sandbox['port']}"
    role = f"arn:aws:iam::{OTHER}:role/other"
    keys = standing.aws("sts").assume_role(RoleArn=role, RoleSessionName="other")["Credentials"]
    before = dict(standing.env)
    standing.env |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
    try:
        said = _refused(standing, sandbox=False)
    finally:
        standing.env = before
    assert f"the credentials are of account {OTHER}, environment.yaml says {ACCOUNT}" in said


def test_another_region_than_it_was_applied_in_is_refused_with_both(standing: ProjectKit) -> None:
    path = standing.folder / "environments/dev/environment.yaml"
    with _edited(path, lambda text: text.replace("us-east-1", "eu-west-1")):
        said = _refused(standing)
    assert "it was applied in region us-east-1, environment.yaml says eu-west-1" in said


def test_another_region_than_that_of_the_bucket_is_refused_with_both(standing: ProjectKit) -> None:
    with _edited(standing.folder / "landform.yaml", lambda text: text.replace("us-east-1", "eu-west-1")):
        said = _refused(standing)
    assert "the state bucket shop-tfstate lies in us-east-1, the backend says eu-west-1" in said


def test_another_workspace_in_the_data_folder_is_refused_with_both(standing: ProjectKit) -> None:
    with _edited(_data(standing, "web") / "environment", lambda _: "prod"):
        said = _refused(standing)
    assert "data/dev/web selects the workspace prod, it should be dev" in said


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [("workspace_key_prefix", "shop/prod", "shop"), ("key", "../prod/x", "web/terraform.tfstate")],
)
def test_a_key_of_another_state_in_the_data_folder_is_refused_with_both(
    standing: ProjectKit, name: str, value: str, right: str
) -> None:
    with _edited(_data(standing, "web") / "terraform.tfstate", _at(name, value)):
        said = _refused(standing)
    assert f"keeps the state at {name} {value}, it should be {right}" in said


def test_everything_that_is_wrong_is_told_at_once(standing: ProjectKit) -> None:
    path = standing.folder / "environments/dev/environment.yaml"
    with (
        _edited(path, lambda text: text.replace("us-east-1", "eu-west-1")),
        _edited(_data(standing, "web") / "environment", lambda _: "prod"),
    ):
        said = _refused(standing)
    assert "eu-west-1" in said
    assert "workspace prod" in said
