"""The review of a plan document on its own."""

from __future__ import annotations

import json
from typing import Any

from landform.planning.environment_plan import PlanFrame, StackPlan, parse_plan
from landform.planning.redaction import secrets_of_plan
from landform.review import Review, review_plan
from landform.review.document import from_document, to_document


def review_of(document: dict[str, Any]) -> Review:
    """The review of a plan of a root of its own, whose resources belong to no stack."""
    outputs = {name: ("", name) for name in document.get("output_changes") or {}}
    frame = PlanFrame("shop", "dev", [StackPlan("")], outputs, foreign=True)
    plan = parse_plan(document, frame, lambda *_: ())
    review = review_plan(plan, secrets_of_plan(document))
    assert from_document(json.loads(json.dumps(to_document(review)))) == review
    return review
