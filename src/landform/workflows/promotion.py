"""Whether a release may go from one environment to the next one, and what it means there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from landform.engine.events import Event
from landform.errors import Refused, first_of
from landform.project import Environment
from landform.project.durations import shown_seconds
from landform.workflows.place import Place
from landform.workflows.plan import known_secrets
from landform.workflows.ran import current_release, last_runs, runs_backwards
from landform.workflows.records import Records, records_of
from landform.workflows.release import Release
from landform.workflows.release_diff import ReleaseDiff, diff_releases, text_diff
from landform.workflows.release_store import copy_release, find_release, read_release, texts_of
from landform.workflows.releasing import kept_release, open_release
from landform.workflows.reviewing import ReviewRequest, prepared, review_environment
from landform.workflows.seen_drift import drift_of

_HIDDEN = "(sensitive value)"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A variable and what it is in both environments, as people may see it; None: it has no value there."""

    name: str
    source: object
    target: object


@dataclass(frozen=True, slots=True)
class Move:
    """A release on its way to an environment. ``place`` runs it; ``before`` is what runs there now.

    ``values`` are side by side where it comes from another environment; ``unread`` are sentences on values
    that the environment has and the release does not read.
    """

    place: Place
    release: Release
    before: Release | None
    diff: ReleaseDiff
    source: str = ""
    values: tuple[ValueRow, ...] = ()
    unread: tuple[str, ...] = ()

    def text(self) -> Iterator[str]:
        """The lines of a diff of the files. Raises Refused where an archive is gone."""
        records = records_of(self.place)
        old: Mapping[str, bytes] = texts_of(records, self.before) if self.before else {}
        return text_diff(self.diff.files, old, texts_of(records, self.release))


def promotion(source: Place, target: Place, on_event: Callable[[Event], None]) -> Move:
    """The source's release on its way to the target.

    Raises Refused where the order is another, and where the source was not applied, has failed, has changes
    that wait, has drifted, or has not run the release for long enough. Raises ProjectInvalid where the target
    lacks values.
    """
    _check_order(source.environment, target.environment)
    records = records_of(source)
    release = _settled_release(source, records)
    _check_soak(source, target.environment, records, release)
    running, _ = open_release(source, records, release)
    _check_calm(running, on_event)
    copy_release(records, records_of(target), release)
    return _move(target, release, source)


def going_back(place: Place, start: str) -> Move:
    """An earlier release on its way back: the one whose digest begins so, else the last other one."""
    records = records_of(place)
    current = current_release(records)
    if start:
        release = find_release(records, start)
    else:
        found = _previous(records, current)
        if found is None:
            raise Refused(
                f"{place.environment.name} ran no other release before", "landform release list ENV"
            )
        release = read_release(records, found)
    if release.digest == current:
        raise Refused(f"{place.environment.name} runs the release {release.short} already")
    return _move(place, release)


def _move(target: Place, release: Release, source: Place | None = None) -> Move:
    records = records_of(target)
    place, unread = open_release(target, records, release)
    current = current_release(records)
    before = kept_release(records, current) if current else None
    return Move(
        place,
        release,
        before,
        diff_releases(before, release, place.project),
        source.environment.name if source else "",
        _side_by_side(source, place) if source else (),
        unread,
    )


def _check_order(source: Environment, target: Environment) -> None:
    if target.promotes_from != source.name:
        said = f"from {target.promotes_from}" if target.promotes_from else "from no other environment"
        raise Refused(
            f"{target.name} takes releases {said}, not from {source.name}",
            f"The order is promotes_from in environments/{target.name}/environment.yaml.",
        )


def _settled_release(place: Place, records: Records) -> Release:
    """The one release that all stacks of an environment run. Raises Refused where that is not so."""
    name, flags = place.environment.name, place.flags
    apply = f"landform apply {name}{flags}"
    newest = next(runs_backwards(records), None)
    if newest is None:
        raise Refused(f"{name} was never applied", f"First: {apply}")
    if newest.unfinished:
        stacks = ", ".join(newest.unfinished)
        raise Refused(f"the last run of {name}, {newest.run}, did not finish {stacks}", f"First: {apply}")
    ran = last_runs(runs_backwards(records), place.project.order)
    missing = [stack for stack in place.project.order if stack not in ran or ran[stack].destroyed]
    failed = [stack for stack, each in ran.items() if each.failed]
    if missing or failed:
        raise Refused(f"{name} is not applied whole: {', '.join([*missing, *failed])}", f"First: {apply}")
    releases = {each.ran.release for each in ran.values()}
    if len(releases) != 1 or "" in releases:
        shown = ", ".join(f"{stack} {each.ran.release[:12] or 'none'}" for stack, each in ran.items())
        raise Refused(f"the stacks of {name} run different releases: {shown}", f"First: {apply}")
    return read_release(records, releases.pop())


def _check_soak(source: Place, target: Environment, records: Records, release: Release) -> None:
    since = release_since(records, release.digest)
    over = since + timedelta(seconds=target.soak)
    if over > datetime.now(UTC):
        raise Refused(
            f"{source.environment.name} runs the release {release.short} since {_time(since)}, "
            f"and {target.name} asks for {shown_seconds(target.soak)} (soak)",
            f"It may be promoted from {_time(over)} on.",
        )


def release_since(records: Records, digest: str) -> datetime:
    """Since when an environment runs a release without another one in between."""
    since = datetime.now(UTC)
    for ran in runs_backwards(records):
        if ran.release != digest:
            break
        since = datetime.fromisoformat(ran.at)
    return since


def _check_calm(running: Place, on_event: Callable[[Event], None]) -> None:
    """Raise Refused where a plan of the environment with its own release finds anything to do."""
    name = running.environment.name
    release = f" --release {running.release.short}" if running.release else ""
    way_out = f"See: landform show {name}. Then: landform apply {name}{release}{running.flags}"
    with prepared(running) as ready:
        reviewed = review_environment(ready, ReviewRequest(on_event=on_event))
    drifted = [each for some in drift_of(reviewed.planned.plan, reviewed.review).values() for each in some]
    if drifted:
        raise Refused(
            f"{name} has drifted from its release: {first_of(drifted, _SHOWN)}",
            way_out,
        )
    if reviewed.review.has_changes:
        stacks = [each.stack for each in reviewed.planned.plan.stacks if each.has_changes]
        raise Refused(
            f"{name} has changes that are not applied: {', '.join(stacks)}",
            way_out,
        )


def _previous(records: Records, current: str) -> str | None:
    """The last other release that a run came to its end with."""
    found = (ran.release for ran in runs_backwards(records) if ran.applied_release and not ran.unfinished)
    return next((release for release in found if release != current), None)


def _side_by_side(source: Place, target: Place) -> tuple[ValueRow, ...]:
    """The variables of the release whose values differ, without what is sensitive."""
    variables = target.project.effective_variables
    rows = []
    for name, variable in variables.items():
        values = [_value(place, name, variable.default) for place in (source, target)]
        if values[0] != values[1]:
            rows.append(
                ValueRow(
                    name,
                    *(
                        _shown(place, variable.sensitive, value)
                        for place, value in zip((source, target), values, strict=True)
                    ),
                )
            )
    return tuple(rows)


def _value(place: Place, name: str, default: object) -> object:
    return place.environment.values.get(name, place.env.get(f"TF_VAR_{name}", default))


def _shown(place: Place, sensitive: bool, value: object) -> object:
    return _HIDDEN if sensitive and value is not None else known_secrets(place).data(value)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
