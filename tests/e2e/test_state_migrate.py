"""States move between local files, buckets and keys, and are the same afterwards; the old ones stay."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.project_kit import PATIENCE, ProjectKit, frozen, wait_until
from e2e.small_projects import BUCKET, project_file
from e2e.terminal import Terminal

pytestmark = pytest.mark.e2e

TEAM = f'{{s3: {{bucket: "{BUCKET}", region: us-east-1, key_prefix: team/a}}}}'
NEW = '{s3: {bucket: "shop-new-{environment}", region: eu-west-1}}'
OWN = f"s3://{BUCKET}/shop?region=us-east-1"
STACKS = ("network", "web")


@pytest.fixture
def moving(standing: ProjectKit) -> Iterator[ProjectKit]:
    """The standing stacks; their backend is as it was in the end, and nothing lies elsewhere."""
    path = standing.folder / "landform.yaml"
    text = path.read_text()
    try:
        yield standing
    finally:
        path.write_text(text)
        _forget(standing)


def _forget(project: ProjectKit) -> None:
    """Take away what was moved: the tests begin where the stacks were applied."""
    s3 = project.aws("s3")
    for key in project.objects(BUCKET):
        if key.startswith("team/a/"):
            s3.delete_object(Bucket=BUCKET, Key=key)
    for path in (project.folder / ".landform").rglob("terraform.tfstate*"):
        if path.is_file() and "states" in path.parts:
            path.unlink()
    for path in (project.folder / ".landform").rglob("records/dev"):
        shutil.rmtree(path)


def _backend(project: ProjectKit, backend: str) -> None:
    _, _, stacks = (project.folder / "landform.yaml").read_text().partition("stacks:\n")
    project.write({"landform.yaml": project_file(stacks, backend)})


def _state(project: ProjectKit, stack: str, prefix: str = "") -> Any:
    key = f"{prefix}shop/dev/{stack}/terraform.tfstate"
    return json.loads(project.aws("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())


def _local(project: ProjectKit, stack: str) -> Any:
    (path,) = (project.folder / ".landform").rglob(f"states/{stack}/dev/terraform.tfstate")
    return json.loads(path.read_text())


def _same(one: Any, other: Any) -> bool:
    return all(one[name] == other[name] for name in ("lineage", "outputs", "resources"))


def _migrate(project: ProjectKit, source: str, code: int = 0) -> Any:
    return project.landform("state", "migrate", "dev", "--from", source, "--sandbox", "--yes", code=code)


def test_from_the_bucket_to_files_to_another_key_and_back_to_files(moving: ProjectKit) -> None:
    before = {stack: _state(moving, stack) for stack in STACKS}
    history = moving.landform("audit", "dev", "--sandbox", "--json").json["entries"]

    _backend(moving, "local")
    done = _migrate(moving, OWN)
    assert "2 of 2 states moved" in done.out
    for stack in STACKS:
        assert _same(_local(moving, stack), before[stack])
        assert _state(moving, stack) == before[stack], "the old state is as it was"
    assert "No changes" in moving.landform("plan", "dev", "--sandbox").out

    _backend(moving, TEAM)
    _migrate(moving, "local")
    for stack in STACKS:
        assert _same(_state(moving, stack, "team/a/"), before[stack])
    assert "0 of 2 states moved" in _migrate(moving, "local").out

    _backend(moving, "local")
    back = _migrate(moving, f"s3://{BUCKET}/team/a/shop")
    for stack in STACKS:
        there, here = _state(moving, stack, "team/a/"), _local(moving, stack)
        assert _same(here, before[stack])
        assert here["serial"] >= there["serial"]
    assert 'landform state migrate dev --from "local:' in back.out
    entries = moving.landform("audit", "dev", "--sandbox", "--json").json["entries"]
    assert entries[: len(history)] == history, "the history came along"
    assert [each["event"] for each in entries[len(history) :]] == ["states moved"] * 3
    assert not moving.locks(BUCKET)


def test_another_bucket_in_another_region_after_a_yes(moving: ProjectKit) -> None:
    _backend(moving, NEW)
    command = ("state", "migrate", "dev", "--from", OWN, "--sandbox")
    assert "no terminal" in moving.landform(*command, code=3).err
    with Terminal(moving, *command) as terminal:
        terminal.wait_for("Move these states of dev?")
        terminal.type("y\n")
        assert terminal.wait_for_end() == 0, terminal.shown
    s3 = moving.aws("s3", region="eu-west-1")
    for stack in STACKS:
        found = s3.get_object(Bucket="shop-new-dev", Key=f"shop/dev/{stack}/terraform.tfstate")
        assert _same(json.loads(found["Body"].read()), _state(moving, stack))


def test_what_is_in_the_way_is_refused_before_anything_moves(moving: ProjectKit) -> None:
    s3 = moving.aws("s3")
    _backend(moving, TEAM)
    lock = "shop/dev/web/terraform.tfstate.tflock"
    s3.put_object(Bucket=BUCKET, Key=lock, Body=json.dumps({"Who": "ada@laptop"}))
    try:
        assert "locked by ada@laptop" in _migrate(moving, OWN, code=3).err
    finally:
        s3.delete_object(Bucket=BUCKET, Key=lock)
    stranger = _state(moving, "web") | {"lineage": "11111111-2222-3333-4444-555555555555"}
    s3.put_object(Bucket=BUCKET, Key="team/a/shop/dev/web/terraform.tfstate", Body=json.dumps(stranger))
    assert "is of lineage 11111111" in _migrate(moving, OWN, code=3).err
    assert "team/a/shop/dev/network/terraform.tfstate" not in moving.objects(BUCKET)
    missing = _migrate(moving, "s3://no-such-bucket/shop", code=1)
    assert "there is no bucket no-such-bucket" in missing.err
    assert "Correct --from" in missing.err


def test_killed_half_way_it_is_finished_by_the_next_one(moving: ProjectKit) -> None:
    before = {stack: _state(moving, stack) for stack in STACKS}
    _backend(moving, TEAM)
    earlier = _journals(moving)
    running = moving.start("state", "migrate", "dev", "--from", OWN, "--sandbox", "--yes")
    wait_until(lambda: _pushes(_journals(moving) - earlier) == ["network", "web"], "the second push begins")
    with frozen(moving):
        assert running.poll() is None
        os.kill(running.pid, signal.SIGKILL)
        running.communicate(timeout=PATIENCE)
    assert _same(_state(moving, "network", "team/a/"), before["network"])

    done = _migrate(moving, OWN)

    assert "network: there already" in done.out
    for stack in STACKS:
        assert _same(_state(moving, stack, "team/a/"), before[stack])
        assert _state(moving, stack) == before[stack]
    assert not moving.locks(BUCKET)
    assert not list((moving.folder / ".landform").glob("root-*")), "no copy of a state is left"


def _journals(project: ProjectKit) -> set[Path]:
    return set((project.folder / ".landform" / "sandbox").glob("*/runs/*-migrate-*/journal.jsonl"))


def _pushes(journals: set[Path]) -> list[str]:
    """The stacks whose push a migration has begun."""
    lines = [json.loads(line) for path in journals for line in path.read_text().splitlines()]
    return [each["stack"] for each in lines if each["event"] == "push started"]
