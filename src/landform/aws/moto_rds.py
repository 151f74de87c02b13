"""What moto forgets or invents of a database, so that it answers with what it was given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

_INSIGHTS = {
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}


def answer_for_rds() -> None:
    """Let moto's models hold what the request said."""
    from moto.rds.models import DBCluster, DBInstance, DBParameterGroup

    _keep_where_parameters_come_from(DBParameterGroup)
    _keep_performance_insights(DBInstance)
    _tell_instances_apart(DBInstance)
    _tell_no_serverless_v1(DBCluster)


def _keep_where_parameters_come_from(model: type[Any]) -> None:
    """moto forgets that a parameter was set, so that the provider takes it for the engine's own."""
    update = model.update_parameters

    def update_as_user(group: Any, parameters: Iterable[dict[str, Any]]) -> None:
        update(group, [{**each, "Source": "user"} for each in parameters])

    model.update_parameters = update_as_user


def _keep_performance_insights(model: type[Any]) -> None:
    """moto forgets whether Performance Insights is on."""
    make, update = model.__init__, model.update

    def make_and_keep(instance: Any, *args: Any, **given: Any) -> None:
        make(instance, *args, **given)
        _keep(instance, given)

    def update_and_keep(instance: Any, **given: Any) -> None:
        update(instance, **given)
        _keep(instance, given)

    model.__init__, model.update = make_and_keep, update_and_keep


def _tell_instances_apart(model: type[Any]) -> None:
    """moto gives every database the same resource id, by which the provider looks for it."""
    make = model.__init__

    def make_with_own_id(instance: Any, *args: Any, **given: Any) -> None:
        make(instance, *args, **given)
        name = str(instance.db_instance_identifier)
        instance.dbi_resource_id = f"db-{hashlib.sha256(name.encode()).hexdigest()[:26].upper()}"

    model.__init__ = make_with_own_id


def _keep(instance: Any, given: dict[str, Any]) -> None:
    for name, attribute in _INSIGHTS.items():
        if name in given:
            setattr(instance, attribute, given[name])


def _tell_no_serverless_v1(model: type[Any]) -> None:
    """moto tells of every Aurora cluster how serverless v1 scales it."""
    told = model.scaling_configuration_info.fget

    def told_of_serverless(cluster: Any) -> dict[str, Any] | None:
        found: dict[str, Any] = told(cluster)
        return found if cluster.engine_mode == "serverless" else None

    model.scaling_configuration_info = property(told_of_serverless)
