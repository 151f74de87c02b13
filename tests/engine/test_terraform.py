"""The commands, with the real terraform and its built-in provider."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from landform.engine import Engine, PlanOptions, Product, Terraform, adopt_apply, clean_environment
from landform.engine.events import Action, Event, Phase, ResourceEvent, Severity
from landform.engine.supervision import Outcome, OutcomeKind, recorded
from landform.engine.versions import parse_version
from landform.errors import TerraformFailed

pytestmark = pytest.mark.terraform
Make = Callable[..., Terraform]
Script = Callable[[str], Path]
Wait = Callable[[Callable[[], object]], None]

ONE = "terraform_data.one"
SIMPLE = """
variable "word" {
  type      = string
  sensitive = true
}
resource "terraform_data" "one" {
  input = var.word
}
output "word" {
  value     = terraform_data.one.output
  sensitive = true
}
output "size" {
  value = ["small", 3]
}
"""

# Two resources; the second goes on until the gate is there.
GATED = """
terraform {
  backend "local" {}
}
resource "terraform_data" "first" {
  input = "made"
  provisioner "local-exec" {
    command = "echo ran >> first"
  }
}
resource "terraform_data" "slow" {
  input = terraform_data.first.output
  provisioner "local-exec" {
    command = "touch waiting; while [ ! -e gate ]; do sleep 0.05; done"
  }
}
"""


async def planned(terraform: Terraform, options: PlanOptions | None = None) -> Path:
    out = terraform.folder / "plan.bin"
    assert (await terraform.plan(out, options)).changes
    return out


def test_from_init_to_destroy(make: Make, tmp_path: Path) -> None:
    terraform = make(SIMPLE, workspace="dev")
    values = tmp_path / "dev.tfvars.json"
    values.write_text(json.dumps({"word": 'a "quoted" ${word} %{if}\n'}))
    options = PlanOptions(var_files=(values,))
    events: list[Event] = []

    async def main() -> None:
        assert await terraform.init() == ()
        assert await terraform.validate() == ()
        assert (await terraform.state_list(), await terraform.state_pull()) == ((), b"")
        plan = terraform.folder / "plan.bin"
        result = await terraform.plan(plan, options, events.append)
        assert (result.changes, result.errored, result.errors) == (True, False, ())
        assert [(one.address, one.action) for one in result.planned] == [(ONE, Action.CREATE)]
        assert json.loads(await terraform.show(plan))["resource_changes"][0]["address"] == ONE
        applied = await terraform.apply(plan, tmp_path / "run", on_event=events.append)
        assert applied.succeeded
        assert applied.summary is not None
        assert (applied.summary.add, applied.summary.operation) == (1, "apply")
        outputs = await terraform.output()
        assert (outputs["word"].value, outputs["word"].sensitive) == ('a "quoted" ${word} %{if}\n', True)
        assert "quoted" not in repr(outputs)
        assert outputs["size"].value == ["small", 3]
        assert await terraform.state_list() == (ONE,)
        assert json.loads(await terraform.state_pull())["serial"] >= 1
        assert await terraform.workspace_list() == ("default", "dev")
        assert not (await terraform.plan(plan, options)).changes
        gone = await planned(terraform, replace(options, destroy=True))
        assert (await terraform.apply(gone, tmp_path / "run2")).succeeded
        assert await terraform.state_list() == ()

    asyncio.run(main())
    done = [one for one in events if isinstance(one, ResourceEvent) and one.phase is Phase.COMPLETE]
    assert [(one.address, one.action, bool(one.id)) for one in done] == [(ONE, Action.CREATE, True)]


def test_errors_of_the_configuration_are_kept_whole(make: Make) -> None:
    terraform = make('resource "terraform_data" "a" {\n  input = var.nope\n}\n')

    async def main() -> None:
        await terraform.init()
        result = await terraform.plan(terraform.folder / "plan.bin")
        assert result.errored
        (valid,) = await terraform.validate()
        assert (valid.severity, valid.filename, valid.line) == (Severity.ERROR, "main.tf", 2)
        text = result.errors[0].render()
        for part in ("error: Reference to undeclared", "main.tf:2", "input = var.nope", '"nope"'):
            assert part in text

    asyncio.run(main())


def test_a_failed_resource_is_in_the_result_with_its_address(make: Make, tmp_path: Path) -> None:
    terraform = make(
        'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "exit 3"\n  }\n}\n'
    )

    async def main() -> None:
        await terraform.init()
        result = await terraform.apply(await planned(terraform), tmp_path / "run")
        assert not result.succeeded
        assert result.outcome == Outcome(OutcomeKind.FINISHED, 1)
        assert result.diagnostics[0].address == "terraform_data.a"
        assert result.diagnostics[0].line == 2

    asyncio.run(main())


def test_a_failing_command_names_itself_its_root_and_the_reason(make: Make) -> None:
    terraform = make('terraform {\n  backend "local" {}\n}\n')
    with pytest.raises(TerraformFailed, match=r"terraform output in .*/root: exit code 1: Error: Backend"):
        asyncio.run(terraform.output())
    with pytest.raises(TerraformFailed, match=r"terraform init in .*: exit code 1: Failed to read") as caught:
        asyncio.run(terraform.init(Path("/nowhere/backend.hcl")))
    assert caught.value.diagnostics


@pytest.mark.parametrize("block", ["", 'terraform {\n  backend "local" {}\n}\n'])
def test_init_works_for_a_workspace_that_nobody_has_used_yet(make: Make, tmp_path: Path, block: str) -> None:
    """terraform itself fails here: 'Currently selected workspace "prod" does not exist'."""
    text = f'{block}resource "terraform_data" "one" {{}}'
    dev, prod = (make(text, workspace=name) for name in ("dev", "prod"))
    backend = tmp_path / "backend.hcl" if block else None
    if backend:
        backend.write_text(f'workspace_dir = "{tmp_path}/states"\n')

    async def main() -> None:
        for index, terraform in enumerate((dev, prod)):
            await terraform.init(backend)
            applied = await terraform.apply(await planned(terraform), tmp_path / f"run{index}")
            assert applied.succeeded
        assert await prod.workspace_list() == ("default", "dev", "prod")
        await dev.init(backend)
        await prod.init(backend, reconfigure=True)

    asyncio.run(main())


def test_a_workspace_can_be_selected_for_who_works_by_hand(make: Make) -> None:
    terraform = replace(make(GATED), data_dir=None)

    async def main() -> None:
        await terraform.init()
        await terraform.select_workspace("staging")
        await terraform.select_workspace("staging")

    asyncio.run(main())
    assert (terraform.folder / ".terraform" / "environment").read_text() == "staging"


def test_secrets_of_the_environment_reach_terraform_and_no_file(make: Make, tmp_path: Path) -> None:
    secret = "hunter2-over-env"
    terraform = make(
        """
