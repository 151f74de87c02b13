"""Everything a review says of a plan beyond its changes: risks, blast radius, cost, policies, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from landform.review import Judgement
from landform.review.findings import Finding, Severity
from landform.review.risk import RiskContext, blast_radius, find_risks
from landform.review.verdict import verdict_of
from landform.workflows.costing import environment_cost
from landform.workflows.place import Place
from landform.workflows.plan import Planned
from landform.workflows.policies import PolicyRequest, external_findings, policy_results
from landform.workflows.records import records_of
from landform.workflows.versions import last_versions, versions_now

UNREAD = Finding(
    "configuration-unread",
    Severity.HIGH,
    "",
    "this is planned from the states alone, and nothing of the configuration is read",
    "prevent_destroy is configuration and keeps nothing here; provisioners of a destroy don't run",
    "Look at each object by its name. What must stay: landform state list, terraform state rm.",
)
"""Of a destruction from the states."""


def judge(
    place: Place, planned: Planned, sarif: Sequence[Path] = (), more: Sequence[Finding] = ()
) -> Judgement:
    """Look at a plan of a place; ``more`` is found already.

    Raises ProjectInvalid for a bad policy, exemption, usage or price file.
    """
    environment = place.environment
    asked = PolicyRequest(place.project, environment, planned.plan, planned.redactor, place.home)
    before, now = last_versions(records_of(place)), versions_now(place)
    context = RiskContext(
        planned.redactor,
        environment.ephemeral,
        before.providers,
        now.providers,
        before.modules,
        now.modules,
        planned.provisioners,
    )
    findings = (*more, *find_risks(planned.plan, context), *external_findings(asked, sarif))
    today = datetime.now(UTC).date()
    cost, budget = environment_cost(planned.plan, place.project, environment, today, place.home)
    policies = (*policy_results(asked, findings), *budget)
    verdict = verdict_of(findings, policies, environment.approvals)
    return Judgement(findings, blast_radius(planned.plan, planned.dependents), policies, cost, verdict)
