"""A sweep of an account with 5,000 tagged resources."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, run, seconds, write_project
from landform.project import load_project
from landform.workflows.place import Place, PlaceOptions, open_place

_KNOWN, _LEFT = 2_500, 2_500
_TAGS = {"Project": "bench", "Environment": "dev"}
_MEASURED = """
import resource, runpy, sys
sys.argv = ["landform", "sweep", "dev", "--sandbox", "--json"]
from landform.cli.app import main
try:
    main()
except SystemExit as ended:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
    raise
"""


def sweep() -> Iterator[Figure]:
    """``landform sweep`` where one half is in a state, the other half is left over; one look."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", 1, chained=False)
        try:
            place = open_place(load_project(project), "dev", PlaceOptions(sandbox=True))
            _plant(place)
            peak = _measured(project)
            took = seconds(lambda: _sweep(project))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    yield Figure(f"sweep of {_KNOWN + _LEFT} tagged resources", took, "s", 20)
    yield Figure("its memory", peak, "MB", 150)


def _plant(place: Place) -> None:
    logs = place.client("logs")
    account = place.client("sts").get_caller_identity()["Account"]
    for number in range(_KNOWN + _LEFT):
        logs.create_log_group(logGroupName=f"g{number:04}", tags=_TAGS)
    start = f"arn:aws:logs:us-east-1:{account}:log-group:g"
    instances = [
        {"index_key": number, "attributes": {"id": f"g{number:04}", "arn": f"{start}{number:04}"}}
        for number in range(_KNOWN)
    ]
    group = {"module": "module.s0000", "mode": "managed", "type": "aws_cloudwatch_log_group", "name": "g"}
    provider = {"provider": 'provider["registry.terraform.io/hashicorp/aws"]', "instances": instances}
    state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {}}
    path = place.state_dir / "s0000" / "dev" / "terraform.tfstate"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({**state, "resources": [group | provider]}))


def _sweep(project: Path) -> None:
    found = json.loads(run([LANDFORM, "sweep", "dev", "--sandbox", "--json"], project, expected=(5,)))
    if found["counts"]["leftover"] != _LEFT:
        message = f"the sweep found {found['counts']}"
        raise RuntimeError(message)


def _measured(project: Path) -> float:
    """The most memory that a sweep takes, in MB."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", _MEASURED], cwd=project, capture_output=True, text=True, check=False
    )
    if done.returncode != 5:
        raise RuntimeError(done.stderr)
    return int(done.stderr.split()[-1]) / 1024
