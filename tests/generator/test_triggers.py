"""The job that asks what is due is what its program takes; nothing of the project becomes code in it."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from cronsim import CronSim

from generator.workflow_kit import DEV, OPTIONS, PROD
from landform.engine import Terraform, clean_environment, find_engine, prepare_cli_config
from landform.errors import ProjectInvalid
from landform.generator.triggers import EVERY, TriggerKind, TriggerOptions, trigger_files
from landform.project import Backend, BackendKind, Environment, Notify, Project, Stack, Teardown

BIN = Path(sys.executable).parent
TEMPLATES = Path(__file__).resolve().parents[2] / "src/landform/generator/templates/triggers"
NIGHTLY = replace(DEV, promotes_from=None, teardown=Teardown("0 20 * * *", "America/New_York"))
HOOK = (Notify(webhook_env="NIGHT_HOOK"),)
LAB = replace(NIGHTLY, name="lab", teardown=Teardown("0 19 * * *", "Europe/Berlin", "0 7 * * *", notify=HOOK))
NASTY = '/home/ann\'s 100% $HOME `id` "x"'
"""A folder whose name would be code almost anywhere."""


def _project(folder: Path, *environments: Environment, local: bool = False) -> Project:
    (folder / "modules" / "empty").mkdir(parents=True, exist_ok=True)
    (folder / "modules" / "empty" / "main.tf").write_text("")
    backend = Backend() if local else Backend(BackendKind.S3, bucket="states", region="us-east-1")
    stacks = [Stack("one", "empty", teardown=True)]
    known = environments or (NIGHTLY, LAB)
    return Project("shop", stacks, known, folder=folder, backend=backend)


def _made(where: Path, kind: TriggerKind, made: Project | None = None, **options: Any) -> dict[str, str]:
    project = made or _project(where)
    given = TriggerOptions(str(BIN / "landform"), str(where), OPTIONS, image="example.org/ops/landform:1")
    names = [name for name, each in project.environment_by_name.items() if each.teardown]
    return trigger_files(project, kind, names, replace(given, **options))


def _text(*arguments: Any, **options: Any) -> str:
    (text,) = _made(*arguments, **options).values()
    return text


def _quarters(expression: str, every: int) -> bool:
    """Whether a cron expression comes every so many minutes, through a changed clock's day."""
    times = CronSim(expression, datetime(2027, 3, 28, tzinfo=UTC))
    found = [next(times) for _ in range(40)]
    return all(b - a == timedelta(minutes=every) for a, b in pairwise(found))


