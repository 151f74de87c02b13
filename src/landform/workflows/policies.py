"""Asks every policy about a plan: landform.yaml's here, and those of ``policies/*.py`` in a child process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from landform.errors import LandformError, ProjectInvalid
from landform.planning.environment_plan import EnvironmentPlan
from landform.planning.foreign import environment_plan_of
from landform.planning.plan_file import read_plan_file
from landform.planning.redaction import Redactor, secrets_of_plan
from landform.processes import ask
from landform.project import Environment, PolicyRules, Project
from landform.project.model import ApprovalRules
from landform.review.findings import Finding, PolicyResult, Verdict
from landform.review.policy.child import answer, request
from landform.review.policy.declared import declared_policies, threshold_results
from landform.review.policy.evaluating import evaluate
from landform.review.policy.exemptions import exempt, read_exemptions
from landform.review.policy.loading import policy_files
from landform.review.policy.plan import Plan, view_of
from landform.review.policy.sarif import read_sarif
from landform.review.verdict import reservations, verdict_of
from landform.workflows.place import environment_of
from landform.workflows.regions import provider_regions

if TYPE_CHECKING:
    from landform.workflows.place import Place

POLICY_SECONDS = 10.0
"""How long one policy, or one file of them, may take."""
ALL_SECONDS = 60.0
"""How long all policies of a project may take together; a policy that hears no alarm ends with this."""

_INHERITED = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """Whose policies are asked about which plan. ``environment`` None: only what holds for all of them.

    ``home`` is where the environments' files are, if the project lies in a copy.
    """

    project: Project
    environment: Environment | None
    plan: EnvironmentPlan
    redactor: Redactor
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class PoliciesTried:
    """What all policies say, and the sum of it."""

    results: tuple[PolicyResult, ...]
    verdict: Verdict


def policy_results(
    asked: PolicyRequest, findings: Iterable[Finding] = (), *, today: date | None = None
) -> tuple[PolicyResult, ...]:
    """What all policies say of a plan and of its findings, after exemptions, redacted.

    Raises ProjectInvalid for a policy or exemption file with faults, and LandformError where the policies
    gave no answer: then nothing is known, and nothing may be applied.
    """
    project, environment = asked.project, asked.environment
    exemptions = read_exemptions(project.folder, environment.name if environment else "", asked.home)
    rules = project.policy.overridden_by(environment.policy if environment else PolicyRules())
    view = view_of(asked.plan, _default_tags(project, environment) if environment else None)
    regions = provider_regions(project, environment) if environment else {}
    found = (
        *evaluate(declared_policies(rules, regions), view),
        *own_policies(project.folder, view, asked.redactor),
        *threshold_results(findings, rules),
    )
    hide = asked.redactor.text
    shown = [replace(each, address=hide(each.address), reason=hide(each.reason)) for each in found]
    return exempt(shown, exemptions, today or datetime.now(UTC).date())


def external_findings(asked: PolicyRequest, files: Sequence[Path]) -> tuple[Finding, ...]:
    """The findings of SARIF files, at the resources of the plan they are about. Raises LandformError."""
    folders = {
        name: module.folder for name, module in asked.project.modules.items() if module.folder is not None
    }
    return tuple(each for path in files for each in read_sarif(path, asked.plan, folders, asked.redactor))


def try_on_file(
    project: Project, environment: str, plan_file: Path, sarif: Sequence[Path] = ()
) -> PoliciesTried:
    """Ask the policies about a file of ``terraform show -json``; ``environment`` may be empty."""
    file = read_plan_file(plan_file)
    known = environment_of(project, environment) if environment else None
    plan = environment_plan_of(file, environment)
    return _tried(PolicyRequest(project, known, plan, secrets_of_plan(file.document)), sarif)


def try_on_environment(place: Place, sarif: Sequence[Path] = ()) -> PoliciesTried:
    """Plan an environment and ask the policies about it. Raises TerraformFailed."""
    from landform.workflows.plan import PlanRequest, plan_environment
    from landform.workflows.reviewing import prepared

    with prepared(place) as ready:
        planned = plan_environment(ready, PlanRequest())
        asked = PolicyRequest(ready.project, ready.environment, planned.plan, planned.redactor, place.home)
        return _tried(asked, sarif)


def _tried(asked: PolicyRequest, sarif: Sequence[Path]) -> PoliciesTried:
    findings = external_findings(asked, sarif)
    results = (*reservations(asked.plan), *policy_results(asked, findings))
    rules = asked.environment.approvals if asked.environment else ApprovalRules()
    return PoliciesTried(results, verdict_of(findings, results, rules))


def own_policies(folder: Path, view: Plan, redactor: Redactor) -> tuple[PolicyResult, ...]:
    """The project's own policies, in a process without this one's credentials and variables."""
    if not policy_files(folder):
        return ()
    argv = [sys.executable, "-I", "-B", "-m", "landform.review.policy.child"]
    env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    try:
        done = ask(argv, env=env, timeout=ALL_SECONDS, stdin=request(folder, view, POLICY_SECONDS))
    except TimeoutError as slow:
        message = f"the policies in {folder / 'policies'} did not end within {ALL_SECONDS:g} s"
        raise LandformError(message, "Nothing was applied. One of them hangs: try them one by one.") from slow
    if done.returncode > 0 and done.stderr_tail.strip():  # before any policy ran: theirs goes nowhere
        why = done.stderr_tail.strip().splitlines()[-1]
        raise LandformError(f"the policies could not be asked: {why}", "Is landform installed as a package?")
    results, faults = answer(done.stdout)
    if faults:
        raise ProjectInvalid([replace(each, what=redactor.text(each.what)) for each in faults])
    return results


def _default_tags(project: Project, environment: Environment) -> dict[str, str]:
    """Those that the roots give to the provider."""
    from landform.generator.roots import environment_object

    tags = environment_object(project, environment)["tags"]
    return {name: str(value) for name, value in tags.items()} if isinstance(tags, Mapping) else {}
