"""Reviews a plan that somebody else made: all that a review says without a project."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landform.errors import LandformError
from landform.planning.causes import provisioners
from landform.planning.dependents import Dependents
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.foreign import ROOT, environment_plan_of, no_locals, reading
from landform.planning.plan_file import STANDARD_INPUT, read_plan_file
from landform.planning.redaction import Redactor, secrets_of_plan
from landform.project.model import ApprovalRules
from landform.project.policy_rules import PolicyRules, Threshold
from landform.review import Facts, Judgement, Review, review_plan
from landform.review.cost.costing import CostContext, cost_of
from landform.review.cost.model import CostReview
from landform.review.cost.prices import load_prices
from landform.review.findings import Finding, PolicyResult
from landform.review.policy.declared import threshold_results
from landform.review.policy.exemptions import exempt, read_exemptions
from landform.review.policy.loading import FOLDER, policy_files
from landform.review.policy.plan import view_of
from landform.review.policy.sarif import read_sarif
from landform.review.risk import RiskContext, blast_radius, find_risks
from landform.review.verdict import reservations, verdict_of
from landform.workflows.policies import own_policies

ROOT_GROUP = "root module"
"""What the root's own resources are shown under; no module can have this name."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Which plan to review (``-``: standard input), and by what.

    ``region``: where it is priced, if it does not say. ``policies``: a folder ``policies``, or the one it
    lies in. ``sarif``: findings of other programs. ``deny_at``: findings as severe as this are denied.
    """

    file: Path
    region: str = ""
    policies: Path | None = None
    sarif: tuple[Path, ...] = ()
    deny_at: Threshold = "never"


@dataclass(frozen=True, slots=True)
class _Foreign:
    """A plan with all that its document says of it. ``regions``: the first one is where it is priced."""

    plan: EnvironmentPlan
    redactor: Redactor
    dependents: Dependents
    provisioners: Mapping[str, tuple[str, ...]]
    facts: Facts
    regions: tuple[str, ...]


def review_file(request: FileRequest) -> Review:
    """The review of a plan's file; without a cost where nobody knows in which region it is.

    Raises LandformError for a file that is no plan, and for policies or SARIF that can't be read.
    """
    with _no_garbage():
        read = _read(request)
        judgement = _judge(read, request)
        return _with_root_named(review_plan(read.plan, read.redactor, judgement, read.facts))


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Without the collector, which would look through a large plan again and again, and find nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _read(request: FileRequest) -> _Foreign:
    file = read_plan_file(request.file)
    document, called = file.document, "stdin" if request.file == STANDARD_INPUT else request.file.name
    plan = replace(environment_plan_of(file, ""), environment=called)  # so that the name is not in the digest
    with reading(file.name):
        configuration = document.get("configuration", {})
        regions, accounts = _places(plan)
        regions = (request.region, *_configured_regions(document), *regions)
        known = tuple(dict.fromkeys(filter(None, regions)))
        account_id = accounts[0] if len(accounts) == 1 else ""
        return _Foreign(
            plan,
            secrets_of_plan(document),
            Dependents.of_plan(document, no_locals),
            provisioners(configuration),
            Facts(plan.created, _versions(configuration), known[0] if known else "", account_id),
            known,
        )


def _judge(read: _Foreign, request: FileRequest) -> Judgement:
    plan, redactor = read.plan, read.redactor
    found = find_risks(plan, RiskContext(redactor, provisioners=read.provisioners))
    others = (each for path in request.sarif for each in read_sarif(path, plan, redactor=redactor))
    findings = (*found, *others)
    policies = tuple(_policies(read, request, findings))
    return Judgement(
        findings,
        blast_radius(plan, read.dependents),
        policies,
        _cost(read),
        verdict_of(findings, policies, ApprovalRules()),
    )


def _policies(read: _Foreign, request: FileRequest, findings: tuple[Finding, ...]) -> Iterator[PolicyResult]:
    yield from reservations(read.plan)
    yield from threshold_results(findings, PolicyRules(deny_at=request.deny_at))
    if request.policies is None:
        return
    folder = request.policies.resolve()
    folder = folder.parent if folder.name == FOLDER else folder
    if not policy_files(folder):
        what = f"there are no policies in {folder / FOLDER}"
        raise LandformError(what, f"Name a folder {FOLDER} with files of them (*.py), or the one it lies in.")
    hide = read.redactor.text
    found = own_policies(folder, view_of(read.plan), read.redactor)
    shown = [replace(each, address=hide(each.address), reason=hide(each.reason)) for each in found]
    yield from exempt(shown, read_exemptions(folder), datetime.now(UTC).date())


def _cost(read: _Foreign) -> CostReview | None:
    is_aws = any(change.type.startswith("aws_") for change in read.plan.changes)
    if is_aws and not read.regions:
        return None
    context = CostContext(read.facts.region, load_prices(), datetime.now(UTC).date())
    cost = cost_of(read.plan, context)
    if len(read.regions) < 2:
        return cost
    note = f"What does not exist yet and names no region is priced in {read.regions[0]}, one of several."
    return replace(cost, notes=(*cost.notes, note))


def _places(plan: EnvironmentPlan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regions and the accounts that ARNs name, the most frequent first."""
    regions: Counter[str] = Counter()
    accounts: Counter[str] = Counter()
    for change in plan.changes:
        for side in (change.before, change.after):
            arn = side.value.get("arn") if isinstance(side.value, Mapping) else None
            if isinstance(arn, str) and arn.startswith("arn:aws") and arn.count(":") >= 5:
                _, _, _, region, account, _ = arn.split(":", 5)
                regions[region] += 1
                accounts[account] += account.isdecimal()
    found = [[name for name, number in each.most_common() if name and number] for each in (regions, accounts)]
    return tuple(found[0]), tuple(found[1])


