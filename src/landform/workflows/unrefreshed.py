"""A destruction whose plan fails as Terraform looks at what stands, planned from the states alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from landform.engine.events import Event
from landform.engine.results import PlanOptions, PlanResult
from landform.engine.terraform import Terraform
from landform.errors import first_of
from landform.review.findings import Finding, Severity


async def plan(
    terraform: Terraform,
    file: Path,
    options: PlanOptions,
    on_event: Callable[[Event], None] | None = None,
) -> tuple[PlanResult, PlanResult | None]:
    """The plan, and the one that failed before it, None where it is the first.

    To plan a destruction Terraform reads data sources again, and these fail when what they are about went
    with its first half. With ``-refresh=false`` it reads none.
    """
    planned = await terraform.plan(file, options, on_event)
    if not (options.destroy and planned.errored):
        return planned, None
    again = await terraform.plan(file, replace(options, refresh=False), on_event)
    return (planned, None) if again.errored else (again, planned)


def reason(failed: PlanResult) -> str:
    """The errors of a plan that failed, on one line."""
    errors = [f"{each.address}: {each.summary.strip()}".removeprefix(": ") for each in failed.errors]
    return first_of(errors, separator="; ")


def finding_of(why: str) -> Finding:
    """What a review says of it; ``why`` is the error of the plan that asked AWS."""
    return Finding(
        "states-unrefreshed",
        Severity.MEDIUM,
        "",
        "this is planned from the states as they are, because AWS could not be asked what stands",
        why,
        "What is gone already is destroyed without harm; what was changed by hand goes as it stands now.",
    )
