"""When an environment goes and comes back, who is told, and what a teardown may do about protection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from landform.errors import Location

MAX_LATE = 3 * 60 * 60
"""Seconds after its time at which a teardown still begins, where nothing else is said."""


class Remedies(StrEnum):
    """What a teardown may do about objects that resist being destroyed.

    ``block``: nothing. ``disarm``: switch protection off first. ``purge``: empty what holds data, too.
    """

    BLOCK = "block"
    DISARM = "disarm"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class Notify:
    """One receiver of notices: a topic's ARN, a webhook, or the name of the variable that holds its URL."""

    sns: str = ""
    webhook: str = field(default="", repr=False)
    webhook_env: str = ""


@dataclass(frozen=True, slots=True)
class Teardown:
    """When an environment's ``teardown: true`` stacks go, and when they come back (cron expressions).

    ``grace`` and ``max_late`` are in seconds. On ``holidays`` nothing comes back. ``max_changes`` None: any
    number. ``remedies`` None: what ``Environment.remedies`` says. ``health`` are URLs that answer once it is
    back. ``lines`` tell where each key stands.
    """

    schedule: str | None = None
    timezone: str = "UTC"
    rebuild: str | None = None
    grace: int = 0
    max_late: int = MAX_LATE
    holidays: tuple[date, ...] = ()
    max_changes: int | None = None
    notify: tuple[Notify, ...] = ()
    remedies: Remedies | None = None
    health: tuple[str, ...] = ()
    where: Location | None = field(default=None, compare=False)
    lines: Mapping[str, Location] = field(default_factory=dict, repr=False, compare=False)

    def location(self, key: str, default: Location) -> Location:
        """Where a key of ``teardown`` stands; ``default`` where it was built in Python."""
        return self.lines.get(key, self.where or default)
