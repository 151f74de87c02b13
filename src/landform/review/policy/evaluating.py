"""Asks policies about a plan. Whatever a policy does, what comes out is results."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from landform.review.findings import PolicyResult, Result
from landform.review.policy.plan import Plan, Resource
from landform.review.policy.rules import LONGEST_REASON, Counts, Policy, Saying
from landform.review.policy.values import TouchedUnknown

_MOST_SAYINGS = 1000


class TimeIsUp(BaseException):
    """A policy took too long. Not an ``Exception``, so that no policy catches it by accident."""


def evaluate(policies: Iterable[Policy], plan: Plan, *, seconds: float = 0) -> tuple[PolicyResult, ...]:
    """What each policy says of ``plan``: every objection, or one pass. ``seconds`` limits each; 0 does not.

    A limit needs the main thread. A policy that raises, or returns what is no answer, is denied or warned of
    as its ``on_crash`` says; one that could not see, as its ``on_unknown`` says.
    """
    return tuple(result for policy in policies for result in _results(policy, plan, seconds))


def _results(policy: Policy, plan: Plan, seconds: float) -> list[PolicyResult]:
    subjects = policy.subjects(plan)
    found: list[PolicyResult] = []
    address = ""
    try:
        with time_limit(seconds):
            for subject in subjects:
                address = subject.address if isinstance(subject, Resource) else ""
                found += _of_subject(policy, subject, address, plan)
    except TimeIsUp:
        result = _counted(policy.on_crash, Result.DENY)
        found.append(PolicyResult(policy.name, result, address, f"it did not end within {seconds:g} s"))
    if found:
        return found
    count = "the plan" if policy.over_plan else _resources(len(subjects))
    return [
        PolicyResult(policy.name, Result.PASS, "", f"looked at {count}" if subjects else "nothing to look at")
    ]


def _resources(count: int) -> str:
    return f"{count} resource{'s' if count != 1 else ''}"


def _of_subject(policy: Policy, subject: Plan | Resource, address: str, plan: Plan) -> list[PolicyResult]:
    """The objections to one subject; what was said before a policy broke still counts."""
    plan.reads.clear()
    said: list[Saying] = []
    broken: PolicyResult | None = None
    try:
        for each in _sayings(policy.function(subject)):
            said.append(each)  # what was said before a failure has to stay
    except TouchedUnknown:
        broken = _unknown(policy, address, plan)
    except (Exception, SystemExit) as error:
        broken = PolicyResult(
            policy.name, _counted(policy.on_crash, Result.DENY), address, _crash(policy, error)
        )
    if broken is None and not said and plan.reads:
        broken = _unknown(policy, address, plan)
    found = [
        PolicyResult(policy.name, _weighed(policy, each.result), each.address or address, each.reason)
        for each in said
        if each.result is not Result.PASS
    ]
    return [*found, broken] if broken is not None else found


def _sayings(returned: object) -> Iterator[Saying]:
    many = returned if isinstance(returned, Iterable) else () if returned is None else (returned,)
    for number, each in enumerate(many):
        if not isinstance(each, Saying):
            message = f"it said {type(each).__name__}: return or yield deny(…), warn(…) or ok()"
            raise TypeError(message)
        if number == _MOST_SAYINGS:
            message = f"it said more than {_MOST_SAYINGS} things of one resource"
            raise ValueError(message)
        yield each


def _unknown(policy: Policy, address: str, plan: Plan) -> PolicyResult:
    paths = ", ".join(dict.fromkeys(plan.reads)) or "what it looks at"
    reason = f"can't tell yet: {paths} known only after apply"[:LONGEST_REASON]
    return PolicyResult(policy.name, _counted(policy.on_unknown, Result.UNKNOWN), address, reason)


def _weighed(policy: Policy, result: Result) -> Result:
    return _counted(policy.on_unknown, result) if result is Result.UNKNOWN else result


def _counted(counts: Counts, result: Result) -> Result:
    return Result.WARN if counts == "warn" else result


def _crash(policy: Policy, error: BaseException) -> str:
    """One line: what was raised, and the last line of the policy's own folder that it passed."""
    what = traceback.format_exception_only(error)[-1].strip()
    code = getattr(policy.function, "__code__", None)
    folder = Path(code.co_filename).parent if code is not None else None
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == folder]
    where = f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""
    return f"it failed: {what}"[:LONGEST_REASON] + where


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeIsUp`` inside the block after ``seconds``; 0 is no limit. Main thread only."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeIsUp

    if not seconds:
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