@pytest.mark.parametrize("every", EVERY)
def test_cron_runs_it_in_the_folder_whatever_that_is_called(tmp_path: Path, every: int) -> None:
    folder, log = tmp_path / NASTY.strip("/"), tmp_path / "log"
    folder.mkdir(parents=True)
    program = folder / "landform"
    program.write_text(f'#!/bin/sh\npwd > {log}\necho "$@" >> {log}\n')
    program.chmod(0o755)
    text = _text(tmp_path, TriggerKind.CRON, every=every, program=str(program), folder=str(folder))
    *settings, job = [line for line in text.splitlines() if not line.startswith("#")]
    assert "CRON_TZ=UTC" in settings
    *fields, command = job.split(" ", 5)
    assert _quarters(" ".join(fields), every)
    assert not re.search(r"(?<!\\)%", command), "an open % ends a command in a crontab"
    subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], check=True)
    assert log.read_text().splitlines() == [str(folder), "teardown run --all"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("every", EVERY)
def test_systemd_takes_the_units(tmp_path: Path, every: int) -> None:
    folder = tmp_path / NASTY.strip("/")
    folder.mkdir(parents=True)
    program = tmp_path / "100%home of it" / "landform"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    files = _made(tmp_path, TriggerKind.SYSTEMD, every=every, program=str(program), folder=str(folder))
    units = tmp_path / "units"
    units.mkdir()
    for name, text in files.items():
        (units / name).write_text(text)
    argv = ["systemd-analyze", "verify", "--man=no", *(str(units / name) for name in files)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert [line for line in (done.stdout + done.stderr).splitlines() if "landform" in line] == []
    assert done.returncode == 0, done.stderr
    (calendar,) = re.findall("(?m)^OnCalendar=(.*)$", files["landform-teardown-shop.timer"])
    done = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=5", calendar],
        capture_output=True,
        text=True,
        check=True,
    )
    found = [
        datetime.fromisoformat(f"{each}+00:00")
        for each in re.findall(r"[\d-]{10} [\d:]{8}(?= UTC)", done.stdout)
    ]
    times = sorted(set(found))
    assert len(times) == 5
    assert {b - a for a, b in pairwise(times)} == {timedelta(minutes=every)}
    assert "Persistent=true" in files["landform-teardown-shop.timer"]


def test_the_unit_names_exactly_the_program_and_the_folder(tmp_path: Path) -> None:
    """Read back by systemd's own rules: %% is a percent sign, $$ a dollar, backslashes protect."""
    program = "/opt/100% of it/landform"
    files = _made(tmp_path, TriggerKind.SYSTEMD, program=program, folder=NASTY)
    unit = dict(
        line.split("=", 1) for line in files["landform-teardown-shop.service"].splitlines() if "=" in line
    )
    words = [re.sub(r"(%|\$)\1", r"\1", word) for word in shlex.split(unit["ExecStart"], posix=True)]
    assert words == [program, "teardown", "run", "--all"]
    assert unit["WorkingDirectory"].replace("%%", "%") == NASTY
    assert not re.search("(?<!%)%(?:%%)*(?!%)", unit["WorkingDirectory"]), "a single % begins a specifier"


@pytest.mark.parametrize("every", EVERY)
def test_github_takes_the_workflow(tmp_path: Path, every: int) -> None:
    (tmp_path / "flow.yml").write_text(text := _text(tmp_path, TriggerKind.GITHUB, every=every))
    argv = [
        str(BIN / "check-jsonschema"),
        "--builtin-schema",
        "vendor.github-workflows",
        str(tmp_path / "flow.yml"),
    ]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    loaded = yaml.safe_load(text)
    job = loaded["jobs"]["due"]
    assert loaded["permissions"] == {"contents": "read"}
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert job["environment"] == "${{ matrix.environment }}"
    assert job["concurrency"]["cancel-in-progress"] is False
    assert [row["environment"] for row in job["strategy"]["matrix"]["include"]] == ["dev", "lab"]
    assert _quarters(loaded[True]["schedule"][0]["cron"], every)
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)
    assert all("${{" not in step.get("run", "") for step in job["steps"])
    assert any('landform teardown run "$ENVIRONMENT"' in step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize("every", EVERY)
def test_kubernetes_takes_the_cronjob(tmp_path: Path, every: int) -> None:
    import kubernetes_validate

    loaded = yaml.safe_load(_text(tmp_path, TriggerKind.KUBERNETES, every=every))
    kubernetes_validate.validate(loaded, "1.30", strict=True)
    spec, pod = loaded["spec"], loaded["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert _quarters(spec["schedule"], every)
    assert (spec["timeZone"], spec["concurrencyPolicy"]) == ("Etc/UTC", "Forbid")
    assert (spec["jobTemplate"]["spec"]["backoffLimit"], pod["restartPolicy"]) == (0, "Never")
    (container,) = pod["containers"]
    assert container["image"] == "example.org/ops/landform:1"
    assert [*container["command"], *container["args"]] == ["landform", "teardown", "run", "--all"]
    assert pod["securityContext"]["runAsNonRoot"] is True


def test_kubernetes_refuses_what_is_no_cronjob(tmp_path: Path) -> None:
    """Else its schema would prove nothing."""
    import kubernetes_validate

    loaded = yaml.safe_load(_text(tmp_path, TriggerKind.KUBERNETES))
    loaded["spec"]["jobTemplate"]["spec"]["template"]["spec"]["restartPolic"] = "Never"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(loaded, "1.30", strict=True)


async def _validated(root: Path) -> None:
    """Formatted, and valid to the real provider."""
    config = prepare_cli_config(os.environ)
    engine = find_engine(constraint=">= 1.10, < 2")
    terraform = Terraform(engine, root, clean_environment(os.environ), cli_config=config)
    await terraform.init()
    assert await terraform.unformatted() == ()
    assert await terraform.validate() == ()


@pytest.mark.terraform
def test_terraform_takes_the_eventbridge_schedule(tmp_path: Path) -> None:
    looked_at = replace(NIGHTLY, plan_role_arn="arn:aws:iam::111111111111:role/look")
    hostile = replace(OPTIONS, install='land${file("/etc/passwd")}form "x" %{if true}', folder="a b/$c")
    text = _text(tmp_path, TriggerKind.EVENTBRIDGE, _project(tmp_path, looked_at), github=hostile)
    root = tmp_path / "root"
    root.mkdir()
    (root / "main.tf").write_text(text)
    asyncio.run(_validated(root))
    assert '"land$${file(\\"/etc/passwd\\")}form \\"x\\" %%{if true}"' in text
    assert '"arn:aws:iam::111111111111:role/look",' in text
    assert f'"{NIGHTLY.assume_role_arn}",' in text
    assert '"cron(0/15 * * * ? *)"' in text


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (TriggerKind.CRON, "# Set NIGHT_HOOK here"),
        (TriggerKind.SYSTEMD, "EnvironmentFile=-%E/landform-teardown-shop.env"),
        (TriggerKind.GITHUB, "${{ secrets.NIGHT_HOOK }}"),
        (TriggerKind.KUBERNETES, "secretKeyRef:"),
        (TriggerKind.EVENTBRIDGE, '"/landform-teardown-shop/NIGHT_HOOK"'),
    ],
)
def test_the_job_has_the_variables_of_webhooks(tmp_path: Path, kind: TriggerKind, line: str) -> None:
    assert line in "".join(_made(tmp_path, kind).values())
    silent = _made(tmp_path, kind, _project(tmp_path, NIGHTLY))
    assert "NIGHT_HOOK" not in "".join(silent.values())


