"""Plan an environment and make the review of it: risks, cost, policies, verdict, and the name of it all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from landform.engine.events import Event
from landform.errors import RecordsUnreadable, TerraformFailed
from landform.generator import generated_files, write_files
from landform.generator.files import write_text
from landform.generator.overrides import Setting
from landform.generator.roots import environment_files
from landform.planning.fingerprints import digest_of
from landform.planning.manifest import APPLY, DESTROY, DISARM, FROM_STATE
from landform.planning.redaction import Redactor
from landform.review import Facts, Review, review_plan
from landform.review.findings import Finding
from landform.workflows.frozen import frozen
from landform.workflows.identity import whoami
from landform.workflows.journal import now
from landform.workflows.judging import UNREAD, judge
from landform.workflows.overriding import check_settings
from landform.workflows.place import Place
from landform.workflows.plan import Planned, PlanRequest, known_secrets, plan_environment
from landform.workflows.plan_records import PlanRecord, make_record, manifest_of, prints_of, save_record
from landform.workflows.records import records_of, secret_key
from landform.workflows.release_store import note_planned
from landform.workflows.saved_reviews import save_review
from landform.workflows.seen_drift import note_drift
from landform.workflows.unrefreshed import finding_of

_SIGN_IN = "Sign in (aws sso login, AWS_PROFILE or AWS_ACCESS_KEY_ID), or use the sandbox: --sandbox."


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What to plan and review. ``sarif`` are files with the findings of other programs.

    ``targets`` are the only addresses to plan; none means all. ``settings`` are what to set before a destroy,
    and all that may be planned then. ``from_state``: the configuration is not read, and everything goes (see
    ``from_state``).
    """

    stacks: tuple[str, ...] = ()
    destroy: bool = False
    targets: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    sarif: tuple[Path, ...] = ()
    on_event: Callable[[Event], None] | None = None
    from_state: bool = False

    @property
    def operation(self) -> str:
        """What the plan is for, as the command that runs it; the approval of another one does not serve."""
        if self.from_state:
            return FROM_STATE
        return DISARM if self.settings else DESTROY if self.destroy else APPLY


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan with its review, and the record by which it can be approved and applied.

    ``not_kept`` says why the record could not be kept beside the states; it can't be approved then.
    """

    planned: Planned
    review: Review
    record: PlanRecord
    not_kept: str = ""


@contextmanager
def prepared(place: Place) -> Iterator[Place]:
    """The same place with its roots generated anew, and frozen: see ``frozen``.

    The roots of a release are what they were; only what hands the environment to them is written.
    """
    if not place.opened:
        write_files(place.home, generated_files(place.project))
    else:
        for name, text in environment_files(place.project, place.environment).items():
            write_text(place.home / name, text)
    with frozen(place) as copy:
        yield copy


def review_environment(place: Place, request: ReviewRequest) -> Reviewed:
    """Plan and review in a frozen place. Raises TerraformFailed, without the secrets that are known."""
    hide = known_secrets(place)
    hear = request.on_event
    listen = (lambda event: hear(_without(hide, event))) if hear else None
    try:
        wanted = PlanRequest(request.stacks, request.destroy, request.targets, on_event=listen)
        planned = plan_environment(place, wanted)
        check_settings(planned.plan, request.settings)
    except TerraformFailed as error:
        if request.operation == DESTROY:
            way_out = f"Mend it, or: landform destroy {place.environment.name} --from-state{place.flags}"
            error = TerraformFailed(error.what, error.diagnostics, error.way_out or way_out)
        raise redacted(hide, error) from None
    key, not_kept = _key(place)
    prints = prints_of(planned.plan, key)
    manifest = manifest_of(place, planned.states, request.operation, request.stacks, key)
    manifest = replace(manifest, plan=digest_of(prints), targets=tuple(sorted(request.targets)))
    planned = replace(planned, plan=replace(planned.plan, digest=manifest.digest))
    judgement = judge(place, planned, request.sarif, tuple(_unseen(request, planned)))
    review = review_plan(planned.plan, planned.redactor, judgement, _facts(place))
    save_review(place.home, review)
    if not (not_kept or request.stacks or request.targets) and request.operation == APPLY:
        note_drift(records_of(place), planned.plan, review)
    record = make_record(manifest, prints, review, whoami(place))
    return Reviewed(planned, review, record, not_kept) if not_kept else _kept(place, planned, review, record)


def _unseen(request: ReviewRequest, planned: Planned) -> Iterator[Finding]:
    """What the plan of a destruction did not look at."""
    if request.from_state and planned.plan.has_changes:
        yield UNREAD
    if planned.unrefreshed:
        yield finding_of(planned.redactor.text(planned.unrefreshed))


def _key(place: Place) -> tuple[bytes, str]:
    """The key of the environment's fingerprints; or one for this plan alone, and why there is no other."""
    try:
        return secret_key(records_of(place)), ""
    except RecordsUnreadable as error:
        return secrets.token_bytes(32), error.whole


def _kept(place: Place, planned: Planned, review: Review, record: PlanRecord) -> Reviewed:
    try:
        kept = save_record(records_of(place), record)
        if place.opened and place.release:
            note_planned(records_of(place), kept.digest, place.release)
        return Reviewed(planned, review, kept)
    except RecordsUnreadable as error:
        return Reviewed(planned, review, record, error.whole)


def _facts(place: Place) -> Facts:
    environment = place.environment
    return Facts(now(), place.where, environment.region, environment.account_id or "")


def redacted(hide: Redactor, error: TerraformFailed) -> TerraformFailed:
    """The same error with its diagnostics as texts, without secrets."""
    shown = [hide.text(getattr(each, "render", each.__str__)()) for each in error.diagnostics]
    stranger = any("No valid credential sources found" in text for text in shown)
    return TerraformFailed(hide.text(error.what), shown, _SIGN_IN if stranger else error.way_out)


def _without(hide: Redactor, event: Event) -> Event:
    texts: dict[str, Any] = {each.name: getattr(event, each.name) for each in fields(event)}
    changed: dict[str, Any] = {
        name: hide.text(value) if isinstance(value, str) else tuple(map(hide.text, value))
        for name, value in texts.items()
        if isinstance(value, str | tuple)
    }
    return replace(event, **changed)
