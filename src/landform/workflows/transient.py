"""Errors of AWS that pass by themselves: a destroy that ended with nothing else is tried again.

A lost answer is none of them: what it has come to is looked at first (``unknown_ends``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

PAUSES = (30.0, 120.0)
"""Seconds before the second and the third time; there is no fourth."""

_PASSING = re.compile(
    r"\b(DependencyViolation|ResourceInUse\w*|OperationAborted|InvalidDB\w*State\w*|ConflictException"
    r"|Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|SlowDown|ServiceUnavailable\w*|InternalFailure"
    r"|InternalError|InternalServer\w*|RequestTimeout\w*)\b"
    r"|timeout while waiting|StatusCode: 5\d\d"
)
_FINAL = re.compile(r"\b(AccessDenied\w*|UnauthorizedOperation|OperationNotPermitted|ExpiredToken\w*)\b")


def all_pass(errors: Sequence[str]) -> bool:
    """Whether each of these errors, as text, is one that may be gone by itself a little later."""
    return bool(errors) and all(_PASSING.search(each) and not _FINAL.search(each) for each in errors)
