"""Somebody dies, or a connection does, at any moment: nothing is made twice, and nothing is lost unnamed.

Each seed picks the command, the moment and what happens, the same each time. The moment is one of Terraform's
writes, before it is carried out or before its answer arrives.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from e2e.conftest import MakeProject
from e2e.project_kit import PATIENCE, Ended, ProjectKit, emulator_client, wait_until
from e2e.small_projects import BUCKET, ENVIRONMENT, project_file
from e2e.struck_emulator import Strike, StruckEmulator, struck_emulator
from e2e.terminal import Terminal

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SEEDS = (*range(150, 169), 190)
"""Twenty in which strikes of each kind meet creations, deletions, states and locks."""
WRITES = {"apply": 16, "destroy": 10}
"""How often Terraform writes a state, a lock or an object."""
Cuts = Callable[[str], bool]

NETWORK = """\
resource "aws_cloudwatch_log_group" "flow" {
  name_prefix = "flow-"
}

resource "aws_cloudwatch_log_group" "door" {
  name_prefix = "door-"
}

output "log_group" {
  value = aws_cloudwatch_log_group.flow.name
}
"""
WEB = """\
variable "log_group" {
  type = string
}

resource "aws_cloudwatch_log_group" "site" {
  name_prefix = "site-"
  tags        = { Flow = var.log_group }
}

resource "aws_cloudwatch_log_group" "wall" {
  name_prefix = "wall-"
  tags        = { Site = aws_cloudwatch_log_group.site.name }
}
"""
FILES = {
    "landform.yaml": project_file(
        "  network:\n    module: network\n"
        "  web:\n    module: web\n    inputs: {log_group: '${stack.network.log_group}'}\n"
    ),
    "modules/network/main.tf": NETWORK,
    "modules/web/main.tf": WEB,
    "environments/dev/environment.yaml": ENVIRONMENT,
}


@dataclass
class Struck:
    """One project beside one emulator, of which everything is known."""

    project: ProjectKit
    emulator: StruckEmulator

    def landform(self, *args: str, code: int | None = 0) -> Ended:
        """Run a command here, to its end."""
        return self.project.landform(*args, "--endpoint-url", self.emulator.endpoint, code=code)

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start a command here."""
        return self.project.start(*args, "--endpoint-url", self.emulator.endpoint)

    def aws(self, service: str) -> Any:
        """A client of the emulator, made without landform."""
        return emulator_client(self.emulator.endpoint, service)

    def standing(self) -> set[str]:
        """Everything of the project in the account, by name."""
        return {each["logGroupName"] for each in self.aws("logs").describe_log_groups()["logGroups"]}

    def in_states(self) -> set[str]:
        """Everything that a state manages, by name."""
        s3 = self.aws("s3")
        found = s3.list_objects_v2(Bucket=BUCKET, Prefix="shop/dev/").get("Contents", ())
        names: set[str] = set()
        for key in (each["Key"] for each in found if each["Key"].endswith(".tfstate")):
            document = json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
            managed = (each for each in document["resources"] if each["mode"] == "managed")
            names |= {one["attributes"]["name"] for each in managed for one in each["instances"]}
        return names

    def kill_terraform(self) -> None:
        """Kill Terraform and its providers, and let their supervisors live."""
        for pid, args in self.project.processes().items():
            if "processes.py" not in args:
                _kill(pid)

    def kill_all(self) -> None:
        """What a power cut does."""
        for process in self.project.started:
            _kill(process.pid)
        for pid in self.project.processes():
            _kill(pid)

    def kill_landform(self) -> None:
        """Kill the landform that was started last."""
        _kill(self.project.started[-1].pid)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def here(make_project: MakeProject) -> Iterator[Struck]:
    """The project, applied to nothing yet, and an emulator that has its state bucket."""
    project = make_project(FILES)
    with struck_emulator() as emulator:
        found = Struck(project, emulator)
        found.aws("s3").create_bucket(Bucket=BUCKET)
        yield found


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_made_twice_and_nothing_is_left_unnamed(here: Struck, seed: int) -> None:
    chance = random.Random(seed)
    command = chance.choice(("apply", "apply", "destroy"))
    number, answered = chance.randrange(WRITES[command]) + 1, chance.choice((False, True))
    then = chance.choice(("apply", "destroy"))
    blow, cuts = _KINDS[seed % len(_KINDS)]
    if command == "destroy":
        here.landform("apply", "dev", "--yes")
    here.emulator.arm(Strike(number, answered, partial(blow, here), cuts()))

    process = here.start(command, "dev", "--yes")
    said = "".join(process.communicate(timeout=PATIENCE))
    wait_until(lambda: not here.project.processes(), "what goes on by itself has ended")
    assert here.emulator.struck, f"{here.emulator.writes} writes were all\n{said}"
    here.emulator.mend()
    _look_and_clean_up(here, then)
    here.landform("destroy", "dev", "--yes")
    assert here.standing() == set()
    assert here.in_states() == set()
    assert here.landform("state", "locks", "dev", "--json").json["quarantine"] == []


def _never() -> Cuts:
    return lambda _: False


def _three_times() -> Cuts:
    left = iter(range(3))
    return lambda _: next(left, None) is not None


def _to_states() -> Cuts:
    return lambda path: path.startswith("PUT") and path.endswith(".tfstate")


_KINDS: tuple[tuple[Callable[[Struck], None], Callable[[], Cuts]], ...] = (
    (lambda _: None, _three_times),
    (Struck.kill_all, _never),
    (Struck.kill_landform, _never),
    (Struck.kill_terraform, _never),
    (lambda _: None, _to_states),
)
"""What happens, and which requests are cut from then on: no state can be written until somebody looks."""


def _look_and_clean_up(here: Struck, command: str) -> None:
    """Do what landform says until the environment is whole again; nothing may be made meanwhile."""
    for lock in here.landform("state", "locks", "dev", "--json").json["locks"]:
        assert lock["life"] == "dead", lock
        if lock["stack"]:
            here.landform("state", "unlock", "dev", lock["stack"], "--yes")
    before, unknown = here.standing(), here.standing() - here.in_states()
    _once(before)

    ended = here.landform(command, "dev", "--yes", code=None)

    if not unknown:
        assert ended.code == 0, ended.out + ended.err
    else:
        assert ended.code == 3, f"{unknown} is in no state\n{ended.out}{ended.err}"
        assert "is in quarantine" in ended.err
        assert here.standing() == before
        _delete(here, unknown)
    _once(here.standing())


def _once(standing: set[str]) -> None:
    twice = [kind for kind, count in Counter(each.split("-")[0] for each in standing).items() if count > 1]
    assert twice == [], standing


def _delete(here: Struck, unknown: set[str]) -> None:
    """The sweep names what is in no state, and deletes exactly what it has named."""
    found = here.landform("sweep", "dev", "--json", code=5).json["found"]
    assert len(found) == len(unknown), (found, unknown)
    shown = here.landform("sweep", "dev", "--delete-leftovers", code=5).out
    digest = shown.split("--delete ")[1].split()[0]
    with Terminal(
        here.project, "sweep", "dev", "--delete", digest, "--endpoint-url", here.emulator.endpoint
    ) as terminal:
        terminal.wait_for(f"Type dev to delete {len(unknown)}")
        terminal.type("dev\n")
        assert terminal.wait_for_end() == 0, terminal.shown
    assert here.standing() & unknown == set()
