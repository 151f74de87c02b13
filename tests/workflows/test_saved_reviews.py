"""A saved plan is found again by environment and by digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from landform.errors import LandformError
from landform.review import Review
from landform.workflows.saved_reviews import find_review, save_review

_PROJECT = {
    "landform.yaml": "project: shop\nstacks: {a: {module: m}}\n",
    "modules/m/main.tf": 'output "o" { value = 1 }\n',
    "environments/dev/environment.yaml": "region: us-east-1\n",
}


def _review(environment: str, digest: str, created: str) -> Review:
    return Review("shop", environment, digest * 8, "1.11.4", created=created)


@pytest.fixture
def project(write: Callable[[Mapping[str, str]], Path]) -> Path:
    folder = write(_PROJECT)
    save_review(folder, _review("dev", "11111111", "2026-01-01T00:00:00Z"))
    save_review(folder, _review("prod-eu", "22222222", "2026-01-02T00:00:00Z"))
    save_review(folder, _review("dev", "33333333", "2026-01-03T00:00:00Z"))
    return folder


@pytest.mark.parametrize(
    ("which", "digest"),
    [
        ("", "33333333"),
        ("dev", "33333333"),
        ("prod-eu", "22222222"),
        ("1111", "11111111"),
        ("2" * 64, "22222222"),
    ],
)
def test_found_by_what_the_user_knows(project: Path, which: str, digest: str) -> None:
    assert find_review(project, which).digest.startswith(digest)


def test_an_unknown_one_says_how_to_make_it(project: Path) -> None:
    with pytest.raises(LandformError, match="no saved plan of 'staging'") as caught:
        find_review(project, "staging")
    assert "landform plan" in caught.value.way_out


def test_saved_plans_are_private(project: Path) -> None:
    for path in (project / ".landform" / "plans").iterdir():
        assert path.stat().st_mode & 0o077 == 0
