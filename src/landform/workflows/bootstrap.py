"""Makes the state bucket of an environment, and keeps the state of that in the bucket.

Two phases. While the bucket is in no state, Terraform plans and applies with a state in a local file, then
moves that into the bucket. Once it is there, everything goes by the state in the bucket. What was interrupted
goes on where it was: an object that is there, and in no state, is imported.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from landform.aws.bucket_parts import bucket_parts, is_bucket, is_table
from landform.aws.state_objects import get_state
from landform.engine.events import Event
from landform.engine.results import ApplyResult, PlanOptions
from landform.engine.supervision import OutcomeKind
from landform.engine.terraform import Terraform
from landform.errors import Interrupted, LandformError, Refused, StateUnreadable, TerraformFailed
from landform.generator.bootstrap import MODULE, OUTPUTS, bootstrap_files, bootstrap_values
from landform.generator.files import write_text
from landform.planning.environment_plan import PlanFrame, StackPlan, parse_plan
from landform.planning.foreign import no_locals
from landform.planning.redaction import Redactor, secrets_of_plan
from landform.planning.states import StackState, parse_state
from landform.project.model import ApprovalRules
from landform.project.state_keys import bootstrap_state_key, state_store
from landform.review import Facts, Judgement, Review, review_plan
from landform.review.risk import RiskContext, find_risks
from landform.review.verdict import REFUSING, verdict_of
from landform.workflows.costing import environment_cost
from landform.workflows.journal import Run, now, start_run
from landform.workflows.place import Place
from landform.workflows.policies import PolicyRequest, policy_results
from landform.workflows.progress import Observer, Phase, RunResult, StackProgress, StackResult

_PLAN = "bootstrap.tfplan"
_Hear = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class BootstrapPlan:
    """What would be done to a state bucket. ``in_bucket``: its state is in the bucket already."""

    review: Review
    redactor: Redactor
    file: Path
    in_bucket: bool


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The private folder in which the bucket of one environment is made."""

    place: Place
    folder: Path

    @property
    def state_url(self) -> str:
        """Where the state of the bucket lies in the end."""
        return f"s3://{self._bucket}/{bootstrap_state_key(self.place.project)}"

    @property
    def command(self) -> str:
        """The command that goes on where this one ended."""
        return f"landform state bootstrap {self.place.environment.name}{self.place.flags}"

    def plan(self, on_event: _Hear | None = None) -> BootstrapPlan:
        """Plan and review; changes nothing. Raises TerraformFailed and StateUnreadable."""
        file = self.folder / _PLAN
        in_bucket = self._state_in_bucket() is not None
        if in_bucket:
            self._forget_first_state()
        content = asyncio.run(self._plan(file, in_bucket, on_event))
        document = json.loads(content)
        redactor = secrets_of_plan(document)
        frame = PlanFrame(
            self.place.project.name,
            self.place.environment.name,
            [StackPlan(MODULE, MODULE)],
            {name: (MODULE, name) for name in OUTPUTS},
            digest=hashlib.sha256(content).hexdigest(),
        )
        plan = parse_plan(document, frame, no_locals)
        environment, store = self.place.environment, state_store(self.place.project, self.place.environment)
        facts = Facts(now(), self.place.where, store.region, environment.account_id or "")
        findings = find_risks(plan, RiskContext(redactor, environment.ephemeral))
        asked = PolicyRequest(self.place.project, environment, plan, redactor)
        cost, budget = environment_cost(plan, self.place.project, environment, datetime.now(UTC).date())
        policies = (*policy_results(asked, findings), *budget)
        verdict = verdict_of(findings, policies, ApprovalRules())
        judgement = Judgement(findings, {}, policies, cost, verdict)
        return BootstrapPlan(review_plan(plan, redactor, judgement, facts), redactor, file, in_bucket)

    def apply(self, planned: BootstrapPlan, observer: Observer) -> RunResult:
        """Apply exactly the plan, then move the state into the bucket. Raises Interrupted and Refused."""
        if planned.review.has_changes and planned.review.verdict.result in REFUSING:
            raise Refused(f"the policies refuse this: the verdict is {planned.review.verdict.result}")
        run = start_run(self.place.runs, self.place.environment.name, "bootstrap", planned.redactor)
        run.record("started", operation="bootstrap", environment=self.place.environment.name)
        try:
            result = asyncio.run(self._carry_out(planned, run, observer))
        except KeyboardInterrupt:
            run.record("interrupted")
            raise Interrupted(
                "you interrupted the work on the state bucket; what was made is kept",
                f"Go on with: {self.command}",
            ) from None
        run.record("ended", phase=str(result.phase), reasons=list(result.reasons))
        observer(StackProgress(MODULE, result.phase))
        return RunResult(run.id, (result,))

    @property
    def _bucket(self) -> str:
        return state_store(self.place.project, self.place.environment).bucket

    @property
    def _first_state(self) -> Path:
        """The state of the first phase."""
        return self.folder / "first.tfstate"

    def _terraform(self) -> Terraform:
        """In the default workspace: several environments may share a bucket, and it has one state."""
        place = self.place
        data = self.folder / "data"
        return Terraform(place.engine, self.folder / "root", place.env, None, data, place.cli_config)

    def _write_root(self, *, in_bucket: bool, imports: frozenset[str] = frozenset()) -> None:
        state = "" if in_bucket else str(self._first_state)
        project, environment = self.place.project, self.place.environment
        for name, text in bootstrap_files(project, environment, state, imports).items():
            write_text(self.folder / "root" / name, text)
        write_text(self._values, bootstrap_values(project, environment), mode=0o600)

    @property
    def _values(self) -> Path:
        return self.folder / "values.tfvars.json"

    async def _plan(self, file: Path, in_bucket: bool, on_event: _Hear | None) -> bytes:
        self._write_root(in_bucket=in_bucket)
        terraform = self._terraform()
        await terraform.init(reconfigure=True)
        known = {each.removeprefix(f"module.{MODULE}.") for each in await terraform.state_list()}
        self._write_root(in_bucket=in_bucket, imports=self._standing() - known)
        # No lock: a landform killed meanwhile would leave it behind. Terraform refuses to apply a stale plan.
        planned = await terraform.plan(file, PlanOptions((self._values,), lock=False), on_event)
        if planned.errored:
            raise TerraformFailed("Terraform can't plan the state bucket", planned.diagnostics)
        return await terraform.show(file)

    def _standing(self) -> frozenset[str]:
        """What is there, in a state or in none."""
        store = state_store(self.place.project, self.place.environment)
        found = bucket_parts(self.place.client("s3", store.region), store.bucket)
        table = store.dynamodb_table
        if table and is_table(self.place.client("dynamodb", store.region), table):
            found |= {"aws_dynamodb_table.locks[0]"}
        return found

    async def _carry_out(self, planned: BootstrapPlan, run: Run, observer: Observer) -> StackResult:
        changes = sum(len(stack.changes) for stack in planned.review.stacks)
        if planned.review.has_changes:
            observer(StackProgress(MODULE, Phase.APPLYING, total=changes))
            applied = await self._terraform().apply(planned.file, run.step_folder(MODULE))
            run.clear(MODULE)
            if not applied.succeeded:
                return StackResult(MODULE, Phase.FAILED, self._reasons(planned, applied))
        if not planned.in_bucket:
            moved = await self._move(run)
            if not moved.succeeded:
                return StackResult(MODULE, Phase.FAILED, self._reasons(planned, moved))
        return StackResult(MODULE, Phase.DONE, changes=changes)

    async def _move(self, run: Run) -> ApplyResult:
        """Have Terraform move the state into the bucket; the file goes once it is seen to be there."""
        before = parse_state(MODULE, self._first_state.read_bytes())
        self._write_root(in_bucket=True)
        moved = await self._terraform().move_state(run.step_folder(f"{MODULE}-state"))
        if moved.succeeded:
            after = self._state_in_bucket()
            if after is None or after.resources != before.resources:
                raise StateUnreadable(
                    f"the state of the bucket is not at {self.state_url} after it was moved there",
                    f"It is still in {self._first_state}. Go on with: {self.command}",
                )
            run.record("state moved", to=self.state_url)
            self._forget_first_state()
        return moved

    def _forget_first_state(self) -> None:
        """Once it is in the bucket: the file, and the copies that Terraform makes of it."""
        for left in self.folder.glob(f"{self._first_state.name}*"):
            left.unlink()

    def _state_in_bucket(self) -> StackState | None:
        """The state in the bucket, None where there is no bucket, no state or nothing in it."""
        store = state_store(self.place.project, self.place.environment)
        client = self.place.client("s3", store.region)
        if not is_bucket(client, store.bucket):
            return None
        state = parse_state(MODULE, get_state(client, store.bucket, bootstrap_state_key(self.place.project)))
        return state if state.managed_count else None

    def _reasons(self, planned: BootstrapPlan, failed: ApplyResult) -> list[str]:
        reasons = [planned.redactor.text(each.render()) for each in failed.diagnostics]
        if failed.outcome.kind is not OutcomeKind.FINISHED:
            reasons.append("Terraform was stopped before it had ended.")
        return [*reasons, "Nothing of what was made is lost."]


@contextmanager
def opened_bootstrap(place: Place) -> Iterator[Bootstrap]:
    """The bootstrap of a place whose backend is S3; one at a time."""
    store = state_store(place.project, place.environment)
    folder = place.work / "bootstrap" / store.bucket
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with FileLock(folder / "landform.lock", timeout=0):
            try:
                yield Bootstrap(place, folder)
            finally:
                (folder / _PLAN).unlink(missing_ok=True)  # it holds every value in the clear
    except Timeout:
        raise LandformError(
            f"another command is at work on the state bucket {store.bucket}", "Wait for it to end."
        ) from None