variable "password" {
  sensitive = true
  ephemeral = true
}
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = "printf %s \\"$PASSWORD\\" | wc -c > size"
    environment = { PASSWORD = var.password }
  }
}
""",
        env={"TF_VAR_password": secret},
    )

    async def main() -> None:
        await terraform.init()
        assert (await terraform.apply(await planned(terraform), tmp_path / "run")).succeeded

    asyncio.run(main())
    assert (terraform.folder / "size").read_text().strip() == str(len(secret))
    for path in (tmp_path / "run").iterdir():
        assert secret.encode() not in path.read_bytes(), path


def lock_files(root: Path) -> list[Path]:
    return list(root.rglob("*.lock.info"))


def test_cancelling_an_apply_keeps_the_state_and_releases_the_lock(make: Make, tmp_path: Path) -> None:
    terraform = make(GATED, workspace="dev")
    run = tmp_path / "run"

    async def main() -> None:
        await terraform.init()
        applying = asyncio.create_task(terraform.apply(await planned(terraform), run))
        while not (terraform.folder / "waiting").exists():
            await asyncio.sleep(0.02)
        assert lock_files(terraform.folder)
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
        assert recorded(run) == Outcome(OutcomeKind.INTERRUPTED, 1)
        assert "terraform_data.first" in await terraform.state_list()

    asyncio.run(main())
    said = (run / "stdout.log").read_text()
    assert "Interrupt received" in said
    assert "Two interrupts" not in said
    assert lock_files(terraform.folder) == []


def test_a_killed_landform_makes_nothing_twice_and_leaves_no_lock(
    make: Make, tmp_path: Path, wait_until: Wait
) -> None:
    terraform = make(GATED, workspace="dev")
    run = tmp_path / "run"
    code = f"""
