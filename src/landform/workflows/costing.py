"""What a plan costs in its environment, and whether that is within the budget."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from landform.planning.environment_plan import EnvironmentPlan
from landform.project import Environment, Project
from landform.review.cost.budget import budget_results
from landform.review.cost.costing import CostContext, cost_of
from landform.review.cost.model import CostReview
from landform.review.cost.schedule import living_hours
from landform.review.cost.usage import Usage
from landform.review.findings import PolicyResult
from landform.workflows.prices import price_table


def environment_cost(
    plan: EnvironmentPlan, project: Project, environment: Environment, today: date, home: Path | None = None
) -> tuple[CostReview, tuple[PolicyResult, ...]]:
    """The cost of a plan and what the budget says of it; nothing where there is none.

    ``home`` is the folder of the user's own price tables, where it is not the project's.
    Raises ProjectInvalid for a bad row of a price table, or for usage of something that is not there.
    """
    cost = cost_of(plan, cost_context(project, environment, today, home))
    if environment.budget is None or plan.destroy:  # to end something is over no budget
        return cost, ()
    return cost, budget_results(cost, environment.budget.monthly_usd, environment.budget.warn_at_percent)


def cost_context(
    project: Project, environment: Environment, today: date, home: Path | None = None
) -> CostContext:
    """Everything of an environment that its cost depends on and its plan does not say."""
    context = CostContext(
        environment.region,
        price_table(home or project.folder),
        today,
        Usage(environment.usage, environment.usage_lines),
        frozenset(project.stack_by_name),
    )
    times = environment.teardown
    if times is None or times.schedule is None:
        return context
    from dataclasses import replace

    schedule = f"down at {times.schedule!r}"
    schedule += f", up at {times.rebuild!r}" if times.rebuild else ", up when somebody applies"
    return replace(
        context,
        perishable=frozenset(name for name, stack in project.stack_by_name.items() if stack.teardown),
        hours=living_hours(times.schedule, times.rebuild, times.timezone, today.year),
        schedule=f"{schedule}, {times.timezone}",
    )
