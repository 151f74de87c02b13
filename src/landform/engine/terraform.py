"""The commands of one root folder: init, validate, plan, show, apply, output, workspaces, state.

A failure is a ``TerraformFailed`` that names command and root and keeps every diagnostic. Values travel in
files or ``TF_VAR_*``, never in argv, which every user of a machine can read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from landform import processes
from landform.engine.binary import Engine
from landform.engine.cli_config import CliConfig, link_past_cache, plugin_cache
from landform.engine.conversation import Conversation, failed
from landform.engine.events import Diagnostic, Event, parse_diagnostic
from landform.engine.results import ApplyResult, OutputValue, PlanOptions, PlanResult
from landform.engine.supervision import OnOrphan, Outcome, OutcomeKind, SupervisedStep, adopt, supervise

OnEvent = Callable[[Event], None]

# "default" is the one workspace that always exists. `init` with TF_WORKSPACE naming another asks a question
# when that one has no state yet and a third one has: it fails, or works, depending on who was there before
# (1.11.4).
_ALWAYS_THERE = "default"


@dataclass(frozen=True, slots=True)
class Terraform:
    """One root folder in one workspace.

    ``env`` is everything the engine inherits (see ``clean_environment``); ``data_dir`` is ``TF_DATA_DIR``,
    so that two workspaces of one root can be used at once. With the local and S3 backends a workspace needs
    no creation: after ``init``, planning in it is enough (S3 then writes an empty state object at once,
    local at apply).
    """

    engine: Engine
    folder: Path
    env: Mapping[str, str] = field(repr=False)
    workspace: str | None = None
    data_dir: Path | None = None
    cli_config: CliConfig | None = None

    async def init(
        self,
        backend_config: Path | None = None,
        *,
        reconfigure: bool = False,
        upgrade: bool = False,
        lockfile_readonly: bool = False,
        on_event: OnEvent | None = None,
    ) -> tuple[Diagnostic, ...]:
        """Make the root ready; returns its warnings. Never asks, never moves a state to another backend.

        A backend that is not the one of the last time is an error unless ``reconfigure``, which leaves the
        states where they are. A root with a ``backend`` block must keep its states anywhere but in the
        local backend's own places (``terraform.tfstate``, ``terraform.tfstate.d``): Terraform takes what it
        finds there for states it should move, and asks, whatever the flags.
        Runs as workspace "default", which always exists; the other commands run as ``workspace``.
        """
        argv = ["init", "-json", "-input=false", "-no-color"]
        argv += [f"-backend-config={backend_config.absolute()}"] if backend_config else []
        argv += ["-reconfigure"] if reconfigure else []
        argv += ["-upgrade"] if upgrade else []
        argv += ["-lockfile=readonly"] if lockfile_readonly else []
        async with plugin_cache(self.cli_config, self.folder, self.env) as extra:
            env = self._environment(_ALWAYS_THERE) | extra
            told = await self._converse(argv, on_event, (0,), env)
            link_past_cache(self.data_dir or self.folder / ".terraform")
        return tuple(told.diagnostics)

    async def move_state(self, run_folder: Path, on_event: OnEvent | None = None) -> ApplyResult:
        """Move the state to the backend that the root names by now, under a supervisor.

        What lies there already is written over. Failures and ``run_folder`` are as for ``apply``.
        """
        # Not with -json: Terraform takes that, and -migrate-state, for a contradiction (1.11.4).
        argv = [str(self.engine.path), "init", "-input=false", "-no-color", "-migrate-state", "-force-copy"]
        told = Conversation(on_event)
        env = self._environment(self.workspace)
        step = SupervisedStep(run_folder, tuple(argv), self.folder, env)
        return _apply_result(await supervise(step, told.hear), told)

    async def validate(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic of the configuration; the root must have been initialised."""
        done = await self._capture(["validate", "-json"], expected=(0, 1))
        try:
            return tuple(parse_diagnostic(one) for one in json.loads(done.stdout)["diagnostics"])
        except (ValueError, KeyError, TypeError) as fault:
            raise failed("validate", self.folder, done) from fault

    async def plan(
        self, out: Path, options: PlanOptions | None = None, on_event: OnEvent | None = None
    ) -> PlanResult:
        """Plan into the file ``out``. Errors Terraform reports are in the result; anything else raises."""
        argv = ["plan", "-json", "-input=false", "-no-color", "-detailed-exitcode", f"-out={out.absolute()}"]
        told = await self._converse(
            argv + _plan_flags(options or PlanOptions()), on_event, expected=(0, 1, 2)
        )
        if told.returncode == 1 and not told.errors:
            raise failed("plan", self.folder, told.completed, told.diagnostics, told.raw)
        return PlanResult(
            changes=told.returncode == 2,
            errored=told.returncode == 1,
            diagnostics=tuple(told.diagnostics),
            planned=tuple(told.planned),
            summary=told.summary,
        )

    async def show(self, plan: Path) -> bytes:
        """The saved plan as Terraform's JSON document. It holds sensitive values in the clear."""
        return (await self._capture(["show", "-json", "-no-color", str(plan.absolute())])).stdout

    async def apply(
        self,
        plan: Path,
        run_folder: Path,
        *,
        on_event: OnEvent | None = None,
        on_orphan: OnOrphan = OnOrphan.FINISH,
        lock_timeout: int = 0,
    ) -> ApplyResult:
        """Apply exactly a saved plan (of a destroy, too) under a supervisor; ``run_folder`` is used once.

        It waits ``lock_timeout`` seconds for the state's lock.

        A failure is in the result, not raised, because what was done has to be recorded. Cancelling is as for
        ``supervise``; ``adopt_apply`` on the same folder then tells the result.
        """
        argv = [str(self.engine.path), "apply", "-json", "-input=false", "-no-color"]
        argv += [f"-lock-timeout={lock_timeout}s"] if lock_timeout else []
        told = Conversation(on_event)
        env = self._environment(self.workspace)
        step = SupervisedStep(run_folder, (*argv, str(plan.absolute())), self.folder, env, on_orphan)
        return _apply_result(await supervise(step, told.hear), told)

    async def apply_unreviewed(
        self,
        run_folder: Path,
        options: PlanOptions | None = None,
        *,
        on_event: OnEvent | None = None,
        on_orphan: OnOrphan = OnOrphan.INTERRUPT,
    ) -> ApplyResult:
        """Plan and apply in one process, for the throw-away resources of tests: nobody reviews the plan.

        One process instead of two saves the start of every provider. Otherwise as ``apply``.
        """
        argv = [str(self.engine.path), "apply", "-json", "-input=false", "-no-color", "-auto-approve"]
        told = Conversation(on_event)
        step = SupervisedStep(
            run_folder,
            (*argv, *_plan_flags(options or PlanOptions())),
            self.folder,
            self._environment(self.workspace),
            on_orphan,
        )
        return _apply_result(await supervise(step, told.hear), told)

    async def test(self, test_folder: str, on_line: Callable[[str], None]) -> processes.Completed:
        """Run the test files of ``test_folder`` (relative to the root), with each run's plan or state.

        Hands over the lines as they are: each of those plans carries the schemas of all providers (13 MB for
        AWS), too much to parse for whoever wants the plan alone. Exit code 1 means that a run failed.
        """
        command = ["test", "-json", "-verbose", "-no-color", f"-test-directory={test_folder}"]
        argv = [str(self.engine.path), *command]
        env = self._environment(self.workspace)
        done = await processes.stream(argv, cwd=self.folder, env=env, on_line=on_line)
        if done.returncode not in (0, 1):
            raise failed("test", self.folder, done)
        return done

    async def output(self) -> dict[str, OutputValue]:
        """The root's outputs by name; empty when nothing was applied yet."""
        done = await self._capture(["output", "-json", "-no-color"])
        content = json.loads(done.stdout or b"{}")
        return {
            name: OutputValue(one.get("value"), one.get("type"), bool(one.get("sensitive")))
            for name, one in content.items()
        }

    async def state_pull(self) -> bytes:
        """The state as it is stored, b'' when there is none."""
        return (await self._capture(["state", "pull"])).stdout

    async def state_push(self, document: Path, run_folder: Path) -> ApplyResult:
        """Push a state over that of the workspace under a supervisor; ``run_folder`` is used once.

        Terraform takes the lock, and refuses another lineage and a serial that is not higher, unless the
        state there is empty. The serial it writes may be one more than that of ``document``. A failure is in
        the result, as of ``apply``.
        """
        argv = (str(self.engine.path), "state", "push", "-no-color", str(document.absolute()))
        told = Conversation()
        step = SupervisedStep(run_folder, argv, self.folder, self._environment(self.workspace))
        return _apply_result(await supervise(step, told.hear), told)

    async def state_list(self) -> tuple[str, ...]:
        """The addresses of all resources in the state; none when there is no state."""
        done = await self._capture(["state", "list", "-no-color"], expected=(0, 1))
        if done.returncode == 1 and "No state file was found" not in done.stderr_tail:
            raise failed("state list", self.folder, done)
        return tuple(done.stdout.decode().split("\n"))[:-1]

    async def force_unlock(self, lock_id: str) -> None:
        """Release the lock of the state that has this id. Raises TerraformFailed where it has another one."""
        await self._capture(["force-unlock", "-force", lock_id])

    async def workspace_list(self) -> tuple[str, ...]:
        """The workspaces the backend has states for, "default" among them."""
        done = await self._capture(["workspace", "list", "-no-color"])
        # A remark on TF_WORKSPACE follows the list; only the list has this margin.
        return tuple(re.findall(r"(?m)^[* ] (\S+)$", done.stdout.decode()))

    async def select_workspace(self, name: str) -> None:
        """Select, and create if missing, a workspace for whoever works in this folder by hand.

        Not needed for landform's own commands: they name their workspace in the environment.
        """
        argv = ["workspace", "select", "-no-color", "-or-create=true", name]
        await self._capture(argv, env=self._environment(None))

    async def unformatted(self) -> tuple[str, ...]:
        """The files below the folder that ``terraform fmt`` would change."""
        done = await self._capture(["fmt", "-check", "-recursive", "-no-color"], expected=(0, 3))
        return tuple(done.stdout.decode().splitlines())

    def _environment(self, workspace: str | None) -> dict[str, str]:
        env = dict(self.env)
        if workspace:
            env["TF_WORKSPACE"] = workspace
        if self.data_dir:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            env["TF_DATA_DIR"] = str(self.data_dir.absolute())
        if self.cli_config and self.cli_config.path:
            env["TF_CLI_CONFIG_FILE"] = str(self.cli_config.path)
        return env

    async def _capture(
        self, command: list[str], expected: tuple[int, ...] = (0,), env: Mapping[str, str] | None = None
    ) -> processes.Completed:
        argv = [str(self.engine.path), *command]
        env = env or self._environment(self.workspace)
        done = await processes.capture(argv, cwd=self.folder, env=env)
        if done.returncode not in expected:
            raise failed(_name(command), self.folder, done)
        return done

    async def _converse(
        self,
        command: list[str],
        on_event: OnEvent | None,
        expected: tuple[int, ...],
        env: Mapping[str, str] | None = None,
    ) -> Conversation:
        told = Conversation(on_event)
        argv = [str(self.engine.path), *command]
        env = env or self._environment(self.workspace)
        told.completed = await processes.stream(argv, cwd=self.folder, env=env, on_line=told.hear)
        if told.returncode not in expected:
            raise failed(_name(command), self.folder, told.completed, told.diagnostics, told.raw)
        return told