import asyncio, os
from pathlib import Path
from landform.engine import Terraform, find_engine, clean_environment
root, data = Path({str(terraform.folder)!r}), Path({str(terraform.data_dir)!r})
terraform = Terraform(find_engine(), root, clean_environment(os.environ), "dev", data)
asyncio.run(terraform.apply(root / "plan.bin", Path({str(run)!r})))
"""

    async def prepare() -> None:
        await terraform.init()
        await planned(terraform)

    asyncio.run(prepare())
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    landform = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **cache})
    wait_until((terraform.folder / "waiting").exists)
    landform.kill()
    landform.wait()
    (terraform.folder / "gate").touch()
    result = asyncio.run(adopt_apply(run))
    assert result is not None
    assert result.succeeded
    assert result.summary is not None
    assert result.summary.add == 2
    assert (terraform.folder / "first").read_text() == "ran\n"
    assert lock_files(terraform.folder) == []
    assert not asyncio.run(terraform.plan(terraform.folder / "again.bin")).changes


def test_unformatted_files_are_named(make: Make) -> None:
    terraform = make('output "a" {\nvalue=1\n}\n')
    assert asyncio.run(terraform.unformatted()) == ("main.tf",)


def faulty(script: Script, tmp_path: Path, body: str) -> Terraform:
    """A terraform with a fault that the real one cannot be made to show."""
    engine = Engine(script(body), Product.TERRAFORM, parse_version("1.11.4"))
    return Terraform(engine, tmp_path, clean_environment(os.environ))


def test_a_killed_terraform_is_named_by_its_signal(script: Script, tmp_path: Path) -> None:
    terraform = faulty(script, tmp_path, "kill -9 $$")
    with pytest.raises(TerraformFailed, match=r"terraform plan in .*: killed by SIGKILL"):
        asyncio.run(terraform.plan(tmp_path / "plan.bin"))
    result = asyncio.run(terraform.apply(tmp_path / "plan.bin", tmp_path / "run"))
    assert result.outcome.kind is OutcomeKind.UNKNOWN
    assert result.diagnostics[0].summary == "killed by SIGKILL"


def test_a_crash_is_an_unknown_outcome_with_what_was_said(script: Script, tmp_path: Path) -> None:
    terraform = faulty(script, tmp_path, "echo '!!!! TERRAFORM CRASH !!!!' >&2; exit 11")
    result = asyncio.run(terraform.apply(tmp_path / "plan.bin", tmp_path / "run"))
    assert result.outcome.kind is OutcomeKind.UNKNOWN
    assert "TERRAFORM CRASH" in result.diagnostics[0].render()


def test_garbage_between_events_is_passed_over_and_shown_on_failure(script: Script, tmp_path: Path) -> None:
    garbage = "echo 'not json'; echo '{\"half\":'; echo '[1]'; echo"
    body = f"{garbage}; head -c 300000 /dev/zero | tr '\\0' e >&2; exit $CODE"
    terraform = faulty(script, tmp_path, body)
    fine = replace(terraform, env={**terraform.env, "CODE": "0"})
    assert asyncio.run(fine.plan(tmp_path / "plan.bin")).diagnostics == ()
    broken = replace(terraform, env={**terraform.env, "CODE": "1"})
    with pytest.raises(TerraformFailed) as caught:
        asyncio.run(broken.plan(tmp_path / "plan.bin"))
    assert "not json" in str(caught.value.diagnostics[0])


def test_another_backend_is_refused_unless_asked_for(make: Make, tmp_path: Path) -> None:
    terraform = make(GATED)
    (tmp_path / "other.hcl").write_text(f'path = "{tmp_path}/elsewhere.tfstate"\n')

    async def main() -> None:
        await terraform.init()
        with pytest.raises(TerraformFailed, match="Backend configuration changed"):
            await terraform.init(tmp_path / "other.hcl")
        await terraform.init(tmp_path / "other.hcl", reconfigure=True)

    asyncio.run(main())
