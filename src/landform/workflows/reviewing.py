"""Plan an environment and make the review of it, which is kept to be shown again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from landform.engine.events import Event
from landform.errors import TerraformFailed
from landform.planning.redaction import Redactor
from landform.review import Review, review_plan
from landform.workflows.journal import now
from landform.workflows.place import Place
from landform.workflows.plan import Planned, PlanRequest, known_secrets, plan_environment
from landform.workflows.saved_reviews import save_review

_SIGN_IN = "Sign in (aws sso login, AWS_PROFILE or AWS_ACCESS_KEY_ID), or use the sandbox: --sandbox."


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan with its review."""

    planned: Planned
    review: Review


def review_environment(
    place: Place,
    stacks: tuple[str, ...] = (),
    *,
    destroy: bool = False,
    on_event: Callable[[Event], None] | None = None,
) -> Reviewed:
    """Plan and review. Raises TerraformFailed; known secrets are taken out of all that Terraform says."""
    hide = known_secrets(place)
    hear = (lambda event: on_event(_without(hide, event))) if on_event else None
    try:
        planned = plan_environment(place, PlanRequest(stacks, destroy, hear))
    except TerraformFailed as error:
        raise _redacted(hide, error) from None
    review = review_plan(
        planned.plan,
        planned.redactor,
        created=now(),
        where=place.where,
        region=place.environment.region,
        account_id=place.environment.account_id or "",
    )
    save_review(place.project.folder, review)
    return Reviewed(planned, review)


def _redacted(hide: Redactor, error: TerraformFailed) -> TerraformFailed:
    shown = [hide.text(getattr(each, "render", each.__str__)()) for each in error.diagnostics]
    stranger = any("No valid credential sources found" in text for text in shown)
    return TerraformFailed(hide.text(error.what), shown, error.way_out or (_SIGN_IN if stranger else ""))


def _without(hide: Redactor, event: Event) -> Event:
    texts: dict[str, Any] = {each.name: getattr(event, each.name) for each in fields(event)}
    changed: dict[str, Any] = {
        name: hide.text(value) if isinstance(value, str) else tuple(map(hide.text, value))
        for name, value in texts.items()
        if isinstance(value, str | tuple)
    }
    return replace(event, **changed)
