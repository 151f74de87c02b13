"""What can be wrong with an environment's ``teardown`` and ``expires_at``, beyond the shape of each key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from landform.errors import Fault, Location
from landform.project import schedules, times
from landform.project.durations import shown_seconds
from landform.project.teardown import Teardown

if TYPE_CHECKING:
    from landform.project.model import Environment


def teardown_faults(environment: Environment, *, has_teardown_stacks: bool) -> Iterator[Fault]:
    """Every fault; ``has_teardown_stacks``: whether any stack of the project has ``teardown: true``."""
    yield from _expiry(environment)
    teardown = environment.teardown
    if teardown is None:
        return
    unsound = list(_unsound(environment, teardown))
    yield from unsound
    yield from _scope(environment, teardown, has_teardown_stacks)
    yield from _limits(environment, teardown)
    yield from _receivers(environment, teardown)
    if not unsound:
        yield from _changed_hours(environment, teardown)


def _expiry(environment: Environment) -> Iterator[Fault]:
    where = environment.location("expires_at")
    if environment.expires_at is None:
        return
    if environment.protected:
        what = "expires_at: a protected environment does not expire."
        yield Fault(where, what, "Take out expires_at or protected.")
    if environment.expires_at.tzinfo is None:
        yield Fault(where, "expires_at has no offset from UTC.", "Give it a tzinfo.")


def _unsound(environment: Environment, teardown: Teardown) -> Iterator[Fault]:
    """For an environment that was built in Python; a file's are checked where they stand."""
    found = {
        "schedule": schedules.cron_fault(teardown.schedule) if teardown.schedule is not None else "",
        "rebuild": schedules.cron_fault(teardown.rebuild) if teardown.rebuild is not None else "",
        "timezone": schedules.timezone_fault(teardown.timezone),
    }
    for key, fault in found.items():
        if fault:
            yield Fault(teardown.location(key, environment.where), f"teardown.{key}: {fault}.")


def _scope(environment: Environment, teardown: Teardown, has_stacks: bool) -> Iterator[Fault]:
    where = teardown.location("schedule", environment.where)
    if teardown.schedule is None:
        if teardown.rebuild is not None:
            what = "teardown.rebuild: nothing goes, so nothing comes back."
            yield Fault(teardown.location("rebuild", where), what, "Add teardown.schedule, or take it out.")
        elif environment.expires_at is None and environment.complete:
            what = "'teardown.schedule' is missing."
            yield Fault(where, what, "Add it, or expires_at; else take teardown out.")
        return
    if environment.protected:
        what = "teardown.schedule: a protected environment is never torn down."
        yield Fault(where, what, "Take out teardown or protected.")
    if not has_stacks:
        what = "teardown.schedule: no stack has teardown: true, so nothing would go."
        yield Fault(where, what, "Add teardown: true to the stacks that may go every night.")


def _limits(environment: Environment, teardown: Teardown) -> Iterator[Fault]:
    if teardown.grace > teardown.max_late:
        what = (
            f"teardown.grace ({shown_seconds(teardown.grace)}) is longer than max_late "
            f"({shown_seconds(teardown.max_late)}), so no teardown would ever begin."
        )
        where = teardown.location("grace", environment.where)
        yield Fault(where, what, "Make grace shorter or max_late longer.")
    if min(teardown.grace, teardown.max_late) < 0:
        yield Fault(environment.where, "teardown.grace and max_late are no negative numbers.")
    if teardown.max_changes is not None and teardown.max_changes < 1:
        yield Fault(environment.where, "teardown.max_changes is a number above 0.")


def _receivers(environment: Environment, teardown: Teardown) -> Iterator[Fault]:
    for number, each in enumerate(teardown.notify):
        where = teardown.location(f"notify.{number}", environment.where)
        if not environment.complete:
            return  # what is missing may have been bad
        if [bool(each.sns), bool(each.webhook), bool(each.webhook_env)].count(True) != 1:
            what = (
                f"teardown.notify: receiver {number + 1} needs exactly one of sns, webhook and webhook_env."
            )
            yield Fault(where, what)
        elif each.webhook and (fault := times.webhook_fault(each.webhook)):
            yield Fault(where, f"teardown.notify: {fault}.")


def _changed_hours(environment: Environment, teardown: Teardown) -> Iterator[Fault]:
    year = datetime.now(UTC).year
    for key, expression in (("schedule", teardown.schedule), ("rebuild", teardown.rebuild)):
        if expression is None:
            continue
        if fault := schedules.changed_hour_fault(expression, teardown.timezone, year):
            where: Location = teardown.location(key, environment.where)
            yield Fault(where, f"teardown.{key}: {fault}.")
