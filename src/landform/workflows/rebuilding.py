"""Brings an environment back as it was: its own release, on the approval that this release has."""

from __future__ import annotations

from collections.abc import Callable

from landform.errors import Refused
from landform.workflows.approving import STARTED
from landform.workflows.audit import read_audit
from landform.workflows.place import Place
from landform.workflows.records import Records, records_of
from landform.workflows.releasing import open_current_release
from landform.workflows.reviewing import Reviewed
from landform.workflows.teardown_shape import check_rebuild, check_values
from landform.workflows.unattended import Carried, Standing, Watch, apply_unattended


def rebuild(place: Place, watch: Watch, confirm: Callable[[Reviewed], None] = lambda _: None) -> Carried:
    """Apply the release that an environment had, whole. ``confirm`` raises Refused to stop it.

    Raises Refused where it has none, where values have changed since, or where anything would end.
    """
    where = open_current_release(place)
    if where.release is None:
        name = place.environment.name
        raise Refused(
            f"{name} was never applied, so there is no release to bring back", f"landform apply {name}"
        )
    _check_approved(where, records_of(place))
    check_values(where)

    def check(reviewed: Reviewed) -> None:
        check_rebuild(reviewed.planned.plan)
        confirm(reviewed)

    return apply_unattended(where, Standing(f"release {where.release.digest}", check), watch)


def _check_approved(place: Place, records: Records) -> None:
    """An approval is one of a release for an environment; without one there is nothing to stand on."""
    digest = place.release.digest if place.release else ""
    began = [
        each
        for each in read_audit(records)
        if each.event == STARTED and each.details.get("release") == digest
    ]
    if place.environment.approvals.required and not any(each.details.get("approvals") for each in began):
        raise Refused(
            f"the release {digest[:12]} was never applied here with approvals",
            f"landform apply {place.environment.name}",
        )