def test_named_environments_are_the_only_ones(tmp_path: Path) -> None:
    project = _project(tmp_path)
    given = TriggerOptions("/bin/landform", "/srv", OPTIONS, named=True)
    (text,) = trigger_files(project, TriggerKind.CRON, ["lab"], given).values()
    assert text.endswith("exec /bin/landform teardown run lab\n")


def test_all_that_is_in_the_way_is_said_at_once(tmp_path: Path) -> None:
    bare = replace(NIGHTLY, assume_role_arn=None, teardown=Teardown("0 20 * * *", max_late=600))
    with pytest.raises(ProjectInvalid) as refused:
        _made(tmp_path, TriggerKind.KUBERNETES, _project(tmp_path, bare, local=True), image="a b")
    said = "\n".join(map(str, refused.value.faults))
    assert len(refused.value.faults) == 4
    for words in (
        "backend local keeps states on one machine",
        "no role",
        "10 min to begin",
        "'a b' is not the name",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("kind", "options", "says"),
    [
        (TriggerKind.CRON, {"folder": "/srv/a\nb"}, "can't name that path"),
        (TriggerKind.SYSTEMD, {"program": "landform"}, "can't name that path"),
        (TriggerKind.SYSTEMD, {"program": "/opt/$HOME/landform"}, "a quote or a dollar sign"),
        (TriggerKind.SYSTEMD, {"every": 7}, "write one of 15m, 30m, 60m"),
        (TriggerKind.KUBERNETES, {"image": ""}, "needs an image"),
        (TriggerKind.GITHUB, {"github": replace(OPTIONS, install="${{ secrets.X }}")}, "pip can install"),
        (TriggerKind.EVENTBRIDGE, {"github": replace(OPTIONS, terraform="latest")}, "not a release"),
    ],
)
def test_a_bad_option_is_refused(
    tmp_path: Path, kind: TriggerKind, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ProjectInvalid) as refused:
        _made(tmp_path, kind, **options)
    assert says in "\n".join(map(str, refused.value.faults))


def test_a_sandbox_is_no_job_of_another_machine(tmp_path: Path) -> None:
    text = _text(tmp_path, TriggerKind.GITHUB, _project(tmp_path, NIGHTLY, replace(LAB, sandbox=True)))
    assert '"lab"' not in text
    with pytest.raises(ProjectInvalid, match="1 fault"):
        _made(tmp_path, TriggerKind.GITHUB, _project(tmp_path, replace(LAB, sandbox=True), PROD))


def test_every_value_in_a_template_is_quoted_for_its_place() -> None:
    own = {"header", "name", "every", "actions"}  # landform's words, a number, and the name of a project
    raw = {
        inside
        for path in TEMPLATES.glob("*.j2")
        for inside in re.findall(r"\[= (.*?) =\]", path.read_text())
        if not re.search(r"\| (yaml|shell|systemd|path|hcl)$", inside)
    }
    assert {re.sub(r'"[^"]*"', "", each) for each in raw} <= own | {" if every == 60 else  ~ every"}
