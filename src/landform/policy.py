"""What a project's own policies (``policies/*.py``) are written with, and tested with in pytest."""

from __future__ import annotations

from landform.review.findings import PolicyResult, Result
from landform.review.policy.evaluating import evaluate
from landform.review.policy.plan import Plan, Resource, plan_of, read_plan
from landform.review.policy.rules import (
    Answer,
    Policy,
    Saying,
    Says,
    deny,
    ok,
    plan_policy,
    policy,
    unknown,
    warn,
)
from landform.review.policy.values import UNKNOWN, Sensitive

__all__ = [
    "UNKNOWN",
    "Answer",
    "Plan",
    "Policy",
    "PolicyResult",
    "Resource",
    "Result",
    "Saying",
    "Says",
    "Sensitive",
    "deny",
    "evaluate",
    "ok",
    "plan_of",
    "plan_policy",
    "policy",
    "read_plan",
    "unknown",
    "warn",
]
