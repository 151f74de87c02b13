"""The process in which a project's own policies run: ``python -I -B -m landform.review.policy.child``.

A request comes on standard input, as JSON, because plans hold secrets; the answer goes to standard output.
What a policy prints goes nowhere. Policies that crash, loop or end the process harm nobody but themselves.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

from landform.errors import Fault, LandformError, Location
from landform.planning.changes import Action, Change, Values
from landform.review.findings import PolicyResult, Result
from landform.review.policy.evaluating import evaluate
from landform.review.policy.loading import load_policies
from landform.review.policy.plan import Plan


def request(folder: Path, plan: Plan, seconds: float) -> bytes:
    """What the process is asked: the project's policies about ``plan``, each for at most ``seconds``."""
    document = {
        "folder": str(folder),
        "seconds": seconds,
        "environment": plan.environment,
        "project": plan.project,
        "destroy": plan.destroy,
        "default_tags": plan.default_tags,
        "changes": [_row(change) for change in plan.changes],
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _row(change: Change) -> list[Any]:
    """A change without what no policy sees."""
    before, after = change.before, change.after
    return [
        change.stack, change.address, change.type, change.mode, change.action,
        before.value, before.sensitive, after.value, after.sensitive, change.unknown,
    ]  # fmt: skip


def _change(row: list[Any]) -> Change:
    stack, address, kind, mode, action, before, hidden, after, hidden_after, unknown = row
    sides = (Values(before, hidden), Values(after, hidden_after))
    return Change(stack, address, kind, mode, Action(action), *sides, unknown)


def answer(returned: bytes) -> tuple[tuple[PolicyResult, ...], tuple[Fault, ...]]:
    """What the process answered: results, and faults of the files. Raises LandformError for no answer."""
    try:
        document = json.loads(returned)
        results = tuple(PolicyResult(name, Result(word), *rest) for name, word, *rest in document["results"])
        faults = tuple(Fault(Location(path, line), *rest) for path, line, *rest in document["faults"])
    except (KeyError, TypeError, ValueError) as error:
        message = "the policies ended without an answer: one of them ended the process"
        raise LandformError(message, "Find it with: landform policy test, one file at a time.") from error
    return results, faults


def main() -> None:
    """Answer one request, and end whatever threads a policy may have left."""
    with os.fdopen(os.dup(1), "wb") as out:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        gc.disable()  # it would look through the whole plan again and again, and free nothing
        out.write(json.dumps(_answer(json.load(sys.stdin.buffer))).encode())
    os._exit(0)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    folder = Path(asked["folder"])
    os.chdir(folder)
    policies, faults = load_policies(folder, seconds=asked["seconds"])
    changes = tuple(map(_change, asked["changes"]))
    plan = Plan(asked["environment"], asked["project"], asked["destroy"], changes, asked["default_tags"])
    results = () if faults else evaluate(policies, plan, seconds=asked["seconds"])
    return {
        "results": [[each.policy, each.result, each.address, each.reason] for each in results],
        "faults": [[each.where.path, each.where.line, each.what, each.way_out] for each in faults],
    }


if __name__ == "__main__":
    main()