async def adopt_apply(run_folder: Path, on_event: OnEvent | None = None) -> ApplyResult | None:
    """The result of an apply that an earlier landform started, waiting for it if it still runs.

    None when it was never started. Events come from its beginning.
    """
    told = Conversation(on_event)
    outcome = await adopt(run_folder, told.hear)
    return _apply_result(outcome, told) if outcome else None


def _apply_result(outcome: Outcome, told: Conversation) -> ApplyResult:
    # 0 done, 1 errors or interrupted; 11 and others: it crashed, and nobody knows what it did last.
    if outcome.kind is OutcomeKind.FINISHED and outcome.returncode not in (0, 1, 127):
        outcome = replace(outcome, kind=OutcomeKind.UNKNOWN)
    return ApplyResult(outcome, told.final_diagnostics(outcome), told.summary)


def _name(command: list[str]) -> str:
    return " ".join(command[:2]) if command[0] in ("state", "workspace") else command[0]


def _plan_flags(options: PlanOptions) -> list[str]:
    flags = [f"-var-file={path.absolute()}" for path in options.var_files]
    flags += [f"-target={address}" for address in options.targets]
    flags += ["-destroy"] if options.destroy else []
    flags += [] if options.refresh else ["-refresh=false"]
    flags += ["-refresh-only"] if options.refresh_only else []
    flags += [] if options.lock else ["-lock=false"]
    flags += [f"-lock-timeout={options.lock_timeout}s"] if options.lock_timeout else []
    flags += [f"-parallelism={options.parallelism}"] if options.parallelism else []
    return flags
