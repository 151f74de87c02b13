"""A policy: a function with what it looks at, and what it says.

@policy(type="aws_s3_bucket")
def buckets_have_an_owner(bucket: Resource) -> Says:
    if bucket.tag("Owner") is None:
        yield deny("there is no tag Owner")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from landform.review.findings import Result
from landform.review.policy.patterns import matches_any
from landform.review.policy.plan import Plan, Resource

Names = str | Sequence[str]
Counts = Literal["deny", "warn"]

CHANGING = ("create", "update", "replace", "import")
"""The actions that a policy looks at unless it says otherwise: what there is afterwards, and touched now."""

LONGEST_REASON = 500
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing a policy says. ``address`` is empty for the resource or the plan that it was asked about."""

    result: Result
    reason: str
    address: str = ""


Says = Iterator[Saying]
"""What a policy that yields returns. One that yields nothing is kept."""
Answer = Saying | Iterable[Saying] | None
"""What any policy may return; None, too, means that it is kept."""


def deny(reason: str, at: Resource | str = "") -> Saying:
    """The policy is broken: nothing may be applied."""
    return _saying(Result.DENY, reason, at)


def warn(reason: str, at: Resource | str = "") -> Saying:
    """Worth a look; it stops nothing."""
    return _saying(Result.WARN, reason, at)


def ok(reason: str = "") -> Saying:
    """The policy is kept, although it may have read what is unknown."""
    return _saying(Result.PASS, reason or "ok", "")


def unknown(reason: str, at: Resource | str = "") -> Saying:
    """It can't be told before the apply; counts as ``on_unknown`` says."""
    return _saying(Result.UNKNOWN, reason, at)


def _saying(result: Result, reason: str, at: Resource | str) -> Saying:
    if not isinstance(reason, str) or not reason.strip():
        message = f"a reason is a sentence for whoever has to act on it, not {type(reason).__name__}"
        raise TypeError(message)
    return Saying(result, reason[:LONGEST_REASON], at.address if isinstance(at, Resource) else str(at))


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule over each resource that fits, or over the whole plan. Made by ``policy`` and ``plan_policy``.

    Patterns may hold ``*``. ``on_unknown`` and ``on_crash`` are what it counts as when it can't say.
    """

    name: str
    function: Callable[[Any], Answer]
    over_plan: bool = False
    type: tuple[str, ...] = ("*",)
    stack: tuple[str, ...] = ("*",)
    action: tuple[str, ...] = CHANGING
    environment: tuple[str, ...] = ("*",)
    mode: str = "managed"
    on_unknown: Counts = "deny"
    on_crash: Counts = "deny"

    def subjects(self, plan: Plan) -> Sequence[Plan | Resource]:
        """What of ``plan`` it is asked about."""
        if not matches_any(self.environment, plan.environment):
            return ()
        if self.over_plan:
            return (plan,)
        fits: dict[tuple[str, str, str, str], bool] = {}
        found = []
        for each in plan.resources:
            key = (each.type, each.stack, each.action, each.mode)
            if key not in fits:
                fits[key] = self._fits(*key)
            if fits[key]:
                found.append(each)
        return found

    def _fits(self, kind: str, stack: str, action: str, mode: str) -> bool:
        chosen = ((self.type, kind), (self.stack, stack), (self.action, action), ((self.mode,), mode))
        return all(matches_any(patterns, text) for patterns, text in chosen)


def policy(
    *,
    type: Names = "*",  # noqa: A002 - Terraform's word
    stack: Names = "*",
    action: Names = CHANGING,
    environment: Names = "*",
    on_unknown: Counts = "deny",
    on_crash: Counts = "deny",
) -> Callable[[Callable[[Resource], Answer]], Policy]:
    """Make a function of one resource a policy, named as the function is.

    ``type``, ``stack``, ``action`` and ``environment`` choose what it is asked about: a name, a pattern with
    ``*``, or several. ``data.aws_ami`` as a type chooses data sources.
    """
    kinds = _several(type)
    data = all(kind.startswith("data.") for kind in kinds)
    made = partial(
        Policy,
        type=tuple(kind.removeprefix("data.") for kind in kinds),
        stack=_several(stack),
        action=("*",) if data and action is CHANGING else _several(action),
        environment=_several(environment),
        mode="data" if data else "managed",
        on_unknown=on_unknown,
        on_crash=on_crash,
    )
    return lambda function: made(function.__name__, function)


def plan_policy(
    *, environment: Names = "*", on_unknown: Counts = "deny", on_crash: Counts = "deny"
) -> Callable[[Callable[[Plan], Answer]], Policy]:
    """Make a function of the whole plan a policy, named as the function is."""
    made = partial(
        Policy,
        over_plan=True,
        environment=_several(environment),
        on_unknown=on_unknown,
        on_crash=on_crash,
    )
    return lambda function: made(function.__name__, function)


def _several(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
