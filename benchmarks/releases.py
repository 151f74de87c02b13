"""A release of many files, and the matrix of many stacks."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.kit import LANDFORM, Figure, run, seconds, write_project
from landform.aws.record_objects import replace_record
from landform.project import load_project
from landform.workflows.downloaded import downloaded_modules
from landform.workflows.frozen import frozen, sources_of
from landform.workflows.generate import generate_project
from landform.workflows.place import Place, PlaceOptions, open_place
from landform.workflows.ran import Ran, keep_run
from landform.workflows.records import records_of
from landform.workflows.release import Release
from landform.workflows.release_store import keep_release
from landform.workflows.stack_digests import code_digests

_FILES = 200
_STACKS = 20
_ENVIRONMENTS = ("dev", "staging", "prod")
_S3 = '{s3: {bucket: "bench-tfstate", region: us-east-1}}'


def release() -> Iterator[Figure]:
    """Freeze and keep a release of a project with 200 module files, in the sandbox's bucket."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", 1, chained=False, backend=_S3)
        for number in range(_FILES - 1):
            (project / "modules" / "pair" / f"file{number}.tf").write_text(f"# {number}\n" * 50)
        try:
            generate_project(project)
            place = open_place(load_project(project), "dev", PlaceOptions(sandbox=True))
            took = seconds(lambda: _keep(place))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    yield Figure(f"release of a project with {_FILES} module files", took, "s", 0.5)


def status() -> Iterator[Figure]:
    """``landform status`` over three environments of twenty stacks that were applied."""
    with tempfile.TemporaryDirectory() as temporary:
        project = write_project(Path(temporary) / "p", _STACKS, chained=False, backend=_S3)
        for name in _ENVIRONMENTS:
            folder = project / "environments" / name
            folder.mkdir(exist_ok=True)
            (folder / "environment.yaml").write_text("region: us-east-1\n")
        try:
            generate_project(project)
            for name in _ENVIRONMENTS:
                _as_applied(open_place(load_project(project), name, PlaceOptions(sandbox=True)))
            took = min(seconds(lambda: _status(project)) for _ in range(3))
        finally:
            run([LANDFORM, "sandbox", "stop"], project)
    yield Figure(f"status of {len(_ENVIRONMENTS)} environments x {_STACKS} stacks", took, "s", 2.5)


def _keep(place: Place) -> Release:
    with frozen(place) as copy:
        sources = sources_of(copy.project)
        made = Release("bench", dict(sources.hashes), {}, downloaded_modules(place.composed_data))
        keep_release(records_of(place), made, sources, place.composed_data / "modules", None)
    return made


def _as_applied(place: Place) -> None:
    """What an apply of all stacks leaves, without the minutes that it takes: states, a release, a run."""
    made, stacks, s3 = _keep(place), place.project.order, place.client("s3", "us-east-1")
    for stack in stacks:
        one = {"mode": "managed", "type": "t", "name": "a", "module": f"module.{stack}", "instances": [{}]}
        state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": stack, "outputs": {}}
        key = f"bench/{place.environment.name}/{stack}/terraform.tfstate"
        replace_record(s3, "bench-tfstate", key, json.dumps({**state, "resources": [one]}).encode())
    name = f"20260101-000000-{place.environment.name}-apply-0001"
    phases = dict.fromkeys(stacks, "done")
    keep_run(
        records_of(place),
        Ran(name, "apply", made.digest, "2026-01-01T00:00:00Z", phases=phases, code=code_digests(place)),
    )


def _status(project: Path) -> None:
    shown = json.loads(run([LANDFORM, "status", "--sandbox", "--json"], project))
    standings = {each["standing"] for each in shown["stacks"]}
    if standings != {"applied"} or len(shown["stacks"]) != _STACKS * len(_ENVIRONMENTS):
        message = f"status says {standings}"
        raise RuntimeError(message)
