"""The job that asks what is due is written over nothing of somebody's, and only for what has a schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from landform.errors import HandWritten, LandformError
from landform.workflows.triggers import TriggerRequest, make_trigger, write_trigger
from workflows.place_kit import Shop
from workflows.schedule_kit import PROJECT, scheduled_shop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a schedule in dev, and none in lab."""
    shop = Shop(tmp_path / "shop")
    shop.write({"landform.yaml": PROJECT, "modules/m/main.tf": 'variable "x" {\n  type = string\n}\n'})
    for name in ("dev", "lab"):
        shop.write({f"environments/{name}/environment.yaml": "region: us-east-1\n"})
        shop.write({f"environments/{name}/terraform.tfvars": 'x = "1"\n'})
    return scheduled_shop(shop).folder


def test_a_job_is_written_and_never_over_what_is_somebodys(folder: Path, tmp_path: Path) -> None:
    (crontab,) = make_trigger(folder, TriggerRequest("cron")).values()
    assert "teardown run --all\n" in crontab
    files = make_trigger(folder, TriggerRequest("systemd", ("dev",), "30m"))
    out = tmp_path / "out"
    assert [str(each.kind) for each in write_trigger(files, out)] == ["create", "create"]
    assert write_trigger(files, out) == []
    (out / "landform-teardown-shop.timer").write_text("# by hand\n")
    with pytest.raises(HandWritten):
        write_trigger(files, out)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (TriggerRequest("cron", ("lab",)), "lab has no schedule"),
        (TriggerRequest("cron", ("prod",)), "1 fault"),
        (TriggerRequest("cron", every="often"), "--every: 'often' is no length of time"),
        (TriggerRequest("github"), "2 faults"),
    ],
)
def test_what_can_not_be_scheduled_is_said(folder: Path, request_: TriggerRequest, says: str) -> None:
    with pytest.raises(LandformError, match=says):
        make_trigger(folder, request_)
