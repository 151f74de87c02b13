"""Roles of AWS that an environment is worked on with: which one for what, and how they are assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

SESSION_NAME = "landform"
_SHORTEST, _LONGEST = 15 * 60, 12 * 60 * 60
_DURATION = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,4})m)?")


class Purpose(StrEnum):
    """What is going to be done with an environment; each has its role."""

    PLAN = "plan"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class AssumeRole:
    """How the roles of an environment are assumed. ``duration`` is in seconds; None: AWS's own, an hour."""

    external_id: str | None = None
    session_name: str = SESSION_NAME
    duration: int | None = None


def duration_seconds(text: str) -> int:
    """The seconds of ``1h``, ``90m`` or ``1h30m``; 0 for anything else."""
    found = _DURATION.fullmatch(text)
    hours, minutes = found.groups(default="0") if found else ("0", "0")
    return int(hours) * 3600 + int(minutes) * 60


def duration_fault(text: str) -> str:
    """Why a role can't be assumed for so long, or an empty string."""
    if not duration_seconds(text):
        return f"{text!r} is no duration: write one such as 1h, 90m or 1h30m"
    return seconds_fault(duration_seconds(text))


def seconds_fault(seconds: int) -> str:
    """Why a role can't be assumed for so many seconds, or an empty string."""
    return "" if _SHORTEST <= seconds <= _LONGEST else "a role is assumed for 15m to 12h"


def external_id_fault(text: str) -> str:
    """Why ``text`` is no external id, or an empty string.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    if re.fullmatch(r"[\w+=,.@:/-]{2,1224}", text, re.ASCII):
        return ""
    return f"{text!r} is no external id: 2 to 1224 letters, digits and characters of _+=,.@:/-"


def session_name_fault(text: str) -> str:
    """Why ``text`` is no name of a session, or an empty string (same source)."""
    if re.fullmatch(r"[\w+=,.@-]{2,64}", text, re.ASCII):
        return ""
    return f"{text!r} is no session name: 2 to 64 letters, digits and characters of _+=,.@-"


def account_of(role_arn: str) -> str:
    """The account that a role is in."""
    return role_arn.split(":")[4]
