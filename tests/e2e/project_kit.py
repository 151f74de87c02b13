"""A small project in a folder of its own, the installed ``landform`` to drive it, and eyes on what it did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

LANDFORM = Path(sys.executable).parent / "landform"
ACCOUNT = "123456789012"
REGION = "us-east-1"
PATIENCE = 300.0
"""Seconds until a command, or a condition, is given up."""


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


def run(argv: list[str], cwd: Path, env: Mapping[str, str] | None = None, code: int | None = 0) -> Ended:
    """Run to the end without a terminal, and look at the exit code (None: any)."""
    done = subprocess.run(
        argv, cwd=cwd, env=dict(env or os.environ), stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", timeout=PATIENCE * 2, check=False,
    )  # fmt: skip
    ended = Ended(done.returncode, done.stdout, done.stderr)
    assert code in (None, ended.code), f"{argv} ended with {ended.code}\n{ended.out}\n{ended.err}"
    return ended


def works_as(name: str) -> dict[str, str]:
    """The environment in which somebody called ``name`` works."""
    settings = {"user.name": name, "user.email": f"{name}@example.com"}
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait for a condition, not for a time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.05)


@dataclass
class ProjectKit:
    """One project with a sandbox of its own. ``env`` is added to the shell's for every command."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, named relative to the project."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace text that must be in a file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every command."""
        return {**os.environ, **self.env}

    def landform(self, *args: str, code: int | None = 0) -> Ended:
        """Run the installed landform in the project's folder."""
        return run([str(LANDFORM), *args], self.folder, self.environ, code)

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start landform in a session of its own, with pipes as output."""
        process = subprocess.Popen(
            [str(LANDFORM), *args], cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
            preexec_fn=hear_signals,  # noqa: PLW1509
        )  # fmt: skip
        self.started.append(process)
        return process

    @property
    def sandbox(self) -> dict[str, Any]:
        """What is recorded of the project's sandbox; empty where there is none."""
        record = self.folder / ".landform" / "sandbox" / "server.json"
        found: dict[str, Any] = json.loads(record.read_text()) if record.exists() else {}
        return found

    def aws(self, service: str, account: str = ACCOUNT, region: str = REGION) -> Any:
        """A client of the sandbox, made without landform."""
        return emulator_client(f"http://127.0.0.1:{self.sandbox['port']}", service, account, region)

    def parameter(self, name: str, account: str = ACCOUNT, region: str = REGION) -> str:
        """The value of an SSM parameter."""
        found = self.aws("ssm", account, region).get_parameter(Name=name)
        return str(found["Parameter"]["Value"])

    def parameters(self, account: str = ACCOUNT) -> dict[str, tuple[str, int]]:
        """Every SSM parameter with its value and its version, which counts the writes."""
        pages = self.aws("ssm", account).get_paginator("get_parameters_by_path").paginate
        found = [each for page in pages(Path="/", Recursive=True) for each in page["Parameters"]]
        return {each["Name"]: (each["Value"], each["Version"]) for each in found}

    def log_groups(self) -> list[str]:
        """The names of all log groups; they are made with a prefix, so that a second one would be seen."""
        return [each["logGroupName"] for each in self.aws("logs").describe_log_groups()["logGroups"]]

    def objects(self, bucket: str) -> list[str]:
        """The keys in a bucket."""
        return [each["Key"] for each in self.aws("s3").list_objects_v2(Bucket=bucket).get("Contents", ())]

    def locks(self, bucket: str) -> list[str]:
        """The keys of the locks in a state bucket."""
        return [key for key in self.objects(bucket) if key.endswith(".tflock")]

    def processes(self) -> dict[int, str]:
        """Processes whose command line names the project's folder."""
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, check=True)
        lines = (line.split(None, 1) for line in listed.stdout.decode(errors="replace").splitlines())
        return {int(pid): args for pid, args in lines if f"{self.folder}/" in args}


def hear_signals() -> None:
    """In a new process: signals mean what they usually do, also where these tests run in the background."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def frozen(project: ProjectKit) -> Iterator[None]:
    """The project's sandbox answers nobody, so that nothing can end meanwhile."""
    pid = project.sandbox["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def emulator_client(endpoint: str, service: str, account: str = ACCOUNT, region: str = REGION) -> Any:
    """A boto3 client of an emulator, in one of its accounts."""
    config = Config(s3={"addressing_style": "path"}, proxies={}, retries={"total_max_attempts": 2})
    session = boto3.Session("testing", "testing", region_name=region)
    if account != ACCOUNT:
        role = f"arn:aws:iam::{account}:role/tests"
        sts = session.client("sts", endpoint_url=endpoint, config=config)
        keys = sts.assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
        session = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=region
        )
    made: Any = session.client(service, endpoint_url=endpoint, config=config)  # type: ignore[call-overload]
    return made
