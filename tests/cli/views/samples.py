"""Reviews to show: a plan with everything in it, one full of hostile text, and a large one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from landform.planning.changes import Action
from landform.review import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview
from landform.review.cost.model import CostLine, CostReview, Money, StackCost
from landform.review.findings import Exemption, Finding, PolicyResult, Result, Severity, Verdict

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> `x` ``` ```` | [a](javascript:x) @org/t"
    "\n::error::owned\n# <!-- --> ]]> &amp; {{ 7*7 }} ##[error]x \\| \x1b[2J\x1b]0;t\x07\x9b31m\r\x08\x00"
    " \u202edcba\u2066 \u2028 \ud800 [red]"
)
"""Text that means something to a terminal, to Markdown, to HTML, to XML, to Jinja and to a CI log."""

_DATABASE = "module.database.aws_db_instance.main"
_WEB = "module.web.aws_launch_template.web"


def change(stack: str, local: str, action: Action, **more: Any) -> ChangeReview:
    """One change of a stack."""
    address = f"module.{stack}.{local}"
    return ChangeReview(address, local, local.partition(".")[0], "managed", action, **more)


def stack(name: str, *changes: ChangeReview, **more: Any) -> StackReview:
    """One stack with its changes."""
    return StackReview(name, more.pop("module", name), changes=changes, **more)


def review(*stacks: StackReview, **more: Any) -> Review:
    """A review of these stacks; the counts are theirs."""
    actions = [each.action for found in stacks for each in found.changes]
    counts = Counts(
        create=actions.count(Action.CREATE),
        update=actions.count(Action.UPDATE),
        replace=sum(action.is_replacement for action in actions),
        delete=actions.count(Action.DELETE),
        forget=actions.count(Action.FORGET),
        move=actions.count(Action.MOVE),
    )
    values: dict[str, Any] = {
        "has_changes": bool(actions),
        "created": "2026-11-20T09:41:00Z",
        "where": "AWS",
        "region": "eu-west-1",
        "account_id": "333333333333",
        "counts": counts,
        "stacks": stacks,
    }
    return Review("shop", "prod", "369d3109b9a5" + "0" * 52, "1.11.4", **(values | more))


def lost_database() -> Finding:
    """The worst finding of the full review."""
    return Finding(
        "stateful-replace",
        Severity.CRITICAL,
        _DATABASE,
        "A database is replaced: its data is lost",
        'engine_version "14.9" → "16.3" forces replacement; skip_final_snapshot is true',
        "Take a snapshot first, or upgrade in place with allow_major_version_upgrade.",
    )


def _findings() -> tuple[Finding, ...]:
    return (
        lost_database(),
        Finding(
            "open-ingress",
            Severity.HIGH,
            "module.web.aws_vpc_security_group_ingress_rule.ssh",
            "Port 22 opens to the whole internet",
            'cidr_ipv4 = "0.0.0.0/0", from_port = 22, to_port = 22',
            "Name the addresses that need it, or use Session Manager.",
        ),
        Finding("tag-missing", Severity.LOW, "", "The environment has no owner tag", source="checkov"),
    )


def _database() -> StackReview:
    attributes = (
        AttributeDiff("engine_version", "14.9", "16.3", forces_replacement=True),
        AttributeDiff("endpoint", "shop-prod.abc.eu-west-1.rds.amazonaws.com", unknown=True),
        AttributeDiff("password", "(sensitive value)", "(sensitive value)", sensitive=True),
    )
    dependents = (_WEB, "module.web.aws_autoscaling_group.web", "module.jobs.aws_lambda_function.report")
    replaced = change(
        "database",
        "aws_db_instance.main",
        Action.REPLACE,
        why="engine_version 14.9 → 16.3",
        attributes=attributes,
        findings=(lost_database(),),
        dependents=dependents,
    )
    changed = change(
        "database", "aws_db_parameter_group.main", Action.UPDATE, headline="family postgres14 → postgres16"
    )
    drift = change(
        "database",
        "aws_db_parameter_group.main",
        Action.UPDATE,
        attributes=(AttributeDiff("tags.team", "a", "b"),),
    )
    return stack("database", replaced, changed, upstream=("network",), drift=(drift,), unchanged=7)


def _web() -> StackReview:
    host = AttributeDiff("user_data", "aG9zdA==", unknown=True, sources=(f"{_DATABASE}.endpoint",))
    template = change(
        "web",
        "aws_launch_template.web",
        Action.UPDATE,
        headline="user_data aG9zdA== → (known after apply)",
        caused_by=(_DATABASE,),
        attributes=(host,),
    )
    opened = change(
        "web",
        "aws_vpc_security_group_ingress_rule.ssh",
        Action.CREATE,
        headline="0.0.0.0/0  22",
        attributes=(AttributeDiff("cidr_ipv4", None, "0.0.0.0/0"), AttributeDiff("from_port", None, 22)),
        findings=(_findings()[1],),
    )
    gone = change(
        "web",
        "aws_instance.legacy",
        Action.DELETE,
        headline="t3.large",
        why="no longer in the configuration",
        attributes=(AttributeDiff("instance_type", "t3.large"),),
    )
    moved = change(
        "web",
        'aws_subnet.this["data/eu-west-1a"]',
        Action.MOVE,
        why="moved from module.web.aws_subnet.a",
        previous_address="module.web.aws_subnet.a",
    )
    return stack(
        "web",
        template,
        opened,
        gone,
        moved,
        upstream=("network", "database"),
        caused_by=("database",),
        outputs=(OutputReview("url", Action.UPDATE, "http://a", unknown=True),),
        unchanged=12,
        module="web-app",
    )


def policies() -> tuple[PolicyResult, ...]:
    """One result of each kind, one of them exempt."""
    ingress = "module.web.aws_vpc_security_group_ingress_rule.ssh"
    given = Exemption("no-open-ssh", ingress, "migration until Q1", "ada@example.com", "2027-01-31")
    return (
        PolicyResult("encrypted-storage", Result.PASS),
        PolicyResult("no-data-loss", Result.DENY, _DATABASE, "its data would be lost"),
        PolicyResult(
            "tls-only", Result.UNKNOWN, "module.web.aws_lb_listener.http", "protocol is not known yet"
        ),
        PolicyResult("no-open-ssh", Result.WARN, ingress, "0.0.0.0/0 reaches port 22", given),
    )


def cost() -> CostReview:
    """A cost with a pinned price, a range, one resource gone and one without a price."""
    dearer = CostLine(
        _DATABASE,
        "database",
        "aws_db_instance",
        Money(210.24, 210.24),
        Money(230.0, 262.8),
        Money(0.31, 0.36),
        ("db.m6g.large, 2026-10-01",),
    )
    gone = CostLine("module.web.aws_instance.legacy", "web", "aws_instance", Money(60.74, 60.74))
    without = CostLine(_WEB, "web", "aws_launch_template", unpriced="priced where it is used")
    return CostReview(
        Money(470.98, 470.98),
        Money(430.0, 462.8),
        priced=2,
        free=14,
        total=17,
        lines=(dearer, gone, without),
        stacks=(
            StackCost("database", Money(210.24, 210.24), Money(230.0, 262.8)),
            StackCost("web", Money(260.74, 260.74), Money(200.0, 200.0)),
        ),
        unpriced=(_WEB,),
        notes=("Data transfer is not counted.",),
        complete=False,
    )


def full() -> Review:
    """A denied plan with findings, policies, cost, drift, a deferred stack and a failed check."""
    return review(
        stack("network", unchanged=26, module="vpc"),
        _database(),
        _web(),
        deferred=(("jobs", "for_each needs database.endpoint, which is known only after the apply"),),
        failed_checks=("check.dns: shop.example.com does not resolve",),
        findings=_findings(),
        policies=policies(),
        cost=cost(),
        verdict=Verdict(Result.DENY, Severity.CRITICAL, ("no-data-loss: its data would be lost",), 2),
    )


def destroyed() -> Review:
    """A plan of ``destroy``."""
    gone = [
        change("web", f"aws_instance.n{number}", Action.DELETE, headline="t3.micro") for number in range(3)
    ]
    return review(stack("web", *gone), destroy=True)


def unchanged() -> Review:
    """A plan that finds everything as it should be."""
    return review(stack("network", unchanged=26), stack("web", unchanged=12, upstream=("network",)))


def hostile() -> Review:
    """The full review with hostile text at the end of every text but the digest."""
    made: Review = _with(full(), HOSTILE)
    return replace(made, digest=full().digest)


def _with(part: Any, text: str) -> Any:
    """A copy in which every string has ``text`` at its end."""
    if isinstance(part, Enum):
        return part
    if isinstance(part, str):
        return part + text
    if isinstance(part, tuple):
        return tuple(_with(each, text) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{each.name: _with(getattr(part, each.name), text) for each in fields(part)})
    return part


def large(number: int = 2000, attributes: int = 12, stacks: int = 20, value: str = "v" * 30) -> Review:
    """Many changes, evenly over stacks that build on each other; every tenth replaces and is a finding."""
    per_stack = number // stacks
    made = [
        stack(
            f"stack-{index}",
            *(_one_of_many(f"stack-{index}", each, attributes, value) for each in range(per_stack)),
            upstream=tuple(f"stack-{above}" for above in {index // 2, index - 1} if 0 <= above < index),
        )
        for index in range(stacks)
    ]
    return review(*made, verdict=Verdict(Result.WARN, Severity.HIGH))


def _one_of_many(stack_name: str, number: int, attributes: int, value: str) -> ChangeReview:
    action = Action.REPLACE if number % 10 == 0 else [Action.CREATE, Action.UPDATE, Action.CREATE][number % 3]
    local = f'aws_instance.fleet["{stack_name}-{number:04}"]'
    finding = Finding(
        "interruption", Severity.HIGH, f"module.{stack_name}.{local}", "An instance is replaced", "ami"
    )
    return change(
        stack_name,
        local,
        action,
        headline=f"instance_type t3.micro → t3.small, number {number}",
        attributes=tuple(
            AttributeDiff(f"attribute_{each}", value, f"{value}-{number}") for each in range(attributes)
        ),
        findings=(finding,) if action is Action.REPLACE else (),
    )
