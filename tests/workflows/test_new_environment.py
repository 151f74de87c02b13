"""An environment that expires: a copy without the schedule of the other, whole or not there at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from landform.errors import HandWritten, LandformError, ProjectInvalid, Refused
from landform.project import Notify, load_project
from landform.workflows.new_environment import make_environment
from workflows.place_kit import Shop
from workflows.schedule_kit import PROJECT

NOW = datetime(2026, 12, 1, 12, 0, 0, 123, tzinfo=UTC)
SOURCE = """\
region: us-east-1
account_id: "012345678901"
promotes_from: lab
soak: 1h
expires_at: 2026-12-24T00:00:00Z
teardown:
  schedule: "0 20 * * *"
  rebuild: "0 7 * * *"
  max_late: 2h
  holidays: [2026-12-25]
  notify: [{webhook_env: HOOK}]
  grace: 1h
tags: {Owner: ann}
"""


@pytest.fixture
def home(shop: Shop) -> Path:
    """A project with dev, lab, and a prod that is protected."""
    shop.write(
        {
            "landform.yaml": PROJECT,
            "environments/dev/environment.yaml": SOURCE,
            "environments/dev/usage.yaml": "# nothing\n",
            "environments/lab/environment.yaml": "region: us-east-1\n",
            "environments/lab/terraform.tfvars": 'x = "lab"\n',
            "environments/prod/environment.yaml": "region: us-east-1\nprotected: true\n",
            "environments/prod/terraform.tfvars": 'x = "prod"\n',
        }
    )
    (shop.folder / "generated").rename(shop.folder / "old")
    return shop.folder


def _files(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()
    }


def test_it_is_a_copy_that_expires_and_has_no_schedule(home: Path) -> None:
    made = make_environment(home, "pr-123", "dev", "3d", NOW)
    found = load_project(home).environment_by_name["pr-123"]
    assert made.expires_at == "2026-12-04T12:00:00Z"
    assert found.expires_at == datetime(2026, 12, 4, 12, tzinfo=UTC)
    assert (found.ephemeral, found.protected, found.promotes_from, found.soak) == (True, False, None, 0)
    assert found.account_id == "012345678901"
    assert dict(found.tags) == {"Owner": "ann", "ExpiresAt": "2026-12-04T12:00:00Z"}
    assert found.teardown is not None
    assert (found.teardown.schedule, found.teardown.rebuild, found.teardown.holidays) == (None, None, ())
    assert (found.teardown.notify, found.teardown.grace) == ((Notify(webhook_env="HOOK"),), 3600)
    assert found.values == {"x": "hunter2hunter2"}
    assert "generated/environments/pr-123.tfvars" in made.paths
    assert "environments/pr-123/usage.yaml" in made.paths
    assert all((home / path).is_file() for path in made.paths)


def test_a_copy_of_what_never_goes_has_no_teardown_at_all(home: Path) -> None:
    make_environment(home, "pr-1", "lab", "12h", NOW)
    assert set(yaml.safe_load((home / "environments/pr-1/environment.yaml").read_text())) == {
        "region",
        "ephemeral",
        "expires_at",
        "tags",
    }


@pytest.mark.parametrize(
    ("name", "source", "ttl", "error", "says"),
    [
        ("lab", "dev", "3d", LandformError, "there is an environment lab already"),
        ("PR 1", "dev", "3d", ProjectInvalid, "bad environment name 'PR 1'"),
        ("../x", "dev", "3d", ProjectInvalid, "bad environment name '../x'"),
        ("default", "dev", "3d", ProjectInvalid, "'default'"),
        ("pr-1", "prod", "3d", Refused, "prod is protected"),
        ("pr-1", "def", "3d", ProjectInvalid, "unknown environment 'def'"),
        ("pr-1", "dev", "soon", LandformError, "'soon' is no length of time"),
        ("pr-1", "dev", "5m", LandformError, "lives for 1h to 90d"),
        ("pr-1", "dev", "91d", LandformError, "lives for 1h to 90d"),
    ],
)
def test_a_bad_one_writes_nothing(
    home: Path, name: str, source: str, ttl: str, error: type[LandformError], says: str
) -> None:
    before = _files(home)
    with pytest.raises(error) as refused:
        make_environment(home, name, source, ttl, NOW)
    faults = getattr(refused.value, "faults", ())
    assert says in "\n".join([refused.value.what, *map(str, faults)])
    assert _files(home) == before


def test_where_the_roots_can_not_be_written_no_environment_is_left(home: Path) -> None:
    path = home / "generated" / "environments" / "pr-1.tfvars"
    path.parent.mkdir(parents=True)
    path.write_text("# by hand\n")
    before = _files(home)
    with pytest.raises(HandWritten):
        make_environment(home, "pr-1", "dev", "3d", NOW)
    assert _files(home) == before
    assert not (home / "environments" / "pr-1").exists()


def test_links_are_not_copied(home: Path) -> None:
    (home / "environments" / "dev" / "more.auto.tfvars").symlink_to("/etc/passwd")
    with pytest.raises(LandformError, match=r"holds links, which are not copied: more\.auto\.tfvars"):
        make_environment(home, "pr-1", "dev", "3d", NOW)