def _configured_regions(document: Mapping[str, Any]) -> Iterator[str]:
    """The regions of the AWS providers, the root's default one first, where they are told by the plan."""
    providers = document.get("configuration", {}).get("provider_config", {})
    variables = document.get("variables", {})
    for key in sorted(providers, key=lambda key: (key != "aws", key)):
        config = providers[key]
        region = config.get("expressions", {}).get("region", {}) if config.get("name") == "aws" else {}
        references = region.get("references", ())
        if isinstance(region.get("constant_value"), str):
            yield region["constant_value"]
        elif not config.get("module_address") and len(references) == 1 and references[0].startswith("var."):
            value = variables.get(references[0].removeprefix("var."), {}).get("value")
            yield value if isinstance(value, str) else ""


def _versions(configuration: Mapping[str, Any]) -> str:
    """The providers and the versions that the configuration asks for: ``hashicorp/aws ~> 5.0``."""
    providers = configuration.get("provider_config", {}).values()
    asked = {
        str(each.get("full_name", each.get("name", ""))): str(each.get("version_constraint", ""))
        for each in sorted(providers, key=lambda each: "version_constraint" in each)
    }
    names = [f"{name.partition('/')[2] or name} {version}".strip() for name, version in sorted(asked.items())]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _with_root_named(review: Review) -> Review:
    stacks = tuple(
        replace(
            each, stack=each.stack or ROOT_GROUP, upstream=tuple(name or ROOT_GROUP for name in each.upstream)
        )
        for each in review.stacks
    )
    cost = review.cost
    if cost is not None:
        lines = tuple(replace(each, stack=ROOT_GROUP) if each.stack == ROOT else each for each in cost.lines)
        sums = tuple(replace(each, stack=each.stack or ROOT_GROUP) for each in cost.stacks)
        cost = replace(cost, lines=lines, stacks=sums)
    return replace(review, stacks=stacks, cost=cost)
