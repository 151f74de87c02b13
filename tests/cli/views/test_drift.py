"""What has drifted, since when, by whom; and nothing from outside acts on the terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from landform.aws.tagged import TaggedResource
from landform.aws.trail import TrailEvent
from landform.cli.views.ages import lasting
from landform.cli.views.drift import show_drift
from landform.workflows.drifting import Drifted, EnvironmentDrift, StackDrift, Standing

_HOSTILE = "x\x1b[2J\n[bold]"


def _before(**how_long: int) -> str:
    return (datetime.now(UTC) - timedelta(**how_long)).isoformat()


def _found() -> EnvironmentDrift:
    drifted = Drifted(
        "dev", "data", "module.data.aws_db_instance.this", "aws_db_instance", False,
        (("instance_class", "db.t3.small", _HOSTILE),), True, "reverted", "c", _before(days=3, hours=1),
        names=("db-1",), changed=TrailEvent("ModifyDBInstance", "arn:aws:iam::1:user/ann", _before(hours=2)),
    )  # fmt: skip
    strays = tuple(TaggedResource(f"arn:aws:logs:::{number:02}{_HOSTILE}", "x") for number in range(12))
    return EnvironmentDrift(
        "dev",
        stacks=(StackDrift("data", Standing.DRIFT, (drifted,)),),
        unmanaged=strays,
        notes=("CloudTrail: not allowed",),
        flags=" --sandbox",
    )


def test_the_text_says_since_when_and_by_whom(capsys: pytest.CaptureFixture[str]) -> None:
    show_drift([_found()], no_color=True)
    told = capsys.readouterr().out
    assert "~ aws_db_instance.this  would be reverted  drifted for 3 days" in told
    assert "by arn:aws:iam::1:user/ann, 2 h ago, ModifyDBInstance" in told
    assert "tagged, and in no state: 12; see landform sweep dev --sandbox" in told
    assert told.count("arn:aws:logs") == 10
    assert "and 2 more" in told
    assert "CloudTrail: not allowed" in told
    assert "\x1b" not in told
    assert "[bold]" in told


def test_the_json_says_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    show_drift([_found()], as_json=True)
    (dev,) = json.loads(capsys.readouterr().out)["environments"]
    (drifted,) = dev["stacks"][0]["drifted"]
    assert drifted["changed"]["by"] == "arn:aws:iam::1:user/ann"
    assert "names" not in drifted
    assert len(dev["unmanaged"]) == 12
    assert dev["notes"] == ["CloudTrail: not allowed"]


@pytest.mark.parametrize(
    ("how_long", "told"),
    [
        ({"days": 3}, "for 3 days"),
        ({"days": 1}, "for 1 day"),
        ({"hours": 5}, "for 5 h"),
        ({}, "since just now"),
    ],
)
def test_how_long(how_long: dict[str, int], told: str) -> None:
    assert lasting(_before(**how_long), datetime.now(UTC)) == told
    assert lasting("", datetime.now(UTC)) == ""
