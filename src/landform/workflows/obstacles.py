"""What is in the way of a destroy, from its plan and from the account, before anything is touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from landform.aws.fullness import (
    balancers_of,
    groups_that_name,
    interfaces_in_groups,
    is_full,
    is_taken,
    launched_by,
)
from landform.aws.kubernetes_leftovers import kubernetes_leftovers
from landform.aws.session import AwsClient
from landform.errors import LandformError, first_of
from landform.planning.changes import Action, Change
from landform.planning.environment_plan import EnvironmentPlan
from landform.project import Remedies
from landform.review.obstacles import Eyes, Obstacle, destroyed, find_obstacles, to_lift, values_of
from landform.workflows.place import Place
from landform.workflows.plan import Planned

_Any = TypeVar("_Any")
_OF_KUBERNETES = (
    "Delete its Services of type LoadBalancer, Ingresses and PersistentVolumeClaims, while it still answers: "
    "its controllers delete what they have made."
)


def obstacles_of(place: Place, planned: Planned, allowed: Remedies) -> tuple[Obstacle, ...]:
    """What resists of that which a destroy plan destroys, and what else is lifted where that is allowed.

    Looks into the account; changes nothing.
    """
    look = _Look(place, planned.plan)
    serials = {name: f"{state.lineage}/{state.serial}" for name, state in planned.states.items()}
    found = find_obstacles(planned.plan, serials, Eyes(look.is_full, look.is_taken))
    return (*to_lift(found, allowed), *look.in_use())


class _Look:
    def __init__(self, place: Place, plan: EnvironmentPlan) -> None:
        self.place, self.plan = place, plan
        self.client = cache(place.clients())
        self.own = _own(plan)

    def is_full(self, change: Change) -> bool | None:
        return is_full(self._client_of(change), change.type, values_of(change), self.own)

    def is_taken(self, change: Change, name: str) -> bool | None:
        return is_taken(self._client_of(change), change.type, name)

    def _client_of(self, change: Change) -> Any:
        return lambda service: self._client(service, change)

    def _client(self, service: str, change: Change) -> AwsClient:
        return self.client(service, _region(change) or self.place.environment.region)

    def in_use(self) -> Iterator[Obstacle]:
        """What others use, whom no state knows: nobody here may touch those."""
        with suppress(LandformError):
            yield from self._groups()
            yield from self._target_groups()
            yield from self._clusters()

    def _groups(self) -> Iterator[Obstacle]:
        for region, changes in self._by_region("aws_security_group"):
            ids = {str(values_of(each).get("id")): each for each in changes}
            users = defaultdict[str, list[str]](list)
            for group, user in _listed(self._users(self.client("ec2", region), ids)):
                users[group].append(user)
            for group, names in users.items():
                yield _used(ids[group], names, "Detach or delete them, or import them into a stack.")

    def _users(self, ec2: AwsClient, ids: Collection[str]) -> Iterator[tuple[str, str]]:
        own = self._ids("aws_network_interface") | self._ids("aws_instance")
        launchers = self._named("aws_autoscaling_group") | self._named("aws_eks_cluster")
        interfaces = list(interfaces_in_groups(ec2, ids))
        launched = launched_by(ec2, {instance for _, _, instance in interfaces if instance})
        for group, interface, instance in interfaces:
            if not ({interface, instance} & own or launched.get(instance, frozenset()) & launchers):
                yield group, f"{interface} of {instance}" if instance else interface
        rules = frozenset(_rules(self.plan))
        for group, other in groups_that_name(ec2, ids):
            if other not in ids and (group, other) not in rules:
                yield group, f"a rule of {other}"

    def _target_groups(self) -> Iterator[Obstacle]:
        balancers = {str(values_of(each).get("arn")) for each in destroyed(self.plan, "aws_lb")}
        for region, changes in self._by_region("aws_lb_target_group"):
            for change in changes:
                arn = str(values_of(change).get("arn"))
                found = _listed(balancers_of(self.client("elbv2", region), arn))
                if foreign := [each for each in found if each not in balancers]:
                    yield _used(change, foreign, "Take its listeners and rules away first.")

    def _clusters(self) -> Iterator[Obstacle]:
        for region, changes in self._by_region("aws_eks_cluster"):
            for change in changes:
                access = replace(self.place.access, region=region)
                made = kubernetes_leftovers(access, str(values_of(change).get("name")))
                if made:
                    names = [f"{each.kind} {each.id}" for each in made]
                    yield _used(change, names, _OF_KUBERNETES, "Kubernetes made")

    def _by_region(self, kind: str) -> Iterator[tuple[str, list[Change]]]:
        found = defaultdict[str, list[Change]](list)
        for each in destroyed(self.plan, kind):
            found[_region(each) or self.place.environment.region].append(each)
        yield from found.items()

    def _named(self, kind: str) -> frozenset[str]:
        return frozenset(str(values_of(each).get("name")) for each in destroyed(self.plan, kind))

    def _ids(self, kind: str) -> frozenset[str]:
        return frozenset(str(values_of(each).get("id")) for each in destroyed(self.plan, kind))


def _listed(found: Iterator[_Any]) -> list[_Any]:
    """What a list holds; nothing where AWS does not say: then the destroy itself says what is in its way."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return list(found)
    except (BotoCoreError, ClientError):
        return []


def _used(change: Change, names: Collection[str], way_out: str, what: str = "in use by") -> Obstacle:
    why = f"{what} {first_of(list(dict.fromkeys(names)))}"
    return Obstacle(change.stack, change.address, change.type, why, way_out=way_out)


def _region(change: Change) -> str:
    values = values_of(change)
    arn = str(values.get("arn") or "")
    return str(values.get("region") or (arn.split(":", 4)[3] if arn.count(":") >= 5 else ""))


def _rules(plan: EnvironmentPlan) -> Iterator[tuple[str, str]]:
    """(group that is named, group that it is a rule of) of rules that go by themselves."""
    for kind in ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"):
        for each in destroyed(plan, kind):
            values = values_of(each)
            yield str(values.get("referenced_security_group_id")), str(values.get("security_group_id"))
    for each in destroyed(plan, "aws_security_group_rule"):
        values = values_of(each)
        yield str(values.get("source_security_group_id")), str(values.get("security_group_id"))


def _own(plan: EnvironmentPlan) -> Mapping[str, frozenset[Any]]:
    """What goes with an object by a resource of its own: attachments by role and ARN, records by zone."""
    found = defaultdict[str, set[Any]](set)
    for each in plan.changes:
        values = values_of(each)
        if each.action is Action.DELETE and each.type == "aws_iam_role_policy_attachment":
            found[each.type].add((values.get("role"), values.get("policy_arn")))
        elif each.action is Action.DELETE and each.type == "aws_route53_record":
            name = str(values.get("fqdn") or values.get("name") or "").rstrip(".")
            one_of = values.get("set_identifier") or ""
            found[each.type].add((values.get("zone_id"), name, values.get("type"), one_of))
    return {kind: frozenset(each) for kind, each in found.items()}
